"""Undo the Content-Encoding of a body, within a limit, and tell a body that was cut from a whole one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from pipeline.errors import Rejected
from pipeline.records import Outcome

ACCEPTED = "gzip, deflate, br"
"""What we say we understand."""

_STEP = 1 << 16
_MOST_LAYERS = 3


def decoded(body: bytes, content_encoding: str, *, limit: int, cut: bool = False) -> bytes:
    """``body`` without its content codings (header value as sent, applied in that order).

    Raises Rejected(ERROR): ``truncated`` if the stream ends early (RELIABILITY finding 6: such bodies otherwise pass
    as whole), ``bad-encoding`` if it is not what it says or unknown, ``too-large`` beyond ``limit`` bytes. With
    ``cut`` what could be read up to the limit is given back instead; only an unknown coding is still refused.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    layers = [name for name in reversed(names) if name not in ("", "identity", "none")]
    if len(layers) > _MOST_LAYERS:
        raise Rejected(Outcome.ERROR, "bad-encoding", f"{len(layers)} codings")
    for name in layers:
        if name not in _CODINGS:
            raise Rejected(Outcome.ERROR, "bad-encoding", f"content coding {name[:40]!r}")
        body = _within(_CODINGS[name](body), limit, cut)
    if len(body) > limit:
        if not cut:
            raise Rejected(Outcome.ERROR, "too-large", f"more than {limit} bytes")
        return body[:limit]
    return body


def _within(pieces: Iterator[bytes], limit: int, cut: bool) -> bytes:
    found = bytearray()
    try:
        for piece in pieces:
            found += piece
            if len(found) > limit:
                if not cut:
                    raise Rejected(Outcome.ERROR, "too-large", f"more than {limit} bytes when decompressed")
                return bytes(found[:limit])
    except Rejected:
        if not cut:
            raise
    return bytes(found)


def _bad(coding: str, error: Exception | str) -> Rejected:
    return Rejected(Outcome.ERROR, "bad-encoding", f"{coding}: {error}")


def _truncated(coding: str) -> Rejected:
    return Rejected(Outcome.ERROR, "truncated", f"the {coding} stream ends early")


def _gzip(body: bytes) -> Iterator[bytes]:
    """All members; what follows the last one (padding) is ignored, as browsers do."""
    while True:
        stream = zlib.decompressobj(31)
        yield from _inflate("gzip", stream.decompress, body, lambda s=stream: s.unconsumed_tail)  # type: ignore[misc]
        if not stream.eof:
            raise _truncated("gzip")
        body = stream.unused_data
        if not body.startswith(b"\x1f\x8b"):
            return


def _deflate(body: bytes) -> Iterator[bytes]:
    """zlib as the standard says, else bare deflate as many servers send it."""
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
    import brotli  # rare enough to be loaded only when met

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

    try:
        while body:
            stream = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            # a block of four bytes can stand for 128 KiB, so the input goes in by small pieces
            for start in range(0, len(body), 256):
                yield stream.decompress(body[start : start + 256])
                if stream.eof:
                    body = stream.unused_data + body[start + 256 :]
                    break
            else:
                raise _truncated("zstd")
            if not body.startswith(b"\x28\xb5\x2f\xfd"):
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
