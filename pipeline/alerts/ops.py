"""E-mails to the ops mailbox about failed runs and delivery. Readers of alerts never get them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from email.utils import parseaddr

from pipeline.alerts.messages import Sender
from pipeline.alerts.mime import Message, header_text, visible_text
from pipeline.alerts.rendering import TEXT
from pipeline.config.settings import Settings
from pipeline.errors import MissingSetting, OnrecordError

SHOWN = 200
"""Failures listed in the e-mail; the rest is counted."""


def run_failure_email(
    settings: Settings,
    run_id: str,
    failures: Sequence[str],
    *,
    known: Sequence[str] = (),
    link: str = "",
    now: datetime,
) -> tuple[str, str]:
    """Subject and text of the e-mail on a failed run: what failed, and where to look.

    ``known``: what failed as well and was notified before. ``link``: the run's page in Airflow, if it has one.
    """
    shown = [header_text(failure, 500) for failure in failures[:SHOWN]]
    text = TEXT.get_template("ops.txt.j2").render(
        run=run_id,
        failures=shown,
        more=max(0, len(failures) - SHOWN),
        known=[header_text(failure, 500) for failure in known[:SHOWN]],
        link=link,
        home=visible_text(str(settings.home)),
        now=now,
        zone=settings.timezone,
    )
    first = shown[0] if shown else "see the report"
    more = f" and {len(failures) - 1} more" if len(failures) > 1 else ""
    return header_text(f"onrecord: run failed: {header_text(first, 120)}{more}"), text


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


def is_unforeseen(error: Exception) -> bool:
    """Whether the error is a bug of ours, so that the log should have its traceback."""
    return not isinstance(error, OnrecordError)


def suspended_email(reader: str, watches: Sequence[str], reply: str) -> tuple[str, str]:
    """Subject and text: a mailbox refused e-mails for good again and again. The address is not named, only its id."""
    names = ", ".join(watches)
    text = TEXT.get_template("ops_suspended.txt.j2").render(reader=reader, watches=names, reply=reply)
    return header_text(f"onrecord: a mailbox is suspended ({names})"), text


def unanswered_email(message_id: str, reply: str, copies: int, until: datetime | None, zone: tzinfo) -> tuple[str, str]:
    """Subject and text: the mail server took an e-mail and did not answer. ``until``: when the next copy is sent."""
    text = TEXT.get_template("ops_unanswered.txt.j2").render(
        message_id=message_id, reply=reply, copies=copies, until=until, zone=zone
    )
    return "onrecord: the mail server does not say whether it took an e-mail", text
