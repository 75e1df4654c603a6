"""How often Python looks for unreachable cycles of objects."""

from __future__ import annotations

import gc

_ALLOCATIONS = 50_000
"""Objects that have been made and not freed since the last collection of the youngest."""


def collect_rarely() -> None:
    """Let the cyclic garbage collector of this process run seldom.

    Python's own threshold, 700 objects (2,000 from 3.13 on), makes it search all that was loaded dozens of times while
    modules are imported, which is a quarter of the CPU time that a command needs to start.
    """
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])
