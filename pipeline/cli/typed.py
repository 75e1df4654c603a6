"""Decode command line arguments that Python has decoded wrongly."""

from __future__ import annotations

import os
import sys

from pipeline.errors import ConfigError


def decode_argument(text: str) -> str:
    """An argument as the text that was typed. ConfigError if it cannot be decoded.

    In an ASCII locale (``LC_ALL=C`` with ``PYTHONUTF8=0``) Python gives other bytes as lone surrogates; nearly always
    they are UTF-8. Not for paths, which must be passed to the system as their original bytes.
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
