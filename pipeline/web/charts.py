"""Charts as SVG made on the server: they print, and need no script. Each page also has their figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from pipeline.queries.page_rows import DayCount

STRIP_DAYS = 42
"""Days in a strip of days."""


def day_strip(counts: Sequence[DayCount], until: date) -> list[tuple[str, int, str]]:
    """Label, number and link of each of the last days up to ``until``."""
    known = {it.day: it.statements for it in counts}
    days = [until - timedelta(days=n) for n in reversed(range(STRIP_DAYS))]
    return [(day.isoformat(), known.get(day, 0), f"/d/{day}") for day in days]


def month_before(day: date, back: int) -> date:
    """The first day of the month so many months before that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def bar_chart(values: Sequence[tuple[str, int, str]], *, title: str, width: int = 720, height: int = 96) -> Markup:
    """A chart of bars as SVG, from label, value and link of each; the links are for its table, a picture has none."""
    most = max((value for _, value, _ in values), default=0) or 1
    step = width / max(len(values), 1)
    parts = [
        Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">').format(
            width, height, title
        )
    ]
    for number, (label, value, _) in enumerate(values):
        tall = round(value / most * (height - 4), 1) if value else 1.0
        bar = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>').format(
            "bar" if value else "bar bar-none",
            round(number * step, 1),
            round(height - tall, 1),
            round(max(step - min(step * 0.25, 4), 1), 1),
            tall,
            label,
            value,
        )
        parts.append(bar)
    return Markup("").join([*parts, Markup("</svg>")])
