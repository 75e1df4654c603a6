"""The normal form of a segment: what is left of its wording once spelling, marks, glosses and endings do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.language.nations import nation_of_word
from pipeline.language.normalise import fold_word, one_script, visible_text
from pipeline.language.spelling import fold_name
from pipeline.language.wording import COMMON, RAREST, Wording, wording_of
from pipeline.statements.numerals import NumberToken, read_numbers

VERSION = "2"
"""Raised whenever the same words may get another normal form."""

RARE_ENOUGH = 4.0
"""Weight from which on a word with a capital may be a name: those below are titles and the like."""

_GLOSS = re.compile(r"(\w?)\[([^\[\]]*)\](\w?)")
_ASIDE = re.compile(r"\s*\(([^()]*)\)")
_LONGEST_ASIDE = 8
_ELISION = re.compile("<?\\s*(?:…|\\.{2,})\\s*>?")
_TOKEN = re.compile(
    r"(?P<elision>\x00)"
    r"|(?P<number>\d+(?:[ \u00a0]\d{3}(?!\d))*(?:[.,]\d+)*(?:-?(?:st|nd|rd|th|[\u0430-\u044f]{1,3})\b)?)"
    r"|(?P<percent>%)|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<stop>[,;:()\u2014\u2013])|(?P<dash>(?<=\s)-(?=\s))|(?P<end>[.!?])"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a segment between commas, colons, dashes and joining words."""

    stems: frozenset[str]
    negated: bool
    counted: bool
    """Whether it has a number."""
    reported: bool
    """Whether it is what the clause before it says, doubts or denies."""


@dataclass(frozen=True, slots=True)
class NormalForm:
    """What is compared of a segment."""

    lang: str
    spoken: bool
    """Whether the words are quoted, wholly or in part, and not only reported."""
    words: tuple[str, ...]
    """All words in their order, spelt one way, without marks and glosses."""
    pieces: tuple[str, ...]
    """The words between elisions, joined by spaces and with one at both ends."""
    weights: Mapping[str, float]
    """Stems of words with content, with what each weighs."""
    numbers: frozenset[str]
    months: frozenset[str]
    weekdays: frozenset[str]
    relative_days: frozenset[str]
    names: frozenset[str]
    first_name: str
    """What may be a name because it begins the sentence; else empty."""
    clauses: tuple[Clause, ...]
    denied: bool
    """Whether something in it is called untrue, or only what others say."""
    corrects: bool
    """Whether a word in it sets one figure against another."""
    embedded: frozenset[str] | None
    """Stems of the clause with ``that`` behind words by which no speaker asserts it; None if there is none."""
    asks: bool
    """Whether it is a question."""
    nouns: frozenset[str]
    """Stems of nouns and adjectives, where a language's dictionary knows them."""
    conditional: frozenset[str]
    """Stems of its conditional clause."""
    stock: bool
    """Whether it begins as stock sentences do."""
    mass: float = field(default=0.0)
    """Weight of all stems together."""
    substance: float = 0.0
    """The same without names."""
    sequence: tuple[str, ...] = ()
    """The stems with content in their order."""


@dataclass(slots=True)
class _Token:
    written: str
    folded: str
    clause: int
    starts: bool
    number: str = ""


