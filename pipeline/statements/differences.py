"""What forbids that two segments are one statement, however alike they are. Pure functions of two normal forms."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz import fuzz

from pipeline.language.wording import RAREST, wording_of
from pipeline.statements.normal_form import RARE_ENOUGH, Clause, NormalForm

Difference = Literal[
    "number", "date", "name", "polarity", "denial", "question", "opposite", "condition", "subject", "predicate"
]

_SHARE_OF_CLAUSE = 0.3
"""Share of a clause's weight that must be common for its negation to count."""
_SHARE_OF_CONSEQUENCE = 0.4
_SAME_SPELLING = 80.0
_SHORTEST_NAME = 4
_SHORT_SEQUENCE = 3
_FEWEST_BEGUN = 2
"""Stems with which two sentences must begin alike for the rest to be something else that is said of them."""
_LEAST_OF_PREDICATE = 5.0


def difference_between(one: NormalForm, other: NormalForm) -> Difference | None:
    """The first thing in which they differ, None if there is none. The order of the two does not matter."""
    shared = frozenset(one.weights).intersection(other.weights)
    if _numbers_differ(one, other):
        return "number"
    if any(
        not one_has_all(a, b)
        for a, b in (
            (one.months, other.months),
            (one.weekdays, other.weekdays),
            (one.relative_days, other.relative_days),
        )
    ):
        return "date"
    if names_differ(one, other):
        return "name"
    if one.denied != other.denied or _only_embedded(one, other) or _only_embedded(other, one):
        return "denial"
    if one.spoken and other.spoken and one.asks != other.asks:
        return "question"
    if _negated_where_shared(one, shared) != _negated_where_shared(other, shared):
        return "polarity"
    if _opposite(one, other):
        return "opposite"
    if _consequences_differ(one, other):
        return "condition"
    if _subject_replaced(one, other):
        return "subject"
    if _predicate_replaced(one, other):
        return "predicate"
    return None


