"""Verification: read the archived bytes again, check their hashes, extract the text again, compare.

A quote is proved if the record's bytes have the digest they had when they were written, the text extracted from them is
the version's text, and the quote is the span of that text that it claims to be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from pipeline import archive, extraction, ids
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, OnrecordError
from pipeline.queries import provenance
from pipeline.queries.provenance import ArchiveFile, Proof, ProvenQuote, ReadingRule
from pipeline.records import Page
from pipeline.runtime.sandbox import Sandbox
from pipeline.store.engine import open_store


@dataclass(frozen=True, slots=True)
class ShownProof:
    """One version, its quotes that were asked for, and whether all of it was proved."""

    proof: Proof
    quotes: tuple[ProvenQuote, ...]
    proved: bool
    read_again: bool
    """Whether the text was extracted again. It is not if older code or rules made it, or after a takedown."""


@dataclass(slots=True)
class Verification:
    """What was checked, and the problems found; each message names the version, record or file."""

    quotes: int = 0
    """Quotes asked for; for a version, article or URL all that are in it."""
    versions: int = 0
    files: int = 0
    older_code: int = 0
    """Versions made by older code or older rules of their source: bytes and spans are checked, the text is not
    extracted again."""
    taken_down: int = 0
    """Versions whose text was taken down: the record is checked, and that no text of it is left."""
    records: set[tuple[str, int]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    bad_files: set[str] = field(default_factory=set)
    """Names of archive files with a problem."""
    bad_versions: set[str] = field(default_factory=set)
    shown: list[ShownProof] = field(default_factory=list)
    """For verification by name: each version with the quotes that were asked for."""


def verify_installation(settings: Settings, names: Sequence[str] | None = None) -> Verification:
    """Verify what ``names`` refer to, or everything, in the database and archive of these settings.

    Each query sees what is stored at its time: a takedown meanwhile is no damage. Raises ConfigError for a name that
    refers to nothing.
    """
    with open_store(settings) as engine, engine.connect() as connection:
        return verify_stored(connection, settings.archive, names, away=settings.archive_url)


def verify_stored(
    connection: Connection, folder: Path, names: Sequence[str] | None = None, *, away: str | None = None
) -> Verification:
    """Verify what ``names`` refer to (ids or URLs), or everything, with every archive file.

    ``folder`` is the archive; ``away`` is the remote storage for files that are no longer in it. Raises ConfigError for
    a name that refers to nothing.
    """
    result = Verification()
    if names is None:
        verify_files(connection, folder, result, away=away)
        verify_versions(connection, folder, result, None, away=away)
        return result
    asked: dict[str, set[str]] = {}
    for name in names:
        quotes = provenance.quotes_called(connection, name)
        for version in require_versions(connection, name):
            whole = not quotes or asked.get(version) == set()
            asked[version] = set() if whole else asked.get(version, set()) | quotes
    verify_versions(connection, folder, result, list(asked), away=away, asked=asked)
    return result


def verify_sample(
    connection: Connection, folder: Path, sample: provenance.ProofSample, *, away: str | None = None
) -> Verification:
    """Verify the versions and the archive files of a sample."""
    result = Verification()
    verify_files(connection, folder, result, away=away, only=sample.files)
    verify_versions(connection, folder, result, list(sample.versions), away=away)
    return result


def verify_files(
    connection: Connection, folder: Path, result: Verification, *, away: str | None, only: frozenset[str] | None = None
) -> None:
    """Verify every archive file, or those named in ``only``."""
    for file in provenance.archive_files(connection):
        if only is None or file.name in only:
            result.files += 1
            found = list(file_problems(folder, file, away))
            result.problems += found
            if found:
                result.bad_files.add(file.name)


def verify_versions(
    connection: Connection,
    folder: Path,
    result: Verification,
    wanted: list[str] | None,
    *,
    away: str | None,
    asked: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Verify the versions with these ids, or all, with their quotes.

    ``asked`` maps versions to the quote ids that were asked for; an empty collection means all. If given, each version
    is added to ``result.shown``, and only these quotes are counted.
    """
    rules = provenance.reading_rules(connection)
    with Sandbox() as sandbox:
        for proof in provenance.load_proofs(connection, wanted):
            result.versions += 1
            wanted_here = asked[proof.version_id] if asked is not None else ()
            quotes = tuple(quote for quote in proof.quotes if not wanted_here or quote.id in wanted_here)
            result.quotes += len(quotes)
            result.records.add((proof.record.warc, proof.record.offset))
            rule = rules.get(proof.source_id)
            again = proof.code_version == extraction.VERSION and (rule is None or rule.since <= proof.seen_at)
            again = again and not proof.taken_down
            result.taken_down += proof.taken_down
            result.older_code += not again and not proof.taken_down
            label = f"{proof.url} (version {proof.version_id}, {len(proof.quotes)} quotes)"
            found = list(problems_of(proof, folder, rule, sandbox, again=again, away=away))
            result.problems += [f"{label}: {problem}" for problem in found]
            if found:
                result.bad_versions.add(proof.version_id)
            if asked is not None:
                result.shown.append(ShownProof(proof, quotes, not found, again))


