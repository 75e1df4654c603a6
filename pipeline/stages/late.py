"""Telling whoever looks after an installation that a scheduled run takes too long."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from pipeline.alerts import ops
from pipeline.alerts.transports import transport_for
from pipeline.config.settings import from_environment

log = structlog.get_logger()


def tell(name: str, day: str, hours: float) -> str:
    """One letter to the ops mailbox on the run of a day that has not ended after so many hours; the server's reply.

    Empty if no mailbox is set: then only the log has it. Raises TransportError.
    """
    settings = from_environment()
    log.error("run_late", name=name, day=day, hours=hours)
    if not settings.ops_mail:
        return ""
    letter = ops.late(settings, name, day, hours, now=datetime.now(UTC))
    return transport_for(settings).send(letter)
