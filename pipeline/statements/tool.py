"""``onrecord statements``: JSON lines with quotes in, one JSON line per statement out."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO, cast, get_args

from pipeline import ids
from pipeline.records import QuoteType, Stance, StoredQuote
from pipeline.statements.groups import Statement, group_segments
from pipeline.statements.links import link_segments
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.segments import LinkableQuote, cut_quotes
from pipeline.statements.sentence_vectors import Encode
from pipeline.statements.translations import link_translations

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_IN_FULL = frozenset({"transcript", "interview"})
"""Kinds of articles whose quotes are turns."""
_TURN = "turn"


@dataclass(frozen=True, slots=True)
class BadLine:
    """An input line that is no article, and why."""

    number: int
    problem: str


def write_statements(
    input: TextIO, output: TextIO, errors: TextIO, *, known: KnownSpeakers, encode: Encode | None = None
) -> int:
    """Reads articles with quotes as JSON lines, prints the statements that they report; 1 if a line was bad, else 0.

    ``encode`` makes sentence vectors; without it only translations that numbers and names make certain are linked.
    """
    quotes: list[LinkableQuote] = []
    bad = False
    for read in read_articles(input):
        if isinstance(read, BadLine):
            bad = True
            errors.write(f"line {read.number}: {read.problem}\n")
        else:
            quotes += read
    statements = find_statements(quotes, known)
    translations = defaultdict(list)
    for link in link_translations(statements, known, encode):
        for one, other in ((link.a, link.b), (link.b, link.a)):
            translations[one].append({"id": other, "score": link.score})
    for statement in statements:
        found = {**as_json(statement), "translations": translations[statement.id]}
        output.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 1 if bad else 0


def find_statements(quotes: Iterable[LinkableQuote], known: KnownSpeakers) -> list[Statement]:
    """All things that the quotes report, in order of their ids; equal for any order of the quotes.

    A quote that stands in several versions of its article counts once.
    """
    ordered = sorted(quotes, key=lambda one: (one.quote.id, one.version, one.start))
    cut = cut_quotes({one.quote.id: one for one in reversed(ordered)}.values())
    return group_segments(cut, link_segments(cut, known), known)


def read_articles(lines: Iterable[str]) -> Iterator[list[LinkableQuote] | BadLine]:
    """The quotes of each line that is not blank, or what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield quotes_of_article(json.loads(line))
        except (ValueError, RecursionError) as problem:
            yield BadLine(number, str(problem))


def quotes_of_article(fields: object) -> list[LinkableQuote]:
    """The quotes of an article as ``onrecord files quotes`` prints it. ValueError if it is none."""
    if not isinstance(fields, dict):
        raise ValueError('not a JSON object; expected {"id": ..., "text": ..., "quotes": [...]}')
    article, text, quotes = fields.get("id"), fields.get("text"), fields.get("quotes")
    if type(article) is int:
        article = str(article)
    if not isinstance(article, str) or not article:
        raise ValueError('"id" is missing or no string')
    if not isinstance(text, str):
        raise ValueError('"text" is missing or no string')
    if not isinstance(quotes, list):
        raise ValueError('"quotes" is missing or no list')
    at = _time(fields.get("published_at") or fields.get("date"))
    seen = _time(fields.get("seen_at")) or at or _UNDATED
    in_full = fields.get("kind") in _IN_FULL
    spans = sorted((*_bounds(quote, text), at_) for at_, quote in enumerate(quotes))
    version, occurrences = ids.text_sha256(text), Counter[str]()
    found = []
    for start, end, place in spans:
        words = ids.normalised_words(text[start:end])
        occurrences[words] += 1
        given = cast(Mapping[str, object], quotes[place])
        stored = StoredQuote(
            id=ids.quote_id(article, words, occurrences[words]),
            article_id=article,
            source_id=_string(fields, "source") or "",
            text=text[start:end],
            lang=_string(given, "lang") or _string(fields, "lang") or "",
            type=cast(QuoteType, _one_of(given, "type", get_args(QuoteType), "direct")),
            speaker_id=_string(given, "speaker_id"),
            speaker_name=_string(given, "speaker_name"),
            published_at=at,
            seen_at=seen,
            stance=cast(Stance, _one_of(given, "stance", get_args(Stance), "said")),
            claimant=_string(given, "claimant"),
        )
        turn = in_full or given.get("span_rule") == _TURN
        found.append(LinkableQuote(stored, start, turn, version))
    return found


def _bounds(quote: object, text: str) -> tuple[int, int]:
    if not isinstance(quote, dict):
        raise ValueError("a quote is no JSON object")
    start, end = quote.get("start"), quote.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise ValueError(f'"start" and "end" of a quote must be a span of "text", not {start!r} and {end!r}')
    return start, end


def _string(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f'"{name}" must be a string or null')
    return value or None


def _one_of(fields: Mapping[str, object], name: str, allowed: tuple[str, ...], usual: str) -> str:
    value = _string(fields, name) or usual
    if value not in allowed:
        raise ValueError(f'"{name}" must be one of {", ".join(allowed)}, not {value!r}')
    return value


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"a time must be such as 2026-06-15T09:00:00+00:00 or a date, not {value!r}")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def as_json(statement: Statement) -> dict[str, object]:
    """A statement as ``onrecord statements`` prints it, without its translations."""
    founding = statement.founding
    quotes = [report.segment.of.quote for report in statement.reports]
    named = next((it for it in quotes if it.speaker_id), next((it for it in quotes if it.speaker_name), quotes[0]))
    return {
        "id": statement.id,
        "speaker_id": named.speaker_id,
        "speaker_name": named.speaker_name,
        "lang": founding.of.quote.lang,
        "text": founding.text,
        "stance": founding.of.quote.stance,
        "reports": [
            {
                "article": report.segment.of.quote.article_id,
                "start": report.segment.of.start + report.segment.start,
                "end": report.segment.of.start + report.segment.end,
                "how": report.how,
                "score": report.score,
            }
            for report in statement.reports
        ],
    }
