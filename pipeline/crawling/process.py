"""A crawler as a child process: started with its jobs, heard as it reports, gone when its parent is done with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.config.secrecy import without_secrets
from pipeline.crawling.log_relay import LogRelay
from pipeline.runtime import telemetry

WALL_MARGIN = 120.0
"""Seconds a child may take beyond its own limit before it is killed."""
CRAWL_LIMIT = 5400.0
"""Seconds one source may be crawled in one run."""

END_SECONDS = 20.0
"""Seconds a child may take to end that was asked to."""

Started = Callable[["subprocess.Popen[Any]"], None]


class CrawlerProcess:
    """A crawler at work. ``error`` says what went wrong once :meth:`reports` has ended; empty if nothing did."""

    def __init__(
        self, folder: Path, jobs: list[dict[str, Any]], started: Started | None, *, held: Sequence[int] = ()
    ) -> None:
        """``held``: descriptors that are to stay open for as long as the child lives."""
        self.error = ""
        (folder / "jobs.json").write_text(json.dumps({"jobs": jobs}, ensure_ascii=False), encoding="utf-8")
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

    def reports(self) -> Iterator[dict[str, Any]]:
        """Each source's report as the child prints it. Whatever happens, the child is gone when this ends."""
        timer = threading.Timer(CRAWL_LIMIT + WALL_MARGIN, self._process.kill)
        timer.start()
        output = self._process.stdout
        assert output is not None
        try:
            for line in output:
                report = _object(line)
                if report:
                    yield report
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
    """The children of one crawl, to be ended together when the crawl is stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[Any]] = []
        self._ended = False

    def started(self, child: subprocess.Popen[Any]) -> None:
        """Take note of a child; one that comes too late is asked to end at once."""
        with self._lock:
            self._started.append(child)
            late = self._ended
        if late:
            _ask_to_end(child)

    def end(self) -> None:
        """Ask all to end, which takes them some seconds, and kill those that do not."""
        with self._lock:
            self._ended = True
            children = list(self._started)
        for child in children:
            _ask_to_end(child)
        for child in children:
            _see_it_end(child)


def with_project(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the project on Python's path, wherever it was started from."""
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


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
