"""The Postgres we bring along: quick to start, shared, left running by nobody, and alive after any crash."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from pipeline.config.settings import Settings
from pipeline.errors import StoreUnreachable
from pipeline.store.engine import open_store
from pipeline.store.server import binaries, embedded
from pipeline.store.server.server_process import is_running

REPOSITORY = Path(__file__).parents[2]

INSERT = """
import sys
from pathlib import Path
import psycopg
from pipeline.store.server import embedded
with embedded.use(Path(sys.argv[1]), durable=False) as server:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("INSERT INTO t VALUES (%s)", (int(sys.argv[2]),))
"""

HOLD = """
import sys, time
from pathlib import Path
from pipeline.store.server import embedded
embedded.ensure(Path(sys.argv[1]), durable=False)
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "pg"
    yield root
    embedded.stop_embedded_server(root)


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def postmaster(root: Path) -> int:
    return int((root / "data" / "postmaster.pid").read_text().split()[0])


def runs(root: Path) -> bool:
    return is_running(root / "data")


def test_the_last_user_stops_it(root: Path) -> None:
    with embedded.use(root, durable=False) as first:
        with embedded.use(root, durable=False) as second:
            assert first.url() == second.url()
        assert runs(root)
    assert not runs(root)


def test_a_crashed_server_comes_back_with_everything_committed(root: Path) -> None:
    with embedded.use(root) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE t AS SELECT generate_series(1, 20000) AS n")
        for _ in range(2):
            os.kill(postmaster(root), signal.SIGKILL)
            with embedded.use(root) as again, psycopg.connect(again.url()) as connection:
                assert connection.execute("SELECT count(*) FROM t").fetchone() == (20000,)


def test_eight_processes_racing_for_a_stopped_server_all_get_it(root: Path) -> None:
    with embedded.use(root, durable=False) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE t (n int)")
    children = [child(INSERT, root, number) for number in range(8)]
    for one in children:
        _, errors = one.communicate(timeout=60)
        assert one.returncode == 0, errors
    assert not runs(root)
    with embedded.use(root, durable=False) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT array_agg(n ORDER BY n) FROM t").fetchone() == (list(range(8)),)


def test_a_server_left_by_a_killed_user_is_used_and_stopped_by_the_next(root: Path) -> None:
    holder = child(HOLD, root)
    assert holder.stdout is not None
    assert "up" in iter(holder.stdout.readline, "").__next__() + holder.stdout.readline()
    holder.kill()
    holder.communicate()
    left = postmaster(root)
    assert runs(root)
    with embedded.use(root, durable=False):
        assert postmaster(root) == left
    assert not runs(root)


def test_a_server_that_is_still_recovering_is_waited_for(root: Path) -> None:
    with embedded.use(root) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE t AS SELECT generate_series(1, 200000) AS n")
            backend = connection.info.backend_pid
            # One backend that dies of a signal makes the postmaster restart all of them and replay the log.
            os.kill(backend, signal.SIGKILL)
        with embedded.use(root) as again, psycopg.connect(again.url()) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (200000,)


def test_a_port_that_somebody_took_meanwhile_is_given_up(root: Path) -> None:
    with embedded.use(root, durable=False) as server:
        port = server.port
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        with embedded.use(root, durable=False) as server:
            assert server.port != port
            with psycopg.connect(server.url()) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_kill_while_it_is_being_made_leaves_no_half_made_cluster(root: Path) -> None:
    (root / "data.new").mkdir(parents=True)
    (root / "data.new" / "PG_VERSION").write_text("18\n")
    with embedded.use(root, durable=False) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT lower('ПУТИН')").fetchone() == ("путин",)


@pytest.mark.parametrize("locale", ["C", "POSIX", "ru_RU.KOI8-R"])
def test_the_locale_of_the_caller_does_not_matter(root: Path, monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    for name in ("LANG", "LC_ALL", "LC_CTYPE"):
        monkeypatch.setenv(name, locale)
    with embedded.use(root, durable=False) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT 'КРЕМЛЬ' ILIKE 'кремль', similarity('Кремль', 'кремль')").fetchone()
    assert row == (True, 1.0)


def test_a_folder_of_another_major_version_is_refused_with_the_recipe(root: Path) -> None:
    with embedded.use(root, durable=False):
        pass
    (root / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(
        StoreUnreachable, match=r"PostgreSQL 14.*version \d+[\s\S]*ONRECORD_PG_BIN[\s\S]*onrecord ops backup"
    ):
        embedded.ensure(root)
    (root / "data" / "PG_VERSION").write_text(f"{binaries.major_version(binaries.programs_folder())}\n")


def test_programs_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONRECORD_PG_BIN", str(tmp_path))
    with pytest.raises(StoreUnreachable, match="ONRECORD_PG_BIN"):
        binaries.programs_folder()


def test_the_password_is_the_owners_alone(root: Path) -> None:
    with embedded.use(root, durable=False) as server:
        assert (root / "credentials.json").stat().st_mode & 0o777 == 0o600
        assert not (root / "pw").exists()
        wrong = server.url().replace(server.password, "guessed")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)
        assert set(json.loads((root / "credentials.json").read_text())) == {
            "port",
            "password",
            "analyst_password",
            "layout",
        }


def test_a_second_start_is_quicker(root: Path) -> None:
    began = time.perf_counter()
    with embedded.use(root):
        first = time.perf_counter() - began
    began = time.perf_counter()
    with embedded.use(root):
        warm = time.perf_counter() - began
    assert warm < first, "0.1 s and 0.9 s on an idle machine"


def test_every_command_finds_its_tables_ready_and_leaves_nothing_running(settings: Settings) -> None:
    own = replace(settings, database_url=None)
    with open_store(own) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM onrecord.quotes").scalar() == 0
    assert not runs(own.postgres)
