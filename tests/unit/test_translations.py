"""Statements of two languages that report one thing said are linked, with vectors or without, and stay two."""

from __future__ import annotations

import io
import json
import random

import pytest

from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.sentence_vectors import MODEL, installed_encoder
from pipeline.statements.tool import find_statements, quotes_of_article, write_statements
from pipeline.statements.translations import TranslationLink, link_translations

KNOWN = KnownSpeakers()


def article(name: str, lang: str, *texts: str, at: str = "2026-05-12T09:00", speaker: str = "rosa-tide") -> str:
    text = "\n\n".join(texts)
    quotes = [
        {"start": (start := text.index(one)), "end": start + len(one), "type": "direct", "speaker_id": speaker}
        for one in texts
    ]
    return json.dumps({"id": name, "lang": lang, "kind": "news", "published_at": at, "text": text, "quotes": quotes})


def linked(*lines: str, vectors: bool = True) -> list[TranslationLink]:
    quotes = [one for line in lines for one in quotes_of_article(json.loads(line))]
    return link_translations(find_statements(quotes, KNOWN), KNOWN, installed_encoder() if vectors else None)


BELLS = "The bells of the old abbey will be cast anew before winter."
BELLS_RU = "Колокола старого аббатства отольют заново до зимы."
GOATS = "We have sold 417 goats to the monastery."
GOATS_RU = "Монастырю мы продали 417 коз."


def test_one_thing_said_in_two_languages_is_linked_and_stays_two_statements() -> None:
    output, errors = io.StringIO(), io.StringIO()
    lines = (article("a", "en", BELLS, GOATS), article("b", "ru", BELLS_RU, "Мельник уехал к сестре на юг."))
    code = write_statements(io.StringIO("\n".join(lines)), output, errors, known=KNOWN, encode=installed_encoder())
    found = {one["text"]: one for one in map(json.loads, output.getvalue().splitlines())}
    assert (code, errors.getvalue(), len(found)) == (0, "", 4)
    [there], [back] = found[BELLS]["translations"], found[BELLS_RU]["translations"]
    assert (there["id"], back["id"]) == (found[BELLS_RU]["id"], found[BELLS]["id"])
    assert there["score"] == back["score"] and 0.6 <= there["score"] <= 1
    assert [one["translations"] for text, one in found.items() if text not in (BELLS, BELLS_RU)] == [[], []]


def test_a_link_says_what_it_stands_on() -> None:
    [link] = linked(article("a", "en", GOATS), article("b", "ru", GOATS_RU, at="2026-05-12T12:30"))
    assert link.a < link.b
    assert (link.method, link.numbers, link.hours) == (MODEL, frozenset({"417"}), 3.5)
    assert link.cosine is not None and link.cosine * 256 == pytest.approx(round(link.cosine * 256), abs=0.2)


@pytest.mark.parametrize(
    "other",
    [
        article("b", "ru", "Монастырю мы продали 471 козу."),
        article("b", "ru", GOATS_RU, speaker="olaf-brand"),
        article("b", "ru", GOATS_RU, at="2026-05-13T09:30"),
        article("b", "ru", "Мы купили у монастыря новую мельницу."),
        article("b", "en", GOATS.replace("have sold", "sold")),
    ],
)
@pytest.mark.parametrize("vectors", [True, False])
def test_other_numbers_speakers_days_and_words_are_no_translation(other: str, vectors: bool) -> None:
    assert linked(article("a", "en", GOATS), other, vectors=vectors) == []


def test_without_vectors_only_what_numbers_make_certain_is_linked() -> None:
    lines = article("a", "en", BELLS, GOATS), article("b", "ru", BELLS_RU, GOATS_RU)
    [link] = linked(*lines, vectors=False)
    assert (link.method, link.cosine, link.numbers) == ("facts", None, frozenset({"417"}))
    assert {(it.a, it.b) for it in linked(*lines)} > {(link.a, link.b)}


def test_two_that_are_as_good_are_both_left_alone() -> None:
    twice = article("b", "ru", GOATS_RU), article("c", "ru", "Монастырь получил от нас 417 старых овец.")
    assert linked(article("a", "en", GOATS), *twice, vectors=False) == []


def test_the_order_of_articles_changes_nothing() -> None:
    lines = [
        article("a", "en", BELLS, GOATS, "A ferry sank in the lake last night."),
        article("b", "ru", BELLS_RU, GOATS_RU),
        article("c", "ru", "Прошлой ночью на озере затонул паром.", at="2026-05-12T17:00"),
        article("d", "en", "The bells of the old abbey are to be cast anew before the winter."),
    ]
    first = linked(*lines)
    assert len(first) == 3
    for seed in range(4):
        random.Random(seed).shuffle(lines)
        assert linked(*lines) == first
