"""The index tells where each answer lies, unchanged bodies are kept once, and an export is whole."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline import archive
from pipeline.archive import Archive, ArchiveError, ArchiveWriter, Exchange, FailedRequest, ReplayIndex
from pipeline.archive.encode import gzip_member
from pipeline.archive.index import url_key
from pipeline.records import Disposition, Outcome, WarcRecord

NOON = datetime(2026, 6, 15, 12, 0, 0, tzinfo=UTC)
PAGE = "https://news.example/a"
BODY = b"<p>Hello</p>" * 100
HTML = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))


def exchange(body: bytes = BODY, status: int = 200, hours: int = 0, url: str = PAGE) -> Exchange:
    return Exchange(url, NOON + timedelta(hours=hours), status, HTML, body, (("User-Agent", "test"),), "OK")


def wrote(
    folder: Path, run: str, *steps: tuple[Exchange, WarcRecord | None] | FailedRequest, source: str = "paper"
) -> list[WarcRecord]:
    """Records of one run's file; each step is an exchange with the record it may repeat."""
    writer = ArchiveWriter(folder, source, run, NOON)
    records = []
    for step in steps:
        if isinstance(step, FailedRequest):
            writer.append_failed_request(step)
        else:
            records.append(writer.append(*step))
    writer.close()
    return records


def index(folder: Path, record: WarcRecord) -> list[archive.IndexLine]:
    return list(archive.read_index(archive.index_of(folder / record.warc)))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.kremlin.ru/", "ru,kremlin)/"),
        ("https://TASS.com/Politics/1894059?b=2&a=1#x", "com,tass)/politics/1894059?a=1&b=2"),
        ("http://en.kremlin.ru:80/a/", "ru,kremlin,en)/a"),
        ("https://x.ru:8443/a//b/?", "ru,x:8443)/a/b"),
        ("http://пример.испытание/путь?q=Я", "xn--80akhbyknj4f,xn--e1afmkfd)/%d0%bf%d1%83%d1%82%d1%8c?q=%d0%af"),
        ("http://h.ru?x=1", "ru,h)/?x=1"),
        ("http://h.ru/%D0%9F", "ru,h)/%d0%9f"),
        ("https://www2.rbc.ru/a%20b?utm_source=1", "ru,rbc)/a%20b?utm_source=1"),
    ],
)
def test_an_address_has_the_key_that_other_tools_give_it(url: str, key: str) -> None:
    assert url_key(url) == key


def test_each_answer_has_a_line_that_leads_to_its_bytes(tmp_path: Path) -> None:
    records = wrote(tmp_path, "r1", *((exchange(url=f"{PAGE}{n}"), None) for n in (2, 1, 3)))
    lines = index(tmp_path, records[0])
    assert [line.url[-1] for line in lines] == ["1", "2", "3"]
    assert {WarcRecord(f"paper/{line.filename}", line.offset, line.length, line.sha256) for line in lines} == set(
        records
    )
    data = (tmp_path / records[0].warc).read_bytes()
    for line in lines:
        assert hashlib.sha256(data[line.offset : line.offset + line.length]).hexdigest() == line.sha256
        assert (line.status, line.mime, line.fetched_at) == (200, "text/html", NOON)
    text = archive.index_of(tmp_path / records[0].warc).read_text(encoding="utf-8").splitlines()
    assert text == sorted(text)
    assert archive.WholeFile(len(data), hashlib.sha256(data).hexdigest()) == archive.whole_file_of(
        archive.index_of(tmp_path / records[0].warc)
    )
    key, time, fields = text[1].split(" ", 2)
    assert (key, time, json.loads(fields)["offset"]) == ("example,news)/a1", "20260615120000", str(lines[0].offset))


