"""Typed access to the spider of a Scrapy crawler, for middlewares and download handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.crawler import Crawler

if TYPE_CHECKING:
    from crawlers.spider import NewsSpider


def spider_of(crawler: Crawler) -> NewsSpider:
    """The crawler's spider. Call it only while the crawl runs: before and after there is none."""
    return cast("NewsSpider", crawler.spider)
