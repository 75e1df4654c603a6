"""The migrations make exactly the tables of schema.py, and can be taken back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, inspect, text

from pipeline.errors import StoreUnreachable
from pipeline.store import migrate
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.schema import REVISION, SCHEMA, metadata
from tests.conftest import Cluster


def test_the_migrations_make_what_the_schema_says(engine: Engine) -> None:
    migrate.check_schema(engine)
    assert set(inspect(engine).get_table_names(SCHEMA)) == {table.name for table in metadata.tables.values()} | {
        "alembic_version"
    }


def test_a_table_that_is_not_in_a_migration_is_noticed(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE onrecord.readings DROP COLUMN detail"))
    with pytest.raises(CommandError, match="detail"):
        migrate.check_schema(engine)


def test_down_and_up_again_ends_where_it_began(engine: Engine) -> None:
    migrate.downgrade_database(engine)
    assert inspect(engine).get_table_names(SCHEMA) == ["alembic_version"]
    assert "analyst" not in inspect(engine).get_schema_names()
    migrate.upgrade_database(engine)
    migrate.check_schema(engine)


def test_one_step_down_leaves_the_view_of_before_explained_and_readable(engine: Engine) -> None:
    with engine.connect() as connection:
        before = set(connection.scalars(_COLUMNS))
    migrate.downgrade_database(engine, "0001")
    with engine.connect() as connection:
        columns = set(connection.scalars(_COLUMNS))
        assert before - columns == {"incidents", "troubled_since", "trouble", "new_24_hours"}
        assert connection.scalar(_UNEXPLAINED) == 0
        assert connection.scalar(
            text("SELECT has_table_privilege('onrecord_analyst', 'analyst.source_health', 'SELECT')")
        )
    migrate.upgrade_database(engine)
    with engine.connect() as connection:
        assert set(connection.scalars(_COLUMNS)) == before and connection.scalar(_UNEXPLAINED) == 0
    migrate.check_schema(engine)


_COLUMNS = text(
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'analyst' AND table_name = 'source_health'"
)
_UNEXPLAINED = text(
    "SELECT count(*) FROM pg_attribute WHERE attrelid = 'analyst.source_health'::regclass AND attnum > 0 "
    "AND (col_description(attrelid, attnum) IS NULL OR obj_description(attrelid) IS NULL)"
)


def test_an_upgrade_of_an_up_to_date_database_changes_nothing(engine: Engine) -> None:
    migrate.upgrade_database(engine)
    assert migrate.current_revision(engine) == REVISION


def test_the_code_names_the_head_of_the_migrations() -> None:
    assert ScriptDirectory(str(migrate.migrations_folder())).get_heads() == [REVISION]


def test_an_empty_database_is_upgraded_on_the_way(empty_database: str) -> None:
    engine = create_engine(sqlalchemy_url(empty_database))
    migrate.ensure_current(engine, ours=False)
    assert migrate.current_revision(engine) == REVISION
    engine.dispose()


def test_a_team_database_that_is_behind_is_refused_with_the_command(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE onrecord.alembic_version SET version_num = '0000'"))
    with pytest.raises(StoreUnreachable, match="onrecord db upgrade"):
        migrate.ensure_current(engine, ours=False)


def test_a_database_of_a_newer_onrecord_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE onrecord.alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnreachable, match="update onrecord"):
        migrate.ensure_current(engine, ours=True)


def test_the_data_dictionary_names_every_table_and_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| `")}
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if f"`{column.name}`" not in rows.get(f"`{table.name}`", "")
    ]
    assert missing == []


def test_programs_that_find_an_empty_database_at_once_all_get_their_tables(cluster: Cluster) -> None:
    for _ in range(5):
        address = cluster.create("template1")
        engines = [create_engine(sqlalchemy_url(address)) for _ in range(4)]
        at_once = threading.Barrier(len(engines))

        def upgrade(engine: Engine, at_once: threading.Barrier = at_once) -> None:
            with engine.connect():
                at_once.wait()
            migrate.upgrade_database(engine)

        with ThreadPoolExecutor(len(engines)) as pool:
            assert list(pool.map(upgrade, engines)) == [None] * len(engines)
        for engine in engines:
            engine.dispose()
        cluster.drop(address)
