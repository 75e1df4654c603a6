"""Parse feeds, sitemaps, HTML listings and JSON lists to entries.

No I/O: nothing is fetched or written, and no DTD or external entity is loaded.
"""

from pipeline.parsing.feeds.feed import MAX_ENTRIES, FeedDocument, read_feed
from pipeline.parsing.feeds.json_list import read_json_list
from pipeline.parsing.feeds.listing import ListingDocument, read_listing
from pipeline.parsing.feeds.sitemap import MAX_URLS, SitemapDocument, SitemapEntry, read_sitemap

__all__ = [
    "MAX_ENTRIES",
    "MAX_URLS",
    "FeedDocument",
    "ListingDocument",
    "SitemapDocument",
    "SitemapEntry",
    "read_feed",
    "read_json_list",
    "read_listing",
    "read_sitemap",
]
