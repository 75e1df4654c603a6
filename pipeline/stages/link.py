"""The link stage: put what quotes report into statements. Only what new and changed quotes can affect is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection, Engine

from pipeline.config.speakers import load_roster
from pipeline.records import LedgerEntry, Outcome, Stage, Window
from pipeline.stage_result import StageResult
from pipeline.stages import batching
from pipeline.stages.context import Run
from pipeline.stages.known_speakers import known_speakers, link_inputs, people_of_roster
from pipeline.stages.link_reach import Forms, Reach, reach_of
from pipeline.statements.people import RosterPerson
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.store.locks import one_at_a_time
from pipeline.store.runs import ledger
from pipeline.store.statements import ended, linkable_quotes, people, segments, statements

log = structlog.get_logger()

LINK_LOCK = "link"
BATCH = 1000
"""Quotes linked in one transaction, which holds the lock."""

LinkProgress = Callable[[int, int], None]


@dataclass(slots=True)
class LinkResult:
    """``counts``: quotes (linked now), statements (new), changed, aliased, ended, and how the quotes were linked.

    ``taken``: source and id of each quote that must have an outcome.
    """

    counts: Counter[str] = field(default_factory=Counter)
    taken: set[tuple[str, str]] = field(default_factory=set)


def link_statements(run: Run) -> StageResult:
    """Link every quote of the run that awaits it; counts the new statements."""

    def progress(done: int, total: int) -> None:
        run.progress(Stage.LINK, done, total)

    progress(0, 0)
    roster = load_roster(run.settings)
    result = link_quotes(
        run.engine,
        run_id=run.id,
        window=run.selection,
        progress=progress,
        roster=people_of_roster(roster),
        known=known_speakers(roster),
    )
    batching.note_items_entered(run, Stage.LINK, result.taken, everywhere=True)
    return StageResult(statements=result.counts["statements"])


def link_quotes(
    engine: Engine,
    *,
    run_id: str,
    window: Window | None = None,
    progress: LinkProgress | None = None,
    roster: Sequence[RosterPerson] = (),
    known: KnownSpeakers | None = None,
) -> LinkResult:
    """Put the sentences of every waiting quote (first seen in ``window``, if given) into statements.

    Each new or changed quote has one outcome. The result does not depend on the order in which quotes arrived. Quotes
    of which anything has changed that linking reads are linked again; those that are in no version any more are
    removed, last of all, so that what replaces them has their statements. People whom only the news know are identified
    first, and those whom ``roster`` has taken in get its id. One transaction per batch, one batch at a time; a run that
    is killed goes on with the next one.
    """
    linking = _Linking(engine, run_id, known or KnownSpeakers())
    with linking.alone(), engine.begin() as connection:
        people.identify_speakers(connection, roster)
        segments.forget_links(connection, link_inputs(linking.known))
    with engine.connect() as connection:
        due = linkable_quotes.articles_due(connection)
        todo = linkable_quotes.quotes_due(connection, window)
        lost = linkable_quotes.lost_quotes(connection)
    total = len(todo) + len(lost)
    for names in (todo, lost):
        for at in range(0, len(names), BATCH):
            with linking.alone(), engine.begin() as connection:
                linking.link_batch(connection, names[at : at + BATCH])
            if progress is not None:
                progress(min(at + BATCH + (len(todo) if names is lost else 0), total), total)
    if due:
        with engine.begin() as connection:
            linkable_quotes.mark_articles_linked(connection, due)
    log.info("linked", **linking.result.counts)
    return linking.result


@dataclass(slots=True)
class _Linking:
    """What the batches of a run share."""

    engine: Engine
    run_id: str
    known: KnownSpeakers
    result: LinkResult = field(default_factory=LinkResult)
    forms: Forms = field(default_factory=Forms)

    def alone(self) -> AbstractContextManager[None]:
        return one_at_a_time(self.engine, [LINK_LOCK], holder=f"onrecord link {self.run_id}")

    def link_batch(self, connection: Connection, names: Sequence[str]) -> None:
        """Link those of these quotes that are new, changed or lost, in the caller's transaction."""
        reach = reach_of(connection, names, self.known, self.forms)
        if reach is None:
            return
        saved = statements.save_statements(connection, reach.regrouped, reach.segment_rows())
        ended.drop_lost_quotes(connection, reach.lost_quotes)
        self._record(connection, reach)
        self.result.counts.update(statements=saved.new, changed=saved.changed, aliased=saved.aliased, ended=saved.ended)

    def _record(self, connection: Connection, reach: Reach) -> None:
        """An outcome for each changed quote: how its first sentence was linked, and the statements it reports."""
        reports = reach.reports_of_changed()
        entries = [
            LedgerEntry(
                Stage.LINK,
                name,
                reach.changed[name].quote.source_id,
                Outcome.KEPT,
                rows[0].how,
                " ".join(dict.fromkeys(row.statement_id for row in rows)),
            )
            for name, rows in reports.items()
        ]
        ledger.record_outcomes(connection, self.run_id, entries)
        self.result.taken |= {(reach.changed[name].quote.source_id, name) for name in reports}
        self.result.counts.update(quotes=len(entries))
        self.result.counts.update(entry.reason for entry in entries)
