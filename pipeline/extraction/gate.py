"""Is this an article at all? What is refused, what is flagged, and which paragraphs are never the story's."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.errors import Rejected
from pipeline.extraction.blocks import letters
from pipeline.extraction.metadata import Metadata
from pipeline.records import Outcome

MIN_LETTERS = 60
"""Of a story. The shortest real one in the evaluation material has 150; error pages leave 20 to 50."""
MAX_TEXT = 2_000_000
"""Characters of a story. A four-hour press conference has 250,000; what has more is no text anybody wrote."""
_SHORT = 1500


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_NOT_FOUND = _any(
    r"\b(?:page|article|story|content|file|url|document)\b.{0,30}\b(?:not found|does(?: not|n['’]t) exist)",
    r"\b(?:page|article|story|content|file|url|document)\b.{0,30}\bno longer (?:exists|available)",
    r"\b(?:page|article|story|document)\b.{0,30}\b(?:can ?not|can['’]t|could not) be found",
    r"\b(?:page|article|story|document)\b.{0,30}\bhas been (?:removed|deleted)",
    r"\b(?:error|http)\s*40[34]\b",
    r"^\W*40[34]\W*$",
    r"\b404 (?:error|not found)",
    r"\bnot found\W*$",
    r"страниц\w*.{0,40}\bне (?:найден|существует|доступн)",
    r"\b(?:материал|документ|статья|запись)\w*.{0,20}\b(?:не найден|удал[её]н|не существует)",
    r"\bошибка 40[34]\b",
    r"\bтакой страницы\b.{0,20}\bнет\b",
    r"\bничего не найдено\b",
    r"seite (?:wurde )?nicht gefunden",
    r"page introuvable",
    r"página no encontrada",
    r"pagina non trovata",
    r"сторінк\w* не (?:знайден|існує)",
)
_WALL = _any(
    r"just a moment\.\.\.",
    r"checking (?:your|if the site) (?:browser|connection)",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"enable javascript and cookies",
    r"please enable (?:javascript|cookies)",
    r"attention required! \| cloudflare",
    r"access (?:to this page has been )?denied",
    r"are you a robot",
    r"ddos[- ]guard",
    r"unusual (?:traffic|activity) from your",
    r"before you continue to",
    r"подтвердите, что (?:вы не робот|запросы)",
    r"проверка (?:вашего )?браузера",
    r"доступ (?:к сайту )?(?:ограничен|запрещ[её]н)",
    r"вы не робот",
    r"введите символы с картинки",
)
_PAYWALL = _any(
    r"(?:subscribe|sign up|register|log ?in|become a (?:member|subscriber)).{0,40}\bto (?:continue|keep) reading",
    r"(?:subscribe|sign up|register|log ?in).{0,40}\b(?:to read (?:the full|this|more)|for full access|to unlock)",
    r"(?:this|the full) (?:article|story|content) is (?:only )?(?:for|available to|reserved for) (?:\w+ )?subscribers",
    r"already a subscriber\?",
    r"(?:доступ\w*|открыт\w*) (?:\w+ )?(?:только )?(?:\w+ )?(?:для )?подписчик",
    r"(?:оформите|купите) подписку",
    r"(?:читать|продолжение|полный текст).{0,30}\bпо подписке",
    r"exklusiv für abonnenten",
    r"réservé aux abonnés",
)
_TURN = re.compile(r"^(?P<label>(?:[A-ZА-ЯЁ][\w.’'-]*\s?){1,4}(?:\([^)]{2,60}\))?)\s?:\s")


def check_page(metadata: Metadata, lines: list[str], page_text: str) -> None:
    """Rejected where the page is an error page (``soft-404``) or a wall before the page (``bot-wall``)."""
    body = "\n".join(lines)
    if len(body) > _SHORT:
        return
    heads = [metadata.title, *lines[:2]]
    if any(head and _NOT_FOUND.search(head[:200]) for head in heads):
        raise Rejected(
            Outcome.NOT_ARTICLE, "soft-404", next(h for h in heads if h and _NOT_FOUND.search(h[:200]))[:200]
        )
    wall = _WALL.search(metadata.title) or (len(page_text) < _SHORT and _WALL.search(page_text))
    if wall:
        raise Rejected(Outcome.ERROR, "bot-wall", wall.group()[:200])


def check_text(lines: list[str]) -> None:
    """Rejected where there is no story (``no-text``): a page of photos, a player, an empty template.

    Rejected(ERROR, ``too-large``) beyond MAX_TEXT.
    """
    text = "".join(lines)
    if len(text) > MAX_TEXT:
        raise Rejected(Outcome.ERROR, "too-large", f"a text of {len(text):,} characters")
    count = letters(text, MIN_LETTERS)
    if count < MIN_LETTERS:
        raise Rejected(Outcome.NOT_ARTICLE, "no-text", f"{count} letters")


def check_links(kept: list[str], found: list[str]) -> None:
    """Rejected (``link-list``) where most of what was found are links: a section page, a list of headlines."""
    total = sum(map(len, found))
    linked = total - sum(map(len, kept))
    if linked * 100 > total * 60:
        raise Rejected(Outcome.NOT_ARTICLE, "link-list", f"{linked} of {total} characters are links to other pages")


def flags_of(metadata: Metadata, lines: list[str], page_text: str) -> list[str]:
    """What a user should know of the text: ``paywall``, ``live``, ``transcript``."""
    flags = []
    size = sum(len(line) for line in lines)
    if size < 3000 and (not metadata.free or _PAYWALL.search(page_text)):
        flags.append("paywall")
    if metadata.live:
        flags.append("live")
    if is_transcript(lines):
        flags.append("transcript")
    return flags


def is_transcript(lines: list[str]) -> bool:
    """Whether the text is in turns: three or more paragraphs begin with a label, and one label comes back."""
    labels = Counter(match.group("label") for match in map(_TURN.match, lines) if match)
    return sum(labels.values()) >= 3 and max(labels.values()) >= 2


def paywall_line(line: str) -> bool:
    """Whether a paragraph is the paywall's own words, not the story's."""
    return len(line) < 300 and _PAYWALL.search(line) is not None
