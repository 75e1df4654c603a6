"""Relay a crawler's log, line by line, into ours: it is another process, whose stderr nobody else reads."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

import structlog

from pipeline.runtime.log_context import with_context

log = structlog.get_logger()

MOST_LINES = 500
"""Lines of one crawler that are relayed at most; a hostile site can cause any number."""
LONGEST = 4000
"""Characters of one field that are relayed at most."""
LINE_BYTES = 1 << 20
TOGETHER = 60
"""Consecutive lines that are not log events (a traceback) are relayed together, at most this many in one event."""
_LEVELS = frozenset({"debug", "info", "warning", "error", "critical"})


@dataclass(frozen=True, slots=True)
class CrawlerEvent:
    """One log event of a crawler."""

    level: str
    event: str
    fields: Mapping[str, object]


class LogRelay:
    """Reads a crawler's stderr in a thread until it ends.

    ``last`` is the last event or line; ``lost`` counts the lines beyond the limit, which are not relayed.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.last = ""
        self.lost = 0
        self._stream = stream
        self._left = MOST_LINES
        self._loose: list[str] = []
        self._thread = threading.Thread(target=with_context(self._read), name="crawler-log", daemon=True)
        self._thread.start()

    def end(self, seconds: float = 5.0) -> None:
        """Wait at most ``seconds`` until all is read: a process that the crawler started may keep its stderr open."""
        self._thread.join(seconds)
        if self.lost:
            log.warning("crawler_lines_left_out", lines=self.lost)

    def _read(self) -> None:
        with self._stream:
            for raw in iter(lambda: self._stream.readline(LINE_BYTES), b""):
                text = raw.decode(errors="replace").rstrip()
                if not text:
                    continue
                line = _event_of(text)
                if line is None:
                    self.last = text.strip()
                    self._loose.append(text)
                if line is not None or len(self._loose) >= TOGETHER:
                    self._log_loose_lines()
                if line is not None:
                    self.last = line.event
                    self._log_event(line)
            self._log_loose_lines()

    def _log_loose_lines(self) -> None:
        if self._loose:
            self._log_event(CrawlerEvent("error", "crawler_said", {"text": "\n".join(self._loose)}))
            self._loose.clear()

    def _log_event(self, event: CrawlerEvent) -> None:
        if self._left <= 0:
            self.lost += 1
            return
        self._left -= 1
        getattr(log, event.level)(event.event, **event.fields)


def _event_of(text: str) -> CrawlerEvent | None:
    """The log event that a line of the crawler is; None for any other line."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or found.get("level") not in _LEVELS or "event" not in found:
        return None
    known = ("timestamp", "level", "event")
    fields = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in found.items()}
    others = {name: value for name, value in fields.items() if name not in known}
    return CrawlerEvent(str(found["level"]), str(fields["event"]), others)
