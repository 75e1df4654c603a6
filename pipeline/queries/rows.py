"""The rows that questions are answered with: what is known of a quote, a statement, an article, a source, a run.

All times are timezone-aware UTC. JSON objects and tables are made of the fields of a row, in their order: a field may
be added at the end, never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from pipeline.records import QuoteType, Stance


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """What to search for. A condition that is None or empty does not restrict."""

    words: str = ""
    """A query as :mod:`pipeline.language.query` describes it; empty: any words."""
    speaker: str | None = None
    """An id, present or former, or part of any name, or a name in the other script."""
    source: str | None = None
    """A source id."""
    start: datetime | None = None
    """Published at this moment or later. An article without a date is in no window."""
    end: datetime | None = None
    """Published before this moment."""
    lang: str | None = None
    """ISO 639-1 code of the quotes."""
    stance: str | None = "said"
    """How the speaker stands to the words."""
    kind: str | None = None
    """Kind of the text that has the quote: news, interview, transcript ..."""
    type: str | None = None
    """direct, indirect or mixed."""


@dataclass(frozen=True, slots=True)
class TimeCursor:
    """The last row of a page in the order of time; the next page begins after it."""

    at: datetime | None
    id: str
    rank: float | None = None
    """Only where the rank goes before the time."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A quote that matches, with its article and its statement."""

    id: str
    quote: str
    type: str
    lang: str
    speaker_id: str | None
    speaker_name: str | None
    stance: str
    claimant: str | None
    confidence: float
    source: str
    source_title: str
    url: str
    title: str
    published_at: datetime | None
    published_on: date | None
    """The day of publication, where the publication gives no time of day."""
    first_seen_at: datetime
    statement_id: str | None
    """None until the quote is linked."""
    claimant_id: str | None = None
    stance_confidence: float | None = None
    speaker_office: str | None = None
    """The words with which the article introduces somebody who is not in the roster."""
    article_id: str = ""
    kind: str = ""
    """Kind of the article's text: news, interview, transcript ..."""
    statement_ids: tuple[str, ...] = ()
    """All statements that it reports, sentence by sentence; ``statement_id`` is the first."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of search results."""

    total: int
    """The number of hits on all pages, counted exactly."""
    hits: tuple[SearchHit, ...]
    next_offset: int | None
    """Where the next page begins; None if this is the last."""
    unanalysed: int = 0
    """Number of stored quotes that words do not find yet, since an upgrade has still to add their search terms."""
    next_cursor: TimeCursor | None = None
    """After which the next page begins; None if this is the last."""


@dataclass(frozen=True, slots=True)
class ExportedQuote:
    """A quote with everything that leads from it to the archived bytes: a line of the export."""

    statement_id: str | None
    quote_id: str
    speaker_id: str | None
    speaker_name: str | None
    quote: str
    type: str
    lang: str
    confidence: Annotated[Decimal, PlainSerializer(float, return_type=float)]
    """Rounded to three places."""
    source_id: str
    source: str
    url: str
    title: str
    published_at: datetime | None
    first_seen_at: datetime
    statement_first_published_at: datetime | None
    article_id: str
    version_id: str
    start: int
    """``start`` and ``end`` are code points in the version's text."""
    end: int
    warc_file: str
    warc_offset: int
    """In bytes, as is ``warc_length``."""
    warc_length: int
    warc_sha256: str
    stance: str
    claimant: str | None
    claimant_id: str | None
    stance_confidence: float | None
    speaker_office: str | None
    statement_ids: tuple[str, ...] = ()
    """All statements that it reports, sentence by sentence; ``statement_id`` is the first."""


