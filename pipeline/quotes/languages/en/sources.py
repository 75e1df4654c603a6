"""English attributions without a verb of saying: ``according to X``, ``in his words``, ``as X put it``."""

from __future__ import annotations

from itertools import islice

from pipeline.quote_rules import by_phrase
from pipeline.quotes.language_pack import Attribution
from pipeline.quotes.languages.en import phrases, subjects, words
from pipeline.quotes.languages.en.complements import lower_text
from pipeline.quotes.text.tokens import Token

_BY = frozenset(("account", "admission", "reckoning", "estimate"))
"""What somebody's words are ``by`` and not ``in``."""
_OPENERS = words.CONJUNCTIONS | words.ADVERBS


def according_to(tokens: list[Token], start: int) -> Attribution | None:
    """``according to X``: the report stands after the comma, or before."""
    at = start + 2
    if lower_text(tokens, at) in words.PAPERS:
        return None
    speaker = phrases.noun_phrase_right(tokens, at)
    if speaker is None and lower_text(tokens, at) in words.OBJECT_PRONOUNS:
        speaker = (at, at + 1)
    if speaker is None:
        return None
    end = speaker[1]
    opening = start == 0 or all(token.kind == "w" and token.low in _OPENERS for token in islice(tokens, start))
    if opening:
        while end < len(tokens) and tokens[end].text != "," and tokens[end].kind != "q" and end < speaker[1] + 15:
            end += 1
        complement = end + 1 if lower_text(tokens, end) == "," else end
        if complement >= len(tokens):
            return None
        return Attribution(
            start, complement, (start, at), speaker, complement, "that", "source", by_phrase("according-to")
        )
    return Attribution(start, end, (start, at), speaker, None, "none", "source", by_phrase("according-to"))


def in_words(tokens: list[Token], i: int) -> Attribution | None:
    """``In his words, ...``, ``In the mayor's opinion, ...``, ``In the words of X, ...`` and ``..., in her words``."""
    view = next((j for j in range(i + 1, min(len(tokens), i + 8)) if tokens[j].low in words.VIEWS), None)
    if view is not None and (tokens[i].low == "by") != (tokens[view].low in _BY):
        return None
    if view is None or any(token.kind != "w" for token in tokens[i : view + 1]):
        return None
    owner, end = (i + 1, view), view + 1
    if lower_text(tokens, view - 1) == "the" and lower_text(tokens, view + 1) == "of":
        named = phrases.noun_phrase_right(tokens, view + 2)
        if named is None:
            return None
        owner, end = named, named[1]
    elif not (
        lower_text(tokens, i + 1) in words.POSSESSIVES
        and (view == i + 2 or view == i + 3 and tokens[i + 2].low == "own")
        or lower_text(tokens, view - 1) == "own"
        and lower_text(tokens, view - 2).endswith(("'s", "s'"))
        or lower_text(tokens, view - 1).endswith(("'s", "s'"))
    ):
        return None
    if owner[1] == view and tokens[view - 1].low == "own":
        owner = (owner[0], view - 1)
    if i > 1:
        return Attribution(i, end, (i, view + 1), owner, None, "none", "source", by_phrase("in-words"))
    if lower_text(tokens, end) == ",":
        end += 1
    elif end < len(tokens) and tokens[end].kind != "q":
        return None
    return (
        Attribution(i, end, (i, view + 1), owner, end, "that", "source", by_phrase("in-words"))
        if end < len(tokens)
        else None
    )


def put_it(tokens: list[Token], i: int) -> Attribution | None:
    """``As Ushakov put it, ...`` and ``..., as he put it``."""
    speaker = subjects.find_subject(tokens, i - 1)
    if speaker is None or lower_text(tokens, speaker[0] - 1) != "as":
        return None
    start, end = speaker[0] - 1, i + 2
    while end < len(tokens) and tokens[end].kind == "w" and end < i + 9:
        end += 1
    if start > 1:
        return Attribution(start, end, (i, i + 2), speaker, None, "none", "source", by_phrase("put-it"))
    if lower_text(tokens, end) != "," or end + 1 >= len(tokens):
        return None
    return Attribution(start, end + 1, (i, i + 2), speaker, end + 1, "that", "source", by_phrase("put-it"))
