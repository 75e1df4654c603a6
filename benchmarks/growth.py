"""How the stages and the readers' questions behave as the store grows: ``python -m benchmarks.growth [WEEKS ...]``.

Makes a store of its own with a history of so many weeks (1, 10 and 30 by default), ``--per-day`` articles a day
(1,500) with five quotes each (``benchmarks/history.py``), and asks the same at each length. What a half-hourly run
does must cost the same at all of them. Figures are CPU seconds of this process and of the whole database server, since
other work on the machine changes those least. At the end: bytes per row of each table with its indexes, and per
article.
"""

from __future__ import annotations

import argparse
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import structlog
from sqlalchemy import Engine, text

from benchmarks import history, spent
from pipeline import extraction, ids, quotes
from pipeline.config.settings import Settings
from pipeline.config.sources import load_sources
from pipeline.config.speakers import load_roster
from pipeline.config.watches import load_watches
from pipeline.monitoring import check
from pipeline.queries import provenance
from pipeline.queries.ledger import ledger_report
from pipeline.queries.rows import SearchQuestion
from pipeline.queries.search import search_quotes
from pipeline.records import DocumentKind, Fetch, LedgerEntry, Outcome, Stage
from pipeline.runs import runner
from pipeline.stages import alert, crawl, extraction_jobs, link, quote
from pipeline.stages.context import Run, ignore_progress
from pipeline.store.admin import digest, retention
from pipeline.store.alerts import outbox
from pipeline.store.articles import quotes as stored
from pipeline.store.crawl import crawls, urls
from pipeline.store.engine import open_store
from pipeline.store.runs import ledger, runs
from pipeline.store.server import embedded, roles
from pipeline.store.statements.speakers import sync_roster

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LISTED = 5000
"""Addresses that a run of all sources finds listed, nearly all of them known."""
NEW_ARTICLES = 200
TEXTS = Path(__file__).parents[1] / "tests" / "labelled"


@dataclass(slots=True)
class Bench:
    """The store under test and what was found: CPU seconds by question and number of articles."""

    settings: Settings
    engine: Engine
    server: psutil.Process
    beat: history.Beat
    per_day: int
    figures: dict[str, dict[int, float]] = field(default_factory=dict)
    rounds: int = 0

    def run(self) -> Run:
        """A new run of all sources at the end of the history."""
        self.rounds += 1
        plan = runner.RunPlan("run", now=NOW + timedelta(minutes=30 * self.rounds), source_ids=self.beat.sources)
        return runner.begin_run(
            self.engine, self.settings, plan, runner.planned_sources(self.settings, plan), ignore_progress
        )

    def ask(self, name: str, articles: int, question: Callable[[], object], *, times: int = 1) -> None:
        """Note the CPU seconds that one of ``times`` askings took."""
        before = time.process_time() + spent.family(self.server)
        for _ in range(times):
            question()
        each = (time.process_time() + spent.family(self.server) - before) / times
        self.figures.setdefault(name, {})[articles] = each
        print(f"{name:<46} {articles:>9} articles {each * 1000:>10.1f} ms", flush=True)


def beat_of(settings: Settings) -> history.Beat:
    """Words of our own texts, frequent ones first; the shipped roster and sources."""
    counted: Counter[str] = Counter()
    for path in sorted(TEXTS.glob("*/*.txt")):
        counted.update(ids.normalised_words(path.read_text(encoding="utf-8")).split())
    sources = [source.id for source in load_sources(settings).values() if source.enabled]
    speakers = [speaker.id for speaker in load_roster(settings).speakers]
    return history.Beat([word for word, _ in counted.most_common()], speakers, sources, extraction.VERSION,
                        quotes.VERSION)  # fmt: skip


def grow(bench: Bench, weeks: list[int]) -> None:
    """Lengthen the history step by step and ask everything at each length."""
    done = 1
    run = bench.run()
    with bench.engine.begin() as connection:
        history.first_week(connection, bench.beat, end=NOW, per_day=bench.per_day, run_id=run.id)
    for wanted in weeks:
        for number in range(done, wanted):
            with bench.engine.begin() as connection:
                history.further_week(connection, number)
        done = max(done, wanted)
        articles = done * history.WEEK * bench.per_day
        retention.vacuum_tables(bench.engine)
        # The first run after a load looks at all of it, as after an upgrade; the ones after it are what is measured.
        link.link_statements(run)
        every_run(bench, articles)
        questions(bench, articles)


