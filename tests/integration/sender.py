"""The alert stage in a process of its own, for the tests that kill it. Forked from a server that has it loaded."""

from __future__ import annotations

import multiprocessing
import os
import sys
from datetime import datetime
from multiprocessing.context import ForkServerProcess

from sqlalchemy import create_engine

from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.records import Watch
from pipeline.stages.alert import alert_readers


def run(database: str, server: str, run_id: str, now: datetime, watch: Watch) -> None:
    alert_readers(create_engine(database), run_id=run_id, now=now, watches=[watch], transport=SmtpTransport(server))


def started(database: str, server: str, run_id: str, now: datetime, watch: Watch) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    # Before 3.13 the server does not learn sys.path in time to load anything of ours.
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    context.set_forkserver_preload(["sender"])
    process = context.Process(target=run, args=(database, server, run_id, now, watch))
    process.start()
    return process
