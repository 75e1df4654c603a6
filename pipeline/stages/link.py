"""The link stage: group quotes of the same utterance. Only quotes that new ones can affect are compared again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from pipeline.config.speaker import RosterConfig
from pipeline.config.speakers import load_roster
from pipeline.language.person_names import person_name
from pipeline.records import LedgerEntry, Outcome, Stage, StoredQuote, Window
from pipeline.stage_result import StageResult
from pipeline.stages import batching
from pipeline.stages.context import Run
from pipeline.statements.grouping import SPAN, affected_quote_ids, group_quotes
from pipeline.statements.people import RosterPerson
from pipeline.store.articles import lost_quotes
from pipeline.store.locks import one_at_a_time
from pipeline.store.runs import ledger
from pipeline.store.statements import linkable_quotes, people, statements

log = structlog.get_logger()

LINK_LOCK = "link"
BATCH = 500
"""Quotes linked in one transaction."""
LOOK_BACK = timedelta(days=8)
"""New articles are fetched again for seven days; until then the times of their statements may still change."""

LinkProgress = Callable[[int, int], None]


@dataclass(slots=True)
class LinkResult:
    """``counts``: quotes (linked now), statements (new), changed, aliased, ended, and how: founding, exact, truncated.

    ``taken``: source and id of each quote that must have an outcome.
    """

    counts: Counter[str] = field(default_factory=Counter)
    taken: set[tuple[str, str]] = field(default_factory=set)


def link_statements(run: Run) -> StageResult:
    """Link every quote of the run that awaits it; counts the new statements."""

    def progress(done: int, total: int) -> None:
        run.progress(Stage.LINK, done, total)

    progress(0, 0)
    roster = people_of_roster(load_roster(run.settings))
    result = link_quotes(run.engine, run_id=run.id, now=run.now, window=run.selection, progress=progress, roster=roster)
    batching.note_items_entered(run, Stage.LINK, result.taken, everywhere=True)
    return StageResult(statements=result.counts["statements"])


def people_of_roster(roster: RosterConfig) -> list[RosterPerson]:
    """The full names of all people of the roster."""
    return [
        RosterPerson(speaker.id, name, speaker.country)
        for speaker in roster.speakers
        if speaker.kind == "person"
        for printed in (*speaker.all_names("en"), *speaker.all_names("ru"))
        if (name := person_name(printed)) is not None and name.is_full
    ]


def link_quotes(
    engine: Engine,
    *,
    run_id: str,
    now: datetime,
    window: Window | None = None,
    progress: LinkProgress | None = None,
    roster: Sequence[RosterPerson] = (),
) -> LinkResult:
    """Put every waiting quote (first seen in ``window``, if given) into a statement, with one outcome each.

    The result does not depend on the order in which quotes arrived. Quotes whose speaker or time has changed are linked
    again; those that are in no version any more are removed. People whom only the news know are identified first, and
    those whom ``roster`` has taken in get its id. One transaction per batch; one run at a time.
    """
    result = LinkResult()
    with one_at_a_time(engine, [LINK_LOCK], holder=f"onrecord link {run_id}"):
        with engine.begin() as connection:
            people.identify_speakers(connection, roster)
        with engine.connect() as connection:
            due = statements.articles_due(connection)
            new = linkable_quotes.quotes_waiting(connection, window)
            outdated = linkable_quotes.outdated_quotes(connection, now - LOOK_BACK)
        todo = list(dict.fromkeys([*new, *outdated]))
        done: set[str] = set()
        for start in range(0, len(todo), BATCH):
            seeds = [name for name in todo[start : start + BATCH] if name not in done]
            with engine.begin() as connection:
                done |= link_batch(connection, seeds, run_id, result)
            if progress is not None:
                progress(min(start + BATCH, len(todo)), len(todo))
        if due:
            with engine.begin() as connection:
                release_lost_quotes(connection, run_id, result)
                statements.mark_articles_linked(connection, due)
    log.info("linked", **result.counts)
    return result


def release_lost_quotes(connection: Connection, run_id: str, result: LinkResult) -> None:
    """Remove quotes that are in no version any more from their statements, and link the other quotes of these again."""
    gone = lost_quotes.quotes_without_version(connection)
    if not gone:
        return
    left = lost_quotes.remove_from_statements(connection, gone)
    if left:
        link_batch(connection, left, run_id, result)
    result.counts["ended"] += lost_quotes.end_empty_statements(connection, gone)


def link_batch(connection: Connection, seeds: Sequence[str], run_id: str, result: LinkResult) -> set[str]:
    """Link these quotes and all that they can affect, in the caller's transaction; ids of all quotes considered.

    A waiting quote that belongs with one of them is linked too, and gets its outcome now.
    """
    members = reachable_quotes(connection, seeds)
    found = group_quotes(members.values())
    saved = statements.save_statements(connection, found, members)
    taken = saved.linked | set(seeds)
    entries = [
        LedgerEntry(Stage.LINK, one.quote_id, members[one.quote_id].source_id, Outcome.KEPT, one.how, statement.id)
        for statement in found
        for one in statement.quotes
        if one.quote_id in taken
    ]
    ledger.record_outcomes(connection, run_id, entries)
    result.taken |= {(members[name].source_id if name in members else "", name) for name in taken}
    result.counts.update(quotes=len(entries), statements=saved.new, changed=saved.changed, aliased=saved.aliased)
    result.counts.update(entry.reason for entry in entries)
    return set(members)


def reachable_quotes(connection: Connection, seeds: Sequence[str]) -> dict[str, StoredQuote]:
    """All quotes whose statements the seeds can affect, by id: neighbours of neighbours until nothing is added.

    Statements are always included whole, so that none keeps a quote that has moved to another.
    """
    pool = {quote.id: quote for quote in linkable_quotes.quotes_by_ids(connection, seeds)}
    reached: set[str] = set()
    wanted = set(pool)
    while wanted - reached:
        fresh = wanted - reached
        reached |= fresh
        for quote in linkable_quotes.quotes_of_same_statements(connection, fresh):
            pool[quote.id] = quote
            wanted.add(quote.id)
        around = [pool[name] for name in fresh]
        pool |= {quote.id: quote for quote in linkable_quotes.neighbouring_quotes(connection, around, SPAN)}
        wanted = affected_quote_ids(pool.values(), wanted)
    return {name: pool[name] for name in reached}
