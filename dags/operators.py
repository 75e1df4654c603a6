"""The project's only Airflow operator: a crawl whose process ends with its task."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator

GRACE = 4.0
"""Seconds between SIGTERM and SIGKILL for a crawl. Airflow kills a task that was marked failed five seconds after its
SIGTERM, and a crawler that hangs would outlive it. What the crawl has fetched is safe either way."""


class CrawlOperator(BaseOperator):
    """Crawls a group of sources in a child process and gives back the counts of each.

    Airflow's own ways of running a child leave it alive when the task times out or is marked failed (seen with
    BashOperator and with a plain task function); ``on_kill`` sends SIGTERM to the whole process group, then SIGKILL.
    What was fetched by then is loaded, and the task fails with InterruptedError, so that its next try fetches the rest.
    """

    template_fields: Sequence[str] = ("run", "sources")

    def __init__(self, *, run: str, sources: Sequence[str], grace: float = GRACE, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.run = run
        self.sources = sources
        self.grace = grace
        self._child: subprocess.Popen[Any] | None = None
        self._stopped = False

    def execute(self, context: Any) -> list[dict[str, object]]:  # noqa: ARG002
        from pipeline.runs import scheduler_tasks

        brought = scheduler_tasks.crawl_task(self.run, self.sources, started=self._remember)
        if self._stopped:
            raise InterruptedError(f"the crawl of {', '.join(self.sources)} was stopped; a retry goes on with it")
        return brought

    def on_kill(self) -> None:
        self._stopped = True
        child = self._child
        if child is None or child.poll() is not None:
            return
        os.killpg(child.pid, signal.SIGTERM)
        # A wait without a timeout could hang: this may interrupt one in ``execute`` that holds the child's lock.
        try:
            child.wait(self.grace)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)

    def _remember(self, child: subprocess.Popen[Any]) -> None:
        self._child = child
        if self._stopped:  # stopped while a new child was started in place of one that had died
            self.on_kill()
