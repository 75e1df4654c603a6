"""TERM and a closed terminal end a command as Ctrl-C does: by an exception, so that everything is put away."""

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
    """A signal asks this process to end. Its message names the signal."""


_came: list[signal.Signals] = []
"""The signal that came first, if one did."""


def install_handlers() -> None:
    """Raise Stopped in the main thread at the first INT, TERM or HUP; those that follow would disturb the putting away
    and do nothing. What whoever started us wants ignored (``nohup``) stays ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def reset_handlers() -> None:
    """All is put away: from here on a signal ends the process at once."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


def cancel_alarm() -> None:
    """The command has ended because of the signal."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def exit_code() -> int:
    """The code of a command that was stopped."""
    return TERMINATED if signal.SIGTERM in _came else INTERRUPTED


def stop_description() -> str:
    """The end of a command that was stopped, in a word or two."""
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
    """Raise once more if nobody has heard: Python drops what is raised in the midst of a finaliser or a callback."""
    error = sys.exc_info()[1]
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return
        error = error.__context__
    raise Stopped(_came[0].name)


def _leave_dead_terminal() -> None:
    """What is written to a terminal that is gone would be an error, in the midst of putting things away."""
    for stream in (1, 2):
        try:
            os.fstat(stream)
            if not _is_terminal(stream):
                continue
            termios.tcgetattr(stream)
        except (OSError, termios.error):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _is_terminal(stream: int) -> bool:
    """By its device: ``isatty`` says no as soon as the terminal is gone."""
    return sys.platform != "linux" or os.major(os.fstat(stream).st_rdev) in range(136, 144) or os.isatty(stream)
