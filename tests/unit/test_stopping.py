"""A signal ends a command once, also where Python drops the exception it raises."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

HEAD = """
import os, signal, sys, time
from pipeline.cli import stopping
stopping.install_handlers()
"""


def ended(code: str) -> subprocess.CompletedProcess[str]:
    script = HEAD + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 130), ("SIGINT", 130)])
def test_a_signal_that_comes_again_does_not_disturb_the_putting_away(name: str, code: int) -> None:
    done = ended(f"""
        try:
            os.kill(os.getpid(), signal.{name})
        except KeyboardInterrupt as error:
            os.kill(os.getpid(), signal.{name})
            time.sleep(1.2)
            print(error, stopping.exit_code())
            stopping.cancel_alarm()
    """)
    assert done.stdout.split() == [name, str(code)], done.stderr
    assert "this takes some seconds" in done.stderr


def test_an_exception_that_was_dropped_is_raised_again() -> None:
    done = ended("""
        class Thing:
            def __del__(self):
                os.kill(os.getpid(), signal.SIGTERM)
                for _ in range(10): pass
        Thing()
        try:
            time.sleep(20)
        except stopping.Stopped as error:
            stopping.cancel_alarm()
            print("heard", error)
    """)
    assert done.stdout.split() == ["heard", "SIGTERM"], done.stderr


def test_what_whoever_started_us_wants_ignored_stays_ignored() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{HEAD}\nos.kill(os.getpid(), signal.SIGHUP)\nprint('goes on')"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert done.stdout == "goes on\n", done.stderr
    assert os.WIFEXITED(done.returncode)
