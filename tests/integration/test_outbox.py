"""Telling: each reader once for each statement, whatever comes first, fails or is killed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
import sender
from postbox import Postbox, free_port, served
from quoted import DAY, PART, WORDS, opened, put_quote
from sqlalchemy import Engine, func, select, update

from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.alerts.channels.email.spool import SpoolTransport
from pipeline.alerts.messages import Sender
from pipeline.alerts.mime import Message
from pipeline.cli.watches import example_email, watch_lines
from pipeline.onboarding.watch_preview import preview_watches
from pipeline.records import AlertChannel, Watch
from pipeline.runs.report import build_run_report
from pipeline.stages.alert import alert_readers
from pipeline.stages.alert_delivery import MOST_A_DAY, AlertResult
from pipeline.stages.link import link_quotes
from pipeline.store import migrate, schema
from pipeline.store.alerts import outbox
from pipeline.store.runs import ledger

NOW = DAY + timedelta(hours=2)
MAYOR = Watch("mayor", "The mayor", "reader@example.org", speakers=("mira-holt",))
ICE = Watch("ice", "Ice", "other@example.org", words=("ice arrives",))


@pytest.fixture
def box() -> Iterator[Postbox]:
    with served() as found:
        yield found


def put(engine: Engine, *quotes: dict[str, Any]) -> list[str]:
    with engine.begin() as connection:
        return [put_quote(connection, **quote) for quote in quotes]


def run_alerts(
    engine: Engine, box: Postbox | str, *watches: Watch, now: datetime = NOW, run: str = "", **more: Any
) -> AlertResult:
    """Link and alert as one run does."""
    run = run or opened(engine)
    link_quotes(engine, run_id=run)
    transport = more.pop("transport", None) or SmtpTransport(box if isinstance(box, str) else box.url)
    return alert_readers(engine, run_id=run, now=now, watches=watches or (MAYOR,), transport=transport, **more)


def states(engine: Engine) -> Counter[str]:
    with engine.connect() as connection:
        rows = connection.execute(select(schema.alerts.c.state, func.count()).group_by(schema.alerts.c.state)).all()
    return Counter({row[0]: row[1] for row in rows})


def start_watching(engine: Engine, *watches: Watch, now: datetime = DAY - timedelta(hours=1)) -> None:
    run_alerts(engine, "smtp://127.0.0.1:9", *(watches or (MAYOR,)), now=now)


def test_a_new_statement_is_sent_once_however_often_and_wherever_it_is_repeated(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "b", "hours": 1})
    first = run_alerts(engine, box)
    assert (first.matched, first.sent, first.letters, first.waiting) == (1, 1, 1, 0)
    assert not +run_alerts(engine, box).counts
    put(engine, {"source": "c", "hours": 1.5}, {"source": "d", "words": PART, "hours": 2})
    put(engine, {"source": "a", "hours": 0, "seen_hours": 2})
    assert run_alerts(engine, box, now=NOW + timedelta(hours=1)).matched == 0
    assert len(box.emails) == 1
    assert box.emails[0]["To"] == "reader@example.org"
    assert box.emails[0]["Subject"] == "Mira Holt: “the harbour will stay open to every ship until the ice arrives”"
    plain = box.emails[0].get_body(("plain",))
    assert plain is not None
    for part in (
        "Published 2026-06-15 10:00 UTC, The B",
        "https://b.example/1",
        "It was cold. The mayor said:",
        "Then she left.",
    ):
        assert part in plain.get_content()


@pytest.mark.parametrize("stance", ["denied", "asked", "hypothetical", "reported"])
def test_what_was_not_said_alerts_nobody(engine: Engine, box: Postbox, stance: str) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a", "stance": stance})
    assert not +run_alerts(engine, box, MAYOR, ICE).counts
    with engine.connect() as connection:
        (preview,) = preview_watches(connection, [MAYOR], NOW - timedelta(days=7)).watches
    assert (preview.matches, preview.newest) == (0, ())


def test_an_alert_that_waits_is_withdrawn_when_its_words_turn_out_to_be_denied(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    (name,) = put(engine, {"source": "a"})
    assert run_alerts(engine, f"smtp://127.0.0.1:{free_port()}").waiting == 1
    read_as(engine, name, "denied")
    run = opened(engine)
    result = run_alerts(engine, box, now=NOW + timedelta(hours=2), run=run)
    assert (result.sent, result.waiting, result.dead) == (0, 0, 0)
    assert states(engine) == {"suppressed-not-said": 1}
    with engine.connect() as connection:
        assert ("not-relevant", "suppressed-not-said", 1) in {
            (outcome, reason, n)
            for stage, outcome, reason, n in ledger.stage_counts(connection, run)
            if stage == "alert"
        }


def test_what_was_sent_is_not_sent_again_when_its_report_is_read_anew(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    first, second = put(engine, {"source": "a"}, {"source": "b", "hours": 1})
    assert run_alerts(engine, box).sent == 1
    read_as(engine, first, "denied")
    assert not +run_alerts(engine, box, now=NOW + timedelta(hours=1)).counts
    read_as(engine, first, "said")
    read_as(engine, second, "reported")
    assert not +run_alerts(engine, box, now=NOW + timedelta(hours=2)).counts
    assert len(box.emails) == 1


def read_as(engine: Engine, quote: str, stance: str) -> None:
    """As the quote stage does when a newer engine reads the article otherwise."""
    with engine.begin() as connection:
        connection.execute(update(schema.quotes).where(schema.quotes.c.id == quote).values(stance=stance))
        connection.execute(update(schema.articles).values(link_due=func.now()))


def test_each_watch_tells_its_own_reader(engine: Engine, box: Postbox) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a"}, {"source": "b", "words": "quite another thing was said here"})
    run_alerts(engine, box, MAYOR, ICE)
    assert sorted(to for to in (mail["To"] for mail in box.emails)) == [
        "other@example.org", "reader@example.org", "reader@example.org",
    ]  # fmt: skip
    assert len(set(box.ids)) == 3


def test_a_new_watch_starts_now(engine: Engine, box: Postbox) -> None:
    opened(engine)
    put(engine, {"source": "a"})
    assert run_alerts(engine, box).matched == 0
    put(engine, {"source": "b", "words": "a second thing altogether was promised", "hours": 3})
    assert run_alerts(engine, box, now=NOW + timedelta(hours=2)).sent == 1
    assert run_alerts(engine, box, MAYOR, ICE, now=NOW + timedelta(hours=3)).matched == 0


def test_a_watch_that_comes_back_starts_anew(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    run_alerts(engine, box, ICE, now=DAY - timedelta(minutes=30))
    put(engine, {"source": "a"})
    run_alerts(engine, box, MAYOR, ICE, now=NOW)
    assert [mail["To"] for mail in box.emails] == ["other@example.org"]


def test_a_pending_email_of_a_removed_watch_is_not_sent(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    run_alerts(engine, f"smtp://127.0.0.1:{free_port()}")
    assert run_alerts(engine, box, ICE).letters == 0
    assert box.emails == []


def test_old_news_alerts_nobody_and_the_ledger_says_so(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    run = opened(engine)
    put(
        engine,
        {"source": "a", "hours": -70, "seen_hours": 1},
        {"source": "b", "words": "an old promise nobody remembers now", "hours": -24 * 31, "seen_hours": 2},
        {"source": "c", "words": "a promise without any date at all", "hours": 1, "dated": False},
        {"source": "d", "words": "a promise of some days ago it was", "hours": -75, "seen_hours": 1},
    )
    result = run_alerts(engine, box, run=run)
    assert (result.matched, result.suppressed_old, result.sent, result.waiting) == (4, 2, 1, 1)
    assert states(engine) == {"suppressed-old": 2, "sent": 1, "pending": 1}
    with engine.connect() as connection:
        outcomes = {
            (outcome, reason): n
            for stage, outcome, reason, n in ledger.stage_counts(connection, run)
            if stage == "alert"
        }
    assert outcomes == {("kept", "sent"): 1, ("not-relevant", "suppressed-old"): 2}
    assert run_alerts(engine, box, now=DAY + timedelta(days=1, hours=8)).summarised == 1
    plain = box.emails[1].get_body(("plain",))
    assert plain is not None
    assert "Older: published more than three days ago." in plain.get_content()


def test_an_undated_statement_that_gets_a_date_of_today_is_sent(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a", "hours": 1, "dated": False})
    assert run_alerts(engine, box).suppressed_old == 1
    put(engine, {"source": "b", "hours": 1.5})
    assert run_alerts(engine, box, now=NOW + timedelta(minutes=30)).sent == 1


def promises(number: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"source": "a", "path": str(n), "words": f"promise number {n} of very many", "hours": n / 10, **more}
        for n in range(number)
    ]


def test_emails_are_sent_in_the_order_of_time(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, *reversed(promises(8)))
    assert run_alerts(engine, box).letters == 8
    assert [f"promise number {n} " in mail["Subject"] for n, mail in enumerate(box.emails)] == [True] * 8


def test_sentences_of_one_article_are_in_its_own_order(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    sentences = (
        "The northern quay opens in spring.", "Nobody has asked the fishermen yet.", "Two cranes were sold to Kestrel.",
        "The lighthouse needs eleven new lamps.", "Our museum stays free for schoolchildren.",
    )  # fmt: skip
    put(engine, {"words": " ".join(sentences), "source": "a"})
    assert run_alerts(engine, box).letters == 1
    plain = box.emails[0].get_body(("plain",))
    assert plain is not None
    text = " ".join(plain.get_content().split())
    places = [text.index(sentence.rstrip(".")) for sentence in sentences]
    assert places == sorted(places)


def test_one_occasion_is_one_email_and_what_follows_is_in_its_thread(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, *promises(5, path="briefing"))
    result = run_alerts(engine, box)
    assert (result.matched, result.sent, result.letters) == (5, 5, 1)
    plain = box.emails[0].get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    places = [text.index(f"promise number {n} of") for n in range(5)]
    assert places == sorted(places)
    put(
        engine,
        {"source": "a", "path": "briefing", "words": "one thing more was said there", "hours": 2},
        {"source": "b", "words": "somewhere else she spoke of quite another", "hours": 2},
    )
    assert run_alerts(engine, box, now=NOW + timedelta(hours=1)).letters == 2
    threads = {str(mail["Subject"]).partition("“")[2][:9]: mail["References"] for mail in box.emails[1:]}
    assert threads == {"one thing": box.ids[0], "somewhere": None}


def test_one_statement_comes_once_to_a_reader_whose_watches_it_matches(engine: Engine, box: Postbox) -> None:
    ice = Watch("ice", "Ice", MAYOR.address, words=("ice arrives",))
    start_watching(engine, MAYOR, ice)
    put(engine, {"source": "a"})
    result = run_alerts(engine, box, MAYOR, ice)
    assert (result.matched, result.sent, result.letters) == (2, 2, 1)
    plain = box.emails[0].get_body(("plain",))
    assert plain is not None
    assert "your watches “Ice”, “The mayor”" in plain.get_content()


def test_another_watch_that_a_longer_version_matches_brings_no_second_email(engine: Engine, box: Postbox) -> None:
    ice = Watch("ice", "Ice", MAYOR.address, words=("ice arrives",))
    start_watching(engine, MAYOR, ice)
    put(engine, {"source": "a", "words": PART})
    assert run_alerts(engine, box, MAYOR, ice).letters == 1
    put(engine, {"source": "b", "words": WORDS, "hours": 1})
    assert run_alerts(engine, box, MAYOR, ice, now=NOW + timedelta(hours=1)).letters == 0
    assert states(engine) == {"sent": 1, "suppressed-sent": 1}


def test_what_is_too_uncertain_waits_until_somebody_certain_prints_it(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    with engine.begin() as connection:
        connection.execute(update(schema.quotes).values(confidence=0.41))
    assert run_alerts(engine, box).matched == 0
    put(engine, {"source": "b", "hours": 1})
    assert run_alerts(engine, box, now=NOW + timedelta(hours=1)).sent == 1


def test_more_than_a_day_may_bring_is_in_the_daily_summary(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, *promises(MOST_A_DAY + 5))
    result = run_alerts(engine, box)
    assert (result.letters, result.waiting) == (MOST_A_DAY, 5)
    put(engine, {"source": "b", "words": "and one more thing was said today", "hours": 3})
    assert run_alerts(engine, box, now=NOW + timedelta(hours=2)).letters == 0
    result = run_alerts(engine, box, now=DAY + timedelta(days=1, hours=8))
    assert (result.summarised, result.letters, result.waiting) == (6, 1, 0)
    assert box.emails[-1]["Subject"] == "Daily summary: 6 statements"


def test_a_daily_watch_sends_its_summary_in_the_morning_of_its_reader(engine: Engine, box: Postbox) -> None:
    daily = replace(MAYOR, daily=True, zone="Asia/Vladivostok")
    start_watching(engine, daily)
    put(engine, *promises(3))
    assert run_alerts(engine, box, daily).letters == 0
    morning = DAY.replace(hour=22)  # 8 o'clock of the next day there
    assert run_alerts(engine, box, daily, now=morning - timedelta(seconds=1)).letters == 0
    assert run_alerts(engine, box, daily, now=morning).summarised == 3


def test_a_summary_that_was_not_taken_is_the_same_email_next_time(engine: Engine, box: Postbox) -> None:
    daily = replace(MAYOR, daily=True)
    start_watching(engine, daily)
    put(engine, *promises(3))
    run_alerts(engine, box, daily)
    box.data = lambda _: "451 later"
    morning = DAY + timedelta(days=1, hours=8)
    run_alerts(engine, box, daily, now=morning)
    put(engine, {"source": "b", "words": "one more promise on top of all", "hours": 25})
    seen: list[str] = []
    box.data = lambda mail: seen.append(str(mail["Message-ID"]))
    assert run_alerts(engine, box, daily, now=morning + timedelta(minutes=30)).summarised == 3
    assert run_alerts(engine, box, daily, now=morning + timedelta(days=1)).summarised == 1
    assert len(seen) == len(set(seen)) == 2


def test_an_email_put_off_goes_out_later_under_its_own_name(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    tries: list[tuple[str, str]] = []

    def later(mail: Any) -> str | None:
        tries.append((str(mail["Message-ID"]), str(mail["Date"])))
        return "451 later" if len(tries) < 4 else None

    box.data = later
    moments = [NOW, NOW, NOW + timedelta(seconds=30), NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]
    results = [run_alerts(engine, box, now=now) for now in [*moments, NOW + timedelta(minutes=4)]]
    assert [one.put_off for one in results] == [1, 1, 0, 1, 0, 0]
    assert [one.sent for one in results] == [0, 0, 0, 0, 0, 1]
    assert results[0].problems == ["451 later: the text is refused for now; retried"]
    assert len(set(tries)) == 1
    with engine.connect() as connection:
        query = select(schema.deliveries.c.attempt, schema.deliveries.c.result, schema.deliveries.c.reply)
        rows = connection.execute(query.order_by(schema.deliveries.c.attempt)).all()
    assert [tuple(row) for row in rows] == [
        *((attempt, "put off", "451 later: the text is refused for now; retried") for attempt in (1, 2, 3)),
        (4, "sent", "250 Taken as 4711"),
    ]


def test_an_email_refused_for_good_is_given_up_and_the_others_go_on(engine: Engine, box: Postbox) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a"})
    box.rcpt = lambda address: "550 no such reader" if address.startswith("reader") else None
    run = opened(engine)
    result = run_alerts(engine, box, MAYOR, ICE, run=run)
    assert "reader@" not in " ".join(result.problems)
    assert (result.dead, result.sent, result.waiting) == (1, 1, 0)
    assert states(engine) == {"dead": 1, "sent": 1}
    assert run_alerts(engine, box, MAYOR, ICE).letters == 0
    with engine.connect() as connection:
        assert ("alert", "error", "refused", 1) in ledger.stage_counts(connection, run)


class Picky(SpoolTransport):
    """Fails with one reader's mail."""

    def __init__(self, folder: Path, fault: Exception) -> None:
        super().__init__(folder)
        self.fault: Exception | None = fault

    def send(self, message: Message) -> str:
        if self.fault is not None and message.recipient == "reader@example.org":
            raise self.fault
        return super().send(message)


