"""The owner of the tables is no superuser, on a new server and on one of before; analysts keep to their limits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from pipeline.config.settings import Settings
from pipeline.errors import StoreUnreachable
from pipeline.store.admin import analyst_login
from pipeline.store.server import binaries, database_url, embedded, roles
from tests.conftest import Cluster

BEFORE = """
CREATE EXTENSION pg_trgm;
CREATE SCHEMA mine;
CREATE TYPE mine.mood AS ENUM ('well', 'ill');
CREATE DOMAIN mine.short AS text CHECK (length(value) < 9);
CREATE TABLE mine.t (id bigint GENERATED ALWAYS AS IDENTITY, n serial, feels mine.mood, "odd name" mine.short);
INSERT INTO mine.t (feels) SELECT 'well' FROM generate_series(1, 5);
CREATE VIEW mine.v AS SELECT * FROM mine.t;
CREATE MATERIALIZED VIEW mine.m AS SELECT * FROM mine.t;
CREATE SEQUENCE mine.s;
CREATE FUNCTION mine.f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE PROCEDURE mine.p() LANGUAGE sql AS 'SELECT 1'
"""
OWNED = """
SELECT count(*) FROM (
    SELECT relowner AS owner, oid FROM pg_class WHERE relnamespace = 'mine'::regnamespace
    UNION ALL SELECT proowner, oid FROM pg_proc WHERE pronamespace = 'mine'::regnamespace
    UNION ALL SELECT typowner, oid FROM pg_type WHERE typnamespace = 'mine'::regnamespace
    UNION ALL SELECT nspowner, oid FROM pg_namespace WHERE nspname = 'mine'
) AS made WHERE owner <> 'onrecord'::regrole
"""

REFUSED = [
    "COPY pg_class TO PROGRAM 'cat'",
    "COPY pg_class TO '/tmp/onrecord-owner-test'",
    "SELECT pg_read_file('PG_VERSION')",
    "CREATE ROLE other SUPERUSER",
    "CREATE ROLE other",
    "ALTER ROLE onrecord SUPERUSER",
    "SET ROLE onrecord_admin",
    "GRANT onrecord_admin TO onrecord",
    "GRANT pg_execute_server_program TO onrecord",
    "ALTER SYSTEM SET archive_command = 'id'",
    "CREATE EXTENSION file_fdw",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x', 'y'",
    "CREATE DATABASE other",
    "SELECT rolpassword FROM pg_authid",
]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "pg"
    embedded.stop_embedded_server(tmp_path / "pg")


def make_as_before(root: Path) -> dict[str, object]:
    """A running server as it was made before: its first user, a superuser, is the everyday one."""
    root.mkdir()
    known = {"port": embedded._free_port(), "password": "before", "analyst_password": "x"}
    (root / "credentials.json").write_text(json.dumps(known))
    (root / "pw").write_text("before")
    words = ("-U", "onrecord", f"--pwfile={root / 'pw'}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "-N")
    assert binaries.run_program("initdb", "-D", root / "data", *words).returncode == 0
    options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c port={known['port']} -c fsync=off"
    done = binaries.run_program(
        "pg_ctl", "-D", root / "data", "-w", "-l", root / "postgres.log", "-o", options, "start"
    )
    assert done.returncode == 0, done.stderr
    where = f"postgresql://onrecord:before@127.0.0.1:{known['port']}"
    with psycopg.connect(f"{where}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE onrecord")
        connection.execute("CREATE DATABASE airflow")
    for database in ("onrecord", "airflow"):
        with psycopg.connect(f"{where}/{database}") as connection:
            connection.execute(BEFORE)
    return known


@pytest.mark.parametrize("state", ["stopped", "running", "half-way"])
def test_a_server_of_before_is_brought_to_the_same_state_in_place(root: Path, state: str) -> None:
    known = make_as_before(root)
    if state == "half-way":
        with psycopg.connect(f"postgresql://onrecord:before@127.0.0.1:{known['port']}/postgres") as connection:
            connection.execute("CREATE ROLE onrecord_upgrade SUPERUSER LOGIN PASSWORD 'lost'")
    if state != "running":
        embedded.stop_embedded_server(root)
    for _ in range(2):
        with embedded.use(root, durable=False) as server:
            for database in ("onrecord", "airflow"):
                with psycopg.connect(server.url(database), autocommit=True) as connection:
                    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
                    assert row == (False,)
                    assert connection.execute("SELECT sum(n) FROM mine.t").fetchone() == (15,)
                    assert connection.execute(OWNED).fetchone() == (0,)
                    connection.execute("ALTER TABLE mine.t ADD COLUMN IF NOT EXISTS more int")
                    connection.execute(
                        "INSERT INTO mine.t (feels) VALUES ('ill'); DELETE FROM mine.t WHERE feels = 'ill'"
                    )
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute("COPY mine.t TO PROGRAM 'cat'")
            with roles.superuser_connection(root, server.port) as boss:
                found = {row[0] for row in boss.execute("SELECT rolname FROM pg_roles WHERE rolsuper")}
            assert found == {"onrecord_admin"}
    assert (root / "superuser").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("statement", REFUSED)
def test_the_everyday_user_is_no_superuser(cluster: Cluster, statement: str) -> None:
    with (
        psycopg.connect(cluster.server.url(), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)  # type: ignore[call-overload]


def test_the_superuser_is_let_in_through_the_data_folder_only(cluster: Cluster) -> None:
    server = cluster.server
    address = f"postgresql://onrecord_admin:{roles.new_secret(server.root)}@127.0.0.1:{server.port}/onrecord"
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        psycopg.connect(address)
    with (
        roles.superuser_url(server.root, server.port) as url,
        pytest.raises(psycopg.OperationalError, match="rejects connection"),
    ):
        psycopg.connect(url.replace("onrecord_admin", "onrecord"))
    with (
        pytest.raises(StoreUnreachable, match=r"superuser of the database .* cannot log in"),
        roles.superuser_connection(server.root, server.port, "nowhere"),
    ):
        pass


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems cannot limit a running process")
def test_a_query_that_wants_all_memory_fails_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MEMORY_SHARE", psutil.virtual_memory().total // (300 << 20))
    with embedded.use(root, durable=False) as server, psycopg.connect(server.url(), autocommit=True) as beside:
        with psycopg.connect(server.url(), autocommit=True) as greedy:
            greedy.execute("SET work_mem = '64GB'")
            with pytest.raises(psycopg.errors.OutOfMemory):
                greedy.execute("SELECT length(array_agg(repeat('x', 10000000))::text) FROM generate_series(1, 60)")
            assert greedy.execute("SELECT 1").fetchone() == (1,)
        assert beside.execute("SELECT 1").fetchone() == (1,)


def test_an_analyst_s_limits_are_back_at_the_next_start(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with database_url.open_database_address(settings, "analyst") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER ROLE onrecord_analyst_login PASSWORD 'mine alone'")
            connection.execute("ALTER ROLE onrecord_analyst_login SET statement_timeout = 0")
            connection.execute("ALTER ROLE onrecord_analyst_login SET work_mem = '1GB'")
            connection.execute("ALTER ROLE onrecord_analyst_login IN DATABASE onrecord SET search_path = nowhere")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(address)
    with embedded.use(settings.postgres) as server, psycopg.connect(server.url(analyst=True)) as connection:
        asked = "SELECT name, setting FROM pg_settings WHERE source IN ('user', 'database user')"
        found = dict(connection.execute(asked).fetchall())
        limit = "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(limit).fetchone() == (analyst_login.CONNECTIONS,)
        for database in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(server.url(database, analyst=True))
    assert found == {
        "search_path": "analyst",
        "default_transaction_read_only": "on",
        "statement_timeout": "300000",
        "idle_in_transaction_session_timeout": "600000",
        "temp_file_limit": str(2 << 20),
    }


def test_a_lost_secret_of_the_superuser_stops_no_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with embedded.use(root, durable=False):
        pass
    (root / "superuser").unlink()
    with embedded.use(root, durable=False) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert str(root / "superuser") in "".join(capsys.readouterr())
