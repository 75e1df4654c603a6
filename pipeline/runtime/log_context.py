"""Log context: add run, stage, source and item to every log line, in all threads of a piece of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import ParamSpec, TypeVar

import structlog

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def log_context(**names: str | None) -> Iterator[None]:
    """Add these fields to every line that is logged in the block; those that are None or empty are omitted."""
    with structlog.contextvars.bound_contextvars(**{name: value for name, value in names.items() if value}):
        yield


def with_context(work: Callable[P, T]) -> Callable[P, T]:
    """Wrap ``work`` for another thread, so that its log lines have the fields of the current log context.

    A new thread starts with an empty context. Telemetry spans are passed on in the same way.
    """
    context = copy_context()

    def carried(*args: P.args, **kwargs: P.kwargs) -> T:
        return context.copy().run(work, *args, **kwargs)

    return carried
