"""Runs of the real crawler on a site that breaks and heals, and what `onrecord sources health` says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from crawling import Answer, Site, serving, source_of
from structlog.testing import capture_logs

from pipeline import cli
from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.config.settings import Settings
from pipeline.records import Stage
from pipeline.runs import runner
from pipeline.runs.report import RunReport

FEED = "/rss"


def installed(settings: Settings, site: Site, folder: Path, **fields: object) -> Settings:
    """An installation that reads the site and nothing else."""
    (folder / "sources").mkdir(parents=True)
    source = source_of(site, feeds=[site.url(FEED)], relevance="all", **fields).model_dump(mode="json")
    (folder / "sources" / "paper.yaml").write_text(yaml.safe_dump(source), encoding="utf-8")
    return replace(settings, config_dir=folder)


def run(settings: Settings, *names: str) -> RunReport:
    with runner.open_run(settings, runner.RunPlan("run", source_ids=names or ("paper",))) as opened:
        return runner.perform_run(opened)


def incidents(report: RunReport) -> list[tuple[str, str]]:
    return [(it.source_id, it.kind) for it in report.incidents]


def test_a_feed_that_turns_into_a_web_page_is_one_incident_until_it_is_back(settings: Settings, tmp_path: Path) -> None:
    with serving() as site:
        settings = installed(settings, site, tmp_path / "config")
        site.feed(FEED, [site.page(f"/a/{n}", "The bridge was opened on Monday. " * 30) for n in range(3)])
        assert incidents(run(settings)) == []
        good = site.answers[FEED]
        site.answers[FEED] = Answer(b"<html><body><h1>Welcome</h1></body></html>")
        broken = run(settings)
        assert incidents(broken) == [("paper", "feed-moved")]
        assert "not-a-feed" in broken.incidents[0].detail and "INCIDENT: paper" in broken.as_text()
        again = run(settings)
        assert [it.id for it in again.incidents] == [it.id for it in broken.incidents]
        site.answers[FEED] = good
        assert incidents(run(settings)) == [("paper", "feed-moved")]
        assert incidents(run(settings)) == []


def test_a_site_that_shuts_us_out_of_its_feed_is_blocked(settings: Settings, tmp_path: Path) -> None:
    with serving() as site:
        settings = installed(settings, site, tmp_path / "config")
        site.feed(FEED, [site.page("/a/1", "The bridge was opened on Monday. " * 30)])
        run(settings)
        site.answers[FEED] = Answer(b"no", status=403)
        report = run(settings)
        assert incidents(report) == [("paper", "blocked")] and report.exit_code == 1


def test_a_server_that_hangs_up_is_unreachable_and_not_said_to_refuse_us(settings: Settings, tmp_path: Path) -> None:
    with serving() as site:
        settings = installed(settings, site, tmp_path / "config")
        site.answers = dict.fromkeys((FEED, "/robots.txt"), Answer(raw=b""))
        report = run(settings)
    [incident] = report.incidents
    assert incident.kind == "unreachable"
    assert "robots-unread (robots.txt could not be read: reset (connection closed))" in incident.detail


@pytest.mark.parametrize("fault", ["smtp://nobody..example", "mail.example.org:25", "a mistake of ours"])
def test_trouble_with_mail_to_ops_is_logged_and_no_outcome_of_the_run(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def mistaken(*_: object, **__: object) -> str:
        raise AttributeError(fault)

    with serving() as site:
        site.answers[FEED] = Answer(b"no", status=403)
        settings = replace(installed(settings, site, tmp_path / "config"), ops_mail="ops@example.org", smtp_url=fault)
        if fault == "a mistake of ours":
            monkeypatch.setattr(SmtpTransport, "__init__", mistaken)
        plan = runner.RunPlan("run", source_ids=("paper",))
        with capture_logs() as logs, runner.open_run(settings, plan) as opened:
            report = runner.perform_run(opened, stages=(Stage.CRAWL,))
    assert report.exit_code == 1
    assert [line["error"] for line in logs if line["event"] == "ops_mail_failed"]


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Settings:
    """The settings as the environment of commands."""
    found = replace(settings, config_dir=tmp_path / "config")
    monkeypatch.setenv("ONRECORD_HOME", str(found.home))
    monkeypatch.setenv("ONRECORD_DATABASE_URL", str(found.database_url))
    monkeypatch.setenv("ONRECORD_CONFIG", str(found.config_dir))
    for name in ("OPS_MAIL", "SMTP_URL", "CONTACT"):
        monkeypatch.delenv(f"ONRECORD_{name}", raising=False)
    return found


def test_the_command_tells_by_text_json_and_exit_code(at_home: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as site:
        assert at_home.config_dir is not None
        installed(at_home, site, at_home.config_dir)
        site.feed(FEED, [site.page("/a/1", "The bridge was opened on Monday. " * 30)])
        assert cli.run_command_line(["health", "--source", "paper"]) == 0
        assert "not run yet" in capfd.readouterr().out
        run(at_home)
        capfd.readouterr()
        assert cli.run_command_line(["health", "--source", "paper", "--json"]) == 0
        state = json.loads(capfd.readouterr().out)
        assert state["well"] and state["sources"]["paper"]["new_24_hours"] == 1
        site.answers[FEED] = Answer(b"", status=410)
        run(at_home)
        capfd.readouterr()
        assert cli.run_command_line(["health", "--source", "paper", "--json"]) == 1
        [incident] = json.loads(capfd.readouterr().out)["sources"]["paper"]["incidents"]
        assert set(incident) == {"id", "source", "kind", "since", "opened_at", "updated_at", "detail"}
        assert cli.run_command_line(["health", "--source", "paper"]) == 1
        text = capfd.readouterr().out
        assert "feed-moved since" in text and "1 of 1 sources in trouble" in text
        assert cli.run_command_line(["health", "--accept", incident["id"]]) == 0
        assert cli.run_command_line(["health", "--accept", incident["id"]]) == 2
        assert "no open incident" in capfd.readouterr().err
        assert cli.run_command_line(["health", "--source", "nowhere"]) == 2


def test_the_command_needs_a_store(at_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_home.config_dir is not None
    at_home.config_dir.mkdir()
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://reader:secret@127.0.0.1:1/none")
    assert cli.run_command_line(["health"]) == 3
