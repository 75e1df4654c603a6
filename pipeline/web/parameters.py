"""The parameters of searches and lists, as they stand in addresses: the same for pages, API, feeds and exports."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Annotated

from fastapi import Query

from pipeline.errors import InvalidValue
from pipeline.language.query import parse_query
from pipeline.queries.rows import SearchQuestion, TimeCursor
from pipeline.runtime.days import start_of

STANCES = ("said", "denied", "asked", "hypothetical", "reported", "all")
SORTS = ("newest", "rank")
FIRST_YEAR, LAST_YEAR = 1900, 2200
NAMES = ("q", "speaker", "source", "lang", "kind", "type", "stance", "from", "to", "sort")
After = Annotated[str, Query(max_length=500, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows on a page.")]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as asked for in an address."""

    question: SearchQuestion
    newest: bool
    given: dict[str, str] = field(default_factory=dict)
    """The parameters that are set, by name."""


def search_parameters(
    q: Annotated[
        str,
        Query(
            max_length=4_000,
            description='Words in any form; `"in quotes"` for exact forms in a row, CAPITALS for an acronym, `or` '
            "between alternatives, `-word` to exclude.",
        ),
    ] = "",
    speaker: Annotated[
        str, Query(max_length=500, description="Id, or part of a name, or a full name in the other script.")
    ] = "",
    source: Annotated[str, Query(max_length=200, description="Source id.")] = "",
    lang: Annotated[str, Query(max_length=10, description="Language of the quotes: en or ru.")] = "",
    kind: Annotated[
        str, Query(max_length=40, description="Of the text: news, interview, transcript, live-blog, digest, opinion.")
    ] = "",
    type: Annotated[str, Query(max_length=40, description="direct, indirect or mixed.")] = "",
    stance: Annotated[
        str, Query(max_length=40, description="said (if left out), denied, asked, hypothetical, reported or all.")
    ] = "",
    start: Annotated[str, Query(alias="from", max_length=40, description="Published on this day or later.")] = "",
    end: Annotated[str, Query(alias="to", max_length=40, description="Published before this day.")] = "",
    sort: Annotated[str, Query(max_length=40, description="newest (if left out) or rank: best first.")] = "",
) -> dict[str, str]:
    """The parameters of a search that are set, by the name they have in addresses."""
    values = (q, speaker, source, lang, kind, type, stance, start, end, sort)
    return {name: value.strip() for name, value in zip(NAMES, values, strict=True) if value.strip()}


def search_request(given: dict[str, str], zone: tzinfo) -> SearchRequest:
    """The search that the parameters ask for; days are those of ``zone``.

    Raises InvalidValue for a value that is none, SearchTooLong for too many words.
    """
    stance = _one_of("stance", given.get("stance", STANCES[0]), STANCES)
    since = start_of(given["from"], zone, name="from") if "from" in given else None
    until = start_of(given["to"], zone, name="to") if "to" in given else None
    if since and until and since >= until:
        raise InvalidValue("'to' must be later than 'from': it is the first day left out", name="to", value=given["to"])
    parse_query(given.get("q", ""))
    question = SearchQuestion(
        words=given.get("q", ""),
        speaker=given.get("speaker"),
        source=given.get("source"),
        start=since,
        end=until,
        lang=given.get("lang"),
        stance=None if stance == "all" else stance,
        kind=given.get("kind"),
        type=given.get("type"),
    )
    return SearchRequest(question, _one_of("sort", given.get("sort", SORTS[0]), SORTS) == "newest", given)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InvalidValue(f"{name} is {value!r}, and can be {', '.join(known)}", name=name, value=value)
    return value


def day_called(name: str) -> date:
    """The day ``YYYY-MM-DD``. Raises InvalidValue for anything else."""
    try:
        day = date.fromisoformat(name)
        if len(name) != 10 or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError
    except ValueError as error:
        raise InvalidValue(f"{name!r} is no day: write 2026-06-15", name="day", value=name) from error
    return day


def cursor_text(cursor: TimeCursor | None) -> str | None:
    """A cursor as it stands in an address; None for none."""
    if cursor is None:
        return None
    parts = [cursor.at.isoformat() if cursor.at else None, cursor.id, cursor.rank]
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def cursor_of(text: str) -> TimeCursor | None:
    """The cursor that an address has; None if it has none. Raises InvalidValue for one that we never gave."""
    if not text:
        return None
    try:
        at, name, rank = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        moment = datetime.fromisoformat(at) if at is not None else None
        if not isinstance(name, str) or not isinstance(rank, float | None) or (moment and moment.tzinfo is None):
            raise ValueError
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidValue("'after' is not the 'next' of any page", name="after", value=text) from error
    return TimeCursor(moment, name, rank)
