"""The crawler process's log: JSON lines on stderr with run and source; the parent process relays them."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from scrapy.exceptions import CloseSpider
from structlog.stdlib import ProcessorFormatter

from pipeline.crawling.job import CrawlJob


def set_up() -> None:
    """Send warnings and worse to stderr as JSON: our own, Scrapy's, Twisted's and those of any library."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # structlog writes to stdout by default, which is reserved for the reports
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
    handler.setLevel(logging.WARNING)  # the root's level does not help: Scrapy lowers it for each crawl
    handler.addFilter(_is_fault)
    logging.root.handlers[:] = [handler]


def _is_fault(record: logging.LogRecord) -> bool:
    """False for CloseSpider: it ends a crawl on purpose, and the report already says why."""
    return not (record.exc_info and isinstance(record.exc_info[1], CloseSpider))


def _of_spider(_logger: Any, _method: str, event: Any) -> Any:
    """Add run and source from the spider of Scrapy's log record: crawls run concurrently, so context may be wrong."""
    job = getattr(getattr(event["_record"], "spider", None), "job", None)
    if isinstance(job, CrawlJob):
        event |= {"run": job.run, "source": job.source.id}
    return event
