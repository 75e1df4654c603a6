"""quote: article versions become quotes, each with its speaker."""

from __future__ import annotations

from collections import Counter
from functools import partial

from pipeline import quotes as engine
from pipeline.batch import guarded
from pipeline.config.speakers import load_roster
from pipeline.records import LedgerEntry, Outcome, Quote, Stage
from pipeline.speakers import Roster
from pipeline.stages.run import Run
from pipeline.store import ledger
from pipeline.store import quotes as store
from pipeline.store.quotes import WaitingVersion


def quote(run: Run) -> dict[str, int]:
    """Find the quotes of every version this engine has not looked at; the stage's counts."""
    shipped = load_roster(run.settings)
    roster = Roster(shipped.speakers, shipped.offices)
    counts: Counter[str] = Counter({"in": 0, "quotes": 0})
    with run.engine.connect() as connection:
        waiting = list(store.versions_waiting(connection, engine.VERSION, run.selection, sources=list(run.sources)))
        connection.rollback()
    counts["in"] = len(waiting)
    run.progress(Stage.QUOTE, 0, len(waiting))
    for done, version in enumerate(waiting, 1):
        found, entry = guarded(Stage.QUOTE, version.id, version.source_id, partial(find, version, roster))
        with run.engine.begin() as connection:
            if found is not None:
                ids = store.save_quotes(connection, version.id, found, engine_version=engine.VERSION, now=run.now)
                counts["quotes"] += len(ids)
            ledger.record(connection, run.id, [entry])
        run.progress(Stage.QUOTE, done, len(waiting))
    return dict(counts)


def find(version: WaitingVersion, roster: Roster) -> tuple[list[Quote], LedgerEntry]:
    """The quotes of one version, and its ledger entry."""
    day = (version.published_at or version.seen_at).date()
    found = engine.find_quotes(version.text, roster=roster, lang=version.lang, day=day, title=version.title)
    reason = "quoted" if found else "no-quotes"
    return found, LedgerEntry(Stage.QUOTE, version.id, version.source_id, Outcome.KEPT, reason, str(len(found)))
