"""The worker's side of the sandbox: the process that runs functions on hostile input."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from typing import IO, Any

from pipeline.runtime.collector import collect_rarely
from pipeline.runtime.sandbox import answers
from pipeline.runtime.sandbox.confinement import confine_worker

HEADER = struct.Struct("!cQ")
"""Header of each message: its kind, and its length in bytes."""
REQUEST, READY, RESULT, RAISED = b"q", b"w", b"r", b"x"
EXIT_MEMORY = 87
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""

BOOT = (
    "import sys; sys.path[:] = eval(sys.argv[1]); "
    "from pipeline.runtime.sandbox.worker import serve; serve(*map(int, sys.argv[2:5]))"
)


def serve(parent: int, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer requests from stdin until it is closed. What the called functions print goes to stderr.

    The first request prepares the worker; it runs before any hostile input is read.
    """
    collect_rarely()
    _die_with(parent)
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine_worker(memory_bytes)
    prepared = False
    while header := requests.read(HEADER.size):
        payload = requests.read(HEADER.unpack(header)[1])
        if prepared:
            _allow_cpu(cpu_seconds)
        kind, answer = _answer(payload)
        _send(replies, READY if kind == RESULT and not prepared else kind, answer)
        prepared = True


def _send(replies: IO[bytes], kind: bytes, answer: bytes) -> None:
    replies.write(HEADER.pack(kind, len(answer)) + answer)
    replies.flush()


def _die_with(parent: int) -> None:
    """End this worker when its parent dies: by a signal on Linux; elsewhere it notices when its stdin is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _allow_cpu(seconds: int) -> None:
    """Set the CPU budget of the next call, after which the system sends SIGXCPU. Only the soft limit is changed."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + seconds + 1, hard))


def _answer(payload: bytes) -> tuple[bytes, bytes]:
    """Run a request; gives back the kind of the answer and the answer. The request is pickle: it is our own."""
    function: Callable[..., Any]
    with _Carried() as carried:
        function, args, kwargs = pickle.loads(payload)
        return RESULT, answers.encode_result(function, function(*args, **kwargs))
    if isinstance(carried.error, MemoryError):
        os._exit(EXIT_MEMORY)
    return RAISED, answers.encode_error(carried.error)


class _Carried:
    """Context manager that catches the exception of its block, to be sent to the caller in the other process."""

    error: BaseException

    def __enter__(self) -> _Carried:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.error = error
        return not isinstance(error, SystemExit)
