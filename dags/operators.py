"""The one Airflow class: a crawl that dies with its task."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator

GRACE = 4.0
"""Seconds between asking a crawl to stop and killing it. Airflow kills a task that was marked failed five seconds after
asking it, and a crawler that hangs would outlive it. What it has fetched is safe either way."""


class CrawlOperator(BaseOperator):
    """Crawls a group of sources in a child process and gives back the numbers of each.

    Airflow's own ways of running a child leave it alive when the task times out or is marked failed (seen with
    BashOperator and with a plain task function); ``on_kill`` asks the whole process group to stop, then kills it. What
    was fetched by then is loaded, and the task fails with InterruptedError, so that its next try fetches the rest.
    """

    template_fields: Sequence[str] = ("run", "sources")

    def __init__(self, *, run: str, sources: Sequence[str], grace: float = GRACE, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.run = run
        self.sources = sources
        self.grace = grace
        self._child: subprocess.Popen[Any] | None = None
        self._stopped = False

    def execute(self, context: Any) -> list[dict[str, Any]]:  # noqa: ARG002
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
        # A wait without a time would hang: this may interrupt one in ``execute`` that holds the child's lock.
        try:
            child.wait(self.grace)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)

    def _remember(self, child: subprocess.Popen[Any]) -> None:
        self._child = child
        if self._stopped:  # a crawl whose child was killed is tried again in another, unless it was meant to end
            self.on_kill()
