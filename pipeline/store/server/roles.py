"""Who may do what on the server of our own: an owner of the tables for every day, a superuser for what only it can do.

The superuser has a secret of its own and is let in through a socket in the data folder only, which nobody else can
enter. Servers of before were made with the owner as superuser; they are brought to the same state, in place.
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
"""Of the tables; also the name of their database."""
SUPERUSER = "onrecord_admin"
ANALYSTS, ANALYST = "onrecord_analyst", "onrecord_analyst_login"
RULES = f"""# Held to at each start: who may log in, and from where.
local all {SUPERUSER} scram-sha-256
local all all reject
host all {SUPERUSER} all reject
host all all 127.0.0.1/32 scram-sha-256
"""
_MEANWHILE = "onrecord_upgrade"
"""A second superuser for the moment in which the first is renamed, which it cannot do itself."""
_SECRET = "superuser"
_LOCK_SECONDS = 10
_LONGEST = 60
"""Characters of the folder for temporary files; 47 more make the path of a socket."""


def new_secret(root: Path) -> str:
    """The superuser's password, made if there is none, in a file of its own."""
    path = root / _SECRET
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(24))
    return path.read_text()


def write_rules(root: Path) -> Path:
    """Where the server reads who may log in."""
    path = root / "access.conf"
    if not path.exists() or path.read_text() != RULES:
        write_secret(path, RULES)
    return path


@contextmanager
def superuser_url(root: Path, port: int, database: str = OWNER) -> Iterator[str]:
    """An address for the superuser, good for the length of the block. Paths of sockets are short, so it has a link."""
    short = None if len(tempfile.gettempdir()) < _LONGEST else "/tmp"
    with tempfile.TemporaryDirectory(prefix="onrecord-", dir=short) as folder:
        link = Path(folder) / "s"
        link.symlink_to(root / "data")
        # A server that an older version started has no socket.
        host = link if (link / f".s.PGSQL.{port}").exists() else "127.0.0.1"
        where = f"host={quote(str(host))}&port={port}&sslmode=disable"
        yield f"postgresql://{SUPERUSER}:{new_secret(root)}@/{database}?{where}"


@contextmanager
def superuser_connection(root: Path, port: int, database: str = OWNER) -> Iterator[psycopg.Connection]:
    """The superuser at work, each statement by itself. StoreUnreachable if it is not let in."""
    with superuser_url(root, port, database) as url:
        try:
            connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            reply = " ".join(str(error).split())
            raise StoreUnreachable(
                f"the superuser of the database in {root} cannot log in (its password is in {root / _SECRET}): {reply}"
            ) from error
        with connection:
            yield connection


def arrange_roles(root: Path, port: int, owner_url: str, password: str) -> None:
    """Have the roles and their databases as they should be, on a new server or on one of before. Can be repeated.

    ``owner_url``: the everyday role's address of the database ``postgres``, ``password`` its password.
    """
    try:
        _arrange(root, port, owner_url, password)
    except psycopg.errors.LockNotAvailable as error:
        raise StoreUnreachable(
            f"the database in {root} is to be given to a user who is no superuser, and an older onrecord is at work in "
            "it; wait for that to end, or stop it, and run the same command again"
        ) from error
    except psycopg.Error as error:
        reply = " ".join(str(error).split())
        raise StoreUnreachable(f"the users of the database in {root} cannot be arranged: {reply}") from error


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
    """Of a server of before: its first user, who stays a superuser for ever, leaves its name to a new one."""
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
    log.info("postgres.owner_is_no_superuser")


def _make_roles(connection: psycopg.Connection, password: str) -> None:
    connection.execute(f"DROP ROLE IF EXISTS {_MEANWHILE}")
    for role, kind in ((OWNER, "LOGIN"), (ANALYSTS, "NOLOGIN")):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            connection.execute(f"CREATE ROLE {role} {kind}")
    plain = sql.SQL(f"ALTER ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD {{}}")
    connection.execute(plain.format(sql.Literal(password)))
    # To see who is in the way, and to end analysts' sessions that are.
    connection.execute(f"GRANT pg_monitor, pg_signal_backend TO {OWNER}")


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
"""Everything that the superuser owns and that belongs to no extension and not to Postgres itself goes to the owner."""
