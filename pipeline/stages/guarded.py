"""One bad item never stops the rest: what goes wrong with it becomes its outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from pipeline.errors import OnrecordError, Rejected, StoreUnreachable
from pipeline.records import BUG, LedgerEntry, Outcome, Stage
from pipeline.runtime.log_context import log_context

log = structlog.get_logger()

T = TypeVar("T")


def run_guarded(
    stage: Stage, item: str, source_id: str | None, work: Callable[[], tuple[T, LedgerEntry]]
) -> tuple[T | None, LedgerEntry]:
    """What ``work`` gives back, or None and a ledger entry that says why there is nothing.

    A Rejected keeps its outcome and reason. Anything else is a fault of ours: outcome error, reason ``bug``, the
    traceback in the log. An unreachable store and errors written for the user stop the batch: no item is to blame.
    """
    try:
        with log_context(stage=str(stage), source=source_id, item=item):
            return work()
    except Rejected as rejected:
        return None, LedgerEntry(stage, item, source_id, rejected.outcome, rejected.reason, rejected.detail)
    except (StoreUnreachable, OnrecordError):
        raise
    except Exception as error:
        log.exception("item_failed", stage=str(stage), item=item, source=source_id)
        return None, LedgerEntry(stage, item, source_id, Outcome.ERROR, BUG, f"{type(error).__name__}: {error}"[:500])
