"""Feed and sitemap bytes -> entries. Pure: nothing is fetched, no DTD or entity is loaded, nothing is written."""

from pipeline.feeds.feed import MAX_ENTRIES, FeedDocument, read_feed
from pipeline.feeds.sitemap import MAX_URLS, SitemapDocument, SitemapEntry, read_sitemap

__all__ = [
    "MAX_ENTRIES",
    "MAX_URLS",
    "FeedDocument",
    "SitemapDocument",
    "SitemapEntry",
    "read_feed",
    "read_sitemap",
]