def test_an_unchanged_body_is_kept_once_and_read_back_twice(tmp_path: Path) -> None:
    (first,) = wrote(tmp_path, "r1", (exchange(), None))
    again, unmodified = wrote(tmp_path, "r2", (exchange(hours=1), first), (exchange(b"", 304, hours=2), first))
    assert again.length < first.length + 200
    with (tmp_path / again.warc).open("rb") as file:
        entries = [
            [record.rec_headers.get_header(name) for name in ("WARC-Type", "WARC-Profile", "WARC-Refers-To-Target-URI")]
            + [
                record.rec_headers.get_header("WARC-Refers-To-Date"),
                record.rec_headers.get_header("WARC-Payload-Digest"),
            ]
            for record in ArchiveIterator(file)
            if record.rec_type == "revisit"
        ]
    digest = index(tmp_path, first)[0].digest
    profiles = [
        f"http://netpreserve.org/warc/1.1/revisit/{it}" for it in ("identical-payload-digest", "server-not-modified")
    ]
    assert entries == [["revisit", profile, PAGE, "2026-06-15T12:00:00Z", digest] for profile in profiles]
    assert archive.verify_file(tmp_path / again.warc) == []
    held = ReplayIndex(archive.warc_paths(tmp_path))
    for hours in (0, 1, 2):
        answer = held.answer(PAGE, NOON + timedelta(hours=hours))
        assert isinstance(answer, Exchange)
        assert (answer.status, answer.body, answer.fetched_at) == (200, BODY, NOON + timedelta(hours=hours))
        assert Archive(tmp_path).extract(PAGE, NOON + timedelta(hours=hours)).body == BODY
    assert [line.revisit for _, line in Archive(tmp_path).index_lines()] == [False, True, True]
    assert unmodified.length < 1000


def test_a_body_that_only_reads_the_same_is_kept_as_it_came(tmp_path: Path) -> None:
    """Packed anew by the server: other bytes, other digest, so no revisit may claim it."""
    packed = [
        replace(exchange(gzip.compress(BODY, level, mtime=0)), headers=(("Content-Encoding", "gzip"),))
        for level in (1, 9)
    ]
    (first,) = wrote(tmp_path, "r1", (packed[0], None))
    (second,) = wrote(tmp_path, "r2", (packed[1], first))
    assert [line.revisit for _, line in Archive(tmp_path).index_lines()] == [False, False]
    assert archive.read_response(tmp_path, second).body == archive.read_response(tmp_path, first).body == BODY


def test_without_the_original_s_index_nothing_claims_to_repeat_it(tmp_path: Path) -> None:
    (first,) = wrote(tmp_path, "r1", (exchange(), None))
    archive.index_of(tmp_path / first.warc).unlink()
    whole, unmodified = wrote(tmp_path, "r2", (exchange(hours=1), first), (exchange(b"", 304, hours=2), first))
    assert archive.read_response(tmp_path, whole).body == BODY
    assert archive.verify_file(tmp_path / unmodified.warc) == []
    answer = ReplayIndex(archive.warc_paths(tmp_path)).answer(PAGE, None)
    assert isinstance(answer, Exchange)
    assert answer.body == BODY


def test_that_nobody_answered_is_told_only_where_nobody_ever_did(tmp_path: Path) -> None:
    silent = FailedRequest(f"{PAGE}/silent", NOON, Disposition(Outcome.ERROR, "timeout", "no\r\nanswer: at all"))
    later = FailedRequest(PAGE, NOON + timedelta(hours=1), Disposition(Outcome.ERROR, "dns"))
    wrote(tmp_path, "r1", (exchange(), None), silent, later)
    held = ReplayIndex(archive.warc_paths(tmp_path))
    assert held.answer(silent.url, None) == replace(
        silent, disposition=replace(silent.disposition, detail="no answer: at all")
    )
    answer = held.answer(PAGE, None)
    assert isinstance(answer, Exchange)
    assert held.answer(f"{PAGE}/other", None) is None
    assert held.answer(PAGE, NOON - timedelta(seconds=1)) is None


