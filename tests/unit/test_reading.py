"""Documents of any size are read in a worker process; one that breaks a limit costs the worker, not the crawl."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from crawlers import reading
from crawlers.reading import Contents, Reader
from pipeline.config.discovery import Document
from pipeline.errors import Rejected
from pipeline.records import DocumentKind

FEED = (
    b'<rss version="2.0"><channel><title>Mill</title><link>https://mill.example/</link>'
    b"<item><title>Flood</title><link>https://mill.example/flood</link></item></channel></rss>"
)


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


def read(reader: Reader, body: bytes = FEED) -> Contents:
    url = "https://mill.example/rss.xml"
    return asyncio.run(reader.contents(DocumentKind.FEED, None, body, url=url, content_type="text/xml"))


def whose(_: Document | None, body: bytes, url: str, content_type: str) -> Contents:
    return Contents((), problems=(str(os.getpid()),))


def crash(_: Document | None, body: bytes, url: str, content_type: str) -> Contents:
    os.kill(os.getpid(), signal.SIGSEGV)
    return Contents(())


def test_a_small_document_is_read_in_the_worker(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [entry.url for entry in read(reader).entries] == ["https://mill.example/flood"]
    monkeypatch.setitem(reading._READERS, DocumentKind.FEED, whose)
    first, second = read(reader).problems, read(reader).problems
    assert first == second, "one worker reads all documents"
    assert int(first[0]) != os.getpid()


def test_a_document_that_kills_its_reader_is_refused_and_the_next_is_read(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(reading._READERS, DocumentKind.FEED, crash)
        with pytest.raises(Rejected) as refused:
            read(reader)
    assert refused.value.reason == "parse-crash"
    assert len(read(reader).entries) == 1
