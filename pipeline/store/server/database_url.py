"""The database address for other programs: psql, a notebook, a dashboard."""

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
from pipeline.errors import ConfigError, StoreUnreachable, UnknownName
from pipeline.runtime import private_files
from pipeline.runtime.private_files import write_secret
from pipeline.store.admin import analyst_login
from pipeline.store.engine import open_store, sqlalchemy_url
from pipeline.store.server import binaries, embedded, roles

ANALYST_ROLE, SUPERUSER_ROLE = "analyst", "superuser"


@contextmanager
def open_database_address(settings: Settings, role: str | None = None) -> Iterator[str]:
    """A ``postgresql://`` address with its password; the embedded server runs for the length of the block.

    ``role``: None for the owner; ``"analyst"`` for the read-only login and ``"superuser"`` for roles and extensions,
    both in the embedded server only. The superuser's address is valid only inside the block. Raises ConfigError for
    another role, or for these two if ``ONRECORD_DATABASE_URL`` is set.
    """
    private_files.close_to_others(settings.home)
    if role not in (None, ANALYST_ROLE, SUPERUSER_ROLE):
        raise UnknownName(
            f"no role {role!r}: --role takes {ANALYST_ROLE} or {SUPERUSER_ROLE}, or leave it out",
            kind="role",
            name=role,
        )
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
"""Connection parameters passed to psql in files, since other users can read a program's arguments."""


@contextmanager
def psql_session(address: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Arguments and environment for a psql session, with passwords passed in private files.

    The files exist for the length of the block: psql reads them again when it reconnects.
    """
    try:
        # SQLAlchemy does not escape spaces, which libpq refuses with an error that quotes the password.
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
    """Path of the psql program. Raises StoreUnreachable if there is none."""
    ours = binaries.programs_folder() / "psql"
    if ours.is_file():
        return str(ours)
    if found := shutil.which("psql"):
        return found
    raise StoreUnreachable(
        "no psql found: install PostgreSQL's client (Debian: postgresql-client), or give the address that "
        "`onrecord db url` prints to a program of your own"
    )
