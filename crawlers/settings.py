"""Scrapy's settings for hostile content and polite crawling: the defaults are right for neither."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from crawlers.ssrf_guard import allowed_names
from pipeline.crawling.job import CrawlJob

CONNECTION_TRIES = 1
"""Retries of a request after a network error."""


def process_settings(jobs: tuple[CrawlJob, ...]) -> dict[str, object]:
    """Settings of the whole process: logs, the resolver that all crawls share, no telnet console or other listener."""
    allowed: set[str] = set()
    for job in jobs:
        allowed |= allowed_names(job.source.allow_addresses, job.proxy)
    return {
        "LOG_LEVEL": "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_VERSIONS": [],
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "crawlers.ssrf_guard.GuardedResolver",
        "DNS_TIMEOUT": 15,
        "ONRECORD_ALLOWED_NAMES": sorted(allowed),
    }


def job_settings(job: CrawlJob) -> dict[str, object]:
    """Settings of one crawl."""
    politeness = job.source.politeness
    live = job.replay is None
    handlers: dict[str, str | None] = dict.fromkeys(("file", "data", "ftp", "s3"))
    handlers |= dict.fromkeys(("http", "https"), "crawlers.http_wire.BoundedHandler")
    if not live:
        handlers |= dict.fromkeys(("http", "https"), "crawlers.replay.ReplayHandler")
    elif job.source.browser:
        handlers |= dict.fromkeys(("http", "https"), "crawlers.browser.BrowserHandler")
    return {
        **process_settings((job,)),
        **(_browser_settings(job) if live and job.source.browser else {}),
        "DOWNLOAD_HANDLERS": handlers,
        "DOWNLOADER_MIDDLEWARES_BASE": _middlewares(live),
        "SPIDER_MIDDLEWARES_BASE": {"scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25},
        "EXTENSIONS_BASE": _EXTENSIONS,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "USER_AGENT": user_agent(job.contact),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": f"{job.source.language},*;q=0.5",
        },
        "DOWNLOAD_DELAY": politeness.delay if live else 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": politeness.concurrency if live else 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrency if live else 16,
        "DOWNLOAD_TIMEOUT": politeness.timeout,
        "DOWNLOAD_MAXSIZE": 50 << 20,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "RETRY_TIMES": CONNECTION_TRIES,
        "RETRY_HTTP_CODES": [500, 502, 504, 520, 522, 524],
        "HTTPPROXY_ENABLED": job.proxy is not None,
        "CLOSESPIDER_TIMEOUT": job.limit,
    }


def _browser_settings(job: CrawlJob) -> dict[str, object]:
    from crawlers.browser import browser_settings  # an extra: loaded only for sources that ask for it

    return browser_settings(job)


def _middlewares(live: bool) -> dict[str, int]:
    """All downloader middlewares, ours and Scrapy's. Replaces Scrapy's list: entries merely disabled are imported."""
    base = "scrapy.downloadermiddlewares"
    chain = {
        "crawlers.ssrf_guard.SsrfGuardMiddleware": 50,
        "crawlers.robots.RobotsMiddleware": 100,
        f"{base}.downloadtimeout.DownloadTimeoutMiddleware": 350,
        f"{base}.defaultheaders.DefaultHeadersMiddleware": 400,
        f"{base}.useragent.UserAgentMiddleware": 500,
        "crawlers.redirects.RedirectMiddleware": 600,
    }
    if live:
        chain["crawlers.retry_after.RetryAfterMiddleware"] = 540
        chain[f"{base}.retry.RetryMiddleware"] = 550
        chain[f"{base}.httpproxy.HttpProxyMiddleware"] = 750
    return chain


_EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
}


def user_agent(contact: str) -> str:
    """The User-Agent with a contact address: ``onrecord/VERSION (+CONTACT)``."""
    try:
        own = version("onrecord")
    except PackageNotFoundError:
        own = "0"
    return f"onrecord/{own} (+{contact})" if contact else f"onrecord/{own}"
