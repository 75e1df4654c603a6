"""What crawlers brought: sources, addresses, captures, WARC files, observations, incidents, quarantine."""