@pytest.mark.parametrize("fault", [ValueError("no host name"), KeyError("host"), AttributeError("sock")])
def test_a_mistake_of_ours_lets_a_mail_wait_and_the_others_go_on(
    engine: Engine, tmp_path: Path, fault: Exception
) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a"})
    picky = Picky(tmp_path, fault)
    run = opened(engine)
    result = run_alerts(engine, "", MAYOR, ICE, transport=picky, run=run)
    assert (result.dead, result.put_off, result.sent) == (0, 1, 1)
    assert [type(fault).__name__ in problem for problem in result.problems] == [True]
    with engine.connect() as connection:
        assert build_run_report(connection, run, None).exit_code == 1
    picky.fault = None
    assert run_alerts(engine, "", MAYOR, ICE, transport=picky, now=NOW + timedelta(minutes=30)).sent == 1


def test_a_run_in_which_mail_ends_dead_is_not_called_well(engine: Engine, box: Postbox) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a"})
    box.rcpt = lambda address: "550 no such reader" if address.startswith("reader") else None
    run = opened(engine)
    run_alerts(engine, box, MAYOR, ICE, run=run)
    with engine.connect() as connection:
        report = build_run_report(connection, run, None)
    assert report.exit_code == 1
    assert "1 alerts ended dead (1 refused)" in report.exit_reason


