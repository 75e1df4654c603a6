"""Run a function on untrusted input in a worker process with limits on CPU, memory and wall time.

One page of 1.9 MB can hold an XML parser for a minute, and no limit inside the process stops it. The worker lives as
long as the sandbox and serves one call after the other; a call that breaks a limit costs its worker, not the caller.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, ParamSpec, TypeVar

from pipeline.errors import Rejected
from pipeline.records import Outcome

_P = ParamSpec("_P")
_T = TypeVar("_T")
_HEADER = struct.Struct("!Q")
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux' prctl."""
_EXIT_MEMORY = 87
_START_SECONDS = 120
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Numerical libraries reserve address space per core, which would break the memory limit on large machines."""


class Sandbox:
    """A context manager; ``call`` runs importable functions in the worker, which starts with the first call.

    ``cpu_seconds`` is counted anew for each call. ``memory_bytes`` bounds the worker's address space where the system
    lets one be bounded (Linux; macOS ignores it). ``wall_seconds`` is the last word: then the worker is killed.
    Not for use by several threads at once. On Linux a worker also ends with the thread whose call started it.
    """

    def __init__(self, cpu_seconds: int = 20, memory_bytes: int = 1 << 30, wall_seconds: float = 25) -> None:
        self.cpu_seconds = cpu_seconds
        self.memory_bytes = memory_bytes
        self.wall_seconds = wall_seconds
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker; a later call starts a new one."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if worker.poll() is None:
            worker.kill()
        worker.wait()

    def call(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """``function(*args, **kwargs)``, computed in the worker. Function, arguments and result must pickle.

        What the function raises is raised here. Rejected(ERROR, ``parse-cpu`` | ``parse-memory`` | ``parse-timeout`` |
        ``parse-crash``) where the worker did not live to answer; the next call gets a new worker.
        """
        request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        worker = self._started()
        deadline = time.monotonic() + self.wall_seconds
        try:
            _write(_pipe(worker.stdin), request, deadline)
            raised, answer = pickle.loads(_read(_pipe(worker.stdout), deadline))
        except TimeoutError:
            self.close()
            raise Rejected(Outcome.ERROR, "parse-timeout", f"no answer within {self.wall_seconds:g} s") from None
        except (EOFError, BrokenPipeError, ConnectionError):
            raise self._post_mortem(worker) from None
        except BaseException:
            self.close()
            raise
        if raised:
            raise answer
        result: _T = answer
        return result

    def _started(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is not None:
            self.close()
        if self._worker is None:
            command = [sys.executable, "-c", _BOOT, repr([p for p in sys.path if p]), str(os.getpid())]
            limits = [str(self.cpu_seconds), str(self.memory_bytes)]
            self._worker = subprocess.Popen(
                [*command, *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
                env={**os.environ, **_ONE_THREAD},
            )
            for pipe in (self._worker.stdin, self._worker.stdout):
                os.set_blocking(_pipe(pipe).fileno(), False)
            self._greet(self._worker)
        return self._worker

    def _greet(self, worker: subprocess.Popen[bytes]) -> None:
        """Wait until the worker is up, so that a slow start is not held against the first call."""
        try:
            _read(_pipe(worker.stdout), time.monotonic() + _START_SECONDS)
        except (TimeoutError, EOFError) as error:
            self.close()
            raise Rejected(Outcome.ERROR, "parse-crash", "the worker did not start") from error

    def _post_mortem(self, worker: subprocess.Popen[bytes]) -> Rejected:
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=5)
        code = worker.returncode
        self.close()
        if code is not None and -code in (signal.SIGXCPU, signal.SIGPROF):
            return Rejected(Outcome.ERROR, "parse-cpu", f"more than {self.cpu_seconds} s of CPU")
        if code == _EXIT_MEMORY:
            return Rejected(Outcome.ERROR, "parse-memory", f"more than {self.memory_bytes >> 20} MiB")
        return Rejected(Outcome.ERROR, "parse-crash", f"worker ended with code {code}")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError("the worker has no pipe")
    return pipe


def _write(pipe: IO[bytes], payload: bytes, deadline: float) -> None:
    view = memoryview(_HEADER.pack(len(payload)) + payload)
    while view:
        try:
            view = view[os.write(pipe.fileno(), view[: 1 << 20]) :]
        except BlockingIOError:
            _wait(pipe, deadline, writing=True)


def _read(pipe: IO[bytes], deadline: float) -> bytes:
    (length,) = _HEADER.unpack(_take(pipe, _HEADER.size, deadline))
    return _take(pipe, length, deadline)


def _take(pipe: IO[bytes], count: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    while count:
        _wait(pipe, deadline, writing=False)
        part = os.read(pipe.fileno(), min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _wait(pipe: IO[bytes], deadline: float, *, writing: bool) -> None:
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(pipe, select.POLLOUT if writing else select.POLLIN)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError


_BOOT = (
    "import sys; sys.path[:] = eval(sys.argv[1]); from pipeline.sandbox import serve; serve(*map(int, sys.argv[2:5]))"
)


def serve(parent: int, cpu_seconds: int, memory_bytes: int) -> None:
    """The worker: answers requests on stdin until it is closed. Prints of the called functions go to stderr."""
    _die_with(parent)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    answers.write(_HEADER.pack(0))
    answers.flush()
    while header := requests.read(_HEADER.size):
        payload = requests.read(_HEADER.unpack(header)[0])
        _allow_cpu(cpu_seconds)
        answer = _answer(payload)
        answers.write(_HEADER.pack(len(answer)) + answer)
        answers.flush()


def _die_with(parent: int) -> None:
    """Leave no worker behind: Linux tells the child at once, elsewhere it notices when its stdin closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _allow_cpu(seconds: int) -> None:
    """A new budget. Only the soft limit moves, so it can be moved again; at its end the system sends SIGXCPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + seconds + 1, hard))


def _answer(payload: bytes) -> bytes:
    function, args, kwargs = pickle.loads(payload)
    with _Carried() as carried:
        return pickle.dumps((False, function(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    if isinstance(carried.error, MemoryError):
        os._exit(_EXIT_MEMORY)
    return _dumped_error(carried.error)


class _Carried:
    """Holds what a block raised: it belongs to the caller in the other process, not to this one."""

    error: BaseException

    def __enter__(self) -> _Carried:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.error = error
        return not isinstance(error, SystemExit)


def _dumped_error(error: BaseException) -> bytes:
    try:
        dumped = pickle.dumps((True, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(dumped)
    except (pickle.PicklingError, TypeError, AttributeError, ValueError):
        return pickle.dumps((True, RuntimeError(f"{type(error).__name__}: {error}")), pickle.HIGHEST_PROTOCOL)
    return dumped
