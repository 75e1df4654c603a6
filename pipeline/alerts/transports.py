"""Transports that send e-mails: SMTP, or a spool folder. One method, one error type."""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pipeline.alerts.mime import Message, as_bytes, ascii_address, own_address, visible_text
from pipeline.config.settings import Settings
from pipeline.errors import FULL, ConfigError, TransportError

DEADLINE = 60.0
"""Seconds that sending one e-mail may take in all. The lease on an alert must be longer."""

_REPLY = 500
"""Characters of a server's reply that are kept."""

TLS_REQUIRED = 530
ABOUT_US = frozenset({421, 500, 502, 503, TLS_REQUIRED, 534, 535, 538})
"""Reply codes about the connection, the protocol or our login, not the message (RFC 5321, 4.2.3; RFC 4954, 6)."""
_RELAY = re.compile(r"\brelay", re.IGNORECASE)
"""In a refusal: the server does not relay mail for us."""


class Transport(Protocol):
    """Sends an e-mail and gives back the server's reply, or the path of the file. Raises TransportError."""

    def send(self, message: Message) -> str: ...


class Unavailable(TransportError):
    """The server accepts no e-mail at all at the moment, so there is no point in trying the next one."""

    code = "mail-server-unavailable"

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


def transport_for(settings: Settings) -> Transport:
    """SMTP if ``ONRECORD_SMTP_URL`` is set, else the spool folder. Raises ConfigError for an invalid URL."""
    return SmtpTransport(settings.smtp_url) if settings.smtp_url else SpoolTransport(settings.spool)


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


class SmtpTransport:
    """Sends e-mails to an SMTP server, one connection each, within a total deadline.

    ``url``: ``smtp://[USER:PASSWORD@]HOST[:PORT]``, TLS if the server offers it; ``smtps://``: TLS from the start. A
    password is never sent unencrypted to another machine. Raises ConfigError for any other URL.
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
        """Send the message; the server's reply. Raises TransportError, which says whether trying again can help."""
        content = as_bytes(message)
        sender, recipient = own_address(message.sender), ascii_address(message.recipient)
        with self._connected() as connection:
            return _hand_over(connection, sender, recipient, content)

    def check(self, sender: str) -> str:
        """Test the connection up to the point where a message from ``sender`` would name its recipient; a description.

        Raises TransportError like :meth:`send`.
        """
        with self._connected() as connection:
            _from(connection, own_address(sender))
            connection.rset()
            way = "TLS from the start" if self.tls else "STARTTLS" if connection.encrypted else "not encrypted"
        signed_in = f", signed in as {self.user}" if self.user else ""
        return f"{self.host}:{self.port} takes mail ({way}{signed_in})"

    @contextmanager
    def _connected(self) -> Iterator[_Connection]:
        """A connection ready for a message, closed at the deadline. All errors are raised as TransportError."""
        connection = _Connection(self.host, self.deadline, tls=self.tls)
        alarm = threading.Timer(self.deadline, connection.cut)
        alarm.daemon = True
        alarm.start()
        try:
            with _classified(f"{self.host}:{self.port}", connection):
                self._open(connection)
                yield connection
        finally:
            alarm.cancel()
            connection.close()

    def _open(self, connection: _Connection) -> None:
        """Connect, greet, encrypt and log in, as far as the server and the URL ask for it."""
        code, reply = connection.connect(self.host, self.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)
        connection.ehlo_or_helo_if_needed()
        near = self.host in ("localhost", "127.0.0.1", "::1")
        if not self.tls and connection.has_extn("starttls") and not (near and self._open_to_all(connection)):
            connection.starttls(context=_trust())
            connection.ehlo()
        elif self.user and not self.tls and not near:
            raise Unavailable(f"{self.host} offers no TLS, and the password is not sent in the clear; use smtps://")
        if self.user:
            self._sign_in(connection)

    def _open_to_all(self, connection: _Connection) -> bool:
        """Whether a local server takes our mail without TLS; its certificate is seldom valid for the name localhost."""
        if self.user:
            return connection.has_extn("auth")
        code, _ = connection.mail("<>")
        connection.rset()
        return code != TLS_REQUIRED

    def _sign_in(self, connection: _Connection) -> None:
        try:
            connection.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as error:
            reply = _reply_text(error.smtp_code, error.smtp_error)
            who = f"{self.host}:{self.port} refuses us as {self.user}"
            raise Unavailable(f"{who}: {reply}; check ONRECORD_SMTP_URL") from error
        except UnicodeEncodeError as error:
            raise Unavailable("user and password in ONRECORD_SMTP_URL may hold ASCII characters only") from error


