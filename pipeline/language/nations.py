"""Words for nations, so that ``Russian president`` and ``president of Russia`` are the same title."""

from __future__ import annotations

_WORDS = {
    "RU": "russia russian rf россия российский рф",
    "UA": "ukraine ukrainian украина украинский",
    "US": "us usa american america united-states сша американский",
    "BY": "belarus belarusian белоруссия беларусь белорусский",
    "KZ": "kazakhstan kazakh казахстан казахстанский",
    "CN": "china chinese китай китайский кнр",
    "TR": "turkey turkish türkiye турция турецкий",
    "FR": "france french франция французский",
    "DE": "germany german германия немецкий фрг",
    "GB": "britain british uk британия британский великобритания",
    "PL": "poland polish польша польский",
    "HU": "hungary hungarian венгрия венгерский",
    "SK": "slovakia slovak словакия словацкий",
    "RS": "serbia serbian сербия сербский",
    "IR": "iran iranian иран иранский",
    "IL": "israel israeli израиль израильский",
    "SY": "syria syrian сирия сирийский",
    "IN": "india indian индия индийский",
    "JP": "japan japanese япония японский",
    "GE": "georgia georgian грузия грузинский",
    "AM": "armenia armenian армения армянский",
    "AZ": "azerbaijan azerbaijani азербайджан азербайджанский",
    "UZ": "uzbekistan uzbek узбекистан узбекский",
    "KG": "kyrgyzstan kyrgyz киргизия киргизский кыргызстан",
    "TJ": "tajikistan tajik таджикистан таджикский",
    "TM": "turkmenistan turkmen туркменистан туркменский туркмения",
    "MD": "moldova moldovan молдавия молдавский молдова",
    "EE": "estonia estonian эстония эстонский",
    "LV": "latvia latvian латвия латвийский",
    "LT": "lithuania lithuanian литва литовский",
    "FI": "finland finnish финляндия финский",
    "KP": "кндр северокорейский",
    "IT": "italy italian италия итальянский",
    "ES": "spain spanish испания испанский",
    "CZ": "czech czechia чехия чешский",
    "CU": "cuba cuban куба кубинский",
    "VE": "venezuela venezuelan венесуэла венесуэльский",
    "EU": "eu european-union ес евросоюз",
}

NATION_WORDS = {word: code for code, words in _WORDS.items() for word in words.split()}
"""From a lower-case word, Russian ones in the nominative, to the nation's code (ISO 3166, ``EU``)."""
NATIONS = frozenset(_WORDS)
"""The codes of all nations that have words here."""
PLACES = frozenset(
    "moscow kiev kyiv washington brussels beijing london paris berlin ankara minsk tehran warsaw vilnius riga tallinn "
    "москв киев вашингтон брюссел пекин лондон париж берлин анкар минск тегеран варшав вильнюс риг таллин".split()
)
"""Stems of capital cities whose names stand for their governments."""
