"""What a stage did in a run, in numbers: the one place that names the counts of reports, rows and metrics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any


def _counted(*, total: str = "", level: str = "") -> Any:
    """A field for one count, with the name of the metric that shows its sum over all runs, or its last value."""
    return field(default=None, metadata={"total": total, "level": level})


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a stage, or one batch of it, did in a run; None: another stage counts it.

    The names of the fields are those of the run's report and of the columns of the table ``run_stages``.
    """

    versions_new: int | None = _counted(total="versions")
    quotes: int | None = _counted(total="quotes")
    statements: int | None = _counted(total="statements")
    """New ones."""
    alerts: int | None = _counted(total="alerts")
    letters: int | None = _counted(total="letters")
    """E-mails sent."""
    letters_dead: int | None = _counted(total="letters_given_up")
    """Alerts given up."""
    letters_waiting: int | None = _counted(level="letters_waiting")
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
