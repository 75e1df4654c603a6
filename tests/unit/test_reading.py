"""Documents of any size are read in a worker process; one that breaks a limit costs the worker, not the crawl."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from crawlers import discovery_parser
from crawlers.discovery_parser import Contents, DiscoveryParser
from pipeline.config.discovery import DiscoveryDocument
from pipeline.errors import Rejected
from pipeline.reasons import Reason
from pipeline.records import DocumentKind

FEED = (
    b'<rss version="2.0"><channel><title>Mill</title><link>https://mill.example/</link>'
    b"<item><title>Flood</title><link>https://mill.example/flood</link></item></channel></rss>"
)


@pytest.fixture
def reader() -> Iterator[DiscoveryParser]:
    reader = DiscoveryParser()
    yield reader
    reader.close()


def read(reader: DiscoveryParser, body: bytes = FEED) -> Contents:
    url = "https://mill.example/rss.xml"
    return asyncio.run(reader.contents(DocumentKind.FEED, None, body, source="paper", url=url, content_type="text/xml"))


def whose(_: DiscoveryDocument | None, body: bytes, url: str, content_type: str) -> Contents:
    return Contents((), problems=(str(os.getpid()),))


def crash(_: DiscoveryDocument | None, body: bytes, url: str, content_type: str) -> Contents:
    os.kill(os.getpid(), signal.SIGSEGV)
    return Contents(())


def test_a_small_document_is_read_in_the_worker(reader: DiscoveryParser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [entry.url for entry in read(reader).entries] == ["https://mill.example/flood"]
    monkeypatch.setitem(discovery_parser._READERS, DocumentKind.FEED, whose)
    first, second = read(reader).problems, read(reader).problems
    assert first == second, "one worker reads all documents"
    assert int(first[0]) != os.getpid()


def test_a_document_that_kills_its_reader_is_refused_and_the_next_is_read(
    reader: DiscoveryParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(discovery_parser._READERS, DocumentKind.FEED, crash)
        with pytest.raises(Rejected) as refused:
            read(reader)
    assert refused.value.disposition.reason == "parse-crash"
    assert len(read(reader).entries) == 1


def refuse_all(_: DiscoveryDocument | None, body: bytes, url: str, content_type: str) -> Contents:
    raise KeyError("a fault of ours")


def test_a_fault_of_ours_is_told_as_one_and_not_lost(reader: DiscoveryParser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(discovery_parser._READERS, DocumentKind.FEED, refuse_all)
    with pytest.raises(Rejected) as refused:
        read(reader)
    assert refused.value.disposition.reason == Reason.BUG
    assert "a fault of ours" in refused.value.disposition.detail


def test_the_source_that_took_least_time_is_next_and_none_takes_all(
    reader: DiscoveryParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    async def one(source: str, number: int) -> None:
        url = f"https://{source}.example/{number}"
        try:
            await reader.contents(DocumentKind.FEED, None, FEED, source=source, url=url, content_type="")
        except Rejected as refused:
            order.append(refused.disposition.reason)
        else:
            order.append(source)

    async def all_at_once() -> None:
        reader._spent["greedy"] = 1.0
        await asyncio.gather(*(one("greedy", number) for number in range(4)), one("modest", 0))
        reader._spent["greedy"] = discovery_parser.MOST_SECONDS
        await one("greedy", 4)

    asyncio.run(all_at_once())
    assert order == ["greedy", "modest", "greedy", "greedy", "greedy", "parse-timeout"]


def test_whoever_is_stopped_with_the_turn_in_hand_passes_it_on(reader: DiscoveryParser) -> None:
    async def hold(source: str) -> str:
        async with reader._turn(source):
            return source

    async def all_three() -> str:
        async with reader._turn("first"):
            second, third = (asyncio.create_task(hold(name)) for name in ("second", "third"))
            await asyncio.sleep(0)
        second.cancel()
        return await asyncio.wait_for(third, timeout=20)

    assert asyncio.run(all_three()) == "third"
