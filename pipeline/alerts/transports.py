"""How a letter leaves: by SMTP, or into a folder. One method, one error type."""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pipeline.alerts.mime import as_bytes, ascii_address, visible
from pipeline.config.settings import Settings
from pipeline.errors import FULL, ConfigError, TransportError
from pipeline.records import Message

DEADLINE = 60.0
"""Seconds one hand-over may take in all. The lease on an alert must be longer."""

_REPLY = 500
"""Characters of a server's reply that we keep."""


class Transport(Protocol):
    """Takes a letter and gives back the reply of who took it. Raises TransportError."""

    def send(self, message: Message) -> str: ...


class Unavailable(TransportError):
    """The server takes no letter at all now, so that trying the next one makes no sense either."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


def transport_for(settings: Settings) -> Transport:
    """SMTP if ``ONRECORD_SMTP_URL`` is set, else the spool folder. ConfigError for an address that is none."""
    return SmtpTransport(settings.smtp_url) if settings.smtp_url else SpoolTransport(settings.spool)


class SpoolTransport:
    """Writes each letter as an ``.eml`` file, named by its Message-ID: the same letter again is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> str:
        """The file's path. TransportError if it cannot be written."""
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
            with suppress(OSError):  # where the folder itself is the trouble, there is no draft
                draft.unlink()
            mend = "make room" if error.errno in FULL else "make the folder writable"
            raise Unavailable(f"cannot write {path}: {error.strerror}; {mend}") from error
        return str(path)


class SmtpTransport:
    """Hands letters to an SMTP server, one connection each, within a total deadline.

    ``url``: ``smtp://[USER:PASSWORD@]HOST[:PORT]``, TLS if the server offers it; ``smtps://``: TLS from the start.
    A password is never sent in the clear to another machine. ConfigError for anything else.
    """

    def __init__(self, url: str, *, deadline: float = DEADLINE) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ConfigError(f"ONRECORD_SMTP_URL: {error}; {_FORM}") from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
            raise ConfigError(f"ONRECORD_SMTP_URL is no address of a mail server; {_FORM}")
        self.tls = parts.scheme == "smtps"
        self.host = parts.hostname
        self.port = port or (465 if self.tls else 587 if parts.username else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.deadline = deadline

    def __repr__(self) -> str:
        return f"SmtpTransport({self.host}:{self.port})"

    def send(self, message: Message) -> str:
        """The server's reply to the letter. TransportError says whether trying again can help."""
        content = as_bytes(message)
        sender = ascii_address(parseaddr(message.sender)[1] or message.sender)
        recipient = ascii_address(message.recipient)
        connection = _Connection(self.deadline, tls=self.tls)
        alarm = threading.Timer(self.deadline, connection.cut)
        alarm.daemon = True
        alarm.start()
        try:
            with _classified(f"{self.host}:{self.port}", connection):
                self._open(connection)
                return _hand_over(connection, sender, recipient, content)
        finally:
            alarm.cancel()
            connection.close()

    def _open(self, connection: _Connection) -> None:
        """Connect, greet, encrypt and log in, as far as the server and the address ask for it."""
        code, reply = connection.connect(self.host, self.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)
        connection.ehlo_or_helo_if_needed()
        near = self.host in ("localhost", "127.0.0.1", "::1")
        if not self.tls and not near and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        elif self.user and not self.tls and not near:
            raise Unavailable(f"{self.host} offers no TLS, and the password is not sent in the clear; use smtps://")
        if self.user:
            connection.login(self.user, self.password)


_FORM = "write smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start"


class _Connection(smtplib.SMTP):
    """An SMTP connection that can be cut from another thread, whatever the server is doing.

    smtplib's own timeout is per read: a server that sends one byte at a time holds it for ever.
    """

    def __init__(self, deadline: float, *, tls: bool) -> None:
        super().__init__(timeout=deadline)
        self._ends = monotonic() + deadline
        self._tls = tls
        self._line: socket.socket | None = None
        self.late = False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        found = socket.create_connection((host, port), max(0.1, self._ends - monotonic()))
        # A second handle on the same connection: the first one changes hands when TLS starts.
        self._line = found.dup()
        if self.late:
            self.cut()
        return ssl.create_default_context().wrap_socket(found, server_hostname=host) if self._tls else found

    def cut(self) -> None:
        self.late = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self._line is not None:
            self._line.close()
            self._line = None


def _hand_over(connection: _Connection, sender: str, recipient: str, content: bytes) -> str:
    """The reply to a letter that was taken; the letter has one recipient, so a refusal of one is one of all."""
    code, reply = connection.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    code, reply = connection.rcpt(recipient)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, reply)})
    code, reply = connection.data(content)
    if code != 250:
        raise smtplib.SMTPDataError(code, reply)
    return _told(code, reply)


@contextmanager
def _classified(server: str, connection: _Connection) -> Iterator[None]:
    """What smtplib raises, as a TransportError: refused for good, refused for now, or no server at all.

    A refused sender or password is the operator's to mend and no fault of the letter: it waits.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        raise _refusal(code, reply) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise Unavailable(f"{server} refuses us: {_told(error.smtp_code, error.smtp_error)}") from error
    except OSError as error:
        reason = "no answer in time" if connection.late or isinstance(error, TimeoutError) else str(error)
        raise Unavailable(f"{server}: {reason}") from error


def _refusal(code: int, reply: bytes | str) -> TransportError:
    if code == 421:
        return Unavailable(_told(code, reply))
    return TransportError(_told(code, reply), permanent=code >= 500)


def _told(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return visible(f"{code} {' '.join(text.split())}")[:_REPLY]
