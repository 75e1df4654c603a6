"""Analysts read documented views, and nothing else whatever they try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from pipeline.config.settings import Settings
from pipeline.store.server import database_url, roles, server_process

VIEWS = (
    "articles",
    "edits",
    "people",
    "person_ids",
    "quote_terms",
    "quotes",
    "source_health",
    "speakers",
    "statement_links",
    "statement_reports",
    "statements",
    "word_forms",
)

REFUSED = [
    "SELECT * FROM onrecord.subscribers",
    "SELECT * FROM onrecord.watches",
    "SELECT * FROM onrecord.alerts",
    "SELECT * FROM onrecord.deliveries",
    "SELECT * FROM onrecord.quotes",
    "INSERT INTO onrecord.sources (id, definition, updated) VALUES ('x', '{}', now())",
    "INSERT INTO analyst.speakers (id) VALUES ('x')",
    "UPDATE analyst.speakers SET name_en = 'x'",
    "UPDATE onrecord.quotes SET text = 'x'",
    "DELETE FROM analyst.speakers",
    "DELETE FROM onrecord.statements",
    "TRUNCATE onrecord.quotes",
    "DROP VIEW analyst.quotes",
    "DROP SCHEMA onrecord CASCADE",
    "ALTER TABLE onrecord.quotes ADD COLUMN x text",
    "CREATE TABLE analyst.x (a int)",
    "CREATE TABLE public.x (a int)",
    "CREATE TEMP TABLE x (a int)",
    "CREATE VIEW analyst.x AS SELECT 1",
    "CREATE FUNCTION analyst.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.f(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS 'BEGIN RETURN true; END'",
    "CREATE SCHEMA x",
    "CREATE ROLE x",
    "CREATE EXTENSION fuzzystrmatch",
    "GRANT onrecord TO CURRENT_USER",
    "SET ROLE onrecord",
    "COPY analyst.quotes TO '/tmp/onrecord-analyst-test'",
    "COPY analyst.quotes TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'onrecord_admin'",
    "SELECT * FROM pg_authid",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET temp_file_limit = -1",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_lock(28530, 1)",
    "SELECT pg_advisory_xact_lock_shared(1)",
    "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000))",
    "SELECT pg_notify('x', 'y')",
    "SELECT * FROM analyst.quotes FOR UPDATE",
    "ALTER ROLE CURRENT_USER CONNECTION LIMIT -1",
    "ALTER ROLE CURRENT_USER SET temp_file_limit = -1",
]


@pytest.fixture(scope="module")
def analyst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the analysts' login on an embedded server of its own."""
    home = tmp_path_factory.mktemp("analyst")
    settings = Settings(home)
    with database_url.open_database_address(settings, "analyst") as address:
        yield address
    assert not server_process.is_running(settings.postgres / "data")


@pytest.mark.parametrize("statement", REFUSED)
def test_nothing_but_the_views_can_be_read_and_nothing_written(analyst: str, statement: str) -> None:
    with psycopg.connect(analyst, autocommit=True) as connection:
        # Settings guard nothing: whoever logs in may change them. Privileges have to.
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("SET statement_timeout = 0")
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)):
            connection.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_can_be_read_by_its_name_alone(analyst: str, view: str) -> None:
    with psycopg.connect(analyst, autocommit=True) as connection:
        connection.execute(f"SELECT * FROM {view}")  # type: ignore[call-overload]


def test_the_functions_can_be_called_by_their_names_alone(analyst: str) -> None:
    with psycopg.connect(analyst, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM search('bridges', 'all')").fetchone() == (0,)
        assert connection.execute("SELECT search_query('F-16 or \"a b\" -US')::text").fetchone() == (
            "'f16' | '=a' <-> '=b' & !'^us'",
        )


def test_other_databases_of_the_server_are_closed_to_analysts_who_write(analyst: str) -> None:
    with psycopg.connect(analyst, autocommit=True) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (roles.ANALYST,)
        rights = connection.execute(
            "SELECT has_database_privilege(current_database(), 'CREATE'), "
            "has_database_privilege(current_database(), 'TEMP')"
        ).fetchone()
    assert rights == (False, False)


def test_every_view_and_every_column_is_explained(engine: Engine) -> None:
    with engine.connect() as connection:
        views = connection.execute(
            text(
                "SELECT c.relname, obj_description(c.oid) FROM pg_class c "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'analyst' ORDER BY 1"
            )
        ).all()
        silent = connection.execute(
            text(
                "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'analyst' AND a.attnum > 0 "
                "AND col_description(c.oid, a.attnum) IS NULL"
            )
        ).all()
    assert tuple(view for view, _ in views) == VIEWS
    assert all(comment for _, comment in views)
    assert silent == []


def test_a_server_of_ones_own_is_given_its_own_address(settings: Settings) -> None:
    with database_url.open_database_address(settings) as address:
        assert address == settings.database_url


def test_the_data_dictionary_names_every_column_of_the_views(engine: Engine) -> None:
    page = (Path(__file__).parents[2] / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    with engine.connect() as connection:
        columns = connection.execute(
            text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'analyst'")
        ).all()
    missing = [f"{view}.{column}" for view, column in columns if f"`{column}`" not in _section(page, f"analyst.{view}")]
    assert missing == []


def _section(page: str, heading: str) -> str:
    _, found, rest = page.partition(f"### {heading}\n")
    assert found, f"docs/data-dictionary.md has no section {heading}"
    return rest.partition("\n### ")[0]


def test_the_login_is_made_anew_without_harm(analyst: str, tmp_path: Path) -> None:
    settings = replace(Settings(tmp_path), home=tmp_path / "again")
    for _ in range(2):
        with database_url.open_database_address(settings, "analyst") as address, psycopg.connect(address) as connection:
            assert connection.execute("SELECT count(*) FROM quotes").fetchone() == (0,)
