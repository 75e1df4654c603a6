"""Words for nations, as stems, so that ``Russian president`` and ``president of Russia`` are the same title."""

from __future__ import annotations

_WORDS = {
    "RU": "russia russian россия росси российск рф rf",
    "UA": "ukraine ukrainian украин украинск",
    "US": "us usa american america united-states сша американск",
    "BY": "belarus belarusian белорусси беларус белорусск",
    "KZ": "kazakhstan kazakh казахстан казахстанск",
    "CN": "china chinese китайск кита китай кнр",
    "TR": "turkey turkish türkiye турци турецк",
    "FR": "france french франци французск",
    "DE": "germany german германи немецк фрг",
    "GB": "britain british uk британи британск великобритани",
    "PL": "poland polish польш польск",
    "HU": "hungary hungarian венгри венгерск",
    "SK": "slovakia slovak словаки словацк",
    "RS": "serbia serbian серби сербск",
    "IR": "iran iranian иран иранск",
    "IL": "israel israeli израил израильск",
    "SY": "syria syrian сири сирийск",
    "IN": "india indian инди индийск",
    "JP": "japan japanese япони японск",
    "GE": "georgia georgian грузи грузинск",
    "AM": "armenia armenian армени армянск",
    "AZ": "azerbaijan azerbaijani азербайджан азербайджанск",
    "UZ": "uzbekistan uzbek узбекистан узбекск",
    "KG": "kyrgyzstan kyrgyz киргизи киргизск",
    "TJ": "tajikistan tajik таджикистан таджикск",
    "MD": "moldova moldovan молдавск молдави молдов",
    "EE": "estonia estonian эстони эстонск",
    "LV": "latvia latvian латви латвийск",
    "LT": "lithuania lithuanian литв литовск",
    "FI": "finland finnish финлянди финск",
    "KP": "кндр северокорейск",
    "EU": "eu european-union ес евросоюз",
}

NATION_STEMS = {word: code for code, words in _WORDS.items() for word in words.split()}
"""From a stem, or a lower-case English word, to the code of the nation."""
NATIONS = frozenset(NATION_STEMS.values())
"""The codes."""
PLACES = frozenset(
    "moscow kiev kyiv washington brussels beijing london paris berlin ankara minsk tehran warsaw vilnius riga tallinn "
    "москв киев вашингтон брюссел пекин лондон париж берлин анкар минск тегеран варшав вильнюс риг таллин".split()
)
"""Stems of capitals that stand for their governments."""
