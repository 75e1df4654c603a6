"""Evaluate the newest observation of a source: symptoms, recoveries, warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from pipeline.config.source import Source
from pipeline.health import arrivals, content_checks, documents
from pipeline.health.baseline import Baseline
from pipeline.health.observation import HealthVerdict, Kind, Mask, Observation, Symptom
from pipeline.health.seasonality import DAY_OFF, HOUR, kinds_of_hours, run_intervals
from pipeline.reasons import Reason

CAUSES = (Kind.BLOCKED, Kind.FEED_MOVED, Kind.UNREACHABLE)
"""Kinds that cause silence or shortfalls, so that these are not reported as well."""
FLOOR_NEW, FLOOR_LISTED = "floor:pages_per_day", "floor:min_discovered"
ALL_DAY = timedelta(hours=24)


def evaluate_source(
    seen: Sequence[Observation], baseline: Baseline, source: Source, masks: Sequence[Mask] = ()
) -> HealthVerdict:
    """Evaluate the newest of ``seen`` (oldest first, by runs of one sort).

    ``baseline``: as learned from the observations before it. ``masks``: closed incidents, whose periods are left out.
    """
    newest = seen[-1]
    symptoms = list(document_symptoms(seen, baseline))
    passing = passing_documents(seen, baseline)
    if not newest.unreadable:
        symptoms += content_checks.content_symptoms(seen, baseline)
        passing |= content_checks.passing_shares(seen, baseline)
        below, above = content_checks.check_content_floors(seen, source.expect)
        symptoms, passing = symptoms + below, passing | above
        passing |= arrivals.passing_arrivals(seen, baseline.seasonality)
        if baseline.seasonality is not None:
            symptoms += arrivals.arrival_symptoms(seen, baseline.seasonality, masks)
        below, above = check_arrival_floors(seen, source)
        symptoms, passing = symptoms + below, passing | above
    kept = tuple(first_causes(symptoms))
    failing = {(it.kind, it.signal) for it in symptoms}
    return HealthVerdict(
        newest.source_id, newest.at, kept, frozenset(passing - failing), tuple(exceeded_ceilings(seen, source))
    )


def document_symptoms(seen: Sequence[Observation], baseline: Baseline) -> Iterator[Symptom]:
    """Failures of feeds and sitemaps that have lasted for enough runs to be reported."""
    for sign, detail in documents.document_signs(seen[-1], baseline.answers).items():
        runs = documents.sign_streak(seen, sign, baseline.answers)
        if runs >= baseline.answers.runs_needed.get(sign[0], 1):
            before = seen[-runs - 1].at if len(seen) > runs else seen[-runs].at
            yield Symptom(documents.kind_of(sign), documents.SIGNAL, before, detail)


def passing_documents(seen: Sequence[Observation], baseline: Baseline) -> set[tuple[Kind, str]]:
    """Kinds of document failures that are absent: for two runs, or for one if runs are far apart."""
    runs = 1 if baseline.interval >= documents.AT_ONCE_FROM else 2
    latest = seen[-runs:]
    if len(latest) < runs or any(not it.documents or it.unreadable for it in latest):
        return set()
    wrong = {documents.kind_of(sign) for it in latest for sign in documents.document_signs(it, baseline.answers)}
    return {(kind, documents.SIGNAL) for kind in Kind if kind not in wrong}


def first_causes(symptoms: Sequence[Symptom]) -> Iterator[Symptom]:
    """Drop symptoms that only follow from another symptom in the list."""
    kinds = {it.kind for it in symptoms}
    for it in symptoms:
        follows = it.signal == arrivals.SIGNAL or it.signal.startswith("floor:")
        if it.kind in (Kind.SILENT, Kind.HALF_EMPTY) and follows and kinds & set(CAUSES):
            continue
        if it.kind is Kind.HALF_EMPTY and kinds & {Kind.SILENT, Kind.UNREACHABLE}:
            continue
        yield it


def check_arrival_floors(seen: Sequence[Observation], source: Source) -> tuple[list[Symptom], set[tuple[Kind, str]]]:
    """Floors of ``expect:`` on listed and new pages, as symptoms and passing signals.

    The floor on new pages holds on working days only; for other days there is the seasonality.
    """
    newest, expect = seen[-1], source.expect
    failing: list[Symptom] = []
    passing: set[tuple[Kind, str]] = set()

    def hold(signal: str, found: float, floor: float, description: str) -> None:
        kind = Kind.HALF_EMPTY if found else Kind.SILENT
        if found < floor:
            failing.append(Symptom(kind, signal, newest.at, f"{description}, below the floor of {floor:g}"))
        else:
            passing.update({(Kind.HALF_EMPTY, signal), (Kind.SILENT, signal)})

    if newest.documents and all(it.reason != Reason.NOT_MODIFIED for it in newest.documents.values()):
        description = f"{newest.discovered} addresses listed"
        hold(FLOOR_LISTED, newest.discovered, expect.min_discovered, description)
    new = new_in_a_day(seen)
    if expect.pages_per_day is not None and new is not None and is_working_day(newest, source):
        hold(FLOOR_NEW, new, expect.pages_per_day[0], f"{new} new pages in 24 h")
    return failing, passing


def exceeded_ceilings(seen: Sequence[Observation], source: Source) -> Iterator[str]:
    """Warnings for ceilings of ``expect:`` that are exceeded."""
    most, expect = source.expect.max_discovered, source.expect
    if most is not None and seen[-1].discovered > most:
        yield f"{seen[-1].discovered} addresses listed, more than max_discovered: {most}"
    new = new_in_a_day(seen)
    if expect.pages_per_day is not None and new is not None and new > expect.pages_per_day[1]:
        yield f"{new} new pages in 24 h, more than pages_per_day allows: {expect.pages_per_day[1]}"


def new_in_a_day(seen: Sequence[Observation]) -> int | None:
    """New pages in the last 24 hours; None if our runs paused, or if the source was not observed for so long."""
    day = arrivals.recent_observations(seen, ALL_DAY * 1.1)
    gaps = run_intervals(day)[1:] if len(day) > 1 else []
    if sum(gaps, timedelta(0)) < ALL_DAY * 0.85 or max(gaps) > max(ALL_DAY * 1.1, 3 * min(gaps)):
        return None
    return sum(it.new for it in day[1:])


def is_working_day(newest: Observation, source: Source) -> bool:
    """Whether the last 24 hours lie in working days only, by the source's time zone and its country's days off."""
    kinds, _ = kinds_of_hours(newest.at - ALL_DAY, ALL_DAY // HOUR, ZoneInfo(source.dates.zone), source.country)
    return bool((kinds < 5).all()) and DAY_OFF not in kinds
