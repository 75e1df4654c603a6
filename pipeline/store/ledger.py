"""The ledger: one outcome for each item of each stage of each run, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from pipeline.records import DocumentKind, LedgerEntry, Outcome, Stage
from pipeline.store.clean import key
from pipeline.store.runs import latest_run
from pipeline.store.schema import fetches, outcomes, runs

ALL = "all"
URL_STAGES = (Stage.CRAWL, Stage.EXTRACT)
"""Stages whose items are URLs as discovered."""
BEST_FIRST = tuple(Outcome)
"""Of one URL that two sources listed, the first of these is its outcome."""


@dataclass(frozen=True, slots=True)
class Line:
    """One source in one stage: what went in, what came out, and whether the two agree."""

    source: str
    stage: str
    went_in: int
    out: dict[str, int] = field(default_factory=dict)

    @property
    def balance(self) -> int:
        """What went in without coming out; zero if all is well."""
        return self.went_in - sum(self.out.values())


def record(connection: Connection, run_id: str, entries: Iterable[LedgerEntry]) -> int:
    """Write the entries; an item that already has an outcome in its stage and run gets the new one. How many."""
    rows = {(e.stage, e.source_id or "", key(e.item)): e for e in entries}
    if not rows:
        return 0
    statement = insert(outcomes)
    statement = statement.on_conflict_do_update(
        index_elements=["run_id", "stage", "source_id", "item"],
        set_={name: statement.excluded[name] for name in ("outcome", "reason", "detail")},
    )
    connection.execute(
        statement,
        [
            {
                "run_id": run_id,
                "stage": stage.value,
                "source_id": source,
                "item": item,
                "outcome": entry.outcome.value,
                "reason": entry.reason,
                "detail": entry.detail[:1000],
            }
            for (stage, source, item), entry in sorted(rows.items(), key=lambda it: (it[0][0].value, *it[0][1:]))
        ],
    )
    return len(rows)


def report(connection: Connection, run_id: str) -> list[Line]:
    """A line per source and stage of a run, or of all runs together (``"all"``), by source and order of the stages.

    What went in: for the crawl the pages its journals hold, for another stage the items it gave an outcome.
    """
    lines: dict[tuple[str, str], Line] = {}
    query = select(outcomes.c.source_id, outcomes.c.stage, outcomes.c.outcome, func.count().label("n"))
    query = query.group_by(outcomes.c.source_id, outcomes.c.stage, outcomes.c.outcome)
    if run_id != ALL:
        query = query.where(outcomes.c.run_id == run_id)
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for source, stage, outcome, number in connection.execute(query):
        counted.setdefault((source, stage), {})[outcome] = number
    tried = _pages_tried(connection, run_id)
    for place in counted.keys() | {(source, Stage.CRAWL.value) for source in tried}:
        source, stage = place
        out = counted.get(place, {})
        went_in = tried.get(source, 0) if stage == Stage.CRAWL else sum(out.values())
        lines[place] = Line(source, stage, went_in, dict(sorted(out.items())))
    order = [stage.value for stage in Stage]
    return [lines[place] for place in sorted(lines, key=lambda it: (it[0], order.index(it[1])))]


def _pages_tried(connection: Connection, run_id: str) -> dict[str, int]:
    query = select(fetches.c.source_id, func.count().label("tried")).where(fetches.c.kind == DocumentKind.PAGE.value)
    if run_id != ALL:
        query = query.where(fetches.c.run_id == run_id)
    return {row.source_id: int(row.tried) for row in connection.execute(query.group_by(fetches.c.source_id))}


def stage_counts(connection: Connection, run_id: str) -> list[tuple[str, str, str, int]]:
    """``(stage, outcome, reason, number of items)`` of a run."""
    query = (
        select(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason, func.count())
        .where(outcomes.c.run_id == run_id)
        .group_by(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason)
        .order_by(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason)
    )
    return [(stage, outcome, reason, number) for stage, outcome, reason, number in connection.execute(query)]


def url_outcomes(connection: Connection, run_id: str | None) -> Iterator[dict[str, str]]:
    """``url, source, outcome, reason`` of each URL: what the last stage that spoke of it said, in order of the URLs.

    ``None``: of the newest run that has any; ``"all"``: of each URL's newest run.
    """
    stages = [stage.value for stage in URL_STAGES]
    rank = case({outcome.value: place for place, outcome in enumerate(BEST_FIRST)}, value=outcomes.c.outcome)
    last_stage = case({name: place for place, name in enumerate(stages)}, value=outcomes.c.stage)
    query = (
        select(outcomes.c.item, outcomes.c.source_id, outcomes.c.outcome, outcomes.c.reason)
        .ext(distinct_on(outcomes.c.item))
        .where(outcomes.c.stage.in_(stages))
    )
    if run_id == ALL:
        query = query.join(runs, runs.c.id == outcomes.c.run_id).order_by(
            outcomes.c.item, runs.c.started_at.desc(), last_stage.desc(), rank, outcomes.c.source_id
        )
    else:
        chosen = run_id or newest_run_with_urls(connection)
        query = query.where(outcomes.c.run_id == chosen).order_by(
            outcomes.c.item, last_stage.desc(), rank, outcomes.c.source_id
        )
    for url, source, outcome, reason in connection.execute(query):
        yield {"url": url, "source": source, "outcome": outcome, "reason": reason}


def newest_run_with_urls(connection: Connection) -> str | None:
    """The newest run in which any URL has an outcome; failing that the newest run."""
    query = (
        select(runs.c.id)
        .where(
            select(outcomes.c.item)
            .where(outcomes.c.run_id == runs.c.id, outcomes.c.stage.in_([stage.value for stage in URL_STAGES]))
            .exists()
        )
        .order_by(runs.c.started_at.desc(), runs.c.id.desc())
        .limit(1)
    )
    return connection.scalar(query) or latest_run(connection)
