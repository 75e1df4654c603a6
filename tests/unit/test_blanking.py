"""Entries taken out of an archived document: the record keeps its length, and what is left reads as before."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from pipeline import archive
from pipeline.archive.encode import packed_response
from pipeline.archive.reader import read_exchanges
from pipeline.parsing.content_encoding import decode_content

WHERE = "feed.warc.gz at 0"


def feed(number: int = 60) -> tuple[list[str], bytes]:
    """The addresses of a feed's entries, and the feed: words that pack as prose does."""
    choose = random.Random(7)
    words = [f"слово{choose.randrange(900)}" for _ in range(400)]
    addresses = [f"https://wire.example/news/{n}" for n in range(number)]
    entries = [
        f"<item><link>{address}</link><description>{' '.join(choose.choices(words, k=90))}</description></item>"
        for address in addresses
    ]
    return addresses, f"<rss><channel>{''.join(entries)}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("", bytes),
        ("br", lambda body: brotli.compress(body, quality=11)),
        ("zstd", lambda body: zstandard.ZstdCompressor(level=19).compress(body)),
    ],
)
def test_an_entry_is_gone_and_the_others_stay_however_closely_it_was_packed(coding: str, pack) -> None:
    addresses, body = feed()
    headers = (("Content-Type", "application/rss+xml"), *((("Content-Encoding", coding),) if coding else ()))
    stored = archive.Exchange("https://wire.example/rss", datetime(2026, 6, 15, tzinfo=UTC), 200, headers, pack(body))
    packed = packed_response(stored).data
    cut = archive.redact_entries(packed, addresses[30:31], WHERE)
    assert cut is not None and len(cut) == len(packed)
    left = next(read_exchanges(cut, WHERE))
    text = decode_content(left.body, left.header("Content-Encoding"), limit=1 << 24).decode()
    assert [address for address in addresses if f"{address}<" in text] == addresses[:30] + addresses[31:]
    assert archive.redact_entries(cut, addresses[30:31], WHERE) is None
