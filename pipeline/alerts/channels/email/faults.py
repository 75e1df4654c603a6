"""What can go wrong between us and a mail server: for each fault what happened, what to do, and whether to try again.

Only a refusal of the recipient or of the text is final. Whatever the operator can mend (a certificate, a password, the
sender) and whatever is a bug of ours lets the e-mail wait.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from typing import Protocol

from pipeline.alerts.mime import Message, visible_text
from pipeline.errors import TransportError

URL = "ONRECORD_SMTP_URL"
_REPLY = 500
"""Characters of a server's reply that are kept."""
_LOGIN_REQUIRED = 530
_ABOUT_US = frozenset({421, 500, 502, 503, _LOGIN_REQUIRED, 534, 535, 538})
"""Reply codes about the connection, the protocol or our login, not the message (RFC 5321, 4.2.3; RFC 4954, 6)."""
_RELAY = re.compile(r"\brelay", re.IGNORECASE)
"""In a refusal: the server does not relay mail for us."""
_FULL = re.compile(r"\b[45]\.2\.2\b|quota|(?:mailbox|inbox) (?:is |was )?(?:over)?full|over ?quota", re.IGNORECASE)
_POLICY = re.compile(r"\b5\.7\.\d+\b")
"""In a refused recipient: we, our address or our reputation are at fault, not the mailbox (RFC 3463)."""
MAILBOX_FULL = (552, 452)


class Transport(Protocol):
    """Sends an e-mail and gives back the server's reply, or the path of the file. Raises TransportError."""

    def send(self, message: Message) -> str: ...


class Unavailable(TransportError):
    """The server accepts no e-mail at all at the moment, so there is no point in trying the next one."""

    code = "mail-server-unavailable"

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class Unanswered(TransportError):
    """The server was given the whole e-mail and did not answer: it may have arrived or not."""

    code = "email-unanswered"

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class MailboxRefused(TransportError):
    """The server refuses this recipient for good; a mailbox that is refused again and again is suspended."""

    code = "mailbox-refused"

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


def connection_fault(server: str, error: Exception, *, late: bool, step: str) -> Unavailable:
    """The fault of a connection that failed at ``step``; ``late``: it was cut at the deadline."""
    if late or isinstance(error, TimeoutError):
        if step == "connect":
            return Unavailable(f"{server} does not answer; a firewall may block the port: check host and port in {URL}")
        return Unavailable(f"{server} gave no answer in time ({step}); if it lasts, ask whoever runs the server")
    if isinstance(error, socket.gaierror | UnicodeError):
        return Unavailable(f"{server}: no such host name ({_words(error)}); check the host in {URL}, and the DNS")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable(_certificate_fault(server, error))
    if isinstance(error, ssl.SSLError):
        reason = error.reason or _words(error)
        return Unavailable(
            f"{server}: no TLS connection: {reason}; write smtps:// for TLS from the start (port 465), smtp:// for "
            f"STARTTLS (587 or 25) in {URL}"
        )
    if isinstance(error, ConnectionRefusedError):
        return Unavailable(f"{server} refuses connections; is the server running, and its port right in {URL}?")
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return Unavailable(f"{server} closed the connection ({step}); the e-mail is retried: if it lasts, see its log")
    if isinstance(error, OSError):
        return Unavailable(f"{server}: {_words(error)}; check the network, and host and port in {URL}")
    return Unavailable(f"{server}: {type(error).__name__}: {_words(error)}; this is a bug: please report it")


def _certificate_fault(server: str, error: ssl.SSLCertVerificationError) -> str:
    said = error.verify_message
    if "mismatch" in said or "not valid for" in said:
        mend = f"write the name that is in the certificate in {URL}"
    elif "expired" in said:
        mend = "have it renewed by whoever runs the server"
    else:
        mend = "if the CA is your own, name its file in SSL_CERT_FILE"
    return f"{server}: its certificate cannot be trusted: {said}; {mend}"


def no_tls(server: str, *, why: str) -> Unavailable:
    """The server offers no STARTTLS, and the e-mail may not leave unencrypted."""
    return Unavailable(f"{server} offers no TLS, and {why}; use smtps://, or another port, in {URL}")


