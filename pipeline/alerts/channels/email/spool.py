"""The spool folder: a file for each e-mail, for installations without a mail server and for replays."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from pipeline.alerts.channels.email.faults import Unavailable
from pipeline.alerts.mime import Message, as_bytes
from pipeline.errors import FULL


class SpoolTransport:
    """Writes each e-mail as an ``.eml`` file, named by its Message-ID, so that sending it again replaces the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> str:
        """Write the file; its path. Raises TransportError if it cannot be written."""
        name = re.sub(r"[^A-Za-z0-9.@_-]", "_", message.message_id.strip("<>"))[:200].lstrip(".")
        content = as_bytes(message)
        path = self.folder / f"{name}.eml"
        draft = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):  # if the folder itself is the problem, there is no draft
                draft.unlink()
            mend = "make room" if error.errno in FULL else "make the folder writable"
            raise Unavailable(f"cannot write {path}: {error.strerror}; {mend}") from error
        return str(path)
