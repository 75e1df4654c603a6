"""Reads the labelled articles beside this file: all invented, quotes marked as ``⟦words⟧{speaker:kind}``.

``kind`` tells how the words beside the quote name who speaks: ``name``, ``pronoun``, ``epithet``, ``body`` or ``none``;
after a slash it may have a stance other than ``said`` (``name/denied``); a question mark at the end says that the quote
may be left out. The head of a file is YAML up to a line ``---``.
The people are those of ``people.yaml``: invented, in the offices of real ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pipeline.config.speaker import Speaker
from pipeline.config.speakers import shipped_roster
from pipeline.quotes.roster import RosterIndex

HERE = Path(__file__).parent
_MARKUP = re.compile(r"⟦|⟧\{(?P<key>[^:}]+):(?P<kind>[a-z]+)(?:/(?P<stance>[a-z]+))?(?P<optional>\?)?\}")


@dataclass(frozen=True, slots=True)
class LabelledQuote:
    """One quote: offsets into the article's text, who said it (None: nobody can tell) and how the text names them."""

    start: int
    end: int
    name: str | None
    id: str | None
    kind: str
    optional: bool
    stance: str = "said"


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """One article of the labelled texts."""

    key: str
    lang: str
    title: str | None
    day: date | None
    text: str
    quotes: tuple[LabelledQuote, ...]
    usual: bool = True
    """Written as news is; False for forms that are there to try the engine (broken marks, chatty interviews)."""
    kind: str = "news"
    """What kind of text it is: ``news``, ``interview``, ``transcript``, ``live-blog``, ``digest`` or ``opinion``."""
    form: str = ""
    """Which form of its kind: ``agency``, ``newspaper``, ``press review``, ``letter`` ..."""

    @property
    def number(self) -> int:
        """The number its file name begins with; batches of texts are runs of numbers."""
        return int(self.key.rpartition("/")[2].partition("-")[0])


def articles(lang: str) -> Iterator[LabelledArticle]:
    """The labelled articles in ``en`` or ``ru`` that the confidence is fitted on, by file name.

    ValueError names a file with broken markup.
    """
    for path in sorted((HERE / lang).glob("*.txt")):
        yield read(path, lang)


def held_out_articles(lang: str) -> Iterator[LabelledArticle]:
    """The labelled articles that are only measured on: nothing is fitted or tuned to them."""
    for path in sorted((HERE / "held_out" / lang).glob("*.txt")):
        yield read(path, lang)


def labelled_roster() -> RosterIndex:
    """The shipped roster, with the invented people of ``people.yaml`` in the place of those whose offices they hold."""
    shipped = shipped_roster()
    invented: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "people.yaml").read_text("utf-8"))
    if unknown := invented.keys() - {speaker.id for speaker in shipped.speakers}:
        raise ValueError(f"people.yaml: the shipped roster has no {', '.join(sorted(unknown))}")
    return RosterIndex([_replaced(speaker, invented.get(speaker.id)) for speaker in shipped.speakers], shipped.offices)


def _replaced(speaker: Speaker, names: dict[str, Any] | None) -> Speaker:
    """The speaker with the id and the names of somebody invented, or as it is."""
    if names is None:
        return speaker
    kept = {"gender": speaker.gender, "country": speaker.country}
    return Speaker.model_validate(kept | names).model_copy(update={"offices": speaker.offices})


def read(path: Path, lang: str) -> LabelledArticle:
    """The article of one file."""
    head, _, body = path.read_text("utf-8").partition("\n---\n")
    about: dict[str, Any] = yaml.safe_load(head)
    speakers = about.get("speakers") or {}
    text, quotes, opened = "", [], None
    at = 0
    body = body.strip("\n")
    for match in _MARKUP.finditer(body):
        text += body[at : match.start()]
        at = match.end()
        if match.group() == "⟦":
            if opened is not None:
                raise ValueError(f"{path.name}: a quote is opened inside another near {text[-40:]!r}")
            opened = len(text)
            continue
        if opened is None:
            raise ValueError(f"{path.name}: a quote is closed that was not opened near {text[-40:]!r}")
        key = match.group("key")
        speaker = speakers[key] if key != "_" else {"name": None, "id": None}
        stance = match.group("stance") or "said"
        optional = bool(match.group("optional"))
        who = speaker["name"], speaker["id"], match.group("kind")
        quotes.append(LabelledQuote(opened, len(text), *who, optional, stance))
        opened = None
    if opened is not None:
        raise ValueError(f"{path.name}: a quote is never closed")
    day = about.get("date")
    return LabelledArticle(
        f"{lang}/{path.stem}", lang, about.get("title"), day if isinstance(day, date) else None,
        text + body[at:], tuple(quotes), about.get("usual", True), about.get("kind", "news"), about.get("form", ""),
    )  # fmt: skip