def normal_form(text: str, lang: str, *, spoken: bool) -> NormalForm:
    """The normal form of a segment; ``spoken``: asides in round brackets are the editor's, not the speaker's."""
    wording = wording_of(lang)
    plain = _without_glosses(visible_text(text), spoken)
    plain = _ELISION.sub(" \x00 ", plain)
    folded = fold_word(plain)
    opened = _opening_of(folded)
    tokens, elided = _tokens(plain, wording)
    read = read_numbers([NumberToken(token.folded, token.number) for token in tokens], wording)
    content, negated = _content(tokens, read.number_words, wording), _negated(tokens, wording)
    weights = {stem: wording.weight(stem) for stem, _ in content}
    weights |= {f"#{number}": 5.0 for number in read.numbers}
    names, first, named = _names(tokens, wording)
    flat = " ".join(token.folded for token in tokens)
    return NormalForm(
        lang=lang,
        spoken=spoken,
        words=tuple(token.folded for token in tokens),
        pieces=_pieces(tokens, elided),
        weights=weights,
        numbers=read.numbers,
        months=_months(tokens, content, wording),
        weekdays=frozenset(stem for stem, _ in content if stem in wording.weekdays),
        relative_days=frozenset(day for day in wording.lists.relative_days if day in flat.split()),
        names=names,
        first_name=first,
        clauses=_clauses(tokens, content, negated, {tokens[at].clause for at in read.number_words}, wording),
        denied=wording.denials.search(folded) is not None,
        corrects=any(token.folded in wording.lists.corrections for token in tokens),
        embedded=_embedded(tokens, wording),
        asks="?" in plain,
        nouns=frozenset(stem for stem, token in _stemmed(tokens, wording) if wording.is_noun(token.folded)),
        conditional=_conditional(tokens, content, wording),
        stock=wording.formulas.match(opened) is not None,
        mass=sum(weights.values()),
        substance=sum(weight for stem, weight in weights.items() if stem not in named),
        sequence=tuple(stem for stem, _ in content),
    )


def _without_glosses(text: str, spoken: bool) -> str:
    """The text without what editors put into brackets; a letter that they changed stays."""

    def plain(found: re.Match[str]) -> str:
        inner = found[2]
        if found[1] or found[3] or any(letter.isdigit() for letter in inner):
            return f"{found[1]}{inner}{found[3]}"
        return "" if inner.strip(" .…") else " … "

    def aside(found: re.Match[str]) -> str:
        inner = found[1]
        if not inner.strip(" .…"):
            return " … "
        short = len(inner.split()) <= _LONGEST_ASIDE and not any(letter.isdigit() for letter in inner)
        return "" if spoken and short else found[0]

    return _ASIDE.sub(aside, _GLOSS.sub(plain, text))


def _opening_of(folded: str) -> str:
    return re.sub(r"^[\W_]+", "", re.sub(r"[,;:]", "", folded))


def _tokens(text: str, wording: Wording) -> tuple[list[_Token], set[int]]:
    """The words of a text, and before which of them something was left out."""
    for pattern, full in wording.lists.contractions:
        text = re.sub(pattern, full, text, flags=re.IGNORECASE)
    tokens: list[_Token] = []
    elided: set[int] = set()
    clause, starts = 0, True
    for found in _TOKEN.finditer(text):
        kind, written = str(found.lastgroup), found[0]
        if kind == "elision":
            elided.add(len(tokens))
        elif kind in ("stop", "dash", "end"):
            clause += 1
            starts = starts or kind == "end"
        else:
            for folded in _spelt(written, kind, wording):
                clause += folded in wording.lists.joints and bool(tokens)
                tokens.append(_Token(written, folded, clause, starts, written if kind == "number" else ""))
                starts = False
    return tokens, elided


def _spelt(written: str, kind: str, wording: Wording) -> list[str]:
    if kind == "percent":
        return [wording.lists.percent or "%"]
    folded = fold_word(one_script(written)).removesuffix("'s").removesuffix("'")
    return wording.lists.expansions.get(folded, folded).split()


def _pieces(tokens: list[_Token], elided: set[int]) -> tuple[str, ...]:
    bounds = sorted({0, *elided, len(tokens)})
    runs = (tokens[start:end] for start, end in pairwise(bounds))
    return tuple(f" {' '.join(token.folded for token in run)} " for run in runs if run)


def _content(tokens: list[_Token], number_words: frozenset[int], wording: Wording) -> list[tuple[str, int]]:
    """Stems of the words that say something, with the clause of each; a number is not among them."""
    found = []
    for at, token in enumerate(tokens):
        if at in number_words or token.folded in wording.lists.empty:
            continue
        stem = wording.stem(token.folded)
        if wording.weight(stem) > 0:
            found.append((stem, token.clause))
    return found


def _negated(tokens: list[_Token], wording: Wording) -> set[int]:
    return {token.clause for token in tokens if token.folded in wording.lists.negations}


