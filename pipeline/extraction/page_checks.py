"""Whether a page is an article at all: error pages, bot walls, cookie walls, paywalls and empty texts are rejected."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.config.source import Source
from pipeline.errors import Rejected
from pipeline.extraction.blocks import count_letters
from pipeline.extraction.boilerplate import without_boilerplate
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.phrases import CONSENT, COOKIES, ERROR_TITLE, NOT_FOUND, PAYWALL, READER, WALL
from pipeline.extraction.prose import QUOTED, contains_story, is_news_line, story_sentences
from pipeline.reasons import Reason
from pipeline.records import Outcome

MIN_LETTERS = 60
"""Fewest letters of a story. The shortest real one in the evaluation material has 150; error pages leave 20 to 50."""
MAX_TEXT = 2_000_000
"""Characters of a story. A four-hour press conference has 250,000; what has more is no text anybody wrote."""
_SHORT = 1500
_PHRASE_ALONE = 0.75
"""Share of a title from which on a wall's phrase is all that it says."""
_LABEL_NAME = r"(?:[A-ZА-ЯЁ][\w.’'-]*\s?){1,4}(?:\([^)]{2,60}\))?"
_TURN = re.compile(rf"^(?P<label>{_LABEL_NAME})\s?:\s")
_LABEL_ALONE = re.compile(rf"(?P<label>{_LABEL_NAME})\s?:")
_FEWEST_TURNS = 3


def check_title(metadata: Metadata) -> None:
    """Raises Rejected (``soft-404``) where the title or a heading of the first rank says that there is nothing here."""
    for head in (metadata.title, metadata.page_title, *metadata.headings):
        if ERROR_TITLE.fullmatch(head[:200]):
            raise Rejected(Outcome.NOT_ARTICLE, Reason.SOFT_404, head[:200])


def past_consent(lines: list[str]) -> list[str]:
    """The lines; without those that ask for consent, if these are most of them and the others contain a story.

    Raises Rejected (``cookie-wall``) if the others do not.
    """
    consent = [line for line in lines if consent_line(line)]
    if sum(map(len, consent)) * 2 <= len("\n".join(lines)) or not COOKIES.search("\n".join(lines)):
        return lines
    others = [line for line in lines if line not in consent]
    if not contains_story(others):
        raise Rejected(Outcome.ERROR, Reason.COOKIE_WALL, consent[0][:200])
    return others


def check_page(metadata: Metadata, lines: list[str], page_text: str) -> None:
    """Raises Rejected where the page is an error page (``soft-404``) or a wall before it (``bot-wall``).

    A text that contains a story is neither, whatever phrase it contains, nor is one sentence of a page that declares
    itself an article; only a title that says nothing else outweighs sentences in which nobody is quoted.
    """
    walled = WALL.search(metadata.title)
    alone = walled is not None and len(walled.group()) >= _PHRASE_ALONE * len(metadata.title)
    declared_story = metadata.declared and any(map(story_sentences, lines))
    if len("\n".join(lines)) > _SHORT or declared_story or contains_story(lines, reported=alone):
        return
    heads = [head[:200] for head in (metadata.title, *lines[:2])]
    missing = next((head for head in heads if NOT_FOUND.search(head)), None)
    if missing:
        raise Rejected(Outcome.NOT_ARTICLE, Reason.SOFT_404, missing)
    wall = walled or (len(page_text) < _SHORT and WALL.search(page_text))
    if wall:
        raise Rejected(Outcome.ERROR, Reason.BOT_WALL, wall.group()[:200])


def check_text(lines: list[str], *, closed: bool = False) -> None:
    """Raises Rejected where there is no story.

    ``no-text`` for a page of photos, a player or an empty template; ``paywall`` if the page is ``closed`` and not even
    its lead can be read; ``too-large`` beyond MAX_TEXT.
    """
    text = "".join(lines)
    if len(text) > MAX_TEXT:
        raise Rejected(Outcome.ERROR, Reason.TOO_LARGE, f"a text of {len(text):,} characters")
    count = count_letters(text, MIN_LETTERS)
    if count < MIN_LETTERS:
        raise Rejected(
            Outcome.NOT_ARTICLE,
            Reason.PAYWALL if closed else Reason.NO_TEXT,
            f"a text of {count} alphabetic characters",
        )


def story_lines(lines: list[str], source: Source | None) -> tuple[list[str], bool]:
    """The lines that are the story's, and whether there was a paywall's text among the others.

    Left out are ``drop_paragraphs`` of the source, the paywall's own words and boilerplate; labels of turns are joined
    to their words.
    """
    patterns = source.drop_paragraphs if source else ()
    lines = [line for line in lines if not any(re.fullmatch(pattern, line) for pattern in patterns)]
    own = [line for line in lines if not paywall_line(line)]
    return _with_labels(without_boilerplate(own)), len(own) < len(lines)


def flags_of(metadata: Metadata, lines: list[str], *, closed: bool) -> list[str]:
    """What a user should know of the text: ``paywall`` (a short one of a ``closed`` page), ``live``, ``transcript``."""
    flags = []
    size = sum(len(line) for line in lines)
    if size < 3000 and closed:
        flags.append("paywall")
    if metadata.live:
        flags.append("live")
    if _is_transcript(lines):
        flags.append("transcript")
    return flags


def paywall_line(line: str) -> bool:
    """Whether a paragraph is the paywall's own words, not the story's."""
    return len(line) < 300 and asks_payment(line) and not QUOTED.search(line) and not is_news_line(line)


def asks_payment(text: str) -> bool:
    """Whether a text asks its reader to subscribe or sign in to read on."""
    return PAYWALL.search(text) is not None


def consent_line(line: str) -> bool:
    """Whether a paragraph asks the reader's consent to cookies and the like."""
    asks = len(line) < 1000 and CONSENT.search(line) is not None and READER.search(line) is not None
    return asks and not QUOTED.search(line)


def _is_transcript(lines: list[str]) -> bool:
    """Whether the text is in turns: three or more paragraphs begin with a label, and one label comes back."""
    labels = Counter(match.group("label") for match in map(_TURN.match, lines) if match)
    return sum(labels.values()) >= _FEWEST_TURNS and max(labels.values()) >= 2


def _with_labels(lines: list[str]) -> list[str]:
    """The lines, each label that stands in a block of its own joined to the first words of its turn.

    Only where at least three labels stand so and one comes back: a heading that ends in a colon stays a line.
    """
    alone = [_LABEL_ALONE.fullmatch(line) is not None for line in lines]
    labels = Counter(line for line, is_label in zip(lines, alone, strict=True) if is_label)
    if labels.total() < _FEWEST_TURNS or max(labels.values()) < 2:
        return lines
    joined: list[str] = []
    for place, line in enumerate(lines):
        if place and alone[place - 1] and not alone[place]:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined
