"""The address of the database for other programs: psql, a notebook, a dashboard."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pipeline.config.secrecy import without_secrets
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, StoreUnreachable
from pipeline.runtime import private_files
from pipeline.runtime.private_files import write_secret
from pipeline.store.admin import analyst_login
from pipeline.store.engine import open_store, sqlalchemy_url
from pipeline.store.server import binaries, embedded, roles

ANALYST_ROLE, SUPERUSER_ROLE = "analyst", "superuser"


@contextmanager
def open_database_address(settings: Settings, role: str | None = None) -> Iterator[str]:
    """A ``postgresql://`` address, password included; the embedded server is up for the length of the block.

    ``role="analyst"``: of the read-only login, which only the embedded server has; on a server of your own its owner
    makes one. ``role="superuser"``: of the embedded server, for roles and extensions; its address holds for as long.
    """
    private_files.close_to_others(settings.home)
    if role not in (None, ANALYST_ROLE, SUPERUSER_ROLE):
        raise ConfigError(f"no role {role!r}: --role takes {ANALYST_ROLE} or {SUPERUSER_ROLE}, or leave it out")
    if settings.database_url:
        if role == SUPERUSER_ROLE:
            raise ConfigError("ONRECORD_DATABASE_URL is set, and who is superuser there is for its owner to know")
        if role:
            raise ConfigError(
                "ONRECORD_DATABASE_URL is set, and a login for analysts is for the owner of that server to make: "
                f"CREATE ROLE somebody LOGIN PASSWORD '...' IN ROLE {analyst_login.GROUP};"
            )
        url = sqlalchemy_url(settings.database_url).set(drivername="postgresql")
        yield url.render_as_string(hide_password=False).replace(" ", "%20")
        return
    with embedded.use(settings.postgres) as server:
        with open_store(settings):
            pass  # makes the tables on first use
        if role == ANALYST_ROLE:
            with roles.superuser_connection(server.root, server.port) as connection:
                analyst_login.open_to_analysts(connection, server.analyst_password)
        if role == SUPERUSER_ROLE:
            with roles.superuser_url(server.root, server.port) as found:
                yield found
            return
        yield server.url(analyst=role == ANALYST_ROLE)


SECRETS = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
"""Parameters of a connection that stand in files here, since anybody may read what a program is called with."""


@contextmanager
def psql_session(address: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Arguments and environment for a psql session on the address, which show nobody its secrets.

    They lie in files of our own for the length of the block: psql asks for them again when it connects anew.
    """
    try:
        # SQLAlchemy leaves spaces as they are, which libpq refuses, quoting the password.
        parameters = {name: str(value) for name, value in conninfo_to_dict(address.replace(" ", "%20")).items()}
    except psycopg.ProgrammingError as error:
        raise ConfigError("psql does not understand the address in ONRECORD_DATABASE_URL") from error
    if any("\n" in value for value in parameters.values()):
        raise ConfigError("the database's address has a line feed in it")
    secret = {name: parameters.pop(name) for name in SECRETS if name in parameters}
    environment = without_secrets(os.environ)
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        if password := secret.pop("password", None):
            escaped = password.replace("\\", "\\\\").replace(":", "\\:")
            write_secret(Path(folder) / "password", f"*:*:*:*:{escaped}\n")
            parameters["passfile"] = f"{folder}/password"
        if secret:
            lines = [f"{name}={value}" for name, value in secret.items()]
            write_secret(Path(folder) / "service", "\n".join(["[onrecord]", *lines, ""]))
            environment["PGSERVICEFILE"] = f"{folder}/service"
            parameters["service"] = "onrecord"
        yield [psql_program(), make_conninfo("", **parameters)], environment


def psql_program() -> str:
    """The program for a session; StoreUnreachable if there is none."""
    ours = binaries.programs_folder() / "psql"
    if ours.is_file():
        return str(ours)
    if found := shutil.which("psql"):
        return found
    raise StoreUnreachable(
        "no psql found: install PostgreSQL's client (Debian: postgresql-client), or give the address that "
        "`onrecord db url` prints to a program of your own"
    )
