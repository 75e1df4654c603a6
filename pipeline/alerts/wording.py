"""How e-mails show what came from publications: quotes in one pair of marks, clipped texts, safe links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.alerts.mime import visible_text
from pipeline.alerts.phrases import email_phrases

LONGEST_LINK = 2000
_OUTER_MARKS = re.compile(r"^[\"“”„«'‘]+|,?[\"”“»'’]+[,.]?$")


def displayed_quote(text: str, kind: str, lang: str, longest: int | None = None) -> str:
    """The quote as an e-mail shows it: direct speech in one pair of quotation marks, reported speech without.

    Marks that the publication put around a direct quote are replaced, and marks inside of it are those of a quote in a
    quote, so that no mark stands twice. A comma before the closing mark belongs to the publication's sentence.
    """
    words = text.strip()
    own = email_phrases(lang)
    if kind == "direct":
        bare = _OUTER_MARKS.sub("", words).rstrip(" ,;")
        words = _with_inner_marks(bare if _balanced(bare) else words, own)
    if longest is not None:
        words = one_line(words, longest)
    return f"{own['open']}{words}{own['close']}" if kind == "direct" else words


def _balanced(words: str) -> bool:
    """Whether each mark that closes has one that opened before: if not, the outer marks were not one pair."""
    for opening, closing in ("«»", "“”"):
        depth = 0
        for mark in words:
            depth += (mark == opening) - (mark == closing)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def _with_inner_marks(words: str, own: dict[str, str]) -> str:
    """The words with pairs of the language's own outer marks replaced by its inner ones; other marks stay."""
    pattern = re.compile(f"{own['open']}([^{own['open']}{own['close']}]*){own['close']}")
    return pattern.sub(lambda pair: f"{own['inner_open']}{pair[1]}{own['inner_close']}", words)


def clipped(text: str, longest: int) -> str:
    """The text without invisible characters, cut between words."""
    text = visible_text(text)
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def clipped_start(text: str, longest: int) -> str:
    """The end of the text, cut between words."""
    text = visible_text(text)
    return text if len(text) <= longest else "… " + text[-longest:].split(" ", 1)[-1]


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut between words."""
    words = " ".join(visible_text(text.replace("\t", " ")).split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + "…"


def safe_link(url: str) -> str:
    """The URL if it is safe to link to, else an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.hostname and len(url) <= LONGEST_LINK
    return url if fit and not any(mark.isspace() for mark in url) and visible_text(url) == url else ""
