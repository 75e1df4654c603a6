"""Takedown: remove an article's text from archive, database and spool, and record that it was there and why it went.

The archive is rewritten first, then the database in one transaction. If this is interrupted, run it again: redacting a
record is idempotent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from pipeline import archive
from pipeline.archive import ArchiveError
from pipeline.archive.index import record_sha256
from pipeline.config.settings import Settings
from pipeline.config.sources import load_sources
from pipeline.errors import ConfigError
from pipeline.records import WarcRecord
from pipeline.store import audit, locks
from pipeline.store.articles import takedowns
from pipeline.store.articles.takedowns import TakedownScope


@dataclass(frozen=True, slots=True)
class Takedown:
    """Counts of what was removed."""

    articles: int
    addresses: int
    records: int
    """WARC records rewritten: pages with their body removed, and feeds or listings with the entry cut out."""
    letters: int
    """E-mails deleted from the spool."""


@dataclass(frozen=True, slots=True)
class _Rewritten:
    old: WarcRecord
    packed: bytes


def take_down_article(engine: Engine, settings: Settings, url: str, reason: str) -> Takedown:
    """Remove all text that was stored for a URL. Waits for running runs to end, and keeps new ones from starting.

    Raises ConfigError if ``reason`` is empty or the store does not know the URL, ArchiveError if a record cannot be
    changed (nothing is changed then).
    """
    if not reason.strip():
        raise ConfigError("--reason is empty: say who asked for it and why; it stays in the audit log")
    with locks.no_run(engine, load_sources(settings), holder="onrecord ops takedown"):
        archive.recover_archive(settings.archive)
        with engine.connect() as connection:
            what = takedowns.takedown_scope(connection, url)
        if what is None:
            raise ConfigError(f"{url}: the store knows no such address; `onrecord report --urls` lists those it does")
        changed = list(_changes(settings, what))
        digests = _rewrite(settings, changed)
        with engine.begin() as connection:
            for it in changed:
                takedowns.note_rewritten(connection, it.old, record_sha256(it.packed))
            for name, digest in digests.items():
                takedowns.note_file(connection, name, sha256=digest)
            messages = takedowns.forget(connection, what, reason=reason, now=datetime.now(UTC))
            spooled_emails = _spooled_emails(settings.spool, messages)
            done = Takedown(len(what.article_ids), len(what.addresses), len(changed), len(spooled_emails))
            audit.add_audit_entry(connection, "takedown", url, reason=reason, detail=asdict(done))
            for path in spooled_emails:
                path.unlink(missing_ok=True)
    return done


def keep_down(connection: Connection, settings: Settings, run_id: str, source_id: str) -> int:
    """Redact taken-down articles in the feeds, sitemaps and listings of a crawl just loaded; how many records.

    A publisher's feed may list an article for days, often with its whole text. Call it in the transaction that loads
    the crawl, while its closed files are only on this machine. If a record's entry cannot be cut out, the whole body is
    removed.
    """
    addresses = takedowns.taken_down_addresses(connection, source_id)
    if not addresses:
        return 0
    takedowns.forget_titles(connection, addresses)
    changed = []
    for record in takedowns.listing_records(connection, run_id, source_id):
        if not (settings.archive / record.warc).exists():
            continue  # verification reports missing files
        packed, where = archive.packed_bytes(settings.archive, record)
        try:
            cut = archive.redact_entries(packed, addresses, where)
        except ArchiveError:
            cut = archive.redact_body(packed, where)
        now = packed if cut is None else cut
        # It may be redacted already, but not recorded, if an earlier try was interrupted.
        if record_sha256(now) != record.sha256:
            changed.append(_Rewritten(record, now))
    for name, records in _by_file(changed).items():
        archive.replace_records(settings.archive / name, records)
    for it in changed:
        takedowns.note_rewritten(connection, it.old, record_sha256(it.packed))
    return len(changed)


def _changes(settings: Settings, what: TakedownScope) -> Iterator[_Rewritten]:
    """The WARC records that contain the text, with their redacted bytes."""
    warc_archive = archive.Archive(settings.archive, settings.archive_url)
    documents = {(it.warc, it.offset) for it in what.documents}
    addresses = set(what.addresses)
    for warc_file, line in warc_archive.index_lines():
        if line.revisit:
            continue
        record = WarcRecord(warc_file.name, line.offset, line.length, line.sha256)
        if line.url in addresses:
            packed, where = archive.packed_bytes(settings.archive, record, away=settings.archive_url)
            yield _Rewritten(record, archive.redact_body(packed, where))
        elif (warc_file.name, line.offset) in documents:
            packed, where = archive.packed_bytes(settings.archive, record, away=settings.archive_url)
            cut = archive.redact_entries(packed, addresses, where)
            if cut is not None:
                yield _Rewritten(record, cut)


def _by_file(changed: Sequence[_Rewritten]) -> dict[str, dict[int, bytes]]:
    """The new bytes by file and offset."""
    found: dict[str, dict[int, bytes]] = defaultdict(dict)
    for it in changed:
        found[it.old.warc][it.old.offset] = it.packed
    return found


def _rewrite(settings: Settings, changed: Sequence[_Rewritten]) -> dict[str, str]:
    """Replace the records in their files, locally and on the other storage; the files' new digests by name."""
    storage = archive.remote_storage(settings.archive_url) if settings.archive_url else None
    found = {}
    for name, records in _by_file(changed).items():
        here = settings.archive / name
        with ExitStack() as stack:
            there = storage is not None and storage.size(name) is not None
            if not here.exists() and storage is not None:
                copy = stack.enter_context(storage.copy(name))
                here.parent.mkdir(parents=True, exist_ok=True)
                here.write_bytes(copy.read_bytes())
            archive.replace_records(here, records)
            if there and storage is not None:
                storage.upload(settings.archive, name, again=True)
            found[name] = archive.file_sha256(here)
    return found


def _spooled_emails(spool: Path, messages: Sequence[str]) -> list[Path]:
    """Files in the spool with one of these Message-IDs."""
    wanted = set(messages)
    found = []
    for path in sorted(spool.glob("*.eml")) if spool.is_dir() else ():
        head = path.read_bytes().partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        named = re.search(r"^Message-ID:\s*(\S+)", head, re.MULTILINE | re.IGNORECASE)
        if named and (named.group(1) in wanted or named.group(1).strip("<>") in wanted):
            found.append(path)
    return found
