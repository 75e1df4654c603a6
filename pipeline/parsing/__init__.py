"""The formats of the web: addresses, charsets, content encodings, dates, feeds and sitemaps. Pure."""
