"""What the link stage costs, with its database: ``python -m benchmarks.link_store [QUOTES ...]``.

Loads days of invented news (1,000, 5,000 and 20,000 quotes by default, see ``benchmarks/link.py``) into a store of its
own, ``--days`` of them one after another, and links each. ``--upgrade`` loads all days as statements of whole quotes
instead, as before migration 0018, and measures the migration, the first link stage after it, and one further day.
Figures are CPU seconds of this process and of the database server.
"""

from __future__ import annotations

import argparse
import logging
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import structlog
from sqlalchemy import Engine, text

from benchmarks import link as news
from benchmarks import spent
from benchmarks.history import copy
from pipeline import ids
from pipeline.config.settings import Settings
from pipeline.stages.link import link_quotes
from pipeline.store import migrate, schema
from pipeline.store.engine import open_store
from pipeline.store.runs import runs
from pipeline.store.server import embedded

IN_ARTICLE = 200
"""Invented quotes that share forty articles."""
WHOLE_QUOTES = """
    INSERT INTO onrecord.statements (id, founding_quote_id, speaker_id, text, lang, type, first_published_at,
                                     first_seen_at, matched_at)
    SELECT 's' || id, id, speaker_id, text, lang, type, first_seen_at, first_seen_at, first_seen_at
    FROM onrecord.quotes;
    INSERT INTO onrecord.statement_quotes SELECT id, 's' || id, 'founding', 1 FROM onrecord.quotes;
"""


def load_day(engine: Engine, run: str, day: int, count: int) -> None:
    """Store a day of quotes as the stages before linking would have; each day says other things."""
    at = news.DAY + timedelta(days=day)
    rows: dict[str, dict[str, dict[str, object]]] = {
        name: {} for name in ("sources", "captures", "articles", "versions", "quotes", "quote_spans")
    }
    for number, (speaker, words, kind) in enumerate(news.invented_day(count, seed=day)):
        source, name = f"outlet-{number % news.OUTLETS}", f"{day}-{number // IN_ARTICLE}-{number % news.OUTLETS}"
        published = at + timedelta(seconds=number // IN_ARTICLE * 86_400 * IN_ARTICLE // count)
        lang, article = "en" if words[0].isascii() else "ru", ids.article_id(name)
        quote = ids.quote_id(article, ids.normalised_words(words), number)
        seen = {"first_seen_at": published}
        rows["sources"][source] = {"id": source, "definition": "{}", "updated": published}
        rows["captures"][article] = {
            "id": article, "url": name, "source_id": source, "warc_id": "w", "warc_offset": 0, "warc_length": 1,
            "seen_at": published, "run_id": run,
        }  # fmt: skip
        rows["articles"][article] = {
            "id": article, "url": name, "source_id": source, "lang": lang, "published_at": published,
            "last_seen_at": published, "link_due": published, **seen,
        }  # fmt: skip
        rows["versions"][article] = {
            "id": article, "article_id": article, "n": 1, "capture_id": article, "origin": "page", "seen_at": published,
        }  # fmt: skip
        by = {"type": kind, "speaker_id": speaker, "span_rule": "alone"}
        rows["quotes"][quote] = {
            "id": quote, "article_id": article, "words_sha256": quote, "occurrence": 1, "text": words, "lang": lang,
            **seen, **by,
        }  # fmt: skip
        rows["quote_spans"][quote] = {"quote_id": quote, "version_id": article, "start": 0, "end": len(words), **by}
    with engine.begin() as connection:
        known = set(connection.scalars(text("SELECT id FROM onrecord.sources")))
        rows["sources"] = {name: row for name, row in rows["sources"].items() if name not in known}
        for name, found in rows.items():
            copy(connection, schema.metadata.tables[f"{schema.SCHEMA}.{name}"], list(found.values()))


def ask(name: str, count: int, server: psutil.Process, work: Callable[[], object]) -> None:
    """Print the CPU seconds that some work took, and the milliseconds for each quote."""
    python, postgres = time.process_time(), spent.family(server)
    work()
    python, postgres = time.process_time() - python, spent.family(server) - postgres
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:<44} {python + postgres:8.1f} s, of these {postgres:6.1f} database, "
        f"{1000 * (python + postgres) / count:6.2f} ms each, {peak:4.0f} MB",
        flush=True,
    )


def measure(count: int, days: int, *, upgrade: bool) -> None:
    """Make a store, link days of so many quotes in it, and remove it."""
    with tempfile.TemporaryDirectory(prefix="onrecord-link-") as folder:
        settings = Settings(home=Path(folder), database_url=None)
        with embedded.use(settings.postgres, durable=False), open_store(settings) as engine:
            server = spent.server_of(settings.postgres)
            with engine.begin() as connection:
                run = runs.start_run(connection, command="bench", clock=news.DAY)
                connection.execute(schema.warc_files.insert().values(id="w", uri="w"))
            if upgrade:
                migrate.downgrade_database(engine, "0017")
                for day in range(days):
                    load_day(engine, run, day, count)
                with engine.begin() as connection:
                    connection.exec_driver_sql(WHOLE_QUOTES)
                whole = count * days
                ask(f"migration of {whole} quotes", whole, server, lambda: migrate.upgrade_database(engine, "0018"))
                migrate.upgrade_database(engine)
                ask("first link stage after it", whole, server, lambda: link_quotes(engine, run_id=run))
            for day in range(days, days + 1) if upgrade else range(days):
                load_day(engine, run, day, count)
                ask(f"link {count} quotes of day {day + 1}", count, server, lambda: link_quotes(engine, run_id=run))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("quotes", type=int, nargs="*", default=[1000, 5000, 20_000])
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--upgrade", action="store_true")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for count in given.quotes:
        measure(count, given.days, upgrade=given.upgrade)


if __name__ == "__main__":
    main()
