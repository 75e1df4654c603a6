"""Reads the labelled pairs and briefings beside this file, and asks the linker about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from pipeline.statements.groups import Statement
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.sentence_vectors import Encode
from pipeline.statements.tool import find_statements, quotes_of_article
from pipeline.statements.translations import link_translations

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pair:
    """Two quotes, and whether they report one statement."""

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
    found = statements_of(pair.articles, pair.known)
    return any(len({report.segment.of.quote.id for report in one.reports}) > 1 for one in found)


def statements_of(articles: tuple[dict[str, Any], ...], known: KnownSpeakers) -> list[Statement]:
    """The things said in articles as JSON objects."""
    return find_statements([quote for article in articles for quote in quotes_of_article(article)], known)


@dataclass(frozen=True, slots=True)
class Briefing:
    """One event as several outlets print it."""

    name: str
    half: str
    articles: tuple[dict[str, Any], ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs of labelled spans of one language: those that say the same, those put into one statement, both."""

    same: int = 0
    joined: int = 0
    both: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.same + other.same, self.joined + other.joined, self.both + other.both)


@dataclass(frozen=True, slots=True)
class Translations:
    """What was said on one day in two languages, each quote in an article of its own, among what others said then."""

    event: str
    half: str
    articles: tuple[dict[str, Any], ...]
    labels: dict[str, str | None]
    """By the id of the article; the same label in two languages is a translation."""


UNRELATED = {"ru": 100, "en": 30}
"""How many quotes of other labelled pairs stand beside those of each event."""


def labelled_translations() -> Iterator[Translations]:
    """All events, each with :data:`UNRELATED` quotes of its speaker that are translations of nothing."""
    lines = (HERE / "translations.jsonl").read_text(encoding="utf-8").splitlines()
    quotes = [json.loads(line) for line in lines]
    for event in sorted({quote["event"] for quote in quotes}):
        own = [quote for quote in quotes if quote["event"] == event]
        given = {name: own[0][name] for name in ("speaker_id", "speaker_name", "published_at")}
        own += [{**quote, **given, "label": None} for quote in _unrelated()]
        articles = [_of_one_quote(f"{event}-{at}", quote) for at, quote in enumerate(own)]
        labels = {article["id"]: quote["label"] for article, quote in zip(articles, own, strict=True)}
        yield Translations(event, own[0]["half"], tuple(articles), labels)


def _of_one_quote(name: str, quote: dict[str, Any]) -> dict[str, Any]:
    given = {key: quote[key] for key in ("text", "lang", "published_at")}
    return {"id": name, "kind": "news", **given, "quotes": [{**quote, "start": 0, "end": len(quote["text"])}]}


def _unrelated() -> list[dict[str, Any]]:
    """Quotes of which the pairs of one language have no translations in those of the other that are taken."""
    pairs = [json.loads(line) for line in (HERE / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    taken = {
        "en": [it for it in pairs if it["lang"] == "en" and int(it["id"][1:]) <= 156],
        "ru": [it for it in pairs if it["lang"] == "ru" and int(it["id"][1:]) > 156][::2],
    }
    return [{**it["a"], "lang": lang} for lang, count in UNRELATED.items() for it in taken[lang][:count]]


def translation_counts(found: Translations, encode: Encode | None) -> Counts:
    """``same``: statements in two languages; ``joined``: links; ``both``: links of one of them, each counted once."""
    statements = statements_of(found.articles, KnownSpeakers())
    labels = {
        one.id: {found.labels[it.segment.of.quote.article_id] for it in one.reports} - {None} for one in statements
    }
    links = link_translations(statements, KnownSpeakers(), encode)
    right = [labels[link.a] & labels[link.b] for link in links]
    distinct = {label for common in right for label in common}
    wrong = sum(not common for common in right)
    same = {label for label in found.labels.values() if label is not None}
    return Counts(len(same), len(distinct) + wrong, len(distinct))


def labelled_briefings() -> Iterator[Briefing]:
    """All briefings, by name."""
    for path in sorted((HERE / "briefings").glob("*.jsonl")):
        articles = tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        said = [
            Said(article["id"], start, end, article["lang"], label)
            for article in articles
            for start, end, label in article["said"]
        ]
        yield Briefing(path.stem, articles[0]["half"], articles, tuple(said))


def counts_of(briefing: Briefing) -> Counts:
    """How well the pairs of labelled spans are joined; a span is in the statement that has most of its words."""
    places: dict[str, list[tuple[int, int, int]]] = {}
    for number, one in enumerate(statements_of(briefing.articles, KnownSpeakers())):
        for report in one.reports:
            start = report.segment.of.start + report.segment.start
            end = start + report.segment.end - report.segment.start
            places.setdefault(report.segment.of.quote.article_id, []).append((start, end, number))

    def statement_of(one: Said) -> int | None:
        shared = [(min(one.end, end) - max(one.start, start), it) for start, end, it in places[one.article]]
        common, number = max(shared)
        return number if common > 0 else None

    counts = Counts()
    for mine, yours in combinations(briefing.said, 2):
        if mine.lang == yours.lang:
            same, joined = mine.label == yours.label, statement_of(mine) == statement_of(yours)
            counts += Counts(int(same), int(joined), int(same and joined))
    return counts
