"""The alert stage: match new statements against the watches, and send each reader one e-mail for each occasion.

The outbox is filled in one transaction, then emptied e-mail by e-mail: lease, send, mark as sent. After a kill the next
run continues from there; an e-mail that was sent but not marked is sent again with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine

from pipeline.alerts.channels.email import transport_for
from pipeline.alerts.channels.email.faults import Transport
from pipeline.alerts.channels.email.spool import SpoolTransport
from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.alerts.messages import Sender, sender_for
from pipeline.alerts.newness import Newness, newness_of
from pipeline.config.speakers import load_roster
from pipeline.config.watches import load_watches
from pipeline.records import AlertChannel, AlertKind, LedgerEntry, Outcome, Stage, Watch, Window
from pipeline.stage_result import StageResult
from pipeline.stages.alert_delivery import AlertContext, AlertResult, deliver_emails, record_alerts
from pipeline.stages.context import Run
from pipeline.stages.link import LINK_LOCK
from pipeline.store.alerts import corrections, outbox
from pipeline.store.alerts.outbox import NewAlert
from pipeline.store.alerts.watches import subscriber_id, sync_watches
from pipeline.store.locks import one_at_a_time
from pipeline.store.runs import ledger
from pipeline.store.statements import unmatched
from pipeline.store.statements.unmatched import UnmatchedStatement

log = structlog.get_logger()

DELIVERING = "deliver"


def alert_watches(run: Run) -> StageResult:
    """Send the alerts of the run's new statements; counts alerts and e-mails.

    A replay sends no mail: its e-mails go to the spool. Statements from a backfill raise no alert, whichever run
    processes them.
    """
    watches = load_watches(run.settings, {speaker.id for speaker in load_roster(run.settings).speakers})
    channel = AlertChannel.EMAIL if run.replay is None else AlertChannel.SPOOL
    run.progress(Stage.ALERT, 0, 0)
    result = alert_readers(
        run.engine,
        run_id=run.id,
        now=run.now,
        watches=watches,
        transport=SpoolTransport(run.settings.spool) if run.replay else transport_for(run.settings),
        channel=channel,
        sender=sender_for(run.settings),
        window=run.selection,
    )
    run.progress(Stage.ALERT, result.matched, result.matched)
    for problem in result.problems:
        log.warning("alert_problem", problem=problem)
    return StageResult(
        alerts=result.matched, letters=result.letters, letters_dead=result.dead, letters_waiting=result.waiting
    )


def alert_readers(
    engine: Engine,
    *,
    run_id: str,
    now: datetime,
    watches: Sequence[Watch],
    transport: Transport,
    channel: AlertChannel = AlertChannel.EMAIL,
    sender: Sender | None = None,
    window: Window | None = None,
) -> AlertResult:
    """Send the readers of ``watches`` their new alerts, one per statement, and record an outcome for each alert.

    ``now`` is the run's clock; a new watch starts at it. With the channel ``SPOOL`` (replays) ``transport`` must be a
    spool: alerts made for it are never sent by mail later, and those that wait for mail are not touched. ``window``
    limits the statements that are matched to those first seen in it.
    """
    result = AlertResult()
    context = AlertContext(engine, run_id, now, {it.id: it for it in watches}, sender or Sender(), channel, result)
    with one_at_a_time(engine, [LINK_LOCK], holder=f"onrecord alert {run_id}"):
        match_statements(context, window)
    with one_at_a_time(engine, [DELIVERING], holder=f"onrecord alert {run_id}"):
        deliver_emails(context, transport)
        with engine.connect() as connection:
            result.waiting = outbox.count_waiting_alerts(connection, channel=channel)
    log.info("alerted", **result.counts)
    return result


def match_statements(context: AlertContext, window: Window | None) -> None:
    """Match the waiting statements and add alerts to the outbox, in one transaction."""
    with context.engine.begin() as connection:
        since = sync_watches(connection, list(context.watches.values()), context.now)
        record_alerts(context, connection, outbox.withdraw_alerts(connection), Outcome.NOT_RELEVANT, outbox.NOT_SAID)
        waiting = unmatched.unmatched_statements(connection, window)
        matched = list(new_alerts(context, waiting, since))
        new = without_sent(connection, matched)
        added = outbox.add_alerts(
            connection,
            new,
            run_id=context.run_id,
            now=context.now,
            domain=context.sender.domain,
            channel=context.channel,
        )
        corrections.add_corrections(connection, context.now, run_id=context.run_id, domain=context.sender.domain)
        unmatched.mark_matched(connection, [statement.id for statement in waiting], context.now)
        sources = {statement.id: statement.source_id for statement in waiting}
        unsent = [one for one in new if one.id in added and one.state != outbox.PENDING]
        ledger.record_outcomes(
            connection, context.run_id, [_suppressed(one, sources[one.statement_id]) for one in unsent]
        )
    context.result.matched += len(added)
    context.result.suppressed_old += sum(one.state == outbox.OLD for one in unsent)


def new_alerts(
    context: AlertContext, waiting: Iterable[UnmatchedStatement], since: Mapping[str, datetime]
) -> Iterable[NewAlert]:
    """An alert for each match of a statement and a watch.

    Left out are statements whose stance is not ``said``, those that say nothing (``No comment``), those whose speaker
    is less certain than the watch asks for, and those first seen before the watch began or while its reader had stopped
    it (which is not in ``since``).
    """
    matcher = WatchMatcher(context.watches.values())
    for statement in waiting:
        if statement.stance != "said" or statement.formula:
            continue
        newness = newness_of(statement.first_published_at, context.now, backfilled=statement.backfilled)
        for watch in matcher.matching_watches(WatchCandidate(statement.speakers, statement.texts, statement.passages)):
            if statement.confidence < watch.confidence:
                continue
            if watch.id in since and statement.first_seen_at >= since[watch.id]:
                yield _new_alert(context, watch, statement.id, newness)


def _new_alert(context: AlertContext, watch: Watch, statement_id: str, newness: Newness) -> NewAlert:
    if newness is Newness.NEVER:
        return NewAlert(watch, statement_id, outbox.OLD)
    if watch.daily or newness is Newness.SUMMARY:
        return NewAlert(watch, statement_id, outbox.PENDING, AlertKind.SUMMARY, context.next_summary(watch))
    return NewAlert(watch, statement_id, outbox.PENDING)


def without_sent(connection: Connection, new: Sequence[NewAlert]) -> list[NewAlert]:
    """The alerts, those suppressed whose statement the reader was sent for another watch."""
    readers = {subscriber_id(one.watch.address) for one in new}
    sent = outbox.statements_sent(connection, readers, {one.statement_id for one in new})
    return [
        replace(one, state=outbox.SENT_BEFORE)
        if one.state == outbox.PENDING and (subscriber_id(one.watch.address), one.statement_id) in sent
        else one
        for one in new
    ]


def _suppressed(alert: NewAlert, source: str) -> LedgerEntry:
    return LedgerEntry(Stage.ALERT, alert.id, source, Outcome.NOT_RELEVANT, alert.state, alert.watch.id)
