"""Deliver the outbox: gather alerts into e-mails, then lease, send and mark each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from jinja2 import TemplateError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from pipeline.alerts import ops
from pipeline.alerts.channels.email.faults import MailboxRefused, Transport, Unanswered, Unavailable
from pipeline.alerts.messages import EmailContent, Sender, email_of
from pipeline.alerts.mime import Message, UnwritableEmail
from pipeline.alerts.occasions import OccasionKey, group_occasions
from pipeline.errors import StoreUnreachable, TransportError
from pipeline.queries.rows import StatementView
from pipeline.queries.statements import load_statement_views
from pipeline.reasons import Reason
from pipeline.records import AlertChannel, AlertKind, LedgerEntry, Outcome, Stage, Watch
from pipeline.runtime.days import next_time_of_day
from pipeline.store.alerts import gathering, handover, ops_mail, outbox
from pipeline.store.alerts.corrections import load_correction
from pipeline.store.alerts.gathering import WaitingAlert
from pipeline.store.alerts.handover import ClaimedEmail, SentWords
from pipeline.store.alerts.ops_mail import OpsEmail
from pipeline.store.runs import ledger

log = structlog.get_logger()

HORIZON = timedelta(hours=72)
"""An e-mail that could not be sent for this long becomes a dead letter."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
UNANSWERED_WAITS = (timedelta(minutes=10), timedelta(hours=6))
"""Waits before the second and the third copy of an e-mail that the server took and did not answer for."""
SERVER_TRIES = 3
"""After this many e-mails in a row that no server accepted, the rest waits for the next run."""
MOST_A_DAY = 12
"""E-mails at once to one reader in 24 hours; what is more goes into the daily summary."""
SUMMARY_HOUR = 8
"""When the daily summary is due, in the reader's zone."""


@dataclass(slots=True)
class AlertResult:
    """Counts of a run's alerts; ``letters``: e-mails sent, ``waiting``: alerts still to be sent."""

    matched: int = 0
    suppressed_old: int = 0
    sent: int = 0
    summarised: int = 0
    put_off: int = 0
    unsure: int = 0
    dead: int = 0
    letters: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)
    """Errors of sending, each once, for the report."""

    @property
    def counts(self) -> Counter[str]:
        names = ("matched", "suppressed_old", "sent", "summarised", "put_off", "unsure", "dead", "letters", "waiting")
        return Counter({name: getattr(self, name) for name in names})


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

    def next_summary(self, watch: Watch) -> datetime:
        """When the next daily summary to the watch's reader is due."""
        return next_time_of_day(self.now, SUMMARY_HOUR, self.sender.zone_of(watch))


def deliver_emails(context: AlertContext, transport: Transport) -> None:
    """Send the e-mails in the outbox, as far as the transport accepts them."""
    with context.engine.begin() as connection:
        late = outbox.expire_alerts(connection, context.now - HORIZON, channel=context.channel)
        record_alerts(context, connection, late, Outcome.ERROR, Reason.EXPIRED)
        gather_emails(context, connection)
    context.result.dead += len(late)
    tried: set[str] = set()
    silent = 0
    while silent < SERVER_TRIES:
        with context.engine.begin() as connection:
            email = handover.claim_email(
                connection, context.now, among=context.watches, tried=tried, channel=context.channel
            )
        if email is None:
            return
        tried.add(email.message_id)
        silent = hand_over_email(context, transport, email, silent)
    log.warning("delivery_stopped", server_tries=silent)


