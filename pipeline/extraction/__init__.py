"""Page -> Article: which bytes of a page are the story. Pure and deterministic; nothing is fetched or stored."""

from pipeline.extraction.article import VERSION, extract_article

__all__ = ["VERSION", "extract_article"]
