"""alert: hold new statements against the watches, and hand over a letter for each that is met.

First the outbox is filled in one transaction, then emptied letter by letter: lease, hand over, mark. Killed anywhere,
the next run goes on where this one stood; a letter handed over but not marked goes out again with its Message-ID.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import structlog
from jinja2 import TemplateError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from pipeline.alerts import messages
from pipeline.alerts.matching import Matcher, Told
from pipeline.alerts.messages import SUMMARY_ABOVE, Letterhead
from pipeline.alerts.mime import Unwritable
from pipeline.alerts.transports import Transport, Unavailable
from pipeline.errors import StoreUnreachable, TransportError
from pipeline.records import BUG, LedgerEntry, Message, Outcome, Stage, Watch
from pipeline.stages.link import LOCK as LINKING
from pipeline.store.alerts import outbox
from pipeline.store.alerts.outbox import ClaimedEmail, NewAlert
from pipeline.store.locks import one_at_a_time
from pipeline.store.runs import ledger
from pipeline.store.statements import statement_views
from pipeline.store.statements.statement_views import UnmatchedStatement

log = structlog.get_logger()

DELIVERING = "deliver"
NEWS = timedelta(hours=48)
"""What was first published longer ago is no news and alerts nobody; nor is what a backfill found, or what has no day:
it may be years old."""
HORIZON = timedelta(hours=72)
"""A letter that could not be handed over for so long is given up."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
REFUSED, UNWRITABLE, EXPIRED = "refused", "unwritable", "expired"
"""Reasons in the ledger of what ended dead."""
SERVER_TRIES = 3
"""After so many letters in a row that no server took, the others wait for the next run."""


@dataclass(slots=True)
class AlertResult:
    """What became of alerts in this run; ``letters`` counts what was handed over, ``waiting`` what is still to do."""

    matched: int = 0
    suppressed_old: int = 0
    sent: int = 0
    summarised: int = 0
    put_off: int = 0
    dead: int = 0
    letters: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)
    """What went wrong, each once, for the report."""

    @property
    def counts(self) -> Counter[str]:
        names = ("matched", "suppressed_old", "sent", "summarised", "put_off", "dead", "letters", "waiting")
        return Counter({name: getattr(self, name) for name in names})


def alert(
    engine: Engine,
    *,
    run_id: str,
    now: datetime,
    watches: Sequence[Watch],
    transport: Transport,
    spool_only: bool = False,
    base_url: str | None = None,
    mail_from: str = "onrecord@localhost",
    reply_to: str | None = None,
    zone: tzinfo = UTC,
) -> AlertResult:
    """Tell the readers of ``watches`` what is new, each statement once, and give every alert its outcome.

    ``now`` is the run's clock: a watch never seen before watches from then on. With ``spool_only`` (replays)
    ``transport`` must be a spool; alerts made so never leave by mail later, and those that wait for mail stay there.
    """
    head = Letterhead(mail_from, reply_to, base_url, zone)
    result = AlertResult()
    desk = Desk(engine, run_id, now, {watch.id: watch for watch in watches}, head, spool_only, result)
    with one_at_a_time(engine, [LINKING], holder=f"onrecord alert {run_id}"):
        match(desk)
    with one_at_a_time(engine, [DELIVERING], holder=f"onrecord alert {run_id}"):
        deliver(desk, transport)
        with engine.connect() as connection:
            result.waiting = outbox.count_waiting_alerts(connection, spool=spool_only)
    log.info("alerted", **result.counts)
    return result


@dataclass(frozen=True, slots=True)
class Desk:
    """What filling and emptying the outbox share in one run."""

    engine: Engine
    run_id: str
    now: datetime
    watches: dict[str, Watch]
    head: Letterhead
    spool: bool
    result: AlertResult


def match(desk: Desk) -> None:
    """Fill the outbox from the statements that wait, in one transaction."""
    with desk.engine.begin() as connection:
        since = outbox.sync_watches(connection, list(desk.watches.values()), desk.now)
        _record(desk, connection, outbox.withdraw_alerts(connection), Outcome.NOT_RELEVANT, outbox.NOT_SAID)
        waiting = statement_views.unmatched_statements(connection)
        new = list(met(waiting, list(desk.watches.values()), since, desk.now))
        added = outbox.add_alerts(
            connection, new, run_id=desk.run_id, now=desk.now, domain=desk.head.domain, spool=desk.spool
        )
        statement_views.mark_matched(connection, [statement.id for statement in waiting], desk.now)
        sources = {statement.id: statement.source_id for statement in waiting}
        old = [one for one in new if one.id in added and one.state == outbox.OLD]
        ledger.record_outcomes(connection, desk.run_id, [_suppressed(one, sources[one.statement_id]) for one in old])
    desk.result.matched += len(added)
    desk.result.suppressed_old += len(old)


def met(
    waiting: Iterable[UnmatchedStatement], watches: Sequence[Watch], since: dict[str, datetime], now: datetime
) -> Iterable[NewAlert]:
    """An alert for each watch a statement meets, unless it was first seen before the watch began, or was not said."""
    matcher = Matcher(watches)
    for statement in waiting:
        if statement.stance != "said":
            continue
        state = outbox.PENDING if is_news(statement, now) else outbox.OLD
        for watch in matcher.met_by(Told(statement.speakers, statement.texts)):
            if statement.first_seen_at >= since[watch.id]:
                yield NewAlert(watch, statement.id, state)


