"""What kind of text an article is, by its structure: who reads ``I`` in a column must not take it for a statement.

The kinds are tried in the order of ``RULES``; a text that is none of them is news. All of it is linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quote_rules import TextKind

_OPENING = r"[^\w\n]{0,4}"
_STAMP = re.compile(
    rf"{_OPENING}(?:(?:[^\W\d_]+\.? \d{{1,2}}|\d{{1,2}} [^\W\d_]+),? )?"
    r"(?:\d{1,2}[:.]\d{2}(?::\d{2})?(?!\d)|\d{4} (?:GMT|UTC|MSK)\b|\d{1,2} [ap]\.?m\b)"
)
_LABEL = re.compile(r"(?P<label>[^\W\d_][^:;!?\n\"«»“”]{0,70}?)(?:\s*[(\[][^)\]\n]{0,80}[)\]])?\s*:[ \u00a0\t]+\S")
_INITIALS = re.compile(r"[A-Z\u0410-\u042f\u0401]\.(?:-?[A-Z\u0410-\u042f\u0401]\.)?\s?[A-Z\u0410-\u042f\u0401]")
_DASH = re.compile(r"\W{0,3}[—–-]\W{0,3}\s")
_SAID_BY_DASH = re.compile(r"[,!?.…]\s[—–-]\s[a-z\u0430-\u044f\u0451]")
_BULLET = re.compile(r"(?:[•▪●■◆*–—-]|\d{1,2}[.)]|[\u2600-\u27bf\U0001f300-\U0001faff][\ufe0e\ufe0f]?)+\s?\W{0,2}\w")
_LED = re.compile(r"\W{0,3}(?P<lead>[^\W_](?:[^.:!?\n]|\.(?=\w)){1,45})[.:]\s+[^\W_]")
_MARKED = re.compile(r"“[^”\n]*(?:”|$)|«[^»\n]*(?:»|$)|\"[^\"\n]*(?:\"|$)|(?<!\w)‘[^‘\n]*?’(?!\w)|''[^\n]*?(?:''|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_CAPITALS = re.compile(r"[A-Z][A-Z .'-]+$")
_OPENERS = frozenset(word.lower() for word in EVERY_LANGUAGE.sentence_openers)
_EMPHASIS = "*_ \t"
_TURN_WORDS = EVERY_LANGUAGE.askers | EVERY_LANGUAGE.answerers | EVERY_LANGUAGE.interviewers
_FEWEST_STAMPS = 3
_FEWEST_TURNS = 3
_FEWEST_ITEMS = 3
_LONGEST_QUESTION = 300
_LONGEST_HEADING = 100
_SHORTEST_ITEM = 90
_LONGEST_LEAD = 5
_LONGEST_LABEL = 10
_FEWEST_OWN = 3
_TITLED = 3


@dataclass(frozen=True)
class _Article:
    """A text with its lines, and what is asked of it repeatedly."""

    text: str
    title: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines that hold a letter or digit, without the marks of emphasis around them."""
        return [line.strip(_EMPHASIS) for line in self.text.splitlines() if any(map(str.isalnum, line))]

    @cached_property
    def emphasised(self) -> frozenset[int]:
        """The numbers of the lines that stand between marks of emphasis."""
        spoken = (line for line in self.text.splitlines() if any(map(str.isalnum, line)))
        return frozenset(i for i, line in enumerate(spoken) if line.startswith("**") and line.rstrip().endswith("**"))

    @cached_property
    def outside(self) -> list[list[str]]:
        """The words of each line that stand outside of quotation marks."""
        return [_WORD.findall(_MARKED.sub(" ", line).lower()) for line in self.lines]


def text_kind(text: str, *, title: str | None = None) -> TextKind:
    """The kind of a text."""
    article = _Article(text, title or "")
    return next((kind for kind, holds in RULES if holds(article)), TextKind.NEWS)


def _is_live_blog(article: _Article) -> bool:
    """Three lines or more begin with a time of day, and not as a list of nothing else does."""
    stamps = [i for i, line in enumerate(article.lines) if _STAMP.match(line)]
    sentences = sum(1 for line in article.lines if len(line) > _SHORTEST_ITEM)
    return min(len(stamps), sentences) >= _FEWEST_STAMPS and stamps[0] * 3 <= len(article.lines)


def _labels(article: _Article) -> list[tuple[int, str]]:
    """The labels that lines begin with, with the number of the line: names, or words for who asks and answers."""
    found = []
    for i, line in enumerate(article.lines):
        match = _LABEL.match(line)
        label = match.group("label").strip(" .") if match is not None else ""
        if label and _names_somebody(label):
            found.append((i, label))
    return found


def _names_somebody(label: str) -> bool:
    words = _WORD.findall(label)
    if label.lower() in _TURN_WORDS:
        return True
    return 0 < len(words) <= _LONGEST_LABEL and words[0][0].isupper() and words[-1][0].isupper()


def _is_labelled(article: _Article) -> bool:
    """Whether labels begin turns: one comes twice, or has initials, or is a word such as ``Question``."""
    labels = _labels(article)
    if len(labels) < 2:
        return False
    names = Counter(label.lower() for _, label in labels)
    certain = all(len(label.split()) >= _TITLED for label in names) or any(
        count > 1 or label in EVERY_LANGUAGE.askers or _INITIALS.match(label.upper()) for label, count in names.items()
    )
    first = next(i for i, _ in labels)
    return certain and len(labels) * 4 >= len(article.lines) - first


