"""Fetch: the Scrapy project. The only place that imports scrapy; run as ``python -m crawlers``."""
