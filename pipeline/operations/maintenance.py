"""What keeps an installation in order between runs: samples proved, the database vacuumed, old logs removed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.config.settings import from_environment
from pipeline.errors import TooManyFailures
from pipeline.health.baseline import MEMORY
from pipeline.operations.verification import Verification, verify_sample
from pipeline.store.admin import retention
from pipeline.store.admin import vacuum as upkeep
from pipeline.store.articles import provenance
from pipeline.store.engine import open_store
from pipeline.store.server import sessions

PROBLEMS_NAMED = 20
"""Problems named in an error; the log has them all."""


def prove_sample(salt: str, *, versions: int = 500, files: int = 20) -> dict[str, Any]:
    """Prove some versions with their quotes and some archive files, others for each ``salt``; how many.

    Raises TooManyFailures, naming them, if any is not as it was written.
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


def vacuum_database() -> dict[str, Any]:
    """Vacuum and analyse the product's tables; their number. Analysts' forgotten transactions keep none from it."""
    with open_store(from_environment()) as engine:
        sessions.end_overlong(engine)
        return {"tables": len(upkeep.vacuum_tables(engine))}


def forget_old_ledgers() -> dict[str, Any]:
    """Sum up the ledgers of runs older than ``ONRECORD_LEDGER_KEEP_DAYS``; how many runs and rows.

    What runs saw of the sources goes when nothing is learned from it any more.
    """
    settings = from_environment()
    now = datetime.now(UTC)
    days = timedelta(days=settings.ledger_keep_days)
    with open_store(settings) as engine:
        counts = retention.sum_up_ledgers(engine, now - days)
        forgotten = retention.forget_observations(engine, now - max(days, MEMORY))
    return {**counts, "observations": forgotten}


def remove_old_logs(folder: Path, *, days: float) -> dict[str, Any]:
    """Remove the ``*.log`` files under ``folder`` that nothing was written to for so many days; how many, and bytes."""
    before = time.time() - days * 86400
    removed, freed = 0, 0
    for path in sorted(folder.rglob("*.log")):
        found = path.lstat()
        if path.is_symlink() or found.st_mtime >= before:
            continue
        path.unlink()
        removed, freed = removed + 1, freed + found.st_size
    return {"removed": removed, "bytes": freed}
