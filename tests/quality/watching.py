"""The whole of health over a simulated press, with its incidents kept as the store keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from press import BREAKS, Life, Paper, live, see

from pipeline.health import (
    Baseline,
    Close,
    Incident,
    Mask,
    Observation,
    Open,
    Update,
    decide_intents,
    evaluate_source,
    learn_baseline,
)


@dataclass
class Watched:
    """A paper under watch. Habits are learned again once a day, which changes little and saves the test's time."""

    paper: Paper
    life: Life
    chance: np.random.Generator
    seen: list[Observation] = field(default_factory=list)
    open: list[Incident] = field(default_factory=list)
    ended: list[Incident] = field(default_factory=list)
    habits: Baseline = field(default_factory=Baseline)
    learned_at: datetime | None = None

    def look(self, at: datetime, step: timedelta, broken: str = "") -> list[Open]:
        """One run; the incidents that it opened."""
        self.relearn(at)
        self.seen.append(see(self.paper, self.life, at, at - step, self.chance, broken))
        masks = [Mask(it.since, it.closed_at, it.kind) for it in self.ended if it.closed_at]
        verdict = evaluate_source(self.seen, self.habits, self.paper.source, masks)
        opened = []
        for intent in list(decide_intents(verdict, self.open)):
            if isinstance(intent, Open):
                opened.append(intent)
                name = f"{self.paper.name}-{len(self.open) + len(self.ended)}"
                self.open.append(
                    Incident(name, self.paper.name, intent.kind, intent.since, at, at, intent.signals, intent.detail)
                )
            elif isinstance(intent, Update):
                self.open.remove(intent.incident)
                self.open.append(replace(intent.incident, signals=intent.signals, detail=intent.detail))
            elif isinstance(intent, Close):
                self.open.remove(intent.incident)
                self.ended.append(replace(intent.incident, closed_at=at))
        return opened

    def runs_until_noticed(self, how: str, at: datetime, step: timedelta, most: int) -> int | None:
        """Break a copy of the paper from the run at a moment on: by which run it is called what it is; None: never."""
        twin = Watched(
            self.paper,
            self.life,
            np.random.default_rng([at.toordinal(), *how.encode()]),
            list(self.seen),
            list(self.open),
            list(self.ended),
            self.habits,
            self.learned_at,
        )
        for number in range(1, most + 1):
            if any(it.kind is BREAKS[how] for it in twin.look(at, step, how)):
                return number
            at += step
        return None

    def relearn(self, at: datetime) -> None:
        if self.learned_at is not None and at - self.learned_at < timedelta(days=1):
            return
        masks = [Mask(it.since, it.closed_at or at, it.kind) for it in (*self.ended, *self.open)]
        self.habits = learn_baseline(self.seen, masks, zone=str(self.paper.zone), country=self.paper.country)
        self.learned_at = at


def watched(paper: Paper, start: datetime, days: int, seed: int) -> Watched:
    """A paper with a life of its own, the same for the same seed."""
    chance = np.random.default_rng([seed, *paper.name.encode()])
    return Watched(paper, live(paper, start, days, chance), chance)
