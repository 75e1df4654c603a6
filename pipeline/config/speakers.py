"""Load the roster of an installation: the shipped speakers and offices, with the user's merged over them by id.

A user's file that says ``standalone: true`` takes the place of the shipped roster.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from pipeline.config.document import line_of, read_yaml, validate_model
from pipeline.config.scan import check_yaml_limits, read_config_text
from pipeline.config.settings import SHIPPED, Settings
from pipeline.config.speaker import Day, Office, RosterConfig, Speaker, Term, Words
from pipeline.errors import InvalidFile

__all__ = [
    "Day",
    "Office",
    "RosterConfig",
    "Speaker",
    "Term",
    "Words",
    "load_roster",
    "read_roster",
    "read_rosters",
    "shipped_roster",
]

FILE = "speakers.yaml"
FOLDER = "speakers"
"""Of the shipped roster, whose files hold one family of offices each."""

_Item = TypeVar("_Item", bound=Office | Speaker)


def load_roster(settings: Settings) -> RosterConfig:
    """The shipped roster with the user's ``speakers.yaml`` merged over it by id; the user's alone if it is standalone.

    ConfigError names file, line and field of what is wrong.
    """
    own = settings.own_config and settings.own_config / FILE
    if not own or not own.exists():
        return shipped_roster()
    alone = _quickly_read(own)
    return read_roster(own, over=None if alone is not None and alone.standalone else shipped_roster())


@lru_cache(maxsize=1)
def shipped_roster() -> RosterConfig:
    """The shipped roster, read once per process, as reading takes half a second."""
    return read_rosters(sorted((SHIPPED / FOLDER).glob("*.yaml")))


def read_rosters(paths: Sequence[Path]) -> RosterConfig:
    """The roster that several files make together, each of which may refer to what another one has.

    ConfigError for an invalid field, a duplicate id, a term that ends before it starts, an undefined office or
    organisation.
    """
    parts = [_quickly_read(path) or _slowly_read(path) for path in paths]
    roster = RosterConfig(
        offices=tuple(office for part in parts for office in part.offices),
        speakers=tuple(speaker for part in parts for speaker in part.speakers),
        ambiguous=Words(
            en=tuple(name for part in parts for name in part.ambiguous.en),
            ru=tuple(name for part in parts for name in part.ambiguous.ru),
        ),
    )
    problems = [message for _, message in _problems(roster, roster)]
    if problems:
        raise InvalidFile("\n".join(problems), path=str(paths[0].parent))
    return roster


def _slowly_read(path: Path) -> RosterConfig:
    value, node = read_yaml(path)
    roster: RosterConfig = validate_model(RosterConfig, value if value is not None else {}, path, node)
    return roster


def read_roster(path: Path, *, over: RosterConfig | None = None) -> RosterConfig:
    """The roster in one file, merged by id over ``over``, whose offices and organisations it may refer to.

    A file that says ``standalone: true`` is given back as it is.
    ConfigError for an invalid field, a duplicate id, a term that ends before it starts, an undefined office or
    organisation, and a standalone file without speakers.
    """
    roster = _quickly_read(path)
    if roster is not None:
        merged = merge_rosters(over or RosterConfig(), roster)
        if not list(_problems(roster, merged)):
            return merged
    value, node = read_yaml(path)
    roster = validate_model(RosterConfig, value if value is not None else {}, path, node)
    merged = merge_rosters(over or RosterConfig(), roster)
    problems = [_located_problem(path, node, at, message) for at, message in _problems(roster, merged)]
    if problems:
        raise InvalidFile("\n".join(problems), path=str(path))
    return merged


def _quickly_read(path: Path) -> RosterConfig | None:
    """The file read by libyaml, or None if it is invalid or libyaml is missing.

    The pure Python parser takes seconds for thousands of lines, and is needed only to find the line of an error.
    """
    loader = getattr(yaml, "CSafeLoader", None)
    if loader is None:
        return None
    text = read_config_text(path)
    try:
        if SHIPPED not in path.parents:
            check_yaml_limits(text, path)
        return RosterConfig.model_validate(_parsed(text, loader) or {})
    except (ValueError, yaml.YAMLError):
        return None


def _parsed(text: str, loader: Any) -> Any:
    """The parsed text. The garbage collector, which would walk all that is parsed again and again, stays off."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return yaml.load(text, Loader=loader)
    finally:
        if collects:
            gc.enable()


def merge_rosters(below: RosterConfig, above: RosterConfig) -> RosterConfig:
    """``below`` with every office and speaker of ``above`` added, or replacing the one with the same id.

    A standalone roster has nothing below it.
    """
    if above.standalone:
        return above
    return RosterConfig(
        offices=_by_id(below.offices, above.offices),
        speakers=_by_id(below.speakers, above.speakers),
        ambiguous=Words(
            en=tuple(dict.fromkeys(below.ambiguous.en + above.ambiguous.en)),
            ru=tuple(dict.fromkeys(below.ambiguous.ru + above.ambiguous.ru)),
        ),
    )


def _by_id(below: Iterable[_Item], above: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple({item.id: item for item in (*below, *above)}.values())


_At = tuple[int | str, ...]


def _located_problem(path: Path, node: yaml.Node | None, at: _At, message: str) -> str:
    field = ".".join(str(step) for step in at)
    return f"{path}:{line_of(node, at)}: {field}: {message}"


def _problems(roster: RosterConfig, merged: RosterConfig) -> Iterable[tuple[_At, str]]:
    if roster.standalone and not roster.speakers:
        yield ("standalone",), "a standalone roster needs at least one speaker"
    yield from _double_ids(roster)
    yield from _unknown_ids(roster, merged)
    yield from _backward_terms(roster)


def _double_ids(roster: RosterConfig) -> Iterable[tuple[_At, str]]:
    parts = {"offices": [item.id for item in roster.offices], "speakers": [item.id for item in roster.speakers]}
    for part, ids in parts.items():
        first = {name: index for index, name in reversed(list(enumerate(ids)))}
        for index, name in enumerate(ids):
            if first[name] != index:
                yield (part, index, "id"), f"{name!r} stands twice in this file; merge the two entries"


def _unknown_ids(roster: RosterConfig, merged: RosterConfig) -> Iterable[tuple[_At, str]]:
    offices = {office.id for office in merged.offices}
    bodies = {speaker.id for speaker in merged.speakers if speaker.kind == "body"}
    for index, office in enumerate(roster.offices):
        if office.body is not None and office.body not in bodies:
            yield ("offices", index, "body"), f"no body has the id {office.body!r}"
    for index, speaker in enumerate(roster.speakers):
        for nth, term in enumerate(speaker.offices):
            if term.office not in offices:
                yield (("speakers", index, "offices", nth, "office"), f"no office has the id {term.office!r}")


def _backward_terms(roster: RosterConfig) -> Iterable[tuple[_At, str]]:
    for index, speaker in enumerate(roster.speakers):
        for nth, term in enumerate(speaker.offices):
            if term.start and term.end and term.start.first > term.end.last:
                yield ("speakers", index, "offices", nth, "to"), "ends before it starts"
