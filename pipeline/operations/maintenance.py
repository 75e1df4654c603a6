"""Scheduled maintenance: verify a sample, vacuum the database, apply retention, remove old logs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.config.secrecy import without_password
from pipeline.config.settings import from_environment
from pipeline.errors import ArchiveDamaged, OnrecordError
from pipeline.health.baseline import MEMORY
from pipeline.operations.verification import Verification, verify_sample
from pipeline.queries import provenance
from pipeline.store.admin import retention
from pipeline.store.engine import open_store
from pipeline.store.runs.installation_incidents import InstallationKind, installation_incidents_since
from pipeline.store.server import airflow_database, sessions

FILE, VERSION = "file:", "version:"
PROBLEMS_NAMED = 20
"""Problems listed in an error message; the rest is only counted."""


def prove_sample(salt: str, *, versions: int = 500, files: int = 20) -> dict[str, int]:
    """Verify a random sample of versions with their quotes and of archive files, drawn by ``salt``; how many of each.

    What an open incident names is verified again as well, so that it ends only when that is whole. Raises
    ArchiveDamaged, with the problems, if anything differs from what was stored.
    """
    settings = from_environment()
    with open_store(settings) as engine, engine.connect() as connection:
        drawn = provenance.draw_sample(connection, salt, version_count=versions, file_count=files)
        named = installation_incidents_since(connection, kind=InstallationKind.ARCHIVE_DAMAGED)
        again = {item for incident in named for item in incident.items}
        chosen = provenance.ProofSample(
            tuple(dict.fromkeys((*drawn.versions, *_named(again, VERSION)))), drawn.files | set(_named(again, FILE))
        )
        found = verify_sample(connection, settings.archive, chosen, away=settings.archive_url)
    if found.problems:
        items = (*(FILE + it for it in sorted(found.bad_files)), *(VERSION + it for it in sorted(found.bad_versions)))
        raise ArchiveDamaged(_problems_text(found), items=items)
    return {"versions": found.versions, "quotes": found.quotes, "files": found.files}


def _named(items: set[str], prefix: str) -> list[str]:
    return sorted(it.removeprefix(prefix) for it in items if it.startswith(prefix))


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


def clean_airflow_metadata() -> dict[str, int]:
    """Let Airflow delete what its own database has of runs older than ``ONRECORD_AIRFLOW_KEEP_DAYS``; 1 if it did.

    0 if this process does not know that database: it is neither named nor the embedded one. OnrecordError, with the
    end of what Airflow said, if it fails.
    """
    settings = from_environment()
    embedded = (settings.home / "airflow" / "migrated").exists()
    if airflow_database.configured_metadata_url() is None and not embedded:
        return {"cleaned": 0}
    before = datetime.now(UTC) - timedelta(days=settings.airflow_keep_days)
    words = ["db", "clean", "--clean-before-timestamp", before.isoformat(), "--skip-archive", "--yes"]
    with airflow_database.airflow_database(settings) as url:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *words],
            env={**os.environ, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        said = without_password(f"{done.stdout[-1000:]}{done.stderr[-1000:]}".strip())
        raise OnrecordError(f"airflow db clean failed:\n{said}")
    return {"cleaned": 1}


def remove_old_emails() -> dict[str, int]:
    """Remove e-mails that have lain in the spool for ``ONRECORD_SPOOL_KEEP_DAYS``; how many files and bytes."""
    settings = from_environment()
    return remove_old_files(settings.spool, "*.eml", days=settings.spool_keep_days)


def remove_old_logs(folder: Path, *, days: float | None = None) -> dict[str, int]:
    """Remove logs under ``folder`` that have not changed for so many days; how many files and bytes.

    None: for ``ONRECORD_AIRFLOW_KEEP_DAYS``.
    """
    return remove_old_files(folder, "*.log", days=from_environment().airflow_keep_days if days is None else days)


def remove_old_files(folder: Path, pattern: str, *, days: float) -> dict[str, int]:
    """Remove files that match and have not changed for so many days, and empty folders; how many files and bytes."""
    before = time.time() - days * 86400
    removed, freed = 0, 0
    for path in sorted(folder.rglob(pattern)):
        found = path.lstat()
        if path.is_symlink() or found.st_mtime >= before:
            continue
        path.unlink()
        removed, freed = removed + 1, freed + found.st_size
    for path in sorted((it for it in folder.rglob("*") if it.is_dir() and not it.is_symlink()), reverse=True):
        with suppress(OSError):  # not empty, or a task has just begun to write there
            path.rmdir()
    return {"removed": removed, "bytes": freed}
