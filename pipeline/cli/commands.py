"""The Typer application with all command groups."""

from __future__ import annotations

import typer
from typer.exceptions import TyperException

from pipeline.cli import (
    USAGE,
    admin,
    airflow,
    archives,
    configuration,
    files,
    health,
    metrics,
    operations,
    queries,
    runs,
    up,
)
from pipeline.cli.output import set_up_logs
from pipeline.runtime.escaping import escape_control_characters

app = typer.Typer(
    name="onrecord",
    help="Reads the news on the Kremlin every day and keeps the record of who said what, with proof.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(verbose: bool = typer.Option(False, "--verbose", "-v", help="Tell on stderr what happens.")) -> None:
    set_up_logs(verbose=verbose)


for group in (runs, queries, health, metrics, files, archives, operations, configuration, admin, airflow, up):
    group.add_to(app)


def run_application(arguments: list[str]) -> int:
    """Run one command and return its exit code. Usage errors are printed and give 2."""
    try:
        code = app(arguments, standalone_mode=False)
    except TyperException as error:
        show = getattr(error, "show", None)
        if show is not None:
            error.message = escape_control_characters(str(getattr(error, "message", "")))
            show()
        return int(getattr(error, "exit_code", USAGE))
    except typer.Abort:
        return 130
    except SystemExit as left:
        # Typer exits with an error if the reader of stdout has closed the pipe.
        if isinstance(left.__context__, BrokenPipeError):
            raise left.__context__ from None
        raise
    return code if isinstance(code, int) else 0
