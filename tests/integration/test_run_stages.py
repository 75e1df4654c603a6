"""What a run's stages did is in rows of their own: honest after a kill, without conflicts, and filled from before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from newsdesk import opened
from sqlalchemy import Engine, text

from pipeline.crawling.summary import CrawlSummary
from pipeline.queries.ledger import summed_up
from pipeline.records import Stage
from pipeline.stage_result import StageResult
from pipeline.store import migrate
from pipeline.store.runs import run_stages, run_state
from pipeline.store.runs.run_stages import StagePass

LEFT = "quote: did not come to its end; see the log of its task"


def passes_of(engine: Engine, run: str) -> list[StagePass]:
    with engine.connect() as connection:
        return run_stages.stage_passes(connection, run)


def test_a_stage_that_was_killed_has_no_end_even_if_an_earlier_try_had_one(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        run_stages.begin_pass(connection, run, Stage.QUOTE, "")
        run_stages.save_items(connection, run, Stage.QUOTE, "", 3)
    assert run_stages.unfinished_work(passes_of(engine, run), [Stage.QUOTE]) == [LEFT]
    with engine.begin() as connection:
        run_stages.end_pass(connection, run, Stage.QUOTE, "", StageResult(quotes=7))
    assert passes_of(engine, run) == [StagePass(Stage.QUOTE, "", (), 3, True, StageResult(quotes=7))]
    with engine.begin() as connection:
        run_stages.begin_pass(connection, run, Stage.QUOTE, "")
    assert run_stages.unfinished_work(passes_of(engine, run), [Stage.QUOTE]) == [LEFT]
    assert run_stages.summed_result(passes_of(engine, run)) == StageResult(quotes=7), "done is done"


def test_batches_that_run_at_once_write_their_own_rows(engine: Engine) -> None:
    run = opened(engine)
    batches = [[f"s{number}", f"t{number}"] for number in range(8)]
    with engine.begin() as connection:
        run_stages.plan_batches(connection, run, Stage.EXTRACT, [["an earlier plan"]])
        run_stages.plan_batches(connection, run, Stage.EXTRACT, batches)

    def work(number: int) -> None:
        with engine.begin() as connection:
            run_stages.begin_pass(connection, run, Stage.EXTRACT, f"s{number}")
            run_stages.save_items(connection, run, Stage.EXTRACT, f"s{number}", number)
            if number:
                result = StageResult(versions_new=number)
                run_stages.end_pass(connection, run, Stage.EXTRACT, f"s{number}", result)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    passes = passes_of(engine, run)
    assert run_stages.summed_items(passes, Stage.EXTRACT) == 28
    assert run_stages.summed_result(passes) == StageResult(versions_new=28)
    left = "extract of s0, t0: did not come to its end; see the log of its task"
    assert run_stages.unfinished_work(passes, [Stage.EXTRACT]) == [left]


CRAWLED = CrawlSummary("gazette", 2, {"kept": 2}, {"read": 1}, True, "it is gone", {"a.example": "2026-06-01"}, ["x"])
SUMMARY: Mapping[str, Mapping[str, Any]] = {
    "planned": {"extract": {"batches": [["a", "b"], ["c"]]}},
    "entered": {"extract:a": {"items": 3}, "link": {"items": 0}},
    "stage": {
        "extract:a": {"versions_new": 2},
        "link": {"statements": 5},
        "alert": {"alerts": 0, "letters": 0, "letters_dead": 0, "letters_waiting": 4},
    },
    "crawl": {"gazette": CRAWLED.as_json()},
    "archive": {"all": {"uploaded": 1, "waiting": 2, "removed": 0, "failure": "no disk"}},
    "failed": {"extract:a u was not read": {"stage": "extract", "what": "u was not read"}},
    "ledger": {"summed-up": {}},
}
"""As runs of before kept it."""


def test_what_runs_of_before_noted_becomes_rows_and_notes_again(engine: Engine) -> None:
    run, plain = opened(engine), opened(engine)
    migrate.downgrade_database(engine, "0012")
    with engine.begin() as connection:
        noted = {"summary": json.dumps(SUMMARY), "run": run}
        connection.execute(text("UPDATE onrecord.runs SET summary = CAST(:summary AS jsonb) WHERE id = :run"), noted)
    migrate.upgrade_database(engine)
    assert passes_of(engine, run) == [
        StagePass(Stage.EXTRACT, "a", ("a", "b"), 3, True, StageResult(versions_new=2)),
        StagePass(Stage.EXTRACT, "c", ("c",), None, False, StageResult()),
        StagePass(Stage.LINK, "", (), 0, True, StageResult(statements=5)),
        StagePass(Stage.ALERT, "", (), None, True, StageResult(alerts=0, letters=0, letters_dead=0, letters_waiting=4)),
    ]
    with engine.connect() as connection:
        assert run_state.crawl_summaries(connection, run) == {"gazette": CRAWLED}
        assert run_state.latest_not_before(connection, "gazette") == {"a.example": "2026-06-01"}
        assert run_state.upload_failures(connection, run) == ["no disk"]
        assert run_state.stage_faults(connection, run) == ["extract: u was not read"]
        assert (summed_up(connection, run), summed_up(connection, plain)) == (True, False)
    assert passes_of(engine, plain) == []
    migrate.downgrade_database(engine, "0012")
    with engine.connect() as connection:
        found = {row.id: row.summary for row in connection.execute(text("SELECT id, summary FROM onrecord.runs"))}
    assert found == {run: SUMMARY, plain: {}}
