"""A real Postgres for every test that asks: one cluster per session, one database per test, copied from a template."""

from __future__ import annotations

import itertools
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, create_engine, text

from pipeline.config.settings import SHIPPED, Settings, from_environment
from pipeline.demo import newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.records import Stage
from pipeline.runs import runner
from pipeline.runtime.collector import collect_rarely
from pipeline.store import migrate
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.server import embedded, roles
from tests.once import made_once

pytest_plugins = ["tests.selection"]

# Each worker holds all tests and what they import, which the garbage collector would search again and again.
collect_rarely()

# Speed is measured in benchmarks: the first example of a property may load what all others use.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Shells start background jobs so, and nohup its program; what the tests start and stop would inherit it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

NEWSROOM_SOURCES = ("kestrel", "mostovaya", "president", "volna-en", "volna-ru")
TEMPLATE = "template_onrecord"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cluster:
    """The session's server and an engine of its superuser, for making databases on it."""

    server: embedded.Server
    admin: Engine

    def create(self, template: str) -> str:
        """A new database; its address."""
        name = f"t_{next(_numbers)}"
        with self.admin.connect() as connection:
            connection.execute(
                text(f"CREATE DATABASE {name} OWNER {roles.OWNER} TEMPLATE {template} STRATEGY file_copy")
            )
        return self.server.url(name)

    def copy(self, address: str) -> str:
        """A copy of a database that nobody is connected to; its address."""
        return self.create(str(sqlalchemy_url(address).database))

    def drop(self, address: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {sqlalchemy_url(address).database} WITH (FORCE)"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with (
        embedded.use(tmp_path_factory.mktemp("cluster") / "pg", durable=False) as server,
        roles.superuser_url(server.root, server.port, "postgres") as url,
    ):
        admin = create_engine(sqlalchemy_url(url), isolation_level="AUTOCOMMIT")
        yield Cluster(server, admin)
        admin.dispose()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Name of a database with all migrations applied, to copy from."""
    with cluster.admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {TEMPLATE} OWNER {roles.OWNER}"))
    engine = create_engine(sqlalchemy_url(cluster.server.url(TEMPLATE)))
    migrate.upgrade_database(engine)
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
    """Settings of an installation in the test's own folder and database; e-mails go to the spool."""
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


@pytest.fixture(scope="session")
def newsroom_warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample newsroom's first day, crawled into an archive of our own and put into one WARC file."""
    return made_once(tmp_path_factory, "newsroom", crawl_newsroom) / "newsroom.warc.gz"


def crawl_newsroom(home: Path) -> None:
    settings = replace(settings_for(from_environment(), home), config_dir=newsroom.CONFIG)
    with newsroom.Newsroom(newsroom.FIRST_DAY).serve() as served:
        plan = runner.RunPlan(
            "demo", source_ids=NEWSROOM_SOURCES, now=end_of_day(newsroom.FIRST_DAY), proxy=served.proxy_url
        )
        with runner.open_run(settings, plan) as run:
            runner.perform_stage(run, Stage.CRAWL)
            runner.close_run(run)
    with (home / "newsroom.warc.gz").open("wb") as out:
        for part in sorted(settings.archive.rglob("*.warc.gz")):
            with part.open("rb") as file:
                shutil.copyfileobj(file, out)


@pytest.fixture(scope="session")
def nothing_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration that switches all shipped sources off; to be copied."""
    folder = tmp_path_factory.mktemp("off")
    (folder / "sources").mkdir()
    for path in (SHIPPED / "sources").glob("*.yaml"):
        found = re.sub(r"^enabled:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (folder / "sources" / path.name).write_text(f"{found}\nenabled: false\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def newsroom_config(nothing_on: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newsroom's configuration, with the shipped sources switched off: they are not in the replay."""
    folder = tmp_path_factory.mktemp("config")
    for part in (nothing_on, newsroom.CONFIG):
        shutil.copytree(part, folder, dirs_exist_ok=True)
    return folder