def _clauses(
    tokens: list[_Token], content: list[tuple[str, int]], negated: set[int], counted: set[int], wording: Wording
) -> tuple[Clause, ...]:
    first: dict[int, str] = {}
    for token in tokens:
        first.setdefault(token.clause, token.folded)
    return tuple(
        Clause(
            frozenset(stem for stem, clause in content if clause == at),
            at in negated,
            at in counted,
            word in wording.lists.that,
        )
        for at, word in sorted(first.items())
    )


def _names(tokens: list[_Token], wording: Wording) -> tuple[frozenset[str], str, frozenset[str]]:
    """Names in one spelling, nations as their codes; the first word if it may be one; the stems of the names."""
    found, first, stems = set(), "", set()
    for token in tokens:
        nation = nation_of_word(token.folded)
        if nation and not token.written.isascii():
            found.add(nation)
        if not token.written[:1].isupper() or token.folded in wording.lists.empty or token.number:
            continue
        stem = wording.stem(token.folded)
        if stem in wording.months or stem in wording.weekdays:
            continue
        name = nation or wording.places.get(stem) or fold_name(stem)
        if not token.starts:
            stems.add(stem)
            found |= {name} if name != fold_name(stem) or wording.weight(stem) >= RARE_ENOUGH else set()
        elif token is tokens[0] and wording.weight(stem) >= RAREST and wording.may_be_name(token.folded):
            first = name
    return frozenset(found), first, frozenset(stems)


def _months(tokens: list[_Token], content: list[tuple[str, int]], wording: Wording) -> frozenset[str]:
    """The months; a name of one that is also an empty word counts with a capital within the sentence."""
    named = {token.folded for token in tokens if token.written[:1].isupper() and not token.starts}
    doubtful = named & wording.lists.empty & frozenset(wording.lists.months)
    return frozenset(stem for stem, _ in content if stem in wording.months) | doubtful


def _stemmed(tokens: list[_Token], wording: Wording) -> Iterator[tuple[str, _Token]]:
    return ((wording.stem(token.folded), token) for token in tokens if token.folded not in wording.lists.empty)


def _embedded(tokens: list[_Token], wording: Wording) -> frozenset[str] | None:
    """Stems after the first ``that`` before which something else than an assertion stands."""
    for at, token in enumerate(tokens):
        opens = at > 0 and token.folded in wording.lists.that and tokens[at - 1].folded not in wording.lists.not_that
        if opens and not all(_affirms(before, wording) for before in tokens[:at]):
            return frozenset(stem for stem, _ in _stemmed(tokens[at + 1 :], wording))
    return None


def _affirms(token: _Token, wording: Wording) -> bool:
    """Whether a word is one of those by which a speaker asserts what follows, or says nothing of who else does."""
    if token.folded in wording.lists.affirmations or token.folded in wording.numbers:
        return True
    if token.written[:1].isupper() and not token.starts:
        return False
    doubted = token.folded in wording.lists.negations | wording.lists.subordinators
    return not doubted and wording.weight(wording.stem(token.folded)) <= COMMON


def _conditional(tokens: list[_Token], content: list[tuple[str, int]], wording: Wording) -> frozenset[str]:
    clauses: dict[int, list[str]] = {}
    for token in tokens:
        clauses.setdefault(token.clause, []).append(token.folded)
    opened = {at for at, words in clauses.items() if wording.conditions.match(" ".join(words))}
    if len(clauses) == len(opened):
        return frozenset()
    return frozenset(stem for stem, clause in content if clause in opened)


def shared_weight(one: NormalForm, other: NormalForm) -> float:
    """Weight of the stems that both have."""
    return sum(weight for stem, weight in one.weights.items() if stem in other.weights)


def rarest_stems(form: NormalForm, most: int) -> Iterator[str]:
    """The stems of a form that say most, the rarest first."""
    ranked = sorted(form.weights.items(), key=lambda it: (-it[1], it[0]))
    return (stem for stem, _ in ranked[:most])
