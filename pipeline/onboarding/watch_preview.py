"""`onrecord watches test`: which alerts the watches would have raised in the last days, with an example e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TextIO

from sqlalchemy import Connection

from pipeline.alerts import messages
from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.alerts.messages import SUMMARY_ABOVE, Sender
from pipeline.queries.rows import StatementView
from pipeline.queries.statements import load_statement_views
from pipeline.records import Watch
from pipeline.runtime.days import shown_day
from pipeline.store.statements.unmatched import seen_since

SHOWN = 10
"""Statements shown for each watch."""


def preview_watches(
    connection: Connection,
    watches: Sequence[Watch],
    now: datetime,
    out: TextIO,
    *,
    days: int = 7,
    sender: Sender,
) -> int:
    """Write to ``out`` which statements of the last ``days`` match each watch, and an example e-mail. Sends nothing.

    Returns 0, also if nothing matches. The database is only read.
    """
    if not watches:
        out.write("No watch is defined. Put one into watches.yaml in the folder that ONRECORD_CONFIG names.\n")
        return 0
    seen = seen_since(connection, now - timedelta(days=days))
    recent = [one for one in seen if one.stance == "said"]
    out.write(f"{len(recent)} statements were first seen in the last {days} days. Nothing is sent.\n")
    example: tuple[StatementView, Watch] | None = None
    matcher = WatchMatcher(watches)
    met = {
        one.id: {watch.id for watch in matcher.matching_watches(WatchCandidate(one.speakers, one.texts))}
        for one in recent
    }
    for watch in watches:
        names = [one.id for one in recent if watch.id in met[one.id]]
        views = load_statement_views(connection, names[-SHOWN:])
        _write_watch(out, watch, sender, len(names), views)
        if views and example is None:
            example = views[-1], watch
    if example is not None:
        _write_example_email(out, *example, sender, now)
    return 0


def _write_watch(out: TextIO, watch: Watch, sender: Sender, number: int, views: Sequence[StatementView]) -> None:
    wanted = ", ".join([*watch.speakers, *(f"“{phrase}”" for phrase in watch.words)])
    out.write(f"\n{watch.id} ({wanted}) for {watch.address}: {number} statements\n")
    if number > SUMMARY_ABOVE:
        out.write(f"  more than {SUMMARY_ABOVE} in one run would come in one e-mail\n")
    if number > len(views):
        out.write(f"  the last {len(views)}:\n")
    for view in views:
        day = shown_day(view.first_published_at, view.first_published_on, sender.zone) or "no date   "
        out.write(f"  {day}  {messages.subject_of(view)}\n")
        out.writelines(f"              {report.url}\n" for report in view.reports[:1])


def _write_example_email(out: TextIO, view: StatementView, watch: Watch, sender: Sender, now: datetime) -> None:
    email = messages.alert_email(view, watch, sender, message_id=f"<test.{view.id}@{sender.domain}>", built_at=now)
    out.write(f"\nAn e-mail would look like this:\n\nTo: {email.recipient}\nSubject: {email.subject}\n\n{email.text}")