_FORM = "write smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start"


class _Connection(smtplib.SMTP):
    """An SMTP connection that can be closed from another thread, whatever the server is doing.

    smtplib's timeout is per read: a server that sends one byte at a time would hold it for ever.
    """

    def __init__(self, host: str, deadline: float, *, tls: bool) -> None:
        super().__init__(timeout=deadline)
        # The name that STARTTLS checks the certificate against. smtplib sets it only if it is given the host at once,
        # and would then connect before the connection can be closed at the deadline.
        self._host = host
        self._ends = monotonic() + deadline
        self._tls = tls
        self._line: socket.socket | None = None
        self.late = False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        found = socket.create_connection((host, port), max(0.1, self._ends - monotonic()))
        # A second handle on the same connection, since TLS wraps and detaches the first one.
        self._line = found.dup()
        if self.late:
            self.cut()
        return _trust().wrap_socket(found, server_hostname=host) if self._tls else found

    @property
    def encrypted(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket)

    def cut(self) -> None:
        """Shut the connection down, from any thread; whatever waits for the server then fails."""
        self.late = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self._line is not None:
            self._line.close()
            self._line = None


def _trust() -> ssl.SSLContext:
    """Checks certificate chain, dates and host name, in the same way on every Python version.

    From 3.13 on the default also refuses certificates of many companies' own CAs, for fields that RFC 5280 asks for and
    that are not needed here.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _hand_over(connection: _Connection, sender: str, recipient: str, content: bytes) -> str:
    """Send the message; the reply of acceptance. It has one recipient, so a refused recipient refuses the message."""
    _from(connection, sender)
    code, reply = connection.rcpt(recipient)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, reply)})
    code, reply = connection.data(content)
    if code != 250:
        raise smtplib.SMTPDataError(code, reply)
    return _reply_text(code, reply)


def _from(connection: _Connection, sender: str) -> None:
    code, reply = connection.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, reply, sender)


@contextmanager
def _classified(server: str, connection: _Connection) -> Iterator[None]:
    """Raise every error as TransportError: permanent refusal, temporary refusal, or no server.

    Only a refusal of this message or its recipient is permanent. A refused sender or password, or an invalid
    certificate, must be fixed by the operator, and a bug by us: the message waits in these cases.
    """
    try:
        yield
    except TransportError:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        raise _refusal(code, reply) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        answer = _reply_text(error.smtp_code, error.smtp_error)
        what = f"refuses us: {answer}" if error.smtp_code > 0 else f"does not answer like a mail server: {answer[3:]!r}"
        raise Unavailable(f"{server} {what}") from error
    except Exception as error:
        raise Unavailable(f"{server}: {_reason(error, late=connection.late)}") from error


def _reason(error: Exception, *, late: bool) -> str:
    """Why there is no connection, as text."""
    if late or isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection: {error.reason or error}"
    return (
        visible_text(str(error))
        if isinstance(error, OSError)
        else f"{type(error).__name__}: {visible_text(str(error))}"
    )


def _refusal(code: int, reply: bytes | str) -> TransportError:
    """The error for a refused recipient or message. Some replies mean that we may not send at all."""
    text = _reply_text(code, reply)
    if code in ABOUT_US or _RELAY.search(text):
        return Unavailable(text)
    return TransportError(text, permanent=code >= 500)


def _reply_text(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return visible_text(f"{code} {' '.join(text.split())}")[:_REPLY]
