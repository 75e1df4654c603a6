"""What a user typed, where Python took it for something else."""

from __future__ import annotations

import os
import sys

from pipeline.errors import ConfigError


def decode_argument(text: str) -> str:
    """An argument in the letters it was typed in. ConfigError if these cannot be known.

    In a locale that knows only ASCII (``LC_ALL=C`` with ``PYTHONUTF8=0``) the bytes of other letters come as halves of
    surrogate pairs; nearly always they are UTF-8. Not for paths: those go back to the system as the bytes they were.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        return text
    try:
        return os.fsencode(text).decode()
    except UnicodeError as error:
        raise ConfigError(
            f"{text!r}: these bytes are no text in {sys.getfilesystemencoding()} or UTF-8; "
            "set LC_ALL to the locale of your terminal, such as C.UTF-8"
        ) from error
