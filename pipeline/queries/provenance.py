"""Provenance: all data needed to prove a quote from the archived bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, Select, func, or_, select

from pipeline.config.source import Source
from pipeline.queries.statements import current_statement_id
from pipeline.records import TAKEN_DOWN, Origin, WarcRecord
from pipeline.store.crawl.captures import RECORD_COLUMNS, warc_record
from pipeline.store.schema import (
    articles,
    captures,
    quote_spans,
    quotes,
    segments,
    sources,
    urls,
    versions,
    warc_files,
)
from pipeline.store.types import index_key


@dataclass(frozen=True, slots=True)
class ProvenQuote:
    """A quote in one version: its words must equal ``text[start:end]`` of that version."""

    id: str
    start: int
    end: int
    text: str
    """The quote's words in the quotes table, which come from the newest version that has the quote."""
    newest: bool
    """Whether this version is that newest one."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One version, the WARC record that its text must follow from, and its quotes."""

    version_id: str
    article_id: str
    url: str
    source_id: str
    origin: Origin
    locator: str
    title: str
    text: str
    text_sha256: str
    code_version: str
    capture_id: str
    capture_url: str
    content_type: str
    body_sha256: str
    seen_at: datetime
    record: WarcRecord
    taken_down: bool
    """Whether its text, and the body it was read from, were removed by a takedown."""
    quotes: tuple[ProvenQuote, ...]


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A WARC file as the store knows it; digest and size are None while it is open."""

    name: str
    uri: str
    sha256: str | None
    size: int | None
    state: str


@dataclass(frozen=True, slots=True)
class ProofSample:
    """A sample for verification: ids of versions and names of closed archive files."""

    versions: tuple[str, ...]
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """A source's definition as last synced, and since when it has been like this."""

    source: Source
    since: datetime


def reading_rules(connection: Connection) -> dict[str, ReadingRule]:
    """The definitions by source id. One that this version of onrecord no longer understands is left out."""
    found = {}
    for row in connection.execute(select(sources)):
        try:
            found[row.id] = ReadingRule(Source.model_validate(row.definition), row.updated)
        except ValidationError:
            continue
    return found


BATCH = 100


def versions_called(connection: Connection, name: str) -> list[str]:
    """Ids of the versions that a name refers to, oldest first; empty if it refers to nothing.

    ``name``: id of a quote, statement (also one that was merged into another), version or article, or a URL.
    """
    of_quotes = select(quote_spans.c.version_id).where(
        or_(quote_spans.c.quote_id == name, quote_spans.c.quote_id.in_(_quotes_of_statement(connection, name)))
    )
    of_url = select(urls.c.article_id).where(urls.c.url == index_key(name), urls.c.article_id.is_not(None))
    query = (
        select(versions.c.id)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(
            or_(
                versions.c.id == name,
                versions.c.id.in_(of_quotes),
                articles.c.id == name,
                articles.c.url == index_key(name),
                articles.c.id.in_(of_url),
            )
        )
        .order_by(versions.c.seen_at, versions.c.n)
    )
    return list(connection.scalars(query))


def quotes_called(connection: Connection, name: str) -> set[str]:
    """Ids of the quotes that a name refers to: a quote's own id, or the id of the statement it reports."""
    query = select(quotes.c.id).where(or_(quotes.c.id == name, quotes.c.id.in_(_quotes_of_statement(connection, name))))
    return set(connection.scalars(query))


def _quotes_of_statement(connection: Connection, name: str) -> Select[tuple[str]]:
    """Ids of the quotes that report a statement, by its id or a former one."""
    statement = current_statement_id(connection, name)
    return select(segments.c.quote_id).where(segments.c.statement_id == statement)


def load_proofs(connection: Connection, version_ids: Sequence[str] | None = None) -> Iterator[Proof]:
    """The proofs of these versions, or of all; by WARC file and offset, so that files are read front to back."""
    query = (
        select(versions.c.id)
        .join(captures, captures.c.id == versions.c.capture_id)
        .order_by(captures.c.warc_id, captures.c.warc_offset, versions.c.id)
    )
    if version_ids is not None:
        query = query.where(versions.c.id.in_(version_ids))
    wanted = connection.scalars(query).all()
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        held = _quotes_in(connection, batch)
        rows = connection.execute(
            select(
                versions,
                articles.c.url,
                articles.c.source_id,
                captures.c.url.label("capture_url"),
                captures.c.content_type,
                captures.c.body_sha256,
                *RECORD_COLUMNS,
            )
            .join(articles, articles.c.id == versions.c.article_id)
            .join(captures, captures.c.id == versions.c.capture_id)
            .where(versions.c.id.in_(batch))
        )
        found = {row.id: row for row in rows}
        for name in batch:
            yield _proof(found[name], held.get(name, ()))


def _proof(row: Row[Any], held: Sequence[ProvenQuote]) -> Proof:
    return Proof(
        version_id=row.id,
        article_id=row.article_id,
        url=row.url,
        source_id=row.source_id,
        origin=Origin(row.origin),
        locator=row.locator,
        title=row.title,
        text=row.text,
        text_sha256=row.text_sha256,
        code_version=row.code_version,
        capture_id=row.capture_id,
        capture_url=row.capture_url,
        content_type=row.content_type,
        body_sha256=row.body_sha256,
        seen_at=row.seen_at,
        record=warc_record(row),
        taken_down=TAKEN_DOWN in row.flags,
        quotes=tuple(held),
    )


def _quotes_in(connection: Connection, version_ids: Sequence[str]) -> dict[str, list[ProvenQuote]]:
    spans, later, other = quote_spans, versions.alias("later"), quote_spans.alias("other")
    is_newest = ~(
        select(other.c.quote_id)
        .join(later, later.c.id == other.c.version_id)
        .where(
            other.c.quote_id == spans.c.quote_id,
            or_(
                later.c.seen_at > versions.c.seen_at,
                (later.c.seen_at == versions.c.seen_at) & (later.c.n > versions.c.n),
            ),
        )
        .exists()
    )
    query = (
        select(spans, quotes.c.text, is_newest.label("newest"))
        .join(quotes, quotes.c.id == spans.c.quote_id)
        .join(versions, versions.c.id == spans.c.version_id)
        .where(spans.c.version_id.in_(version_ids))
        .order_by(spans.c.version_id, spans.c.start)
    )
    found: dict[str, list[ProvenQuote]] = {}
    for row in connection.execute(query):
        quote = ProvenQuote(row.quote_id, row.start, row.end, row.text, row.newest)
        found.setdefault(row.version_id, []).append(quote)
    return found


def archive_files(connection: Connection) -> list[ArchiveFile]:
    """Every WARC file that contains captures, by name."""
    return [
        ArchiveFile(row.id, row.uri, row.sha256, row.size, row.state)
        for row in connection.execute(select(warc_files).order_by(warc_files.c.id))
    ]


def draw_sample(connection: Connection, salt: str, *, version_count: int, file_count: int) -> ProofSample:
    """Draw so many versions and closed files, or all if there are fewer; the same ``salt`` gives the same sample."""

    def some(column: Any, number: int) -> Any:
        return select(column).order_by(func.md5(column.concat(salt))).limit(number)

    closed = some(warc_files.c.id, file_count).where(warc_files.c.state != "open")
    return ProofSample(
        tuple(connection.scalars(some(versions.c.id, version_count))),
        frozenset(connection.scalars(closed)),
    )
