"""What each stage costs on real input: ``python -m benchmarks.stages [FILE.warc.gz [DAY]]``.

Reads the archive's day as ``onrecord run --replay`` does, or our own newsroom without an argument, into a home of its
own, and once more, which finds nothing new. CPU seconds of our processes (the crawler and the sandboxes among them) and
of the database apart. Then what a page and an article take in the archive and in the database.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import structlog
from sqlalchemy import Connection, text

from benchmarks import spent
from pipeline.config.settings import Settings, from_environment
from pipeline.demo.newsroom import DAYS, FIRST_DAY, Newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.records import Stage
from pipeline.runs import runner
from pipeline.stages.context import Replay
from pipeline.store.server import embedded

COUNTED = {
    Stage.CRAWL: ("pages", "SELECT count(*) FROM onrecord.fetches WHERE run_id = :run AND kind = 'page'"),
    Stage.EXTRACT: ("pages", "SELECT count(*) FROM onrecord.outcomes WHERE run_id = :run AND stage = 'extract'"),
    Stage.QUOTE: ("articles", "SELECT count(*) FROM onrecord.outcomes WHERE run_id = :run AND stage = 'quote'"),
    Stage.LINK: ("quotes", "SELECT count(*) FROM onrecord.outcomes WHERE run_id = :run AND stage = 'link'"),
    Stage.ALERT: ("statements", "SELECT count(*) FROM onrecord.statements"),
}
"""What is counted in each stage, and how."""
SIZES = {
    "characters a text": "SELECT avg(length(text)) FROM onrecord.versions",
    "quotes an article": "SELECT count(*)::float / (SELECT count(*) FROM onrecord.articles) FROM onrecord.quotes",
    "characters a quote": "SELECT avg(length(text)) FROM onrecord.quotes",
    "archive bytes a page (gzip, as received)":
        "SELECT avg(warc_length) FROM onrecord.captures WHERE kind = 'page' AND status = 200",
    "archive bytes a feed": "SELECT avg(warc_length) FROM onrecord.captures WHERE kind = 'feed'",
    "rows of outcomes": "SELECT count(*) FROM onrecord.outcomes",
    "rows of fetches": "SELECT count(*) FROM onrecord.fetches",
}  # fmt: skip


@contextmanager
def planned(home: Path, arguments: list[str]) -> Iterator[tuple[Settings, runner.RunPlan]]:
    """The installation and what its runs are to cover, for the length of the block."""
    if arguments:
        given = replace(from_environment(), home=home, database_url=None, config_dir=None, ops_mail=None, smtp_url=None)
        replay = Replay.of(Path(arguments[0]), arguments[1] if len(arguments) > 1 else None)
        yield given, runner.RunPlan("run", replay=replay)
        return
    with Newsroom(FIRST_DAY).serve() as served:
        served.day = DAYS[-1]
        yield (
            replace(settings_for(from_environment(), home), smtp_url=None),
            runner.RunPlan("demo", now=end_of_day(DAYS[-1]), proxy=served.proxy_url),
        )


def measure(settings: Settings, plan: runner.RunPlan, server: psutil.Process) -> None:
    """One run, stage by stage."""
    print(f"{'stage':<10}{'items':>8} {'':<12}{'CPU s':>8}{'database s':>12}{'ms an item':>12}{'of database':>13}")
    with runner.open_run(settings, plan) as run:
        for stage in Stage:
            ours, theirs = spent.own(), spent.family(server)
            runner.perform_stage(run, stage)
            ours, theirs = spent.own() - ours, spent.family(server) - theirs
            name, query = COUNTED[stage]
            with run.engine.connect() as connection:
                items = connection.scalar(text(query), {"run": run.id} if ":run" in query else {}) or 0
            each = [f"{it * 1000 / items:.2f}" if items else "-" for it in (ours + theirs, theirs)]
            print(f"{stage:<10}{items:>8} {name:<12}{ours:>8.2f}{theirs:>12.2f}{each[0]:>12}{each[1]:>13}", flush=True)
        runner.close_run(run)


def tell_sizes(connection: Connection) -> None:
    """What things take."""
    for name, query in SIZES.items():
        print(f"{name:<42}{float(connection.scalar(text(query)) or 0):>12.1f}")


def main(arguments: list[str]) -> None:
    """Two runs and the sizes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with (
        tempfile.TemporaryDirectory(prefix="onrecord-stages-") as folder,
        planned(Path(folder), arguments) as (settings, plan),
        embedded.use(settings.postgres),
    ):
        server = spent.server_of(settings.postgres)
        for title in ("everything is new", "the same once more"):
            print(f"\n{title}; {spent.machine()}")
            measure(settings, plan, server)
        print()
        with runner.open_store(settings) as engine, engine.connect() as connection:
            tell_sizes(connection)


if __name__ == "__main__":
    main(sys.argv[1:])
