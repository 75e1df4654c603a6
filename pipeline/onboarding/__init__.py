"""Tools for adding a source or a watch: discover feeds, crawl a few pages without storing them, preview alerts."""
