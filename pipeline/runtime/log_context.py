"""What the lines of the log carry: run, stage, source and item, in whatever thread they are written."""

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
    """Have every line that is logged in the block carry these names; those that are None or empty are left out."""
    with structlog.contextvars.bound_contextvars(**{name: value for name, value in names.items() if value}):
        yield


def with_context(work: Callable[P, T]) -> Callable[P, T]:
    """``work`` for other threads: called there, its lines carry what lines carry here and now.

    A thread starts with a context of its own, in which nothing is bound; spans are handed on in the same way.
    """
    context = copy_context()

    def carried(*args: P.args, **kwargs: P.kwargs) -> T:
        return context.copy().run(work, *args, **kwargs)

    return carried
