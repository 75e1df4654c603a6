"""Decode the Content-Encoding of a body within a size limit, and detect truncated bodies."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Iterator

from pipeline.errors import Rejected
from pipeline.reasons import Reason
from pipeline.records import Outcome

ACCEPTED = "gzip, deflate, br"
"""The value of Accept-Encoding in our requests."""

GZIP = b"\x1f\x8b"
"""The magic bytes of a gzip stream."""
_ZSTD = b"\x28\xb5\x2f\xfd"

_STEP = 1 << 16
_MOST_LAYERS = 3
_MOST_MEMBERS = 10_000
"""Streams that one body may consist of; files compressed in blocks have about a thousand in 50 MiB."""
_UNREAD = frozenset({"compress", "x-compress", "exi", "pack200-gzip", "aes128gcm", "dcb", "dcz"})
"""Registered codings that we do not decode; a body that begins like markup cannot be in any of them."""
_MARKS = (b"<", b"{", b"[", codecs.BOM_UTF8)
_SAMPLE = 1024
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_content(body: bytes, content_encoding: str, *, limit: int, cut: bool = False) -> bytes:
    """``body`` without its content codings (header value as sent, applied in that order).

    Raises Rejected(ERROR): ``truncated`` if the stream ends early, ``bad-encoding`` if it is not in the coding that is
    declared, ``too-large`` beyond ``limit`` bytes. With ``cut`` the bytes that could be decoded, up to the limit, are
    given back instead. An unknown coding (servers write charsets there) is ignored if the body is text already, and is
    ``bad-encoding`` otherwise.
    """
    names = [name.strip().lower() for name in content_encoding.split(",", 100)]
    layers = [name for name in reversed(names) if name not in ("", "identity", "none")]
    if sum(name in _CODINGS for name in layers) > _MOST_LAYERS:
        raise Rejected(Outcome.ERROR, Reason.BAD_ENCODING, f"{len(layers)} codings")
    for name in layers:
        if name in _CODINGS:
            body = _within(_CODINGS[name](body), limit, cut)
        elif not is_text(body) or (name in _UNREAD and not body.lstrip().startswith(_MARKS)):
            raise Rejected(Outcome.ERROR, Reason.BAD_ENCODING, f"content coding {name[:40]!r}")
    if len(body) > limit:
        if not cut:
            raise Rejected(Outcome.ERROR, Reason.TOO_LARGE, f"more than {limit} bytes")
        return body[:limit]
    return body


def is_text(body: bytes) -> bool:
    """Whether bytes begin like text in some charset: no compressed stream does, unless it is very short."""
    head = body[:_SAMPLE]
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _NO_TEXT.search(head) is None


def _within(pieces: Iterator[bytes], limit: int, cut: bool) -> bytes:
    found = bytearray()
    try:
        for piece in pieces:
            found += piece
            if len(found) > limit:
                if not cut:
                    raise Rejected(Outcome.ERROR, Reason.TOO_LARGE, f"more than {limit} bytes when decompressed")
                return bytes(found[:limit])
    except Rejected:
        if not cut:
            raise
    return bytes(found)


def _bad(coding: str, error: Exception | str) -> Rejected:
    return Rejected(Outcome.ERROR, Reason.BAD_ENCODING, f"{coding}: {error}")


def _truncated(coding: str) -> Rejected:
    return Rejected(Outcome.ERROR, Reason.TRUNCATED, f"the {coding} stream ends early")


def _gzip(body: bytes) -> Iterator[bytes]:
    """Decompress all members; what follows the last one (padding) is ignored, as browsers do."""
    at = 0
    for _ in _members("gzip"):
        stream = zlib.decompressobj(31)
        try:
            while not stream.eof:
                piece = body[at : at + _STEP]
                if not piece:
                    raise _truncated("gzip")
                at += len(piece)
                yield stream.decompress(piece, _STEP)
                while stream.unconsumed_tail:
                    yield stream.decompress(stream.unconsumed_tail, _STEP)
        except zlib.error as error:
            raise _bad("gzip", error) from error
        at -= len(stream.unused_data)
        if not body.startswith(GZIP, at):
            return


def _members(coding: str) -> Iterator[int]:
    """Count the streams of a body, each of which costs time, however small; Rejected if there are too many."""
    yield from range(_MOST_MEMBERS)
    raise _bad(coding, f"more than {_MOST_MEMBERS} streams in one body")


def _deflate(body: bytes) -> Iterator[bytes]:
    """Decompress zlib, as the standard says, else raw deflate, as many servers send it."""
    wrapped = len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
    yield from _inflate("deflate", stream.decompress, body, lambda: stream.unconsumed_tail)
    if not stream.eof:
        raise _truncated("deflate")


def _inflate(
    coding: str, decompress: Callable[[bytes, int], bytes], body: bytes, rest: Callable[[], bytes]
) -> Iterator[bytes]:
    try:
        while True:
            piece = decompress(body, _STEP)
            if piece:
                yield piece
            body = rest()
            if not body and len(piece) < _STEP:
                return
    except zlib.error as error:
        raise _bad(coding, error) from error


def _brotli(body: bytes) -> Iterator[bytes]:
    import brotli  # rarely needed, so loaded on first use

    stream = brotli.Decompressor()
    try:
        yield stream.process(body, output_buffer_limit=_STEP)
        while not stream.is_finished():
            piece = stream.process(b"", output_buffer_limit=_STEP)
            if not piece and stream.can_accept_more_data():
                raise _truncated("brotli")
            yield piece
    except brotli.error as error:
        raise _bad("brotli", error) from error


def _zstd(body: bytes) -> Iterator[bytes]:
    import zstandard

    at = 0
    try:
        for _ in _members("zstd"):
            stream = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            while not stream.eof:
                # a block of four bytes can expand to 128 KiB, so the input is fed in small pieces
                piece = body[at : at + 256]
                if not piece:
                    raise _truncated("zstd")
                at += len(piece)
                yield stream.decompress(piece)
            at -= len(stream.unused_data)
            if not body.startswith(_ZSTD, at):
                return
    except zstandard.ZstdError as error:
        raise _bad("zstd", error) from error


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
