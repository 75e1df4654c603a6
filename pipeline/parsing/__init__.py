"""Parsers for the formats of the web: URLs, charsets, content encodings, dates, feeds and sitemaps. No I/O."""
