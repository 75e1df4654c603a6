"""The command line ``onrecord``: parses arguments and renders results. It holds no logic of stages or store."""

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
    """Run the command line and exit with the code of :func:`run_command_line`."""
    stopping.install_handlers()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Characters that the terminal's charset lacks are shown as escapes, as Python does on stderr.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:  # during the final cleanup
        code = _stopped()
    stopping.reset_handlers()
    sys.exit(code)


def run_command_line(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    0: success, 1: finished with failures, 2: usage, 3: no database, 130: interrupted, 143: ended by SIGTERM.
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
    """Advice for a full disk or missing permission; empty for other errors."""
    if error.errno in FULL:
        return "make room there and run the same command again; what was finished is stored"
    closed = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename
    return "give yourself the right to it, or set ONRECORD_HOME to another folder" if closed else ""


def print_error(error: object, code: int) -> int:
    """Print an error message for users on stderr and return ``code``."""
    print(escape_control_characters(f"onrecord: {error}"), file=sys.stderr)  # noqa: T201
    return code
