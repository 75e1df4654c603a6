"""The quote engine against the project's own labelled texts, and the confidence that was fitted on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import confidence as fitting
from benchmarks import labelled as measuring
from pipeline.config.speakers import shipped_roster
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from tests.labelled.reading import LabelledArticle, articles, held_out_articles, labelled_roster

pytestmark = pytest.mark.quality
FLOORS: dict[str, dict[str, float]] = json.loads((Path(__file__).parent / "floors.json").read_text())["labelled"]
KINDS = {"news", "interview", "transcript", "live-blog", "digest", "opinion"}
KINDS_RECOGNISED = 0.95
STANCES = {"said", "denied", "asked", "hypothetical", "reported"}
INVENTED_AT_MOST = 4
"""Quotes found in the eighteen texts that hold none."""
CALIBRATION_ERROR_AT_MOST = 0.07
SURE_AND_WRONG_AT_MOST = 0.03
RIGHT_AND_SURE = 0.70


@dataclass(slots=True)
class Tally:
    """How many labelled quotes were asked for, how many found and named, how many the engine gave besides."""

    asked: int = 0
    found: int = 0
    named: int = 0
    extra: int = 0


@pytest.fixture(scope="module")
def roster() -> RosterIndex:
    return labelled_roster()


def test_nobody_of_the_shipped_roster_is_given_words(roster: RosterIndex) -> None:
    real = {speaker.id for speaker in shipped_roster().speakers if speaker.kind == "person"}
    both = [one for lang in ("en", "ru") for half in (articles, held_out_articles) for one in half(lang)]
    speakers = {quote.id for one in both for quote in one.quotes if quote.id}
    assert not speakers & real
    assert len(speakers) > 80 and all(speaker in roster for speaker in speakers)


def tally(lang: str, roster: RosterIndex) -> Tally:
    total = Tally()
    for article in articles(lang):
        gold = [(words(article, one.start, one.end), one) for one in article.quotes]
        total.asked += sum(not one.optional for one in article.quotes)
        taken: set[int] = set()
        for quote in find_quotes(article.text, roster=roster, lang=lang, day=article.day, title=article.title):
            mine = words(article, quote.start, quote.end)
            met = next((i for i, (other, _) in enumerate(gold) if overlap(mine, other) >= 0.8 and i not in taken), None)
            if met is None:
                total.extra += not any(mine <= other or (mine & other and one.optional) for other, one in gold)
                continue
            taken.add(met)
            if not gold[met][1].optional:
                total.found += 1
                one = gold[met][1]
                same = one.id == quote.speaker_id if one.id else fitting.same_name(quote.speaker_name, one.name)
                total.named += same
    return total


def words(article: LabelledArticle, start: int, end: int) -> frozenset[int]:
    return fitting.words_at(article.text, start, end)


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / max(len(one), len(other), 1)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_no_figure_falls_below_its_floor(lang: str, roster: RosterIndex) -> None:
    total = tally(lang, roster)
    reached = {
        "recall": 100 * total.found / total.asked,
        "precision": 100 * total.found / (total.found + total.extra),
        "named": 100 * total.named / total.asked,
    }
    floors = FLOORS[lang]
    below = {name: (round(reached[name], 1), floor) for name, floor in floors.items() if reached[name] < floor}
    assert not below, f"{lang}: (reached, floor) {below}"


def test_texts_without_quotes_get_hardly_any(roster: RosterIndex) -> None:
    quoteless = [one for lang in ("en", "ru") for one in articles(lang) if not one.quotes]
    invented = [
        (one.key, one.text[quote.start : quote.end])
        for one in quoteless
        for quote in find_quotes(one.text, roster=roster, lang=one.lang, day=one.day, title=one.title)
    ]
    assert len(quoteless) == 18
    assert len(invented) <= INVENTED_AT_MOST, invented


def test_the_confidence_is_the_one_that_the_labelled_texts_give(roster: RosterIndex) -> None:
    rows = fitting.usual_rows(roster)
    assert fitting.fit(rows) == json.loads(fitting.OUT.read_text("utf-8")), "run: python -m benchmarks.confidence fit"
    error, bins = fitting.table(rows)
    assert len(bins) == 5
    assert error <= CALIBRATION_ERROR_AT_MOST


def test_sure_quotes_of_held_out_texts_are_seldom_wrong(roster: RosterIndex) -> None:
    rows = [row for lang in ("en", "ru") for one in held_out_articles(lang) for row in fitting.judge(one, roster)]
    sure = [row for row in rows if row.said >= fitting.SURE]
    right = sum(row.right for row in sure)
    assert len(sure) - right <= SURE_AND_WRONG_AT_MOST * len(sure)
    assert right >= RIGHT_AND_SURE * sum(row.right for row in rows)


def test_every_head_names_a_known_kind_and_no_text_is_in_both_halves() -> None:
    for lang in ("en", "ru"):
        fitted, held_out = list(articles(lang)), list(held_out_articles(lang))
        assert not {one.text for one in fitted} & {one.text for one in held_out}
        assert {one.kind for one in fitted} == {one.kind for one in held_out} == KINDS
        assert all(quote.stance in STANCES for one in (*fitted, *held_out) for quote in one.quotes)


def test_kinds_of_text_are_recognised() -> None:
    for half in (articles, held_out_articles):
        listed = [one for lang in ("en", "ru") for one in half(lang)]
        assert measuring.kinds_recognised(listed) >= KINDS_RECOGNISED * len(listed)


@pytest.mark.parametrize("broken", ["⟦a", "a⟧{p:name}", "⟦a ⟦b⟧{p:name}"])
def test_broken_markup_names_the_file(broken: str, tmp_path: Path) -> None:
    from tests.labelled.reading import read

    path = tmp_path / "01-broken.txt"
    path.write_text(f"title: T\nspeakers:\n  p: {{name: A B, id: null}}\n---\n{broken}", "utf-8")
    with pytest.raises(ValueError, match=r"01-broken\.txt"):
        read(path, "en")
