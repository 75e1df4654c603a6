"""What Airflow is told is the name of its machine: two workers on one machine need two."""

from __future__ import annotations

import os
import socket


def name() -> str:
    return os.environ.get("WORKER_NAME") or socket.gethostname()
