"""Sixty days of 25 papers over New Year and over the May holidays: what breaks is noticed, what rests is left alone."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from press import BREAKS, PAPERS, Paper, can_have, moment
from watching import Watched, watched

from pipeline.health import Open

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["health"]
DAYS = 60
SOURCE_MONTHS = len(PAPERS) * DAYS / 30
WINTER, SPRING = date(2025, 11, 20), date(2026, 3, 20)
AT_ONCE = ("dead", "emptied", "feed refused", "feed gone", "feed a web page", "feed elsewhere", "one feed fails")
"""What feeds and sitemaps say themselves: there is nothing to count."""
BY_NUMBERS = (
    "pages refused",
    "bot wall",
    "text lost",
    "frozen",
    "selectors miss",
    "dates lost",
    "stubs",
    "a tenth left",
    "a third left",
)
"""What only numbers can tell from chance. A ministry on a Sunday, with a page or two or none, gives none."""
ONE_EACH_WAY = {
    "wire-en": "feed gone",
    "portal-b": "frozen",
    "daily-b": "pages refused",
    "abroad-ru": "text lost",
    "channel": "one feed fails",
}


@dataclass
class Story:
    """What came of a world: false alarms by paper, and by which run each break of each paper was noticed."""

    false: dict[str, list[tuple[datetime, Open]]] = field(default_factory=lambda: defaultdict(list))
    noticed: dict[str, dict[str, int | None]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def alarms(self) -> int:
        return sum(map(len, self.false.values()))

    def share(self, how: str, within: int, *, daily: float = 0) -> float:
        """The share of papers of ``daily`` articles a day or more whose break was noticed within so many runs."""
        large = {paper.name for paper in PAPERS if paper.daily >= daily}
        runs = [run for name, run in self.noticed[how].items() if name in large]
        return sum(run is not None and run <= within for run in runs) / len(runs)


def live_through(start: date, step: timedelta, seed: int, *, breaks: tuple[str, ...]) -> Story:
    """Sixty days of all papers, well; copies of each are broken in each way on a day between the 30th and the 58th."""
    story = Story()
    for paper in PAPERS:
        one = watched(paper, moment(start, 1), DAYS + 8, seed)
        due = break_days(paper, seed, breaks)
        at = moment(start, 1)
        for _ in range(int(timedelta(days=DAYS) / step)):
            at += step
            today = (at - moment(start)).days
            for how in [how for how, day in due.items() if today >= day and not one.open]:
                del due[how]
                story.noticed[how][paper.name] = one.runs_until_noticed(how, at, step, int(timedelta(days=7) / step))
            story.false[paper.name] += [(at, it) for it in one.look(at, step)]
        assert not due, f"{paper.name} was never well enough to be broken"
    return story


def break_days(paper: Paper, seed: int, breaks: tuple[str, ...]) -> dict[str, int]:
    chance = np.random.default_rng([seed, 7, *paper.name.encode()])
    return {how: int(chance.integers(30, 58)) for how in breaks if can_have(paper, how)}


WORLDS = [
    (WINTER, 1),
    pytest.param((WINTER, 2), marks=pytest.mark.slow),
    pytest.param((SPRING, 1), marks=pytest.mark.slow),
    pytest.param((SPRING, 2), marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=WORLDS, ids=str)
def daily(request: pytest.FixtureRequest) -> Story:
    start, seed = request.param
    return live_through(start, timedelta(days=1), seed, breaks=tuple(BREAKS))


@pytest.fixture(scope="module")
def hourly() -> Story:
    return live_through(SPRING, timedelta(hours=1), 1, breaks=AT_ONCE)


def test_a_source_that_is_well_is_left_alone(daily: Story) -> None:
    assert daily.alarms / SOURCE_MONTHS <= FLOORS["false_alarms_a_source_month"], dict(daily.false)
    assert max(map(len, daily.false.values())) <= 3, dict(daily.false)


@pytest.mark.parametrize("how", AT_ONCE)
def test_what_feeds_say_themselves_is_noticed_by_the_next_run(daily: Story, how: str) -> None:
    assert daily.share(how, 1) == 1.0, daily.noticed[how]


@pytest.mark.parametrize("how", BY_NUMBERS)
def test_what_numbers_tell_is_noticed_by_the_next_run_where_there_are_numbers(daily: Story, how: str) -> None:
    floors = FLOORS["noticed"][how]
    assert daily.share(how, 1, daily=25) >= floors["next_run"], daily.noticed[how]
    assert daily.share(how, 7) >= floors["within_a_week"], daily.noticed[how]


@pytest.mark.parametrize("start", [WINTER, SPRING], ids=str)
@pytest.mark.parametrize("seed", [1, *(pytest.param(it, marks=pytest.mark.slow) for it in range(2, 6))])
def test_one_source_broken_in_each_way_is_noticed_by_the_next_run(start: date, seed: int) -> None:
    """All 25 side by side; five break on one day and stay broken: each opens its incident, once, in the next run."""
    step, at = timedelta(days=1), moment(start, 1)
    press = {paper.name: watched(paper, at, DAYS, seed) for paper in PAPERS}
    opened = defaultdict(list)
    for day in range(1, DAYS):
        at += step
        for name, one in press.items():
            how = ONE_EACH_WAY.get(name, "") if day >= 47 else ""
            opened[name] += [(day, it.kind) for it in one.look(at, step, how)]
    for name, how in ONE_EACH_WAY.items():
        assert [it for it in opened[name] if it[0] >= 47] == [(47, BREAKS[how])], name
    false = sum(len([it for it in seen if it[0] < 47 or name not in ONE_EACH_WAY]) for name, seen in opened.items())
    assert false / SOURCE_MONTHS <= FLOORS["false_alarms_a_source_month"]


@pytest.mark.slow
def test_with_runs_every_hour_there_are_no_more_false_alarms_than_one_a_source_month(hourly: Story) -> None:
    assert hourly.alarms / SOURCE_MONTHS <= FLOORS["false_alarms_a_source_month_hourly"], dict(hourly.false)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["dead", "emptied", "feed refused", "feed gone", "feed a web page", "feed elsewhere"])
def test_with_runs_every_hour_a_dead_source_is_told_by_the_third_run(hourly: Story, how: str) -> None:
    """A fault that some sources have now and then must show twice, or three times where they have it often."""
    assert hourly.share(how, 2) >= FLOORS["hourly_2_runs"], hourly.noticed[how]
    assert hourly.share(how, 3) == 1.0, hourly.noticed[how]


def test_a_broken_source_stays_one_incident_and_is_closed_when_it_is_well_again() -> None:
    paper, step = PAPERS[5], timedelta(days=1)
    one = watched(paper, moment(SPRING, 1), DAYS, 3)
    at = moment(SPRING, 1)
    opened: list[Open] = []
    for day in range(50):
        at += step
        opened += one.look(at, step, "feed gone" if 30 <= day < 38 else "")
    assert [it.kind.value for it in opened] == ["feed-moved"]
    assert one.open == [] and one.ended[0].closed_at == moment(SPRING, 1) + 39 * step


def test_a_paper_that_stays_poor_is_not_learned_to_be_poor(daily: Story) -> None:
    """While an incident is open its time is not learned from: else it would heal by being forgotten."""
    paper, step = PAPERS[0], timedelta(days=1)
    one: Watched = watched(paper, moment(SPRING, 1), DAYS, 4)
    at = moment(SPRING, 1)
    for day in range(DAYS - 1):
        at += step
        one.look(at, step, "a tenth left" if day >= 30 else "")
    assert [it.kind.value for it in one.open] == ["half-empty"] and not one.ended
