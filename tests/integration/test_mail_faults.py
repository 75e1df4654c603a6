"""What a mail server does wrong, or a mailbox refuses, has its own message and its own next step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from postbox import Postbox, served
from sqlalchemy import Engine, func, select
from test_outbox import ICE, MAYOR, NOW, promises, put, run_alerts, start_watching, states
from test_transports import EMAIL

from pipeline.alerts.channels.email.faults import MailboxRefused, Unanswered
from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.errors import TransportError
from pipeline.store import schema
from pipeline.store.alerts.readers import resume_mailbox

SILENCE = 2.0
"""Seconds. The server answers nobody else meanwhile, and clients of these tests wait for a tenth of a second."""


@contextmanager
def silent() -> Iterator[Postbox]:
    """A server that takes each e-mail and does not answer while the client waits."""
    over = threading.Event()
    with served() as box:
        box.data = lambda _: "421 over" if over.wait(SILENCE) else None
        try:
            yield box
        finally:
            over.set()


def test_a_server_that_is_slow_to_answer_gets_one_copy() -> None:
    with served() as box:
        box.data = lambda _: None if not threading.Event().wait(0.6) else "451"
        assert SmtpTransport(box.url, deadline=0.5, answer_deadline=30).send(EMAIL) == "250 Taken as 4711"
    assert len(box.emails) == 1


def test_silence_after_the_text_leaves_it_open_whether_the_email_arrived() -> None:
    with silent() as box, pytest.raises(Unanswered, match=r"has not answered in 0 s: it may have arrived") as failure:
        SmtpTransport(box.url, answer_deadline=0.2).send(EMAIL)
    assert not failure.value.permanent


def test_at_most_three_copies_go_to_a_server_that_never_answers(engine: Engine) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    copies = []
    with silent() as box:
        held = box.data
        box.data = lambda mail: copies.append(str(mail["Message-ID"])) or held(mail)
        for minutes in (0, 9, 10, 40, 369, 370, 400, 60 * 40, 60 * 73):
            transport = SmtpTransport(box.url, answer_deadline=0.1)
            result = run_alerts(engine, "", transport=transport, now=NOW + timedelta(minutes=minutes))
            assert result.dead == 0
    assert len(copies) == 3
    assert len(set(copies)) == 1
    assert result.waiting == 0
    assert states(engine) == {"unsure": 1}
    with engine.connect() as connection:
        [letter] = connection.execute(select(schema.ops_letters)).all()
    assert "does not say whether it took" in letter.subject
    assert copies[0] in letter.text


def test_an_email_that_a_server_chokes_on_holds_up_no_other_for_long(engine: Engine) -> None:
    start_watching(engine)
    put(engine, *promises(3))
    with served() as box:
        over = threading.Event()
        box.data = lambda mail: "421" if "number 0 " in mail["Subject"] and over.wait(SILENCE) else None
        for minutes in (0, 30):
            transport = SmtpTransport(box.url, answer_deadline=0.1)
            run_alerts(engine, "", transport=transport, now=NOW + timedelta(minutes=minutes))
        over.set()
    assert states(engine) == {"sent": 2, "unsure": 1}


@pytest.mark.parametrize(
    ("reply", "kind", "permanent", "step"),
    [
        ("550 5.1.1 <reader@example.org>: no such user", MailboxRefused, True, "correct it in the watch"),
        ("552 5.2.2 mailbox full", TransportError, False, "retried until there is room"),
        ("452 4.2.2 over quota", TransportError, False, "retried until there is room"),
        ("550 5.7.1 blocked by a list", TransportError, True, "our mail is refused"),
        ("451 4.7.1 greylisted", TransportError, False, "refused for now"),
    ],
)
def test_a_refused_recipient_is_told_apart(reply: str, kind: type[TransportError], permanent: bool, step: str) -> None:
    with served() as box:
        box.rcpt = lambda _: reply
        with pytest.raises(kind, match=step) as failure:
            SmtpTransport(box.url).send(EMAIL)
    assert failure.value.permanent is permanent
    assert type(failure.value) is kind
    assert "reader@example.org" not in str(failure.value)


def refusing(reply: str) -> Callable[[str], str | None]:
    return lambda address: reply if address == MAYOR.address else None


def test_a_mailbox_that_refuses_three_times_is_suspended_until_it_is_resumed(engine: Engine) -> None:
    start_watching(engine, MAYOR, ICE)
    asked = []
    with served() as box:
        box.rcpt = lambda address: asked.append(address) or refusing("550 5.1.1 no such user")(address)
        put(engine, *promises(3))
        assert run_alerts(engine, box, MAYOR, ICE).dead == 3
        put(engine, {"source": "b", "hours": 3}, {"source": "c", "words": "one more thing was said", "hours": 3})
        result = run_alerts(engine, box, MAYOR, ICE, now=NOW + timedelta(hours=1))
        assert (result.dead, result.sent) == (0, 1)
        assert asked.count(MAYOR.address) == 3
        with engine.begin() as connection:
            assert connection.scalar(select(func.count()).select_from(schema.ops_letters)) == 1
            assert resume_mailbox(connection, MAYOR.address)
            assert resume_mailbox(connection, "nobody@example.org") is None
        box.rcpt = lambda _: None
        assert run_alerts(engine, box, MAYOR, ICE, now=NOW + timedelta(hours=2)).sent == 2


def test_a_full_mailbox_and_one_that_took_something_in_between_are_not_suspended(engine: Engine) -> None:
    start_watching(engine)
    put(engine, *promises(3))
    with served() as box:
        box.rcpt = refusing("552 5.2.2 mailbox full")
        for hours in (0, 1, 2, 3):
            assert run_alerts(engine, box, now=NOW + timedelta(hours=hours)).dead == 0
        box.rcpt = lambda _: None
        assert run_alerts(engine, box, now=NOW + timedelta(hours=5)).sent == 3
        replies = iter(["550 no", "550 no", None, "550 no", "550 no"])
        box.rcpt = lambda _: next(replies)
        put(engine, *promises(8))
        run_alerts(engine, box, now=NOW + timedelta(hours=6))
    assert states(engine) == {"sent": 4, "dead": 4}
    with engine.connect() as connection:
        assert connection.scalar(select(schema.subscribers.c.suspended_at)) is None


def test_an_address_that_is_corrected_while_an_email_waits_gets_it(engine: Engine) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    corrected = replace(MAYOR, address="right@example.org")
    with served() as box:
        box.rcpt = refusing("451 later")
        assert run_alerts(engine, box).waiting == 1
        assert run_alerts(engine, box, corrected, now=NOW + timedelta(minutes=5)).sent == 1
        assert [mail["To"] for mail in box.emails] == ["right@example.org"]
        assert run_alerts(engine, box, MAYOR, now=NOW + timedelta(minutes=9)).letters == 0