def require_versions(connection: Connection, name: str) -> list[str]:
    """Ids of the versions a name refers to. Raises ConfigError if there are none."""
    versions = provenance.versions_called(connection, name)
    if not versions:
        raise ConfigError(f"{name}: no quote, statement, version, article or address in the store is called that")
    return versions


def file_problems(folder: Path, file: ArchiveFile, away: str | None) -> Iterator[str]:
    """Problems of a closed archive file: it is missing or was changed."""
    path = folder / file.name
    if file.state == "open":
        return
    if path.exists():
        yield from bytes_problems(path, str(path), file.sha256)
    elif file.state == "uploaded" and away is not None:
        try:
            with archive.remote_storage(away).copy(file.name) as copy:
                yield from bytes_problems(copy, file.uri, file.sha256)
        except archive.RemoteError as error:
            yield str(error)
    else:
        yield f"{path}: the archive file is missing"


def bytes_problems(path: Path, name: str, sha256: str | None) -> Iterator[str]:
    """Problems of a file whose bytes do not have this digest; ``name`` stands for it in the messages."""
    try:
        if archive.file_sha256(path) == sha256:
            return
        damaged = archive.verify_file(path)
    except OSError as error:
        yield f"{name}: cannot be read: {error.strerror}"
        return
    for damage in damaged:
        yield f"{name}: record at byte {damage.offset}: {damage.problem}"
    if not damaged:
        yield f"{name}: record at byte 0: its bytes are not those that were written (SHA-256 differs)"


def problems_of(
    proof: Proof, folder: Path, rule: ReadingRule | None, sandbox: Sandbox, *, again: bool, away: str | None
) -> Iterator[str]:
    """Problems of one version and its quotes. ``again``: extract its text again and compare."""
    if ids.text_sha256(proof.text) != proof.text_sha256:
        yield "its stored text is not the one that was hashed"
    for quote in proof.quotes:
        if quote.newest and proof.text[quote.start : quote.end] != quote.text:
            yield f"quote {quote.id}: its words are not characters {quote.start} to {quote.end} of the text"
    if proof.taken_down and (proof.text or proof.title or any(quote.text for quote in proof.quotes)):
        yield "it was taken down, and words of it are still here; take it down again"
    try:
        page = page_of(proof, folder, away)
        if not again:
            return
        article = sandbox.call(extraction.extract_article, page, rule.source if rule else None, now=proof.seen_at)
    except OnrecordError as error:
        yield str(error)
        return
    if ids.text_sha256(article.text) != proof.text_sha256:
        yield "the text read again from the archive is another"


def page_of(proof: Proof, folder: Path, away: str | None) -> Page:
    """The archived page or feed that a version was read from.

    Raises ArchiveError, with file and offset, if the bytes changed.
    """
    archived = archive.read_response(folder, proof.record, away=away)
    return Page(
        url=proof.capture_url,
        body=archived.body,
        content_type=proof.content_type,
        origin=proof.origin,
        locator=proof.locator,
        fetched_at=proof.seen_at,
    )
