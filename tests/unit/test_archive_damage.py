"""Every kind of damage to an archive file is one line that names its place, and the rest is proved."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import archive, cli
from pipeline.archive import ArchiveWriter, Exchange, FailedRequest
from pipeline.records import Disposition, Outcome

NOON = datetime(2026, 6, 15, 12, 0, 0, tzinfo=UTC)
Spans = list[tuple[int, int]]
"""Where each record begins and ends: what the file is, then three answers with their requests, then two silences."""


def written(folder: Path) -> Path:
    """A closed file of every kind of record but revisits."""
    writer = ArchiveWriter(folder, "paper", "r1", NOON)
    for n in range(3):
        headers = (("Content-Type", "text/html"),)
        body = f"<p>Page {n} of the harbour's news</p>".encode() * (30 + n)
        writer.append(Exchange(f"https://news.example/{n}", NOON, 200, headers, body, (("User-Agent", "test"),), "OK"))
    for n in range(2):
        writer.append_failed_request(
            FailedRequest(f"https://news.example/gone/{n}", NOON, Disposition(Outcome.ERROR, "timeout", "x" * 40 * n))
        )
    writer.close()
    return folder / writer.names[0]


def spans_of(path: Path) -> Spans:
    with path.open("rb") as file:
        return [(it.offset, it.offset + it.length) for it in archive.gzip_members(file)]


def without(data: bytes, spans: Spans, n: int) -> bytes:
    return data[: spans[n][0]] + data[spans[n][1] :]


def doubled(data: bytes, spans: Spans, n: int) -> bytes:
    start, end = spans[n]
    return data[:end] + data[start:]


def swapped(data: bytes, spans: Spans, n: int, m: int) -> bytes:
    (a, b), (c, d) = spans[n], spans[m]
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def put(data: bytes, at: int, more: bytes, over: int = 0) -> bytes:
    return data[:at] + more + data[at + over :]


def rewritten(data: bytes, spans: Spans, n: int, old: bytes, new: bytes) -> bytes:
    start, end = spans[n]
    text = gzip.decompress(data[start:end])
    changed = re.sub(old, new, text, count=1)
    assert changed != text
    return put(data, start, gzip.compress(changed, mtime=0), end - start)


FOREIGN = gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nodd\r\n\r\n")
LAST = 8

KINDS: dict[str, tuple[Callable[[bytes, Spans], bytes], int]] = {
    "a byte flipped in an answer": (lambda d, s: put(d, s[3][0] + 60, bytes([d[s[3][0] + 60] ^ 4]), 1), 3),
    "a byte flipped in a request": (lambda d, s: put(d, s[4][0] + 60, bytes([d[s[4][0] + 60] ^ 4]), 1), 4),
    "a byte flipped in a gzip header": (lambda d, s: put(d, s[4][0] + 5, b"\x07", 1), 4),
    "a member that begins with no magic number": (lambda d, s: put(d, s[3][0], b"\0", 1), 3),
    "a checksum changed": (lambda d, s: put(d, s[2][1] - 8, b"\0\0\0\0", 4), 2),
    "a length changed": (lambda d, s: put(d, s[2][1] - 4, b"\1\1\1\1", 4), 2),
    "zeros over the middle of an answer": (lambda d, s: put(d, s[3][0] + 40, bytes(90), 90), 3),
    "zeros over a whole record": (lambda d, s: put(d, s[4][0], bytes(s[4][1] - s[4][0]), s[4][1] - s[4][0]), 4),
    "zeros over two records": (lambda d, s: put(d, s[3][0], bytes(s[4][1] - s[3][0]), s[4][1] - s[3][0]), 3),
    "zeros at the end": (lambda d, s: d + bytes(512), LAST + 1),
    "zeros between records": (lambda d, s: put(d, s[3][0], bytes(512)), 3),
    "words at the end": (lambda d, s: d + b"<html>no record</html>", LAST + 1),
    "words between records": (lambda d, s: put(d, s[5][0], b"no record at all"), 5),
    "a record that is no WARC record at the end": (lambda d, s: d + gzip.compress(b"nothing"), LAST + 1),
    "a record without an address at the end": (lambda d, s: d + FOREIGN, LAST + 1),
    "a record without an address in the middle": (lambda d, s: put(d, s[3][0], FOREIGN), 3),
    "cut in the last record": (lambda d, s: d[:-9], LAST),
    "cut in an answer": (lambda d, s: d[: s[3][0] + 50], 3),
    "the last record cut off": (lambda d, s: d[: s[LAST][0]], LAST),
    "the last answer and all after it cut off": (lambda d, s: d[: s[5][0]], 5),
    "the last record doubled": (lambda d, s: doubled(d, s, LAST), LAST + 1),
    "an answer doubled": (lambda d, s: doubled(d, s, 3), 4),
    "a request doubled": (lambda d, s: doubled(d, s, 4), 5),
    "an answer dropped": (lambda d, s: without(d, s, 3), 3),
    "a request dropped": (lambda d, s: without(d, s, 4), 4),
    "the last request dropped": (lambda d, s: without(d, s, 6), 6),
    "two requests swapped": (lambda d, s: swapped(d, s, 2, 4), 2),
    "what the file is dropped": (lambda d, s: without(d, s, 0), 0),
    "two answers swapped": (lambda d, s: swapped(d, s, 1, 5), 1),
    "an answer and its request swapped": (lambda d, s: swapped(d, s, 3, 4), 3),
    "an answer of another length than it says": (
        lambda d, s: rewritten(d, s, 3, rb"Content-Length: \d+", b"Content-Length: 7"),
        3,
    ),
    "a length that is no number": (lambda d, s: rewritten(d, s, 3, rb"Content-Length: \d+", b"Content-Length: x"), 3),
    "a date that is none": (lambda d, s: rewritten(d, s, 3, rb"WARC-Date: \S+", b"WARC-Date: soon"), 3),
    "no date": (lambda d, s: rewritten(d, s, 3, rb"WARC-Date: \S+\r\n", b""), 3),
    "no type": (lambda d, s: rewritten(d, s, 3, rb"WARC-Type: \S+\r\n", b""), 3),
    "no id": (lambda d, s: rewritten(d, s, 4, rb"WARC-Record-ID: \S+\r\n", b""), 4),
    "no address": (lambda d, s: rewritten(d, s, 3, rb"WARC-Target-URI: \S+\r\n", b""), 3),
    "a header without its end": (lambda d, s: rewritten(d, s, 4, rb"(?s)\r\n\r\n.*", b""), 4),
    "other words under the old digest": (lambda d, s: rewritten(d, s, 3, rb"Page 1", b"Page 9"), 3),
    "two records in one member": (lambda d, s: rewritten(d, s, 4, rb"(?s)^(.*)$", rb"\1\1"), 4),
    "nothing but zeros": (lambda d, s: bytes(len(d)), 0),
    "another file": (lambda d, s: b"<html>not an archive at all</html>", 0),
    "nothing": (lambda d, s: b"", 0),
}
"""Each kind of damage, and the number of the record before which, as it was written, the damage begins."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_damage_is_named_once_and_where_it_begins(tmp_path: Path, kind: str) -> None:
    damage, begins = KINDS[kind]
    path = written(tmp_path)
    data, spans = path.read_bytes(), spans_of(path)
    assert len(spans) == LAST + 1 and archive.verify_file(path) == []
    path.write_bytes(damage(data, spans))
    found = archive.verify_file(path)
    assert [it.offset for it in found] == [[*(start for start, _ in spans), len(data)][begins]], found


