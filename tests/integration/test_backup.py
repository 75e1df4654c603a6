"""A backup from a stranger: nothing of it runs, leaves its place or is kept by half, and the message names the part."""

from __future__ import annotations

import copy
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from pipeline.config.settings import Settings
from pipeline.errors import ConfigError
from pipeline.operations import backup
from pipeline.store.admin import dump
from pipeline.store.engine import sqlalchemy_url
from tests.conftest import Cluster

HOME = ("archive/gazette/2026-06-01.warc.gz", "spool/one.eml", "config/watches.yaml")


@dataclass
class Parts:
    """A backup taken apart, to be put together another way."""

    manifest: dict[str, Any]
    members: dict[str, bytes]
    last: list[tuple[tarfile.TarInfo, bytes]] = field(default_factory=list)
    """Members that go before the manifest and that it may not list."""

    def set(self, name: str, data: bytes) -> None:
        """A member, as the manifest would list it."""
        self.members[name] = data
        self.manifest["files"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def rows(self, table: str) -> dict[str, Any]:
        return next(it for it in self.manifest["tables"] if it["table"] == table)

    def write(self, path: Path) -> Path:
        with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as bundle:
            entries = [*((tarfile.TarInfo(name), data) for name, data in self.members.items()), *self.last]
            for entry, data in [*entries, (tarfile.TarInfo("manifest.json"), json.dumps(self.manifest).encode())]:
                if entry.isreg():
                    entry.size = len(data)
                bundle.addfile(entry, io.BytesIO(data))
        return path


@pytest.fixture(scope="module")
def taken(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """A small true backup: one source, one archive file, one mail, one setting."""
    folder, address = tmp_path_factory.mktemp("taken"), cluster.create(template)
    engine = create_engine(sqlalchemy_url(address))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO onrecord.sources (id, title, publisher, country, language, home, definition, updated) "
                "VALUES ('gazette', 'Gazette', 'x', 'XX', 'en', 'http://gazette.example/', '{}', now())"
            )
        )
        connection.execute(text("INSERT INTO onrecord.warc_files (id, uri) VALUES ('gazette/a.warc.gz', 'a')"))
    backup.write_backup(engine, installation(folder / "home", address), folder / "true.tar")
    engine.dispose()
    cluster.drop(address)
    with tarfile.open(folder / "true.tar") as bundle:
        members = {it.name: bundle.extractfile(it).read() for it in bundle}  # type: ignore[union-attr]
    found = Parts(json.loads(members.pop("manifest.json")), members)
    for name in HOME:
        found.set(name, f"held by {name}".encode())
    return found


@pytest.fixture
def parts(taken: Parts) -> Parts:
    return copy.deepcopy(taken)


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> Iterator[str]:
    """One for all that are refused: each leaves it without a row, or fails."""
    address = cluster.create("template1")
    yield address
    cluster.drop(address)


@pytest.fixture
def target(database: str, tmp_path: Path) -> Settings:
    return installation(tmp_path / "restored", database)


def installation(home: Path, database: str) -> Settings:
    return Settings(home, database)


def restore(target: Settings, source: Path) -> None:
    assert target.database_url
    engine = create_engine(sqlalchemy_url(target.database_url))
    try:
        backup.restore_backup(engine, target, source)
    finally:
        engine.dispose()


def rows_of(target: Settings) -> int:
    """Rows of ours in the target's database."""
    assert target.database_url
    engine = create_engine(sqlalchemy_url(target.database_url))
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('onrecord.sources')")) is None:
            return 0
        found = sum(connection.scalar(text(f"SELECT count(*) FROM onrecord.{it.name}")) or 0 for it in dump.SAVED)
    engine.dispose()
    return found


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_true_backup_comes_back(parts: Parts, empty_database: str, tmp_path: Path) -> None:
    target = installation(tmp_path / "restored", empty_database)
    restore(target, parts.write(tmp_path / "b.tar"))
    assert rows_of(target) == 2
    assert files_in(target.home) == sorted(name.replace("config/", "restored-config/") for name in HOME)


def program(parts: Parts) -> None:
    name = 'sources" ("id") FROM PROGRAM \'touch /tmp/onrecord-restored\' --'
    parts.manifest["tables"].insert(0, {"table": name, "columns": ["id"], "rows": 0})
    parts.set(f"database/{name}.copy.gz", gzip.compress(b""))


def column(parts: Parts) -> None:
    parts.rows("sources")["columns"][0] = "id\") FROM PROGRAM 'touch /tmp/onrecord-restored' --"


