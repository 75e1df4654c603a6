"""Who said what: ``find_quotes`` turns a text into quotes, each with its speaker.

It is loaded when it is asked for, since a run calls it in workers only and itself asks for the version.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.quotes.roster import OfficeData, RosterIndex, SpeakerData
from pipeline.records import Quote

if TYPE_CHECKING:
    from pipeline.quotes.engine import find_quotes

VERSION = "20"
"""Raised whenever the same text can give other quotes."""

__all__ = ["VERSION", "find_in_worker", "find_quotes", "prepare_worker"]

_loaded: list[RosterIndex] = []
"""The roster of a worker process, once it is prepared."""


def __getattr__(name: str) -> Any:
    if name == "find_quotes":
        from pipeline.quotes.engine import find_quotes

        return find_quotes
    raise AttributeError(name)


def prepare_worker(speakers: Sequence[SpeakerData], offices: Sequence[OfficeData]) -> None:
    """Load the roster and the dictionaries, whose loading time must not count for a text."""
    from pipeline.quotes.languages.detection import PACKS

    _loaded[:] = [RosterIndex(speakers, offices)]
    for lang, pack in PACKS.items():
        find_in_worker(pack.example, lang=lang, day=None, title=None)


def find_in_worker(text: str, *, lang: str | None, day: date | None, title: str | None) -> list[Quote]:
    """The quotes of one text, from :func:`find_quotes` with the loaded roster."""
    from pipeline.quotes.engine import find_quotes

    (roster,) = _loaded
    return find_quotes(text, roster=roster, lang=lang, day=day, title=title)
