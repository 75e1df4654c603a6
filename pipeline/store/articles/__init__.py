"""Articles, their versions and quotes, the provenance of each quote, and takedowns."""
