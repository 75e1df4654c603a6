"""The records that pass from step to step: frozen dataclasses, from the fetched page to the e-mail.

All times are timezone-aware UTC. All text offsets count Unicode code points and are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pipeline.quote_rules import QuoteRules, SpanOrigin, SpanRule, SpeakerRule, TextKind
from pipeline.reasons import Reason


class Stage(StrEnum):
    """The five stages of a run: CLI sub-command, Airflow task id, ``stage`` in logs and in the ledger."""

    CRAWL = "crawl"
    EXTRACT = "extract"
    QUOTE = "quote"
    LINK = "link"
    ALERT = "alert"


class Outcome(StrEnum):
    """How one URL, or one item of a stage, ended. Each has exactly one in a run."""

    KEPT = "kept"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    NOT_RELEVANT = "not-relevant"
    NOT_ARTICLE = "not-article"
    GONE = "gone"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Disposition:
    """How an item ended and why: what the ledger, the journal and a refusal say of it."""

    outcome: Outcome
    reason: str
    """A :class:`~pipeline.reasons.Reason`, or the status of a server's answer (``http-403``)."""
    detail: str = ""
    """Anything that helps a person to find out why."""


class Origin(StrEnum):
    """Where a text came from. Versions are compared only within one origin: feeds keep what pages have lost."""

    PAGE = "page"
    FEED = "feed"


class DocumentKind(StrEnum):
    """What a fetched URL was fetched as."""

    ROBOTS = "robots"
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    PAGE = "page"


class AlertKind(StrEnum):
    """In which kind of e-mail an alert goes out."""

    ALERT = "alert"
    """An e-mail at once, on what was said on one occasion."""
    SUMMARY = "summary"
    """The reader's daily summary."""
    CORRECTION = "correction"
    """A note on what an e-mail of before said, in its thread."""


class AlertChannel(StrEnum):
    """How an alert leaves. It is fixed when the alert is made: what a replay found is never sent by mail later."""

    EMAIL = "email"
    """By SMTP, or to the spool folder where no mail server is configured."""
    SPOOL = "spool"
    """To the spool folder only."""


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open span of UTC time ``[start, end)`` over ``seen_at``."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs timezone-aware times")
        if self.end <= self.start:
            raise ValueError(f"a window must end after it starts: {self.start:%F %T} .. {self.end:%F %T}")

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """Where one archived response lies, and the proof that it is unchanged.

    ``warc`` is the file's name inside the archive; ``offset`` and ``length`` bound one gzip member in bytes;
    ``sha256`` is the hex digest of exactly those bytes, so that one flipped bit shows.
    """

    warc: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as served, after content decoding, with what the server said of them."""

    url: str
    """The URL that answered, after redirects."""
    body: bytes
    content_type: str = ""
    """The Content-Type header as sent; empty if none."""
    origin: Origin = Origin.PAGE
    locator: str = ""
    """Which entry of a feed capture; empty for a page."""
    fetched_at: datetime | None = None
    listed_raw: str = ""
    """The time of publication that the feed or news sitemap gives which lists the page; empty if none does."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed, with what the feed says of it."""

    locator: str
    """Finds the entry again in the same feed bytes: its link or guid, with ``#n`` appended for a repeat."""
    url: str
    title: str = ""
    published_raw: str = ""
    updated_raw: str = ""
    content_html: str = ""
    """Full text or summary as HTML; ``full_text`` says which."""
    full_text: bool = False
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a live blog: ``Article.text[start:end]``, and when it was published, if the page says so."""

    start: int
    end: int
    published_at: datetime | None = None
    published_raw: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A page's story: what the reader of the publication read.

    ``text`` is lead and body, paragraphs joined by one line feed, without title, byline or comments.
    """

    url: str
    """Canonical URL."""
    title: str
    text: str
    lang: str
    """ISO 639-1 code."""
    published_at: datetime | None = None
    published_raw: str = ""
    modified_at: datetime | None = None
    modified_raw: str = ""
    extractor: str = ""
    """Which path produced the text: ``selectors``, ``trafilatura``, ``feed`` ..."""
    encoding: str = ""
    """The charset decision, such as ``utf-8 declared`` or ``windows-1251 detected``."""
    flags: tuple[str, ...] = ()
    """What a user should know: ``paywall``, ``transcript``, ``live``, ``date-refused:in-future`` ..."""
    posts: tuple[Post, ...] = ()
    """Of a live blog, oldest first; what stands before the first is its lead."""


