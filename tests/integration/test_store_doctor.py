"""The doctor looks at everything a run needs and says how to mend what is not well."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from pathlib import Path

from aiosmtpd.smtp import AuthResult, LoginPassword
from postbox import served
from sqlalchemy import Engine, text

from pipeline.config.settings import Settings
from pipeline.operations.doctor import Check, diagnose_installation


def by_name(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in diagnose_installation(settings)}


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


def test_mail_is_tried_with_the_port_and_the_sign_in_that_mail_leaves_with(settings: Settings) -> None:
    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=data == LoginPassword(b"desk", b"s3cret"), handled=False)

    with served(authenticator=check, auth_required=True, auth_require_tls=False) as box:
        port = box.url.rpartition(":")[2]
        own = replace(settings, smtp_url=f"smtp://desk:s3cret@127.0.0.1:{port}")
        assert by_name(own)["mail"] == Check(
            "mail", True, f"127.0.0.1:{port} takes mail (not encrypted, signed in as desk)"
        )
        wrong = by_name(replace(settings, smtp_url=f"smtp://desk:other@127.0.0.1:{port}"))["mail"]
        nobody = by_name(replace(settings, smtp_url=f"smtp://127.0.0.1:{port}"))["mail"]
        sender = by_name(replace(own, mail_from="the desk"))["mail"]
    assert not wrong.ok
    assert "refuses us as desk: 535" in wrong.detail
    assert "other" not in wrong.detail
    assert not nobody.ok
    assert "ONRECORD_MAIL_FROM" in sender.detail
    assert box.emails == []


def test_the_ports_that_mail_leaves_by_are_asked_if_none_is_named(settings: Settings) -> None:
    for url, port in (("smtp://a:b@127.0.0.3", 587), ("smtp://127.0.0.3", 25), ("smtps://a:b@127.0.0.3", 465)):
        found = by_name(replace(settings, smtp_url=url))["mail"]
        assert not found.ok
        assert f"127.0.0.3:{port} " in found.detail
        assert "ONRECORD_SMTP_URL" in found.detail


def test_what_answers_on_the_port_of_mail_must_be_a_mail_server(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        found = by_name(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.getsockname()[1]}"))["mail"]
        thread.join(5)
    assert not found.ok
    assert "does not answer like a mail server" in found.detail
