"""What a stage did in a run, in numbers: the one place that names the counts of reports, rows and metrics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any


def _counted(*words: str, total: str = "", level: str = "") -> Any:
    """A field for one count: its words in a printed report, of one and of several if they differ, and its metric.

    ``total`` is the name of the metric that shows the sum over all runs, ``level`` of one that shows the last value.
    """
    return field(default=None, metadata={"words": words, "total": total, "level": level})


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a stage, or one batch of it, did in a run; None: another stage counts it.

    The names of the fields are those of the run's report and of the columns of the table ``run_stages``.
    """

    versions_new: int | None = _counted("new version", "new versions", total="versions")
    quotes: int | None = _counted("quote", "quotes", total="quotes")
    statements: int | None = _counted("statement", "statements", total="statements")
    """New ones."""
    alerts: int | None = _counted("alert", "alerts", total="alerts")
    letters: int | None = _counted("e-mail sent", "e-mails sent", total="letters")
    """E-mails sent."""
    letters_dead: int | None = _counted("undeliverable", total="letters_given_up")
    """Alerts given up."""
    letters_waiting: int | None = _counted("waiting", level="letters_waiting")
    """Alerts still to be sent."""

    @property
    def counts(self) -> dict[str, int]:
        """The counts by name, in the order of reports, without those of other stages."""
        found = ((it.name, getattr(self, it.name)) for it in fields(self))
        return {name: number for name, number in found if number is not None}

    def __add__(self, other: StageResult) -> StageResult:
        """The sums of two batches."""
        sums = Counter(self.counts)
        sums.update(other.counts)
        return StageResult(**sums)


_WORDS: dict[str, tuple[str, ...]] = {it.name: it.metadata["words"] for it in fields(StageResult)}


def counts_as_text(counts: dict[str, int]) -> str:
    """Counts by name as a person reads them: ``1 alert, 1 e-mail sent, 0 undeliverable, 0 waiting``."""
    return ", ".join(f"{number} {_WORDS[name][0 if number == 1 else -1]}" for name, number in counts.items())