def test_the_command_names_file_and_place_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    path = written(tmp_path / "archive")
    whole = tmp_path / "archive" / "tribune" / path.name
    whole.parent.mkdir()
    whole.write_bytes(path.read_bytes())
    index = archive.index_of(path)
    archive.index_of(whole).write_bytes(index.read_bytes())
    end = path.stat().st_size
    path.write_bytes(path.read_bytes() + FOREIGN)
    assert cli.run_command_line(["archive", "verify"]) == 1
    output = capsys.readouterr().out.splitlines()
    assert output[-1] == "2 files: 1 BROKEN"
    [line] = output[:-1]
    assert f"BROKEN  paper/{path.name}: record at byte {end}: the record has no WARC-Record-ID" in line


def test_an_index_of_older_code_says_nothing_of_the_whole_file(tmp_path: Path) -> None:
    path = written(tmp_path)
    index = archive.index_of(path)
    index.write_text("".join(index.read_text("utf-8").splitlines(keepends=True)[1:]), "utf-8")
    assert archive.whole_file_of(index) is None
    assert archive.verify_file(path) == []
    spans = spans_of(path)
    path.write_bytes(doubled(path.read_bytes(), spans, LAST))
    assert [it.offset for it in archive.verify_file(path)] == [spans[LAST][1]]


def test_a_record_that_is_no_answer_is_not_read_as_one(tmp_path: Path) -> None:
    path = written(tmp_path)
    line = next(archive.read_index(archive.index_of(path)))
    start, end = spans_of(path)[2]
    packed = path.read_bytes()[start:end]
    request = replace(line, offset=start, length=end - start, sha256=archive.record_sha256(packed))
    with pytest.raises(archive.ArchiveError, match="no response record here"):
        archive.read_response(tmp_path, request.record("paper"))
