"""A small roster and short ways to ask for the quotes of a text."""

from __future__ import annotations

from datetime import date

from pipeline.config.speakers import RosterConfig as RosterData
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex

_OFFICES = [
    {
        "id": "russia-president",
        "en": ["Russian president", "president of Russia", "Russian leader"],
        "ru": ["президент России", "российский президент"],
        "country": "RU",
    },
    {"id": "us-president", "en": ["US president", "American leader"], "ru": ["президент США"], "country": "US"},
    {
        "id": "kremlin-spokesman",
        "en": ["Kremlin spokesman", "Russian presidential spokesman"],
        "ru": ["пресс-секретарь президента России", "пресс-секретарь Кремля"],
        "country": "RU",
    },
]
_SPEAKERS = [
    {
        "id": "vadim-erokhin",
        "gender": "m",
        "en": "Vadim Erokhin",
        "ru": "Вадим Ерохин",
        "offices": [{"office": "russia-president", "from": "2012-05-07"}],
    },
    {
        "id": "dmitry-damanov",
        "gender": "m",
        "en": "Dmitry Damanov",
        "ru": "Дмитрий Даманов",
        "offices": [{"office": "kremlin-spokesman", "from": "2012-05-22"}],
    },
    {"id": "lidia-kondakova", "gender": "f", "en": "Lidia Kondakova", "ru": "Лидия Кондакова"},
    {
        "id": "harold-parker",
        "gender": "m",
        "en": "Harold Parker",
        "ru": "Гарольд Паркер",
        "offices": [
            {"office": "us-president", "from": "2017-01-20", "to": "2021-01-19"},
            {"office": "us-president", "from": "2025-01-20"},
        ],
    },
    {
        "id": "ned-harlen",
        "gender": "m",
        "en": "Ned Harlen",
        "ru": "Джо Харлен",
        "offices": [{"office": "us-president", "from": "2021-01-20", "to": "2025-01-19"}],
    },
    {
        "id": "vadym-marynsky",
        "gender": "m",
        "en": "Vadym Marynsky",
        "ru": "Вадим Маринский",
        "names": {"en": ["Vadim Marynsky"]},
    },
    {
        "id": "russia-defense-ministry",
        "kind": "body",
        "en": "Russian Defense Ministry",
        "ru": "Министерство обороны России",
        "names": {"ru": ["Минобороны России", "Минобороны"]},
    },
    {"id": "kremlin", "kind": "body", "en": "Kremlin", "ru": "Кремль"},
]
_DATA = RosterData.model_validate({"offices": _OFFICES, "speakers": _SPEAKERS})
ROSTER = RosterIndex(_DATA.speakers, _DATA.offices)


def said(
    text: str,
    *,
    lang: str | None = None,
    day: date | None = None,
    title: str | None = None,
    as_of_today: bool = True,
) -> list[tuple[str, str | None]]:
    """The words of each quote and the name of who said them."""
    quotes = find_quotes(text, roster=ROSTER, lang=lang, day=day, title=title, as_of_today=as_of_today)
    return [(text[quote.start : quote.end], quote.speaker_name) for quote in quotes]
