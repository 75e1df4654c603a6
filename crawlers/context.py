"""The spider that a part of Scrapy works for, as what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.crawler import Crawler

if TYPE_CHECKING:
    from crawlers.spider import NewsSpider


def spider_of(crawler: Crawler) -> NewsSpider:
    """The crawler's spider; only to be asked while it crawls."""
    return cast("NewsSpider", crawler.spider)
