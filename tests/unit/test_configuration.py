"""Every setting is known, told of on the page, and checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli import run_command_line
from pipeline.config.environment import configuration_page, environment_problems
from pipeline.config.settings import VARIABLES, from_environment
from pipeline.errors import ConfigError

ROOT = Path(__file__).parents[2]
SCRAPY = {"ONRECORD_ALLOWED_NAMES"}
"""A setting of Scrapy's that is not read from the environment."""


def test_every_setting_that_the_code_names_is_listed() -> None:
    named = {
        name
        for folder in ("pipeline", "crawlers", "dags")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"\bONRECORD_[A-Z][A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    assert named - SCRAPY == {it.name for it in VARIABLES}


def test_the_page_is_the_one_that_the_code_makes() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == configuration_page()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ONRECORD_DATABASE_URL", "mysql://u:hidden@host/db", "starts with postgres://"),
        ("ONRECORD_SMTP_URL", "mail.example.org", "starts with smtp://"),
        ("ONRECORD_SMTP_URL", "smtp://u:hidden@host:port", "is no address"),
        ("ONRECORD_SMTP_URL", "smtp://u:hidden/and-more@host", "is no address"),
        ("ONRECORD_OPS_MAIL", "nobody", "is no e-mail address"),
        ("ONRECORD_CONFIG", "/no/such/folder", "no such folder"),
        ("ONRECORD_ARCHIVE_KEEP_DAYS", "-1", "number of days"),
        ("ONRECORD_ARCHIVE_URL", "bucket", "s3://"),
        ("ONRECORD_ARCHIVE_URL", "s4://bucket", "not known: s4"),
        ("ONRECORD_SMTP_URL", "smtp://u:hidden@mail.example.org/x", "after host and port"),
        ("ONRECORD_CONTACT", "nobody", "e-mail or web address"),
        ("ONRECORD_MAIL_FROM", "The record", "is no e-mail address"),
        ("ONRECORD_HOME", __file__, "is no folder"),
        ("ONRECORD_PG_BIN", "/", "no program initdb"),
        ("ONRECORD_AS_OF", "yesterday", "no day or moment"),
        ("ONRECORD_AIRFLOW_DATABASE_URL", "host/airflow", "postgresql://"),
        ("ONRECORD_OPSMAIL", "ops@example.org", "did you mean ONRECORD_OPS_MAIL?"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_shown(name: str, value: str, message: str) -> None:
    (problem,) = environment_problems({name: value, "PATH": "/bin"})
    assert problem.startswith(name) and message in problem
    assert "hidden" not in problem


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://u:p@host/db\n", encoding="utf-8")
    monkeypatch.delenv("ONRECORD_DATABASE_URL", raising=False)
    monkeypatch.setenv("ONRECORD_DATABASE_URL_FILE", str(file))
    assert from_environment().database_url == "postgresql://u:p@host/db"
    assert list(environment_problems({"ONRECORD_DATABASE_URL_FILE": str(file)})) == []
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://other/db")
    with pytest.raises(ConfigError, match="both set"):
        from_environment()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("ONRECORD_SMTP_URL_FILE", None, "cannot be read: No such file"),
        ("ONRECORD_SMTP_URL_FILE", " \n", "is empty"),
        ("ONRECORD_SMTP_URL_FILE", "mail.example.org/hidden", "starts with smtp://"),
        ("ONRECORD_HOME_FILE", "/srv", "no such setting"),
    ],
)
def test_a_wrong_file_is_named_and_no_secret_shown(name: str, text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    (problem,) = environment_problems({name: str(file)})
    assert problem.startswith(name) and message in problem
    assert "hidden" not in problem


def test_a_setting_and_its_file_are_not_both_taken(tmp_path: Path) -> None:
    (problem,) = environment_problems({"ONRECORD_PROXY": "http://proxy:3128", "ONRECORD_PROXY_FILE": str(tmp_path)})
    assert "ONRECORD_PROXY is set as well" in problem


def test_good_and_empty_settings_are_well() -> None:
    assert (
        list(environment_problems({"ONRECORD_SMTP_URL": "smtps://u:p@mail.example.org:465", "ONRECORD_PROXY": ""}))
        == []
    )
    assert (
        list(environment_problems({"ONRECORD_CONTACT": "https://example.org/bot", "ONRECORD_AS_OF": "2026-06-15"}))
        == []
    )
    assert list(environment_problems({"ONRECORD_MAIL_FROM": "The record <record@example.org>"})) == []


def test_files_are_checked_whatever_is_wrong_with_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [it.name for it in VARIABLES]:
        monkeypatch.delenv(name, raising=False)
    assert run_command_line(["config", "check"]) == 0
    assert capsys.readouterr().out == "all well\n"
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yaml").write_text("id: mine\n", encoding="utf-8")
    (tmp_path / "watches.yaml").write_text(
        "watches:\n  - id: a\n    address: nobody\n    words: [x]\n", encoding="utf-8"
    )
    assert run_command_line(["config", "check", "--config", str(tmp_path)]) == 2
    output = capsys.readouterr().out
    assert "mine.yaml" in output and "watches.yaml:3" in output


def test_a_bad_setting_hides_no_bad_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_CONTCT", "x")
    (tmp_path / "watches.yaml").write_text("watches:\n  - {id: a, address: nobody, words: [x]}\n", encoding="utf-8")
    assert run_command_line(["config", "check", "--config", str(tmp_path)]) == 2
    output = capsys.readouterr().out
    assert "ONRECORD_CONTACT" in output and "watches.yaml:2" in output and output.endswith("2 problems\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("watch.yaml", "watches: []\n", "watch.yaml: is not read: did you mean watches.yaml?"),
        ("sources/mine.yml", "id: mine\n", "mine.yml: is not read: call it mine.yaml"),
        ("mine.yaml", "id: mine\n", "is not read: there are beat.yaml"),
        ("watches.yaml", "watches: []\n# more\nwatches: []\n", "watches.yaml:3: watches: stands in line 1 already"),
    ],
)
def test_what_yaml_or_we_would_pass_over_is_named(
    name: str, content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert run_command_line(["config", "check", "--config", str(tmp_path)]) == 2
    assert message in capsys.readouterr().out
