"""Where the reported words (the complement) begin right of a Russian verb of saying."""

from __future__ import annotations

from pipeline.quotes.language_pack import How, Indices
from pipeline.quotes.languages.ru import cues, words
from pipeline.quotes.languages.ru.morph import is_infinitive, token_form
from pipeline.quotes.text.tokens import Token

_FARTHEST = 30
_NEAREST = 6
_FEWEST = 3
"""Words of an infinitive and what belongs to it below which it is hardly a statement (``обещал прийти``)."""
_NO_SUBJECT = words.CONJUNCTIONS | cues.GERUNDS | {"однако", "впрочем"}
"""Words with which a report without ``что`` does not begin."""


def lower_text(tokens: list[Token], i: int) -> str:
    """The token's lower-case text with ``е`` for ``ё``, empty outside the sentence."""
    return tokens[i].low.replace("ё", "е") if 0 <= i < len(tokens) else ""


def find_complement(tokens: list[Token], at: int) -> tuple[int | None, How, int]:
    """Where the reported words begin right of the cue, how they are introduced, where the attribution ends."""
    j = at
    while j < min(len(tokens), at + _FARTHEST):
        token = tokens[j]
        if token.text == ":":
            return j + 1, "colon", j + 1
        if token.kind == "q" and (j == at or tokens[j - 1].text in ",—") and len(token.text.split()) > 3:
            return j, "quote", j
        if token.text == ",":
            if lower_text(tokens, j + 1) in ("что", "будто", "якобы", "дескать", "мол"):
                return j + 2, "that", j + 2
            if lower_text(tokens, j + 1) == "как" and lower_text(tokens, j - 1) in ("том", "то"):
                return j + 1, "that", j + 1
            if j + 1 < len(tokens) and tokens[j + 1].kind == "q":
                return j + 1, "quote", j + 1
            skipped = _insertion(tokens, j)
            if skipped is None:
                return None, "none", j
            j = skipped
            continue
        tight = token.text == "." and j + 1 < len(tokens) and tokens[j + 1].start == token.end
        if token.kind == "p" and token.text in ".;!?—…" and not tight:
            return None, "none", j
        j += 1
    return None, "none", min(j, len(tokens))


def _insertion(tokens: list[Token], comma: int) -> int | None:
    """``заявил, в частности, что``: the second comma, if words that introduce a report follow it."""
    for j in range(comma + 1, min(len(tokens) - 1, comma + 12)):
        token = tokens[j]
        if token.kind == "q" or (token.kind == "p" and token.text not in ","):
            return None
        if token.low in cues.CUES or token.low in ("что", "чтобы"):
            return None
        if token.text == ",":
            return j if lower_text(tokens, j + 1) in ("что", "будто") else None
    return None


def find_infinitive(tokens: list[Token], at: int) -> int | None:
    """``призвал жителей не спешить``: where the infinitive right of a verb begins, if it is more than a word or two."""
    for j in range(at, min(len(tokens), at + _NEAREST)):
        if tokens[j].kind != "w":
            return None
        if is_infinitive(tokens[j].text):
            start = j - (lower_text(tokens, j - 1) == "не")
            stop = next((k for k in range(j, len(tokens)) if tokens[k].kind == "p"), len(tokens))
            return start if stop - start >= _FEWEST else None
    return None


def find_bare_complement(tokens: list[Token], i: int, after: int, verb: str, speaker: Indices | None) -> int | None:
    """``отметил, Китай выступает``, ``сообщили что``, ``спросила, почему``: where a report without ``, что`` begins."""
    if lower_text(tokens, after) == "что":
        return after + 1 if after + 2 < len(tokens) else None
    if lower_text(tokens, after) != "," or after + 3 >= len(tokens):
        return None
    if verb in cues.ASKING:
        ask = any(token.low in words.QUESTIONS for token in tokens[after + 1 : after + 4])
        return after + 1 if ask else None
    subject = speaker is not None and speaker[1] <= i and lower_text(tokens, speaker[0] - 1) != "как"
    if verb not in cues.BARE or not subject or lower_text(tokens, 0) == "как":
        return None
    first = tokens[after + 1]
    if first.kind != "w" or first.low in _NO_SUBJECT or first.low.startswith("котор") or token_form(first).verb:
        return None
    clause = tokens[after + 1 : after + 14]
    stop = next((k for k, token in enumerate(clause) if token.text in ",;:—"), len(clause))
    return after + 1 if any(token_form(token).finite for token in clause[1:stop] if token.kind == "w") else None
