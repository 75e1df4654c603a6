"""What is archived can be proven, and damage is found and named."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline import archive
from pipeline.archive import ArchiveError, ArchiveWriter, Exchange
from pipeline.records import WarcRecord

NOON = datetime(2026, 6, 15, 12, 0, 0, tzinfo=UTC)


def exchange(number: int = 1, body: bytes = b"<p>Hello</p>", **headers: str) -> Exchange:
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(
        f"https://news.example/{number}?q=1", NOON, 200, sent, body, (("User-Agent", "test"),), "OK", "192.0.2.1"
    )


def written(folder: Path, count: int = 3, run: str = "r1", close: bool = True) -> list[WarcRecord]:
    writer = ArchiveWriter(folder, "paper", run, NOON)
    records = [writer.append(exchange(n, f"<p>Page {n}</p>".encode() * 50)) for n in range(count)]
    if close:
        writer.close()
    return records


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(data)


def test_a_record_reads_back_what_was_served(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "paper", "run/1", NOON)
    record = writer.append(exchange(body="Даманов".encode(), Content_Type="text/html; charset=utf-8"))
    writer.close()
    found = archive.read_response(tmp_path, record)
    assert record.warc == "paper/20260615T120000-run_1.warc.gz"
    assert (found.url, found.status, found.body) == ("https://news.example/1?q=1", 200, "Даманов".encode())
    assert found.header("content-type") == "text/html; charset=utf-8"
    assert found.fetched_at == NOON


def test_a_body_is_kept_as_received_and_read_decoded(tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>Hello</p>" * 100)
    writer = ArchiveWriter(tmp_path, "paper", "r1", NOON)
    record = writer.append(exchange(body=packed, Content_Encoding="gzip", Transfer_Encoding="chunked"))
    writer.close()
    assert archive.read_response(tmp_path, record).body == b"<p>Hello</p>" * 100
    with (tmp_path / record.warc).open("rb") as file:
        raw = [r.raw_stream.read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert raw == [packed]


def test_another_reader_finds_every_record_and_its_digests_hold(tmp_path: Path) -> None:
    records = written(tmp_path)
    path = tmp_path / records[0].warc
    with path.open("rb") as file:
        found = []
        for record in ArchiveIterator(file, check_digests=True):
            record.raw_stream.read()
            assert record.digest_checker.passed is not False
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI")))
    assert found[0][0] == "warcinfo"
    assert [kind for kind, _ in found[1:]] == ["response", "request"] * 3
    assert found[1][1] == "https://news.example/0?q=1"


def test_a_record_is_named_and_readable_the_same_before_and_after_closing(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "paper", "r1", NOON)
    record = writer.append(exchange())
    assert [path.name for path in (tmp_path / "paper").iterdir()] == ["20260615T120000-r1.warc.gz.open"]
    assert archive.read_response(tmp_path, record).body == b"<p>Hello</p>"
    writer.close()
    names = sorted(path.name for path in (tmp_path / "paper").iterdir())
    assert names == ["20260615T120000-r1.cdxj", "20260615T120000-r1.warc.gz"]
    assert archive.read_response(tmp_path, record).body == b"<p>Hello</p>"


def test_a_writer_that_wrote_nothing_leaves_no_file(tmp_path: Path) -> None:
    ArchiveWriter(tmp_path, "paper", "r1", NOON).close()
    assert not list(tmp_path.rglob("*.gz*"))


def test_a_second_run_of_the_same_name_never_overwrites(tmp_path: Path) -> None:
    first, second = written(tmp_path, 1)[0], written(tmp_path, 1)[0]
    assert second.warc == "paper/20260615T120000-r1-2.warc.gz"
    assert archive.read_response(tmp_path, first).body == archive.read_response(tmp_path, second).body


def test_a_long_run_goes_on_in_a_new_file(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "paper", "r1", NOON, roll_at=1000)
    records = [writer.append(exchange(n, f"<p>Page {n}</p>".encode() * 50)) for n in range(6)]
    writer.close()
    assert len({record.warc for record in records}) > 1
    assert [archive.read_response(tmp_path, record).url[-5:-4] for record in records] == list("012345")


def test_one_flipped_bit_is_found_and_named_with_file_and_offset(tmp_path: Path) -> None:
    first, second, third = written(tmp_path)
    path = tmp_path / second.warc
    flip(path, second.offset + second.length // 2)
    with pytest.raises(ArchiveError, match=rf"{second.warc} at offset {second.offset}: .*sha256") as damaged:
        archive.read_response(tmp_path, second)
    assert damaged.value.fields == {"place": f"{path} at offset {second.offset}"}
    assert archive.read_response(tmp_path, first).status == archive.read_response(tmp_path, third).status == 200
    assert [damage.offset for damage in archive.verify_file(path)] == [second.offset]


def test_every_single_flipped_byte_of_a_record_is_found(tmp_path: Path) -> None:
    record = written(tmp_path, 1)[0]
    path = tmp_path / record.warc
    whole = path.read_bytes()
    for position in range(record.offset, record.offset + record.length, 7):
        damaged = bytearray(whole)
        damaged[position] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ArchiveError):
            archive.read_response(tmp_path, record)
    path.write_bytes(whole)
    assert archive.verify_file(path) == []


def test_a_file_cut_anywhere_is_found(tmp_path: Path) -> None:
    records = written(tmp_path)
    path = tmp_path / records[0].warc
    whole = path.read_bytes()
    with path.open("rb") as file:
        ends = {member.offset + member.length for member in archive.gzip_members(file)}
    for length in sorted({*range(1, len(whole), 13), *ends} - {len(whole)}):
        path.write_bytes(whole[:length])
        found = archive.verify_file(path)
        assert len(found) == 1 and found[0].offset <= length, (length, found)
    path.write_bytes(whole)
    assert archive.verify_file(path) == []


def test_a_record_that_claims_other_words_than_its_digest_is_found(tmp_path: Path) -> None:
    record = written(tmp_path, 1)[0]
    path = tmp_path / record.warc
    data = path.read_bytes()
    member = data[record.offset : record.offset + record.length]
    forged = gzip.compress(gzip.decompress(member).replace(b"Page 0", b"Page 9"))
    path.write_bytes(data[: record.offset] + forged + data[record.offset + record.length :])
    assert [damage.offset for damage in archive.verify_file(path)] == [record.offset]


@pytest.mark.parametrize("name", ["../outside.warc.gz", "/etc/hostname", "paper/missing.warc.gz"])
def test_a_record_outside_the_archive_or_missing_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.warc.gz").write_bytes(b"x")
    inside = tmp_path / "archive"
    inside.mkdir()
    with pytest.raises(ArchiveError, match=r"outside the archive|no such file"):
        archive.read_response(inside, WarcRecord(name, 0, 1, "00"))


def test_a_record_that_reaches_over_the_end_is_refused(tmp_path: Path) -> None:
    record = written(tmp_path, 1)[0]
    with pytest.raises(ArchiveError, match="the file ends before the record does"):
        archive.read_response(tmp_path, replace(record, length=record.length + 10_000))


def test_header_lines_cannot_be_forged_by_a_server(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "paper", "r1", NOON)
    record = writer.append(exchange(X_Evil="a\r\nSet-Cookie: b=c\r\n\r\n<p>forged</p>"))
    writer.close()
    found = archive.read_response(tmp_path, record)
    assert found.body == b"<p>Hello</p>"
    assert found.header("Set-Cookie") == ""


@pytest.mark.parametrize("lost", [1, 40, 200])
def test_what_a_killed_writer_left_is_cut_to_whole_records_and_closed(tmp_path: Path, lost: int) -> None:
    records = written(tmp_path)
    path = tmp_path / records[0].warc
    torn = path.with_name(path.name + ".open")
    torn.write_bytes(path.read_bytes()[:-lost])
    path.unlink()
    assert archive.recover_archive(tmp_path) == (records[0].warc,)
    assert not torn.exists()
    assert archive.verify_file(path) == []
    whole = path.stat().st_size
    for record in records:
        if record.offset + record.length <= whole:
            assert archive.read_response(tmp_path, record).status == 200
    assert archive.read_response(tmp_path, records[1]).status == 200


def test_recovery_leaves_a_living_writer_and_other_runs_alone(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "paper", "living", NOON)
    record = writer.append(exchange())
    assert archive.recover_archive(tmp_path) == ()
    (tmp_path / "paper" / "20260615T120000-dead.warc.gz.open").write_bytes(b"")
    assert archive.recover_archive(tmp_path, run="another") == ()
    assert archive.recover_archive(tmp_path, run="dead") == ()
    assert [path.name for path in (tmp_path / "paper").iterdir()] == ["20260615T120000-living.warc.gz.open"]
    writer.close()
    assert archive.read_response(tmp_path, record).status == 200


def test_places_of_another_tool_s_file_lead_to_its_responses(tmp_path: Path) -> None:
    path = tmp_path / written(tmp_path)[0].warc
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    for file in (path, plain):
        found = list(archive.record_locations(file))
        assert [place.url for place in found] == [f"https://news.example/{n}?q=1" for n in range(3)]
        data = io.BytesIO(file.read_bytes())
        data.seek(found[2].offset)
        assert b"Page 2" in next(archive.read_exchanges(data.read(found[2].length), "here")).body


def test_a_file_that_is_no_warc_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"<html>not a WARC</html>")
    with pytest.raises(ArchiveError, match=r"x\.warc\.gz: not a WARC file"):
        list(archive.record_locations(path))
    with pytest.raises(ArchiveError, match="cannot be read"):
        list(archive.record_locations(tmp_path / "missing.warc.gz"))