def every_run(bench: Bench, articles: int) -> None:
    """What each half-hourly run does, whatever it brings."""
    run, folder = bench.run(), Path(bench.settings.home)
    largest = bench.beat.sources[0]
    bench.ask("run: what is known of the largest source", articles, lambda: crawl.job_of(run, largest, folder))
    lines = listed(bench, run)
    bench.ask(f"run: journal of {LISTED} listed addresses", articles, lambda: load(bench, run, lines))
    bench.ask("run: extract, nothing waits", articles, lambda: extraction_jobs.jobs_waiting(run, *_no_pool(bench)))
    bench.ask("run: quote, nothing waits", articles, lambda: quote.quote_versions(run))
    bench.ask("run: link, nothing waits", articles, lambda: link.link_statements(run))
    bench.ask("run: alert, nothing waits", articles, lambda: alert.alert_watches(run))
    bench.ask("run: stories of a source on a day", articles, lambda: published(bench), times=10)
    new_quotes(bench, run)
    bench.ask(f"run: link {NEW_ARTICLES * history.QUOTES_EACH} new quotes", articles, lambda: link.link_statements(run))
    bench.ask("run: alert on them", articles, lambda: alert.alert_watches(run))
    with bench.engine.begin() as connection:
        bench.ask("run: its report", articles, lambda: runner.build_run_report(connection, run.id, None))
    checked = lambda: check.check_health(bench.engine, bench.settings, run.sources, now=run.now, run_id=run.id)  # noqa: E731
    bench.ask("run: health of the sources", articles, checked)
    with bench.engine.begin() as connection:
        runs.finish_run(connection, run.id, exit_code=0, exit_reason="all well")


def _no_pool(bench: Bench) -> Any:
    return bench.engine.connect(), None


def listed(bench: Bench, run: Run) -> list[Fetch]:
    """The journal of a crawl that found the newest addresses listed once more."""
    with bench.engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT url, source_id FROM onrecord.urls ORDER BY first_seen_at DESC LIMIT {LISTED}")
        ).all()
    return [
        Fetch(url=row.url, kind=DocumentKind.PAGE, seen_at=run.now, outcome=Outcome.UNCHANGED, reason="not-due",
              discovered_in=f"https://{row.source_id}.example/feed")
        for row in rows
    ]  # fmt: skip


def load(bench: Bench, run: Run, lines: list[Fetch]) -> None:
    """Put it into the store, as the crawl does for each source."""
    with bench.engine.begin() as connection:
        crawls.load_journal(connection, run.id, bench.beat.sources[0], lines)
        entries = [LedgerEntry(Stage.CRAWL, it.url, bench.beat.sources[0], it.outcome, it.reason) for it in lines]
        ledger.record_outcomes(connection, run.id, entries)


def published(bench: Bench) -> None:
    with bench.engine.connect() as connection:
        urls.published_on(connection, bench.beat.sources[0], NOW.date() - timedelta(days=2))


def new_quotes(bench: Bench, run: Run) -> None:
    """Articles that have just been read and quoted, through the store's own doors."""
    chance = random.Random(run.id)
    with bench.engine.connect() as connection:
        ids_ = list(connection.scalars(
            text(f"SELECT id FROM onrecord.versions ORDER BY seen_at DESC LIMIT {NEW_ARTICLES}")))  # fmt: skip
    for version in ids_:
        with bench.engine.begin() as connection:
            body = [history.words(chance, bench.beat, 20) for _ in range(history.QUOTES_EACH)]
            given = {"id": version, "text": "\n".join(body)}
            connection.execute(text("UPDATE onrecord.versions SET text = text || :text WHERE id = :id"), given)
            length = connection.scalar(text("SELECT length(text) FROM onrecord.versions WHERE id = :id"), given)
            stored.save_quotes(connection, version, _said(chance, bench, body, int(length or 0)),
                               engine_version=quotes.VERSION, now=run.now)  # fmt: skip


def _said(chance: Any, bench: Bench, body: list[str], end: int) -> list[Any]:
    from pipeline.records import Quote

    found, at = [], end - len("\n".join(body))
    for words in body:
        who = bench.beat.speakers[int(len(bench.beat.speakers) ** chance.random()) - 1]
        found.append(Quote(start=at, end=at + len(words), type="direct", speaker_id=who, speaker_name=who,
                           speaker_span=None, cue_span=None, confidence=0.9))  # fmt: skip
        at += len(words) + 1
    return found


