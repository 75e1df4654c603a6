"""Templates and what they call: days, marked words, links. Everything is text that Jinja escapes; no HTML is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.language.matches import matching_spans
from pipeline.language.query import parse_query
from pipeline.runtime.days import shown_day, shown_moment
from pipeline.web.charts import bar_chart
from pipeline.web.differences import word_differences

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


def make_templates(zone: tzinfo) -> Environment:
    """The environment of all templates; days and times are shown in ``zone``."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        asset=asset_url,
        bars=bar_chart,
        differences=word_differences,
        path=path_to,
        query=query_string,
        zone_label=str(zone),
        speaker_tint=speaker_tint,
    )
    templates.filters.update(
        day=lambda day: f"{day:%A} {day.day} {day:%B %Y}",
        highlighted=highlight_words,
        moment=lambda at: shown_moment(at, zone) if at else "not known",
        number=lambda number: f"{number:,}",
        published=lambda it: shown_day(it.published_at, it.published_on, zone) or "no date",
        published_at=lambda it: exact_time(it.published_at, it.published_on, zone),
        web_address=web_address,
    )
    return templates


@cache
def asset_url(name: str) -> str:
    """The path of a static file, with a mark that changes with its content."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def exact_time(published_at: datetime | None, published_on: date | None, zone: tzinfo) -> str:
    """When something was published: the moment, or the day where no time is given, or that it is not known."""
    if published_on is not None or published_at is None:
        return shown_day(published_at, published_on, zone) or "no date"
    return shown_moment(published_at, zone)


def path_to(*parts: str) -> str:
    """The path of a page whose last parts may be any text."""
    return "/" + "/".join(quote(part, safe=":@") for part in parts)


def query_string(given: Mapping[str, str], **changed: str | None) -> str:
    """``?`` and the parameters with some set to another value, or left out (None). Of another page than the first."""
    kept = {name: value for name, value in {**given, **changed}.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


def web_address(url: str) -> str | None:
    """The URL if a link may lead there; None for one that would run a script or open a file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def highlight_words(text: str, words: str) -> Markup:
    """The text with the words that a search asks for marked."""
    return marked_text(text, [(start, end, "mark", "") for start, end in matching_spans(text, parse_query(words))])


def marked_text(text: str, spans: Sequence[tuple[int, int, str, str]]) -> Markup:
    """The text, escaped, with elements around spans that do not overlap: start, end, element and class."""
    parts, at = [], 0
    for start, end, element, name in spans:
        parts.append(escape(text[at:start]))
        attribute = Markup(' class="{}"').format(name) if name else ""
        parts.append(Markup("<{0}{1}>{2}</{0}>").format(Markup(element), attribute, text[start:end]))
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def speaker_tint(speaker: str | None, known: Sequence[str | None]) -> str:
    """The class that gives a speaker's words their colour in an article: by order of appearance, none for nobody."""
    return f"tint-{known.index(speaker) % 8}" if speaker and speaker in known else "tint-none"
