"""Archive files that a crawl has closed: register them in the store, and upload them to other storage."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass

import structlog
from sqlalchemy import Connection

from pipeline import archive
from pipeline.archive import RemoteError
from pipeline.config.settings import Settings
from pipeline.stages.context import Run
from pipeline.store.crawl import warcs
from pipeline.store.runs import run_state

log = structlog.get_logger()


@dataclass(slots=True)
class UploadResult:
    """What was uploaded. ``failure`` says why some files could not be; empty if all were."""

    uploaded: int = 0
    waiting: int = 0
    removed: int = 0
    """Number of local copies removed, because they were uploaded long enough ago."""
    failure: str = ""


def register_closed_files(connection: Connection, settings: Settings, run_id: str, source_id: str) -> None:
    """Register every WARC file that a run has closed for a source, with its digest and size."""
    own = re.compile(rf".*-{re.escape(archive.run_file_name(run_id))}(-\d+)?\.warc\.gz")
    for path in sorted((settings.archive / source_id).glob("*.warc.gz")):
        if own.fullmatch(path.name):
            name = path.relative_to(settings.archive).as_posix()
            warcs.open_warc(connection, name, run_id=run_id)
            warcs.close_warc(connection, name, sha256=archive.file_sha256(path), size=path.stat().st_size)


def upload_closed_files(run: Run, batch: str) -> UploadResult:
    """Upload every closed local file, of this run or earlier ones; the result is stored with the run and its batch.

    Local copies stay for ``archive_keep_days``, since they are read again soon. A file that cannot be uploaded waits
    for the next run and counts as a failure of this one.
    """
    done = UploadResult()
    settings = run.settings
    if settings.archive_url is None:
        return done
    storage = archive.remote_storage(settings.archive_url)
    with run.engine.connect() as connection:
        waiting = [it for it in warcs.files_to_upload(connection) if (settings.archive / it).exists()]
    for number, warc in enumerate(waiting):
        try:
            uri = storage.upload(settings.archive, warc)
        except RemoteError as error:
            done.waiting = len(waiting) - number
            done.failure = f"{done.waiting} closed files wait to be uploaded: {error}"
            log.error("upload_failed", warc=warc, error=str(error))
            break
        with run.engine.begin() as connection:
            warcs.note_uploaded(connection, warc, uri)
        done.uploaded += 1
    if not done.failure:
        done.removed = remove_uploaded_files(run, storage)
    with run.engine.begin() as connection:
        run_state.save_upload(connection, run.id, batch, **asdict(done))
    return done


def remove_uploaded_files(run: Run, storage: archive.RemoteStorage) -> int:
    """Remove local files that were uploaded and closed ``archive_keep_days`` ago; how many. Their indexes stay."""
    settings, removed = run.settings, 0
    before = time.time() - settings.archive_keep_days * 86400
    with run.engine.connect() as connection:
        there = warcs.uploaded_sizes(connection)
    for name, size in there.items():
        path = settings.archive / name
        if path.exists() and path.stat().st_mtime <= before and storage.size(name) == size:
            path.unlink()
            removed += 1
    return removed
