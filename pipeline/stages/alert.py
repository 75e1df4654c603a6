"""The alert stage: match new statements against the watches, and send an e-mail for each match.

The outbox is filled in one transaction, then emptied e-mail by e-mail: lease, send, mark as sent. After a kill the next
run continues from there; an e-mail that was sent but not marked is sent again with the same Message-ID.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from jinja2 import TemplateError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from pipeline.alerts import messages
from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.alerts.messages import SUMMARY_ABOVE, Sender
from pipeline.alerts.mime import Message, UnwritableEmail
from pipeline.alerts.transports import SpoolTransport, Transport, Unavailable, transport_for
from pipeline.config.speakers import load_roster
from pipeline.config.watches import load_watches
from pipeline.errors import StoreUnreachable, TransportError
from pipeline.queries.statements import load_statement_views
from pipeline.reasons import Reason
from pipeline.records import AlertChannel, AlertKind, LedgerEntry, Outcome, Stage, Watch, Window
from pipeline.stage_result import StageResult
from pipeline.stages.context import Run
from pipeline.stages.link import LINK_LOCK
from pipeline.store.alerts import outbox
from pipeline.store.alerts.outbox import ClaimedEmail, NewAlert
from pipeline.store.alerts.watches import sync_watches
from pipeline.store.locks import one_at_a_time
from pipeline.store.runs import ledger
from pipeline.store.statements import unmatched
from pipeline.store.statements.unmatched import UnmatchedStatement

log = structlog.get_logger()

DELIVERING = "deliver"
NEWS = timedelta(hours=48)
"""Statements first published longer ago are old and raise no alert; nor do those of a backfill or without a date, which
may be years old."""
HORIZON = timedelta(hours=72)
"""An e-mail that could not be sent for this long becomes a dead letter."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
SERVER_TRIES = 3
"""After this many e-mails in a row that no server accepted, the rest waits for the next run."""


@dataclass(slots=True)
class AlertResult:
    """Counts of a run's alerts; ``letters``: e-mails sent, ``waiting``: alerts still to be sent."""

    matched: int = 0
    suppressed_old: int = 0
    sent: int = 0
    summarised: int = 0
    put_off: int = 0
    dead: int = 0
    letters: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)
    """Errors of sending, each once, for the report."""

    @property
    def counts(self) -> Counter[str]:
        names = ("matched", "suppressed_old", "sent", "summarised", "put_off", "dead", "letters", "waiting")
        return Counter({name: getattr(self, name) for name in names})


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
        sender=Sender(run.settings.mail_from, reply_to=run.settings.ops_mail, zone=run.settings.timezone),
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


@dataclass(frozen=True, slots=True)
class AlertContext:
    """What matching and sending share in one run."""

    engine: Engine
    run_id: str
    now: datetime
    watches: dict[str, Watch]
    sender: Sender
    channel: AlertChannel
    result: AlertResult


def match_statements(context: AlertContext, window: Window | None) -> None:
    """Match the waiting statements and add alerts to the outbox, in one transaction."""
    with context.engine.begin() as connection:
        since = sync_watches(connection, list(context.watches.values()), context.now)
        _record(context, connection, outbox.withdraw_alerts(connection), Outcome.NOT_RELEVANT, outbox.NOT_SAID)
        waiting = unmatched.unmatched_statements(connection, window)
        new = list(new_alerts(waiting, list(context.watches.values()), since, context.now))
        added = outbox.add_alerts(
            connection,
            new,
            run_id=context.run_id,
            now=context.now,
            domain=context.sender.domain,
            channel=context.channel,
        )
        unmatched.mark_matched(connection, [statement.id for statement in waiting], context.now)
        sources = {statement.id: statement.source_id for statement in waiting}
        old = [one for one in new if one.id in added and one.state == outbox.OLD]
        ledger.record_outcomes(connection, context.run_id, [_suppressed(one, sources[one.statement_id]) for one in old])
    context.result.matched += len(added)
    context.result.suppressed_old += len(old)


def new_alerts(
    waiting: Iterable[UnmatchedStatement], watches: Sequence[Watch], since: dict[str, datetime], now: datetime
) -> Iterable[NewAlert]:
    """An alert for each match of a statement and a watch.

    Left out are statements whose stance is not ``said``, those that say nothing (``No comment``), and those first seen
    before the watch began or while its reader had stopped it (which is not in ``since``).
    """
    matcher = WatchMatcher(watches)
    for statement in waiting:
        if statement.stance != "said" or statement.formula:
            continue
        state = outbox.PENDING if is_news(statement, now) else outbox.OLD
        for watch in matcher.matching_watches(WatchCandidate(statement.speakers, statement.texts, statement.passages)):
            if watch.id in since and statement.first_seen_at >= since[watch.id]:
                yield NewAlert(watch, statement.id, state)


def is_news(statement: UnmatchedStatement, now: datetime) -> bool:
    """Whether a statement is recent enough for an alert (see :data:`NEWS`) and not from a backfill."""
    published = statement.first_published_at
    return not statement.backfilled and published is not None and published >= now - NEWS


