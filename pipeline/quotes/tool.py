"""``onrecord files quotes``: JSON lines in, the same lines with their quotes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TextIO

from pipeline.quote_rules import TextKind
from pipeline.quotes.engine import find_quotes
from pipeline.quotes.html import quotes_page
from pipeline.quotes.kinds import text_kind
from pipeline.quotes.roster import RosterIndex
from pipeline.records import Quote

_HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one candidate."""

    candidate: str
    rule: str
    speaker: str | None
    verdict: str
    features: tuple[str, ...] = ()
    """Of a candidate that is kept: what its confidence is computed from."""
    meant: tuple[str | None, str | None] = (None, None)
    """Name and id of who is taken for its speaker, however unsure that is."""


@dataclass(frozen=True, slots=True)
class InputArticle:
    """The fields of an input line that are read; the others are passed on."""

    text: str
    lang: str | None
    day: date | None
    title: str | None
    kind: TextKind | None
    """None: by the structure of the text."""


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """What became of one input line: ``answer`` is the object to print, None where ``problem`` says what is wrong."""

    number: int
    answer: dict[str, object] | None
    problem: str = ""
    explained: tuple[Explanation, ...] = ()
    """With ``explain``: every candidate of the line."""
    article: InputArticle | None = None
    quotes: tuple[Quote, ...] = ()


def quote_lines(lines: Iterable[str], *, roster: RosterIndex, explain: bool = False) -> Iterator[QuotedLine]:
    """One :class:`QuotedLine` per input line that is not blank, in the same order; a bad line never stops the rest."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read(number, line, roster, explain)


def write_quotes(
    input: TextIO,
    output: TextIO,
    errors: TextIO,
    *,
    roster: RosterIndex,
    explain: bool = False,
    html: TextIO | None = None,
) -> int:
    """Reads JSON lines from ``input`` and prints each with its ``quotes``; 1 if a line was bad, else 0.

    ``explain`` reports on ``errors`` what became of every candidate; ``html`` also gets a page with the quotes marked.
    """
    bad = False
    shown_on_page: list[tuple[str | None, str, tuple[Quote, ...]]] = []
    for line in quote_lines(input, roster=roster, explain=explain):
        for entry in line.explained:
            span = " ".join(entry.candidate.split())
            shown = span if len(span) <= 80 else span[:77] + "..."
            errors.write(
                f"line {line.number}: {shown!r}: {entry.rule}: {entry.speaker or 'unknown'}: {entry.verdict}\n"
            )
        if line.answer is None or line.article is None:
            bad = True
            errors.write(f"line {line.number}: {line.problem}\n")
        else:
            output.write(json.dumps(line.answer, ensure_ascii=_has_surrogates(line.answer)) + "\n")
            if html is not None:
                shown_on_page.append((line.article.title, line.article.text, line.quotes))
    if html is not None:
        html.write(quotes_page(shown_on_page))
    return 1 if bad else 0


def _has_surrogates(answer: Mapping[str, object]) -> bool:
    """Half a surrogate pair, in whatever field, cannot be written as UTF-8, only as an escape."""
    return _HALF_PAIR.search(json.dumps(answer, ensure_ascii=False)) is not None


def _read(number: int, line: str, roster: RosterIndex, explain: bool) -> QuotedLine:
    try:
        fields = json.loads(line)
        article = _article(fields)
    except (ValueError, RecursionError) as problem:
        return QuotedLine(number, None, str(problem))
    kind = article.kind or text_kind(article.text, title=article.title)
    explanations: list[Explanation] = []
    quotes = find_quotes(
        article.text,
        roster=roster,
        lang=article.lang,
        day=article.day,
        title=article.title,
        kind=kind,
        as_of_today=True,
        explain=(lambda **seen: explanations.append(Explanation(**seen))) if explain else None,
    )
    answer = {**fields, "kind": fields.get("kind") or kind, "quotes": [as_json(quote) for quote in quotes]}
    return QuotedLine(number, answer, explained=tuple(explanations), article=article, quotes=tuple(quotes))


def _article(fields: object) -> InputArticle:
    """The article that a line describes. ValueError if it is none."""
    if not isinstance(fields, dict):
        raise ValueError('not a JSON object; expected {"text": ...} with lang, date and title if known')
    text = fields.get("text")
    if not isinstance(text, str):
        raise ValueError('"text" is missing or no string')
    lang, title = (fields.get(name) for name in ("lang", "title"))
    for name, value in (("lang", lang), ("title", title)):
        if value is not None and not isinstance(value, str):
            raise ValueError(f'"{name}" must be a string or null')
    day = _day(fields.get("date") or fields.get("published_at"))
    return InputArticle(text, lang, day, title, _kind(fields.get("kind")))


def _kind(value: object) -> TextKind | None:
    """The kind that a line gives; None if it gives none, or one of its own."""
    return next((kind for kind in TextKind if kind == value), None)


def _day(value: object) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError('"date" must be a string such as 2020-06-01, or null')
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(f'"date" must be a date such as 2020-06-01, not {value!r}') from None


def as_json(quote: Quote) -> dict[str, object]:
    """A quote as ``onrecord files quotes`` prints it."""
    return {
        "start": quote.start,
        "end": quote.end,
        "type": quote.type,
        "speaker_span": list(quote.speaker_span) if quote.speaker_span else None,
        "speaker_name": quote.speaker_name,
        "speaker_id": quote.speaker_id,
        "cue_span": list(quote.cue_span) if quote.cue_span else None,
        "confidence": quote.confidence,
        "rule": str(quote.rules),
        "span_rule": quote.rules.span.rule,
        "speaker_rule": quote.rules.speaker,
        "lang": quote.lang,
        "stance": quote.stance,
        "stance_confidence": quote.stance_confidence,
        "claimant": quote.claimant,
        "claimant_id": quote.claimant_id,
        "speaker_office": quote.speaker_office,
        "formula": quote.formula,
    }
