"""What a run knows beside its ledger: how each source's crawl ended, what was uploaded, what failed without an item."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.crawling.summary import CrawlSummary
from pipeline.records import Stage
from pipeline.store.schema import run_faults, run_sources, run_uploads, runs
from pipeline.store.types import index_key


def save_crawl_summary(connection: Connection, run_id: str, summary: CrawlSummary) -> None:
    """Store the summary of one source's crawl, replacing any other of the same run."""
    values = asdict(summary)
    key = {"run_id": run_id, "source_id": values.pop("source")}
    statement = insert(run_sources).values(key | values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def crawl_summaries(connection: Connection, run_id: str) -> dict[str, CrawlSummary]:
    """The summaries of a run's crawls, by source; none once its ledger was summed up."""
    # Short ids first, as reports have always listed them.
    query = select(run_sources).where(run_sources.c.run_id == run_id)
    rows = connection.execute(query.order_by(func.length(run_sources.c.source_id), run_sources.c.source_id))
    return {
        row.source_id: CrawlSummary(
            row.source_id,
            row.discovered,
            row.outcomes,
            row.documents,
            row.in_replay,
            row.failure,
            row.not_before,
            row.damage,
        )
        for row in rows
    }


def latest_not_before(connection: Connection, source_id: str) -> dict[str, str]:
    """Hosts and URLs to leave alone, and until when, as of the newest run that crawled the source."""
    query = (
        select(run_sources.c.not_before)
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(run_sources.c.source_id == source_id)
        .order_by(runs.c.started_at.desc())
        .limit(1)
    )
    return dict(connection.scalar(query) or {})


def save_upload(
    connection: Connection, run_id: str, batch: str, *, uploaded: int, waiting: int, removed: int, failure: str
) -> None:
    """Store what became of the archive files of a run, or of one batch of its crawl, replacing what was there."""
    values: dict[str, Any] = {"uploaded": uploaded, "waiting": waiting, "removed": removed, "failure": failure}
    statement = insert(run_uploads).values(run_id=run_id, batch=batch, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "batch"], set_=values))


def upload_failures(connection: Connection, run_id: str) -> list[str]:
    """Why archive files of a run were not uploaded, each reason once."""
    failed = select(run_uploads.c.failure).where(run_uploads.c.run_id == run_id, run_uploads.c.failure != "")
    return sorted(set(connection.scalars(failed)))


def save_fault(connection: Connection, run_id: str, stage: Stage, batch: str, what: str) -> None:
    """Store a failure of a stage that belongs to no item, once."""
    values = {"run_id": run_id, "stage": stage, "batch": batch, "what": index_key(what)}
    connection.execute(insert(run_faults).values(values).on_conflict_do_nothing())


def stage_faults(connection: Connection, run_id: str) -> list[str]:
    """The failures of a run that belong to no item, as ``stage: what``."""
    rows = connection.execute(select(run_faults.c.stage, run_faults.c.what).where(run_faults.c.run_id == run_id))
    return sorted(f"{stage}: {what}" for stage, what in rows)
