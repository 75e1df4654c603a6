"""`onrecord db ...`: bring the database up to date, show its address, open a shell, compare its content."""

from __future__ import annotations

import subprocess
from typing import Annotated

import typer

from pipeline.cli import output
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError

database = typer.Typer(help="The database: upgrade its tables, show its address, open a shell.", no_args_is_help=True)


Wait = Annotated[
    float,
    typer.Option(min=0, metavar="SECONDS", help="Keep trying for so long if the database server does not answer yet."),
]


@database.command()
def upgrade(wait: Wait = 0) -> int:
    """Migrate the database to this version of onrecord."""
    from pipeline.store import migrate
    from pipeline.store.engine import open_store, wait_for_server

    settings = from_environment()
    wait_for_server(settings, wait)
    with open_store(settings, migrated=False) as engine:
        migrate.upgrade_database(engine)
        output.print_line(f"database is at {migrate.current_revision(engine)}")
    return 0


Role = Annotated[
    str | None,
    typer.Option(help="`analyst`: read-only, sees the analyst views only; `superuser`: of the embedded server."),
]


@database.command()
def url(role: Role = None) -> int:
    """Print the database URL, password included, for psql, a notebook or a dashboard."""
    from pipeline.store.server.database_url import SUPERUSER_ROLE, open_database_address

    settings = from_environment()
    if role == SUPERUSER_ROLE:
        raise ConfigError("the superuser's address holds for a session only: onrecord db shell --role superuser")
    with open_database_address(settings, role) as found:
        output.print_line(found)
        if not settings.database_url:
            output.print_note("(the embedded server runs only while a command uses it: keep `onrecord db shell` open)")
    return 0


@database.command()
def shell(role: Role = None) -> int:
    """Open a psql session."""
    from pipeline.store import audit
    from pipeline.store.engine import open_store
    from pipeline.store.server.database_url import ANALYST_ROLE, open_database_address, psql_session

    settings = from_environment()
    with open_database_address(settings, role) as found:
        if role != ANALYST_ROLE:
            with open_store(settings, migrated=False) as engine:
                audit.add_audit_entry_if_possible(engine, "db shell", f"as the {role or 'owner of the tables'}")
        with psql_session(found) as (words, environment):
            return subprocess.run(words, env=environment, check=False).returncode
