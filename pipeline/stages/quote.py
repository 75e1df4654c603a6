"""The quote stage: find the quotes in article versions, each with its speaker.

Texts are untrusted input, so they are processed in a sandboxed worker with limits, as pages are.
"""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from pipeline.config.speakers import load_roster
from pipeline.quotes import VERSION, find_in_worker, prepare_worker
from pipeline.reasons import Reason
from pipeline.records import LedgerEntry, Outcome, Quote, Stage
from pipeline.runtime.sandbox import UNANSWERED, Sandbox
from pipeline.stage_result import StageResult
from pipeline.stages import batching
from pipeline.stages.context import Run
from pipeline.stages.guarded import run_guarded
from pipeline.store.articles import quotes
from pipeline.store.articles.quotes import WaitingVersion
from pipeline.store.articles.search_terms import analyse_waiting_quotes
from pipeline.store.crawl import quarantine
from pipeline.store.runs import ledger

CPU_SECONDS = 20
"""CPU seconds that one text may take. A text of a megabyte takes three."""


def quote_versions(run: Run) -> StageResult:
    """Find the quotes of every version that this engine version has not processed; counts of the stage.

    Quotes that have no search terms of this version of the analyser get them first.
    """
    sources = list(run.sources)
    roster = load_roster(run.settings)
    prepare = partial(prepare_worker, roster.speakers, roster.offices)
    analyse_waiting_quotes(run.engine)
    # No transaction of its own: one that stays open for the whole stage would keep vacuum from removing rows.
    with (
        run.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        Sandbox(CPU_SECONDS, prepare=prepare) as sandbox,
    ):
        waiting = quotes.versions_waiting(connection, VERSION, run.selection, sources=sources)
        batching.note_items_entered(run, Stage.QUOTE, ((source, version) for version, source in waiting.items()))
        run.progress(Stage.QUOTE, 0, len(waiting))
        for done, version in enumerate(quotes.load_waiting_versions(connection, waiting), 1):
            quote_version(run, version, sandbox)
            run.progress(Stage.QUOTE, done, len(waiting))
        return StageResult(quotes=ledger.details_sum(connection, run.id, Stage.QUOTE, sources))


def quote_version(run: Run, version: WaitingVersion, sandbox: Sandbox) -> None:
    """Find the quotes of one version and save them with its ledger entry, in one transaction."""
    zone = run.sources[version.source_id].dates.zone
    found, entry = run_guarded(
        Stage.QUOTE, version.id, version.source_id, partial(find_version_quotes, version, sandbox, zone)
    )
    with run.engine.begin() as connection:
        if found is not None:
            quotes.save_quotes(connection, version.id, found, engine_version=VERSION, now=run.now)
        elif entry.reason not in (Reason.BUG, Reason.NO_WORKER):
            certain = entry.reason not in UNANSWERED
            quarantine.record_failure(
                connection, Stage.QUOTE, version.id, code_version=VERSION, reason=entry.reason, certain=certain
            )
        ledger.record_outcomes(connection, run.id, [entry])


def find_version_quotes(version: WaitingVersion, sandbox: Sandbox, zone: str) -> tuple[list[Quote], LedgerEntry]:
    """The quotes of one version, and its ledger entry. Its day is that of publication in the source's ``zone``.

    A version without a time has no day: when we first saw it says nothing of when the words were said. Raises Rejected
    if the text exceeds a limit.
    """
    day = version.published_at.astimezone(ZoneInfo(zone)).date() if version.published_at else None
    found = sandbox.call(find_in_worker, version.text, lang=version.lang, day=day, title=version.title)
    reason = Reason.QUOTED if found else Reason.NO_QUOTES
    return found, LedgerEntry(Stage.QUOTE, version.id, version.source_id, Outcome.KEPT, reason, str(len(found)))