def _suppressed(alert: NewAlert, source: str) -> LedgerEntry:
    return LedgerEntry(Stage.ALERT, alert.id, source, Outcome.NOT_RELEVANT, alert.state, alert.watch.id)


def deliver_emails(context: AlertContext, transport: Transport) -> None:
    """Send the e-mails in the outbox, as far as the transport accepts them."""
    with context.engine.begin() as connection:
        late = outbox.expire_alerts(connection, context.now - HORIZON, channel=context.channel)
        _record(context, connection, late, Outcome.ERROR, Reason.EXPIRED)
        outbox.gather_summaries(
            connection, context.now, above=SUMMARY_ABOVE, domain=context.sender.domain, channel=context.channel
        )
    context.result.dead += len(late)
    tried: set[str] = set()
    silent = 0
    while silent < SERVER_TRIES:
        with context.engine.begin() as connection:
            email = outbox.claim_email(
                connection, context.now, among=context.watches, tried=tried, channel=context.channel
            )
        if email is None:
            return
        tried.add(email.message_id)
        silent = silent + 1 if hand_over_email(context, transport, email) else 0
    log.warning("delivery_stopped", server_tries=silent)


def hand_over_email(context: AlertContext, transport: Transport, email: ClaimedEmail) -> bool:
    """Send one e-mail and mark it; true if no server could be reached."""
    try:
        message = write_email(context, email)
        reply = transport.send(message)
    except Unavailable as error:
        _put_off(context, email, str(error))
        return True
    except TransportError as error:
        if error.permanent:
            _give_up(
                context, email, str(error), Reason.UNWRITABLE if isinstance(error, UnwritableEmail) else Reason.REFUSED
            )
        else:
            _put_off(context, email, str(error))
    except (SQLAlchemyError, StoreUnreachable):
        raise
    except Exception as error:
        log.exception("message_failed", item=email.message_id, watch=email.watch_id)
        _put_off(context, email, f"a fault of ours: {type(error).__name__}: {error}", Reason.BUG)
    else:
        _mark_sent(context, email, message, reply)
    return False


def write_email(context: AlertContext, email: ClaimedEmail) -> Message:
    """The e-mail of a claim, in the watch's language if it sets one.

    Raises UnwritableEmail if it can never be written, TransportError if its statement was just merged into another.
    """
    watch = context.watches[email.watch_id]
    with context.engine.connect() as connection:
        views = load_statement_views(connection, outbox.statements_of(connection, email))
    if not views:
        raise TransportError("its statement has just become part of another", permanent=False)
    try:
        if email.kind is AlertKind.SUMMARY:
            return messages.summary_email(
                views, watch, context.sender, message_id=email.message_id, built_at=email.built_at
            )
        return messages.alert_email(
            views[0], watch, context.sender, message_id=email.message_id, built_at=email.built_at
        )
    except (TemplateError, ValueError) as error:
        raise UnwritableEmail(error) from error


def _mark_sent(context: AlertContext, email: ClaimedEmail, message: Message, reply: str) -> None:
    state = outbox.SUMMARISED if email.kind is AlertKind.SUMMARY else outbox.SENT
    with context.engine.begin() as connection:
        outbox.mark_email_sent(connection, email, state=state, subject=message.subject, reply=reply, now=context.now)
        _record(context, connection, email.alerts, Outcome.KEPT, state, email.message_id)
    context.result.letters += 1
    if state == outbox.SENT:
        context.result.sent += len(email.alerts)
    else:
        context.result.summarised += len(email.alerts)


def _put_off(context: AlertContext, email: ClaimedEmail, reply: str, reason: str = Reason.PUT_OFF) -> None:
    """Schedule the next try: after the first failure in the next run, then after intervals that double each time."""
    wait = min(FIRST_WAIT * 2 ** (email.tried - 1), LONGEST_WAIT) if 0 < email.tried < 10 else LONGEST_WAIT
    until = context.now + (wait if email.tried else timedelta(0))
    with context.engine.begin() as connection:
        outbox.put_off_email(connection, email, reply=reply, until=until)
        _record(context, connection, email.alerts, Outcome.ERROR, reason, reply)
    context.result.put_off += len(email.alerts)
    _problem(context, email, reply)


def _give_up(context: AlertContext, email: ClaimedEmail, reply: str, reason: str) -> None:
    with context.engine.begin() as connection:
        outbox.give_up_email(connection, email, reply=reply)
        _record(context, connection, email.alerts, Outcome.ERROR, reason, reply)
    context.result.dead += len(email.alerts)
    _problem(context, email, reply)


def _problem(context: AlertContext, email: ClaimedEmail, reply: str) -> None:
    log.warning("email_not_sent", item=email.message_id, watch=email.watch_id, reply=reply)
    if reply not in context.result.problems:
        context.result.problems.append(reply)


def _record(
    context: AlertContext,
    connection: Connection,
    alerts: Sequence[str],
    outcome: Outcome,
    reason: str,
    detail: str = "",
) -> None:
    sources = outbox.sources_of(connection, alerts)
    entries = [LedgerEntry(Stage.ALERT, name, sources.get(name), outcome, reason, detail) for name in alerts]
    ledger.record_outcomes(connection, context.run_id, entries)
