"""Check the shares of a source's pages that answer, can be read, and have title, date and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pipeline.config.source import Expect
from pipeline.health import chances
from pipeline.health.baseline import Baseline
from pipeline.health.observation import Kind, Observation, Share, Symptom
from pipeline.health.ratios import FALLEN, FALLEN_ELSE, KINDS, SHARE_DESCRIPTIONS, UsualShare, share_of

FALSE_A_MONTH = 0.15
"""False alarms per month that a source may raise about its shares, over all checks together."""
POOLS = (1, 5, 20)
"""Minimum numbers of pages to pool: those of the newest run, and of earlier runs as far as needed."""
OLDEST = timedelta(days=7)
PASSING_FROM = 0.1
"""A share counts as recovered if its probability under the baseline is at least this."""
PAGES_FOR_FLOOR = 10
SURE_OF_FLOOR = 0.01
FLOORS = {"text": "with_text", "date": "with_date", "title": "with_title"}


def pooled_share(
    seen: Sequence[Observation], name: str, least: int, length: int | None = None
) -> tuple[Share, datetime]:
    """A share over the newest runs, as many as needed for ``least`` pages, and the time of the oldest of them."""
    good = of = 0
    first = seen[-1].at
    for it in reversed(seen):
        if of >= least or seen[-1].at - it.at > OLDEST:
            break
        found = share_of(it, name, length)
        if found[1]:
            good, of, first = good + found[0], of + found[1], it.at
    return (good, of), first


def content_symptoms(seen: Sequence[Observation], baseline: Baseline) -> Iterator[Symptom]:
    """Shares that have fallen significantly. A share is tested only if the newest run has pages for it."""
    monthly_runs = timedelta(days=30) / max(baseline.interval, timedelta(minutes=30))
    for name, usual in baseline.shares.items():
        if not share_of(seen[-1], name, baseline.length)[1]:
            continue
        for least in POOLS:
            found, first = pooled_share(seen, name, least, baseline.length)
            if found[1] >= least and _fallen(name, found, usual, least, monthly_runs):
                detail = f"{found[0]} of {found[1]} pages, where {usual.share:.0%} {SHARE_DESCRIPTIONS[name]}"
                yield Symptom(KINDS[name], f"share:{name}", first, detail)
                break


def _fallen(name: str, found: Share, usual: UsualShare, least: int, monthly_runs: float) -> bool:
    if found[0] > FALLEN.get(name, FALLEN_ELSE) * usual.share * found[1]:
        return False
    tests = max(1.0, min(monthly_runs, usual.monthly / max(least, 1)))
    return usual.chance(found) < FALSE_A_MONTH / len(KINDS) / len(POOLS) / tests


def passing_shares(seen: Sequence[Observation], baseline: Baseline) -> set[tuple[Kind, str]]:
    """Shares that the newest pages show to be as usual."""
    found = set()
    for name, usual in baseline.shares.items():
        if share_of(seen[-1], name, baseline.length)[1]:
            share, _ = pooled_share(seen, name, POOLS[1], baseline.length)
            if usual.chance(share) >= PASSING_FROM or share[0] >= 0.9 * usual.share * share[1]:
                found.add((KINDS[name], f"share:{name}"))
    return found


def check_content_floors(seen: Sequence[Observation], expect: Expect) -> tuple[list[Symptom], set[tuple[Kind, str]]]:
    """Shares below the floors of ``expect:`` as symptoms, and those at or above them as passing."""
    failing, passing = [], set()
    for name, field in FLOORS.items():
        floor = getattr(expect, field)
        if floor is None or not seen[-1].shares.get(name, (0, 0))[1]:
            continue
        found, first = pooled_share(seen, name, PAGES_FOR_FLOOR)
        if found[1] >= PAGES_FOR_FLOOR and chances.of_even(*found, floor) < SURE_OF_FLOOR:
            detail = f"{found[0]} of {found[1]} {SHARE_DESCRIPTIONS[name]}, below the floor {field}: {floor:g}"
            failing.append(Symptom(Kind.LAYOUT, f"floor:{field}", first, detail))
        elif found[0] >= floor * found[1]:
            passing.add((Kind.LAYOUT, f"floor:{field}"))
    return failing, passing