def questions(bench: Bench, articles: int) -> None:
    """What readers, analysts and the nightly upkeep ask."""
    common, rare = bench.beat.words[150], bench.beat.words[-200]
    with bench.engine.connect() as connection:
        found = {
            "search: a common word": lambda: search_quotes(connection, SearchQuestion(common)),
            "search: a rare word": lambda: search_quotes(connection, SearchQuestion(rare)),
            "search: a common word of one speaker": lambda: search_quotes(
                connection, SearchQuestion(common, speaker=bench.beat.speakers[20])),
            "search: a common word in the last week": lambda: search_quotes(
                connection, SearchQuestion(common, start=NOW - timedelta(days=7))),
            "report: newest run": lambda: ledger_report(connection),
            "view: analyst.source_health": lambda: connection.execute(
                text("SELECT * FROM analyst.source_health")).all(),
            "view: newest 50 quotes of a speaker": lambda: connection.execute(
                text("SELECT * FROM analyst.quotes WHERE speaker_id = :who ORDER BY first_seen_at DESC LIMIT 50"),
                {"who": bench.beat.speakers[20]}).all(),
            "nightly: sample": lambda: provenance.draw_sample(connection, "x", version_count=500, file_count=20),
        }  # fmt: skip
        for name, question in found.items():
            bench.ask(name, articles, question, times=3)
        bench.ask("digest", articles, lambda: digest.table_digests(connection))
    bench.ask("nightly: vacuum", articles, lambda: retention.vacuum_tables(bench.engine))


def sizes(bench: Bench) -> None:
    """Bytes per row of each table, with its indexes, and per article."""
    query = text(
        "SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'onrecord' AND c.relkind = 'r' AND c.reltuples > 1000 ORDER BY 3 + 4 DESC"
    )
    with bench.engine.connect() as connection:
        rows = connection.execute(query).all()
        articles = connection.scalar(text("SELECT count(*) FROM onrecord.articles"))
    if not rows:
        print("\nno table has more than 1000 rows: bytes a row need more weeks, or more with --per-day")
        return
    print(f"\n{'table':<18}{'rows':>10}{'bytes a row':>13}{'of these indexes':>18}{'bytes an article':>18}")
    for name, number, table, indexes in rows:
        print(f"{name:<18}{number:>10}{(table + indexes) / number:>13.0f}{indexes / number:>18.0f}"
              f"{(table + indexes) / articles:>18.0f}")  # fmt: skip
    print(f"together {sum(table + indexes for _, _, table, indexes in rows) / 1e9:.2f} GB")


def compare(bench: Bench) -> None:
    """All figures side by side, in milliseconds, and how the last compares with the first."""
    lengths = sorted({length for found in bench.figures.values() for length in found})
    print(f"\n{'CPU ms at so many articles':<46}" + "".join(f"{length:>12}" for length in lengths) + f"{'growth':>10}")
    for name, found in bench.figures.items():
        row = [found[length] * 1000 for length in lengths]
        print(f"{name:<46}" + "".join(f"{it:>12.1f}" for it in row) + f"{row[-1] / max(row[0], 0.01):>9.1f}x")


def main() -> None:
    """Make the store, grow it, tell, and remove it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weeks", nargs="*", type=int, default=[1, 10, 30])
    parser.add_argument("--per-day", type=int, default=1500)
    asked = parser.parse_args()
    if min([asked.per_day, *asked.weeks]) < 1:
        parser.error("weeks and --per-day are 1 or more")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="onrecord-growth-") as folder:
        settings = Settings(home=Path(folder), database_url=None, config_dir=None, contact="bench@example.org",
                            ops_mail=None, smtp_url=None, mail_from="onrecord@localhost", proxy=None)  # fmt: skip
        with embedded.use(settings.postgres, durable=False), open_store(settings) as engine:
            bench = Bench(settings, engine, spent.server_of(settings.postgres), beat_of(settings), asked.per_day)
            with roles.superuser_connection(settings.postgres, engine.url.port or 0) as superuser:
                superuser.execute("ALTER SYSTEM SET autovacuum = off")
                superuser.execute("ALTER SYSTEM SET max_wal_size = '1GB'")
                superuser.execute("SELECT pg_reload_conf()")
            roster = load_roster(settings)
            with engine.begin() as connection:
                sync_roster(connection, roster)
                outbox.sync_watches(connection, load_watches(settings, {one.id for one in roster.speakers}), NOW)
            grow(bench, sorted(asked.weeks))
            compare(bench)
            sizes(bench)


if __name__ == "__main__":
    main()