def test_a_wrong_address_for_replies_is_the_settings_fault_and_kills_no_mail(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    result = run_alerts(engine, box, sender=Sender(reply_to="the desk"))
    assert (result.dead, result.waiting) == (0, 1)
    assert ["ONRECORD_OPS_MAIL" in problem for problem in result.problems] == [True]
    assert run_alerts(engine, box, now=NOW + timedelta(minutes=30)).sent == 1


def test_dead_mail_goes_out_again_when_it_is_asked_for(engine: Engine, box: Postbox) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a"})
    box.rcpt = lambda _: "550 not today"
    run_alerts(engine, box, MAYOR, ICE)
    refused = NOW + timedelta(hours=100)
    with engine.begin() as connection:
        assert outbox.unknown_watches(connection, ["mayor", "nobody"]) == ["nobody"]
        assert outbox.resend_dead_alerts(connection, since=NOW + timedelta(minutes=1), now=refused) == []
        assert len(outbox.resend_dead_alerts(connection, since=NOW, now=refused, only=["ice"])) == 1
    box.rcpt = lambda _: None
    assert run_alerts(engine, box, MAYOR, ICE, now=refused).sent == 1
    assert states(engine) == {"dead": 1, "sent": 1}
    with engine.begin() as connection:
        assert len(outbox.resend_dead_alerts(connection, since=NOW, now=refused)) == 1
    assert run_alerts(engine, box, ICE, now=refused).letters == 0
    assert run_alerts(engine, box, MAYOR, ICE, now=refused).sent == 1


def test_an_outage_of_days_ends_in_dead_emails(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    nobody = f"smtp://127.0.0.1:{free_port()}"
    assert run_alerts(engine, nobody).waiting == 1
    assert run_alerts(engine, nobody, now=NOW + timedelta(hours=71)).put_off == 1
    result = run_alerts(engine, box, now=NOW + timedelta(hours=73))
    assert (result.dead, result.letters) == (1, 0)


def test_when_no_server_answers_the_rest_waits_untried(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, *({"source": "a", "path": str(n), "words": f"promise number {n} of very many"} for n in range(10)))
    result = run_alerts(engine, f"smtp://127.0.0.1:{free_port()}")
    assert (result.put_off, result.waiting) == (3, 10)
    assert run_alerts(engine, box, now=NOW + timedelta(minutes=30)).sent == 10


def test_two_statements_that_become_one_before_they_are_sent_make_one_email(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(
        engine,
        {"source": "a", "words": "the harbour will stay open"},
        {"source": "b", "words": "until the ice arrives"},
    )
    run_alerts(engine, f"smtp://127.0.0.1:{free_port()}")
    assert states(engine) == {"pending": 2}
    put(engine, {"source": "c", "hours": 1})
    result = run_alerts(engine, box, now=NOW + timedelta(minutes=30))
    assert (result.matched, result.sent) == (0, 1)
    assert len(box.emails) == 1


def test_what_was_sent_of_one_statement_counts_for_all_that_part_from_it(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "a", "hours": 40}, {"source": "b", "hours": 80})
    run_alerts(engine, box, now=DAY + timedelta(hours=81))
    assert len(box.emails) == 1
    put(engine, {"source": "c", "hours": 0, "seen_hours": 82})
    run_alerts(engine, box, now=DAY + timedelta(hours=82))
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.statements)) == 2
    put(engine, {"source": "d", "hours": 83})
    run_alerts(engine, box, now=DAY + timedelta(hours=84))
    assert len(box.emails) == 1


