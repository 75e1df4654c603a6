"""Scheduled maintenance: verify a sample, vacuum the database, apply retention, remove old logs."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.config.settings import from_environment
from pipeline.errors import TooManyFailures
from pipeline.health.baseline import MEMORY
from pipeline.operations.verification import Verification, verify_sample
from pipeline.queries import provenance
from pipeline.store.admin import retention
from pipeline.store.engine import open_store
from pipeline.store.server import sessions

PROBLEMS_NAMED = 20
"""Problems listed in an error message; the rest is only counted."""


def prove_sample(salt: str, *, versions: int = 500, files: int = 20) -> dict[str, int]:
    """Verify a random sample of versions with their quotes and of archive files, drawn by ``salt``; how many of each.

    Raises TooManyFailures, with the problems, if anything differs from what was stored.
    """
    settings = from_environment()
    with open_store(settings) as engine, engine.connect() as connection:
        chosen = provenance.draw_sample(connection, salt, version_count=versions, file_count=files)
        found = verify_sample(connection, settings.archive, chosen, away=settings.archive_url)
    if found.problems:
        raise TooManyFailures(_problems_text(found))
    return {"versions": found.versions, "quotes": found.quotes, "files": found.files}


def _problems_text(found: Verification) -> str:
    more = len(found.problems) - PROBLEMS_NAMED
    lines = [*found.problems[:PROBLEMS_NAMED], *([f"and {more} more"] if more > 0 else [])]
    return "the archive is not what was written: " + "; ".join(lines)


def vacuum_database() -> dict[str, int]:
    """Vacuum and analyse our tables; their number. Analysts' sessions beyond their limits are ended first."""
    with open_store(from_environment()) as engine:
        sessions.end_overlong(engine)
        return {"tables": len(retention.vacuum_tables(engine))}


def forget_old_ledgers() -> dict[str, int]:
    """Sum up the ledgers of runs older than ``ONRECORD_LEDGER_KEEP_DAYS``; how many runs and rows.

    Also removes observations too old to learn from.
    """
    settings = from_environment()
    now = datetime.now(UTC)
    days = timedelta(days=settings.ledger_keep_days)
    with open_store(settings) as engine:
        counts = retention.sum_up_ledgers(engine, now - days)
        forgotten = retention.forget_observations(engine, now - max(days, MEMORY))
    return {**counts, "observations": forgotten}


def remove_old_logs(folder: Path, *, days: float) -> dict[str, int]:
    """Remove ``*.log`` files under ``folder`` that have not changed for so many days; how many files and bytes."""
    before = time.time() - days * 86400
    removed, freed = 0, 0
    for path in sorted(folder.rglob("*.log")):
        found = path.lstat()
        if path.is_symlink() or found.st_mtime >= before:
            continue
        path.unlink()
        removed, freed = removed + 1, freed + found.st_size
    return {"removed": removed, "bytes": freed}
