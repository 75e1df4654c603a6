"""Ids that follow from content, so that work is idempotent: any order, machine or re-run gives rows the same ids."""

from __future__ import annotations

import hashlib
import re

_WORD = re.compile(r"\w+")


def content_digest(*parts: str) -> str:
    """First 16 hex digits of the SHA-256 of the parts: 64 bits, enough for 10 million rows at a 1 in 370,000 clash."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def article_id(canonical_url: str) -> str:
    return content_digest("article", canonical_url)


def capture_id(url: str, kind: str, body_sha256: str) -> str:
    return content_digest("capture", url, kind, body_sha256)


def text_sha256(text: str) -> str:
    """Full hex digest of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def version_id(article: str, origin: str, text_digest: str, occurrence: int) -> str:
    """``occurrence`` counts (from 1) how often the article has had this very text from this origin."""
    return content_digest("version", article, origin, text_digest, str(occurrence))


def normalised_words(text: str) -> str:
    """The words of a text for comparison: lower case, ``ё`` as ``е``, no punctuation, single spaces."""
    return " ".join(_WORD.findall(text.casefold().replace("\u0451", "\u0435")))


def quote_id(article: str, words: str, occurrence: int) -> str:
    """``words`` are normalised; ``occurrence`` counts (from 1) the quotes of the article with the same words."""
    return content_digest("quote", article, words, str(occurrence))


def alert_id(watch: str, address: str, statement: str) -> str:
    return content_digest("alert", watch, address, statement)
