"""``onrecord``: the command line. Says what happened; decides nothing that a stage or the store could decide."""

from __future__ import annotations

import errno
import io
import os
import sys

from pipeline.cli import stopping
from pipeline.errors import FULL, ConfigError, OnrecordError, StoreUnreachable
from pipeline.runtime.escaping import escape_control_characters

USAGE, UNREACHABLE = 2, 3


def main() -> None:
    """Run the command line and exit with the contract's code."""
    stopping.install_handlers()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal's charset lacks is shown as an escape, as Python does on stderr.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:  # while the last was put away
        code = _stopped()
    stopping.reset_handlers()
    sys.exit(code)


def run_command_line(arguments: list[str]) -> int:
    """The exit code of one command: 0 well, 1 finished with failures, 2 usage, 3 no store, 130 interrupted, 143 asked
    by SIGTERM to end.
    """
    from pipeline.cli.commands import run_application
    from pipeline.runtime import telemetry

    try:
        code = run_application(arguments)
        return _stopped() if code == stopping.INTERRUPTED else code
    except ConfigError as error:
        return print_error(error, USAGE)
    except StoreUnreachable as error:
        return print_error(error, UNREACHABLE)
    except OnrecordError as error:
        return print_error(error, 1)
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        mend = _mend(error)
        if not mend:
            raise
        return print_error(f"{error.filename or 'cannot write'}: {error.strerror}; {mend}", UNREACHABLE)
    finally:
        telemetry.flush()


def _stopped() -> int:
    stopping.cancel_alarm()
    return print_error(f"{stopping.stop_description()}; the next run goes on from here", stopping.exit_code())


def _mend(error: OSError) -> str:
    """What a user does about a disk that is full or closed to us; empty for a fault of another kind."""
    if error.errno in FULL:
        return "make room there and run the same command again; what was finished is stored"
    closed = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename
    return "give yourself the right to it, or set ONRECORD_HOME to another folder" if closed else ""


def print_error(error: object, code: int) -> int:
    """Print an error as users are told of it, and give back the code."""
    print(escape_control_characters(f"onrecord: {error}"), file=sys.stderr)  # noqa: T201
    return code
