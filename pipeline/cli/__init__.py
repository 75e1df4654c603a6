"""The command line ``onrecord``: parses arguments and renders results. It holds no logic of stages or store."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from dataclasses import asdict, is_dataclass

from pipeline.cli import stopping
from pipeline.errors import FULL, HomeUnusable, Interrupted, OnrecordError
from pipeline.runtime.collector import collect_rarely
from pipeline.runtime.escaping import escape_control_characters


def main() -> None:
    """Run the command line and exit with the code of :func:`run_command_line`."""
    collect_rarely()
    stopping.install_handlers()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Characters that the terminal's charset lacks are shown as escapes, as Python does on stderr.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:  # during the final cleanup
        code = _report_interruption(as_json=wants_json(sys.argv[1:]))
    stopping.reset_handlers()
    sys.exit(code)


def run_command_line(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    0: success, 1: finished with failures, 2: usage, 3: no database, 130: interrupted, 143: ended by SIGTERM.
    """
    from pipeline.cli.commands import run_application
    from pipeline.runtime import telemetry

    as_json = wants_json(arguments)
    try:
        code = run_application(arguments, as_json=as_json)
        return _report_interruption(as_json=as_json) if code == stopping.INTERRUPTED else code
    except OnrecordError as error:
        return report_error(error, as_json=as_json)
    except KeyboardInterrupt:
        return _report_interruption(as_json=as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        advice = _advice(error)
        if not advice:
            raise
        message = f"{error.filename or 'cannot write'}: {error.strerror}; {advice}"
        return report_error(HomeUnusable(message, path=error.filename), as_json=as_json)
    finally:
        telemetry.flush()


def wants_json(arguments: list[str]) -> bool:
    """Whether ``--json`` was given: errors are then printed as JSON too."""
    return "--json" in arguments[: arguments.index("--") if "--" in arguments else None]


def _report_interruption(*, as_json: bool) -> int:
    stopping.cancel_alarm()
    cause = stopping.stop_description()
    error = Interrupted(f"{cause}; the next run goes on from here", signal=cause)
    report_error(error, as_json=as_json, exit_code=stopping.exit_code())
    return stopping.exit_code()


def _advice(error: OSError) -> str:
    """Advice for a full disk or missing permission; empty for other errors."""
    if error.errno in FULL:
        return "make room there and run the same command again; what was finished is stored"
    closed = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename
    return "give yourself the right to it, or set ONRECORD_HOME to another folder" if closed else ""


def report_error(error: OnrecordError, *, as_json: bool, exit_code: int | None = None) -> int:
    """Print an error on stderr, as a line of text or as one JSON object, and return its exit code."""
    code = error.exit_code if exit_code is None else exit_code
    text = f"onrecord: {error}"
    if as_json:
        fields = {name: asdict(it) if is_dataclass(it) else it for name, it in error.fields.items()}  # type: ignore[arg-type]
        about = {"code": error.code, "message": str(error), "exit_code": code, **fields}
        text = json.dumps({"error": about}, ensure_ascii=False, default=str)
    print(escape_control_characters(text), file=sys.stderr)  # noqa: T201
    return code
