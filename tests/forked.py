"""Runs a program in a child of its own that is forked from a process which has loaded it.

Loading Scrapy, SQLAlchemy and the rest takes longer than most of what tests have the program do. The child has the
environment, folder, arguments and streams that it would have had. What Python reads only as it starts, such as the
locale, it does not get: tests of that start the program itself.
"""

from __future__ import annotations

import atexit
import importlib
import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

_LOADED = (
    "tests.forked", "crawlers.__main__", "crawlers.runner", "pipeline.cli.commands", "pipeline.runs.runner",
    "pipeline.operations.verification", "pipeline.cli.queries",
)  # fmt: skip
_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(list(_LOADED))


class Ended(subprocess.CompletedProcess[str]):
    """How a child ended. ``cpu_seconds``: used by it and its own children since it was forked."""

    cpu_seconds: float = 0.0


def run_forked(
    program: str, arguments: list[str], *, folder: Path, environment: Mapping[str, str], text: str = "", timeout: float
) -> Ended:
    """Run ``module:function`` to its end with these arguments, and ``text`` as its input.

    TimeoutExpired if it takes longer than ``timeout`` seconds; it is killed then.
    """
    with tempfile.TemporaryDirectory() as place:
        streams = [Path(place) / name for name in ("stdin", "stdout", "stderr")]
        streams[0].write_text(text, encoding="utf-8")
        used = Path(place) / "cpu"
        child = _forked.Process(target=_run, args=(program, arguments, folder, dict(environment), streams, used))
        child.start()
        child.join(timeout)
        late = child.exitcode is None
        if late:
            child.kill()
            child.join()
        output, messages = (stream.read_text(encoding="utf-8") if stream.exists() else "" for stream in streams[1:])
        if late:
            raise subprocess.TimeoutExpired([program, *arguments], timeout, output, messages)
        assert child.exitcode is not None
        ended = Ended([program, *arguments], child.exitcode, output, messages)
        ended.cpu_seconds = float(used.read_text()) if used.exists() else 0.0
        return ended


def _run(
    program: str, arguments: list[str], folder: Path, environment: dict[str, str], streams: list[Path], used: Path
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT), number)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedWriter(io.FileIO(number, "w", closefd=False)), "utf-8", errors, write_through=True)
        for number, errors in ((1, "strict"), (2, "backslashreplace"))
    )
    module, _, function = program.partition(":")
    sys.argv = [module, *arguments]
    try:
        sys.exit(getattr(importlib.import_module(module), function)())
    finally:
        atexit._run_exitfuncs()
        used.write_text(str(sum(os.times()[:4])))
