"""The parent's side of a crawl: start the crawler process, read its journal, relay its log, summarise the result."""
