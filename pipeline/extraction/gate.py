"""Is this an article at all? Error pages, walls before the page, empty texts; and what is flagged."""

from __future__ import annotations

import re

from pipeline.config.source import Source
from pipeline.errors import Rejected
from pipeline.extraction.blocks import letters
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.sieve import QUOTED
from pipeline.extraction.turns import is_transcript, with_labels
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
_NOTHING_HERE = (
    r"40[34]|(?:error|ошибка) 40[34]|40[34] (?:error|ошибка)",
    r"(?:40[34]\W+)?(?:the |this |that )?(?:page|article|story|document)(?: you (?:requested|are looking for))?"
    r" ?(?:was |is |could |can|does )?(?: ?not|n['’]t)(?: be)? (?:found|available|exist)",
    r"(?:40[34]\W+)?(?:not found|forbidden|nothing (?:was )?found(?: here)?)",
    r"(?:40[34]\W+)?(?:запрашиваемая |эта |такая )?страница не (?:найдена|существует)",
    r"(?:материал|документ|статья) (?:не найдена?|удал[её]на?)|ничего не найдено",
    r"(?:40[34]\W+)?(?:seite nicht gefunden|page introuvable|página no encontrada)",
)
_ERROR_TITLE = re.compile(
    rf"\W*(?:(?:oops|sorry|error|ошибка)\W+)?(?:{'|'.join(_NOTHING_HERE)})\W*(?:\s[|•·–—-]\s.{{0,60}})?", re.IGNORECASE
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
    r"\b(?:continue|keep) reading (?:with|for) .{0,40}(?:subscription|trial)",
    r"доступ\w* .{0,30}по подписке",
    r"(?:войдите|зарегистрируйтесь|авторизуйтесь).{0,40}чтобы (?:читать|прочитать|продолжить|дочитать)",
    r"(?:доступ\w*|открыт\w*) (?:\w+ )?(?:только )?(?:\w+ )?(?:для )?подписчик",
    r"(?:оформите|купите) подписку",
    r"(?:читать|продолжение|полный текст).{0,30}\bпо подписке",
    r"exklusiv für abonnenten",
    r"réservé aux abonnés",
)
_CONSENT = _any(
    r"\bcookies?\b",
    r"\bprivacy (?:policy|settings|choices|notice)\b",
    r"\bwe value your privacy\b",
    r"\byour (?:consent|choices?|device)\b",
    r"\b(?:our|\d+) partners\b",
    r"\b(?:accept|reject|manage) (?:all|options|preferences)\b",
    r"файл\w* cookie|\bкуки\b",
    r"персональн\w+ данн",
    r"политик\w+ конфиденциальности",
    r"datenschutz|\bcookies akzeptieren\b",
)
_COOKIES = _any(r"\bcookies?\b", r"\bwe value your privacy\b", r"\bour (?:\d+ )?partners\b", r"\bкуки\b")
_READER = re.compile(r"\b(?:we|our|us|you|your|мы|наш\w*|вы|вас|ваш\w*|wir|unsere?|sie|nous|vos)\b", re.IGNORECASE)
"""A page that asks for consent speaks to its reader; a report on such pages does not."""


def check_title(metadata: Metadata) -> None:
    """Rejected (``soft-404``) where the title or a heading of the first rank says that there is nothing here."""
    for head in (metadata.title, metadata.page_title, *metadata.headings):
        if _ERROR_TITLE.fullmatch(head[:200]):
            raise Rejected(Outcome.NOT_ARTICLE, "soft-404", head[:200])


def check_page(metadata: Metadata, lines: list[str], page_text: str) -> None:
    """Rejected where the page is an error page (``soft-404``) or a wall before it (``bot-wall``, ``cookie-wall``)."""
    body = "\n".join(lines)
    consent = [line for line in lines if consent_line(line)]
    if sum(map(len, consent)) * 2 > len(body) and _COOKIES.search(body):
        raise Rejected(Outcome.ERROR, "cookie-wall", consent[0][:200])
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


def check_text(lines: list[str], *, closed: bool = False) -> None:
    """Rejected where there is no story: ``no-text`` for a page of photos, a player, an empty template, ``paywall`` if
    the page is ``closed`` and not even its lead can be read, ``too-large`` beyond MAX_TEXT.
    """
    text = "".join(lines)
    if len(text) > MAX_TEXT:
        raise Rejected(Outcome.ERROR, "too-large", f"a text of {len(text):,} characters")
    count = letters(text, MIN_LETTERS)
    if count < MIN_LETTERS:
        raise Rejected(Outcome.NOT_ARTICLE, "paywall" if closed else "no-text", f"{count} letters")


def story_lines(lines: list[str], source: Source | None) -> tuple[list[str], bool]:
    """The lines that are the story's, and whether a paywall spoke among the others.

    Out go what the source names as not its story's and the paywall's own words; labels of turns join their words.
    """
    patterns = source.drop_paragraphs if source else ()
    lines = [line for line in lines if not any(re.fullmatch(pattern, line) for pattern in patterns)]
    own = [line for line in lines if not paywall_line(line)]
    return with_labels(own), len(own) < len(lines)


def flags_of(metadata: Metadata, lines: list[str], page_text: str) -> list[str]:
    """What a user should know of the text: ``paywall``, ``live``, ``transcript``."""
    flags = []
    size = sum(len(line) for line in lines)
    if size < 3000 and (not metadata.free or asks_payment(page_text)):
        flags.append("paywall")
    if metadata.live:
        flags.append("live")
    if is_transcript(lines):
        flags.append("transcript")
    return flags


def paywall_line(line: str) -> bool:
    """Whether a paragraph is the paywall's own words, not the story's."""
    return len(line) < 300 and asks_payment(line) and not QUOTED.search(line)


def asks_payment(text: str) -> bool:
    """Whether a text asks its reader to subscribe or sign in to read on."""
    return _PAYWALL.search(text) is not None


def consent_line(line: str) -> bool:
    """Whether a paragraph asks the reader's consent to cookies and the like."""
    asks = len(line) < 1000 and _CONSENT.search(line) is not None and _READER.search(line) is not None
    return asks and not QUOTED.search(line)
