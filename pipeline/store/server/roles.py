"""Roles of the embedded server: an owner of the tables for everyday use, and a superuser for what only it can do.

The superuser has a password of its own and logs in through a socket in the data folder only, which no other system user
can open. Servers created by older versions, with the owner as superuser, are changed to this layout in place.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import structlog
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pipeline.errors import StoreUnreachable
from pipeline.runtime.private_files import write_secret

log = structlog.get_logger()

OWNER = "onrecord"
"""Role that owns the tables; also the name of their database."""
SUPERUSER = "onrecord_admin"
ANALYSTS, ANALYST = "onrecord_analyst", "onrecord_analyst_login"
WEB = "onrecord_web"
"""Role that the owner takes for web pages."""
RULES = f"""# Held to at each start: who may log in, and from where.
local all {SUPERUSER} scram-sha-256
local all all reject
host all {SUPERUSER} all reject
host all all 127.0.0.1/32 scram-sha-256
"""
_MEANWHILE = "onrecord_upgrade"
"""A temporary second superuser, needed to rename the first: a role cannot rename itself."""
_SECRET = "superuser"
_LOCK_SECONDS = 10
_LONGEST = 60
"""Longest path of the temporary folder, in characters; a socket's path adds 47 more and ends at 107 bytes."""


def new_secret(root: Path) -> str:
    """The superuser's password, generated if missing, from its own private file."""
    path = root / _SECRET
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(24))
    return path.read_text()


def write_rules(root: Path) -> Path:
    """Write the server's access rules (pg_hba.conf) and give back the file's path."""
    path = root / "access.conf"
    if not path.exists() or path.read_text() != RULES:
        write_secret(path, RULES)
    return path


@contextmanager
def superuser_url(root: Path, port: int, database: str = OWNER) -> Iterator[str]:
    """The superuser's address, valid for the length of the block, through a short link: socket paths are limited."""
    short = None if len(tempfile.gettempdir()) < _LONGEST else "/tmp"
    with tempfile.TemporaryDirectory(prefix="onrecord-", dir=short) as folder:
        link = Path(folder) / "s"
        link.symlink_to(root / "data")
        # A server started by an older version has no socket.
        host = link if (link / f".s.PGSQL.{port}").exists() else "127.0.0.1"
        where = f"host={quote(str(host))}&port={port}&sslmode=disable"
        yield f"postgresql://{SUPERUSER}:{new_secret(root)}@/{database}?{where}"


@contextmanager
def superuser_connection(root: Path, port: int, database: str = OWNER) -> Iterator[psycopg.Connection]:
    """An autocommit connection as superuser. Raises StoreUnreachable if the login fails."""
    with superuser_url(root, port, database) as url:
        try:
            connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            reply = " ".join(str(error).split())
            raise StoreUnreachable(
                f"the superuser of the database in {root} cannot log in (its password is in {root / _SECRET}): {reply}",
                database=str(root),
            ) from error
        with connection:
            yield connection


def arrange_roles(root: Path, port: int, owner_url: str, password: str) -> None:
    """Create or correct the roles and the owners of the databases, on a new server or an older one. Can be repeated.

    ``owner_url``: the everyday role's address of the database ``postgres``; ``password``: its password. Raises
    StoreUnreachable if an older onrecord is using the database, or if a statement fails.
    """
    try:
        _arrange(root, port, owner_url, password)
    except psycopg.errors.LockNotAvailable as error:
        raise StoreUnreachable(
            f"the database in {root} is to be given to a user who is no superuser, and an older onrecord is at work in "
            "it; wait for that to end, or stop it, and run the same command again",
            database=str(root),
        ) from error
    except psycopg.Error as error:
        reply = " ".join(str(error).split())
        raise StoreUnreachable(
            f"the users of the database in {root} cannot be arranged: {reply}", database=str(root)
        ) from error


def _arrange(root: Path, port: int, owner_url: str, password: str) -> None:
    secret = new_secret(root)
    try:
        with superuser_connection(root, port, "postgres"):
            pass
    except StoreUnreachable:
        _demote(owner_url, secret)
    with superuser_connection(root, port, "postgres") as connection:
        _make_roles(connection, password)
        _make_database(connection)
        names = [row[0] for row in connection.execute(_DATABASES)]
    for name in names:
        with superuser_connection(root, port, name) as connection, connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            connection.execute(_HAND_OVER)
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*map(sql.Identifier, (name, OWNER))))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def _demote(owner_url: str, secret: str) -> None:
    """Change a server of an older version: its first role, always a superuser, is renamed and a new owner made."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (_MEANWHILE,)).fetchone()
        verb = "ALTER" if known else "CREATE"
        words = sql.SQL(f"{verb} ROLE {_MEANWHILE} LOGIN SUPERUSER PASSWORD {{}}").format(sql.Literal(secret))
        connection.execute(words)
    own = make_conninfo(owner_url, user=_MEANWHILE, password=secret)
    with psycopg.connect(own) as connection:
        connection.execute(f"ALTER ROLE {OWNER} RENAME TO {SUPERUSER}")
        connection.execute(sql.SQL(f"ALTER ROLE {SUPERUSER} PASSWORD {{}}").format(sql.Literal(secret)))
        connection.execute(f"CREATE ROLE {OWNER} LOGIN")
    log.info("postgres_owner_demoted")


def _make_roles(connection: psycopg.Connection, password: str) -> None:
    connection.execute(f"DROP ROLE IF EXISTS {_MEANWHILE}")
    for role, kind in ((OWNER, "LOGIN"), (ANALYSTS, "NOLOGIN"), (WEB, "NOLOGIN")):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            connection.execute(f"CREATE ROLE {role} {kind}")
    plain = sql.SQL(f"ALTER ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD {{}}")
    connection.execute(plain.format(sql.Literal(password)))
    # To see which sessions block a migration, and to end those of analysts.
    connection.execute(f"GRANT pg_monitor, pg_signal_backend TO {OWNER}")
    connection.execute(f"GRANT {WEB} TO {OWNER}")


def _make_database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (OWNER,)).fetchone():
        connection.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER}")
    connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
    connection.execute(f"GRANT CONNECT ON DATABASE postgres TO {OWNER}")


_DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datallowconn AND datname <> 'postgres'"
_HAND_OVER = """
DO $$
DECLARE boss CONSTANT oid := 'onrecord_admin'::regrole; it record;
BEGIN
    FOR it IN
        WITH part AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
        SELECT 1 AS turn, format('SCHEMA %I', n.nspname) AS what FROM pg_namespace n
        WHERE n.nspowner = boss AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (SELECT count(*) FROM part WHERE (classid, objid) = ('pg_namespace'::regclass, n.oid)) = 0
        UNION ALL
        SELECT 2, format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
            WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relowner = boss AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (SELECT count(*) FROM part WHERE (classid, objid) = ('pg_class'::regclass, c.oid)) = 0
        AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
            AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
        UNION ALL
        SELECT 3, format('ROUTINE %s', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.proowner = boss AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (SELECT count(*) FROM part WHERE (classid, objid) = ('pg_proc'::regclass, p.oid)) = 0
        UNION ALL
        SELECT 4, format('%s %I.%I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, n.nspname, t.typname)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typowner = boss AND (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (SELECT count(*) FROM part WHERE (classid, objid) = ('pg_type'::regclass, t.oid)) = 0
        ORDER BY 1, 2
    LOOP
        EXECUTE format('ALTER %s OWNER TO onrecord', it.what);
    END LOOP;
END $$
"""
"""Gives the owner all of the superuser's objects that belong neither to an extension nor to Postgres itself."""
