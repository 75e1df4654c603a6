"""An analyst on a server of one's own, where nothing can be taken from them but rights: what they do stops nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import Engine, text

from pipeline.errors import StoreUnreachable
from pipeline.store import migrate
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.locks import one_at_a_time
from pipeline.store.server import sessions
from tests.conftest import Cluster


@pytest.fixture
def eve(cluster: Cluster, database_url: str) -> Iterator[str]:
    """The address of an analyst with a login of her own."""
    with cluster.admin.connect() as connection:
        connection.execute(text("CREATE ROLE eve LOGIN PASSWORD 'x' IN ROLE onrecord_analyst"))
    url = sqlalchemy_url(database_url).set(drivername="postgresql", username="eve", password="x")
    yield url.render_as_string(hide_password=False)
    with cluster.admin.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'eve'"))
        connection.execute(text("DROP ROLE eve"))


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is over the limits."""
    monkeypatch.setattr(sessions, "_OVERLONG", text(sessions._OVERLONG.text.replace("now() -", "now() + ")))


def runs(engine: Engine, session: psycopg.Connection) -> bool:
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT 1 FROM pg_stat_activity WHERE pid = :p"), {"p": session.info.backend_pid}
        )
    return bool(found)


def test_locks_that_anybody_can_take_are_none_of_ours(engine: Engine, eve: str) -> None:
    with psycopg.connect(eve, autocommit=True) as analyst:
        analyst.execute("SELECT pg_advisory_lock(28530, k) FROM generate_series(0, 100) k")
        analyst.execute("SELECT pg_advisory_lock(x'6F6E7265636F7264'::bigint)")
        for refused in (
            "INSERT INTO onrecord.locks (name, pid, server_start, since) VALUES ('gazette', 1, now(), now())",
            "SELECT * FROM onrecord.locks FOR UPDATE",
            "LOCK TABLE onrecord.locks",
            "LOCK TABLE onrecord.alembic_version",
            "LOCK TABLE analyst.quotes IN EXCLUSIVE MODE",
            "SELECT * FROM analyst.quotes FOR SHARE",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), analyst.transaction():
                analyst.execute(refused)  # type: ignore[call-overload]
        with one_at_a_time(engine, ["gazette"], holder="run", wait_seconds=0):
            migrate.upgrade_database(engine)


def test_an_upgrade_does_not_wait_for_an_analyst_for_ever(
    engine: Engine, eve: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 0.2)
    migrate.downgrade_database(engine, "0004")
    with closing(psycopg.connect(eve, application_name="her notebook")) as analyst:
        analyst.execute("SET idle_in_transaction_session_timeout = 0")
        analyst.execute("SELECT count(*) FROM analyst.source_health")
        analyst.execute("SELECT count(*) FROM analyst.articles")
        pid = analyst.info.backend_pid
        migrate.downgrade_database(engine, "0001")
        assert not runs(engine, analyst)
    said = "".join(capsys.readouterr())
    assert (
        said.count("migration_waits") == migrate.PATIENT_TRIES and f"eve (her notebook, database process {pid}" in said
    )
    migrate.upgrade_database(engine)
    migrate.check_schema(engine)


def test_an_upgrade_that_may_end_nobody_names_who_is_in_the_way(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(migrate, "WAIT_SECONDS", 0.3)
    with psycopg.connect(database_url, application_name="a colleague") as other:
        other.execute("SELECT count(*) FROM onrecord.runs")
        with pytest.raises(StoreUnreachable, match=rf"a colleague, database process {other.info.backend_pid}.*Nothing"):
            migrate.downgrade_database(engine, "0001")
        assert other.execute("SELECT 1").fetchone() == (1,)
    assert migrate.current_revision(engine) == migrate.REVISION


def test_what_an_analyst_leaves_running_beyond_the_limits_is_ended(
    engine: Engine, database_url: str, eve: str, limits: None
) -> None:
    with (
        psycopg.connect(eve) as forgotten,
        psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(False)) as ours,
    ):
        forgotten.execute("SET statement_timeout = 0")
        ours.execute("SELECT 1")
        assert [it.user for it in sessions.end_overlong(engine)] == ["eve"]
        with pytest.raises(psycopg.OperationalError):
            forgotten.execute("SELECT 1")
        assert ours.execute("SELECT 1").fetchone() == (1,)


def test_what_keeps_within_the_limits_goes_on(engine: Engine, eve: str) -> None:
    with psycopg.connect(eve) as analyst:
        analyst.execute("SELECT 1")
        assert sessions.end_overlong(engine) == []
        assert analyst.execute("SELECT 2").fetchone() == (2,)
