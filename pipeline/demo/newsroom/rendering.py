"""Render the templates, with filters for times and paragraphs."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.demo.newsroom.days import MOSCOW

FOLDER = Path(__file__).parent / "templates"


def render_template(template: str, **values: object) -> str:
    """The rendered template. A variable that is not given raises jinja2.UndefinedError."""
    return _environment().get_template(template).render(**values)


def paragraph_words(paragraph: str) -> Markup:
    """A paragraph as HTML; ``**label**`` becomes bold."""
    parts = paragraph.split("**")
    return Markup("").join(Markup("<b>{}</b>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts))


def format_clock(moment: datetime, form: str) -> str:
    """A Moscow time in a strftime format; the format must not use names of months, which depend on the locale."""
    return moment.astimezone(MOSCOW).strftime(form)


def format_iso(moment: datetime, offset: str | None = None) -> str:
    """A Moscow time in ISO 8601; ``offset`` is written instead of the true one, as some publications do."""
    local = moment.astimezone(MOSCOW)
    return f"{local:%Y-%m-%dT%H:%M:%S}{offset}" if offset else local.isoformat(timespec="seconds")


def format_rfc822(moment: datetime) -> str:
    """A Moscow time in the format of RSS (RFC 822)."""
    return format_datetime(moment.astimezone(MOSCOW))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(words=paragraph_words, clock=format_clock, iso=format_iso, rfc822=format_rfc822)
    return environment
