"""What is one thing said: segments, normal forms, links and groups; and that only the set of quotes counts."""

from __future__ import annotations

import io
import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ids
from pipeline.records import StoredQuote
from pipeline.statements.differences import difference_between
from pipeline.statements.groups import Statement, group_segments
from pipeline.statements.likeness import likeness_of
from pipeline.statements.links import link_segments
from pipeline.statements.normal_form import normal_form
from pipeline.statements.same_speaker import KnownSpeakers, SpeakerOf, same_speaker
from pipeline.statements.segments import LinkableQuote, cut_quotes
from pipeline.statements.tool import find_statements, write_statements
from tests.labelled_statements.reading import labelled_briefings

NOBODY = KnownSpeakers()
DAY = datetime(2026, 5, 12, 9, tzinfo=UTC)
GATES = "The gates of the old lock will be painted before the regatta."
CREWS = "The crews of the barges have my solemn word."


def quote(
    text: str,
    article: str = "a",
    *,
    hours: float = 0,
    lang: str = "en",
    turn: bool = False,
    speaker: str = "tomas-grell",
) -> LinkableQuote:
    at = DAY + timedelta(hours=hours)
    name = ids.quote_id(article, ids.normalised_words(text), 1)
    stored = StoredQuote(name, article, article, text, lang, "direct", speaker, None, at, at)
    return LinkableQuote(stored, 0, turn, article)


def texts(found: list[Statement]) -> set[frozenset[str]]:
    return {frozenset(f"{it.segment.of.quote.article_id}: {it.segment.text}" for it in one.reports) for one in found}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{GATES} {CREWS}", [GATES, CREWS]),
        ("We met Gen. Tamme at noon. He was an hour early.", ["We met Gen. Tamme at noon.", "He was an hour early."]),
        ("It costs 1.5 million. Thank you.", ["It costs 1.5 million. Thank you."]),
        ("No comment.", ["No comment."]),
        ("We will … keep both piers open.", ["We will … keep both piers open."]),
        ("All barges wait <...> The crews sleep on deck.", ["All barges wait <...>", "The crews sleep on deck."]),
        ("", [""]),
    ],
)  # fmt: skip
def test_a_quote_is_cut_into_sentences(text: str, pieces: list[str]) -> None:
    cut = sorted(cut_quotes([quote(text)]), key=lambda one: one.start)
    assert [one.text.strip() for one in cut] == pieces
    assert len({one.id for one in cut}) == len(cut)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("two hundred fifty barges", {"250"}),
        ("250 barges and 3 million crowns", {"250", "3000000"}),
        ("1,200 tons, 1.2 tons", {"1200", "1.2"}),
        ("the ninth of June, June 9th", {"9"}),
        ("not one of them", set()),
    ],
)
def test_numbers_in_words_and_digits_are_one(text: str, numbers: set[str]) -> None:
    assert normal_form(text, "en", spoken=True).numbers == numbers


def test_russian_numbers_have_one_value_in_all_cases() -> None:
    for text in ("двадцати пяти процентам", "25%", "двадцать пять процентов"):
        assert normal_form(text, "ru", spoken=True).numbers == {"25"}


def test_a_quote_may_report_several_statements() -> None:
    found = find_statements([quote(f"{GATES} {CREWS}"), quote(CREWS, "b"), quote(GATES, "c")], NOBODY)
    assert texts(found) == {
        frozenset({f"a: {GATES}", f"c: {GATES}"}),
        frozenset({f"a: {CREWS}", f"b: {CREWS}"}),
    }


@pytest.mark.parametrize(
    ("lang", "part", "whole", "differs"),
    [
        ("ru", "Сроки называет бригада на причале", "Сроки называет бригада на причале, а бригада ещё не пришла", None),
        ("ru", "Причал закроют к пятнице", "Не причал закроют к пятнице, а баржу", "polarity"),
        ("en", "The crews choose the paint", "The crews choose the paint, and the crews have not come yet", None),
        ("en", "crews will be choosing paint", "Nor will crews be choosing paint", "polarity"),
        ("en", "crews choose their own paint", "We do not think crews choose their own paint", "polarity"),
    ],
)
def test_what_is_negated_beside_a_part_is_another_matter(lang: str, part: str, whole: str, differs: str | None) -> None:
    assert likeness_of(*(normal_form(text, lang, spoken=True) for text in (part, whole))).differs == differs


def test_two_turns_of_transcripts_are_two_statements() -> None:
    turns = [quote(GATES, "a", turn=True), quote(GATES, "b", turn=True)]
    assert len(find_statements(turns, NOBODY)) == 2
    assert len(find_statements([turns[0], quote(GATES, "b")], NOBODY)) == 1