def is_news(statement: UnmatchedStatement, now: datetime) -> bool:
    published = statement.first_published_at
    return not statement.backfilled and published is not None and published >= now - NEWS


def _suppressed(alert: NewAlert, source: str) -> LedgerEntry:
    return LedgerEntry(Stage.ALERT, alert.id, source, Outcome.NOT_RELEVANT, alert.state, alert.watch.id)


def deliver(desk: Desk, transport: Transport) -> None:
    """Empty the outbox as far as the transport takes letters."""
    with desk.engine.begin() as connection:
        late = outbox.expire_alerts(connection, desk.now - HORIZON, spool=desk.spool)
        _record(desk, connection, late, Outcome.ERROR, EXPIRED)
        outbox.gather_summaries(connection, desk.now, above=SUMMARY_ABOVE, domain=desk.head.domain, spool=desk.spool)
    desk.result.dead += len(late)
    tried: set[str] = set()
    silent = 0
    while silent < SERVER_TRIES:
        with desk.engine.begin() as connection:
            letter = outbox.claim_email(connection, desk.now, among=desk.watches, tried=tried, spool=desk.spool)
        if letter is None:
            return
        tried.add(letter.message_id)
        silent = silent + 1 if hand_over(desk, transport, letter) else 0
    log.warning("delivery.stopped", server_tries=silent)


def hand_over(desk: Desk, transport: Transport, letter: ClaimedEmail) -> bool:
    """Hand over one letter and mark it; whether there was no server to take it."""
    try:
        message = write(desk, letter)
        reply = transport.send(message)
    except Unavailable as error:
        _put_off(desk, letter, str(error))
        return True
    except TransportError as error:
        if error.permanent:
            _give_up(desk, letter, str(error), UNWRITABLE if isinstance(error, Unwritable) else REFUSED)
        else:
            _put_off(desk, letter, str(error))
    except (SQLAlchemyError, StoreUnreachable):
        raise
    except Exception as error:
        log.exception("message_failed", item=letter.message_id, watch=letter.watch_id)
        _put_off(desk, letter, f"a fault of ours: {type(error).__name__}: {error}", BUG)
    else:
        _told(desk, letter, message, reply)
    return False


def write(desk: Desk, letter: ClaimedEmail) -> Message:
    """The letter of a claim; a watch has it in its own language."""
    watch = desk.watches[letter.watch_id]
    with desk.engine.connect() as connection:
        views = statement_views.load_statement_views(connection, outbox.statements_of(connection, letter))
    if not views:
        raise TransportError("its statement has just become part of another", permanent=False)
    try:
        if _is_summary(letter):
            return messages.summary(views, watch, desk.head, message_id=letter.message_id, built_at=letter.built_at)
        return messages.letter(views[0], watch, desk.head, message_id=letter.message_id, built_at=letter.built_at)
    except (TemplateError, ValueError) as error:
        raise Unwritable(error) from error


def _is_summary(letter: ClaimedEmail) -> bool:
    return letter.message_id.startswith(("<d", "<sd"))


def _told(desk: Desk, letter: ClaimedEmail, message: Message, reply: str) -> None:
    state = outbox.SUMMARISED if _is_summary(letter) else outbox.SENT
    with desk.engine.begin() as connection:
        outbox.mark_email_sent(connection, letter, state=state, subject=message.subject, reply=reply, now=desk.now)
        _record(desk, connection, letter.alerts, Outcome.KEPT, state, letter.message_id)
    desk.result.letters += 1
    if state == outbox.SENT:
        desk.result.sent += len(letter.alerts)
    else:
        desk.result.summarised += len(letter.alerts)


def _put_off(desk: Desk, letter: ClaimedEmail, reply: str, reason: str = "put-off") -> None:
    """The first retry waits for no more than the next run; from then on each takes twice as long."""
    wait = min(FIRST_WAIT * 2 ** (letter.tried - 1), LONGEST_WAIT) if 0 < letter.tried < 10 else LONGEST_WAIT
    until = desk.now + (wait if letter.tried else timedelta(0))
    with desk.engine.begin() as connection:
        outbox.put_off_email(connection, letter, reply=reply, until=until)
        _record(desk, connection, letter.alerts, Outcome.ERROR, reason, reply)
    desk.result.put_off += len(letter.alerts)
    _problem(desk, letter, reply)


def _give_up(desk: Desk, letter: ClaimedEmail, reply: str, reason: str) -> None:
    with desk.engine.begin() as connection:
        outbox.give_up_email(connection, letter, reply=reply)
        _record(desk, connection, letter.alerts, Outcome.ERROR, reason, reply)
    desk.result.dead += len(letter.alerts)
    _problem(desk, letter, reply)


def _problem(desk: Desk, letter: ClaimedEmail, reply: str) -> None:
    log.warning("letter.not_sent", item=letter.message_id, watch=letter.watch_id, reply=reply)
    if reply not in desk.result.problems:
        desk.result.problems.append(reply)


def _record(
    desk: Desk, connection: Connection, alerts: Sequence[str], outcome: Outcome, reason: str, detail: str = ""
) -> None:
    sources = outbox.sources_of(connection, alerts)
    entries = [LedgerEntry(Stage.ALERT, name, sources.get(name), outcome, reason, detail) for name in alerts]
    ledger.record_outcomes(connection, desk.run_id, entries)
