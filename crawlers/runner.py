"""Run the jobs of a crawler process: several crawls on one event loop, graceful shutdown on TERM, end with the parent.

Crawls that share a host run one after the other, so that together they do not exceed the host's rate limit.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import resource
import signal
import sys
import time
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawlers import logs
from crawlers.context import spider_of
from crawlers.discovery_parser import DiscoveryParser
from crawlers.replay import load_replay
from crawlers.settings import job_settings, process_settings
from crawlers.spider import NewsSpider
from pipeline.config.hosts import sharing_hosts
from pipeline.config.source import Source
from pipeline.crawling.job import CrawlJob, CrawlReport
from pipeline.runtime import telemetry
from pipeline.runtime.log_context import log_context

SIDE_BY_SIDE = 48
"""Live crawls that run concurrently; nearly all the time they wait between requests."""
GRACE = 10.0
"""Seconds after TERM that requests under way may take; the parent kills after twenty."""
MOST_MIB = 1000
"""Memory limit of the process in MiB; all known attacks together leave it below 225."""
MOST_DAMAGE = 20
"""Damaged parts of replayed files that a report lists."""
_WATCH_SECONDS = 0.5
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""


def run_crawl_jobs(jobs: tuple[CrawlJob, ...]) -> int:
    """Run all jobs, print a report line for each and return the exit code.

    ArchiveError if a replay file cannot be read.
    """
    for path in {job.replay for job in jobs if job.replay is not None}:
        load_replay(path)
    die_with_parent()
    signal.alarm(int(max(job.limit for job in jobs)) + 60)
    return CrawlRunner(jobs).run()


def die_with_parent() -> None:
    """On Linux: have the kernel send TERM when the parent dies, so that a killed run leaves no crawler behind."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


class CrawlRunner:
    """Runs the crawls of one crawler process."""

    def __init__(self, jobs: tuple[CrawlJob, ...]) -> None:
        self._jobs = jobs
        self._process = AsyncCrawlerProcess(Settings(process_settings(jobs)))
        logs.set_up()  # after Scrapy, which closes the handlers that it finds
        self._reader = DiscoveryParser()
        self._under_way: dict[int, tuple[Crawler, CrawlReport, float]] = {}
        self._stopping = False
        self._ending: asyncio.Task[None] | None = None

    def run(self) -> int:
        """Block until all jobs have ended and return the exit code."""
        loop = asyncio.get_event_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        work = loop.create_task(self._all())
        watch = loop.create_task(self._watch())
        work.add_done_callback(lambda _: self._process._stop_reactor())
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        watch.cancel()
        self._reader.close()
        telemetry.flush()
        work.result()
        return 0

    async def _all(self) -> None:
        replay = any(job.replay is not None for job in self._jobs)
        semaphore = asyncio.Semaphore(1 if replay else SIDE_BY_SIDE)

        async def in_turn(jobs: list[CrawlJob]) -> None:
            for job in jobs:
                async with semaphore:
                    await self._one(job)

        chains = [[job for job in self._jobs if job.source.id in ids] for ids in sharing_hosts(self._sources())]
        for ended in await asyncio.gather(*map(in_turn, chains), return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended

    def _sources(self) -> list[Source]:
        return list({job.source.id: job.source for job in self._jobs}.values())

    async def _one(self, job: CrawlJob) -> None:
        report = CrawlReport(source=job.source.id)
        if job.replay is not None:
            report.damage = load_replay(job.replay).damage[:MOST_DAMAGE]
        if self._stopping:
            report.finished = "shutdown"
            _print(report)
            return
        crawler = Crawler(NewsSpider, Settings(job_settings(job)))
        self._under_way[id(report)] = crawler, report, time.monotonic()
        with log_context(run=job.run, source=job.source.id), telemetry.crawl_span(job.run, job.source.id):
            await self._process.crawl(crawler, job=job, report=report, reader=self._reader)
        self._end(id(report))

    async def _watch(self) -> None:
        """End all crawls when memory exceeds MOST_MIB; which one caused it shows only when each is retried alone."""
        while held_mib() <= MOST_MIB:
            await asyncio.sleep(_WATCH_SECONDS)
        self._end_now("memory")

    def _end(self, key: int, reason: str = "shutdown") -> None:
        crawler, report, started = self._under_way.pop(key)
        if crawler.spider is not None:
            spider_of(crawler).finish_report(reason)
        report.peak_mib = peak_mib()
        report.seconds = round(time.monotonic() - started, 3)
        _print(report)

    def _stop(self) -> None:
        """First signal: let requests under way finish within GRACE seconds. Second signal: end at once."""
        if self._stopping:
            self._end_now()
        self._stopping = True
        for crawler, _, _ in self._under_way.values():
            if crawler.spider is not None:
                spider_of(crawler).stopping.set()
        loop = asyncio.get_event_loop()
        self._ending = loop.create_task(self._process.stop())
        loop.call_later(GRACE, self._end_now)

    def _end_now(self, reason: str = "shutdown") -> None:
        for key in list(self._under_way):
            self._end(key, reason)
        sys.stderr.flush()
        os._exit(0)


def peak_mib() -> int:
    """Peak memory of this process, in MiB.

    On Linux it is read from /proc: ``ru_maxrss`` would also count what the parent held when it forked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10


def held_mib() -> int:
    """Memory this process holds now, in MiB; the peak where the system does not report it."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text(encoding="ascii").split()[1]) * resource.getpagesize() >> 20
    return peak_mib()


def _print(report: CrawlReport) -> None:
    sys.stdout.write(report.model_dump_json() + "\n")
    sys.stdout.flush()
