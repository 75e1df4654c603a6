"""What the feeds and sitemaps of a source say of its health, and how often they are known to fail and come back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.health.observation import KIND_OF, DocumentObservation, DocumentState, Kind, Observation

MOST_RUNS_NEEDED = 3
"""Runs in a row after which a failure is told, however often the source has failed before."""
AT_ONCE_FROM = timedelta(hours=6)
"""Runs this far apart: the first failure is told, since the next word would be too late."""
UNLEARNED_DAYS = 2.0
"""While less than this has been seen of a source, a source that cannot be read is told at once."""
ALLOWED = 0.2
"""Failures that heal by themselves which may be told, per month."""
SOFT_PER_RUN, HARD_PER_MONTH = 0.0005, 0.05
"""What a source is taken to have failed, for faults of the network and for answers, worth one month of watching."""
FADES = 0.3
"""Share of failures that are taken to go on in the next run."""
HOME_KNOWN = 3
"""Answers from one address after which answers from another are told."""
SIGNAL = "documents"
ALL = ""
"""In place of an address: all documents of the source."""

Sign = tuple[DocumentState, str]
"""A state that is not well and the document that is in it."""


def kind_of(sign: Sign) -> Kind:
    """What a sign is called: what makes a whole source silent makes it half-empty if other documents are well."""
    kind = KIND_OF[sign[0]]
    return Kind.HALF_EMPTY if kind is Kind.SILENT and sign[1] != ALL else kind


@dataclass(frozen=True, slots=True)
class Answers:
    """How a source's documents have answered so far."""

    homes: Mapping[str, Set[str]] = field(default_factory=dict)
    """Addresses that each document has answered from, often enough to be its own."""
    runs_needed: Mapping[DocumentState, int] = field(default_factory=dict)
    """Runs in a row a sign must be seen in before it is told."""


def learn_answers(seen: Sequence[Observation], interval: timedelta, days: float) -> Answers:
    """``seen``: oldest first; ``interval``: usual time between runs."""
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
    """The least number of runs in a row for which failures that heal by themselves are rare enough."""
    for runs in range(1, MOST_RUNS_NEEDED):
        lasted = sum(streak >= runs for streak in healed)
        if (lasted + before * FADES ** (runs - 1)) / (months + 1) <= ALLOWED:
            return runs
    return MOST_RUNS_NEEDED


def answering_address(document: DocumentObservation, url: str) -> str:
    """Where a document answered from, without what often changes and means nothing: scheme, www, a last slash."""
    return _comparable_address(document.final_url or url)


@lru_cache(maxsize=4096)
def _comparable_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def document_signs(observation: Observation, answers: Answers) -> dict[Sign, str]:
    """What is wrong with the documents of one run, each with the words for it."""
    if observation.unreadable:
        state = next(state for state in KIND_OF if state in observation.states)
        detail = "; ".join(
            sorted({f"{document.reason} from {url}" for url, document in observation.documents.items()})[:3]
        )
        return {(state, ALL): f"none of its feeds and sitemaps can be read: {detail}"}
    return dict(_partial(observation, answers))


def _partial(observation: Observation, answers: Answers) -> Iterator[tuple[Sign, str]]:
    """Documents that fail beside others that do not, if they are known to have been well."""
    for url, document in observation.documents.items():
        known = answers.homes.get(url)
        if not known:
            continue
        if document.state is not DocumentState.OK:
            detail = f"one of its {len(observation.documents)} feeds and sitemaps fails: {document.reason} from {url}"
            yield (document.state, url), detail
        elif answering_address(document, url) not in known:
            yield (DocumentState.MOVED, url), f"{url} now answers from {document.final_url}"


def sign_streak(seen: Sequence[Observation], sign: Sign, answers: Answers) -> int:
    """In how many runs in a row, up to the newest, a sign has been seen; no more than MOST_PATIENCE are counted."""
    runs = 0
    for it in list(seen)[: -MOST_RUNS_NEEDED - 1 : -1]:
        if sign not in document_signs(it, answers):
            break
        runs += 1
    return runs