def test_an_index_out_of_step_with_its_file_is_found(tmp_path: Path) -> None:
    first, second = wrote(tmp_path, "r1", (exchange(), None), (exchange(url=f"{PAGE}2"), None))
    path = archive.index_of(tmp_path / first.warc)
    whole = path.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    for text, offset, words in (
        (lines[0] + lines[2], first.offset, "has no entry for this response"),
        (whole.replace(f'"{second.offset}"', f'"{second.offset + 1}"'), second.offset + 1, "there is no response here"),
        (whole.replace(first.sha256, "0" * 64), first.offset, "sha256"),
        (whole + "nonsense\n", 0, "line 4"),
        (lines[0][:-9] + "\n" + lines[1] + lines[2], 0, "line 1"),
        (whole.replace("news", "\udcff"), 0, "not text"),
    ):
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        damage = archive.verify_file(tmp_path / first.warc)
        assert any(it.offset == offset and words in it.problem for it in damage), (words, damage)
    path.write_text(whole, encoding="utf-8")
    assert archive.verify_file(tmp_path / first.warc) == []


def test_an_index_that_is_missing_is_made_anew(tmp_path: Path) -> None:
    (record,) = wrote(tmp_path, "r1", (exchange(), None))
    path = archive.index_of(tmp_path / record.warc)
    before = path.read_bytes()
    path.unlink()
    assert Archive(tmp_path).extract(PAGE).body == BODY
    assert archive.index_missing(tmp_path) == ()
    assert path.read_bytes() == before
    path.unlink()
    warc = tmp_path / record.warc
    warc.write_bytes(warc.read_bytes()[:-100])
    assert archive.index_missing(tmp_path) == (record.warc,)
    assert not path.exists()


def test_what_is_packed_already_goes_in_as_it_is(tmp_path: Path) -> None:
    body = gzip.compress(bytes(hashlib.shake_128(b"x").digest(30_000)))
    text = b"HTTP/1.1 200 OK\r\n" * 40 + body + b"\r\n\r\n"
    member = gzip_member(text, len(body))
    assert gzip.decompress(member) == text
    assert body in member
    assert len(member) < len(body) + 150


def test_an_export_holds_files_index_and_pages_with_their_hashes(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (first,) = wrote(folder, "r1", (exchange(), None))
    wrote(folder, "r1", (exchange(b"no", 404, url=f"{PAGE}/gone"), None), source="other")
    target = tmp_path / "all.wacz"
    assert Archive(folder).export(target, now=NOON) == 1
    with zipfile.ZipFile(target) as bundle:
        assert {it.compress_type for it in bundle.infolist()} == {zipfile.ZIP_STORED}
        package = json.loads(bundle.read("datapackage.json"))
        for resource in package["resources"]:
            data = bundle.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            assert resource["bytes"] == len(data)
        lines = bundle.read("indexes/index.cdx").decode().splitlines()
        assert lines == sorted(lines)
        for line in lines:
            entry = json.loads(line.split(" ", 2)[2])
            data = bundle.read(f"archive/{entry['filename']}")
            record = next(iter(ArchiveIterator(io.BytesIO(data[int(entry["offset"]) :]))))
            assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
        pages = [json.loads(line) for line in bundle.read("pages/pages.jsonl").decode().splitlines()]
    assert (pages[0]["format"], [page["url"] for page in pages[1:]]) == ("json-pages-1.0", [PAGE])
    assert Archive(folder).export(tmp_path / "one.wacz", source="paper", now=NOON) == 1
    with pytest.raises(ArchiveError, match="no closed file of nobody"):
        Archive(folder).export(target, source="nobody", now=NOON)
    assert first.warc.startswith("paper/")


def test_a_later_answer_or_an_earlier_one_is_extracted(tmp_path: Path) -> None:
    wrote(tmp_path, "r1", (exchange(), None), (exchange(b"later", hours=5), None))
    assert Archive(tmp_path).extract(PAGE).body == b"later"
    assert Archive(tmp_path).extract(PAGE, NOON + timedelta(hours=4)).body == BODY
    with pytest.raises(ArchiveError, match="not in the archive up to 2026-06-15 11:00:00 UTC"):
        Archive(tmp_path).extract(PAGE, NOON - timedelta(hours=1))
