"""E-mails to the ops mailbox about failed runs. Readers of alerts never get them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from pipeline.alerts.messages import TEXT, Sender
from pipeline.alerts.mime import Message, header_text, visible_text
from pipeline.alerts.transports import Transport, transport_for
from pipeline.config.settings import Settings
from pipeline.errors import MissingSetting, OnrecordError

SHOWN = 200
"""Failures listed in the e-mail; the rest is counted."""


def run_failure_email(settings: Settings, run_id: str, failures: Sequence[str], *, now: datetime) -> Message:
    """The e-mail on a failed run: what failed, and where to look. Raises ConfigError without ``ONRECORD_OPS_MAIL``."""
    shown = [header_text(failure, 500) for failure in failures[:SHOWN]]
    text = TEXT.get_template("ops.txt.j2").render(
        run=run_id,
        failures=shown,
        more=max(0, len(failures) - SHOWN),
        home=visible_text(str(settings.home)),
        now=now,
        zone=settings.timezone,
    )
    first = shown[0] if shown else "see the report"
    more = f" and {len(failures) - 1} more" if len(failures) > 1 else ""
    subject = header_text(f"onrecord: run failed: {header_text(first, 120)}{more}")
    return ops_message(settings, f"o1.{run_id}", subject, text, now)


def ops_message(settings: Settings, name: str, subject: str, text: str, at: datetime) -> Message:
    """An e-mail to the ops mailbox; ``name`` makes its Message-ID. Raises ConfigError without ``ONRECORD_OPS_MAIL``."""
    if not settings.ops_mail:
        raise MissingSetting("ONRECORD_OPS_MAIL is not set", setting="ONRECORD_OPS_MAIL")
    return Message(
        message_id=f"<{name}@{Sender(settings.mail_from).domain}>",
        sender=settings.mail_from,
        recipient=parseaddr(settings.ops_mail)[1] or settings.ops_mail,
        subject=subject,
        text=text,
        html="",
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Content-Language": "en"},
        date=at,
    )


def send_run_failure(
    settings: Settings, run_id: str, failures: Sequence[str], *, now: datetime, transport: Transport | None = None
) -> str:
    """Send the e-mail, by SMTP or to the spool as configured; the server's reply. Raises TransportError."""
    return (transport or transport_for(settings)).send(run_failure_email(settings, run_id, failures, now=now))


def is_unforeseen(error: Exception) -> bool:
    """Whether the error is a bug of ours, so that the log should have its traceback."""
    return not isinstance(error, OnrecordError)
