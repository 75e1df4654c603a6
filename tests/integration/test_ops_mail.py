"""What fails reaches the ops mailbox once: when it begins and when it is over, whatever the mail server does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import yaml
from crawling import Answer, Site, serving, source_of
from postbox import Postbox, free_port, served
from sqlalchemy import Engine, create_engine

from pipeline import cli
from pipeline.config.settings import Settings
from pipeline.errors import InvalidFile
from pipeline.monitoring import check, installation
from pipeline.monitoring.airflow_watch import AirflowWatch
from pipeline.operations.doctor import diagnose_installation
from pipeline.queries.incidents import listed_incidents
from pipeline.runs import failed_tasks, runner
from pipeline.runs.failed_tasks import FailedTask
from pipeline.runs.report import RunReport
from pipeline.store.runs import runs
from pipeline.store.runs.installation_incidents import InstallationKind, Trouble

STORY = "The bridge was opened on Monday. " * 30


@contextmanager
def desk(settings: Settings, folder: Path) -> Iterator[tuple[Site, Site, Settings]]:
    """Two sites, `north` and `south`, and an installation that reads both and has an ops mailbox."""
    with serving() as north, serving() as south:
        (folder / "sources").mkdir(parents=True)
        for name, site in (("north", north), ("south", south)):
            feed = site.feed("/rss", [site.page(f"/a/{n}", f"{name} {STORY}") for n in range(3)])
            source = source_of(site, id=name, feeds=[feed], relevance="all").model_dump(mode="json")
            (folder / "sources" / f"{name}.yaml").write_text(yaml.safe_dump(source), encoding="utf-8")
        yield north, south, replace(settings, config_dir=folder, ops_mail="ops@example.org")


def run(settings: Settings) -> RunReport:
    with runner.open_run(settings, runner.RunPlan("run", source_ids=("north", "south"))) as opened:
        return runner.perform_run(opened)


def hang_up(site: Site) -> None:
    site.answers = dict.fromkeys((*site.answers, "/robots.txt"), Answer(raw=b""))


def subjects(box: Postbox) -> list[str]:
    """The subjects of what came, without the daily e-mail."""
    return [str(mail["Subject"]) for mail in box.emails if "source" not in str(mail["Subject"]).split()]


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Settings:
    """The settings as the environment of commands and tasks."""
    monkeypatch.setenv("ONRECORD_HOME", str(settings.home))
    monkeypatch.setenv("ONRECORD_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("ONRECORD_OPS_MAIL", "ops@example.org")
    for name in ("SMTP_URL", "CONTACT", "CONFIG"):
        monkeypatch.delenv(f"ONRECORD_{name}", raising=False)
    return replace(settings, ops_mail="ops@example.org")


def test_a_source_that_stays_away_is_told_once_and_then_known(
    settings: Settings, tmp_path: Path, at_home: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    with desk(settings, tmp_path / "config") as (north, _, settings):
        away = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")
        assert run(away).exit_code == 0
        good = dict(north.answers)
        hang_up(north)
        assert run(away).exit_code == 1, "nobody was told yet"
        assert run(away).exit_code == 1, "the mail server is away"
        capfd.readouterr()
        assert cli.run_command_line(["report", "--urls"]) == 0
        rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
        feed, robots = (next(row for row in rows if row.get("kind") == kind) for kind in ("feed", "robots"))
        assert robots["reason"] == "reset" and robots["status"] is None and robots["detail"]
        assert feed["reason"] == "robots-unread" and "connection closed" in feed["detail"]
        with served(port=port) as box:
            run(away)
            [mail] = [it for it in subjects(box) if "north" in it]
            assert mail.startswith("onrecord: north is unreachable") and "robots-unread" in mail
            report = run(away)
            assert report.exit_code == 0 and list(report.known) == ["north"], "it was told"
            assert "KNOWN: north" in report.as_text() and "known: north (unreachable" in report.exit_reason
            north.answers = good
            run(away)
            assert run(away).exit_reason == "all well"
            assert [it for it in subjects(box) if "north" in it] == [
                mail,
                "onrecord: north is well again (was unreachable)",
            ]
            assert not [it for it in subjects(box) if "failed" in it]
            for site in (north, _):
                hang_up(site)
            run(away)
            assert run(away).exit_code == 1, "all sources down are never known"


def troubles(engine: Engine, *, days: float = 0) -> list[tuple[str, str, bool]]:
    after = datetime.now(UTC) - timedelta(days=days) if days else None
    with engine.connect() as connection:
        found = listed_incidents(connection, after=after)
    return [(it.kind, it.subject, it.closed_at is None) for it in found]


def mails(settings: Settings) -> list[str]:
    """What lies in the spool: subject and text of each e-mail."""
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in settings.spool.rglob("*.eml")]
    return sorted(f"{mail['Subject']}\n{mail.get_content()}" for mail in found)


def test_a_run_that_cannot_begin_is_told_once_and_over_with_the_next_that_can(
    at_home: Settings, engine: Engine
) -> None:
    wrong = InvalidFile("sources/north.yaml:7: feedz: no such field; did you mean feeds?", path="sources/north.yaml")
    for _ in range(3):
        failed_tasks.note_failed_task(FailedTask("onrecord_collect", "begin", wrong, link="http://airflow/log"))
    assert troubles(engine) == [("not-opened", "collect", True)]
    [mail] = mails(at_home)
    assert "sources/north.yaml:7: feedz" in mail and "http://airflow/log" in mail and "onrecord config check" in mail
    failed_tasks.note_beginning(engine, at_home, "daily")
    assert troubles(engine) == [("not-opened", "collect", True)], "another DAG"
    failed_tasks.note_beginning(engine, at_home, "collect")
    assert troubles(engine) == [] and len(mails(at_home)) == 2


def test_a_run_that_never_ended_is_told_by_the_next(at_home: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        killed = runs.start_run(connection, command="collect", clock=datetime.now(UTC))
    for _ in range(2):
        failed_tasks.note_beginning(engine, at_home, "collect")
    [mail] = mails(at_home)
    assert killed in mail and "never" not in mail.splitlines()[0]


def test_without_a_database_the_mailbox_is_told_once_too(
    at_home: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://reader:secret@127.0.0.1:1/none")
    for _ in range(2):
        failed_tasks.note_failed_task(FailedTask("onrecord_daily", "begin", OSError("no route"), None))
    [mail] = mails(at_home)
    assert "daily runs cannot begin" in mail and "secret" not in mail
    monkeypatch.setenv("ONRECORD_DATABASE_URL", str(at_home.database_url))
    failed_tasks.note_beginning(engine, at_home, "daily")
    failed_tasks.note_beginning(engine, at_home, "daily")
    assert len(mails(at_home)) == 2


def test_a_setting_that_cannot_be_read_still_lets_the_failure_be_told(
    at_home: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_LATE_HOURS", "soon")
    failed_tasks.note_failed_task(FailedTask("onrecord_collect", "begin", ValueError("ONRECORD_LATE_HOURS=soon")))
    assert "ONRECORD_LATE_HOURS=soon" in mails(at_home)[0]


def test_what_is_snoozed_is_silent_until_the_day_and_told_again_if_it_lasts(
    at_home: Settings, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    installation.report_trouble(at_home, Trouble(InstallationKind.TASK_FAILED, "maintenance.vacuum", "a lock"))
    assert cli.run_command_line(["ops", "incidents", "--json"]) == 1
    incident = json.loads(capfd.readouterr().out)
    assert (incident["kind"], incident["subject"], incident["of"]) == (
        "task-failed",
        "maintenance.vacuum",
        "installation",
    )
    assert cli.run_command_line(["ops", "snooze", incident["id"], "--until", "2001-01-01"]) == 2
    assert cli.run_command_line(["ops", "snooze", "nothing", "--until", f"{now + timedelta(days=2):%Y-%m-%d}"]) == 2
    assert (
        cli.run_command_line(["ops", "snooze", incident["id"], "--until", f"{now + timedelta(days=2):%Y-%m-%d}"]) == 0
    )
    assert cli.run_command_line(["ops", "incidents"]) == 0
    assert "snoozed until" in capfd.readouterr().out
    for days in (1, 3, 4):
        check.check_health(engine, at_home, {}, now=now + timedelta(days=days))
    assert len(mails(at_home)) == 2, "the first one, and one reminder"
    failed_tasks.note_ended_task("onrecord_maintenance", "vacuum")
    assert troubles(engine) == [] and troubles(engine, days=1) == [("task-failed", "maintenance.vacuum", False)]


def test_a_disk_that_is_nearly_full_is_told_before_it_is(
    at_home: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr("pipeline.operations.disk_space.FREE_BYTES", 1 << 62)
    check.check_health(engine, at_home, {}, now=now)
    check.check_health(engine, at_home, {}, now=now + timedelta(hours=1))
    assert {kind for kind, _, _ in troubles(engine)} == {"disk-nearly-full"}
    monkeypatch.setattr("pipeline.operations.disk_space.FREE_BYTES", 0)
    check.check_health(engine, at_home, {}, now=now + timedelta(hours=2))
    assert troubles(engine) == []
    begun, over = sorted(mails(at_home), key=lambda mail: "over:" in mail)
    assert "is nearly full" in begun and "over:" in over


def test_a_part_of_airflow_that_is_silent_and_a_broken_dag_file_are_noticed_from_outside(
    at_home: Settings, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE import_error (filename text, stacktrace text)")
    watch = AirflowWatch(engine, at_home, str(at_home.database_url))
    now, well = datetime.now(UTC), {"scheduler": "healthy", "dag_processor": "healthy"}
    watch.look({**well, "scheduler": "unhealthy"}, now)
    watch.look(None, now + timedelta(minutes=1))
    watch.look(well, now + timedelta(minutes=2))
    watch.look({**well, "scheduler": "unhealthy"}, now + timedelta(minutes=3))
    assert troubles(engine) == [], "a restart is no incident"
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO import_error VALUES ('daily.py', 'SyntaxError: line 7')")
    for minute in (9, 10):
        watch.look({**well, "scheduler": "unhealthy"}, now + timedelta(minutes=minute))
    assert {(kind, subject) for kind, subject, _ in troubles(engine)} == {
        ("scheduler-still", "scheduler"),
        ("dag-broken", "daily.py"),
    }
    assert [("SyntaxError: line 7" in mail, "its state is unhealthy" in mail) for mail in mails(at_home)] == [
        (True, False),
        (False, True),
    ]
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    replace(watch, engine=away).look(well, now + timedelta(minutes=10))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE import_error")
    watch.look(well, now + timedelta(minutes=11))
    assert len(troubles(engine)) == 2, "what cannot be read is not over"


def test_the_doctor_says_when_nobody_would_be_told(at_home: Settings) -> None:
    def said(settings: Settings) -> str:
        return next(it.detail for it in diagnose_installation(settings) if it.name == "ops mailbox")

    assert "nobody is notified" in said(replace(at_home, ops_mail=None))
    assert "nobody is notified" in said(at_home)
    assert (
        said(replace(at_home, smtp_url="smtp://127.0.0.1:9", ping_url="https://watch.example/x")) == "ops@example.org"
    )


def test_a_run_that_ended_well_pings_the_watchdog_elsewhere(settings: Settings) -> None:
    with serving() as site:
        runner.ping_watchdog(replace(settings, ping_url=site.url("/ping/1")))
        runner.ping_watchdog(replace(settings, ping_url=f"http://127.0.0.1:{free_port()}/"))
        assert site.paths() == ["/ping/1"]
