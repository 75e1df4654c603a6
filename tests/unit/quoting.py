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
        "id": "vladimir-putin",
        "gender": "m",
        "en": "Vladimir Putin",
        "ru": "Владимир Путин",
        "offices": [{"office": "russia-president", "from": "2012-05-07"}],
    },
    {
        "id": "dmitry-peskov",
        "gender": "m",
        "en": "Dmitry Peskov",
        "ru": "Дмитрий Песков",
        "offices": [{"office": "kremlin-spokesman", "from": "2012-05-22"}],
    },
    {"id": "maria-zakharova", "gender": "f", "en": "Maria Zakharova", "ru": "Мария Захарова"},
    {
        "id": "donald-trump",
        "gender": "m",
        "en": "Donald Trump",
        "ru": "Дональд Трамп",
        "offices": [
            {"office": "us-president", "from": "2017-01-20", "to": "2021-01-19"},
            {"office": "us-president", "from": "2025-01-20"},
        ],
    },
    {
        "id": "joe-biden",
        "gender": "m",
        "en": "Joe Biden",
        "ru": "Джо Байден",
        "offices": [{"office": "us-president", "from": "2021-01-20", "to": "2025-01-19"}],
    },
    {
        "id": "volodymyr-zelensky",
        "gender": "m",
        "en": "Volodymyr Zelensky",
        "ru": "Владимир Зеленский",
        "names": {"en": ["Vladimir Zelensky"]},
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
