"""``python -m pipeline.cli.watchdog HOME``: a watchdog that ends the processes listed on stdin when its parent dies.

It acts when stdin is closed. After a normal end the parent closes stdin too, but then no process is left. The embedded
Postgres in HOME stops with its last user, which is the watchdog if the parent was killed.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from pipeline.cli.processes import end_processes
from pipeline.store.server import embedded


def end_with_parent(home: Path) -> None:
    """Read process ids from stdin until it is closed, then end those that are left and the embedded Postgres."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    pids = [int(line) for line in sys.stdin]
    end_processes(pids)
    postgres = home / "pg"
    if pids and (postgres / "data" / "PG_VERSION").exists():
        with embedded.use(postgres):
            pass


if __name__ == "__main__":
    end_with_parent(Path(sys.argv[1]))