def refused_login(server: str, user: str, code: int, reply: bytes | str) -> Unavailable:
    return Unavailable(f"{server} refuses us as {user}: {reply_text(code, reply)}; check user and password in {URL}")


def refused_connection(server: str, code: int, reply: bytes | str, *, step: str) -> Unavailable:
    """The server refuses us before anything was said of the e-mail, or speaks something else than SMTP."""
    said = reply_text(code, reply)
    if code <= 0:
        return Unavailable(
            f"{server} does not answer like a mail server: {said[3:]!r}; check host and port, and smtp:// or smtps://, "
            f"in {URL}"
        )
    if code == _LOGIN_REQUIRED:
        return Unavailable(f"{server} wants us to sign in: {said}; write smtp://USER:PASSWORD@HOST in {URL}")
    return Unavailable(f"{server} refuses us ({step}): {said}; the e-mail is retried: if it lasts, ask its operator")


def refused_sender(server: str, sender: str, code: int, reply: bytes | str) -> Unavailable:
    if code == _LOGIN_REQUIRED or code == 421:
        return refused_connection(server, code, reply, step="MAIL FROM")
    return Unavailable(
        f"{server} refuses the sender {sender}: {reply_text(code, reply)}; check ONRECORD_MAIL_FROM, and whether the "
        f"account in {URL} may send as it"
    )


def refused_recipient(server: str, recipient: str, code: int, reply: bytes | str) -> TransportError:
    said = _without_address(reply_text(code, reply), recipient)
    if _RELAY.search(said):
        return Unavailable(f"{said}: {server} sends no mail on for us; sign in, or have this machine allowed to relay")
    if code in _ABOUT_US:
        return refused_connection(server, code, said[4:], step="RCPT TO")
    if code in MAILBOX_FULL or _FULL.search(said):
        return TransportError(f"{said}: the mailbox is full; retried until there is room", permanent=False)
    if code >= 500 and _POLICY.search(said):
        return TransportError(f"{said}: not the mailbox but our mail is refused; see the reply", permanent=True)
    if code >= 500:
        return MailboxRefused(f"{said}: the address is refused for good; correct it in the watch")
    return TransportError(f"{said}: the recipient is refused for now; retried", permanent=False)


def refused_text(server: str, recipient: str, code: int, reply: bytes | str) -> TransportError:
    """The server refuses the e-mail after it has read it."""
    said = _without_address(reply_text(code, reply), recipient)
    if _RELAY.search(said):
        return Unavailable(f"{said}: {server} sends no mail on for us; sign in, or have this machine allowed to relay")
    if code in _ABOUT_US:
        return refused_connection(server, code, said[4:], step="DATA")
    if _FULL.search(said):
        return TransportError(f"{said}: the mailbox is full; retried until there is room", permanent=False)
    if code >= 500:
        return TransportError(
            f"{said}: the text is refused for good; a filter may take it for spam: check SPF and DKIM of the sender",
            permanent=True,
        )
    return TransportError(f"{said}: the text is refused for now; retried", permanent=False)


def unanswered(server: str, *, late: bool, seconds: float) -> Unanswered:
    """The connection ended, or was cut after so many seconds, between the end of the text and the server's answer."""
    what = f"has not answered in {seconds:.0f} s" if late else "closed the connection without an answer"
    return Unanswered(
        f"{server} took the whole e-mail and {what}: it may have arrived; retried later, 3 copies at most: if it "
        "lasts, ask whoever runs the server what holds it up"
    )


def reply_text(code: int, reply: bytes | str) -> str:
    """Code and words of a server's reply on one line."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return visible_text(f"{code} {' '.join(text.split())}")[:_REPLY]


def _without_address(said: str, recipient: str) -> str:
    """The reply without the reader's address: replies are logged, and addresses are not."""
    return re.sub(re.escape(recipient), "(the reader)", said, flags=re.IGNORECASE)


def _words(error: Exception) -> str:
    return visible_text(str(error))
