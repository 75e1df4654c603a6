"""How the words of one statement differ between its reports, who cut what, and who was first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from pipeline.language.normalise import fold_word, one_script, visible_text
from pipeline.statements.groups import Statement
from pipeline.statements.likeness import LinkKind
from pipeline.statements.segments import Segment

VERSION = "1"
"""Raised whenever the same reports may be compared with another result."""

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*%?")

Change = Literal["same", "left out", "added", "replaced"]


@dataclass(frozen=True, slots=True)
class WordChange:
    """A run of words that is the same in both reports, or is not."""

    change: Change
    before: str
    """As the fuller report prints it; empty of what was added."""
    now: str
    """As this report prints it; empty of what was left out."""


@dataclass(frozen=True, slots=True)
class ReportedWords:
    """The words of one report beside those of the fullest."""

    segment: str
    article: str
    source: str
    how: LinkKind
    quoted: bool
    """Whether the words are quoted, wholly or in part."""
    published_at: datetime | None
    first: bool
    """Whether no report of the statement was published before; of several at one time all are first."""
    behind: float | None
    """Hours after the first one; None without a time."""
    changes: tuple[WordChange, ...]
    """From the fullest report to this one; of the fullest one run, the same."""

    @property
    def cut(self) -> tuple[str, ...]:
        """The words of the fullest report that this one leaves out."""
        return tuple(one.before for one in self.changes if one.change == "left out")

    @property
    def verbatim(self) -> bool:
        """Whether it changes no word, but may leave some out."""
        return all(one.change in ("same", "left out") for one in self.changes)


@dataclass(frozen=True, slots=True)
class Drift:
    """All reports of a statement in order of time, and the id of the segment with the fullest quoted words."""

    statement: str
    fullest: str
    reports: tuple[ReportedWords, ...]

    @property
    def wordings(self) -> int:
        """How many different wordings there are, marks and capitals apart."""
        printed = (" ".join(one.now for one in report.changes) for report in self.reports)
        return len({tuple(map(_folded, _words(text))) for text in printed})


def drift_of(statement: Statement) -> Drift:
    """How the reports of a statement differ in their words."""
    segments = [report.segment for report in statement.reports]
    fullest = max(segments, key=lambda it: (it.form.spoken, len(it.form.words), _earliest_last(it), it.id))
    times = [it.at for it in segments if it.at is not None]
    first = min(times, default=None)
    reports = []
    for report in statement.reports:
        one, quote = report.segment, report.segment.of.quote
        reports.append(
            ReportedWords(
                one.id,
                quote.article_id,
                quote.source_id,
                report.how,
                one.form.spoken,
                one.at,
                one.at is not None and one.at == first,
                None if one.at is None or first is None else round((one.at - first).total_seconds() / 3600, 2),
                tuple(compare_words(fullest.text, one.text)),
            )
        )
    return Drift(statement.id, fullest.id, tuple(reports))


def compare_words(fuller: str, other: str) -> Iterable[WordChange]:
    """What of one text the other repeats, leaves out, adds and replaces, in the order of the words.

    Marks, capitals and letters of another script that look alike do not count.
    """
    before, now = list(_words(fuller)), list(_words(other))
    matcher = SequenceMatcher(None, [*map(_folded, before)], [*map(_folded, now)], autojunk=False)
    names: dict[str, Change] = {"equal": "same", "delete": "left out", "insert": "added", "replace": "replaced"}
    for tag, start, end, begin, stop in matcher.get_opcodes():
        yield WordChange(names[tag], _joined(before[start:end]), _joined(now[begin:stop]))


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(visible_text(text))


def _folded(word: str) -> str:
    return fold_word(one_script(word))


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)


def _earliest_last(segment: Segment) -> float:
    return -segment.at.timestamp() if segment.at is not None else float("-inf")
