"""The sources of an installation: the shipped ones, with the user's added or put in their place by id."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.document import load_model
from pipeline.config.settings import SHIPPED, Settings
from pipeline.config.source import Source
from pipeline.errors import ConfigError


def load_sources(settings: Settings) -> dict[str, Source]:
    """All sources by id. ConfigError if a file is wrong or its name is not the id it holds."""
    folders = [SHIPPED / "sources"]
    if settings.config_dir is not None:
        if not settings.config_dir.is_dir():
            raise ConfigError(f"{settings.config_dir}: no such folder (ONRECORD_CONFIG or --config)")
        folders.append(settings.config_dir / "sources")
    found: dict[str, Source] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.y*ml")):
            source = load_source(path)
            found[source.id] = source
    return found


def load_source(path: Path) -> Source:
    """The source in one file, whose name must be its id."""
    source: Source = load_model(Source, path)
    if source.id != path.stem:
        raise ConfigError(f"{path}:1: id: is {source.id!r}, but the file is called {path.name}; make them agree")
    return source
