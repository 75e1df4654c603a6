"""An article as an HTML page on which each quote is marked, with its speaker, rule and confidence beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from html import escape

from pipeline.records import Quote
from pipeline.runtime.escaping import escape_control_characters

_STYLE = """
body{font:17px/1.6 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1b1b1b;background:#fff}
article{margin-bottom:4em}h1{font-size:1.4em}p{margin:.8em 0}
mark{padding:.1em .15em;border-radius:.2em;background:#fff1b8}mark.indirect{background:#dcecff}
mark.mixed{background:#e6f5d8}mark small{font:12px/1 system-ui,sans-serif;margin-left:.4em;color:#333}
mark small.unknown{color:#a40000}u.speaker{text-decoration:2px underline #c33}u.cue{text-decoration:2px underline #393}
@media(prefers-color-scheme:dark){body{background:#181818;color:#eee}mark{color:#111}}
"""
_BREAK = re.compile(r"[\r\n\u2028\u2029]+")


def quotes_page(articles: Iterable[tuple[str | None, str, Sequence[Quote]]]) -> str:
    """A whole HTML document over ``(title, text, quotes)``; nothing in it is loaded from elsewhere."""
    body = "\n".join(_article(title, text, quotes) for title, text, quotes in articles)
    legend = "direct, indirect and mixed quotes; the speaker's words underlined in red, the cue in green"
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>Quotes</title><style>{_STYLE}</style></head>\n'
        f"<body><p><em>{legend}</em></p>\n{body}\n</body></html>\n"
    )


def _article(title: str | None, text: str, quotes: Sequence[Quote]) -> str:
    heading = f"<h1>{_safe(title)}</h1>\n" if title else ""
    marked = "".join(_pieces(text, quotes))
    paragraphs = "\n".join(f"<p>{part}</p>" for part in _BREAK.split(marked) if part.strip())
    return f"<article>{heading}{paragraphs}</article>"


def _pieces(text: str, quotes: Sequence[Quote]) -> Iterable[str]:
    """The text with its marks; a mark is closed and opened again at a line break, so that tags never cross."""
    spans = {(*quote.speaker_span, "speaker") for quote in quotes if quote.speaker_span}
    under = sorted(spans | {(*quote.cue_span, "cue") for quote in quotes if quote.cue_span})
    at = 0
    for quote in quotes:
        yield _underlined(text, at, quote.start, under)
        inner = _underlined(text, quote.start, quote.end, under)
        opened = f'<mark class="{quote.type}">'
        yield opened + _BREAK.sub(f"</mark>\n{opened}", inner)
        yield f"{_label(quote)}</mark>"
        at = quote.end
    yield _underlined(text, at, len(text), under)


def _underlined(text: str, start: int, end: int, under: list[tuple[int, int, str]]) -> str:
    out, at = [], start
    for first, last, kind in under[bisect_left(under, (start, 0, "")) :]:
        if first >= end:
            break
        if at <= first and last <= end:
            out += [_safe(text[at:first]), f'<u class="{kind}">{_safe(text[first:last])}</u>']
            at = last
    return "".join([*out, _safe(text[at:end])])


def _label(quote: Quote) -> str:
    name = f"{_safe(quote.speaker_name)}" if quote.speaker_name else "unknown"
    known = "known" if quote.speaker_name else "unknown"
    stance = "" if quote.stance == "said" else f" · {quote.stance}"
    if quote.claimant and quote.stance == "denied":
        stance += f" (claimed by {_safe(quote.claimant)})"
    return f'<small class="{known}">{name}{stance} · {quote.confidence:.2f} · {_safe(str(quote.rules))}</small>'


def _safe(text: str) -> str:
    """For a page, with every kind of line break as one; what else would turn the order of reading round is escaped."""
    return escape(escape_control_characters(_BREAK.sub("\n", text))).encode("utf-8", "replace").decode("utf-8")
