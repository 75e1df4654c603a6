"""An installation is saved and put back: nothing differs, every quote is proved, and what is damaged is refused."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from program import DemoHome, onrecord
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, text

from pipeline.cli import run_command_line
from pipeline.demo.newsroom import CONFIG
from pipeline.store import migrate
from pipeline.store.admin import dump
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.schema import REVISION, SCHEMA
from tests.conftest import Cluster


@pytest.fixture(scope="module")
def saved(demo: DemoHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demo, with a configuration of its own."""
    assert demo.done.returncode == 0, demo.done.stderr
    folder = tmp_path_factory.mktemp("backup")
    (folder / "config").mkdir()
    (folder / "config" / "watches.yaml").write_text("watches:\n", encoding="utf-8")
    done = onrecord("backup", folder / "all.tar", ONRECORD_HOME=demo.home, ONRECORD_CONFIG=folder / "config")
    assert done.returncode == 0, done.stderr
    return folder / "all.tar"


def digest(**environment: object) -> dict[str, str]:
    done = onrecord("digest", "--json", **environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def whole(demo: DemoHome) -> dict[str, str]:
    """The digest of what was saved."""
    return digest(ONRECORD_HOME=demo.home)


def test_it_comes_back_whole_on_the_embedded_server(
    demo: DemoHome, saved: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    done = onrecord("restore", saved, ONRECORD_HOME=home)
    assert done.returncode == 0, done.stderr
    assert digest(ONRECORD_HOME=home) == whole
    proved = onrecord("verify", "--all", ONRECORD_HOME=home)
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert proved.stdout == onrecord("verify", "--all", ONRECORD_HOME=demo.home).stdout
    assert onrecord("archive", "verify", ONRECORD_HOME=home).returncode == 0
    assert (home / "restored-config" / "watches.yaml").read_text(encoding="utf-8") == "watches:\n"
    mails = {path.name for path in (demo.home / "spool").glob("*.eml")}
    assert {path.name for path in (home / "spool").glob("*.eml")} == mails
    assert not list(home.rglob("*.part"))
    again = onrecord("restore", saved, ONRECORD_HOME=home)
    assert again.returncode == 2
    assert "is not empty" in again.stderr


def test_it_comes_back_whole_on_a_server_of_a_team(
    saved: Path, whole: dict[str, str], empty_database: str, tmp_path: Path
) -> None:
    where = {"ONRECORD_HOME": tmp_path / "home", "ONRECORD_DATABASE_URL": empty_database}
    done = onrecord("restore", saved, **where)
    assert done.returncode == 0, done.stderr
    assert digest(**where) == whole
    assert onrecord("verify", "--all", **where).returncode == 0
    second = tmp_path / "second.tar"
    assert onrecord("backup", second, **where).returncode == 0
    with tarfile.open(saved) as one, tarfile.open(second) as other:
        first, last = (json.load(it.extractfile("manifest.json")) for it in (one, other))  # type: ignore[arg-type]
    assert first["digest"] == last["digest"]
    kept = [[it for it in manifest["tables"] if it["table"] != "audit"] for manifest in (first, last)]
    assert kept[0] == kept[1]


def test_numbers_given_by_the_server_go_on_after_a_restore(saved: Path, empty_database: str, tmp_path: Path) -> None:
    assert onrecord("restore", saved, ONRECORD_HOME=tmp_path, ONRECORD_DATABASE_URL=empty_database).returncode == 0
    engine = create_engine(sqlalchemy_url(empty_database))
    with engine.begin() as connection:
        top = connection.scalar(text("SELECT max(id) FROM onrecord.fetches"))
        new = connection.scalar(
            text(
                "INSERT INTO onrecord.fetches (run_id, source_id, url, seen_at, outcome) "
                "SELECT run_id, source_id, 'http://new.example/', now(), 'kept' FROM onrecord.fetches LIMIT 1 "
                "RETURNING id"
            )
        )
    engine.dispose()
    assert top is not None and new == top + 1


def test_a_damaged_or_cut_backup_writes_nothing(saved: Path, tmp_path: Path) -> None:
    data = bytearray(saved.read_bytes())
    with tarfile.open(saved) as bundle:
        member = next(it for it in bundle if it.name.endswith(".warc.gz"))
    data[member.offset_data + member.size // 2] ^= 1
    (tmp_path / "flipped.tar").write_bytes(data)
    (tmp_path / "cut.tar").write_bytes(saved.read_bytes()[: len(data) // 2])
    for name, message in (("flipped", f"damaged: {member.name}"), ("cut", "cut"), ("none", "cannot be restored")):
        done = onrecord("restore", tmp_path / f"{name}.tar", ONRECORD_HOME=tmp_path / "home")
        assert done.returncode == 2, done.stderr
        assert message in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "archive").exists()
    assert onrecord("digest", "--json", ONRECORD_HOME=tmp_path / "home").returncode == 0


def test_a_backup_never_writes_over_another(demo: DemoHome, saved: Path, tmp_path: Path) -> None:
    shutil.copy(saved, tmp_path / "kept.tar")
    done = onrecord("backup", tmp_path / "kept.tar", ONRECORD_HOME=demo.home)
    assert done.returncode == 2
    assert "never writes over" in done.stderr
    assert (tmp_path / "kept.tar").read_bytes() == saved.read_bytes()
    missing = onrecord("backup", tmp_path / "no" / "folder.tar", ONRECORD_HOME=demo.home)
    assert missing.returncode == 2
    assert "cannot be written" in missing.stderr


OLDER = sorted(migrate.known_revisions() - {REVISION}, reverse=True)
LAST_WITHOUT, STANCES, PEOPLE, KINDS, SEGMENTS, CORRECTIONS = "0006", "0007", "0015", "0017", "0018", "0019"
"""From 0007 on tables keep how speakers stand to their words, from 0015 on who is a person, from 0017 on what kind of
text it is; what was saved before was quoted by an older engine."""
QUOTED = {"quotes", "quote_spans", "statements", "people", "versions", "all"}
"""Of the digest, what an older engine says of the same texts differs in."""
LINKED = {"statements", "segments", "segment_links", "all"}
"""Of the digest, what differs until the quotes of a backup from before 0018 are cut into sentences."""
NOT_CORRECTED = {"alerts", "all"}
"""Of the digest, what differs since a store from before 0019 has sent no corrections."""


@pytest.fixture(scope="module")
def older(saved: Path, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The backup as code of a migration would have written it: the same state, in the tables it had then."""
    folder, database = tmp_path_factory.mktemp("older"), cluster.create("template1")
    done = onrecord("restore", saved, ONRECORD_HOME=folder / "home", ONRECORD_DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    with tarfile.open(saved) as bundle:
        bundle.extractall(folder / "parts", filter="data")
    engine = create_engine(sqlalchemy_url(database))
    found = {}
    for revision in OLDER:
        migrate.downgrade_database(engine, revision)
        if revision < KINDS:
            engine_version = "6" if revision < STANCES else "14"
            with engine.begin() as connection:
                for column in ("versions SET quoted_by", "quotes SET code_version"):
                    connection.execute(text(f"UPDATE onrecord.{column} = '{engine_version}'"))
        found[revision] = written_at(revision, engine, folder)
    engine.dispose()
    cluster.drop(database)
    return found.__getitem__


def written_at(revision: str, engine: Engine, folder: Path) -> Path:
    """A backup with the rows of the database as it is, and all else of the parts in the folder."""
    there = inspect(engine)
    rows, tables = folder / f"rows-{revision}", []
    rows.mkdir()
    with engine.connect() as connection:
        former = [Table(name, MetaData(SCHEMA)) for name in dump.FORMER.keys() - {it.name for it in dump.SAVED}]
        for table in (it for it in (*dump.SAVED, *former) if it.name in there.get_table_names(SCHEMA)):
            columns = tuple(it["name"] for it in there.get_columns(table.name, SCHEMA) if not it.get("computed"))
            with gzip.open(rows / dump.file_of(table.name), "wb") as file:
                number = dump._copy_out(connection, table, columns, file)
            tables.append({"table": table.name, "columns": columns, "rows": number})
    manifest = json.loads((folder / "parts" / "manifest.json").read_text(encoding="utf-8"))
    files = {name: it for name, it in manifest["files"].items() if not name.startswith("database/")}
    target = folder / f"{revision}.tar"
    with tarfile.open(target, "w") as bundle:
        for name in files:
            bundle.add(folder / "parts" / name, name)
        for path in rows.iterdir():
            data = path.read_bytes()
            files[f"database/{path.name}"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            bundle.add(path, f"database/{path.name}")
        manifest |= {"revision": revision, "tables": tables, "files": files}
        (rows / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        bundle.add(rows / "manifest.json", "manifest.json")
    return target


@pytest.mark.parametrize("revision", OLDER)
def test_a_backup_of_an_older_migration_is_brought_to_this_one(
    older: Callable[[str], Path],
    whole: dict[str, str],
    empty_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    revision: str,
) -> None:
    where = {"ONRECORD_HOME": tmp_path, "ONRECORD_DATABASE_URL": empty_database, "ONRECORD_CONFIG": CONFIG}
    for name, value in where.items():
        monkeypatch.setenv(name, str(value))

    def printed(*words: str) -> str:
        """In this process: the starts of so many commands would take longer than what they do."""
        assert run_command_line([*words]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    printed("restore", str(older(revision)))
    found = json.loads(printed("digest", "--json"))
    assert {name for name in whole if found[name] != whole[name]} == expected_to_differ(revision)
    acts = [json.loads(line) for line in printed("audit", "--json").splitlines()]
    assert [(it["act"], it["detail"].get("from")) for it in acts[-2:]] == [("db upgrade", revision), ("restore", None)]
    assert all(it["who"] and it["at"] for it in acts)
    if revision in (OLDER[-1], LAST_WITHOUT):
        assert_quoted_anew(whole, where)


def expected_to_differ(revision: str) -> set[str]:
    """Of the digest, what a store restored from a backup of that migration has otherwise until it is quoted anew."""
    quoted = QUOTED if revision < PEOPLE else QUOTED - {"people"} if revision < KINDS else set()
    linked = LINKED if revision < SEGMENTS else set()
    return quoted | linked | (NOT_CORRECTED if revision < CORRECTIONS else set())


def assert_quoted_anew(whole: dict[str, str], where: dict[str, object]) -> None:
    """How speakers stand to their words was not kept then: the next run reads the texts again, with today's engine."""
    assert onrecord("verify", "--all", **where).returncode == 0
    sources = [part for path in (CONFIG / "sources").iterdir() for part in ("--source", path.stem)]
    for command in (("quote", *sources), ("link",)):
        done = onrecord(*command, **where)
        assert done.returncode == 0, done.stderr
    found = digest(**where)
    # Linking is of all sources: those that the program brings are stored with ours. Readers who were notified of a
    # quote's first sentence count as notified of the others.
    assert {name for name in whole if found[name] != whole[name]} <= {"sources", "alerts", "all"}
