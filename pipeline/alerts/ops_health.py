"""E-mails on the health of sources: one when an incident opens, one when it heals, and a daily one on all sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from pipeline.alerts.mime import header_text, visible_text
from pipeline.alerts.rendering import TEXT

MEANINGS = {
    "blocked": "it refuses us.",
    "feed-moved": "what lists its articles has moved or is gone.",
    "unreachable": "its server does not answer, or only with errors.",
    "silent": "nothing new comes from it.",
    "half-empty": "much less comes from it than usual.",
    "layout": "its pages come, but they no longer read as they did.",
}


@dataclass(frozen=True, slots=True)
class IncidentNotice:
    """The fields of an incident that the e-mails show."""

    incident: str
    source: str
    title: str
    kind: str
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    detail: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the daily e-mail; ``usual`` None: not known yet."""

    source: str
    new: int
    usual: float | None
    last_new_at: datetime | None


def incident_opened_email(notice: IncidentNotice, zone: tzinfo = UTC) -> tuple[str, str]:
    """Subject and text of the e-mail on a new incident, with times in ``zone``."""
    text = TEXT.get_template("ops_opened.txt.j2").render(_shown(notice), meaning=MEANINGS[notice.kind], zone=zone)
    return header_text(f"onrecord: {notice.source} is {notice.kind}: {header_text(notice.detail, 120)}"), text


def incident_healed_email(notice: IncidentNotice, zone: tzinfo = UTC) -> tuple[str, str]:
    """Subject and text of the e-mail on an incident that has healed, with times in ``zone``."""
    text = TEXT.get_template("ops_healed.txt.j2").render(_shown(notice), zone=zone)
    return header_text(f"onrecord: {notice.source} is well again (was {notice.kind})"), text


def daily_health_email(
    day: date,
    lines: Sequence[SourceLine],
    troubles: Sequence[IncidentNotice],
    ended: Sequence[IncidentNotice],
    warnings: Sequence[str],
    unseen: Sequence[str],
    of_installation: Sequence[tuple[str, datetime, str]] = (),
    zone: tzinfo = UTC,
) -> tuple[str, str]:
    """Subject and text of the daily e-mail, with times in ``zone``.

    ``of_installation``: title, opening time and detail of the open incidents that belong to no source.
    """
    in_trouble = {it.source for it in troubles}
    headline = (
        f"{len(in_trouble)} of {len(lines)} sources in trouble" if in_trouble else f"all {len(lines)} sources well"
    )
    text = TEXT.get_template("ops_daily.txt.j2").render(
        lines=lines,
        troubles=[_shown(it) for it in troubles],
        healed=[_shown(it) for it in ended],
        warnings=[header_text(warning, 500) for warning in warnings],
        unseen=unseen,
        of_installation=[(title, at, header_text(detail, 500)) for title, at, detail in of_installation],
        zone=zone,
    )
    return header_text(f"onrecord: {day:%-d %B %Y}: {headline}"), text


def _shown(it: IncidentNotice) -> dict[str, object]:
    """The fields for the template; text from publications is cleaned of line breaks and invisible characters."""
    return {
        "incident": it.incident,
        "source": it.source,
        "title": header_text(it.title, 100),
        "kind": it.kind,
        "since": it.since,
        "opened_at": it.opened_at,
        "closed_at": it.closed_at,
        "detail": header_text(it.detail, 1000),
        "notes": visible_text(it.notes),
    }
