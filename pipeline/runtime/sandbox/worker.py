"""The other side of the sandbox: the process that reads hostile input."""

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

from pipeline.runtime.sandbox import answers
from pipeline.runtime.sandbox.confinement import confine_worker

HEADER = struct.Struct("!cQ")
"""Before each message: what it is, and its length in bytes."""
REQUEST, READY, RESULT, RAISED = b"q", b"w", b"r", b"x"
EXIT_MEMORY = 87
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux' prctl."""

BOOT = (
    "import sys; sys.path[:] = eval(sys.argv[1]); "
    "from pipeline.runtime.sandbox.worker import serve; serve(*map(int, sys.argv[2:5]))"
)


def serve(parent: int, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer requests on stdin until it is closed. Prints of the called functions go to stderr.

    The first request is what prepares the worker; it is taken before any hostile input is seen.
    """
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


def _answer(payload: bytes) -> tuple[bytes, bytes]:
    """The kind of the answer and the answer. The request comes from our own process and is trusted."""
    function: Callable[..., Any]
    with _Carried() as carried:
        function, args, kwargs = pickle.loads(payload)
        return RESULT, answers.encode_result(function, function(*args, **kwargs))
    if isinstance(carried.error, MemoryError):
        os._exit(EXIT_MEMORY)
    return RAISED, answers.encode_error(carried.error)


class _Carried:
    """Holds what a block raised: it belongs to the caller in the other process, not to this one."""

    error: BaseException

    def __enter__(self) -> _Carried:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.error = error
        return not isinstance(error, SystemExit)
