"""The templates of all e-mails, and the filters that they use."""

from __future__ import annotations

import textwrap
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from pipeline.alerts.wording import displayed_quote, one_line, safe_link
from pipeline.runtime.days import shown_moment


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """Template filter: a moment in the template's ``zone``."""
    return shown_moment(at, context["zone"])


@pass_context
def _published(context: Context, at: datetime | None, on: date | None = None) -> str:
    """Template filter: the time of publication, or the day (``on``) if no time is known, or that there is no date."""
    if on is not None:
        return on.isoformat()
    return shown_moment(at, context["zone"]) if at else str(context["phrases"]["undated"])


def _wrapped(text: str, indent: str = "") -> str:
    lines = [
        textwrap.fill(
            line, 76, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        for line in text.splitlines()
    ]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return _wrapped(text, "    ")


def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "moment": _moment,
        "published": _published,
        "line": one_line,
        "link": safe_link,
        "wrapped": _wrapped,
        "indented": _indented,
        "spoken": displayed_quote,
    }
    return environment


TEXT = _environment(html=False)
HTML = _environment(html=True)
