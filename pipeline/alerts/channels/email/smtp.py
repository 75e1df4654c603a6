"""Send e-mails to an SMTP server, encrypted wherever the server can, within a deadline."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.alerts.channels.email import faults
from pipeline.alerts.channels.email.faults import Unavailable
from pipeline.alerts.mime import Message, as_bytes, ascii_address, own_address
from pipeline.errors import ConfigError, TransportError

DEADLINE = 60.0
"""Seconds that all steps up to the end of the text may take."""
ANSWER_DEADLINE = 600.0
"""Seconds that the server then has to answer (RFC 5321, 4.5.3.2.6): it may be checking the text, and a second copy
would arrive beside the first. The lease on an alert must be longer than both."""
_TLS_REQUIRED = 530
_FORM = (
    "write smtp://USER:PASSWORD@HOST:PORT, smtps:// for TLS from the start, or add ?starttls=required to smtp:// so "
    "that no e-mail leaves unencrypted"
)


class SmtpTransport:
    """Sends e-mails to an SMTP server, one connection each.

    ``url``: ``smtp://[USER:PASSWORD@]HOST[:PORT]``, TLS if the server offers it, or always with ``?starttls=required``;
    ``smtps://``: TLS from the start. A password is never sent unencrypted to another machine. ``deadline`` and
    ``answer_deadline`` are in seconds. Raises ConfigError for any other URL.
    """

    def __init__(self, url: str, *, deadline: float = DEADLINE, answer_deadline: float = ANSWER_DEADLINE) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ConfigError(f"{faults.URL}: {error}; {_FORM}") from error
        asked = parse_qs(parts.query, keep_blank_values=True)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
            raise ConfigError(f"{faults.URL} is no address of a mail server; {_FORM}")
        if asked and (asked != {"starttls": ["required"]} or parts.scheme == "smtps"):
            raise ConfigError(f"{faults.URL} has an unknown part ?{parts.query}; {_FORM}")
        self.tls = parts.scheme == "smtps"
        self.tls_required = bool(asked)
        self.host = parts.hostname
        self.port = port or (465 if self.tls else 587 if parts.username else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.deadline = deadline
        self.answer_deadline = answer_deadline

    def __repr__(self) -> str:
        return f"SmtpTransport({self.host}:{self.port})"

    @property
    def _server(self) -> str:
        return f"{self.host}:{self.port}"

    def send(self, message: Message) -> str:
        """Send the message; the server's reply. Raises TransportError, which says whether trying again can help."""
        content = as_bytes(message)
        sender, recipient = own_address(message.sender), ascii_address(message.recipient)
        with self._connected() as connection:
            return self._hand_over(connection, sender, recipient, content)

    def check(self, sender: str) -> str:
        """Test the connection up to the point where a message from ``sender`` would name its recipient; a description.

        Raises TransportError like :meth:`send`.
        """
        with self._connected() as connection:
            self._from(connection, own_address(sender))
            connection.rset()
            way = "TLS from the start" if self.tls else "STARTTLS" if connection.encrypted else "not encrypted"
        signed_in = f", signed in as {self.user}" if self.user else ""
        return f"{self._server} takes mail ({way}{signed_in})"

    @contextmanager
    def _connected(self) -> Iterator[_Connection]:
        """A connection ready for a message, closed at the deadline. All errors are raised as TransportError."""
        connection = _Connection(self.host, self.deadline, tls=self.tls)
        try:
            self._open(connection)
            yield connection
        except TransportError:
            raise
        except smtplib.SMTPResponseException as error:
            code, reply = error.smtp_code, error.smtp_error
            raise faults.refused_connection(self._server, code, reply, step=connection.step) from error
        except Exception as error:
            if connection.handed_over:
                raise faults.unanswered(self._server, late=connection.late, seconds=self.answer_deadline) from error
            raise faults.connection_fault(self._server, error, late=connection.late, step=connection.step) from error
        finally:
            connection.close()

    def _open(self, connection: _Connection) -> None:
        """Connect, greet, encrypt and log in, as far as the server and the URL ask for it."""
        code, reply = connection.connect(self.host, self.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)
        connection.ehlo_or_helo_if_needed()
        near = self.host in ("localhost", "127.0.0.1", "::1") and not self.tls_required
        if not self.tls and connection.has_extn("starttls") and not (near and self._open_to_all(connection)):
            connection.starttls(context=_trust())
            connection.ehlo()
        elif self.tls_required:
            raise faults.no_tls(self._server, why="starttls=required does not let an e-mail leave unencrypted")
        elif self.user and not self.tls and not near:
            raise faults.no_tls(self._server, why="the password is not sent in the clear")
        if self.user:
            self._sign_in(connection)

    def _open_to_all(self, connection: _Connection) -> bool:
        """Whether a local server takes our mail without TLS; its certificate is seldom valid for the name localhost."""
        if self.user:
            return connection.has_extn("auth")
        code, _ = connection.mail("<>")
        connection.rset()
        return code != _TLS_REQUIRED

    def _sign_in(self, connection: _Connection) -> None:
        try:
            connection.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as error:
            raise faults.refused_login(self._server, self.user, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unavailable(
                f"{self._server} offers no way to sign in; take USER:PASSWORD out of {faults.URL}, or use port 587"
            ) from error
        except UnicodeEncodeError as error:
            raise Unavailable(f"user and password in {faults.URL} may hold ASCII characters only") from error

    def _from(self, connection: _Connection, sender: str) -> None:
        code, reply = connection.mail(sender)
        if code != 250:
            raise faults.refused_sender(self._server, sender, code, reply)

    def _hand_over(self, connection: _Connection, sender: str, recipient: str, content: bytes) -> str:
        """Send the message to its one recipient; the reply of acceptance."""
        self._from(connection, sender)
        code, reply = connection.rcpt(recipient)
        if code not in (250, 251):
            raise faults.refused_recipient(self._server, recipient, code, reply)
        code, reply = connection.docmd("DATA")
        if code == 354:
            code, reply = connection.answer_to(content, self.answer_deadline)
        if code != 250:
            raise faults.refused_text(self._server, recipient, code, reply)
        return faults.reply_text(code, reply)


class _Connection(smtplib.SMTP):
    """An SMTP connection that is shut down at a deadline, whatever the server is doing.

    smtplib's timeout is per read: a server that sends one byte at a time would hold it for ever.
    """

    def __init__(self, host: str, deadline: float, *, tls: bool) -> None:
        super().__init__(timeout=deadline)
        # The name that STARTTLS checks the certificate against. smtplib sets it only if it is given the host at once,
        # and would then connect before the connection can be closed at the deadline.
        self._host = host
        self._tls = tls
        self._line: socket.socket | None = None
        self.late = False
        self.step = "connect"
        self.handed_over = False
        self._ends = monotonic() + deadline
        self._alarm = self._cut_after(deadline)

    def _cut_after(self, seconds: float) -> threading.Timer:
        alarm = threading.Timer(seconds, self._cut)
        alarm.daemon = True
        alarm.start()
        return alarm

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        found = socket.create_connection((host, port), max(0.1, self._ends - monotonic()))
        self.step = "greeting"
        # A second handle on the same connection, since TLS wraps and detaches the first one.
        self._line = found.dup()
        if self.late:
            self._cut()
        return _trust().wrap_socket(found, server_hostname=host) if self._tls else found

    def putcmd(self, cmd: str, args: str = "") -> None:
        self.step = cmd.upper()
        super().putcmd(cmd, args)

    @property
    def encrypted(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket)

    def answer_to(self, content: bytes, deadline: float) -> tuple[int, bytes]:
        """Send the text and wait for the server's answer to it, so many seconds from the end of the text on."""
        whole = content if content.endswith(b"\r\n") else content + b"\r\n"
        self.send(re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n")
        self._alarm.cancel()
        if not self.late:
            self.handed_over = True
            self._alarm = self._cut_after(deadline)
            if self.sock is not None:
                # The alarm comes first, so that it is known which of the two ended the connection.
                self.sock.settimeout(deadline + 5)
        return self.getreply()

    def _cut(self) -> None:
        """Shut the connection down, from any thread; whatever waits for the server then fails."""
        self.late = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._alarm.cancel()
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
