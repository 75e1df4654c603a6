"""``python a_day.py 2026-06-15 ...``: the daily run of each day, task after task; prints how each ended."""

from __future__ import annotations

import sys
from datetime import date

from pipeline.errors import TooManyFailures
from pipeline.runs import scheduler_tasks


def day(which: date) -> str:
    """Run the day's tasks in their order; the reason the run ended with."""
    run = scheduler_tasks.begin_day(which)
    for group in scheduler_tasks.crawl_groups(run):
        scheduler_tasks.crawl_task(run, group)
    for stage in ("extract", "quote"):
        for batch in scheduler_tasks.batches_of(stage, run):
            scheduler_tasks.batch_task(stage, run, batch)
    for stage in ("link", "alert"):
        scheduler_tasks.stage_task(stage, run)
    try:
        return str(scheduler_tasks.finish_task(run)["exit_reason"])
    except TooManyFailures as error:
        return str(error)


if __name__ == "__main__":
    for which in sys.argv[1:]:
        print(day(date.fromisoformat(which)))