def test_a_replays_emails_go_to_the_spool_and_mail_that_waits_stays(
    engine: Engine, box: Postbox, tmp_path: Path
) -> None:
    start_watching(engine)
    put(engine, {"source": "a"})
    run_alerts(engine, f"smtp://127.0.0.1:{free_port()}")
    put(engine, {"source": "b", "words": "a second thing altogether was promised"})
    spool = SpoolTransport(tmp_path)
    result = run_alerts(engine, "", transport=spool, channel=AlertChannel.SPOOL)
    assert (result.sent, result.waiting) == (1, 0)
    [path] = tmp_path.iterdir()
    assert "a second thing" in str(message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"])
    assert run_alerts(engine, box).sent == 1
    assert "harbour" in box.emails[0]["Subject"]


def test_kind_and_channel_are_known_from_the_message_ids_of_before(
    engine: Engine, box: Postbox, tmp_path: Path
) -> None:
    start_watching(engine)
    many = [{"source": "a", "path": str(n), "words": f"promise number {n} of very many"} for n in range(21)]
    for number, (more, channel) in enumerate(
        [([{"source": "b"}], AlertChannel.EMAIL), (many, AlertChannel.SPOOL), ([{"source": "c"}], AlertChannel.SPOOL)]
    ):
        put(engine, *({**one, "words": one.get("words", f"the harbour opens in {number} days")} for one in more))
        transport = SpoolTransport(tmp_path) if channel == AlertChannel.SPOOL else None
        run_alerts(engine, box, channel=channel, transport=transport)
    columns = schema.alerts.c
    query = select(columns.kind, columns.channel, columns.id, columns.message_id).order_by(columns.id)
    with engine.connect() as connection:
        before = connection.execute(query).all()
    kinds = Counter((row.kind, row.channel, row.message_id.partition("1.")[0]) for row in before)
    assert kinds == {("alert", "email", "<a"): 1, ("alert", "spool", "<sa"): 12, ("summary", "spool", "<sd"): 10}
    migrate.downgrade_database(engine, "0010")
    migrate.upgrade_database(engine)
    with engine.connect() as connection:
        assert connection.execute(query).all() == before


def test_trying_watches_sends_nothing_and_shows_what_would_be_sent(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"}, {"source": "b", "words": "quite another thing was said here"})
    link_quotes(engine, run_id=run)
    nobody = Watch("nobody", "Nobody", "reader@example.org", words=("elephant",))
    with engine.connect() as connection:
        preview = preview_watches(connection, [ICE, MAYOR, nobody], NOW - timedelta(days=7))
    assert [one.matches for one in preview.watches] == [1, 2, 0]
    shown = "\n".join(line for one in preview.watches for line in watch_lines(one, Sender()))
    shown += example_email(preview.watches[0], Sender(), NOW)
    for part in (
        "ice (“ice arrives”) for other@example.org: 1 statements, in about 1 e-mails",
        "mayor (mira-holt) for reader@example.org: 2 statements, in about 2 e-mails",
        "nobody (“elephant”) for reader@example.org: 0 statements",
        "An e-mail would look like this:",
        "Subject: Mira Holt: “the harbour",
        "https://a.example/1",
    ):
        assert part in shown
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.watches)) == 0
        assert connection.scalar(select(func.count()).select_from(schema.alerts)) == 0


