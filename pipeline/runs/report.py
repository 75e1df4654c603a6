"""The report of a run, from its ledger and its stages' rows, and whether the run counts as failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from pipeline.crawling.summary import NOTHING_LISTED, NOTHING_READ, CrawlSummary
from pipeline.health import Incident
from pipeline.queries.ledger import url_outcomes
from pipeline.reasons import Reason
from pipeline.records import Stage, Window
from pipeline.runtime.sandbox import UNANSWERED
from pipeline.stage_result import counts_as_text
from pipeline.store.runs import ledger, run_stages, run_state
from pipeline.store.runs.run_stages import StagePass

ERRORS_ALLOWED = 0.5
"""Share of a source's URLs that may end as errors before the source counts as failed."""
ERRORS_COUNT_FROM = 10
"""A source with fewer errors than this does not count as failed because of them."""
ENDED_AS_ERRORS = "addresses ended as errors"
BUGS_ALLOWED = 0.01
"""Share of a stage's items that may fail because of a bug."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source in one run. ``failure`` is empty if all is well."""

    discovered: int
    outcomes: dict[str, int]
    reasons: dict[str, int]
    failure: str = ""
    in_replay: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it failed because the publication brought nothing, and not because something of it was lost."""
        return self.failure in (NOTHING_READ, NOTHING_LISTED) or self.failure.endswith(ENDED_AS_ERRORS)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did. ``exit_code``: 0 if all is well, 1 if it finished with failures."""

    run: str
    window: Window | None
    sources: dict[str, SourceReport]
    stages: dict[str, dict[str, int]]
    counts: dict[str, int]
    failures: list[str] = field(default_factory=list)
    incidents: tuple[Incident, ...] = ()
    """Incidents of its sources that are open when the run ends; they do not make it fail."""
    known: dict[str, str] = field(default_factory=dict)
    """Sources that brought nothing, of which an e-mail was sent before, with their incident: they fail it no more."""

    @property
    def exit_code(self) -> int:
        return 1 if self.failures else 0

    @property
    def exit_reason(self) -> str:
        if self.failures:
            return "; ".join(self.failures)
        known = ", ".join(f"{source} ({notified})" for source, notified in self.known.items())
        return f"all well but for what is known: {known}" if known else "all well"

    def without_known(self, notified: Mapping[str, str]) -> RunReport:
        """The report in which sources that brought nothing are no failure if they were ``notified`` before.

        Unless every source of the run has failed: then something else is wrong.
        """
        crawled = {source: it for source, it in self.sources.items() if it.in_replay}
        known = {source: notified[source] for source, it in crawled.items() if it.is_empty and source in notified}
        if all(it.failure for it in crawled.values()):
            return self
        known_failures = {f"{source}: {self.sources[source].failure}" for source in known}
        return replace(self, failures=[it for it in self.failures if it not in known_failures], known=known)

    def as_json(self) -> dict[str, object]:
        """The object that ``onrecord run --json`` prints."""
        return {
            "run": self.run,
            "window": [self.window.start, self.window.end] if self.window else None,
            "sources": {
                source: {"discovered": it.discovered, "outcomes": it.outcomes, "reasons": it.reasons}
                for source, it in self.sources.items()
                if it.in_replay
            },
            "not_in_replay": [source for source, it in self.sources.items() if not it.in_replay],
            "stages": self.stages,
            "versions_new": self.counts.get("versions_new", 0),
            "quotes": self.counts.get("quotes", 0),
            "statements": self.counts.get("statements", 0),
            "alerts": self.counts.get("alerts", 0),
            "incidents": [incident_object(it) for it in self.incidents],
            "known": self.known,
            "exit_code": self.exit_code,
            "exit_reason": self.exit_reason,
        }

    def as_text(self) -> str:
        """The report as text: a line per source, then the totals and the failures."""
        shown = {source: it for source, it in self.sources.items() if it.in_replay}
        width = max((len(source) for source in shown), default=6)
        lines = [
            f"{source:<{width}}  {it.discovered:>5} found  {_outcomes_text(it.outcomes)}"
            for source, it in shown.items()
        ]
        absent = [source for source, it in self.sources.items() if not it.in_replay]
        if absent:
            lines.append(f"not in the replay: {', '.join(absent)}")
        lines.append(f"run {self.run}: {counts_as_text(self.counts) or 'nothing to do'}")
        lines += [f"INCIDENT: {it.source_id} is {it.kind}: {it.detail}" for it in self.incidents]
        lines += [
            f"KNOWN: {source}: {self.sources[source].failure} ({notified})" for source, notified in self.known.items()
        ]
        lines += [f"FAILED: {failure}" for failure in self.failures]
        return "\n".join(lines)


def incident_object(incident: Incident) -> dict[str, object]:
    """An incident as ``onrecord sources health --json`` and ``onrecord run --json`` print it."""
    return {
        "id": incident.id,
        "source": incident.source_id,
        "kind": str(incident.kind),
        "since": incident.since,
        "opened_at": incident.opened_at,
        "updated_at": incident.updated_at,
        "detail": incident.detail,
    }


def _outcomes_text(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items(), key=lambda it: -it[1]))


