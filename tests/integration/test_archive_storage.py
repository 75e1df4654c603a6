"""The archive on S3-compatible storage: uploaded when closed, leftovers by the next run, read back from there."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from storage import Storage, storage, storages

from pipeline import archive
from pipeline.config.settings import Settings, from_environment
from pipeline.demo.newsroom import DAYS, FIRST_DAY, Newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.errors import ConfigError
from pipeline.operations import verification
from pipeline.operations.doctor import diagnose_installation
from pipeline.records import Stage
from pipeline.runs import runner
from pipeline.runs.report import RunReport
from pipeline.store.crawl import warcs
from pipeline.store.engine import open_store

__all__ = ["storage", "storages"]
SOURCES = ["kestrel"]


def run(settings: Settings, day: int = 0) -> RunReport:
    """One run over a newsroom's day, as far as texts."""
    with Newsroom(FIRST_DAY).serve() as served:
        served.day = DAYS[day]
        plan = runner.RunPlan("demo", source_ids=SOURCES, now=end_of_day(DAYS[day]), proxy=served.proxy_url)
        with runner.open_run(settings, plan) as opened:
            return runner.perform_run(opened, stages=(Stage.CRAWL, Stage.EXTRACT))


@pytest.fixture
def at_home(tmp_path: Path, database_url: str) -> Settings:
    return replace(settings_for(from_environment(), tmp_path / "home"), smtp_url=None, database_url=database_url)


def states(settings: Settings) -> tuple[list[str], dict[str, int]]:
    with open_store(settings) as engine, engine.connect() as connection:
        return warcs.files_to_upload(connection), warcs.uploaded_sizes(connection)


def verify(settings: Settings) -> list[str]:
    with open_store(settings) as engine, engine.connect() as connection:
        return verification.verify_stored(connection, settings.archive, away=settings.archive_url).problems


def test_closed_files_go_to_the_storage_and_are_read_from_there(storage: Storage, at_home: Settings) -> None:
    settings = replace(at_home, archive_url=storage.url)
    first = run(settings)
    assert first.failures == []
    here = {path.relative_to(settings.archive).as_posix(): path for path in settings.archive.rglob("*.warc.gz")}
    assert here
    assert storage.names() == {*here, *(f"{name.removesuffix('.warc.gz')}.cdxj" for name in here)}
    waiting, uploaded = states(settings)
    assert (waiting, set(uploaded)) == ([], set(here))
    for path in here.values():
        path.unlink()
    assert verify(settings) == []
    assert run(settings).failures == []
    assert run(settings, day=1).failures == []


def test_a_damaged_copy_is_found_by_its_place(storage: Storage, at_home: Settings) -> None:
    settings = replace(at_home, archive_url=storage.url)
    run(settings)
    (name, *_) = states(settings)[1]
    path = settings.archive / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    storage.put(name, bytes(data))
    path.unlink()
    problems = verify(settings)
    assert problems
    assert any(f"{storage.url}/{name}: record at byte" in problem for problem in problems)


def test_what_could_not_be_uploaded_fails_the_run_and_goes_with_the_next(storage: Storage, at_home: Settings) -> None:
    nowhere = replace(at_home, archive_url="s3://no-such-bucket/archive")
    report = run(nowhere)
    assert report.exit_code == 1
    assert "closed files wait to be uploaded: s3://no-such-bucket/archive/" in report.exit_reason
    left, uploaded = states(nowhere)
    assert left and not uploaded
    again = replace(nowhere, archive_url=storage.url)
    assert run(again, day=1).failures == []
    waiting, uploaded = states(again)
    assert not waiting
    assert set(left) < set(uploaded)


def test_a_copied_file_leaves_after_its_days_and_its_index_stays(storage: Storage, at_home: Settings) -> None:
    settings = replace(at_home, archive_url=storage.url, archive_keep_days=0.0)
    run(settings)
    time.sleep(0.01)
    run(settings, day=1)
    assert not list(settings.archive.rglob("*.warc.gz"))
    assert list(settings.archive.rglob("*.cdxj"))
    assert verify(settings) == []


def test_the_same_run_without_a_storage_keeps_its_files_here(at_home: Settings) -> None:
    settings = at_home
    run(settings)
    waiting, uploaded = states(settings)
    assert waiting and not uploaded
    assert {path.relative_to(settings.archive).as_posix() for path in settings.archive.rglob("*.warc.gz")} == set(
        waiting
    )


def test_a_place_that_makes_no_sense_is_refused_in_words_before_anything_is_asked(at_home: Settings) -> None:
    with pytest.raises(ConfigError, match=r"ONRECORD_ARCHIVE_URL=gopher://x"):
        run(replace(at_home, archive_url="gopher://x"))


def test_the_doctor_tells_whether_the_storage_answers(storage: Storage, at_home: Settings) -> None:
    for url, ok in ((storage.url, True), ("gopher://x", False)):
        checks = {check.name: check for check in diagnose_installation(replace(at_home, archive_url=url))}
        assert checks["archive storage"].ok is ok
        assert url in checks["archive storage"].detail
    assert "archive storage" not in {check.name for check in diagnose_installation(at_home)}


def test_any_storage_that_fsspec_knows_will_do(tmp_path: Path, at_home: Settings) -> None:
    there = tmp_path / "mounted"
    settings = replace(at_home, archive_url=there.as_uri())
    run(settings)
    (name, *_) = states(settings)[1]
    assert (there / name).read_bytes() == (settings.archive / name).read_bytes()
    assert archive.remote_storage(there.as_uri()).names() == sorted(states(settings)[1])
    shutil.rmtree(there)
    with pytest.raises(archive.RemoteError, match="no such file"):
        archive.remote_storage(there.as_uri()).read(name, 0, 10)
