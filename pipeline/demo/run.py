"""Run all stages on the bundled sample newsroom: real crawl over HTTP, real database, real e-mails, two days of news.

Everything the newsroom publishes is invented, its country and people too. The demo has its own home folder and never
changes the user's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pipeline.config.settings import Settings
from pipeline.config.sources import load_sources
from pipeline.demo.newsroom import CONFIG, DAYS, Newsroom
from pipeline.demo.newsroom.days import MOSCOW
from pipeline.runs import runner
from pipeline.runs.report import RunReport
from pipeline.stages.context import Progress, ignore_progress
from pipeline.store.admin import digest
from pipeline.store.engine import open_store
from pipeline.store.runs import runs

COMMAND = "demo"
CONTACT = "demo@newsroom.example"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The result of the demo: a report per day, and the digest of the database before and after."""

    days: tuple[date, ...]
    reports: tuple[RunReport, ...]
    digest_before: str
    digest_after: str
    first: bool

    @property
    def changed(self) -> bool:
        """Whether the content of the database differs from before."""
        return self.digest_before != self.digest_after


@contextmanager
def without_progress(_day: date) -> Iterator[Progress]:
    """A progress callback that shows nothing."""
    yield ignore_progress


def settings_for(settings: Settings, home: Path) -> Settings:
    """The user's settings with the demo's home and configuration folder; e-mail is sent as in the user's settings."""
    return replace(
        settings, home=home.absolute(), database_url=None, config_dir=CONFIG, contact=CONTACT, ops_mail=None, proxy=None
    )


def run_demo(
    settings: Settings, *, bars: Callable[[date], AbstractContextManager[Progress]] = without_progress
) -> DemoResult:
    """Run all stages for both days of the newsroom; if both are done already, for the last day again.

    Repeating the last day must change nothing (idempotence). A day on which the demo was interrupted is run again.

    ``bars``: gives the progress callback for each day.
    """
    own = [source for source in load_sources(settings) if (CONFIG / "sources" / f"{source}.yaml").exists()]
    with open_store(settings) as engine:
        with engine.connect() as connection:
            before = digest.table_digests(connection)["all"]
            ended = runs.clocks_of_ended(connection, COMMAND)
        missing = [day for day in DAYS if end_of_day(day).astimezone(UTC) not in ended]
        days = missing or DAYS[-1:]
        with Newsroom(days[0]).serve() as served:
            reports = []
            for day in days:
                served.day = day
                plan = runner.RunPlan(COMMAND, source_ids=own, now=end_of_day(day), proxy=served.proxy_url)
                with bars(day) as progress, runner.open_run(settings, plan, progress=progress) as run:
                    reports.append(runner.perform_run(run))
        with engine.connect() as connection:
            after = digest.table_digests(connection)["all"]
    return DemoResult(tuple(days), tuple(reports), before, after, bool(missing))


def end_of_day(day: date) -> datetime:
    """The last second of a day in Moscow."""
    return datetime.combine(day, time(), MOSCOW) + timedelta(days=1, seconds=-1)
