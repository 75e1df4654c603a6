"""The link and alert stages with the signature of the other stages: their arguments are taken from the run."""

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
    """Run the link stage; its counts."""

    def progress(done: int, total: int) -> None:
        run.progress(Stage.LINK, done, total)

    progress(0, 0)
    result = linking.link_quotes(run.engine, run_id=run.id, now=run.now, window=run.selection, progress=progress)
    batching.note_items_entered(run, Stage.LINK, result.taken, everywhere=True)
    return {"statements": result.counts["statements"]}


def run_alert_stage(run: Run) -> dict[str, int]:
    """Run the alert stage; its counts.

    A replay sends no mail: its e-mails go to the spool. Statements from a backfill raise no alert, whichever run
    processes them.
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