def build_run_report(connection: Connection, run_id: str, window: Window | None) -> RunReport:
    """The report of a run so far, from the store alone."""
    passes = run_stages.stage_passes(connection, run_id)
    crawled = run_state.crawl_summaries(connection, run_id)
    sources = source_reports(connection, run_id, crawled)
    stages = stage_outcomes(connection, run_id)
    failures = [f"{source}: {it.failure}" for source, it in sources.items() if it.failure]
    failures += [f"archive: {failure}" for failure in run_state.upload_failures(connection, run_id)]
    failures += run_state.stage_faults(connection, run_id)
    damage = {damage for it in crawled.values() for damage in it.damage}
    failures += [f"replay: {it}; the rest was read" for it in sorted(damage)]
    failures += [failure for failure in map(bug_failure, stages.items()) if failure]
    failures += mail_failures(stages.get(Stage.ALERT, {}))
    failures += [failure for failure in map(unanswered_failure, stages.items()) if failure]
    failures += balance_failures(passes, stages)
    counts = run_stages.summed_result(passes).counts
    return RunReport(
        run_id, window, sources, {stage: _sums(outcomes) for stage, outcomes in stages.items()}, counts, failures
    )


def source_reports(connection: Connection, run_id: str, crawled: dict[str, CrawlSummary]) -> dict[str, SourceReport]:
    """Each source of the run with the final outcomes of its URLs."""
    outcomes: dict[str, dict[str, int]] = {source: {} for source in crawled}
    reasons: dict[str, dict[str, int]] = {source: {} for source in crawled}
    for url in url_outcomes(connection, run_id):
        _count(outcomes.setdefault(url.source, {}), url.outcome)
        _count(reasons.setdefault(url.source, {}), url.reason)
    return {source: _source_report(found, reasons[source], crawled.get(source)) for source, found in outcomes.items()}


def _source_report(outcomes: dict[str, int], reasons: dict[str, int], crawled: CrawlSummary | None) -> SourceReport:
    total, errors = sum(outcomes.values()), outcomes.get("error", 0)
    failure = crawled.failure if crawled else ""
    if not failure and errors >= ERRORS_COUNT_FROM and errors > ERRORS_ALLOWED * total:
        failure = f"{errors} of {total} {ENDED_AS_ERRORS}"
    if not failure and crawled and crawled.discovered != total:
        failure = f"{crawled.discovered} addresses discovered, but {total} have an outcome"
    return SourceReport(total, outcomes, reasons, failure, crawled.in_replay if crawled else True)


def stage_outcomes(connection: Connection, run_id: str) -> dict[str, dict[tuple[str, str], int]]:
    """Number of items of each stage by outcome and reason."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    for stage, outcome, reason, number in ledger.stage_counts(connection, run_id):
        found.setdefault(stage, {})[outcome, reason] = number
    return found


def bug_failure(stage: tuple[str, dict[tuple[str, str], int]]) -> str:
    """Why a stage counts as failed because of bugs; empty if it does not."""
    name, outcomes = stage
    bugs, total = outcomes.get(("error", Reason.BUG), 0), sum(outcomes.values())
    return (
        f"{name}: {bugs} of {total} items failed through a fault of ours (see the log)"
        if bugs > BUGS_ALLOWED * total
        else ""
    )


def mail_failures(outcomes: dict[tuple[str, str], int]) -> list[str]:
    """E-mails that became dead letters in this run, cannot be written or had no answer, and why, as messages."""

    dead = {reason: outcomes.get(("error", reason), 0) for reason in (Reason.REFUSED, Reason.EXPIRED)}
    by_reason = ", ".join(f"{number} {reason}" for reason, number in dead.items() if number)
    unwritable = outcomes.get(("error", Reason.UNWRITABLE), 0)
    unanswered = outcomes.get(("error", Reason.UNANSWERED), 0)
    found = {
        f"{sum(dead.values())} alerts ended dead ({by_reason}); see the runbook, Mail bounces": by_reason,
        f"{unwritable} alerts wait, since a fault of ours keeps their e-mails from being written": unwritable,
        f"{unanswered} alerts were taken by the mail server without an answer; see the runbook": unanswered,
    }
    return [f"alert: {message}" for message, true in found.items() if true]


def unanswered_failure(stage: tuple[str, dict[tuple[str, str], int]]) -> str:
    """Why a stage counts as failed because workers died or gave no answer; empty if none did."""
    name, outcomes = stage
    reasons = {reason: number for (_, reason), number in outcomes.items() if reason in UNANSWERED}
    by_reason = ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()))
    return (
        f"{name}: {sum(reasons.values())} items are to be tried again, no worker answered ({by_reason})"
        if by_reason
        else ""
    )


def balance_failures(passes: Sequence[StagePass], stages: dict[str, dict[tuple[str, str], int]]) -> list[str]:
    """Messages on stages in which the number of items that entered is not the number of outcomes."""
    failures = []
    for stage in Stage:
        went_in = run_stages.summed_items(passes, stage)
        came_out = sum(stages.get(stage, {}).values())
        if went_in is not None and went_in != came_out:
            failures.append(f"{stage}: {went_in} items went in, {came_out} have an outcome")
    return failures


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _sums(outcomes: dict[tuple[str, str], int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (outcome, _), number in outcomes.items():
        sums[outcome] = sums.get(outcome, 0) + number
    return sums