def test_a_report_belongs_to_the_first_one_for_three_days() -> None:
    reports = [quote(GATES, f"a{hours}", hours=hours) for hours in (0, 40, 71, 80, 100)]
    found = find_statements(reports, NOBODY)
    assert sorted(len(one.reports) for one in found) == [2, 3]


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (SpeakerOf(None, "Rudolf Tamme"), SpeakerOf(None, "harbour master Rudolf Tamme"), "same"),
        (SpeakerOf(None, "Rudolf Tamme"), SpeakerOf(None, "R. Tamme"), "same"),
        (SpeakerOf(None, "Rudolf Tamme"), SpeakerOf("rudolf-tamme", "Рудольф Тамме"), "same"),
        (SpeakerOf(None, "Rudolf Tamme"), SpeakerOf(None, "Ines Tamme"), "other"),
        (SpeakerOf("tomas-grell", None), SpeakerOf("ines-moraw", None), "other"),
        (SpeakerOf("tomas-grell", None), SpeakerOf("lock-office", None), "same"),
        (SpeakerOf("ines-moraw", None), SpeakerOf("lock-office", None), "other"),
        (SpeakerOf("tomas-grell", None), SpeakerOf("somebody", None), "perhaps"),
        (SpeakerOf(None, None), SpeakerOf("tomas-grell", None), "perhaps"),
    ],
)
def test_who_may_be_one_speaker(one: SpeakerOf, other: SpeakerOf, answer: str) -> None:
    known = KnownSpeakers(
        {"tomas-grell": frozenset({"lock-office"})},
        frozenset({"tomas-grell", "ines-moraw"}),
        frozenset({"lock-office"}),
    )
    assert same_speaker(one, other, known) == same_speaker(other, one, known) == answer


def all_quotes() -> list[LinkableQuote]:
    from pipeline.statements.tool import quotes_of_article

    some = [briefing for briefing in labelled_briefings() if briefing.name in {"bridge-ru", "granary-mixed", "lock-en"}]
    return [one for briefing in some for article in briefing.articles for one in quotes_of_article(article)]


QUOTES = all_quotes()


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.integers(0, len(QUOTES)))
def test_only_the_set_of_quotes_counts(shuffled: random.Random, taken: int) -> None:
    some = QUOTES[:]
    shuffled.shuffle(some)
    some = some[:taken]
    first = find_statements(some, NOBODY)
    shuffled.shuffle(some)
    assert find_statements(some, NOBODY) == first
    assert sum(len(one.reports) for one in first) == len(cut_quotes(some))


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_grouping_reads_the_set_of_links(shuffled: random.Random) -> None:
    cut = cut_quotes(QUOTES)
    links = link_segments(cut, NOBODY)
    whole = group_segments(cut, links, NOBODY)
    shuffled.shuffle(cut)
    shuffled.shuffle(links)
    assert group_segments(cut, [*links, *links[:5]], NOBODY) == whole
    assert link_segments(cut, NOBODY) == sorted(links, key=lambda one: (one.a, one.b))


def test_what_was_said_years_ago_changes_nothing_today() -> None:
    from dataclasses import replace

    long_ago = [
        replace(it, quote=replace(it.quote, id=f"{it.quote.id}-old", article_id=f"{it.quote.article_id}-old",
                                  published_at=it.quote.published_at - timedelta(days=days)))
        for it in QUOTES for days in (4, 900) if it.quote.published_at is not None
    ]  # fmt: skip
    today = find_statements(QUOTES, NOBODY)
    known = {one.id for one in today}
    assert [one for one in find_statements([*QUOTES, *long_ago], NOBODY) if one.id in known] == today


@settings(max_examples=10)
@given(st.sampled_from(QUOTES), st.integers(-100, 100))
def test_what_a_later_date_gives_is_what_it_would_have_given_at_once(one: LinkableQuote, hours: int) -> None:
    from dataclasses import replace

    at = (one.quote.published_at or DAY) + timedelta(hours=hours)
    moved = [
        replace(it, quote=replace(it.quote, published_at=at)) if it.quote.article_id == one.quote.article_id else it
        for it in QUOTES
    ]
    assert find_statements(moved, NOBODY) == find_statements(reversed(moved), NOBODY)


@settings(max_examples=60)
@given(st.sampled_from(QUOTES), st.sampled_from(QUOTES))
def test_likeness_does_not_depend_on_the_order_of_the_two(one: LinkableQuote, other: LinkableQuote) -> None:
    a, b = (normal_form(it.quote.text, it.quote.lang, spoken=True) for it in (one, other))
    assert likeness_of(a, b) == likeness_of(b, a)


