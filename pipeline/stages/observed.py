"""A stage as whoever watches the installation sees it: what its log lines carry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.logs import told
from pipeline.records import Stage
from pipeline.stages.run import Run


@contextmanager
def observed(run: Run, stage: Stage) -> Iterator[None]:
    """To be held around a stage of a run, or around a part of it."""
    with told(run=run.id, stage=str(stage)):
        yield
