"""``python -m pipeline.cli.watchdog HOME``: ends the processes named on stdin when whoever writes there has died.

Its parent closes stdin too when all is well, and then nobody is left to end. The embedded Postgres in HOME goes with
its last user, which after a kill is the keeper.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from pipeline.cli.processes import end_processes
from pipeline.store.server import embedded


def end_with_parent(home: Path) -> None:
    """Wait for the end of stdin, then see to it that none of the processes named there is left."""
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
