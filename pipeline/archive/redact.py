"""Take words out of WARC files whose records stay where they are: offsets and lengths are what everybody points to.

A blanked record keeps its address, time, status and id; its body is gone or shortened, and ``WARC-Truncated`` says
so where there is room.
What is saved is filled up in the comment of its gzip header (RFC 1952, FCOMMENT). Done again it gives the same bytes,
so a stop half-way is mended by doing it again.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from pipeline.archive.encode import packed_response
from pipeline.archive.exchange import ArchiveError
from pipeline.archive.index import write_index
from pipeline.archive.reader import first_exchange_in
from pipeline.archive.recovery import index_lines_of
from pipeline.parsing.content_encoding import decode_content

_LIMIT = 64 << 20
_FCOMMENT = 0x10
_ENTRY = re.compile(rb"<((?:\w+:)?(?:item|entry|url))[\s>].*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that tell of a body that is no more."""


def redact_entries(packed: bytes, addresses: Collection[str], where: str) -> bytes | None:
    """A document's record without the entries that name one of the addresses; None if none of them is in it.

    A document that names them outside its entries is emptied. Same length. ArchiveError if it cannot be read or kept
    to its length.
    """
    found = first_exchange_in(packed, where)
    body = decode_content(found.body, found.header("Content-Encoding"), limit=_LIMIT)
    names = _naming(addresses)
    if not names.search(body):
        return None
    cut = _ENTRY.sub(lambda entry: b"" if names.search(entry.group()) else entry.group(), body)
    if names.search(cut):
        return redact_body(packed, where)
    try:
        return redact_body(packed, where, body=cut)
    except ArchiveError:
        # Brotli and zstandard pack closer than gzip: what is left has to be packed as it was.
        coding = found.header("Content-Encoding").strip().lower()
        if coding not in _CLOSER:
            raise
        return redact_body(packed, where, body=_CLOSER[coding](cut), coding=coding)


def _naming(addresses: Collection[str]) -> re.Pattern[bytes]:
    """Finds an address as it stands in XML, HTML or JSON, and not one that goes on after it."""
    forms = {form for it in addresses for form in (it, it.replace("&", "&amp;"), it.replace("/", "\\/"))}
    ways = b"|".join(re.escape(it.encode()) for it in sorted(forms, key=len, reverse=True))
    return re.compile(rb"(?:" + ways + rb")(?![\w/.%~+=-])")


def _brotli(body: bytes) -> bytes:
    import brotli  # rare enough to be loaded only when met

    return bytes(brotli.compress(body))


def _zstd(body: bytes) -> bytes:
    import zstandard  # rare enough to be loaded only when met

    return zstandard.ZstdCompressor(level=19).compress(body)


_CLOSER = {"br": _brotli, "zstd": _zstd}


def redact_body(packed: bytes, where: str, *, body: bytes = b"", coding: str = "") -> bytes:
    """The response with another body, ``coding`` its Content-Encoding, in exactly as many bytes.

    ArchiveError if it needs more.
    """
    record = next(iter(ArchiveIterator(io.BytesIO(packed))))
    found = first_exchange_in(packed, where)
    headers = tuple((name, value) for name, value in found.headers if name.lower() not in _BODY)
    headers += (("Content-Encoding", coding),) if coding else ()
    fields = {"WARC-Record-ID": record.rec_headers.get_header("WARC-Record-ID")}
    emptied = replace(found, body=body, headers=headers)
    member = packed_response(emptied, fields=fields | {"WARC-Truncated": "unspecified"}).data
    if len(member) > len(packed):
        member = packed_response(emptied, fields=fields).data
    spare = len(packed) - len(member)
    if spare < 0:
        raise ArchiveError(f"{where}: the record without the words needs {-spare} bytes more than it had")
    if not spare:
        return member
    comment = b"taken down".ljust(spare - 1)[: spare - 1] + b"\0"
    return member[:3] + bytes([member[3] | _FCOMMENT]) + member[4:10] + comment + member[10:]


def replace_records(path: Path, records: Mapping[int, bytes]) -> None:
    """Put records in place of those at these offsets, of the same length each; then write the index anew."""
    partial = path.with_name(path.name + ".part")
    shutil.copyfile(path, partial)
    with partial.open("r+b") as file:
        for offset, packed in records.items():
            file.seek(offset)
            file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    write_index(path, index_lines_of(path, path.name), of=path)
