"""A few sandboxes, for threads that each need one for the length of a call."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from pipeline.runtime.log_context import with_context
from pipeline.runtime.sandbox.box import Sandbox

Item = TypeVar("Item")
Result = TypeVar("Result")


class SandboxPool:
    """Sandboxes, each used by one thread at a time, and as many threads."""

    def __init__(self, sandboxes: list[Sandbox], threads: ThreadPoolExecutor) -> None:
        self._free: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
        self._threads = threads
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

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results of ``work``, which runs in the pool's threads with the caller's log context, in order."""
        return iter(self._threads.map(with_context(work), items))


@contextmanager
def sandbox_pool(number: int) -> Iterator[SandboxPool]:
    """A pool of so many sandboxes for the length of the block."""
    with ExitStack() as stack:
        sandboxes = [stack.enter_context(Sandbox()) for _ in range(number)]
        threads = ThreadPoolExecutor(number, thread_name_prefix="sandbox")
        stack.callback(threads.shutdown, cancel_futures=True)
        yield SandboxPool(sandboxes, threads)
