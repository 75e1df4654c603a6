"""Health over a real store: what runs saw is counted, incidents are kept, the ops mailbox has one e-mail for each."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsdesk import DAY1, SOURCE, article, opened, page
from postbox import Postbox, free_port, served
from sqlalchemy import Engine, select

from pipeline import health as judging
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.errors import ConfigError
from pipeline.health import DocumentObservation, DocumentState, Kind, Observation
from pipeline.monitoring import check
from pipeline.monitoring.source_status import Health
from pipeline.queries.history import audit_entries
from pipeline.records import DocumentKind, LedgerEntry, Outcome, Stage, Window
from pipeline.store.alerts import ops_mail
from pipeline.store.articles import articles
from pipeline.store.crawl import crawls, incidents, observations
from pipeline.store.crawl.incidents import IncidentChange
from pipeline.store.crawl.sources import sync_sources
from pipeline.store.runs import ledger, runs
from pipeline.store.schema import incidents as incidents_table
from pipeline.store.schema import ops_letters as ops_emails

DAY = timedelta(days=1)
FEED = "https://gazette.example/rss"
OK = DocumentObservation(DocumentState.OK, "edited", FEED)
REFUSED = DocumentObservation(DocumentState.REFUSED, "http-403", FEED)
DOWN = DocumentObservation(DocumentState.FAILED, "timeout")


@pytest.fixture
def box() -> Iterator[Postbox]:
    with served() as box:
        yield box


@pytest.fixture
def desk(settings: Settings, box: Postbox, nothing_on: Path, tmp_path: Path) -> Settings:
    """An installation with one source, whose ops mailbox is on the test's own mail server."""
    folder = shutil.copytree(nothing_on, tmp_path / "config") / "sources"
    (folder / "gazette.yaml").write_text(
        f"id: gazette\ntitle: The Gazette\nlanguage: en\nhome: https://gazette.example/\nfeeds: [{FEED}]\n",
        encoding="utf-8",
    )
    return replace(settings, config_dir=tmp_path / "config", ops_mail="ops@example.org", smtp_url=box.url)


def day_seen(
    engine: Engine,
    at: datetime,
    document: DocumentObservation = OK,
    new: int = 20,
    source: Source = SOURCE,
    past: bool = False,
) -> str:
    """A run of which we only know what it saw; its id."""
    with engine.begin() as connection:
        sync_sources(connection, [source], now=at)
        run_id = runs.start_run(connection, command="test", clock=at)
        seen = Observation(source.id, run_id, at, past, {FEED: document}, 40, new)
        observations.save_observations(connection, [seen])
    return run_id


def weeks_seen(engine: Engine, number: int = 4) -> datetime:
    """That many quiet weeks, a run a day; when the next run is due."""
    for n in range(number * 7):
        day_seen(engine, DAY1 + n * DAY)
    return DAY1 + number * 7 * DAY


def look(engine: Engine, settings: Settings, now: datetime, source: Source = SOURCE) -> Health:
    return check.check_health(engine, settings, {source.id: source}, now=now)


def all_incidents(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(incidents_table).order_by(incidents_table.c.opened_at))
        return [(row.kind, row.ending) for row in rows]