def child(engine: Engine, url: str, run: str) -> ForkServerProcess:
    return sender.started(engine.url.render_as_string(hide_password=False), url, run, NOW, MAYOR)


def test_killed_at_any_point_nothing_is_lost_and_an_email_twice_has_one_name(engine: Engine) -> None:
    start_watching(engine)
    put(engine, *({"source": "a", "path": str(n), "words": f"promise number {n} of very many"} for n in range(12)))
    run = opened(engine)
    link_quotes(engine, run_id=run)
    victims: list[ForkServerProcess] = []
    kills = Counter[str]()

    def taken(mail: Any) -> None:
        """Kill the sender while it waits for the reply: the e-mail is ours, and it cannot know."""
        if len(kept.emails) % 4 == 2 and victims and kills["in reply"] < 4:
            kills["in reply"] += 1
            victims[-1].kill()
            victims[-1].join()

    def asked(_address: str) -> None:
        """Kill the sender before the e-mail is ours."""
        if len(kept.emails) % 5 == 4 and kills["before"] < 3 and victims:
            kills["before"] += 1
            victims[-1].kill()
            victims[-1].join()

    with served() as kept:
        kept.data, kept.rcpt = taken, asked
        for delay in (0.0, 0.05, 0.1, 0.3, *[60.0] * 12):
            victims.append(child(engine, kept.url, run))
            victims[-1].join(delay)
            if victims[-1].is_alive():
                kills["by the clock"] += 1
                victims[-1].kill()
                victims[-1].join()
            if victims[-1].exitcode == 0:
                break
        sent = kept.ids
    assert victims[-1].exitcode == 0
    assert kills["in reply"] == 4
    assert kills["before"] >= 1
    assert len(set(sent)) == 12
    # Whoever is killed by the clock may wait for a reply, too.
    assert len(sent) <= 12 + kills["in reply"] + kills["by the clock"]
    assert states(engine) == {"sent": 12}
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.alerts)) == 12
        outcomes = [
            n for stage, _, reason, n in ledger.stage_counts(connection, run) if (stage, reason) == ("alert", "sent")
        ]
    assert outcomes == [12]


