"""Options of commands: each does what it says, and a value that means nothing is refused with exit code 2."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path

import pytest
from quoted import DAY, WORDS, opened, put_quote
from sqlalchemy import Engine, text

from pipeline.cli import run_command_line
from pipeline.cli.speakers import missing_from
from pipeline.config.speaker import RosterConfig
from pipeline.queries.rows import RosterProposal
from pipeline.store import audit

REFUSED = {
    "run --from 2026-13-01 --to 2026-01-02": "--from '2026-13-01' is no date",
    "run --from 2026-01-05 --to 2026-01-02": "must end after it starts",
    "run --from 2026-99-99": "is no date",
    "run --to yesterday": "--to 'yesterday' is no date",
    "run --replay x.warc.gz --as-of 9999-12-31": "9999-12-31 is in the future",
    "stage extract --source nope": "no source nope",
    "stage link --source nope": "No such option: --source",
    "stage alert --from 2026-01-02": "belong together",
    "articles --run nope": "no such run",
    "articles --config /no/such": "--pairs",
    "articles --pairs --config /no/such": "no such folder",
    "articles --pairs --jsonl": "--jsonl means nothing with --pairs",
    "report --run nope": "no such run",
    "verify": "--all",
    "verify nope": "nope",
    "verify nope --all": "means nothing with --all",
    "export --run nope": "no such run",
    "export --csv --out /no/such/x.csv": "cannot be written",
    "export --config /no/such": "No such option: --config",
    "show nope": "no statement nope",
    "search lamp --source nope": "no run has read",
    "search lamp --speaker nobody": "nobody is called that",
    "search lamp --source ''": "no run has read",
    "search lamp --speaker ''": "part of a name is missing",
    "search lamp --speaker ' '": "part of a name is missing",
    "search lamp --from yesterday": "--from 'yesterday' is no date",
    "search lamp --page 0": "--page",
    "search lamp --page 999999999999999999": "--page",
    "search lamp --limit 0": "--limit",
    "sources health --source nope": "no source nope",
    "sources health --accept nope": "no open incident",
    "sources health --accept nope --source tass-ru": "--source means nothing with --accept",
    "sources list --config /no/such": "no such folder",
    "sources try nope": "no source nope",
    "sources try tas-ru": "did you mean tass-ru",
    "sources try tass-ru --day 2026-13-01": "is no day",
    "sources try tass-ru --as-of 2026-01-01": "--replay",
    "speakers check --config /no/such": "no such folder",
    "speakers proposed --at-least 0": "--at-least",
    "speakers proposed --at-least 99999999999999999999999": "--at-least",
    "speakers proposed --limit 99999999999999999999999": "--limit",
    "watches test --days 99999999999999999999999": "--days",
    "watches resend --days 99999999999999999999999": "--days",
    "speakers proposed --config /no/such": "no such folder",
    "watches test /no/such.yaml": "cannot be read",
    "watches resend nope": "no watch nope",
    "watches resend --config /no/such": "no such folder",
    "archive list --source nope": "no source nope",
    "archive check nope": "no such file",
    "archive get https://a.example/ --as-of yesterday": "--as-of 'yesterday' is no date",
    "archive package --wacz x.wacz --source nope": "no source nope",
    "files quotes --config /no/such": "no such folder",
    "files text x.html --out o": "--out needs --manifest",
    "files text x.html --manifest m --out o": "means nothing with --manifest",
    "files text --manifest m --out o --url https://a.example/": "--url means nothing",
    "ops backup x.tar --config /no/such": "no such folder",
    "ops takedown https://a.example/ --reason x": "knows no such address",
    "ops metrics --once --config /no/such": "no such folder",
    "ops metrics --once --port 9000": "--port means nothing with --once",
    "ops metrics --describe --once": "--once means nothing with --describe",
    "db url --role nope": "no role",
    "mail test reader": "not an address",
    "mail resume reader@press.example": "no watch has the address",
    "explain nope": "no statement nope",
    "ops snooze nope --until 2026-13-01": "is no da",
    "ops snooze nope --until 2099-01-01": "no open incident",
    "sources pause nope --until 2099-01-01": "no source nope",
    "web --port 70000": "--port",
    "web --host 203.0.113.7": "ONRECORD_WEB_PASSWORD",
}


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONRECORD_DATABASE_URL", database_url)
    return tmp_path


def test_a_value_that_means_nothing_is_refused_by_every_command(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for line, reason in REFUSED.items():
        assert run_command_line(shlex.split(line)) == 2, line
        shown = capfd.readouterr()
        # Typer breaks its messages into lines of the terminal's width.
        assert reason in " ".join(shown.err.split()), f"{line}: {shown.err}"
        assert shown.out == "" and "Traceback" not in shown.err, line


def test_with_json_a_refused_number_is_an_error_that_names_its_option(
    home: Path, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    opened(engine)
    for line in (
        "search --limit 0",
        "search lamp --page 999999999999999999",
        "speakers proposed --at-least 0",
        "speakers proposed --limit 99999999999999999999999",
    ):
        assert run_command_line([*line.split(), "--json"]) == 2
        shown = capfd.readouterr()
        error = json.loads(shown.err)["error"]
        assert shown.out == "" and error["code"] == "usage"
        assert error["message"].startswith(f"Invalid value for '{line.split()[-2]}': "), error
    for line in ("search lamp --limit 10000 --page 1000000", "speakers proposed --at-least 1000000 --limit 1000000"):
        assert run_command_line([*line.split(), "--json"]) == 0, line
    capfd.readouterr()


def test_export_writes_csv_or_json_lines(home: Path, engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    opened(engine)
    with engine.begin() as connection:
        put_quote(connection, "harbour")
    assert run_command_line(["export", "--csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capfd.readouterr().out))
    assert run_command_line(["export", "--jsonl", "--out", str(home / "quotes.jsonl")]) == 0
    (found,) = map(json.loads, (home / "quotes.jsonl").read_text(encoding="utf-8").splitlines())
    assert list(found) == list(row)
    assert found["quote"] == row["quote"] == WORDS


def test_proposals_leave_out_whom_the_configuration_names_by_now() -> None:
    proposed = [RosterProposal(name, "en", 2, 1, ("harbour",), DAY, WORDS) for name in ("Anna Brook", "Tom Reed")]
    people = [{"id": "anna-brook", "gender": "f", "en": "Anna Brook", "ru": "Анна Брук"}]
    roster = RosterConfig.model_validate({"speakers": people})
    assert [it.name for it in missing_from(roster, proposed)] == ["Tom Reed"]
    assert missing_from(RosterConfig(), proposed) == proposed


def test_the_window_of_the_alert_stage_selects_by_first_sight(
    home: Path, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    opened(engine)
    with engine.begin() as connection:
        put_quote(connection, "harbour")
    assert run_command_line(["stage", "link", "--json"]) == 0
    day = f"{DAY:%Y-%m-%d}"
    for window, waiting in (
        (["--from", "2020-01-01", "--to", "2020-01-02"], 1),
        (["--from", day, "--to", "2099-01-01"], 0),
    ):
        assert run_command_line(["stage", "alert", *window, "--json"]) == 0
        with engine.connect() as connection:
            left = connection.scalar(text("SELECT count(*) FROM onrecord.statements WHERE matched_at IS NULL"))
        assert left == waiting


def test_a_statement_is_shown_with_its_reports(home: Path, engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    opened(engine)
    with engine.begin() as connection:
        put_quote(connection, "harbour")
        put_quote(connection, "quay", hours=1)
    assert run_command_line(["search"]) == 0
    assert "    https://quay.example/1  no statement yet\n" in capfd.readouterr().out
    assert run_command_line(["stage", "link", "--json"]) == 0
    capfd.readouterr()
    with engine.connect() as connection:
        statement = connection.scalar(text("SELECT id FROM onrecord.statements"))
    assert run_command_line(["search"]) == 0
    assert f"    https://quay.example/1  statement {statement}\n" in capfd.readouterr().out
    assert run_command_line(["show", f" {statement} "]) == 0
    shown = capfd.readouterr().out
    assert shown.startswith(f"Mira Holt: {WORDS}\n") and f"statement {statement}" in shown
    assert shown.index("https://harbour.example/1") < shown.index("https://quay.example/1")
    assert run_command_line(["show", statement, "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["id"], found["text"], len(found["reports"])) == (statement, WORDS, 2)


def test_the_audit_log_as_json_has_a_line_for_each_entry(
    home: Path, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["ops", "audit", "--json"]) == 0
    assert capfd.readouterr().out == ""
    with engine.begin() as connection:
        audit.add_audit_entry(connection, "backup", "/x/one.tar")
        audit.add_audit_entry(connection, "backup", "/x/two.tar")
    assert run_command_line(["ops", "audit", "--json"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert sorted(it["subject"] for it in lines) == ["/x/one.tar", "/x/two.tar"]
    assert run_command_line(["ops", "audit", "--help"]) == 0
    assert "one JSON object per line" in " ".join(capfd.readouterr().out.replace("│", " ").split())
