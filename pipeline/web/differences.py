"""How the words of a report differ from those of its statement, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
MOST_PIECES = 4_000
"""Words and marks that are compared; longer texts are shown as they are."""


def word_differences(before: str, after: str) -> Markup:
    """The words of ``after``, those that ``before`` lacks as ``ins``, and those that only ``before`` has as ``del``."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if len(old) + len(new) > MOST_PIECES:
        return escape(after)
    parts: list[Markup] = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if what == "equal":
            parts.append(escape(come))
            continue
        if gone.strip():
            parts.append(Markup("<del>{}</del>").format(gone))
        parts.append(Markup("<ins>{}</ins>").format(come) if come.strip() else escape(come))
    return Markup("").join(parts)


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but spaces, marks and capitals."""
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", other.casefold())