UNATTRIBUTED = QuoteRules(SpanOrigin(SpanRule.ALONE), SpeakerRule.NOBODY)
QuoteType = Literal["direct", "indirect", "mixed"]
Stance = Literal["said", "denied", "asked", "hypothetical", "reported"]
"""The stance of a speaker: asserts the words, denies them, asks them, might say them, is reported to say them."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """One span of one text and who said it. The words are ``text[start:end]`` and never anything else."""

    start: int
    end: int
    type: QuoteType
    speaker_span: Span | None = None
    speaker_name: str | None = None
    """The roster's name in the article's language, else the fullest name in the article; None if unknown."""
    speaker_id: str | None = None
    """Slug of the roster; ``person:...`` of somebody whom only the news name, by the full name; else None."""
    cue_span: Span | None = None
    confidence: float = 0.0
    """Calibrated probability (0..1) that span and speaker are both right."""
    rules: QuoteRules = UNATTRIBUTED
    """The rules that found the span and the speaker."""
    lang: str = ""
    """ISO 639-1 code of the words quoted, which may not be the article's."""
    stance: Stance = "said"
    claimant: str | None = None
    """Who made the claim that is denied or commented on; None if the text names nobody."""
    claimant_id: str | None = None
    """The claimant's id, as that of a speaker."""
    stance_confidence: float = 1.0
    """The probability (0..1) that the stance is right."""
    speaker_office: str | None = None
    """The words with which the article introduces somebody who is not in the roster."""
    kind: TextKind = TextKind.NEWS
    formula: bool = False
    """Nothing but a greeting, thanks or a set phrase (``No comment``): no news."""


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A stored quote with what linking needs: its words, its speaker, and where and when it appeared."""

    id: str
    article_id: str
    source_id: str
    text: str
    lang: str
    type: QuoteType
    speaker_id: str | None
    speaker_name: str | None
    published_at: datetime | None
    seen_at: datetime
    stance: Stance = "said"
    claimant: str | None = None
    claimant_id: str | None = None
    stance_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote of several sentences, each of which reports a statement of its own."""

    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a reader wants to be notified of. A statement matches if any speaker or any search does."""

    id: str
    title: str
    address: str
    """E-mail address of the subscriber."""
    speakers: tuple[str, ...] = ()
    """Ids of the roster, and of people whom only the news know."""
    words: tuple[str, ...] = ()
    """Searches in the language of :mod:`pipeline.language.query`; one that finds the statement is enough."""
    lang: str | None = None
    """Language of the e-mails; None: the statement's own."""
    daily: bool = False
    """Everything in the daily summary, and nothing at once."""
    zone: str | None = None
    """IANA name of the reader's time zone; None: that of the installation."""
    confidence: float = 0.7
    """A statement that is less certain to be its speaker's is not sent."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The one outcome of one item in one stage."""

    stage: Stage
    item: str
    source_id: str | None
    outcome: Outcome
    reason: str
    detail: str = ""

    @property
    def disposition(self) -> Disposition:
        return Disposition(self.outcome, self.reason, self.detail)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One URL tried by a crawler: a line of the crawl's journal.

    ``record`` is set where bytes were archived; ``outcome`` and ``reason`` are those of the ledger. A page that was
    archived has the outcome KEPT, reason ``new`` or ``edited``; whether it is an article is decided by extraction.
    """

    url: str
    """As discovered: what the ledger counts."""
    kind: DocumentKind
    outcome: Outcome
    reason: str
    seen_at: datetime
    final_url: str = ""
    status: int | None = None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    """Of the decoded body: what conditional requests and ``unchanged`` compare."""
    record: WarcRecord | None = None
    detail: str = ""
    discovered_in: str = ""
    title: str = ""
    """As the discovery document names it."""
    published_raw: str = ""
    elapsed_ms: int = 0


DAY_ONLY = "day-only"
"""Flag of an article whose publication gives a day and no time: ``published_at`` is then when that day began."""

TAKEN_DOWN = Reason.TAKEN_DOWN.value
"""Flag of a version whose text was removed and must not be held."""


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """What the store remembers of a URL, handed to the crawler so that it asks only for what may have changed."""

    url: str
    kind: DocumentKind
    first_seen_at: datetime
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    last_fetched_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    published_on: date | None = None
    record: WarcRecord | None = None
    """Where the body with the digest ``body_sha256`` is archived."""
    changed_at: datetime | None = None
    """When the page last changed to that body."""
