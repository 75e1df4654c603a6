"""WARC files of others, whole or damaged: what can be read is read, what cannot is named with its place."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from pipeline.archive import ArchiveError, Exchange, ReplayIndex
from pipeline.errors import ConfigError
from pipeline.stages.context import Replay

PAGE = b"<html><p>The mill grinds.</p></html>"


def record(kind: str, name: str = "", body: bytes = b"", *fields: str, http: bytes = b"HTTP/1.1 200 OK\r\n") -> bytes:
    block = http + b"\r\n" + body if kind in ("response", "revisit") and http else body
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:mill:{name or kind}>",
        f"WARC-Target-URI: http://mill.example/{name}",
        "WARC-Date: 2026-06-01T10:00:00Z",
        *fields,
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


INFO = record("warcinfo", "", b"software: mill\r\n")
NAMES = ("a", "b", "c")
RECORDS = [INFO, *(record("response", name, PAGE + name.encode() * 900 + os.urandom(400)) for name in NAMES)]


def read(path: Path, *names: str) -> tuple[list[str], list[str]]:
    """Which of the addresses are answered, and what is damaged."""
    held = ReplayIndex([path])
    found = {name: held.answer(f"http://mill.example/{name}", None) for name in names or NAMES}
    for name, it in found.items():
        assert it is None or (isinstance(it, Exchange) and it.body.startswith(PAGE)), name
    return [name for name, it in found.items() if it is not None], held.damage


def written(folder: Path, text: bytes) -> Path:
    path = folder / "mill.warc.gz"
    path.write_bytes(text)
    return path


@pytest.fixture
def packed() -> list[bytes]:
    return [gzip.compress(it) for it in RECORDS]


def test_a_whole_file_is_read_and_nothing_is_wrong(tmp_path: Path, packed: list[bytes]) -> None:
    assert read(written(tmp_path, b"".join(packed))) == (["a", "b", "c"], [])
    assert read(written(tmp_path, b"".join(RECORDS))) == (["a", "b", "c"], [])


@pytest.mark.parametrize("zeros", [1, 511, 100_000])
def test_zeros_are_padding(tmp_path: Path, packed: list[bytes], zeros: int) -> None:
    text = b"".join(packed[:2]) + b"\0" * zeros + b"".join(packed[2:]) + b"\0" * zeros
    assert read(written(tmp_path, text)) == (["a", "b", "c"], [])


def test_a_file_packed_as_a_whole_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path, gzip.compress(b"".join(RECORDS)))) == (["a", "b", "c"], [])
    halves = gzip.compress(b"".join(RECORDS[:2])) + gzip.compress(b"".join(RECORDS[2:]))
    assert read(written(tmp_path, halves)) == (["a", "b", "c"], [])


def test_a_cut_record_is_named_and_the_rest_is_read(tmp_path: Path, packed: list[bytes]) -> None:
    kept = b"".join(packed[:3])
    for text in (kept + packed[3][:-9], kept + packed[3][:200]):
        path = written(tmp_path, text)
        assert read(path) == (["a", "b"], [f"{path} at offset {len(kept)}: the record is cut"])
    plain = b"".join(RECORDS[:3])
    path = written(tmp_path, plain + RECORDS[3][:-50])
    assert read(path) == (["a", "b"], [f"{path} at offset {len(plain)}: the record is cut"])


def test_a_flipped_bit_costs_one_record(tmp_path: Path, packed: list[bytes]) -> None:
    at = len(packed[0]) + len(packed[1])
    damaged = bytearray(b"".join(packed))
    damaged[at + len(packed[2]) // 2] ^= 0x10
    path = written(tmp_path, bytes(damaged))
    found, damage = read(path)
    assert found == ["a", "c"]
    assert len(damage) == 1
    assert damage[0].startswith(f"{path} at offset {at}: ")


@pytest.mark.parametrize(
    "broken",
    [
        RECORDS[1].replace(b"WARC-Date: 2026-06-01T10:00:00Z", b"WARC-Date: yesterday"),
        RECORDS[1].replace(b"WARC-Date: 2026-06-01T10:00:00Z\r\n", b""),
        RECORDS[1].replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 two OK"),
        b"no record at all",
    ],
)
def test_a_record_that_makes_no_sense_costs_itself(tmp_path: Path, packed: list[bytes], broken: bytes) -> None:
    path = written(tmp_path, packed[0] + gzip.compress(broken) + packed[2] + packed[3])
    found, damage = read(path)
    assert found == ["b", "c"]
    assert [it.partition(": ")[0] for it in damage] == [f"{path} at offset {len(packed[0])}"]


@pytest.mark.parametrize(
    "text",
    [b"", b"\0" * 99, b"plain words", gzip.compress(b"plain words"), b"\x1f\x8b\x08 cut"],
    ids=["empty", "zeros", "words", "packed words", "a cut packed file"],
)
def test_what_is_no_warc_file_is_refused_by_name(tmp_path: Path, text: bytes) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ArchiveError) as refused:
        ReplayIndex([path])
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "\0" not in str(refused.value)


PROFILE = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@pytest.mark.parametrize(
    "fields",
    [
        ["WARC-Refers-To-Target-URI: http://mill.example/a", "WARC-Refers-To-Date: 2026-06-01T10:00:00Z"],
        ["WARC-Refers-To-Target-URI: <http://mill.example/a>"],
        ["WARC-Refers-To: <urn:mill:a>"],
        ["WARC-Payload-Digest: sha1:MILL"],
    ],
)
def test_a_revisit_has_the_body_of_the_record_it_refers_to(tmp_path: Path, fields: list[str]) -> None:
    original = record("response", "a", PAGE, "WARC-Payload-Digest: sha1:MILL")
    for http in (b"HTTP/1.1 200 OK\r\nX: y\r\n", b""):
        revisit = record("revisit", "again", b"", PROFILE, *fields, http=http)
        text = b"".join(map(gzip.compress, (INFO, original, revisit)))
        assert read(written(tmp_path, text), "again", "a") == (["again", "a"], [])


def test_a_revisit_of_what_is_not_there_has_no_body(tmp_path: Path) -> None:
    revisit = record("revisit", "again", b"", PROFILE, "WARC-Refers-To-Target-URI: http://mill.example/a")
    assert read(written(tmp_path, gzip.compress(INFO) + gzip.compress(revisit)), "again") == ([], [])


@pytest.mark.parametrize(
    "text",
    [b"", b"The mill grinds.\n", gzip.compress(b"The mill grinds.\n")],
    ids=["empty", "words", "packed words"],
)
def test_what_is_plainly_no_archive_is_refused_before_anything_is_read_from_it(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(ConfigError, match=r"mill.warc.gz: not a WARC file.*--replay"):
        Replay.of(written(tmp_path, text), None)


def test_a_damaged_archive_is_replayed_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    whole = b"".join(gzip.compress(record) for record in RECORDS)
    for text in (whole[:-20], b"\x00" * 300 + b"".join(RECORDS), b"\x1f\x8b" + whole[5:], b"".join(RECORDS)):
        assert Replay.of(written(tmp_path, text), None).file.name == "mill.warc.gz"


def test_a_folder_without_archives_is_no_world_to_replay(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="in this folder"):
        Replay.of(tmp_path, None)
