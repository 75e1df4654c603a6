"""Data types of the health check: observations, symptoms, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.reasons import Reason


class Kind(StrEnum):
    """What can be wrong with a source; at most one incident of each kind is open for it."""

    BLOCKED = "blocked"
    """We are refused: 401, 403, 429, robots.txt, a bot wall."""
    FEED_MOVED = "feed-moved"
    """A document that lists articles is gone, is no feed any more, or answers from another address."""
    UNREACHABLE = "unreachable"
    """Its server gives no answer, or only errors: DNS, TLS, time-out, closed connection, 5xx, unreadable robots.txt."""
    SILENT = "silent"
    """Its documents list nothing, or no new pages come for longer than its seasonality explains."""
    HALF_EMPTY = "half-empty"
    """Far fewer new pages come than its seasonality lets expect, or one of its feeds fails."""
    LAYOUT = "layout"
    """Its pages can be fetched, but text, date or title are found in fewer of them than before."""


class DocumentState(StrEnum):
    """How a feed or sitemap answered."""

    OK = "ok"
    REFUSED = "refused"
    MOVED = "moved"
    EMPTY = "empty"
    FAILED = "failed"


KIND_OF = {
    DocumentState.REFUSED: Kind.BLOCKED,
    DocumentState.MOVED: Kind.FEED_MOVED,
    DocumentState.EMPTY: Kind.SILENT,
    DocumentState.FAILED: Kind.UNREACHABLE,
}
REFUSALS = frozenset(
    {
        "http-401",
        "http-403",
        "http-407",
        "http-429",
        "http-451",
        Reason.ROBOTS,
        Reason.BOT_WALL,
        Reason.COOKIE_WALL,
        Reason.RETRY_AFTER,
    }
)
GONE = frozenset(
    {"http-404", "http-410", Reason.NOT_A_FEED, Reason.NOT_A_SITEMAP, Reason.NOT_A_LISTING, Reason.NOT_A_LIST}
)
EMPTY = frozenset(
    {
        Reason.EMPTY_FEED,
        Reason.EMPTY_SITEMAP,
        Reason.EMPTY_LISTING,
        Reason.EMPTY_LIST,
        Reason.EMPTY_BODY,
        Reason.NO_USABLE_ENTRY,
    }
)


def state_of(outcome: str, reason: str) -> DocumentState:
    """The state of a document, from its outcome and reason in the ledger."""
    if outcome in ("kept", "unchanged"):
        return DocumentState.OK
    if reason in REFUSALS:
        return DocumentState.REFUSED
    if reason in GONE:
        return DocumentState.MOVED
    return DocumentState.EMPTY if reason in EMPTY else DocumentState.FAILED


@dataclass(frozen=True, slots=True)
class DocumentObservation:
    """One feed, sitemap or listing in one run."""

    state: DocumentState
    reason: str = ""
    final_url: str = ""
    """The address it answered from; empty if it did not answer."""
    detail: str = ""
    """What the ledger says beside the reason."""


Share = tuple[int, int]
"""Number of good pages, and of all pages."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one run saw of one source.

    ``shares`` by name: ``answered`` (requested pages that were not refused), ``fetched`` (without an error), of the
    pages read: ``text`` (contained a story) and of those ``on-beat`` (relevant), of the articles kept: ``title``,
    ``date`` and ``selectors`` (found). ``lengths``: number of texts by length, in powers of two of characters.
    """

    source_id: str
    run_id: str
    at: datetime
    past: bool = False
    """By a run that also reads archives; compared only with other observations of such runs."""
    documents: Mapping[str, DocumentObservation] = field(default_factory=dict)
    discovered: int = 0
    new: int = 0
    """URLs of pages seen for the first time."""
    shares: Mapping[str, Share] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()

    @property
    def states(self) -> set[DocumentState]:
        """The states that occur among its documents."""
        return {document.state for document in self.documents.values()}

    @property
    def unreadable(self) -> bool:
        """Whether documents were requested and none could be read."""
        return bool(self.documents) and all(it.state is not DocumentState.OK for it in self.documents.values())


@dataclass(frozen=True, slots=True)
class Mask:
    """A period of known trouble, left out when a baseline is learned."""

    start: datetime
    end: datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Symptom:
    """A sign that something is wrong. ``signal`` names the measure; ``since``: when it was last known to be well."""

    kind: Kind
    signal: str
    since: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class HealthVerdict:
    """The result for the newest observation: symptoms found, and signals that pass.

    A signal in neither cannot be judged now, so incidents with it stay as they are.
    """

    source_id: str
    at: datetime
    symptoms: tuple[Symptom, ...] = ()
    passing: frozenset[tuple[Kind, str]] = frozenset()
    warnings: tuple[str, ...] = ()
    """Exceeded ceilings: reported, but no incident."""


OURS_SHARE = 0.6
OURS_AT_LEAST = 3


def fault_of_ours(run: Sequence[Observation]) -> bool:
    """Whether so many sources failed in one run, none with an error response, that our own network must be at fault."""
    failed = [seen for seen in run if seen.unreadable and seen.states == {DocumentState.FAILED}]
    return len(failed) >= OURS_AT_LEAST and len(failed) >= OURS_SHARE * len(run)
