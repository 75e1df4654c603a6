"""Health of a source's feeds and sitemaps, and how many failures in a row are normal for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.health.observation import KIND_OF, DocumentObservation, DocumentState, Kind, Observation
from pipeline.reasons import explained_reason

MOST_RUNS_NEEDED = 3
"""A failure is reported after at most this many runs in a row, however often the source has failed before."""
AT_ONCE_FROM = timedelta(hours=6)
"""If runs are at least this far apart, a failure is reported at the first run."""
UNLEARNED_DAYS = 2.0
"""A source observed for less than this many days is reported at its first failure."""
ALLOWED = 0.2
"""Failures per month that may be reported although they would have healed by themselves."""
SOFT_PER_RUN, HARD_PER_MONTH = 0.0005, 0.05
"""Prior for how often a source fails: per run for network faults, per month for error responses; worth one month of
data."""
FADES = 0.3
"""Prior share of failures that continue in the next run."""
HOME_KNOWN = 3
"""An address is normal for a document if it answered from there this often; other addresses are then reported."""
SIGNAL = "documents"
ALL = ""
"""Stands for all documents of a source, in place of a URL."""

Sign = tuple[DocumentState, str]
"""A failure: the state of a document, and its URL or ALL."""


def kind_of(sign: Sign) -> Kind:
    """The kind of incident for a failure; a failure of one document only makes a source half-empty."""
    kind = KIND_OF[sign[0]]
    return Kind.HALF_EMPTY if kind in (Kind.SILENT, Kind.UNREACHABLE) and sign[1] != ALL else kind


@dataclass(frozen=True, slots=True)
class Answers:
    """How a source's documents have answered so far."""

    homes: Mapping[str, Set[str]] = field(default_factory=dict)
    """Normal addresses of each document, from which it has answered often enough."""
    runs_needed: Mapping[DocumentState, int] = field(default_factory=dict)
    """The number of runs in a row in which a failure must be seen before it is reported."""


def learn_answers(seen: Sequence[Observation], interval: timedelta, days: float) -> Answers:
    """Learn normal addresses and failures. ``seen``: oldest first; ``interval``: usual time between runs."""
    answered: dict[str, Counter[str]] = defaultdict(Counter)
    for it in seen:
        for url, document in it.documents.items():
            if document.state is DocumentState.OK:
                answered[url][answering_address(document, url)] += 1
    homes = {
        url: frozenset(address for address, times in addresses.items() if times >= min(HOME_KNOWN, addresses.total()))
        for url, addresses in answered.items()
    }
    return Answers(homes, _runs_needed_by_state(seen, Answers(homes), interval, days))


def _runs_needed_by_state(
    seen: Sequence[Observation], answers: Answers, interval: timedelta, days: float
) -> dict[DocumentState, int]:
    if interval >= AT_ONCE_FROM or days < UNLEARNED_DAYS:
        return dict.fromkeys(KIND_OF, 1)
    healed: dict[DocumentState, list[int]] = defaultdict(list)
    running: dict[Sign, int] = {}
    for it in seen:
        now = document_signs(it, answers)
        for sign in [sign for sign in running if sign not in now]:
            healed[sign[0]].append(running.pop(sign))
        running = {sign: running.get(sign, 0) + 1 for sign in now}
    soft = SOFT_PER_RUN * min(timedelta(days=30) / interval, 1440.0)
    return {
        state: _runs_needed(healed[state], soft if state is DocumentState.FAILED else HARD_PER_MONTH, days / 30)
        for state in KIND_OF
    }


def _runs_needed(healed: Sequence[int], before: float, months: float) -> int:
    """The smallest number of runs in a row for which failures that heal by themselves are reported rarely enough."""
    for runs in range(1, MOST_RUNS_NEEDED):
        lasted = sum(streak >= runs for streak in healed)
        if (lasted + before * FADES ** (runs - 1)) / (months + 1) <= ALLOWED:
            return runs
    return MOST_RUNS_NEEDED


def answering_address(document: DocumentObservation, url: str) -> str:
    """The address a document answered from, without scheme, ``www.`` and a last slash, which change without meaning."""
    return _comparable_address(document.final_url or url)


@lru_cache(maxsize=4096)
def _comparable_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def document_signs(observation: Observation, answers: Answers) -> dict[Sign, str]:
    """Failures of the documents in one run, each with a message."""
    if observation.unreadable:
        state = next(state for state in KIND_OF if state in observation.states)
        detail = "; ".join(
            sorted({f"{_cause(document)} from {url}" for url, document in observation.documents.items()})[:3]
        )
        return {(state, ALL): f"none of its feeds and sitemaps can be read: {detail}"}
    return dict(_partial(observation, answers))


def _partial(observation: Observation, answers: Answers) -> Iterator[tuple[Sign, str]]:
    """Failures of some documents while others answer, if they are known to have worked before."""
    for url, document in observation.documents.items():
        known = answers.homes.get(url)
        if not known:
            continue
        if document.state is not DocumentState.OK:
            detail = f"one of its {len(observation.documents)} feeds and sitemaps fails: {_cause(document)} from {url}"
            yield (document.state, url), detail
        elif answering_address(document, url) not in known:
            yield (DocumentState.MOVED, url), f"{url} now answers from {document.final_url}"


def _cause(document: DocumentObservation) -> str:
    return explained_reason(document.reason, document.detail)


def sign_streak(seen: Sequence[Observation], sign: Sign, answers: Answers) -> int:
    """The number of runs in a row, up to the newest, with a failure; at most MOST_RUNS_NEEDED are counted."""
    runs = 0
    for it in list(seen)[: -MOST_RUNS_NEEDED - 1 : -1]:
        if sign not in document_signs(it, answers):
            break
        runs += 1
    return runs