def other_table(parts: Parts) -> None:
    parts.manifest["tables"].append({"table": "pg_authid", "columns": ["rolname"], "rows": 0})
    parts.set("database/pg_authid.copy.gz", gzip.compress(b""))


def table_twice(parts: Parts) -> None:
    parts.manifest["tables"].append(parts.rows("sources"))


def column_twice(parts: Parts) -> None:
    parts.rows("sources")["columns"].append("id")


def column_left_out(parts: Parts) -> None:
    parts.rows("names")["columns"].pop()


def table_left_out(parts: Parts) -> None:
    parts.manifest["tables"].remove(parts.rows("edits"))
    del parts.members["database/edits.copy.gz"], parts.manifest["files"]["database/edits.copy.gz"]


def revision(parts: Parts) -> None:
    parts.manifest["revision"] = "base"


def newer(parts: Parts) -> None:
    parts.manifest["revision"] = "9999"


def rows_below_none(parts: Parts) -> None:
    parts.rows("edits")["rows"] = -1


def rows_in_words(parts: Parts) -> None:
    parts.rows("edits")["rows"] = "many"


def more_rows(parts: Parts) -> None:
    parts.rows("warc_files")["rows"] = 7


def fewer_rows(parts: Parts) -> None:
    parts.rows("warc_files")["rows"] = 0


def bomb(parts: Parts) -> None:
    parts.set("database/edits.copy.gz", gzip.compress(bytes(300 << 20), 1))


def bomb_of_rows(parts: Parts) -> None:
    parts.set("database/edits.copy.gz", gzip.compress(b"\n" * (64 << 20)))


def half_a_gzip(parts: Parts) -> None:
    data = parts.members["database/sources.copy.gz"]
    parts.set("database/sources.copy.gz", data[: len(data) // 2])


def no_rows_at_all(parts: Parts) -> None:
    parts.set("database/warc_files.copy.gz", gzip.compress(b"no columns\n"))


def upwards(parts: Parts) -> None:
    parts.set("archive/../../escaped", b"x")


def from_the_root(parts: Parts) -> None:
    parts.set("spool//tmp/onrecord-escaped", b"x")


def backslashes(parts: Parts) -> None:
    parts.set("config/..\\..\\escaped", b"x")


def line_feed(parts: Parts) -> None:
    parts.set("archive/a\n/b", b"x")


def another_folder(parts: Parts) -> None:
    parts.set("pg/data/pg_hba.conf", b"host all all all trust")


def file_as_folder(parts: Parts) -> None:
    parts.set("spool/one.eml/two.eml", b"x")


def rows_of_no_table(parts: Parts) -> None:
    parts.set("database/more.copy.gz", gzip.compress(b""))


def unlisted(parts: Parts) -> None:
    parts.members["archive/unlisted.warc.gz"] = b"x"


def twice(parts: Parts) -> None:
    parts.last.append((tarfile.TarInfo("spool/one.eml"), b"another"))


def symbolic_link(parts: Parts) -> None:
    entry = tarfile.TarInfo("archive/link")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    parts.last.append((entry, b""))
    parts.manifest["files"]["archive/link"] = {"size": 0, "sha256": hashlib.sha256(b"").hexdigest()}


def hard_link(parts: Parts) -> None:
    entry = tarfile.TarInfo("archive/link")
    entry.type, entry.linkname = tarfile.LNKTYPE, "spool/one.eml"
    parts.last.append((entry, b""))


def device(parts: Parts) -> None:
    entry = tarfile.TarInfo("archive/device")
    entry.type, entry.devmajor, entry.devminor = tarfile.CHRTYPE, 1, 5
    parts.last.append((entry, b""))


def holes(parts: Parts) -> None:
    """A few bytes that say they are a terabyte."""
    entry = tarfile.TarInfo("archive/holes")
    entry.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40)}
    parts.last.append((entry, b"x"))


def size_that_differs(parts: Parts) -> None:
    parts.manifest["files"]["spool/one.eml"]["size"] = 5


def larger_than_the_disk(parts: Parts) -> None:
    parts.manifest["files"]["spool/one.eml"]["size"] = 1 << 60


def bytes_that_differ(parts: Parts) -> None:
    parts.members["spool/one.eml"] = parts.members["spool/one.eml"][::-1]


def lost(parts: Parts) -> None:
    del parts.members["spool/one.eml"]


def another_state(parts: Parts) -> None:
    parts.manifest["digest"]["sources"] = "0" * 64


def no_digest(parts: Parts) -> None:
    parts.manifest["digest"] = {}


