"""Redact WARC files in place: remove content, but keep every record's offset and length, which others refer to.

A redacted record keeps its address, time, status and id; its body is removed or shortened, and ``WARC-Truncated`` says
so if there is room. The bytes that became free are padded with a comment in its gzip header (RFC 1952, FCOMMENT).
Idempotent: repeating it gives the same bytes, so an interrupted redaction is completed by repeating it.
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
"""Headers that describe the removed body and are dropped with it."""


def redact_entries(packed: bytes, addresses: Collection[str], where: str) -> bytes | None:
    """A feed's or sitemap's record without the entries that contain one of the addresses; None if it contains none.

    If the document contains an address outside its entries, its whole body is removed. The result has the same length
    in bytes. ArchiveError if the record cannot be read or the result needs more bytes.
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
        # Brotli and Zstandard compress better than gzip: the rest fits only in its original coding.
        coding = found.header("Content-Encoding").strip().lower()
        if coding not in _CLOSER:
            raise
        return redact_body(packed, where, body=_CLOSER[coding](cut), coding=coding)


def _naming(addresses: Collection[str]) -> re.Pattern[bytes]:
    """A pattern for the addresses as written in XML, HTML or JSON; a longer address that begins so does not match."""
    forms = {form for it in addresses for form in (it, it.replace("&", "&amp;"), it.replace("/", "\\/"))}
    ways = b"|".join(re.escape(it.encode()) for it in sorted(forms, key=len, reverse=True))
    return re.compile(rb"(?:" + ways + rb")(?![\w/.%~+=-])")


def _brotli(body: bytes) -> bytes:
    import brotli  # rarely needed, so loaded on first use

    return bytes(brotli.compress(body))


def _zstd(body: bytes) -> bytes:
    import zstandard  # rarely needed, so loaded on first use

    return zstandard.ZstdCompressor(level=19).compress(body)


_CLOSER = {"br": _brotli, "zstd": _zstd}


def redact_body(packed: bytes, where: str, *, body: bytes = b"", coding: str = "") -> bytes:
    """The record of a response with ``body`` in place of its own, in exactly as many bytes as before.

    ``coding``: the Content-Encoding of ``body``. ArchiveError if it needs more bytes.
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
        raise ArchiveError(f"{where}: the record without the words needs {-spare} bytes more than it had", place=where)
    if not spare:
        return member
    comment = b"taken down".ljust(spare - 1)[: spare - 1] + b"\0"
    return member[:3] + bytes([member[3] | _FCOMMENT]) + member[4:10] + comment + member[10:]


def replace_records(path: Path, records: Mapping[int, bytes]) -> None:
    """Replace the records at these offsets by others of the same length, then write the index again."""
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