def one_has_all(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one of the sets holds the other."""
    return one <= other or other <= one


def _numbers_differ(one: NormalForm, other: NormalForm) -> bool:
    if not one_has_all(one.numbers, other.numbers):
        return True
    longer, shorter = (one, other) if len(one.numbers) > len(other.numbers) else (other, one)
    if not shorter.numbers or longer.numbers == shorter.numbers:
        return False
    return (longer.corrects and not shorter.corrects) or _second_figure(longer)


def _second_figure(form: NormalForm) -> bool:
    """Whether a clause adds a number to that of another one and next to nothing else: "..., today already 75"."""
    counted = [clause for clause in form.clauses if clause.counted]
    return len(counted) > 1 and any(
        sum(form.weights.get(stem, 0.0) >= RARE_ENOUGH for stem in clause.stems) <= 1 for clause in counted[1:]
    )


def names_differ(one: NormalForm, other: NormalForm) -> bool:
    """Whether each names somebody or something that the other does not."""
    mine = one.names | {one.first_name} if one.first_name and other.first_name else one.names
    yours = other.names | {other.first_name} if one.first_name and other.first_name else other.names
    return _unmatched(mine, other, yours) and _unmatched(yours, one, mine)


def shared_names(one: NormalForm, other: NormalForm) -> frozenset[str]:
    """The names of the first that the second has, too, in whatever spelling."""
    return frozenset(name for name in one.names if any(_one_name(name, it) for it in other.names))


def _unmatched(names: frozenset[str], other: NormalForm, others: frozenset[str]) -> bool:
    known = others | {other.first_name} if other.first_name else others
    return any(not any(_one_name(name, it) for it in known) for name in names)


def _one_name(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _SHORTEST_NAME or one[0] != other[0]:
        return False
    return (
        longer.startswith(shorter[: max(_SHORTEST_NAME, len(shorter) - 1)]) or fuzz.ratio(one, other) >= _SAME_SPELLING
    )


def keeps_polarity(part: NormalForm, whole: NormalForm) -> bool:
    """Whether each clause of words that stand in others in a row is negated there as it is here.

    What the others add beside them may be negated: "The fair opens today, and the organ has not come".
    """
    return all(
        any(clause.stems <= around.stems and _is_negated(part, at) == _is_negated(whole, there)
            for there, around in enumerate(whole.clauses))
        for at, clause in enumerate(part.clauses)
    )  # fmt: skip


def _is_negated(form: NormalForm, at: int) -> bool:
    """Whether a clause is negated, or what introduces it is."""
    clause = form.clauses[at]
    return clause.negated or (clause.reported and at > 0 and form.clauses[at - 1].negated)


def _negated_where_shared(form: NormalForm, shared: frozenset[str]) -> bool:
    """Whether one of the clauses that hold the common words is negated."""
    return any(_is_negated(form, at) for at, clause in enumerate(form.clauses) if _matters(clause, shared, form))


def _matters(clause: Clause, shared: frozenset[str], form: NormalForm) -> bool:
    whole = sum(form.weights.get(stem, 0.0) for stem in clause.stems)
    common = sum(form.weights.get(stem, 0.0) for stem in clause.stems & shared)
    return common > 0 and common >= _SHARE_OF_CLAUSE * whole


def _opposite(one: NormalForm, other: NormalForm) -> bool:
    opposites = wording_of(one.lang).opposites
    if not opposites:
        return False
    mine, yours = _stems_of_words(one), _stems_of_words(other)
    prefixes = wording_of(one.lang).lists.negating_prefixes
    return any(
        (a, b) in opposites or any(prefix + a == b or prefix + b == a for prefix in prefixes)
        for a in mine - yours
        for b in yours - mine
    )


def _only_embedded(one: NormalForm, other: NormalForm) -> bool:
    """Whether what ``one`` says stands in ``other`` only as a condition, or behind words such as "he invented that"."""
    below = other.conditional if other.conditional and not one.conditional else other.embedded
    if below is None or one.embedded is not None:
        return False
    shared = frozenset(one.weights).intersection(other.weights) - {f"#{it}" for it in one.numbers}
    return bool(shared) and shared <= below


def _stems_of_words(form: NormalForm) -> frozenset[str]:
    wording = wording_of(form.lang)
    return frozenset(wording.stem(word) for word in form.words)


def _consequences_differ(one: NormalForm, other: NormalForm) -> bool:
    """Whether both say what follows from one condition, and not the same."""
    if not one.conditional or not other.conditional:
        return False
    mine = {stem: weight for stem, weight in one.weights.items() if stem not in one.conditional}
    yours = {stem: weight for stem, weight in other.weights.items() if stem not in other.conditional}
    least = min(sum(mine.values()), sum(yours.values()))
    common = sum(weight for stem, weight in mine.items() if stem in yours)
    return least > 0 and common < _SHARE_OF_CONSEQUENCE * least


def _subject_replaced(one: NormalForm, other: NormalForm) -> bool:
    """Whether one rare word stands in the place of another, and everything else is the same.

    Only where it is likely that something else is spoken of: at the beginning, in a short sentence, or of nouns.
    """
    if one.sequence == other.sequence or min(len(one.sequence), len(other.sequence)) < 3:
        return False
    matcher = SequenceMatcher(None, one.sequence, other.sequence, autojunk=False)
    changes = [it for it in matcher.get_opcodes() if it[0] != "equal"]
    if len(changes) != 1 or changes[0][0] != "replace":
        return False
    _, start, end, begin, stop = changes[0]
    if end - start != 1 or stop - begin != 1:
        return False
    first, short = start + begin == 0, max(len(one.sequence), len(other.sequence)) <= _SHORT_SEQUENCE
    named = one.sequence[start] in one.nouns and other.sequence[begin] in other.nouns and one.spoken and other.spoken
    if not (first or short or named):
        return False
    mine, yours = one.sequence[start], other.sequence[begin]
    rare = min(one.weights.get(mine, 0.0), other.weights.get(yours, 0.0)) >= RAREST / 2
    return rare and fuzz.ratio(mine, yours) < _SAME_SPELLING


def _predicate_replaced(one: NormalForm, other: NormalForm) -> bool:
    """Whether both quote what begins with the same words and then say something else of it."""
    if not (one.spoken and other.spoken):
        return False
    begun = 0
    for mine, yours in zip(one.sequence, other.sequence, strict=False):
        if mine != yours:
            break
        begun += 1
    rest = [form.sequence[begun:] for form in (one, other)]
    if begun < _FEWEST_BEGUN or not set(rest[0]).isdisjoint(rest[1]):
        return False
    if fuzz.ratio(*(" ".join(left) for left in rest)) >= _SAME_SPELLING:
        return False
    return all(
        sum(form.weights.get(stem, 0.0) for stem in left) >= _LEAST_OF_PREDICATE
        for form, left in zip((one, other), rest, strict=True)
    )
