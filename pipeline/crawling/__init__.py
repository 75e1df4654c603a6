"""The parent's side of a crawl: the child process, its journal and its log."""
