"""Load the watches of an installation: who gets alerts about what. The user's are added or replace ours by id."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import idna
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipeline.config.document import line_of, read_yaml, validate_model
from pipeline.config.settings import SHIPPED, Settings
from pipeline.errors import InvalidFile, InvalidValue, SearchTooLong
from pipeline.language.person_names import PERSON, person_id
from pipeline.language.query import parse_query
from pipeline.records import Watch
from pipeline.runtime.days import zone_called

FILE = "watches.yaml"
_PERSON = re.compile(rf"{PERSON}\w+(?:-\w+)+(?:\.[0-9a-f]+)?")


def _address(value: str) -> str:
    local, at, domain = value.strip().rpartition("@")
    if not at or not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", local):
        raise ValueError("not an e-mail address such as reader@example.org (Latin letters before the @)")
    if domain != "localhost":
        try:
            idna.encode(domain, uts46=True)
        except idna.IDNAError as error:
            raise ValueError(f"not an e-mail address: its domain is wrong: {error}") from error
    return f"{local}@{domain}"


def _phrase(value: str) -> str:
    try:
        query = parse_query(value)
    except SearchTooLong as error:
        raise ValueError(str(error)) from error
    if not query.alternatives:
        raise ValueError("has no word in it")
    if not query.wants_words():
        raise ValueError("names only what must be missing (-word); name a word that must be there too")
    return value


def _zone(value: str) -> str:
    try:
        return zone_called(value).key
    except InvalidValue as error:
        raise ValueError(str(error)) from error


class WatchEntry(BaseModel):
    """One watch in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    title: str = ""
    address: Annotated[str, AfterValidator(_address)]
    speakers: tuple[str, ...] = ()
    words: tuple[Annotated[str, AfterValidator(_phrase)], ...] = ()
    lang: str | None = Field(None, pattern=r"^(en|ru)$")
    daily: bool = False
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    confidence: float = Field(0.7, ge=0, le=1)

    @model_validator(mode="after")
    def _watches_something(self) -> WatchEntry:
        if not self.speakers and not self.words:
            raise ValueError("needs speakers or words to watch for")
        return self


class WatchFile(BaseModel):
    """A whole file: a list of watches, possibly empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    watches: tuple[WatchEntry, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        """Read a list whose entries are all commented out as an empty list."""
        return {**value, "watches": ()} if isinstance(value, dict) and value.get("watches", ()) is None else value


def load_watches(settings: Settings, speakers: Collection[str]) -> list[Watch]:
    """All watches in order of their ids. ``speakers``: the ids of the roster.

    Speakers are ids of the roster, ids of people whom only the news know (``person:...``), or full names in either
    script. ConfigError names file, line and field of what is wrong, including speakers that are none of these.
    """
    folders = [SHIPPED]
    if settings.own_config is not None:
        folders.append(settings.own_config)
    found: dict[str, Watch] = {}
    for folder in folders:
        if (folder / FILE).exists():
            found |= {watch.id: watch for watch in read_watches(folder / FILE, speakers)}
    return [found[name] for name in sorted(found)]


def read_watches(path: Path, speakers: Collection[str]) -> list[Watch]:
    """The watches in one file, in its order. ConfigError as for :func:`load_watches`."""
    value, node = read_yaml(path)
    file: WatchFile = validate_model(WatchFile, value if value is not None else {}, path, node)
    problems = [*_double_ids(file), *_unknown_speakers(file, speakers)]
    if problems:
        raise InvalidFile(
            "\n".join(_located_problem(path, node, at, message) for at, message in problems), path=str(path)
        )
    return [
        Watch(
            entry.id,
            entry.title or entry.id,
            entry.address,
            _watched(entry, speakers),
            entry.words,
            entry.lang,
            daily=entry.daily,
            zone=entry.zone,
            confidence=entry.confidence,
        )
        for entry in file.watches
    ]


def _watched(entry: WatchEntry, speakers: Collection[str]) -> tuple[str, ...]:
    """The ids of the speakers of a watch; a full name, in either script, is that of a person."""
    return tuple(name if name in speakers else person_id(name) or name for name in entry.speakers)


_At = tuple[int | str, ...]


def _located_problem(path: Path, node: yaml.Node | None, at: _At, message: str) -> str:
    return f"{path}:{line_of(node, at)}: {'.'.join(str(step) for step in at)}: {message}"


def _double_ids(file: WatchFile) -> Iterable[tuple[_At, str]]:
    names = [entry.id for entry in file.watches]
    first = {name: index for index, name in reversed(list(enumerate(names)))}
    for index, name in enumerate(names):
        if first[name] != index:
            yield ("watches", index, "id"), f"{name!r} stands twice in this file; give each watch an id of its own"


def _unknown_speakers(file: WatchFile, speakers: Collection[str]) -> Iterable[tuple[_At, str]]:
    for index, entry in enumerate(file.watches):
        for nth, name in enumerate(entry.speakers):
            if name not in speakers and not _PERSON.fullmatch(name) and person_id(name) is None:
                near = get_close_matches(name, speakers, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else "; add the speaker to speakers.yaml first"
                yield ("watches", index, "speakers", nth), f"no speaker has the id {name!r}{hint}"
