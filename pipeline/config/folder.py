"""Find files in the configuration folder that are never read, because of their name or place."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pipeline.config import beat, speakers, watches

SOURCES = "sources"
FILES = (beat.FILE, speakers.FILE, watches.FILE)


def unread_file_problems(folder: Path) -> Iterator[str]:
    """One message for each YAML file whose name or place is not one that is read."""
    for path in sorted(it for it in folder.rglob("*") if it.suffix in (".yaml", ".yml") and it.is_file()):
        place = path.relative_to(folder)
        if str(place.parent) == SOURCES and path.suffix == ".yaml":
            continue
        if str(place.parent) == SOURCES:
            yield f"{path}: is not read: call it {path.stem}.yaml"
        elif str(place) not in FILES:
            near = get_close_matches(path.stem, [name.removesuffix(".yaml") for name in FILES], n=1)
            hint = f"did you mean {near[0]}.yaml?" if near else f"there are {', '.join(FILES)}, and {SOURCES}/ID.yaml"
            yield f"{path}: is not read: {hint}"
