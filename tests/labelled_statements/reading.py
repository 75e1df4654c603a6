"""Reads the labelled pairs and briefings beside this file, and asks the linker about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.tool import find_utterances, quotes_of_article
from pipeline.statements.utterances import Utterance

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pair:
    """Two quotes, and whether they report one utterance."""

    id: str
    kind: str
    half: str
    same: bool
    articles: tuple[dict[str, Any], ...]
    known: KnownSpeakers


@dataclass(frozen=True, slots=True)
class Said:
    """A span of an article that says one thing; spans with the same label and language say the same."""

    article: str
    start: int
    end: int
    lang: str
    label: str


def labelled_pairs() -> Iterator[Pair]:
    """All pairs, in the order of the file."""
    for line in (HERE / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        a, b = fields["a"], fields["b"]
        if fields["articles"] == 1 and not fields.get("edited"):
            articles = [_article(fields, "a", [a, b])]
        else:
            articles = [_article(fields, "a", [a]), _article(fields, "a" if fields.get("edited") else "b", [b])]
        known = KnownSpeakers()
        if fields["kind"] == "body":
            known = KnownSpeakers({a["speaker_id"]: frozenset([b["speaker_id"]])})
        elif fields.get("persons"):
            known = KnownSpeakers(persons=frozenset([a["speaker_id"], b["speaker_id"]]))
        yield Pair(fields["id"], fields["kind"], fields["half"], fields["same"], tuple(articles), known)


def _article(fields: dict[str, Any], name: str, sides: list[dict[str, Any]]) -> dict[str, Any]:
    text, quotes = "", []
    for side in sides:
        start = len(text) + 2 * bool(text)
        text += "\n\n" * bool(text) + side["text"]
        quotes.append({**side, "start": start, "end": len(text)})
    given = {"kind": fields["article_kind"], "lang": fields["lang"], "published_at": sides[0]["published_at"]}
    return {"id": name, "text": text, "quotes": quotes, **given}


def are_joined(pair: Pair) -> bool:
    """Whether the linker puts any words of both quotes into one statement."""
    found = utterances_of(pair.articles, pair.known)
    return any(len({report.segment.of.quote.id for report in one.reports}) > 1 for one in found)


def utterances_of(articles: tuple[dict[str, Any], ...], known: KnownSpeakers) -> list[Utterance]:
    """The things said in articles as JSON objects."""
    return find_utterances([quote for article in articles for quote in quotes_of_article(article)], known)


def labelled_briefings() -> Iterator[tuple[str, tuple[dict[str, Any], ...], list[Said]]]:
    """Name, articles and labelled spans of each briefing."""
    for path in sorted((HERE / "briefings").glob("*.jsonl")):
        articles = tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        yield (
            path.stem,
            articles,
            [
                Said(article["id"], *said[:2], article["lang"], said[2])
                for article in articles
                for said in article["said"]
            ],
        )