@dataclass(frozen=True, slots=True)
class StageBalance:
    """One stage of one source in the ledger: what went in, and how it ended."""

    source: str
    """Empty for items that belong to no source."""
    stage: str
    went_in: int
    """For the crawl the pages in its journals; for another stage the items that have an outcome."""
    outcomes: Mapping[str, int]
    """Number of items by outcome, in alphabetical order."""

    @property
    def balance(self) -> int:
        """The number of items without an outcome: zero if all is well."""
        return self.went_in - sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class UrlOutcome:
    """How one URL ended."""

    url: str
    """As discovered."""
    source: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """How one request of a run ended that was for no article: robots.txt, a feed, a sitemap or a listing."""

    url: str
    source: str
    kind: str
    outcome: str
    reason: str
    status: int | None
    """What the server answered; None if it did not."""
    detail: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What an administrator did to the installation."""

    at: datetime
    who: str
    """``user@machine``."""
    act: str
    subject: str
    reason: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """The newest version of an article."""

    id: str
    url: str
    """Canonical."""
    requested_urls: tuple[str, ...]
    """Every URL asked for that led to it."""
    source: str
    lang: str
    title: str
    published_at: datetime | None
    text: str
    """Lead and body, paragraphs joined by one line feed: what the offsets of quotes point into."""
    version: str
    published_on: date | None
    """The day of publication, where the publication gives no time of day."""


@dataclass(frozen=True, slots=True)
class StatementReport:
    """One publication of a statement, as an e-mail or a search result shows it."""

    source_id: str
    source_title: str
    url: str
    title: str
    published_at: datetime | None
    seen_at: datetime
    before: str
    """The words before those that report it, up to a sentence or two."""
    quote: str
    """The words that report it: a sentence of a quote, or all of it."""
    after: str
    published_on: date | None = None
    """The day of publication, where the publication gives no time of day."""
    quote_id: str = ""
    article_id: str = ""
    start: int = 0
    """Where the words begin in the text of the quote, in code points; ``end``: where they end."""
    end: int = 0
    place: int = 0
    """Where they begin in the text of the article."""
    how: str = ""
    """How these words repeat the founding ones: founding, exact, contained, variant, reported or edited."""
    score: float = 1.0
    """How alike they are to the founding words, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ReportLink:
    """Why two reports are one statement, or alike and yet two: how the words of the one repeat those of the other."""

    kind: str
    """exact, contained, variant, reported or edited; apart if something differs."""
    score: float
    """From 0 to 1."""
    why: str
    """Of ``apart``: what differs."""
    quote_id: str
    start: int
    """In the text of the quote, in code points, as are all that follow."""
    end: int
    words: str
    other_quote_id: str
    other_start: int
    other_end: int
    other_words: str
    other_statement_id: str
    """Of ``apart``: the statement that the other reports; else the same one."""
    code_version: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with everything that e-mails and searches show of it."""

    id: str
    speaker_id: str | None
    speaker_name: str | None
    text: str
    lang: str
    type: QuoteType
    confidence: float
    first_published_at: datetime | None
    first_seen_at: datetime
    reports: tuple[StatementReport, ...]
    first_published_on: date | None = None
    """The day of first publication, where that publication gives no time of day."""
    stance: Stance = "said"
    claimant: str | None = None
    claimant_id: str | None = None
    stance_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class RosterProposal:
    """A person or organisation quoted that is not in the roster: the fullest name, and how often, where and when."""

    name: str
    lang: str
    quotes: int
    articles: int
    sources: tuple[str, ...]
    last_seen: datetime
    example: str
    """The newest of the quotes."""
    id: str | None = None
    """Of a person; None for an organisation, and where only a surname or an initial is known."""
    name_en: str | None = None
    name_ru: str | None = None
    names: tuple[str, ...] = ()
    """All names, as printed."""
    offices: tuple[str, ...] = ()
    """As printed."""
    first_day: date | None = None
    """The first day of publication, as far as it is known; ``last_day``: the last one."""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. The ``clock`` of a replay is the end of the replayed day, else when the run started."""

    id: str
    command: str
    clock: datetime
    window_start: datetime | None
    window_end: datetime | None
    started_at: datetime
    finished_at: datetime | None
    """None while it runs, and of a run that was killed."""
    exit_code: int | None
    exit_reason: str | None
