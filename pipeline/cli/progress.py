"""Progress bars on stderr, one per stage."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from pipeline.records import Stage
from pipeline.stages.context import Progress, ignore_progress


@contextmanager
def progress_bars(*, quiet: bool = False) -> Iterator[Progress]:
    """A callback that draws one bar per stage; it draws nothing if ``quiet`` or if stderr is not a terminal."""
    if quiet:
        yield ignore_progress
        return
    columns = (
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(file=sys.stderr)
    with Bars(*columns, console=console, transient=False) as progress:
        tasks: dict[Stage, TaskID] = {}

        def show(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(str(stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield show
