"""Results of crawls: sources, URLs, captures, WARC files, observations, incidents, quarantine."""