def run_tool(*lines: str) -> tuple[int, list[dict[str, object]], str]:
    output, errors = io.StringIO(), io.StringIO()
    code = write_statements(io.StringIO("\n".join(lines)), output, errors, known=NOBODY)
    return code, [json.loads(line) for line in output.getvalue().splitlines()], errors.getvalue()


def article(name: str, text: str, **fields: object) -> str:
    quotes = [{"start": 0, "end": len(text), "type": "direct", "speaker_id": "tomas-grell", "lang": "en"}]
    return json.dumps({"id": name, "text": text, "quotes": quotes, "date": "2026-05-12", **fields})


def test_the_tool_prints_each_statement_with_the_words_that_report_it() -> None:
    text = f"{CREWS} {GATES}"
    code, found, errors = run_tool(article("x", text), article("y", GATES))
    assert (code, errors) == (0, "")
    assert [one["id"] for one in found] == sorted(str(one["id"]) for one in found)
    both = next(one for one in found if len(one["reports"]) == 2)  # type: ignore[arg-type]
    assert {key: both[key] for key in ("speaker_id", "lang", "text", "stance", "translations")} == {
        "speaker_id": "tomas-grell", "lang": "en", "text": GATES, "stance": "said", "translations": [],
    }  # fmt: skip
    spans = {(one["article"], one["start"], one["end"], one["how"]) for one in both["reports"]}  # type: ignore[attr-defined]
    assert spans == {("x", len(CREWS) + 1, len(text), "exact"), ("y", 0, len(GATES), "exact")}


def test_the_tool_names_bad_lines_and_does_the_rest() -> None:
    bad = [
        '{"id": "z"',
        "[]",
        '{"text": "x"}',
        article("w", GATES, date="May"),
        article("w", GATES, quotes=[{"start": 9}]),
    ]
    code, found, errors = run_tool(article("x", GATES), *bad, "", article("y", GATES))
    assert code == 1
    assert len(found) == 1
    assert [line.split(":")[0] for line in errors.splitlines()] == [f"line {number}" for number in range(2, 7)]


def test_a_quote_of_two_versions_counts_once_and_a_corrected_one_is_an_edit() -> None:
    corrected = GATES.replace("regatta", "regata")
    _, found, _ = run_tool(article("x", GATES), article("x", f"{GATES} "), article("x", corrected))
    assert len(found) == 1
    assert sorted(one["how"] for one in found[0]["reports"]) == ["edited", "exact"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lang", "one", "other", "why"),
    [
        (
            "en",
            "the guild has poisoned the carp ponds",
            "Who says that the guild has poisoned the carp ponds?",
            "denial",
        ),
        (
            "en",
            "the guild has poisoned the carp ponds",
            "He invented that the guild has poisoned the carp ponds.",
            "denial",
        ),
        ("en", "the guild has poisoned the carp ponds", "If the guild has poisoned the carp ponds, sue.", "denial"),
        (
            "en",
            "Seventy carts stand at the pass",
            "Seventy carts stand at the pass, by evening it is ninety.",
            "number",
        ),
        ("en", "The lease of the quay is legal.", "The lease of the quay is illegal.", "opposite"),
        ("en", "The fair of the masons opens on 5 May.", "The fair of the masons opens on 5 June.", "date"),
        ("en", "Bread will not become dearer in the valley.", "Salt will not become dearer in the valley.", "subject"),
        ("ru", "Якорь гавани нашли французские водолазы", "Якорь гавани нашли немецкие водолазы", "name"),
        ("ru", "Контакты с докерами были", "Контактов с докерами не было", "polarity"),
    ],
)
def test_what_forbids_that_two_wordings_are_one(lang: str, one: str, other: str, why: str) -> None:
    a, b = (normal_form(text, lang, spoken=True) for text in (one, other))
    assert difference_between(a, b) == difference_between(b, a) == why


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "the carp ponds belong to the valley", "I repeat that the carp ponds belong to the valley."),
        ("ru", "пруды принадлежат всей долине", "Хочу подчеркнуть, что пруды принадлежат всей долине"),
        ("ru", "Мы не раз предупреждали о запруде", "Мы неоднократно предупреждали о запруде"),
    ],
)
def test_what_only_asserts_is_no_difference(lang: str, one: str, other: str) -> None:
    a, b = (normal_form(text, lang, spoken=True) for text in (one, other))
    assert difference_between(a, b) is None