def _is_labelled_interview(article: _Article) -> bool:
    """After some words of introduction, two turn by turn, of whom one asks."""
    if not _is_labelled(article):
        return False
    labels = _labels(article)
    names = [label.lower() for _, label in labels]
    if labels[0][0] == 0 or any(_INITIALS.match(label) for _, label in labels):
        return False
    if any(name in EVERY_LANGUAGE.interviewers for name in names):
        return True
    if any(name in EVERY_LANGUAGE.askers for name in names):
        return False
    asking = names[0]
    questions = [article.lines[i].rstrip().endswith("?") for i, name in labels if name.lower() == asking]
    by_surname = {name.split()[-1] for name in names if name != asking}
    return len(by_surname) == 1 and len(questions) >= 2 and sum(questions) * 2 >= len(questions)


def begins_with_dash(line: str) -> bool:
    """Whether a line is a turn that begins with a dash and to which no name is added (``— Yes, — said X``)."""
    return _DASH.match(line) is not None and _SAID_BY_DASH.search(line) is None


def has_first_person(line: str) -> bool:
    """Whether somebody says ``I`` in a line."""
    return not EVERY_LANGUAGE.first_person.isdisjoint(_WORD.findall(line.lower()))


def _is_dashed_interview(article: _Article) -> bool:
    """Turns that begin with a dash, of which every second or third asks, and nobody's name is added to them."""
    turns = [line for line in article.lines if begins_with_dash(line)]
    asking = sum(line.rstrip(_EMPHASIS).endswith("?") for line in turns)
    return (
        len(turns) > _FEWEST_TURNS and asking >= 2 and asking * 4 >= len(turns) and len(turns) * 2 >= len(article.lines)
    )


def _is_asked_in_lines(article: _Article) -> bool:
    """Lines that are questions, each with an answer below it in which somebody says ``I`` or ``we``."""
    asked = question_lines(article.lines, article.emphasised)
    own = EVERY_LANGUAGE.first_person | EVERY_LANGUAGE.first_person_plural
    if len(asked) < _FEWEST_TURNS:
        return False
    answers = [i for i in range(asked[0], len(article.lines)) if i not in set(asked)]
    speaking = sum(1 for i in answers if not own.isdisjoint(article.outside[i]))
    return speaking * 2 >= len(asked) and len(answers) <= 5 * len(asked)


def question_lines(lines: Sequence[str], emphasised: frozenset[int] = frozenset()) -> list[int]:
    """The numbers of the lines that are a question or ``emphasised``, after which another line answers."""
    return [
        i
        for i, line in enumerate(lines[:-1])
        if (line.endswith("?") or i in emphasised)
        and len(line) <= _LONGEST_QUESTION
        and line[0] not in '"“«„'
        and not lines[i + 1].endswith("?")
        and i + 1 not in emphasised
    ]


def _is_digest(article: _Article) -> bool:
    """Items one below the other: led by a bullet or a few words, or each under a heading of its own."""
    lines = article.lines
    bulleted = sum(1 for line in lines if _BULLET.match(line) and len(line) >= _SHORTEST_ITEM)
    led = sum(1 for line in lines if len(line) >= _SHORTEST_ITEM and _is_led(line))
    return (
        (bulleted >= _FEWEST_ITEMS and bulleted * 2 >= len(lines))
        or (led >= _FEWEST_ITEMS and led * 3 >= len(lines))
        or _has_headings(lines)
    )


def _is_led(line: str) -> bool:
    """``ЕРЕВАН. С 1 января``, ``SWEDEN WATCH: Turkish President``."""
    match = _LED.match(line)
    if match is None:
        return False
    words = match.group("lead").split()
    return len(words) <= _LONGEST_LEAD and words[0].lower() not in _OPENERS


def _has_headings(lines: list[str]) -> bool:
    """Three headings or more, that make a third of the lines, the first of them at the beginning."""
    heads = [
        i
        for i, line in enumerate(lines[:-1])
        if len(line) <= _LONGEST_HEADING and line[-1] not in '.!…:»”",' and len(lines[i + 1]) > len(line)
    ]
    return len(heads) >= _FEWEST_ITEMS and heads[0] <= 1 and len(heads) * 4 >= len(lines)


def _is_opinion(article: _Article) -> bool:
    """An author who says ``I`` in his own text, or who signs as one and says ``we``."""
    mine = [sum(word in EVERY_LANGUAGE.first_person for word in words) for words in article.outside]
    ours = [sum(word in EVERY_LANGUAGE.first_person_plural for word in words) for words in article.outside]
    if sum(mine) >= _FEWEST_OWN and sum(map(bool, mine)) >= 2:
        return True
    edges = "\n".join((article.title, *article.lines[:1], *article.lines[-2:])).lower()
    signed = any(note in edges for note in EVERY_LANGUAGE.notes_of_authors)
    return signed and sum(mine) + sum(ours) >= 1


RULES: tuple[tuple[TextKind, Callable[[_Article], bool]], ...] = (
    (TextKind.LIVE_BLOG, _is_live_blog),
    (TextKind.INTERVIEW, _is_labelled_interview),
    (TextKind.TRANSCRIPT, _is_labelled),
    (TextKind.INTERVIEW, _is_dashed_interview),
    (TextKind.INTERVIEW, _is_asked_in_lines),
    (TextKind.DIGEST, _is_digest),
    (TextKind.OPINION, _is_opinion),
)