def archive_file_elsewhere(parts: Parts) -> None:
    data = gzip.decompress(parts.members["database/warc_files.copy.gz"])
    parts.set("database/warc_files.copy.gz", gzip.compress(data.replace(b"gazette/a.warc.gz", b"../../spool/one.eml")))


def another_format(parts: Parts) -> None:
    parts.manifest["format"] = 2


CRAFTED: dict[Callable[[Parts], None], str] = {
    program: "is no table of ours",
    column: "sources: .* is no column of ours",
    other_table: "'pg_authid' is no table of ours",
    table_twice: "'sources' is in it twice",
    column_twice: "sources: a column is in it twice",
    column_left_out: "columns of names",
    table_left_out: "no rows of the table edits",
    revision: "'base' is no migration",
    newer: "'9999' is no migration .*update onrecord",
    rows_below_none: "'tables'.*'rows'",
    rows_in_words: "'tables'.*'rows'",
    more_rows: "warc_files.copy.gz has 1 rows, 7",
    fewer_rows: "warc_files.copy.gz has more rows, 0",
    bomb: "edits.copy.gz: a row of more than",
    bomb_of_rows: "edits.copy.gz has more rows, 0",
    half_a_gzip: "sources.copy.gz cannot be unpacked",
    no_rows_at_all: "warc_files.copy.gz cannot be loaded",
    upwards: "escaped' is no name",
    from_the_root: "escaped' is no name",
    backslashes: "escaped' is no name",
    line_feed: "is no name",
    another_folder: "pg_hba.conf' is no name",
    file_as_folder: "one.eml' is no name",
    rows_of_no_table: "more.copy.gz' belongs to no table",
    unlisted: "unlisted.warc.gz' is not in its manifest",
    twice: "one.eml' is in it twice",
    symbolic_link: "archive/link' is no plain file",
    hard_link: "archive/link' is no plain file",
    device: "archive/device' is no plain file",
    holes: "archive/holes' is no plain file",
    size_that_differs: "spool/one.eml has .* bytes, 5 were saved",
    larger_than_the_disk: "spool/one.eml has",
    bytes_that_differ: "damaged: spool/one.eml is not what was saved",
    lost: "damaged: spool/one.eml is missing",
    another_state: "digest of sources",
    no_digest: "not what was saved",
    archive_file_elsewhere: "spool/one.eml' as a file of the archive",
    another_format: "format 2",
}


@pytest.mark.parametrize("change", CRAFTED, ids=lambda it: it.__name__)
def test_a_crafted_backup_is_refused_whole(
    change: Callable[[Parts], None], parts: Parts, target: Settings, tmp_path: Path
) -> None:
    escaped = [Path("/tmp/onrecord-restored"), Path("/tmp/onrecord-escaped"), tmp_path / "escaped"]
    change(parts)
    crafted = parts.write(tmp_path / "crafted.tar")
    before = files_in(tmp_path)
    with pytest.raises(ConfigError, match=CRAFTED[change]):
        restore(target, crafted)
    assert rows_of(target) == 0
    assert files_in(tmp_path) == before
    assert not target.home.exists() or not list(target.home.iterdir())
    assert not [it for it in escaped if it.exists()]


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.6, 0.95])
def test_a_backup_that_was_cut_is_refused_whole(parts: Parts, target: Settings, tmp_path: Path, kept: float) -> None:
    whole = parts.write(tmp_path / "whole.tar").read_bytes()
    end = whole.rindex(b'"format"')
    (tmp_path / "cut.tar").write_bytes(whole[: int(end * kept)])
    with pytest.raises(ConfigError, match=r"cut\.tar: .*(cut|cannot be restored)"):
        restore(target, tmp_path / "cut.tar")
    assert rows_of(target) == 0 and not target.home.exists()


def test_a_place_that_cannot_be_written_to_leaves_nothing_behind(
    parts: Parts, target: Settings, tmp_path: Path
) -> None:
    target.home.mkdir()
    target.spool.write_text("in the way")
    with pytest.raises(ConfigError, match="spool"):
        restore(target, parts.write(tmp_path / "b.tar"))
    assert rows_of(target) == 0 and files_in(target.home) == ["spool"]


def test_a_backup_to_or_from_what_is_no_file_says_so(
    engine: Engine, database_url: str, target: Settings, tmp_path: Path
) -> None:
    (tmp_path / "plain").write_text("no folder")
    with pytest.raises(ConfigError, match=r"plain/b\.tar: cannot be written: Not a directory$"):
        backup.write_backup(engine, installation(tmp_path / "home", database_url), tmp_path / "plain" / "b.tar")
    with pytest.raises(ConfigError, match=r"cannot be restored: Is a directory$"):
        restore(target, tmp_path)