def test_what_a_run_saw_is_counted_from_what_it_left(engine: Engine) -> None:
    run_id = opened(engine)
    lines = [
        page("rss", kind=DocumentKind.FEED),
        page("old.rss", kind=DocumentKind.FEED, outcome=Outcome.ERROR, reason="http-403", status=403),
        replace(page("sub.xml", kind=DocumentKind.SITEMAP), discovered_in=FEED),
        *(page(f"a{n}", f"body {n}", offset=100 * n) for n in range(4)),
        page("b", outcome=Outcome.ERROR, reason="http-403", status=403),
        page("c", outcome=Outcome.ERROR, reason="timeout", status=None),
        page("d", outcome=Outcome.ERROR, reason="guard", status=None),
        page("e", outcome=Outcome.DUPLICATE, reason="same-article", status=None),
    ]
    with engine.begin() as connection:
        crawls.load_journal(connection, run_id, "gazette", lines)
        for waiting, words in zip(articles.captures_waiting(connection, code_version="1"), (60, 600), strict=False):
            reading = replace(
                article(waiting.url.rpartition("/")[2], "W" * words), flags=("selectors-missed",) * (words < 99)
            )
            articles.save_reading(connection, waiting, reading, code_version="1", now=DAY1, run_id=run_id)
        entries = [
            LedgerEntry(Stage.EXTRACT, f"https://gazette.example/a{n}", "gazette", Outcome.KEPT, "new")
            for n in range(2)
        ]
        entries += [
            LedgerEntry(Stage.EXTRACT, "https://gazette.example/a2", "gazette", Outcome.NOT_RELEVANT, "off-beat"),
            LedgerEntry(Stage.EXTRACT, "https://gazette.example/a3", "gazette", Outcome.ERROR, "bot-wall"),
        ]
        ledger.record_outcomes(connection, run_id, entries)
        [seen] = observations.run_observations(connection, run_id, ["gazette", "nobody"], at=DAY1, past=False)
        observations.save_observations(connection, [seen])
        assert observations.observation_history(connection, "gazette", after=DAY1 - DAY, past=False) == [seen]
    assert {url: it.state for url, it in seen.documents.items()} == {
        FEED: DocumentState.OK,
        "https://gazette.example/old.rss": DocumentState.REFUSED,
    }
    assert (seen.discovered, seen.new) == (7, 7)
    assert seen.shares == {
        "answered": (4, 6),
        "fetched": (4, 5),
        "text": (3, 3),
        "on-beat": (2, 3),
        "title": (2, 2),
        "date": (2, 2),
        "selectors": (1, 2),
    }
    assert {power: number for power, number in enumerate(seen.lengths) if number} == {6: 1, 10: 1}


def test_a_second_sight_of_an_address_is_not_new(engine: Engine) -> None:
    first, second = opened(engine), opened(engine, clock=DAY1 + DAY)
    feed = page("rss", "feed", kind=DocumentKind.FEED)
    with engine.begin() as connection:
        crawls.load_journal(connection, first, "gazette", [feed, page("a", "a", offset=1)])
        later = [replace(it, seen_at=DAY1 + DAY) for it in (feed, page("a", "a", offset=1), page("b", "b", offset=2))]
        crawls.load_journal(connection, second, "gazette", later)
        [seen] = observations.run_observations(connection, second, ["gazette"], at=DAY1 + DAY, past=False)
    assert (seen.discovered, seen.new) == (2, 1)


def test_an_incident_is_opened_once_sent_once_and_closed_when_healed(
    engine: Engine, desk: Settings, box: Postbox
) -> None:
    at, source = weeks_seen(engine), SOURCE.model_copy(update={"notes": "ask Anna"})
    for n in range(3):
        day_seen(engine, at + n * DAY, REFUSED, new=0)
        for _ in range(2):
            found = look(engine, desk, at + n * DAY, source)
            assert [it.kind for it in found.incidents] == [Kind.BLOCKED]
    day_seen(engine, at + 3 * DAY)
    assert look(engine, desk, at + 3 * DAY, source).is_ok
    assert all_incidents(engine) == [("blocked", "healed")]
    subjects = [str(mail["Subject"]) for mail in box.emails]
    assert [it for it in subjects if "is blocked" in it or "well again" in it] == [
        "onrecord: gazette is blocked: none of its feeds and sitemaps can be read: "
        "http-403 from https://gazette.example/rss",
        "onrecord: gazette is well again (was blocked)",
    ]
    daily = [it for it in subjects if "sources well" in it or "in trouble" in it]
    assert len(daily) == 4 and daily[0].endswith("1 of 1 sources in trouble")
    assert len(set(box.ids)) == len(box.ids)
    assert {str(mail["To"]) for mail in box.emails} == {"ops@example.org"}
    opening = next(mail for mail in box.emails if "is blocked" in str(mail["Subject"]))
    text = opening.get_body().get_content()  # type: ignore[union-attr]
    assert "ask Anna" in text and "onrecord sources health --accept" in text


def test_silence_is_noticed_by_the_rhythm_alone(engine: Engine, desk: Settings) -> None:
    at = weeks_seen(engine)
    day_seen(engine, at, DocumentObservation(DocumentState.OK, "not-modified", FEED), new=0)
    [incident] = look(engine, desk, at).incidents
    assert incident.kind is Kind.SILENT and incident.since == at - DAY
    assert "0 new pages in 24 h" in incident.detail


