"""Load the sources of an installation: the shipped ones, with the user's added or replacing them by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from pipeline.config.document import load_model
from pipeline.config.settings import SHIPPED, Settings
from pipeline.config.source import Source
from pipeline.errors import InvalidFile, UnknownName


def load_sources(settings: Settings) -> dict[str, Source]:
    """All sources by id. ConfigError if a file is invalid or its name differs from the source's id.

    With ``ONRECORD_ONLY_SOURCES`` those that it names are on, and all others off.
    """
    folders = [SHIPPED / "sources"]
    if settings.own_config is not None:
        folders.append(settings.own_config / "sources")
    found: dict[str, Source] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.y*ml")):
            source = load_source(path)
            found[source.id] = source
    if settings.only_sources:
        require_sources(found, settings.only_sources)
        chosen = set(settings.only_sources)
        return {name: it.model_copy(update={"enabled": name in chosen}) for name, it in found.items()}
    return found


def load_source(path: Path) -> Source:
    """The source in one file. ConfigError if it is invalid or the file's name differs from its id."""
    source: Source = load_model(Source, path)
    if source.id != path.stem:
        raise InvalidFile(
            f"{path}:1: id: is {source.id!r}, but the file is called {path.name}; make them agree", path=str(path)
        )
    return source


def require_sources(known: Collection[str], wanted: Iterable[str]) -> None:
    """UnknownName if one of the ids that are wanted is not among those known, with ids that may have been meant."""
    missing = [name for name in wanted if name not in known]
    if not missing:
        return
    near = tuple(get_close_matches(missing[0], known, n=3))
    hint = f"did you mean {', '.join(near)}?" if near else "`onrecord sources list` shows all"
    raise UnknownName(f"no source {', '.join(missing)}; {hint}", kind="source", name=missing[0], near=near)


def find_source_clashes(sources: dict[str, Source]) -> list[str]:
    """Problems between sources: editions that cannot be paired, and documents that two sources read."""
    return [*_edition_clashes(sources), *_shared_documents(sources)]


def _edition_clashes(sources: dict[str, Source]) -> list[str]:
    editions: dict[str, list[Source]] = defaultdict(list)
    for source in sources.values():
        if source.edition is not None:
            editions[source.edition.of].append(source)
    found = []
    for name, members in sorted(editions.items()):
        ids = ", ".join(source.id for source in members)
        if len(members) == 1:
            found.append(f"{ids}: edition.of: {name!r} has no other edition; leave edition out or add the other source")
        languages = [source.language for source in members]
        if len(set(languages)) < len(languages):
            found.append(f"{ids}: edition.of: two editions of {name!r} are in the same language")
        if len({bool(source.edition and source.edition.key) for source in members}) > 1:
            found.append(f"{ids}: edition.key: some editions of {name!r} have a key, others none; they pair by it")
    return found


def _shared_documents(sources: dict[str, Source]) -> list[str]:
    owners: dict[str, list[str]] = defaultdict(list)
    for source in sources.values():
        for url in dict.fromkeys(document.url for document in source.documents()):
            owners[url].append(source.id)
    return [
        f"{' and '.join(ids)} both read {url}: its articles would go to whichever comes first"
        for url, ids in owners.items()
        if len(ids) > 1
    ]


def missing_browser_message(sources: dict[str, Source]) -> str | None:
    """What to do if sources ask for a browser that is not installed; None if nothing is missing."""
    asking = [source.id for source in sources.values() if source.browser]
    if not asking or find_spec("scrapy_playwright") is not None:
        return None
    return (
        f"{', '.join(asking)}: browser: true needs an extra that is not installed: pip install 'onrecord[browser]', "
        "then `playwright install chromium` (or name one: ONRECORD_BROWSER=/usr/bin/chromium)"
    )
