"""What one run saw of one source, and what can be said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong with a source; at most one incident of each is open for it."""

    BLOCKED = "blocked"
    """We are refused: 401, 403, 429, robots.txt, a wall against robots."""
    FEED_MOVED = "feed-moved"
    """What listed its articles is gone, is no feed any more, or answers from elsewhere."""
    SILENT = "silent"
    """Nothing can be had of it, or nothing new comes for longer than its rhythm explains."""
    HALF_EMPTY = "half-empty"
    """It brings much less than its rhythm says, or one of its feeds brings nothing."""
    LAYOUT = "layout"
    """Its pages come, but text, date or title are no longer found in them as they were."""


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
    DocumentState.FAILED: Kind.SILENT,
}
REFUSALS = frozenset(
    {"http-401", "http-403", "http-407", "http-429", "http-451", "robots", "bot-wall", "cookie-wall", "retry-after"}
)
GONE = frozenset({"http-404", "http-410", "not-a-feed", "not-a-sitemap", "not-a-listing", "not-a-list"})
EMPTY = frozenset({"empty-feed", "empty-sitemap", "empty-listing", "empty-list", "empty-body", "no-usable-entry"})


def state_of(outcome: str, reason: str) -> DocumentState:
    """How a document answered, by the words of the ledger."""
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
    """Where it answered from; empty if nothing did."""


Share = tuple[int, int]
"""How many of how many."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one run saw of one source.

    ``shares`` by name: ``answered`` of the pages asked were not refused, ``fetched`` came without a fault; of the
    pages read, ``text`` held a story and ``on-beat`` of these were kept; of the articles kept, ``title``, ``date`` and
    ``selectors`` were found. ``lengths``: of the texts kept, how many have how many characters, by power of two.
    """

    source_id: str
    run_id: str
    at: datetime
    past: bool = False
    """By a run that also reads archives; its numbers are compared only with those of its like."""
    documents: Mapping[str, DocumentObservation] = field(default_factory=dict)
    discovered: int = 0
    new: int = 0
    """Addresses of pages seen for the first time."""
    shares: Mapping[str, Share] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()

    @property
    def states(self) -> set[DocumentState]:
        return {document.state for document in self.documents.values()}

    @property
    def unreadable(self) -> bool:
        """Whether it asked for documents and got none."""
        return bool(self.documents) and all(it.state is not DocumentState.OK for it in self.documents.values())


@dataclass(frozen=True, slots=True)
class Mask:
    """A span of time in which the source was not itself: what it brought then is not learned from."""

    start: datetime
    end: datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Symptom:
    """One sign that something is wrong. ``signal`` names the measure; ``since``: when it was last known to be well."""

    kind: Kind
    signal: str
    since: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class HealthVerdict:
    """What the newest observation says: the signs found, and the signals that can be called well.

    A signal in neither cannot be judged now, so whatever was said of it stands.
    """

    source_id: str
    at: datetime
    symptoms: tuple[Symptom, ...] = ()
    passing: frozenset[tuple[Kind, str]] = frozenset()
    warnings: tuple[str, ...] = ()
    """Ceilings passed: told, but no incident."""


OURS_SHARE = 0.6
OURS_AT_LEAST = 3


def fault_of_ours(run: Sequence[Observation]) -> bool:
    """Whether so many sources failed in one run, none of them by an answer, that it must be our own network."""
    failed = [seen for seen in run if seen.unreadable and seen.states == {DocumentState.FAILED}]
    return len(failed) >= OURS_AT_LEAST and len(failed) >= OURS_SHARE * len(run)
