"""Output of commands: results on stdout, logs, notes and progress on stderr, control characters escaped."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict

from pipeline.runtime.escaping import EscapingStream, escape_control_characters


def set_up_logs(*, verbose: bool = False) -> None:
    """Log to stderr: readable on a terminal, JSON lines otherwise; warnings and worse, with ``verbose`` info too."""
    level = logging.INFO if verbose else logging.WARNING
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *((_escaped, structlog.dev.ConsoleRenderer()) if terminal else (_as_json,)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # look up stderr for each line: code that calls a command inside a process may have replaced it
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _escaped(_logger: object, _name: str, event: EventDict) -> EventDict:
    """The event with all values escaped; this must come before the renderer, which adds colours."""
    return {
        name: escape_control_characters(value if isinstance(value, str) else repr(value))
        for name, value in event.items()
    }


def _as_json(_logger: object, _name: str, event: EventDict) -> str:
    return escape_control_characters(json.dumps(event, ensure_ascii=False, default=str))


def _json_value(value: object) -> Any:
    """Encode a record as an object of its fields, a date or datetime as ISO 8601, a Decimal as a number.

    TypeError for any other type.
    """
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def json_line(value: object) -> str:
    """A record, mapping or list as one line of JSON, with control characters escaped and without a line feed."""
    return escape_control_characters(json.dumps(value, ensure_ascii=False, default=_json_value))


def print_line(text: str = "") -> None:
    """Print a line for people, or a line of JSON, on stdout."""
    print(escape_control_characters(text), flush=True)  # noqa: T201


def print_note(text: str) -> None:
    """Print a line for people on stderr."""
    print(escape_control_characters(text), file=sys.stderr)  # noqa: T201


def escaping_stream(to: TextIO) -> TextIO:
    """A stream that escapes and writes to ``to``, for code that needs a stream."""
    return cast(TextIO, EscapingStream(to))


def print_json_rows(rows: Iterable[object]) -> int:
    """Print mappings or records as JSON lines on stdout; gives back how many there were."""
    number = 0
    for row in rows:
        sys.stdout.write(json_line(row) + "\n")
        number += 1
    sys.stdout.flush()
    return number


def number_of(noun: str, number: int, plural: str = "") -> str:
    """A number with its noun: ``1 speaker``, ``2 speakers``. ``plural`` is needed where it is not the noun and an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