def gather_emails(context: AlertContext, connection: Connection) -> None:
    """Decide which alerts share an e-mail: those of one reader on one occasion, or in the reader's daily summary.

    What the occasion brings later follows in its thread. The decision is stored with the alerts, so that after a kill
    the next run sends the same e-mails.
    """
    by_reader: defaultdict[str, list[WaitingAlert]] = defaultdict(list)
    for alert in gathering.alerts_in_no_email(connection, context.now, context.channel):
        by_reader[alert.reader].append(alert)
    threads: defaultdict[str, list[WaitingAlert]] = defaultdict(list)
    for alert in gathering.alerts_sent_lately(connection, context.now, context.channel, by_reader):
        threads[alert.reader].append(alert)
    sent = gathering.emails_of_last_day(connection, context.now, context.channel)

    def put(members: list[WaitingAlert], kind: AlertKind, thread: str = "") -> None:
        domain = context.sender.domain
        gathering.put_into_email(connection, members, kind=kind, channel=context.channel, thread=thread, domain=domain)

    for reader, waiting in by_reader.items():
        summary = [it for it in waiting if it.kind is AlertKind.SUMMARY]
        if summary:
            put(summary, AlertKind.SUMMARY)
        at_once = [it for it in waiting if it.kind is AlertKind.ALERT]
        room = MOST_A_DAY - sent.get(reader, 0)
        for number, (members, thread) in enumerate(_occasions(at_once, threads[reader])):
            if number < room:
                put(members, AlertKind.ALERT, thread)
            else:
                until = context.next_summary(context.watches[members[0].watch_id])
                names = [it.id for it in members]
                gathering.leave_for_summary(
                    connection, names, until, channel=context.channel, domain=context.sender.domain
                )


def _occasions(fresh: Sequence[WaitingAlert], before: Sequence[WaitingAlert]) -> list[tuple[list[WaitingAlert], str]]:
    """The new alerts by occasion, and the thread that the occasion has from e-mails of before, or an empty string."""
    both = [*before, *fresh]
    keys = [OccasionKey(it.speaker, it.at, it.articles) for it in both]
    found = []
    for places in group_occasions(keys):
        members = [both[place] for place in places if place >= len(before)]
        thread = next((both[place].thread for place in places if place < len(before)), "")
        if members:
            found.append((members, thread))
    return found


def hand_over_email(context: AlertContext, transport: Transport, email: ClaimedEmail, silent: int) -> int:
    """Send one e-mail and mark it; how many in a row no server accepted, of which ``silent`` were before it."""
    try:
        message, words = write_email(context, email)
        reply = transport.send(message)
    except Unavailable as error:
        _put_off(context, email, str(error))
        return silent + 1
    except Unanswered as error:
        # Whatever holds the server up would hold up the next e-mail too, for as long.
        _leave_unsure(context, email, str(error))
        return SERVER_TRIES
    except UnwritableEmail as error:
        log.error("email_unwritable", item=email.message_id, error=str(error))
        _put_off(context, email, str(error), Reason.UNWRITABLE)
    except TransportError as error:
        if error.permanent:
            _give_up(context, email, str(error), mailbox=isinstance(error, MailboxRefused))
        else:
            _put_off(context, email, str(error))
    except (SQLAlchemyError, StoreUnreachable):
        raise
    except Exception as error:
        log.exception("message_failed", item=email.message_id)
        _put_off(context, email, f"a fault of ours: {type(error).__name__}: {error}", Reason.BUG)
    else:
        _mark_sent(context, email, message, reply, words)
    return 0


def _as_said(view: StatementView) -> tuple[datetime, int]:
    """Sorts statements by first publication, and those of one article as it has them."""
    return view.first_published_at or view.first_seen_at, view.reports[0].place if view.reports else 0


def write_email(context: AlertContext, email: ClaimedEmail) -> tuple[Message, dict[str, SentWords]]:
    """The e-mail of a claim, and by alert id what it says.

    Raises UnwritableEmail if it cannot be written, TransportError if its statements were just merged into others.
    """
    watches = {name: context.watches[name] for name in sorted({it.watch_id for it in email.alerts})
               if name in context.watches}  # fmt: skip
    with context.engine.connect() as connection:
        current = handover.current_statement_ids(connection, email)
        views = load_statement_views(connection, list(dict.fromkeys(current.values())))
        corrects = email.kind is AlertKind.CORRECTION
        correction = load_correction(connection, email.names[0]) if corrects else None
    if not views:
        raise TransportError("its statement has just become part of another", permanent=False)
    content = EmailContent(
        views=tuple(sorted(views, key=_as_said)),
        watches=tuple(watches.values()),
        message_id=email.message_id,
        thread=email.thread,
        reader=email.reader,
        address=email.address,
        built_at=email.built_at,
        kind=email.kind,
        correction=correction,
    )
    try:
        message = email_of(content, context.sender)
    except (TemplateError, ValueError, LookupError, TypeError) as error:
        raise UnwritableEmail(error) from error
    by_id = {} if corrects else {view.id: view for view in views}
    return message, {name: _words_of(by_id[of]) for name, of in current.items() if of in by_id}


