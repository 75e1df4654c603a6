"""Switch a source on or off in the user's configuration folder; of a shipped source a copy is made there."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.config.settings import SHIPPED, Settings
from pipeline.config.sources import load_source, load_sources, require_sources
from pipeline.errors import MissingSetting

COPIED = "# A copy of the shipped file, made to switch the source {}. Without it the shipped file holds again.\n"
_COPY = re.compile(r"\A# A copy of the shipped file, made to switch the source .*\n")
_ENABLED = re.compile(r"(?m)^enabled:.*\n?")


def switch_source(settings: Settings, source_id: str, *, enabled: bool) -> Path:
    """Set ``enabled`` in the source's own file, whose other lines stay as they are; the path of the file.

    MissingSetting without a configuration folder, UnknownName for an id that no source has. A copy that says nothing
    else than the shipped file is removed.
    """
    require_sources(load_sources(settings), [source_id])
    folder = settings.own_config
    if folder is None:
        raise MissingSetting(
            "a source is switched in your own folder: set ONRECORD_CONFIG to one, or give --config",
            setting="ONRECORD_CONFIG",
        )
    shipped, path = SHIPPED / "sources" / f"{source_id}.yaml", folder / "sources" / f"{source_id}.yaml"
    own = path.exists()
    text = (path if own else shipped).read_text(encoding="utf-8")
    switched = _switched(text, enabled=enabled)
    if _COPY.match(switched) and shipped.exists() and load_source(shipped).enabled is enabled:
        path.unlink()
        return shipped
    if not own:
        switched = COPIED.format("on" if enabled else "off") + switched
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(switched, encoding="utf-8")
    load_source(path)
    return path


def _switched(text: str, *, enabled: bool) -> str:
    line = f"enabled: {str(enabled).lower()}\n"
    if _ENABLED.search(text):
        return _ENABLED.sub(line, text, count=1)
    return re.sub(r"(?m)^id:.*\n", lambda found: found[0] + line, text, count=1)
