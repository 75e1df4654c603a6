"""English words for nations and their capitals."""

from __future__ import annotations

from pipeline.language.lexicon import word_set

ENGLISH_NATIONS = {
    "RU": "russia russian rf",
    "UA": "ukraine ukrainian",
    "US": "us usa american america united-states",
    "BY": "belarus belarusian",
    "KZ": "kazakhstan kazakh",
    "CN": "china chinese",
    "TR": "turkey turkish türkiye",
    "FR": "france french",
    "DE": "germany german",
    "GB": "britain british uk",
    "PL": "poland polish",
    "HU": "hungary hungarian",
    "SK": "slovakia slovak",
    "RS": "serbia serbian",
    "IR": "iran iranian",
    "IL": "israel israeli",
    "SY": "syria syrian",
    "IN": "india indian",
    "JP": "japan japanese",
    "GE": "georgia georgian",
    "AM": "armenia armenian",
    "AZ": "azerbaijan azerbaijani",
    "UZ": "uzbekistan uzbek",
    "KG": "kyrgyzstan kyrgyz",
    "TJ": "tajikistan tajik",
    "TM": "turkmenistan turkmen",
    "MD": "moldova moldovan",
    "EE": "estonia estonian",
    "LV": "latvia latvian",
    "LT": "lithuania lithuanian",
    "FI": "finland finnish",
    "IT": "italy italian",
    "ES": "spain spanish",
    "CZ": "czech czechia",
    "CU": "cuba cuban",
    "VE": "venezuela venezuelan",
    "EU": "eu european-union",
}
"""From a nation's code to its name and its adjective."""
ENGLISH_CAPITALS = word_set(
    "moscow kiev kyiv washington brussels beijing london paris berlin ankara minsk tehran warsaw vilnius riga tallinn"
)
"""Stems of capital cities whose names stand for their governments."""