def _words_of(view: StatementView) -> SentWords:
    return SentWords(view.text, view.speaker_id, view.speaker_name or "")


def _mark_sent(
    context: AlertContext, email: ClaimedEmail, message: Message, reply: str, words: dict[str, SentWords]
) -> None:
    state = outbox.SUMMARISED if email.kind is AlertKind.SUMMARY else outbox.SENT
    with context.engine.begin() as connection:
        handover.mark_email_sent(
            connection, email, state=state, subject=message.subject, reply=reply, now=context.now, words=words
        )
        record_alerts(context, connection, email.names, Outcome.KEPT, state, email.message_id)
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
        handover.put_off_email(connection, email, reply=reply, until=until)
        record_alerts(context, connection, email.names, Outcome.ERROR, reason, reply)
    context.result.put_off += len(email.alerts)
    _problem(context, email, reply)


def _leave_unsure(context: AlertContext, email: ClaimedEmail, reply: str) -> None:
    """Schedule another copy if there may be one, and notify the ops mailbox: the e-mail may have arrived or not."""
    copies = email.unanswered + 1
    until = context.now + UNANSWERED_WAITS[copies - 1] if copies <= len(UNANSWERED_WAITS) else None
    with context.engine.begin() as connection:
        handover.leave_email_unsure(connection, email, reply=reply, until=until)
        record_alerts(context, connection, email.names, Outcome.ERROR, Reason.UNANSWERED, reply)
        subject, text = ops.unanswered_email(email.message_id, reply, copies, until, context.sender.zone)
        name = f"unanswered.{context.now:%Y-%m-%d}"
        ops_mail.add_ops_email(connection, OpsEmail(name, subject, text, context.now))
    context.result.unsure += len(email.alerts)
    _problem(context, email, reply)


def _give_up(context: AlertContext, email: ClaimedEmail, reply: str, *, mailbox: bool) -> None:
    with context.engine.begin() as connection:
        handover.give_up_email(connection, email, reply=reply)
        record_alerts(context, connection, email.names, Outcome.ERROR, Reason.REFUSED, reply)
        if mailbox and handover.note_refusal(connection, email.reader, reply=reply, now=context.now):
            watches = sorted({alert.watch_id for alert in email.alerts})
            subject, text = ops.suspended_email(email.reader, watches, reply)
            name = f"suspended.{email.reader}.{context.now:%Y%m%dT%H%M%S}"
            ops_mail.add_ops_email(connection, OpsEmail(name, subject, text, context.now))
    context.result.dead += len(email.alerts)
    _problem(context, email, reply)


def _problem(context: AlertContext, email: ClaimedEmail, reply: str) -> None:
    log.warning("email_not_sent", item=email.message_id, reader=email.reader, reply=reply)
    if reply not in context.result.problems:
        context.result.problems.append(reply)


def record_alerts(
    context: AlertContext,
    connection: Connection,
    names: Sequence[str],
    outcome: Outcome,
    reason: str,
    detail: str = "",
) -> None:
    """Record the outcome of alerts in the ledger."""
    sources = outbox.sources_of(connection, names)
    entries = [LedgerEntry(Stage.ALERT, name, sources.get(name), outcome, reason, detail) for name in names]
    ledger.record_outcomes(connection, context.run_id, entries)
