"""What helps to add a source or a watch: discover feeds, crawl a few pages without storing them, preview."""
