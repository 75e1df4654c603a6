"""A real SMTP server for the tests: it keeps what it accepts, and can be made to refuse, stall or drop."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Postbox:
    """Handler of the server. ``rcpt`` and ``data`` may give a reply of their own; None: accept."""

    def __init__(self) -> None:
        self.emails: list[EmailMessage] = []
        self.senders: list[str | None] = []
        self.recipients: list[list[str]] = []
        self.rcpt: Callable[[str], str | None] = lambda _: None
        self.data: Callable[[EmailMessage], str | None] = lambda _: None
        self.url = ""

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = self.rcpt(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        refusal = self.data(mail)
        if refusal is None:
            self.emails.append(mail)
            self.senders.append(envelope.mail_from)
            self.recipients.append(list(envelope.rcpt_tos))
        return refusal or "250 Taken as 4711"

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.emails]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(handler: Postbox | None = None, *, port: int | None = None, **options: Any) -> Iterator[Postbox]:
    """The server on a free port of this machine."""
    box = handler or Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield box
    finally:
        controller.stop()
