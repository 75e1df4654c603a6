"""Graceful shutdown: SIGTERM and SIGHUP end a command like Ctrl-C, by an exception, so that all cleanup is done."""

from __future__ import annotations

import os
import signal
import sys
import termios
from contextlib import suppress
from types import FrameType

INTERRUPTED, TERMINATED = 130, 143
INSIST_SECONDS = 0.5


class Stopped(KeyboardInterrupt):
    """A signal asked this process to end. The message names the signal."""


_came: list[signal.Signals] = []
"""The first signal that was received, if any."""


def install_handlers() -> None:
    """Raise Stopped in the main thread at the first INT, TERM or HUP; later ones do not disturb the cleanup.

    Signals that the parent has set to be ignored (``nohup``) stay ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def reset_handlers() -> None:
    """Call after the cleanup: from now on a signal ends the process at once."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


def cancel_alarm() -> None:
    """Stop raising Stopped again (see :func:`_insist`): the command has ended."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def exit_code() -> int:
    """The exit code of a command that was stopped."""
    return TERMINATED if signal.SIGTERM in _came else INTERRUPTED


def stop_description() -> str:
    """Why the command ended, in a few words: ``interrupted`` or ``stopped by SIGTERM``."""
    return f"stopped by {_came[0].name}" if _came and _came[0] is not signal.SIGINT else "interrupted"


def _stop(number: int, _frame: FrameType | None) -> None:
    if _came:
        with suppress(OSError):
            os.write(2, b"onrecord: stopping, as asked; this takes some seconds\n")
        return
    _came.append(signal.Signals(number))
    if number == signal.SIGHUP:
        _leave_dead_terminal()
    signal.signal(signal.SIGALRM, _insist)
    signal.setitimer(signal.ITIMER_REAL, INSIST_SECONDS, INSIST_SECONDS)
    raise Stopped(_came[0].name)


def _insist(_number: int, _frame: FrameType | None) -> None:
    """Raise Stopped again if it was lost: Python drops exceptions that are raised in a finaliser or a callback."""
    error = sys.exc_info()[1]
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return
        error = error.__context__
    raise Stopped(_came[0].name)


def _leave_dead_terminal() -> None:
    """Redirect stdout and stderr to /dev/null if their terminal is gone: writing would fail during the cleanup."""
    for stream in (1, 2):
        try:
            os.fstat(stream)
            if not _is_terminal(stream):
                continue
            termios.tcgetattr(stream)
        except (OSError, termios.error):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _is_terminal(stream: int) -> bool:
    """Whether a file descriptor is a terminal; on Linux by its device, as ``isatty`` is false once it is gone."""
    return sys.platform != "linux" or os.major(os.fstat(stream).st_rdev) in range(136, 144) or os.isatty(stream)
