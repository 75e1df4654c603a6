"""Retention: sum up ledgers of old runs by day, remove old fetches without a capture and old observations; vacuum.

What proves a quote, a capture or a takedown is kept: fetches that archived a capture stay, and so does everything of
the newest run of each source.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import Engine, and_, delete, func, or_, select, text, update

from pipeline.store.runs.ledger import newest_run_with_urls
from pipeline.store.schema import SCHEMA, fetches, metadata, observations, outcomes, run_sources, runs, sources

_DAY = "(SELECT (started_at AT TIME ZONE 'UTC')::date FROM onrecord.runs WHERE id = :run)"
_SUM_OUTCOMES = text(
    f"""
    INSERT INTO onrecord.outcome_days AS d (day, stage, source_id, outcome, reason, items)
    SELECT {_DAY}, stage, source_id, outcome, reason, count(*) FROM onrecord.outcomes
    WHERE run_id = :run GROUP BY stage, source_id, outcome, reason
    ON CONFLICT (day, stage, source_id, outcome, reason) DO UPDATE SET items = d.items + excluded.items
    """  # noqa: S608
)
_SUM_FETCHES = text(
    f"""
    INSERT INTO onrecord.fetch_days AS d (day, source_id, kind, outcome, reason, items, answered)
    SELECT {_DAY}, source_id, kind, outcome, reason, count(*), count(status) FROM onrecord.fetches
    WHERE run_id = :run AND capture_id IS NULL GROUP BY source_id, kind, outcome, reason
    ON CONFLICT (day, source_id, kind, outcome, reason)
    DO UPDATE SET items = d.items + excluded.items, answered = d.answered + excluded.answered
    """  # noqa: S608
)


def sum_up_ledgers(engine: Engine, before: datetime) -> Counter[str]:
    """Sum up the ledgers of the runs that started before a moment; how many ``runs``, ``outcomes`` and ``fetches``.

    One transaction for each run, so that a kill neither loses nor doubles a row. The run's own row stays, without its
    crawl summaries per source.
    """
    counts: Counter[str] = Counter(runs=0, outcomes=0, fetches=0)
    for run_id in _to_sum_up(engine, before):
        with engine.begin() as connection:
            connection.execute(select(runs.c.id).where(runs.c.id == run_id).with_for_update())
            connection.execute(_SUM_OUTCOMES, {"run": run_id})
            connection.execute(_SUM_FETCHES, {"run": run_id})
            gone = connection.execute(delete(outcomes).where(outcomes.c.run_id == run_id))
            empty = and_(fetches.c.run_id == run_id, fetches.c.capture_id.is_(None))
            tried = connection.execute(delete(fetches).where(empty))
            connection.execute(delete(run_sources).where(run_sources.c.run_id == run_id))
            connection.execute(update(runs).where(runs.c.id == run_id).values(summed_up=True))
        counts.update(runs=1, outcomes=gone.rowcount, fetches=tried.rowcount)
    return counts


def _to_sum_up(engine: Engine, before: datetime) -> list[str]:
    """The runs that have a ledger to sum up, oldest first; not those that are the newest of a source or of all."""
    newest = (
        select(fetches.c.run_id)
        .where(fetches.c.source_id == sources.c.id)
        .order_by(fetches.c.seen_at.desc(), fetches.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    has_ledger = or_(
        select(outcomes.c.run_id).where(outcomes.c.run_id == runs.c.id).exists(),
        select(fetches.c.run_id).where(fetches.c.run_id == runs.c.id, fetches.c.capture_id.is_(None)).exists(),
    )
    with engine.connect() as connection:
        kept = {newest_run_with_urls(connection), *connection.scalars(select(newest).select_from(sources))}
        query = select(runs.c.id).where(runs.c.started_at < before, has_ledger).order_by(runs.c.started_at, runs.c.id)
        return [run_id for run_id in connection.scalars(query) if run_id not in kept]


def forget_observations(engine: Engine, before: datetime) -> int:
    """Remove the observations before a moment, except the newest of each source; how many rows."""
    newest = select(observations.c.source_id, func.max(observations.c.at).label("at"))
    kept = newest.group_by(observations.c.source_id).subquery()
    old = delete(observations).where(
        observations.c.source_id == kept.c.source_id, observations.c.at < kept.c.at, observations.c.at < before
    )
    with engine.begin() as connection:
        return connection.execute(old).rowcount


def vacuum_tables(engine: Engine) -> list[str]:
    """Vacuum and analyse each of our tables; their names. Readers and writers are not blocked."""
    names = sorted(table.name for table in metadata.sorted_tables)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in names:
            connection.execute(text(f'VACUUM (ANALYZE, SKIP_LOCKED) "{SCHEMA}"."{name}"'))
    return names
