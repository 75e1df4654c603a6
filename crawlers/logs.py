"""The child's log: JSON lines on stderr that say which run and source they are about; the parent passes them on."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from scrapy.exceptions import CloseSpider
from structlog.stdlib import ProcessorFormatter

from crawlers.job import CrawlJob


def set_up() -> None:
    """Warnings and worse, whoever logs them: ours, Scrapy's, Twisted's and those of any library."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # stdout belongs to the reports, and is where structlog writes unless it is told otherwise
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    formatter = ProcessorFormatter(
        foreign_pre_chain=[*shared, _of_spider],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.setLevel(logging.WARNING)  # the root's own level is Scrapy's, which opens it for each crawl
    handler.addFilter(_is_fault)
    logging.root.handlers[:] = [handler]


def _is_fault(record: logging.LogRecord) -> bool:
    """A crawl that stops because it was told to says why in its report; that it raised an exception is no news."""
    return not (record.exc_info and isinstance(record.exc_info[1], CloseSpider))


def _of_spider(_logger: Any, _method: str, event: Any) -> Any:
    """Scrapy says with each line which spider it is about; crawls run side by side, so that is surer than context."""
    job = getattr(getattr(event["_record"], "spider", None), "job", None)
    if isinstance(job, CrawlJob):
        event |= {"run": job.run, "source": job.source.id}
    return event
