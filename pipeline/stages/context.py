"""The context of one run, which every stage gets: sources, window, clock, settings, database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from pipeline.archive import ArchiveError, require_archive
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.errors import FileUnusable, InvalidValue
from pipeline.records import Stage, Window
from pipeline.runtime.days import start_of
from pipeline.stage_result import StageResult


@dataclass(frozen=True, slots=True)
class Replay:
    """A WARC file, or a folder of them, that replaces the web, as it was up to a moment."""

    file: Path
    as_of: datetime | None

    @classmethod
    def of(cls, file: Path, as_of: str | None) -> Replay:
        """Check and parse both arguments. ``file`` may be a folder of WARC files, such as our own archive.

        ``as_of`` is a day, meaning its end in UTC, or a moment in ISO 8601. ConfigError if there is no such file, or if
        it holds no archive, or if the day is after today: it would become the time at which everything was seen.
        """
        moment = end_of(as_of) if as_of else None
        if moment is not None and moment.date() > (today := datetime.now(UTC).date()):
            raise InvalidValue(
                f"{as_of} is in the future: give a day up to {today} (UTC) to replay (--as-of)",
                name="--as-of",
                value=str(as_of),
            )
        if not file.exists():
            raise FileUnusable(f"{file}: no such file or folder (--replay)", path=str(file))
        try:
            require_archive(file)
        except ArchiveError as error:
            raise FileUnusable(f"{error} (--replay)", path=str(file)) from error
        return cls(file.absolute(), moment)


def end_of(text: str) -> datetime:
    """The last second of a UTC day, or the moment, given to ``--as-of`` in ISO 8601."""
    moment = start_of(text, name="--as-of")
    with suppress(ValueError):
        date.fromisoformat(text)
        return moment + timedelta(days=1, seconds=-1)
    return moment


MOSCOW = ZoneInfo("Europe/Moscow")
"""Time zone of the days that daily runs and daily e-mails cover."""

Progress = Callable[[Stage, int, int], None]
"""Called with a stage, how many of its items are done, and how many there are."""


def ignore_progress(_stage: Stage, _done: int, _total: int) -> None:
    """Do not report progress."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the stages of one run share. ``now`` is the run's clock: the real time, or the end of a replayed day."""

    id: str
    settings: Settings
    engine: Engine
    sources: dict[str, Source]
    now: datetime
    window: Window | None = None
    replay: Replay | None = None
    proxy: str | None = None
    past: bool = False
    """Also read the date sitemaps and archives of the window's days."""
    backfill: bool = False
    """The run is over past days: what it finds is no news, and it says nothing about the present health of sources."""
    batch: str = ""
    """Name of the batch, which is its first source, if a stage is split over several tasks; else empty."""
    progress: Progress = ignore_progress

    @property
    def selection(self) -> Window | None:
        """The window over ``seen_at`` that selects the items of the stages; None: all that wait.

        In a run over a past day the window chooses which archives are read; what they list is first seen now.
        """
        return None if self.past else self.window


StageFunction = Callable[[Run], StageResult]
"""The signature that all five stages share: work on everything in the run that awaits the stage."""
