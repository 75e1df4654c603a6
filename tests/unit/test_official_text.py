"""What the news print is found in the official transcript, with its place in both, and ties no statements together."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.statements.official_text import OfficialAlignment, align_with_official
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.segments import Segment, cut_quotes
from pipeline.statements.tool import find_statements, quotes_of_article

KNOWN = KnownSpeakers(persons=frozenset({"rosa-tide", "olaf-brand"}))
OFFICIAL = (
    "Good morning, dear friends of the museum. The roof of the west wing will be covered with copper before the autumn "
    "rains. For this the guild has given us, after long talks and without any conditions, 900 crowns. "
    "If the copper does not come in time, we will take slate. The guides have not been paid since March."
)
RUSSIAN = "Крышу западного крыла покроют медью до осенних дождей. Гильдия дала нам на это 900 крон без всяких условий."


def article(name: str, text: str, *, lang: str = "en", kind: str = "news", **quote: Any) -> dict[str, Any]:
    whole = {"start": 0, "end": len(text), "type": "direct", "speaker_id": "rosa-tide", **quote}
    given = {"lang": lang, "kind": kind, "published_at": quote.get("at", "2026-03-02T12:00")}
    return {"id": name, "text": text, "quotes": [whole], **given}


def segments(*articles: dict[str, Any]) -> list[Segment]:
    return cut_quotes(one for it in articles for one in quotes_of_article(it))


def aligned(*news: dict[str, Any], official: str = OFFICIAL, lang: str = "en") -> list[OfficialAlignment]:
    text = article("official", official, lang=lang, kind="transcript")
    return align_with_official(segments(*news), segments(text), KNOWN)


@pytest.mark.parametrize(
    ("text", "type_", "how", "place"),
    [
        (
            "“The roof of the west wing will be covered with copper before the autumn rains.”",
            "direct",
            "verbatim",
            "The roof of the west wing will be covered with copper before the autumn rains.",
        ),
        (
            "“The roof of the west wing will be covered with copper.”",
            "direct",
            "shortened",
            "The roof of the west wing will be covered with copper",
        ),
        (
            "“For this the guild has given us 900 crowns.”",
            "direct",
            "shortened",
            "For this the guild has given us, after long talks and without any conditions, 900 crowns",
        ),
        (
            "the west wing would have its roof covered with copper before autumn rains",
            "indirect",
            "paraphrased",
            "The roof of the west wing will be covered with copper before the autumn rains.",
        ),
    ],
)
def test_how_the_news_repeat_the_official_text(text: str, type_: str, how: str, place: str) -> None:
    news = article("news", f"He said: {text}", start=9, end=9 + len(text), type=type_)
    [found] = aligned(news)
    assert (found.how, found.article, found.official_article) == (how, "news", "official")
    assert news["text"][slice(*found.span)] == text
    assert found.official_span is not None and OFFICIAL[slice(*found.official_span)] == place


def test_two_official_sentences_in_one_of_the_news() -> None:
    guild, roof = RUSSIAN.rstrip(".").split(". ")[::-1]
    text = f"«{guild}; {roof.lower()}»"
    first, second = sorted(aligned(article("n", text, lang="ru"), official=RUSSIAN, lang="ru"), key=lambda it: it.span)
    assert first.how == second.how == "verbatim"
    assert first.official_span is not None and second.official_span is not None
    assert RUSSIAN[slice(*first.official_span)].startswith("Гильдия") and second.official_span[0] == 0


def test_what_the_official_text_does_not_have_or_has_with_another_number() -> None:
    kept = "“The roof of the west wing will be covered with copper before the autumn rains.”"
    one, other, invented = (
        article(name, f"{kept} {text}")
        for name, text in (
            ("a", "“The guides have not been paid since April.”"),
            ("b", "“For this the guild has given us, after long talks and without any conditions, 90 crowns.”"),
            ("c", "“I was a goatherd in my youth and would be one again.”"),
        )
    )
    found = {it.article: it for it in aligned(one, other, invented) if it.how == "not found"}
    assert {name: it.differs for name, it in found.items()} == {"a": "date", "b": "number", "c": None}
    assert all(it.official_span is None for it in found.values())


@pytest.mark.parametrize(
    "news",
    [
        article("n", "“I was a goatherd in my youth and would be one again.”"),
        article("n", "“The guides have not been paid since March.”", speaker_id="olaf-brand"),
        article("n", "“The guides have not been paid since March.”", at="2026-03-09T12:00"),
        article("n", "«Проводникам не платят с марта»", lang="ru"),
    ],
)
def test_an_article_that_is_of_something_else_has_no_official_text(news: dict[str, Any]) -> None:
    assert aligned(news) == []


def test_a_transcript_ties_no_statements_together() -> None:
    a = article("a", "“The roof of the west wing will be covered with copper before the autumn rains.”")
    b = article("b", "“The guides have not been paid since March.”")
    text = article("official", OFFICIAL, kind="transcript")
    quotes = [one for it in (a, b, text) for one in quotes_of_article(it)]
    together = [
        {report.segment.of.quote.article_id for report in one.reports} for one in find_statements(quotes, KNOWN)
    ]
    assert {"a", "official"} in together and {"b", "official"} in together
    assert not any({"a", "b"} <= articles for articles in together)
