"""Error isolation: an item that raises gets an error as its outcome and does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from pipeline.errors import OnrecordError, Rejected, StoreUnreachable
from pipeline.reasons import Reason
from pipeline.records import Disposition, LedgerEntry, Outcome, Stage
from pipeline.runtime.log_context import log_context

log = structlog.get_logger()

T = TypeVar("T")


def run_guarded(
    stage: Stage, item: str, source_id: str | None, work: Callable[[], tuple[T, LedgerEntry]]
) -> tuple[T | None, LedgerEntry]:
    """The result of ``work``, or None and a ledger entry with the error.

    Rejected keeps its outcome and reason. Any other exception is a bug: outcome error, reason ``bug``, traceback in the
    log. StoreUnreachable and other OnrecordErrors are raised again and stop the batch, since they are not the item's
    fault.
    """
    try:
        with log_context(stage=str(stage), source=source_id, item=item):
            return work()
    except Rejected as rejected:
        end = rejected.disposition
    except (StoreUnreachable, OnrecordError):
        raise
    except Exception as error:
        log.exception("item_failed", stage=str(stage), item=item, source=source_id)
        end = Disposition(Outcome.ERROR, Reason.BUG, f"{type(error).__name__}: {error}"[:500])
    return None, LedgerEntry(stage, item, source_id, end.outcome, end.reason, end.detail)
