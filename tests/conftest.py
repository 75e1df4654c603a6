"""A real Postgres for every test that asks: one cluster per session, one database per test, copied from a template."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from pipeline.config.settings import Settings
from pipeline.store import embedded, migrate
from pipeline.store.engine import sqlalchemy_url

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Shells start background jobs so, and what the tests start and interrupt with Ctrl-C would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

TEMPLATE = "template_onrecord"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cluster:
    """The session's server and an engine for making databases on it."""

    server: embedded.Server
    admin: Engine

    def create(self, template: str) -> str:
        """A new database; its address."""
        name = f"t_{next(_numbers)}"
        with self.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
        return self.server.url(name)

    def drop(self, address: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {sqlalchemy_url(address).database} WITH (FORCE)"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with embedded.use(tmp_path_factory.mktemp("cluster") / "pg", durable=False) as server:
        admin = create_engine(sqlalchemy_url(server.url("postgres")), isolation_level="AUTOCOMMIT")
        yield Cluster(server, admin)
        admin.dispose()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Name of a database with all migrations applied, to copy from."""
    with cluster.admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {TEMPLATE}"))
    engine = create_engine(sqlalchemy_url(cluster.server.url(TEMPLATE)))
    migrate.upgrade(engine)
    engine.dispose()
    return TEMPLATE


@pytest.fixture
def empty_database(cluster: Cluster) -> Iterator[str]:
    """Address of a database without any table."""
    address = cluster.create("template1")
    yield address
    cluster.drop(address)


@pytest.fixture
def database_url(cluster: Cluster, template: str) -> Iterator[str]:
    """Address of a database of the test's own, all migrations applied."""
    address = cluster.create(template)
    yield address
    cluster.drop(address)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of an installation in the test's own folder and database; letters go to the spool."""
    return Settings(
        home=tmp_path / "home",
        database_url=database_url,
        config_dir=None,
        contact="test@example.org",
        ops_mail=None,
        smtp_url=None,
        mail_from="onrecord@localhost",
        proxy=None,
    )
