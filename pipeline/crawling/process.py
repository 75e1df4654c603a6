"""Run a crawler as a child process: start it with its jobs, yield its reports, make sure that it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.config.secrecy import without_secrets
from pipeline.crawling.job import CrawlJob, CrawlJobs, CrawlReport
from pipeline.crawling.log_relay import LogRelay
from pipeline.runtime import telemetry

WALL_MARGIN = 120.0
"""Seconds beyond the longest limit of its jobs after which a child is killed."""

END_SECONDS = 20.0
"""Seconds between SIGTERM and SIGKILL for a child."""

Started = Callable[["subprocess.Popen[Any]"], None]


class CrawlerProcess:
    """A running crawler. ``error`` says what went wrong once :meth:`reports` has ended; empty if nothing did."""

    def __init__(
        self, folder: Path, jobs: Sequence[CrawlJob], started: Started | None, *, held: Sequence[int] = ()
    ) -> None:
        """Start the child. ``held``: file descriptors that it inherits, so that their locks are held while it lives."""
        self.error = ""
        self._seconds = max(job.limit for job in jobs) + WALL_MARGIN
        (folder / "jobs.json").write_text(CrawlJobs(jobs=tuple(jobs)).model_dump_json(), encoding="utf-8")
        with (folder / "jobs.json").open("rb") as request:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawlers"],
                stdin=request,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                pass_fds=held,
                env=with_project(telemetry.child_environment(without_secrets(os.environ, but="OTEL_"))),
            )
        assert self._process.stderr is not None
        self._said = LogRelay(self._process.stderr)
        if started is not None:
            started(self._process)

    def reports(self) -> Iterator[CrawlReport]:
        """Each job's report as soon as the child prints it. The child has always ended when this iterator ends."""
        timer = threading.Timer(self._seconds, self._process.kill)
        timer.start()
        output = self._process.stdout
        assert output is not None
        try:
            for line in output:
                with suppress(ValidationError):
                    yield CrawlReport.model_validate_json(line)
            code = self._process.wait()
        except BaseException:
            _ask_to_end(self._process)
            _see_it_end(self._process)
            raise
        finally:
            timer.cancel()
            output.close()
            self._said.end()
        if code:
            self.error = f"crawler ended with code {code}: {self._said.last[:300]}"


class CrawlerProcesses:
    """The child processes of one crawl, which are ended together when the crawl is stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[Any]] = []
        self._ended = False

    def started(self, child: subprocess.Popen[Any]) -> None:
        """Register a child; after :meth:`end` it is sent SIGTERM at once."""
        with self._lock:
            self._started.append(child)
            late = self._ended
        if late:
            _ask_to_end(child)

    def end(self) -> None:
        """Send SIGTERM to all, wait, and kill those that have not ended after END_SECONDS."""
        with self._lock:
            self._ended = True
            children = list(self._started)
        for child in children:
            _ask_to_end(child)
        for child in children:
            _see_it_end(child)


def with_project(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the project's root added to PYTHONPATH, whatever the current folder is."""
    root = str(Path(__file__).resolve().parents[2])
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))}


def _ask_to_end(child: subprocess.Popen[Any]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)


def _see_it_end(child: subprocess.Popen[Any]) -> None:
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
