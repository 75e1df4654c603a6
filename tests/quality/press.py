"""A press of 25 invented papers with lifelike rhythms, and what runs would see of them, well or broken.

Nothing here knows how health is judged. Volumes, feeds and faults are in the range of what is known of real sources;
days of rest are written out for the two winters and springs that the tests live through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from pipeline.config.source import Source
from pipeline.health import DocumentObservation, DocumentState, Kind, Observation

CURVES = {
    "agency": [3, 2, 2, 2, 2, 3, 4, 6, 8, 10, 11, 12, 12, 12, 12, 12, 12, 11, 10, 9, 8, 7, 5, 4],
    "daily": [1, 1, 0, 0, 0, 1, 2, 4, 7, 10, 12, 13, 13, 12, 12, 12, 11, 10, 8, 6, 5, 4, 3, 2],
    "office": [0, 0, 0, 0, 0, 0, 0, 0, 1, 5, 9, 12, 12, 10, 11, 12, 12, 11, 8, 4, 2, 1, 0, 0],
}
RUSSIA = [
    *(date(2025, 12, 31) + timedelta(days=n) for n in range(12)),
    date(2026, 2, 23),
    date(2026, 3, 9),
    *(date(2026, 5, 1) + timedelta(days=n) for n in range(3)),
    *(date(2026, 5, 9) + timedelta(days=n) for n in range(3)),
    date(2025, 11, 4),
]
WEST = [
    *(date(2025, 12, 24) + timedelta(days=n) for n in range(9)),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
]
"""Christmas week, Easter, and the Monday in May on which England rests."""


@dataclass(frozen=True)
class Paper:
    """One paper. ``weekend`` and ``holiday``: its output then, as a part of a working day's."""

    name: str
    daily: float
    curve: str
    weekend: float
    holiday: float
    country: str = "RU"
    feeds: int = 1
    clusters: float = 0.25
    """Standard deviation of an hour's level; a day's is about half of it."""
    text: float = 0.97
    date: float = 0.995
    on_beat: float = 0.3
    selectors: bool = True
    pages: bool = True
    """Its pages are asked for, not only its feed."""
    outages: float = 1.0
    """A month; they last 25 minutes on average."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo({"RU": "Europe/Moscow", "GB": "Europe/London", "US": "America/New_York"}[self.country])

    @property
    def source(self) -> Source:
        return Source.model_validate(
            {
                "id": self.name,
                "title": self.name,
                "language": "en",
                "country": self.country,
                "home": f"https://{self.name}.example/",
                "feeds": self.urls,
                "dates": {"zone": str(self.zone)},
            }
        )

    @property
    def urls(self) -> list[str]:
        return [f"https://{self.name}.example/{n}.rss" for n in range(self.feeds)]


PAPERS = (
    Paper("wire-a", 620, "agency", 0.55, 0.45, text=0.99),
    Paper("wire-b", 560, "agency", 0.6, 0.5, pages=False),
    Paper("wire-c", 450, "agency", 0.5, 0.4, feeds=2, text=0.98),
    Paper("wire-en", 100, "agency", 0.45, 0.4, feeds=2),
    Paper("wire-live", 900, "agency", 0.7, 0.6, selectors=False),
    Paper("portal-a", 330, "agency", 0.7, 0.6, text=0.96),
    Paper("portal-b", 280, "agency", 0.7, 0.55, text=0.92, outages=2),
    Paper("portal-c", 470, "agency", 0.65, 0.5, text=0.86, feeds=3),
    Paper("portal-d", 218, "daily", 0.6, 0.5, outages=4),
    Paper("business-a", 300, "daily", 0.25, 0.15, feeds=3, on_beat=0.15),
    Paper("business-b", 150, "daily", 0.2, 0.1, text=0.9),
    Paper("daily-a", 250, "daily", 0.4, 0.3, text=0.94, selectors=False),
    Paper("daily-b", 180, "daily", 0.45, 0.35, outages=2),
    Paper("tabloid", 550, "agency", 0.75, 0.65, text=0.88, on_beat=0.05),
    Paper("channel", 120, "daily", 0.6, 0.5, text=0.7, feeds=2),
    Paper("abroad-en", 50, "daily", 0.5, 0.45, on_beat=0.5),
    Paper("abroad-ru", 140, "daily", 0.55, 0.5, on_beat=0.3, outages=3),
    Paper("exile-a", 60, "daily", 0.5, 0.5, country="GB", on_beat=0.7),
    Paper("exile-b", 25, "daily", 0.35, 0.3, country="GB", clusters=0.35),
    Paper("weekly", 14, "office", 0.15, 0.1, country="GB", clusters=0.4, on_beat=0.9),
    Paper("world-a", 40, "daily", 0.5, 0.45, country="GB", on_beat=0.4),
    Paper("world-b", 90, "agency", 0.6, 0.6, country="US", on_beat=0.1, feeds=2),
    Paper("president", 5, "office", 0.35, 0.15, clusters=0.5, on_beat=1.0, feeds=2),
    Paper("ministry", 9, "office", 0.12, 0.06, clusters=0.5, on_beat=1.0, outages=3),
    Paper("parliament", 16, "office", 0.05, 0.03, clusters=0.5, on_beat=1.0),
)

BREAKS: dict[str, Kind] = {
    "dead": Kind.UNREACHABLE,
    "emptied": Kind.SILENT,
    "frozen": Kind.SILENT,
    "feed refused": Kind.BLOCKED,
    "pages refused": Kind.BLOCKED,
    "bot wall": Kind.BLOCKED,
    "feed gone": Kind.FEED_MOVED,
    "feed a web page": Kind.FEED_MOVED,
    "feed elsewhere": Kind.FEED_MOVED,
    "text lost": Kind.LAYOUT,
    "selectors miss": Kind.LAYOUT,
    "dates lost": Kind.LAYOUT,
    "stubs": Kind.LAYOUT,
    "a third left": Kind.HALF_EMPTY,
    "a tenth left": Kind.HALF_EMPTY,
    "one feed fails": Kind.HALF_EMPTY,
}
"""Ways to break a source, and what that should be called."""


def can_have(paper: Paper, how: str) -> bool:
    """Whether a paper can be broken this way at all."""
    if how == "selectors miss":
        return paper.selectors
    if how in ("pages refused", "bot wall"):
        return paper.pages
    return paper.feeds > 1 if how == "one feed fails" else True


@dataclass(frozen=True)
class Life:
    """What would be new in each hour of a span of days, and when the paper's server is down."""

    start: datetime
    hourly: np.ndarray
    outages: Sequence[tuple[datetime, datetime]]

    def expected(self, first: datetime, last: datetime) -> float:
        places = [(at - self.start) / timedelta(hours=1) for at in (first, last)]
        sums = np.concatenate([[0.0], np.cumsum(self.hourly)])
        before, after = np.interp(places, np.arange(len(sums)), sums)
        return float(after - before)

    def down(self, at: datetime) -> bool:
        return any(first <= at < last for first, last in self.outages)


