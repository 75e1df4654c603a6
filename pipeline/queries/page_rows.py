"""The rows of pages: lists of statements and edits, an article with its quotes, a speaker, a source.

As for those of :mod:`pipeline.queries.rows`, all times are timezone-aware UTC, and no field is ever renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.queries.rows import StatementView, TimeCursor


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An article that has translations, without its text."""

    id: str
    url: str
    source: str
    lang: str
    title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairedEditions:
    """Articles of several editions of one publication that are translations of one another."""

    key: str
    """What their URLs share."""
    articles: tuple[EditionRow, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of one property of the hits, and how many of them have it."""

    facet: str
    """speaker, source, lang, kind, type or month."""
    value: str
    """What a question asks for."""
    label: str
    hits: int


@dataclass(frozen=True, slots=True)
class StatementQuestion:
    """Which statements to list. A condition that is None does not restrict."""

    speaker_id: str | None = None
    source: str | None = None
    """Of the publication that had it first."""
    day: date | None = None
    """The day of first publication."""
    stance: str | None = "said"


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One page of a list of statements."""

    total: int
    """The number of statements on all pages, counted exactly."""
    statements: tuple[StatementView, ...]
    next_cursor: TimeCursor | None
    """After which the next page begins; None if this is the last."""


@dataclass(frozen=True, slots=True)
class VoiceCount:
    """Somebody who spoke, and how many statements are theirs."""

    name: str
    speaker_id: str | None
    statements: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """Statements first published on a day."""

    day: date
    statements: int


@dataclass(frozen=True, slots=True)
class QuoteInArticle:
    """A quote where it stands in a version: ``text[start:end]``."""

    quote_id: str
    start: int
    end: int
    speaker_id: str | None
    speaker_name: str | None
    type: str
    stance: str
    claimant: str | None
    confidence: float
    statement_id: str | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an article, without its text."""

    id: str
    n: int
    origin: str
    """page or feed."""
    cause: str
    """source: the publication changed it; code: a newer extraction read it anew."""
    title: str
    seen_at: datetime
    modified_at: datetime | None
    text_sha256: str
    taken_down: bool


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article with all its versions, and one of them with its text and quotes."""

    id: str
    url: str
    source: str
    source_title: str
    lang: str
    published_at: datetime | None
    published_on: date | None
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    """When the publication answered that it is no more."""
    versions: tuple[VersionRow, ...]
    """The newest first."""
    shown: VersionRow
    text: str
    """Of the shown version; empty if it was taken down."""
    quotes: tuple[QuoteInArticle, ...]
    """Of the shown version, in the order of the text."""


@dataclass(frozen=True, slots=True)
class EditRow:
    """What the publication changed of a quote between two versions."""

    id: str
    kind: str
    """added, removed, reworded or reattributed."""
    seen_at: datetime
    article_id: str
    url: str
    title: str
    source: str
    source_title: str
    quote_id: str
    quote: str
    speaker_id: str | None
    speaker_name: str | None
    other_quote_id: str | None
    """The quote that took its place, if any."""
    other_quote: str | None
    other_speaker_name: str | None
    from_version: str
    to_version: str
    present_at: datetime
    """When the earlier version was seen; the later one at ``seen_at``."""
    statement_id: str | None


@dataclass(frozen=True, slots=True)
class EditPage:
    """One page of a list of edits."""

    total: int
    edits: tuple[EditRow, ...]
    next_cursor: TimeCursor | None


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office somebody holds or held. No end: it is held still."""

    office: str
    title_en: str
    title_ru: str
    start: date | None
    end: date | None
    """The last day in it."""


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many quotes of somebody a source has."""

    source: str
    title: str
    quotes: int


@dataclass(frozen=True, slots=True)
class SpeakerProfile:
    """A speaker: of the roster, or a person known only from the news."""

    id: str
    name: str
    """In English where there is one."""
    other_name: str | None
    """In Russian, if that is another."""
    kind: str
    """person or body; empty where only the news know of somebody."""
    wikidata: str | None
    names: tuple[str, ...]
    """All names that lead here."""
    offices: tuple[OfficeRow, ...]
    """The newest first."""
    described_as: tuple[str, ...]
    """The words with which articles introduce somebody who is not in the roster."""
    quotes: int
    by_source: tuple[SourceCount, ...]
    """The most quotes first."""


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker and how many statements are theirs."""

    id: str
    name: str
    statements: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Something that is or was wrong with a source."""

    id: str
    source: str
    kind: str
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    ending: str
    detail: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with what is stored of it and how it is doing."""

    id: str
    title: str
    publisher: str
    country: str
    lang: str
    home: str
    articles: int
    quotes: int
    last_run_at: datetime | None
    """When a run last observed it."""
    last_new_at: datetime | None
    """When its newest article was first seen."""
    incidents: tuple[IncidentRow, ...]
    """Those that are open."""
