"""What error pages, walls and paywalls say, in the languages of the sources."""

from __future__ import annotations

import re

_LONG = 600
_AROUND = 200
"""Characters on either side of a hint that are searched in a long text; no phrase is longer."""


class Phrases:
    """Patterns, each of which holds one of some cheap hints in lower case: most texts are cleared by those alone."""

    def __init__(self, hints: str, *patterns: str) -> None:
        self._hints = tuple(hints.split("|"))
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        """A place where one of the patterns matches."""
        lowered = text.lower()
        hints = [hint for hint in self._hints if hint in lowered]
        if len(text) <= _LONG or not hints:
            return self._pattern.search(text) if hints else None
        for hint in hints:
            at = lowered.find(hint)
            while at >= 0:
                found = self._pattern.search(text, max(0, at - _AROUND), at + _AROUND)
                if found:
                    return found
                at = lowered.find(hint, at + _AROUND // 2)
        return None


NOT_FOUND = Phrases(
    "found|exist|longer|removed|deleted|40|найден|существ|доступн|удал|нет|gefunden|introuvable|"
    "encontrada|trovata|знайден|існує",
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
ERROR_TITLE = re.compile(
    rf"\W*(?:(?:oops|sorry|error|ошибка)\W+)?(?:{'|'.join(_NOTHING_HERE)})\W*(?:\s[|•·–—-]\s.{{0,60}})?", re.IGNORECASE
)
WALL = Phrases(
    "moment|checking|verify|enable|attention|denied|robot|ddos|unusual|before you|подтвердите|проверка|"
    "ограничен|запрещ|заблокирован|робот|символы",
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
    r"доступ (?:к .{0,40})?(?:ограничен|запрещ[её]н|заблокирован)",
    r"вы не робот",
    r"введите символы с картинки",
)
PAYWALL = Phrases(
    "subscri|sign up|register|log in|login|member|continue reading|keep reading|подпис|войдите|"
    "зарегистрируйтесь|авторизуйтесь|abonn",
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
CONSENT = Phrases(
    "cookie|privacy|your consent|your choice|your device|partners|accept|reject|manage |куки|персональн|"
    "конфиденциальн|datenschutz",
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
COOKIES = Phrases(
    "cookie|we value|partners|куки",
    r"\bcookies?\b",
    r"\bwe value your privacy\b",
    r"\bour (?:\d+ )?partners\b",
    r"\bкуки\b",
)
READER = re.compile(r"\b(?:we|our|us|you|your|мы|наш\w*|вы|вас|ваш\w*|wir|unsere?|sie|nous|vos)\b", re.IGNORECASE)
"""A page that asks for consent speaks to its reader; a report on such pages does not."""