def live(paper: Paper, start: datetime, days: int, chance: np.random.Generator) -> Life:
    """A life: working days and rest, clusters of news, good and bad days, drift, a few surges, outages."""
    curve = np.array(CURVES[paper.curve], dtype=float)
    curve /= curve.sum()
    rest = set(RUSSIA if paper.country == "RU" else WEST)
    levels, shape = {}, 1 / paper.clusters**2
    drift = np.exp(np.cumsum(chance.normal(0, 0.012, days + 3)))
    surges = {int(day): chance.uniform(1.4, 2.4) for day in chance.integers(0, days, max(1, days // 20))}
    hourly = np.zeros(days * 24)
    for n in range(days * 24):
        local = (start + timedelta(hours=n)).astimezone(paper.zone)
        day = local.date()
        if day not in levels:
            own = paper.holiday if day in rest else paper.weekend if day.weekday() >= 5 else 1.0
            good = chance.gamma(4 * shape, 1 / (4 * shape))
            levels[day] = paper.daily * own * good * drift[n // 24] * surges.get(n // 24, 1.0)
        hourly[n] = levels[day] * curve[local.hour] * chance.gamma(shape, 1 / shape)
    outages = []
    for _ in range(chance.poisson(paper.outages * days / 30)):
        at = start + timedelta(hours=chance.uniform(0, days * 24))
        outages.append((at, at + timedelta(minutes=chance.exponential(25))))
    return Life(start, hourly, outages)


def see(
    paper: Paper,
    life: Life,
    at: datetime,
    before: datetime,
    chance: np.random.Generator,
    broken: str = "",
) -> Observation:
    """What a run sees of the paper at a moment, ``before`` being the run before; ``broken``: one of BREAKS."""
    documents = answers(paper, life.down(at), chance, broken)
    readable = any(it.state is DocumentState.OK for it in documents.values())
    meant = life.expected(before, at) if readable else 0.0
    if broken in ("frozen", "feed elsewhere"):
        meant = 0.0
    meant *= {"a third left": 1 / 3, "a tenth left": 0.1, "one feed fails": 1 - 1 / paper.feeds}.get(broken, 1.0)
    new = int(chance.poisson(meant))
    shares = pages(paper, new, chance, broken)
    kept = shares["on-beat"][0]
    typical = 9.0 if broken == "stubs" else 11.3
    lengths = np.bincount(np.clip(chance.normal(typical, 0.8, kept), 6, 15).astype(int), minlength=16) if kept else []
    listed = max(new, 30) if readable else 0
    found = {name: share for name, share in shares.items() if share[1]}
    return Observation(paper.name, f"{at:%FT%T}", at, False, documents, listed, new, found, tuple(map(int, lengths)))


def answers(paper: Paper, down: bool, chance: np.random.Generator, broken: str) -> dict[str, DocumentObservation]:
    """How its feeds answer. Each fails on its own now and then: 1 in 2,000 times by a fault, 1 in 10,000 by a 403."""
    found = {}
    for n, url in enumerate(paper.urls):
        lot = chance.random()
        document = DocumentObservation(DocumentState.OK, "edited", url)
        if down or broken == "dead" or lot < 0.0005 or (broken == "one feed fails" and n == 0):
            document = DocumentObservation(DocumentState.FAILED, "timeout")
        elif broken == "feed refused" or lot > 0.9999:
            document = DocumentObservation(DocumentState.REFUSED, "http-403", url)
        elif broken == "emptied":
            document = DocumentObservation(DocumentState.EMPTY, "empty-feed", url)
        elif broken == "feed gone":
            document = DocumentObservation(DocumentState.MOVED, "http-404", url)
        elif broken == "feed a web page":
            document = DocumentObservation(DocumentState.MOVED, "not-a-feed", url)
        elif broken == "feed elsewhere":
            document = DocumentObservation(DocumentState.OK, "same-body", url.replace(".example/", ".example/old/"))
        elif broken == "frozen" or lot < 0.3:
            document = DocumentObservation(DocumentState.OK, "not-modified", url)
        found[url] = document
    return found


def pages(paper: Paper, new: int, chance: np.random.Generator, broken: str) -> dict[str, tuple[int, int]]:
    """How its pages come and read: now and then a batch is refused, or a day is one of pictures."""

    def some(of: int, share: float, alike: float = 40.0) -> int:
        if of == 0 or share in (0.0, 1.0):
            return int(of * share)
        return int(chance.binomial(of, chance.beta(share * alike, (1 - share) * alike)))

    answered = new if not paper.pages else some(new, 0.85 if chance.random() < 0.002 else 0.998)
    if broken == "pages refused":
        answered = some(new, 0.02)
    fetched = some(answered, 0.997)
    read = fetched
    text = some(read, paper.text)
    if broken == "bot wall":
        read = text = 0
        answered = 0
    if broken == "text lost":
        text = some(read, 0.05)
    kept = some(text, paper.on_beat)
    shares = {"text": (text, read), "on-beat": (kept, text), "title": (some(kept, 0.999), kept)}
    shares["date"] = (0 if broken == "dates lost" else some(kept, paper.date), kept)
    if paper.pages:
        shares |= {"answered": (answered, new), "fetched": (fetched, answered)}
    if paper.selectors:
        shares["selectors"] = (0 if broken == "selectors miss" else some(kept, 0.99), kept)
    return shares


def moment(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
