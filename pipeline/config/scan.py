"""Check that a text is safe to load as YAML, in linear time: size, nesting, aliases, duplicate keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import FileUnusable, InvalidFile

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader reads the roster ten times as fast; it is missing if PyYAML was built without libyaml."""
LARGEST = 8 << 20
"""Bytes of a file at most; the shipped roster, by far the largest, has 600 thousand."""
DEEPEST = 40
"""Levels of nested lists and mappings at most; a valid file has up to ten."""
MOST_PARTS = 500_000
"""Values in a file at most, with every alias counted as the values that it stands for (against alias bombs)."""


def read_config_text(path: Path) -> str:
    """The text of a file. ConfigError if it cannot be read, is too large or is not UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise FileUnusable(f"{path}: cannot be read: {error.strerror}", path=str(path)) from error
    if len(data) > LARGEST:
        raise InvalidFile(
            f"{path}: is larger than {LARGEST >> 20} MiB; no file of ours is: is it the right one?", path=str(path)
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidFile(
            f"{path}:{line}: cannot be read: it is not UTF-8 ({error.reason}); save it as UTF-8", path=str(path)
        ) from error


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not closed yet. ``keys``: the line of each key of a mapping; None for a list."""

    anchor: str | None
    line: int
    keys: dict[str, int] | None
    size: int = 1
    parts: int = 0
    """Its direct values so far; in a mapping keys and values alternate."""


@dataclass(slots=True)
class _Scan:
    path: Path
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    """How many values each anchor stands for."""

    def fail(self, line: int, problem: str) -> None:
        raise InvalidFile(f"{self.path}:{line}: {problem}", path=str(self.path))

    def begin(self, event: Any, line: int) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        self.open.append(_Open(event.anchor, line, {} if mapping else None))
        if len(self.open) > DEEPEST:
            self.fail(line, f"more than {DEEPEST} lists and fields inside one another; is a bracket missing?")

    def end(self) -> None:
        done = self.open.pop()
        self.add(done.size, done.anchor, done.line)

    def scalar(self, event: Any, line: int) -> None:
        within = self.open[-1] if self.open else None
        if within is not None and within.keys is not None and within.parts % 2 == 0:
            if event.value in within.keys:
                self.fail(line, f"{event.value}: stands in line {within.keys[event.value]} already")
            within.keys[event.value] = line
        self.add(1, event.anchor, line)

    def alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            if any(it.anchor == name for it in self.open):
                self.fail(line, f"*{name}: stands inside what it names; write it out")
            return  # an undefined alias: the parser reports it
        self.add(self.anchors[name], None, line)

    def add(self, size: int, anchor: str | None, line: int) -> None:
        """Add a complete value; ``size``: the number of values in it, with aliases expanded."""
        if anchor is not None:
            self.anchors[anchor] = size
        if self.open:
            self.open[-1].parts += 1
            self.open[-1].size += size
            size = self.open[-1].size
        if size > MOST_PARTS:
            self.fail(line, f"more than {MOST_PARTS} values by here, aliases (*name) written out; write less")


def check_yaml_limits(text: str, path: Path) -> None:
    """Raise ConfigError, with the line, for a duplicate key in one mapping (YAML would silently keep the last), for
    nesting deeper than DEEPEST, and for more than MOST_PARTS values with aliases expanded.

    yaml.YAMLError if the text is not YAML.
    """
    found = _Scan(path)
    event: Any
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            found.begin(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            found.end()
        elif isinstance(event, yaml.ScalarEvent):
            found.scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            found.alias(str(event.anchor), line)
