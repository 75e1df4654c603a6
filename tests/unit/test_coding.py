"""A body is whole, or it is told what is wrong with it; a small one never becomes a huge one."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Rejected
from pipeline.parsing.content_encoding import decode_content

MANY = 1 << 24


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("coding", PACK)
@given(body=st.binary(max_size=3000))
def test_each_coding_gives_the_body_back(coding: str, body: bytes) -> None:
    assert decode_content(PACK[coding](body), coding, limit=MANY) == body


@pytest.mark.parametrize("coding", PACK)
def test_a_large_body_comes_back_whole(coding: str) -> None:
    body = bytes(range(256)) * 2000 + b"\0" * 500_000
    assert decode_content(PACK[coding](body), coding, limit=MANY) == body


def test_codings_are_undone_in_reverse_order_and_identity_is_none() -> None:
    assert decode_content(brotli.compress(gzip.compress(b"a")), "identity, GZIP , br", limit=99) == b"a"
    assert decode_content(b"a", "", limit=9) == b"a"
    assert decode_content(bare_deflate(b"a" * 99), "deflate", limit=99) == b"a" * 99
    assert decode_content(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0", "gzip", limit=9) == b"ab"


@pytest.mark.parametrize("coding", PACK)
def test_a_stream_that_ends_early_is_truncated(coding: str) -> None:
    packed = PACK[coding](bytes(range(256)) * 200)
    for end in range(1, len(packed) - 1, max(1, len(packed) // 40)):
        with pytest.raises(Rejected) as refused:
            decode_content(packed[:end], coding, limit=MANY)
        assert refused.value.disposition.reason == "truncated", end


@pytest.mark.parametrize("coding", PACK)
def test_a_bomb_is_stopped_at_the_limit(coding: str) -> None:
    bomb = PACK[coding](b"\0" * (64 << 20))
    with pytest.raises(Rejected) as refused:
        decode_content(bomb, coding, limit=1 << 20)
    assert refused.value.disposition.reason == "too-large"
    assert decode_content(bomb, coding, limit=1 << 20, cut=True) == b"\0" * (1 << 20)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"<html>plain</html>", "gzip"),
        (b"<html>plain</html>", "zstd"),
        (b"x", "compress"),
        (b"x", "gzip, gzip, gzip, gzip"),
    ],
)
def test_what_is_not_what_it_says_is_told(body: bytes, coding: str) -> None:
    with pytest.raises(Rejected) as refused:
        decode_content(body, coding, limit=MANY)
    assert refused.value.disposition.reason == "bad-encoding"


@pytest.mark.parametrize("name", ["UTF-8", "binary", "none, text", "windows-1251"])
def test_a_name_that_is_no_coding_says_nothing_of_a_text(name: str) -> None:
    text = "<p>Зерно</p>".encode("windows-1251")
    assert decode_content(text, name, limit=MANY) == text
    assert decode_content(text, "compress", limit=MANY) == text
    with pytest.raises(Rejected) as refused:
        decode_content(b"\x8b\x00\x01\x02", name, limit=MANY)
    assert refused.value.disposition.reason == "bad-encoding"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_countless_tiny_streams_is_refused_and_one_of_many_is_read(coding: str) -> None:
    stream = PACK[coding](b"a")
    assert decode_content(stream * 900, coding, limit=MANY) == b"a" * 900
    with pytest.raises(Rejected) as refused:
        decode_content(stream * 20_000, coding, limit=MANY)
    assert refused.value.disposition.reason == "bad-encoding"


def test_a_plain_body_above_the_limit_is_too_large() -> None:
    with pytest.raises(Rejected) as refused:
        decode_content(b"a" * 11, "", limit=10)
    assert refused.value.disposition.reason == "too-large"


def test_a_cut_robots_file_can_still_be_read() -> None:
    packed = gzip.compress(b"User-agent: *\n" * 1000)
    assert decode_content(packed[:-20], "gzip", limit=MANY, cut=True).startswith(b"User-agent: *\n")
