"""Journal and known URLs come back as they were written, also from a file that a killed crawler left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.crawling import journal
from pipeline.records import DocumentKind, Fetch, KnownUrl, Outcome, WarcRecord

NOON = datetime(2026, 6, 15, 12, 0, 0, 123456, tzinfo=UTC)
FULL = Fetch(
    "https://news.example/1", DocumentKind.PAGE, Outcome.KEPT, "new", NOON, "https://news.example/1", 200, "text/html",
    '"e"', "Mon, 15 Jun 2026 12:00:00 GMT", "ab" * 32, WarcRecord("paper/x.warc.gz", 10, 20, "cd" * 32), "detail",
    "https://news.example/feed", "Даманов: «да»\nи \ud800 нет", "вчера", 12,
)  # fmt: skip
BARE = Fetch("https://news.example/2", DocumentKind.FEED, Outcome.ERROR, "timeout", NOON)


def test_a_fetch_comes_back_as_it_was() -> None:
    for fetch in (FULL, BARE):
        line = journal.fetch_to_json(fetch)
        assert "\n" not in line
        assert journal.fetch_from_json(line) == fetch


def test_a_known_url_comes_back_as_it_was() -> None:
    for known in (
        KnownUrl("https://a.example/", DocumentKind.PAGE, NOON),
        KnownUrl(
            "https://a.example/",
            DocumentKind.PAGE,
            NOON,
            "e",
            "l",
            "s",
            NOON,
            Outcome.GONE,
            "r",
            date(2026, 6, 1),
            WarcRecord("paper/x.warc.gz", 10, 20, "cd" * 32),
            NOON,
        ),
    ):
        assert journal.known_from_json(journal.known_to_json(known)) == known


def test_a_line_that_was_cut_is_passed_over_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "journal.jsonl"
    book = journal.Journal(path)
    book.write(FULL)
    book.write(BARE)
    book.close()
    path.write_bytes(path.read_bytes()[:-9])
    assert list(journal.read_fetches(path)) == [FULL]
    book = journal.Journal(path)
    book.write(BARE)
    book.close()
    assert list(journal.read_fetches(path)) == [FULL, BARE]


def test_a_line_is_with_the_system_as_soon_as_it_is_written(tmp_path: Path) -> None:
    book = journal.Journal(tmp_path / "journal.jsonl")
    book.write(BARE)
    assert list(journal.read_fetches(tmp_path / "journal.jsonl")) == [BARE]
    book.close()
