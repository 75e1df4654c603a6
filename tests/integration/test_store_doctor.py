"""The doctor looks at everything a run needs and says how to mend what is not well."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.config.settings import Settings
from pipeline.store.doctor import Check, diagnose


def by_name(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in diagnose(settings)}


@pytest.fixture
def greeter() -> Iterator[tuple[int, list[bytes]]]:
    """A port on which every caller is greeted with the first of the words."""
    words = [b"220 mail.example ESMTP\r\n"]
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    caller.sendall(words[0])

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield server.getsockname()[1], words
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_healthy_installation_is_well_in_every_point(settings: Settings) -> None:
    found = by_name(settings)
    assert [check for check in found.values() if not check.ok] == []
    assert {"Python", "database", "extension pg_trgm", "tables", "analysts' role", "sources", "roster"} <= found.keys()


def test_a_machine_with_nothing_yet_is_well(tmp_path: Path, settings: Settings) -> None:
    found = by_name(replace(settings, home=tmp_path / "new", database_url=None))
    assert [check for check in found.values() if not check.ok] == []
    assert not (tmp_path / "new").exists()


def test_a_database_that_does_not_answer_is_a_finding(settings: Settings) -> None:
    found = by_name(replace(settings, database_url="postgresql://me@127.0.0.1:1/none"))
    assert not found["database"].ok
    assert "ONRECORD_DATABASE_URL" in found["database"].detail


def test_tables_that_are_behind_are_a_finding_and_stay_as_they_are(settings: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE onrecord.alembic_version SET version_num = '0000'"))
    found = by_name(settings)
    assert not found["tables"].ok
    assert "onrecord db upgrade" in found["tables"].detail
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM onrecord.alembic_version")) == "0000"


def test_a_broken_file_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "gazette.yaml").write_text("id: gazette\ntitle: [\n")
    found = by_name(replace(settings, config_dir=tmp_path))
    assert not found["sources"].ok
    assert "gazette.yaml" in found["sources"].detail


def test_a_data_folder_in_whose_way_a_file_stands_is_a_finding(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    found = by_name(replace(settings, home=tmp_path / "taken" / "home"))
    assert not found["data folder"].ok
    assert "ONRECORD_HOME" in found["data folder"].detail


def test_a_mail_server_that_greets_is_well_and_another_is_not(
    settings: Settings, greeter: tuple[int, list[bytes]]
) -> None:
    port, words = greeter
    own = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")
    assert by_name(own)["mail"].ok
    words[0] = b"HTTP/1.1 400 Bad Request\r\n"
    assert "does not greet like a mail server" in by_name(own)["mail"].detail
    nobody = by_name(replace(settings, smtp_url="smtp://127.0.0.1:1"))["mail"]
    assert not nobody.ok
    assert "ONRECORD_SMTP_URL" in nobody.detail
