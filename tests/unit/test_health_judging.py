"""Judging a source: days off, feeds that answer otherwise, patience, floors, and what becomes of incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.config.source import Source
from pipeline.health import (
    Baseline,
    Close,
    DocumentObservation,
    DocumentState,
    HealthVerdict,
    Incident,
    Kind,
    Mask,
    Observation,
    Open,
    Update,
    decide_intents,
    evaluate_source,
    fault_of_ours,
    learn_baseline,
)
from pipeline.health.calendar import is_day_off
from pipeline.health.observation import state_of
from pipeline.health.seasonality import learn_seasonality

FEED, OTHER = "https://gazette.example/rss", "https://gazette.example/politics.rss"
START = datetime(2026, 6, 1, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OK = DocumentObservation(DocumentState.OK, "edited", FEED)
DOWN = DocumentObservation(DocumentState.FAILED, "timeout")
REFUSED = DocumentObservation(DocumentState.REFUSED, "http-403", FEED)


def source(**expect: object) -> Source:
    return Source.model_validate(
        {
            "id": "gazette",
            "title": "The Gazette",
            "language": "en",
            "country": "RU",
            "home": "https://gazette.example/",
            "feeds": [FEED, OTHER],
            "expect": expect,
        }
    )


def seen(
    at: datetime, new: int = 20, documents: dict[str, DocumentObservation] | None = None, **more: object
) -> Observation:
    held = {FEED: OK, OTHER: replace(OK, final_url=OTHER)} if documents is None else documents
    given: dict[str, object] = {"discovered": 40, **more}
    return Observation("gazette", f"{at:%FT%T}", at, documents=held, new=new, **given)  # type: ignore[arg-type]


def days(number: int, step: timedelta = DAY, **more: object) -> list[Observation]:
    """A quiet source: the same number of new pages in every run."""
    return [seen(START + n * step, **more) for n in range(number)]  # type: ignore[arg-type]


def judged(
    history: Sequence[Observation], newest: Observation, masks: Sequence[Mask] = (), **expect: object
) -> HealthVerdict:
    habits = learn_baseline(history, masks, zone="Europe/Moscow", country="RU")
    return evaluate_source([*history, newest], habits, source(**expect), masks)


def kinds(verdict: HealthVerdict) -> list[Kind]:
    return [it.kind for it in verdict.symptoms]


@pytest.mark.parametrize(
    ("country", "day", "off"),
    [
        ("RU", date(2026, 1, 8), True),
        ("RU", date(2026, 1, 11), True),
        ("RU", date(2026, 1, 12), False),
        ("RU", date(2025, 12, 29), False),
        ("RU", date(2026, 5, 2), True),
        ("RU", date(2026, 6, 20), False),
        ("GB", date(2026, 4, 6), True),
        ("GB", date(2025, 12, 29), True),
        ("US", date(2026, 7, 4), True),
        ("", date(2026, 1, 1), False),
        ("ZZ", date(2026, 1, 1), False),
    ],
)
def test_days_off(country: str, day: date, off: bool) -> None:
    assert is_day_off(country, day) is off


@pytest.mark.parametrize(
    ("outcome", "reason", "state"),
    [
        ("kept", "new", DocumentState.OK),
        ("unchanged", "not-modified", DocumentState.OK),
        ("error", "http-403", DocumentState.REFUSED),
        ("error", "robots", DocumentState.REFUSED),
        ("gone", "http-404", DocumentState.MOVED),
        ("error", "not-a-feed", DocumentState.MOVED),
        ("error", "empty-feed", DocumentState.EMPTY),
        ("error", "timeout", DocumentState.FAILED),
        ("error", "http-500", DocumentState.FAILED),
        ("error", "robots-unread", DocumentState.FAILED),
    ],
)
def test_the_ledgers_words_make_a_documents_state(outcome: str, reason: str, state: DocumentState) -> None:
    assert state_of(outcome, reason) is state


def test_the_rhythm_knows_hours_weekends_and_zones() -> None:
    zone = ZoneInfo("Europe/Moscow")
    history = []
    for n in range(24 * 42):
        at = START + n * HOUR
        local = (at - timedelta(minutes=30)).astimezone(zone)
        history.append(seen(at, new=12 if 9 <= local.hour < 18 and local.weekday() < 5 else 0))
    rhythm = learn_seasonality(history, (), zone, "")
    assert rhythm is not None
    tuesday, saturday = (datetime(2026, 7, day, tzinfo=zone) for day in (14, 18))
    noon = rhythm.expected([tuesday + 12 * HOUR, tuesday + 13 * HOUR])[1]
    night = rhythm.expected([tuesday + 2 * HOUR, tuesday + 3 * HOUR])[1]
    weekend = rhythm.expected([saturday + 12 * HOUR, saturday + 13 * HOUR])[1]
    assert noon == pytest.approx(12, rel=0.1)
    assert night < 0.5 and weekend < 1.0


def test_one_day_of_big_news_is_no_rhythm() -> None:
    history = days(40)
    history[33] = replace(history[33], new=900)
    rhythm = learn_baseline(history, (), zone="UTC", country="").seasonality
    assert rhythm is not None
    weekday = rhythm.expected([history[33].at + 7 * DAY - DAY, history[33].at + 7 * DAY])[1]
    assert weekday < 26


def test_nothing_new_where_much_is_usual_is_silence() -> None:
    verdict = judged(days(30), seen(START + 30 * DAY, new=0))
    assert kinds(verdict) == [Kind.SILENT]
    assert verdict.symptoms[0].since == START + 29 * DAY
    assert "0 new pages in 24 h, where 20 are usual" in verdict.symptoms[0].detail


def test_before_two_weeks_are_seen_the_rhythm_says_nothing() -> None:
    assert kinds(judged(days(12), seen(START + 12 * DAY, new=0))) == []


def test_after_a_pause_of_ours_a_run_is_not_held_against_the_rhythm() -> None:
    assert kinds(judged(days(30), seen(START + 34 * DAY, new=1))) == []


def test_the_time_of_an_incident_is_not_learned_from() -> None:
    poor = [replace(it, new=0) for it in days(60)[30:]]
    masks = [Mask(START + 29 * DAY, START + 60 * DAY, Kind.SILENT)]
    assert kinds(judged([*days(30), *poor], seen(START + 60 * DAY, new=0), masks)) == []
    rhythm = learn_baseline([*days(30), *poor], masks, zone="UTC", country="").seasonality
    assert rhythm is not None and rhythm.expected([START + 60 * DAY, START + 61 * DAY])[1] > 18


@pytest.mark.parametrize(
    ("documents", "kind"),
    [
        ({FEED: DOWN, OTHER: DOWN}, Kind.UNREACHABLE),
        ({FEED: REFUSED, OTHER: DOWN}, Kind.BLOCKED),
        ({FEED: DocumentObservation(DocumentState.MOVED, "not-a-feed", FEED)}, Kind.FEED_MOVED),
        ({FEED: DocumentObservation(DocumentState.EMPTY, "empty-feed", FEED)}, Kind.SILENT),
        ({FEED: OK, OTHER: DOWN}, Kind.HALF_EMPTY),
        ({FEED: OK, OTHER: REFUSED}, Kind.BLOCKED),
        ({FEED: replace(OK, final_url="https://new.example/rss"), OTHER: OK}, Kind.FEED_MOVED),
    ],
)
def test_what_feeds_say_has_one_name(documents: dict[str, DocumentObservation], kind: Kind) -> None:
    verdict = judged(days(20), seen(START + 20 * DAY, documents=documents))
    assert set(kinds(verdict)) == {kind}


def test_https_for_http_or_another_slash_is_no_move() -> None:
    documents = {FEED: replace(OK, final_url="http://www.gazette.example/rss/")}
    assert kinds(judged(days(20), seen(START + 20 * DAY, documents=documents))) == []


def test_a_first_run_that_cannot_read_anything_is_told_at_once() -> None:
    verdict = evaluate_source([seen(START, new=0, documents={FEED: DOWN})], Baseline(), source())
    assert kinds(verdict) == [Kind.UNREACHABLE] and verdict.symptoms[0].since == START


def test_a_source_known_to_stumble_is_given_time_and_no_more_than_three_runs() -> None:
    history = days(24 * 20, HOUR)
    for n in range(50, 480, 40):
        history[n] = replace(history[n], documents={FEED: DOWN, OTHER: DOWN}, new=0)
    found = []
    for n in range(3):
        newest = seen(START + (480 + n) * HOUR, new=0, documents={FEED: DOWN, OTHER: DOWN})
        found.append(kinds(judged(history, newest)))
        history.append(newest)
    assert found == [[], [Kind.UNREACHABLE], [Kind.UNREACHABLE]]


def test_a_share_that_falls_is_a_layout_and_refused_pages_are_blocked() -> None:
    history = days(30, shares={"text": (19, 20), "answered": (20, 20), "date": (8, 8)})
    fallen = judged(history, seen(START + 30 * DAY, shares={"text": (1, 20), "answered": (20, 20), "date": (1, 1)}))
    refused = judged(history, seen(START + 30 * DAY, shares={"answered": (1, 20)}))
    assert kinds(fallen) == [Kind.LAYOUT] and "1 of 20 pages" in fallen.symptoms[0].detail
    assert kinds(refused) == [Kind.BLOCKED]
    assert (Kind.LAYOUT, "share:date") in fallen.passing


def test_texts_that_become_stubs_are_a_layout() -> None:
    full, stubs = (0,) * 11 + (10, 10), (0,) * 7 + (10, 10)
    verdict = judged(days(30, lengths=full), seen(START + 30 * DAY, lengths=stubs))
    assert [(it.kind, it.signal) for it in verdict.symptoms] == [(Kind.LAYOUT, "share:length")]


def test_floors_hold_from_the_first_day() -> None:
    listed = judged([], seen(START, discovered=3), min_discovered=20)
    assert kinds(listed) == [Kind.HALF_EMPTY] and "below the floor of 20" in listed.symptoms[0].detail
    texts = judged([], seen(START, shares={"text": (2, 20)}), with_text=0.8)
    assert kinds(texts) == [Kind.LAYOUT]
    calm = {FEED: replace(OK, reason="not-modified")}
    assert kinds(judged([], seen(START, discovered=0, documents=calm), min_discovered=20)) == []


def test_the_floor_on_new_pages_holds_on_working_days() -> None:
    monday_to_thursday = days(4, new=300)
    friday, sunday = START + 4 * DAY, START + 6 * DAY
    assert kinds(judged(monday_to_thursday, seen(friday, new=30), pages_per_day=(100, 900))) == [Kind.HALF_EMPTY]
    assert kinds(judged(days(6, new=300), seen(sunday, new=30), pages_per_day=(100, 900))) == []


def test_ceilings_only_warn() -> None:
    verdict = judged(days(4), seen(START + 4 * DAY, new=2000, discovered=2000), pages_per_day=(0, 900))
    assert kinds(verdict) == []
    assert verdict.warnings == ("2000 new pages in 24 h, more than pages_per_day allows: 900",)


def test_many_sources_failing_together_are_a_fault_of_ours_and_refusals_are_not() -> None:
    well, down, refused = (seen(START, documents={FEED: it}) for it in (OK, DOWN, REFUSED))
    assert fault_of_ours([down] * 6 + [well] * 3)
    assert not fault_of_ours([down] * 3 + [well] * 6)
    assert not fault_of_ours([down] * 2)
    assert not fault_of_ours([refused] * 9)


def incident(kind: Kind, *signals: str) -> Incident:
    return Incident("i1", "gazette", kind, START, START, START, signals, "as it was")


def test_an_incident_is_opened_once_updated_and_closed_when_all_its_signals_are_well() -> None:
    down = judged(days(20), seen(START + 20 * DAY, documents={FEED: REFUSED}))
    [opened] = decide_intents(down, [])
    assert isinstance(opened, Open) and opened.signals == ("documents",)
    assert [type(it) for it in decide_intents(down, [incident(Kind.BLOCKED, "share:answered")])] == [Update]
    well = judged(days(20), seen(START + 20 * DAY))
    assert [type(it) for it in decide_intents(well, [incident(Kind.BLOCKED, "documents")])] == [Close]
    # nothing was asked of pages, so that nothing can be said of them
    assert list(decide_intents(well, [incident(Kind.BLOCKED, "documents", "share:answered")])) == []