def test_emails_wait_for_a_server_that_is_down_and_then_go_out_once(engine: Engine, desk: Settings) -> None:
    port = free_port()
    away = replace(desk, smtp_url=f"smtp://127.0.0.1:{port}")
    at = weeks_seen(engine)
    day_seen(engine, at, REFUSED, new=0)
    assert look(engine, away, at).problems
    with served(port=port) as box:
        assert not look(engine, away, at + timedelta(minutes=1)).problems
        assert len(box.emails) == 2
        look(engine, away, at + timedelta(minutes=2))
        assert len(box.emails) == 2


def test_an_email_that_was_handed_over_but_not_marked_goes_out_under_the_same_name(
    engine: Engine, desk: Settings, box: Postbox
) -> None:
    at = weeks_seen(engine)
    day_seen(engine, at, REFUSED, new=0)
    look(engine, desk, at)
    with engine.begin() as connection:
        connection.execute(ops_emails.update().values(state="pending"))
    look(engine, desk, at)
    assert len(box.ids) == 4 and len(set(box.ids)) == 2


def test_an_email_nobody_takes_is_given_up_after_three_days(engine: Engine, desk: Settings) -> None:
    away = replace(desk, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    at = weeks_seen(engine)
    look(engine, away, at)
    look(engine, away, at + 4 * DAY)
    with engine.connect() as connection:
        states = dict(connection.execute(select(ops_emails.c.id, ops_emails.c.state)).all())
        assert [it.id for it in ops_mail.pending_ops_emails(connection)] == [
            name for name, state in states.items() if state == "pending"
        ]
    assert states[f"daily.{at:%Y-%m-%d}"] == "dead"


def test_without_an_ops_mailbox_nobody_gets_an_email(engine: Engine, settings: Settings) -> None:
    at = weeks_seen(engine)
    day_seen(engine, at, REFUSED, new=0)
    assert look(engine, settings, at).incidents
    with engine.connect() as connection:
        assert ops_mail.pending_ops_emails(connection) == []
    assert not settings.spool.exists()


def test_two_checks_side_by_side_open_one_incident(engine: Engine, desk: Settings, box: Postbox) -> None:
    at = weeks_seen(engine)
    day_seen(engine, at, REFUSED, new=0)
    threads = [threading.Thread(target=look, args=(engine, desk, at)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all_incidents(engine) == [("blocked", "")]
    assert len(box.emails) == 2


def test_the_store_itself_refuses_a_second_open_incident_of_a_kind(engine: Engine) -> None:
    day_seen(engine, DAY1)
    opening = judging.Open("gazette", Kind.SILENT, DAY1, ("documents",), "nothing")
    with engine.begin() as connection:
        made = [
            incidents.apply_intents(connection, [opening], at=DAY1 + n * DAY, run_id=None, past=False) for n in range(2)
        ]
    assert [[type(it) for it in changes] for changes in made] == [[IncidentChange], []]


def test_what_is_accepted_is_learned_anew(engine: Engine, desk: Settings) -> None:
    at = weeks_seen(engine)
    day_seen(engine, at, new=1)
    [incident] = look(engine, desk, at).incidents
    assert incident.kind is Kind.HALF_EMPTY
    check.accept_incident(engine, incident.id, at + timedelta(hours=1))
    for n in range(1, 21):
        day_seen(engine, at + n * DAY, new=1)
        assert look(engine, desk, at + n * DAY).is_ok
    assert all_incidents(engine) == [("half-empty", "accepted")]
    with pytest.raises(ConfigError, match="no open incident"):
        check.accept_incident(engine, incident.id, at)
    with engine.connect() as connection:
        (entry,) = audit_entries(connection)
    assert (entry.act, entry.subject, entry.detail) == ("accept", incident.id, {"source": "gazette"})


def test_what_daily_runs_opened_is_not_closed_by_the_hourly_ones(engine: Engine, desk: Settings) -> None:
    for n in range(28):
        day_seen(engine, DAY1 + n * DAY, past=True)
    at = DAY1 + 28 * DAY
    day_seen(engine, at, new=0, past=True)
    assert [it.kind for it in look(engine, desk, at).incidents] == [Kind.SILENT]
    day_seen(engine, at + timedelta(hours=1), new=5)
    assert [it.kind for it in look(engine, desk, at + timedelta(hours=1)).incidents] == [Kind.SILENT]
    day_seen(engine, at + DAY, past=True)
    assert look(engine, desk, at + DAY).is_ok


def test_when_our_own_network_is_down_no_source_is_blamed(engine: Engine, desk: Settings) -> None:
    sources = {f"s{n}": SOURCE.model_copy(update={"id": f"s{n}"}) for n in range(4)}
    with engine.begin() as connection:
        sync_sources(connection, sources.values(), now=DAY1)
        run_id = runs.start_run(connection, command="test", clock=DAY1)
        for name in sources:
            line = page(f"{name}.rss", kind=DocumentKind.FEED, outcome=Outcome.ERROR, reason="dns", status=None)
            crawls.load_journal(connection, run_id, name, [line])
    found = check.check_health(engine, desk, sources, now=DAY1, run_id=run_id)
    assert found.ours == tuple(sources) and found.is_ok
    with engine.connect() as connection:
        assert observations.last_observed_at(connection, "s0") is None


def test_when_no_run_comes_it_is_we_who_are_silent(engine: Engine, desk: Settings) -> None:
    at = weeks_seen(engine) - DAY
    assert look(engine, desk, at + timedelta(hours=30)).is_ok
    late = look(engine, desk, at + timedelta(hours=50))
    assert "50 h" in late.overdue and not late.is_ok and late.incidents == []


def test_a_daily_run_that_does_not_end_is_sent_once_and_a_paused_one_not_every_day(
    engine: Engine, desk: Settings, box: Postbox
) -> None:
    def begun(day: datetime) -> str:
        """The daily run over the Moscow day of this date."""
        window = Window(day - timedelta(hours=3), day + timedelta(hours=21))
        with engine.begin() as connection:
            return runs.start_run(connection, command="daily", clock=day + DAY, window=window)

    def ended(run: str) -> None:
        with engine.begin() as connection:
            runs.finish_run(connection, run, exit_code=1, exit_reason="")

    def late() -> list[str]:
        return [it["Subject"] for it in box.emails if it["Subject"].endswith("is late") and "over" not in it["Subject"]]

    def over() -> list[str]:
        return [it["Subject"] for it in box.emails if "over" in it["Subject"]]

    day = weeks_seen(engine).replace(hour=0)
    look(engine, desk, day + timedelta(hours=30))
    assert late() == [], "nobody uses daily runs"
    ended(begun(day - DAY))
    hanging = begun(day)
    look(engine, desk, day + DAY + timedelta(hours=5, minutes=50))
    assert late() == []
    for hour in (6, 7, 20):
        look(engine, desk, day + DAY + timedelta(hours=hour, minutes=10))
    assert late() == [f"onrecord: the daily run of {day:%-d %B %Y} is late"]
    assert over() == []
    ended(hanging)
    look(engine, desk, day + 2 * DAY + timedelta(hours=7))
    assert over() == [f"onrecord: over: the daily run of {day:%-d %B %Y} is late"]
    assert late()[1:] == [f"onrecord: the daily run of {day + DAY:%-d %B %Y} is late"], "it has not begun"
    look(engine, desk, day + 4 * DAY)
    assert len(late()) == 2


def test_no_daily_run_of_an_installation_is_late_before_it_is_that_old(
    engine: Engine, desk: Settings, box: Postbox
) -> None:
    born = DAY1.replace(hour=6, minute=42)
    yesterday = Window(
        born.replace(hour=0, minute=0) - timedelta(hours=27), born.replace(hour=0, minute=0) - timedelta(hours=3)
    )
    with engine.begin() as connection:
        sync_sources(connection, [SOURCE], now=born)
        runs.start_run(connection, command="collect", clock=born)
        runs.start_run(connection, command="daily", clock=born + timedelta(minutes=2), window=yesterday)
    for hours in (0.1, 1, 5.9):
        look(engine, desk, born + timedelta(hours=hours))
    assert [it["Subject"] for it in box.emails if "late" in it["Subject"]] == []
    look(engine, desk, born + timedelta(hours=6.1))
    assert len([it["Subject"] for it in box.emails if "late" in it["Subject"]]) == 1


def test_analysts_see_what_is_wrong_with_a_source(engine: Engine, desk: Settings) -> None:
    at = weeks_seen(engine)
    day_seen(engine, at, REFUSED, new=0)
    look(engine, desk, at)
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM analyst.source_health").mappings().one()
    assert row["incidents"] == ["blocked"] and row["troubled_since"] == at - DAY and "http-403" in row["trouble"]
