"""A few sandboxes, for threads that each need one for the length of a call."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from pipeline.runtime.sandbox.box import Sandbox

Item = TypeVar("Item")
Result = TypeVar("Result")


_ITEMS_PER_WORKER = 40
"""For fewer items another worker is not worth its start, which takes as long as extracting about as many pages."""


class SandboxPool:
    """Sandboxes, each used by one thread at a time, and at most as many threads; ends its threads with the stack."""

    def __init__(self, sandboxes: list[Sandbox], stack: ExitStack) -> None:
        # The one given back last comes first, as its worker has been started.
        self._free: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        self._number = len(sandboxes)
        self._stack = stack
        for sandbox in sandboxes:
            self._free.put(sandbox)

    @contextmanager
    def worker(self) -> Iterator[Sandbox]:
        """Borrow a sandbox for the length of the block; waits until one is free."""
        sandbox = self._free.get()
        try:
            yield sandbox
        finally:
            self._free.put(sandbox)

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """The results of ``work``, which runs in threads with the caller's log context, in order.

        As many threads as there are sandboxes, fewer for a few dozen items.
        """
        from pipeline.runtime.log_context import with_context  # loads structlog, which no worker needs

        number = min(self._number, 1 + len(items) // _ITEMS_PER_WORKER)
        threads = ThreadPoolExecutor(number, thread_name_prefix="sandbox")
        self._stack.callback(threads.shutdown, cancel_futures=True)
        return iter(threads.map(with_context(work), items))


@contextmanager
def sandbox_pool(number: int) -> Iterator[SandboxPool]:
    """A pool of so many sandboxes for the length of the block."""
    with ExitStack() as stack:
        yield SandboxPool([stack.enter_context(Sandbox()) for _ in range(number)], stack)
