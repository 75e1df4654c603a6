"""The story of a page whose source has no selectors, or whose selectors find nothing: trafilatura, then our sieve."""

from __future__ import annotations

import copy
import re

import trafilatura
from lxml import html

from pipeline.extraction.blocks import clean

_LIST_MARK = re.compile(r"^[-–•]\s+(?=\S)")


def generic_lines(tree: html.HtmlElement, url: str) -> list[str]:
    """The paragraphs of the story; empty if none is found. Comments are left out, as is the title."""
    document = trafilatura.bare_extraction(
        copy.deepcopy(tree), url=url, fast=True, include_comments=False, include_tables=False, with_metadata=False
    )
    text = "" if document is None or isinstance(document, dict) else document.text or ""
    lines = (clean(_LIST_MARK.sub("", line)) for line in text.splitlines())
    return [line for line in lines if line]
