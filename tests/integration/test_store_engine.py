"""A database that is not fit is refused with the way to mend it, before anything is written to it."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, StoreUnreachable
from pipeline.store.engine import engine_on, open_store, sqlalchemy_url, wait_for_server
from pipeline.store.migrate import current_revision
from pipeline.store.server import binaries
from tests.conftest import Cluster


@pytest.fixture
def plain_user(cluster: Cluster, empty_database: str) -> Iterator[str]:
    """Address of an empty database for a user who may log in and nothing else."""
    with cluster.admin.connect() as connection:
        connection.execute(text("CREATE ROLE plain LOGIN PASSWORD 'plain'"))
    url = sqlalchemy_url(empty_database).set(drivername="postgresql", username="plain", password="plain")
    yield url.render_as_string(hide_password=False)
    with cluster.admin.connect() as connection:
        connection.execute(text("REASSIGN OWNED BY plain TO CURRENT_USER; DROP OWNED BY plain"))
        connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {url.database} OWNER onrecord"))
        connection.execute(text("DROP ROLE plain"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_may_be_written_in_any_usual_way(settings: Settings, scheme: str) -> None:
    assert settings.database_url
    own = replace(settings, database_url=settings.database_url.replace("postgresql", scheme, 1))
    with open_store(own) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("address", ["mysql://localhost/x", "sqlite:///x.db", "not an address", "localhost:5432"])
def test_an_address_of_anything_else_is_a_mistake_of_configuration(settings: Settings, address: str) -> None:
    with pytest.raises(ConfigError, match="ONRECORD_DATABASE_URL"), open_store(replace(settings, database_url=address)):
        pass


def test_a_server_that_does_not_answer_is_named_without_its_password(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = replace(settings, database_url=f"postgresql://me:secret@127.0.0.1:{port}/news")
    with pytest.raises(StoreUnreachable) as refusal, open_store(own):
        pass
    assert f"127.0.0.1:{port}/news" in str(refusal.value)
    assert refusal.value.database and refusal.value.database.endswith(f"@127.0.0.1:{port}/news")
    assert "secret" not in str(refusal.value) + refusal.value.database


class LateServer(socketserver.ThreadingTCPServer):
    """Ends the first two connections at once, as a network that is just being made does; passes the next ones on."""

    daemon_threads = True

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.ended = 0
        super().__init__(("127.0.0.1", 0), LateConnection)


class LateConnection(socketserver.BaseRequestHandler):
    server: LateServer

    def handle(self) -> None:
        if self.server.ended < 2:
            self.server.ended += 1
            return
        with socket.create_connection(self.server.server) as behind:
            answers = threading.Thread(target=self.copy, args=(behind, self.request), daemon=True)
            answers.start()
            self.copy(self.request, behind)
            answers.join()

    @staticmethod
    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_an_upgrade_waits_for_a_server_that_answers_later(settings: Settings) -> None:
    assert settings.database_url
    url = sqlalchemy_url(settings.database_url)
    with LateServer((url.host or "", url.port or 0)) as late:
        threading.Thread(target=late.serve_forever, daemon=True).start()
        through = url.set(host="127.0.0.1", port=late.server_address[1], drivername="postgresql")
        own = replace(settings, database_url=through.render_as_string(hide_password=False))
        with pytest.raises(StoreUnreachable, match="server closed the connection"):
            wait_for_server(own, 0)
        wait_for_server(own, 60)
        assert late.ended == 2
        late.shutdown()


def test_a_wrong_password_is_told_as_such(settings: Settings) -> None:
    assert settings.database_url
    url = sqlalchemy_url(settings.database_url).set(password="wrong")
    own = replace(settings, database_url=url.render_as_string(hide_password=False))
    with pytest.raises(StoreUnreachable, match="password authentication failed"), open_store(own):
        pass


@pytest.mark.parametrize(
    ("made_with", "message"),
    [
        ("ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'", "Russian text search is broken"),
        ("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'", "SQL_ASCII, not UTF8"),
    ],
)
def test_a_database_that_cannot_search_russian_is_refused_with_the_way_to_mend_it(
    cluster: Cluster, settings: Settings, made_with: str, message: str
) -> None:
    with cluster.admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE broken OWNER onrecord TEMPLATE template0 {made_with}"))
    address = cluster.server.url("broken")
    try:
        with (
            pytest.raises(StoreUnreachable, match=message) as refusal,
            open_store(replace(settings, database_url=address)),
        ):
            pass
        assert "createdb --template=template0" in str(refusal.value)
        with engine_on(sqlalchemy_url(address)) as engine:
            assert current_revision(engine) is None
    finally:
        cluster.drop(address)


def test_a_database_whose_trigrams_know_no_russian_is_refused(cluster: Cluster, settings: Settings) -> None:
    if binaries.major_version(binaries.programs_folder()) < 17:
        pytest.skip("PostgreSQL has such locales from 17 on")
    with cluster.admin.connect() as connection:
        made = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(text(f"CREATE DATABASE broken OWNER onrecord TEMPLATE template0 ENCODING 'UTF8' {made}"))
    address = cluster.server.url("broken")
    try:
        engine = create_engine(sqlalchemy_url(address))
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION pg_trgm"))
        engine.dispose()
        with (
            pytest.raises(StoreUnreachable, match="pg_trgm finds no Russian"),
            open_store(replace(settings, database_url=address)),
        ):
            pass
    finally:
        cluster.drop(address)


def test_missing_rights_to_add_the_extension_have_a_message_of_their_own(settings: Settings, plain_user: str) -> None:
    with (
        pytest.raises(StoreUnreachable, match="user plain may not add the extension pg_trgm") as refusal,
        open_store(replace(settings, database_url=plain_user)),
    ):
        pass
    assert "CREATE EXTENSION pg_trgm; GRANT CREATE" in str(refusal.value)


def test_a_user_without_rights_to_make_roles_gets_everything_else(
    cluster: Cluster, settings: Settings, plain_user: str
) -> None:
    url = sqlalchemy_url(plain_user)
    with cluster.admin.connect() as connection:
        # The role is the server's, and other tests have made it: out of the way for this one.
        connection.execute(text(f"GRANT CREATE ON DATABASE {url.database} TO plain"))
        there = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = 'onrecord_analyst'"))
        if there:
            connection.execute(text("ALTER ROLE onrecord_analyst RENAME TO put_aside"))
    try:
        with open_store(replace(settings, database_url=plain_user)) as engine, engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM analyst.quotes")) == 0
            role = connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = 'onrecord_analyst'"))
            assert role == 0
    finally:
        if there:
            with cluster.admin.connect() as connection:
                connection.execute(text("ALTER ROLE put_aside RENAME TO onrecord_analyst"))


def test_an_extension_that_lives_elsewhere_is_used_where_it_is(empty_database: str, settings: Settings) -> None:
    engine = create_engine(sqlalchemy_url(empty_database))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA extras; CREATE EXTENSION pg_trgm SCHEMA extras"))
    engine.dispose()
    with open_store(replace(settings, database_url=empty_database)) as ready, ready.connect() as connection:
        index = connection.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_names_name_trigrams'"))
    assert "extras.gin_trgm_ops" in index


def test_a_server_that_goes_away_meanwhile_is_told_without_a_traceback(settings: Settings, cluster: Cluster) -> None:
    with (
        pytest.raises(StoreUnreachable, match="lost the database"),
        open_store(settings) as engine,
        engine.connect() as connection,
    ):
        own = connection.scalar(text("SELECT pg_backend_pid()"))
        with cluster.admin.connect() as admin:
            admin.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        connection.execute(text("SELECT 1"))


def test_a_fault_of_ours_is_not_called_the_servers(settings: Settings) -> None:
    with pytest.raises(ProgrammingError), open_store(settings) as engine, engine.connect() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
