"""Code that runs in the quote stage's worker: load the roster once, then find the quotes of one text at a time."""

from __future__ import annotations

from datetime import date

from pipeline import quotes as engine
from pipeline.config.speakers import RosterConfig as Shipped
from pipeline.quotes.roster import RosterIndex
from pipeline.records import Quote

_rosters: list[RosterIndex] = []
"""The roster of this process, once it is prepared."""


_SENTENCES = {"en": "The council said that it rains.", "ru": "В совете сообщили, что идёт дождь."}


def prepare_worker(shipped: Shipped) -> None:
    """Load the roster, and the dictionaries, whose loading time must not count for a text."""
    _rosters[:] = [RosterIndex(shipped.speakers, shipped.offices)]
    for lang, text in _SENTENCES.items():
        find(text, lang=lang, day=None, title=None)


def find(text: str, *, lang: str | None, day: date | None, title: str | None) -> list[Quote]:
    """The quotes of one text, from :func:`pipeline.quotes.find_quotes` with the loaded roster."""
    (roster,) = _rosters
    return engine.find_quotes(text, roster=roster, lang=lang, day=day, title=title)
