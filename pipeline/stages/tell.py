"""link and alert as stages of a run: what they need is taken from the run and the configuration."""

from __future__ import annotations

import structlog

from pipeline.alerts.transports import SpoolTransport, transport_for
from pipeline.config.speakers import load_roster
from pipeline.config.watches import load_watches
from pipeline.records import Stage
from pipeline.stages import alert as alerting
from pipeline.stages import batching
from pipeline.stages import link as linking
from pipeline.stages.context import Run

log = structlog.get_logger()


def run_link_stage(run: Run) -> dict[str, int]:
    """Put every quote that waits into its statement; the stage's counts."""

    def progress(done: int, total: int) -> None:
        run.progress(Stage.LINK, done, total)

    progress(0, 0)
    result = linking.link_quotes(run.engine, run_id=run.id, now=run.now, window=run.selection, progress=progress)
    batching.note_items_entered(run, Stage.LINK, result.taken, everywhere=True)
    return {"statements": result.counts["statements"]}


def run_alert_stage(run: Run) -> dict[str, int]:
    """Hold new statements against the watches and hand over letters; the stage's counts.

    A replay tells nobody: its letters go to the spool. What a backfill has brought is no news to anybody, whichever run
    comes to it.
    """
    watches = load_watches(run.settings, {speaker.id for speaker in load_roster(run.settings).speakers})
    spool_only = run.replay is not None
    transport = SpoolTransport(run.settings.spool) if spool_only else transport_for(run.settings)
    run.progress(Stage.ALERT, 0, 0)
    result = alerting.alert_readers(
        run.engine,
        run_id=run.id,
        now=run.now,
        watches=watches,
        transport=transport,
        spool_only=spool_only,
        mail_from=run.settings.mail_from,
        reply_to=run.settings.ops_mail,
        zone=run.settings.timezone,
    )
    run.progress(Stage.ALERT, result.matched, result.matched)
    for problem in result.problems:
        log.warning("alert_problem", problem=problem)
    return {
        "alerts": result.matched,
        "letters": result.letters,
        "letters_waiting": result.waiting,
        "letters_dead": result.dead,
    }
