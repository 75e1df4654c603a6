"""The demo is the main job: what the newsroom published ends as it should, and a second run changes nothing."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from program import DemoHome, onrecord
from sqlalchemy import text

from pipeline.config.settings import from_environment
from pipeline.demo.newsroom import DAYS, ExpectedOutcome, expected_outcomes, expected_statements
from pipeline.ids import normalised_words
from pipeline.queries.ledger import url_outcomes
from pipeline.queries.rows import UrlOutcome
from pipeline.records import Outcome
from pipeline.store.engine import open_store

FLOORS = json.loads((Path(__file__).parents[1] / "quality" / "floors.json").read_text(encoding="utf-8"))["demo"]


@pytest.fixture(scope="module")
def outcomes(demo: DemoHome) -> list[dict[str, UrlOutcome]]:
    """Final outcomes by address as discovered, of each day's run."""
    assert demo.done.returncode == 0, demo.done.stdout + demo.done.stderr
    with open_store(settings_of(demo)) as engine, engine.connect() as connection:
        runs = connection.scalars(text("SELECT id FROM onrecord.runs ORDER BY clock, started_at")).all()
        return [{row.url: row for row in url_outcomes(connection, run)} for run in runs[: len(DAYS)]]


def test_the_search_that_the_demo_proposes_finds_something(demo: DemoHome) -> None:
    (proposed,) = [line for line in demo.done.stdout.splitlines() if " search " in line]
    done = onrecord("search", *shlex.split(proposed.partition(" search ")[2]), ONRECORD_HOME=demo.home)
    assert done.returncode == 0 and " found" in done.stdout.splitlines()[-1]
    assert not done.stdout.startswith("nothing found")


def settings_of(demo: DemoHome):  # type: ignore[no-untyped-def]
    return replace(from_environment(), home=demo.home, database_url=None)


def ended(row: ExpectedOutcome, found: dict[str, UrlOutcome]) -> set[tuple[str, str]]:
    """Outcome and reason of every form under which the address was listed that day."""
    return {(found[url].outcome, found[url].reason) for url in (row.url, *row.listed_as) if url in found}


@pytest.mark.parametrize(
    "row", expected_outcomes(), ids=lambda row: f"{row.day:%d}-{row.outcome}-{row.url.split('//')[1]}"
)
def test_each_address_ends_as_the_newsroom_meant_it(
    row: ExpectedOutcome, outcomes: list[dict[str, UrlOutcome]]
) -> None:
    expected = ended(row, outcomes[DAYS.index(row.day)])
    wanted = {str(row.outcome)} | ({str(Outcome.DUPLICATE)} if len(row.listed_as) > 1 else set())
    assert {outcome for outcome, _ in expected} <= wanted
    assert str(row.outcome) in {outcome for outcome, _ in expected}
    if row.reason_hint:
        assert row.reason_hint in {reason for _, reason in expected}


def test_statements_are_found_once_with_their_speaker_and_every_outlet(demo: DemoHome) -> None:
    with open_store(settings_of(demo)) as engine, engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT s.id, s.speaker_id, q.text, a.url FROM onrecord.statements s"
                " JOIN onrecord.statement_quotes m ON m.statement_id = s.id"
                " JOIN onrecord.quotes q ON q.id = m.quote_id JOIN onrecord.articles a ON a.id = q.article_id"
            )
        ).all()
    wrong = []
    right = 0
    for wanted in expected_statements():
        words = [normalised_words(spoken) for spoken in (wanted.words, *wanted.shorter)]
        for url in wanted.urls:
            hits = [
                row for row in rows if row.url == url and any(spoken in normalised_words(row.text) for spoken in words)
            ]
            if any(row.speaker_id == wanted.speaker for row in hits):
                right += 1
            else:
                wrong.append((wanted.speaker, url, wanted.words[:60], [row.speaker_id for row in hits]))
    assert right / (right + len(wrong)) >= FLOORS["statements_named"], wrong


def test_wire_copies_are_one_statement(demo: DemoHome) -> None:
    with open_store(settings_of(demo)) as engine, engine.connect() as connection:
        shared = connection.execute(
            text(
                "SELECT m.statement_id FROM onrecord.statement_quotes m JOIN onrecord.quotes q ON q.id = m.quote_id"
                " JOIN onrecord.articles a ON a.id = q.article_id"
                " GROUP BY 1 HAVING count(DISTINCT a.source_id) >= 3"
            )
        ).all()
    assert shared


def test_the_quote_changed_on_day_two_is_an_edit(demo: DemoHome) -> None:
    with open_store(settings_of(demo)) as engine, engine.connect() as connection:
        kinds = set(connection.scalars(text("SELECT kind FROM onrecord.edits")))
    assert "added" in kinds and kinds & {"reworded", "removed"}


def mails(demo: DemoHome) -> dict[str, str]:
    """Message-ID of each e-mail in the spool, with its subject."""
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in (demo.home / "spool").glob("*.eml")]
    return {str(mail["Message-ID"]): str(mail["Subject"]) for mail in found}


def test_readers_get_emails_and_the_second_run_changes_nothing_and_says_so(demo: DemoHome) -> None:
    before = mails(demo)
    assert before and all(before.values())
    again = onrecord("demo", "--home", demo.home)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "nothing changed" in again.stdout
    assert mails(demo) == before


def test_everything_in_the_demo_is_proved(demo: DemoHome) -> None:
    done = onrecord("verify", "--all", ONRECORD_HOME=demo.home)
    assert done.returncode == 0, done.stdout
    assert "all proved" in done.stdout
