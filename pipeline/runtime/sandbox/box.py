"""The caller's side of the sandbox: start a worker, send it calls, enforce the time limit, replace it when it dies."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, ParamSpec, TypeVar

from pipeline.errors import Rejected
from pipeline.reasons import Reason
from pipeline.records import Outcome
from pipeline.runtime.sandbox import answers, worker
from pipeline.runtime.sandbox.confinement import worker_environment

_P = ParamSpec("_P")
_T = TypeVar("_T")

UNANSWERED = frozenset((Reason.PARSE_CRASH, Reason.PARSE_TIMEOUT, Reason.NO_WORKER))
"""Reasons that say nothing about the input, so that it should be retried later: the machine may be overloaded."""

_START_SECONDS = 120
_START_PAUSES = (0.1, 0.5, 2.0, 5.0, 0.0)
"""Seconds to wait after each failed start."""
_NO_START_SECONDS = 30.0
"""Seconds without further attempts after as many failed starts as there are pauses."""
_RETRY_WALL_FACTOR = 4
"""Factor of the time limit for the retry of a call, as the machine may have been busy at the first attempt."""
_MOST_ANSWERED = 64 << 20
"""Longest answer that is accepted, in bytes."""
_READ_AT_ONCE = 1 << 20


class _Failed(Exception):
    """A worker died or was killed before it answered. ``again``: a retry in another worker may succeed."""

    def __init__(self, reason: str, detail: str, *, again: bool) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.again = reason, detail, again


def _nothing() -> None:
    """The default for ``prepare``: does nothing."""


class Sandbox:
    """A context manager; ``call`` runs importable functions in the worker, which starts with the first call.

    ``cpu_seconds`` is counted separately for each call. ``memory_bytes`` limits the worker's address space if the
    system supports that (Linux; macOS ignores it). After ``wall_seconds`` without an answer the worker is killed.
    ``prepare`` is called once in each new worker, to load what its calls share.
    Not thread-safe. On Linux a worker also ends with the thread whose call started it.
    """

    def __init__(
        self,
        cpu_seconds: int = 20,
        memory_bytes: int = 1 << 30,
        wall_seconds: float = 25,
        *,
        prepare: Callable[[], None] = _nothing,
    ) -> None:
        self.cpu_seconds = cpu_seconds
        self.memory_bytes = memory_bytes
        self.wall_seconds = wall_seconds
        self._prepare = prepare
        self._folder = ""
        self._worker: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._no_start = ""
        """Why the last start failed."""
        self._no_start_until = 0.0
        """Time of the monotonic clock until which no start is attempted."""

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker; a later call starts a new one."""
        ended, self._worker, self._served = self._worker, None, 0
        folder, self._folder = self._folder, ""
        if ended is not None:
            _end(ended)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)

    def call(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """``function(*args, **kwargs)``, computed in the worker.

        Function and arguments must be picklable; the function needs a return annotation, by which the result is
        decoded. Rejected and ConfigError are raised here as they were in the worker, other exceptions as WorkerFault.
        Without an answer Rejected(ERROR) is raised: ``parse-cpu`` and ``parse-memory`` are caused by the input. If the
        worker died or did not answer in time, the call is repeated in a new one; if that fails too, the reason is one
        of :data:`UNANSWERED`.
        """
        request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        try:
            return self._asked(function, request, self.wall_seconds)
        except _Failed as failed:
            if not failed.again:
                raise Rejected(Outcome.ERROR, failed.reason, failed.detail) from None
        try:
            return self._asked(function, request, self.wall_seconds * _RETRY_WALL_FACTOR)
        except _Failed as failed:
            raise Rejected(Outcome.ERROR, failed.reason, failed.detail) from None

    def _asked(self, function: Callable[..., _T], request: bytes, seconds: float) -> _T:
        """The worker's result; raises the exception that it reports. _Failed if it gives no answer."""
        asked = self._started()
        fresh, self._served = not self._served, self._served + 1
        deadline = time.monotonic() + seconds
        try:
            _write(_pipe(asked.stdin), request, deadline)
            kind, answer = _read(_pipe(asked.stdout), deadline)
            if kind == worker.RESULT:
                result: _T = answers.decode_result(function, answer)
                return result
            error = answers.decode_error(answer)
        except TimeoutError:
            self.close()
            raise _Failed(Reason.PARSE_TIMEOUT, f"no answer within {seconds:g} s", again=True) from None
        except (EOFError, BrokenPipeError, ConnectionError):
            raise self._post_mortem(asked, fresh=fresh) from None
        except ValueError as unfit:
            self.close()
            raise _Failed(Reason.PARSE_CRASH, f"an answer that is none: {unfit}"[:300], again=True) from None
        except BaseException:
            self.close()
            raise
        raise error

    def _started(self) -> subprocess.Popen[bytes]:
        """A worker that is ready for a call. After repeated failures no start is attempted for _NO_START_SECONDS."""
        if self._worker is not None and self._worker.poll() is not None:
            self.close()
        if self._worker is None and time.monotonic() >= self._no_start_until:
            self._try_to_start()
        if self._worker is None:
            raise _Failed(Reason.NO_WORKER, f"no worker could be started: {self._no_start}", again=False)
        return self._worker

    def _try_to_start(self) -> None:
        for pause in _START_PAUSES:
            try:
                self._start()
                return
            except (OSError, EOFError, ValueError) as error:
                self.close()
                self._no_start = str(error) or type(error).__name__
                time.sleep(pause)
        self._no_start_until = time.monotonic() + _NO_START_SECONDS

    def _start(self) -> None:
        """Start a worker and wait until it is prepared, so that a slow start does not count for the first call."""
        command = [sys.executable, "-c", worker.BOOT, repr([p for p in sys.path if p]), str(os.getpid())]
        self._folder = tempfile.mkdtemp(prefix="onrecord-worker-")
        self._worker = subprocess.Popen(
            [*command, str(self.cpu_seconds), str(self.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=worker_environment(self._folder),
        )
        for pipe in (self._worker.stdin, self._worker.stdout):
            os.set_blocking(_pipe(pipe).fileno(), False)
        deadline = time.monotonic() + _START_SECONDS
        request = pickle.dumps((self._prepare, (), {}), pickle.HIGHEST_PROTOCOL)
        _write(_pipe(self._worker.stdin), request, deadline)
        kind, answer = _read(_pipe(self._worker.stdout), deadline)
        if kind != worker.READY:
            raise ValueError(str(answers.decode_error(answer)))

    def _post_mortem(self, dead: subprocess.Popen[bytes], *, fresh: bool) -> _Failed:
        with contextlib.suppress(subprocess.TimeoutExpired):
            dead.wait(timeout=5)
        code = dead.returncode
        self.close()
        if code is not None and -code == signal.SIGXCPU:
            return _Failed(Reason.PARSE_CPU, f"more than {self.cpu_seconds} s of CPU", again=False)
        if code == worker.EXIT_MEMORY:
            # memory may have been used up by earlier calls, so a call in a used worker is retried in a fresh one
            return _Failed(Reason.PARSE_MEMORY, f"more than {self.memory_bytes >> 20} MiB", again=not fresh)
        return _Failed(Reason.PARSE_CRASH, f"the worker ended with code {code}", again=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    if process.poll() is None:
        process.kill()
    process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError("the worker has no pipe")
    return pipe


def _write(pipe: IO[bytes], payload: bytes, deadline: float) -> None:
    view = memoryview(worker.HEADER.pack(worker.REQUEST, len(payload)) + payload)
    while view:
        try:
            view = view[os.write(pipe.fileno(), view[:_READ_AT_ONCE]) :]
        except BlockingIOError:
            _wait(pipe, deadline, writing=True)


def _read(pipe: IO[bytes], deadline: float) -> tuple[bytes, bytes]:
    kind, length = worker.HEADER.unpack(_take(pipe, worker.HEADER.size, deadline))
    if length > _MOST_ANSWERED:
        raise ValueError(f"{length} bytes, more than {_MOST_ANSWERED}")
    return kind, _take(pipe, length, deadline)


def _take(pipe: IO[bytes], count: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    while count:
        _wait(pipe, deadline, writing=False)
        part = os.read(pipe.fileno(), min(count, _READ_AT_ONCE))
        if not part:
            raise EOFError("the worker died")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _wait(pipe: IO[bytes], deadline: float, *, writing: bool) -> None:
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(pipe, select.POLLOUT if writing else select.POLLIN)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError("no answer in time")