def test_two_runs_at_once_send_each_email_once(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, *({"source": "a", "path": str(n), "words": f"promise number {n} of very many"} for n in range(12)))
    run = opened(engine)
    link_quotes(engine, run_id=run)
    both = [child(engine, box.url, run), child(engine, box.url, run)]
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert len(box.ids) == len(set(box.ids)) == 12


def test_an_earlier_report_that_shows_up_while_an_email_waits_is_shown_in_it(engine: Engine, box: Postbox) -> None:
    start_watching(engine)
    put(engine, {"source": "b", "hours": 1})
    run_alerts(engine, f"smtp://127.0.0.1:{free_port()}")
    put(engine, {"source": "a", "hours": 0.5, "seen_hours": 1})
    assert run_alerts(engine, box, now=NOW + timedelta(minutes=30)).sent == 1
    plain = box.emails[0].get_body(("plain",))
    assert plain is not None
    assert plain.get_content().index("https://a.example/1") < plain.get_content().index("https://b.example/1")


def test_a_statement_is_held_against_the_words_of_every_report(engine: Engine, box: Postbox) -> None:
    start_watching(engine, ICE)
    put(engine, {"source": "a", "words": PART})
    assert run_alerts(engine, box, ICE).matched == 0
    put(engine, {"source": "b", "words": WORDS, "hours": 1})
    assert run_alerts(engine, box, ICE).sent == 1


def test_words_that_stand_in_two_sentences_of_one_quote_make_one_email(engine: Engine, box: Postbox) -> None:
    both = Watch("both", "Ice and nets", "other@example.org", words=("ice nets",))
    start_watching(engine, both)
    put(engine, {"source": "a", "words": f"{WORDS}. The nets of the herring boats are mended in the town hall."})
    assert run_alerts(engine, box, both).sent == 1
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.statements)) == 2
