"""Outlets in Russian texts: whoever prints, relays or is told what somebody said is not who said it."""

from __future__ import annotations

import pytest

from pipeline.config.settings import from_environment
from pipeline.config.sources import load_sources
from pipeline.quotes.languages.ru.outlet_names import named_length
from tests.unit.quoting import said

AUTHORITIES = {"duma", "government", "kremlin-en", "kremlin-ru", "mid", "mid-en", "scrf"}
"""Sources that are no news media."""
OUTLETS = {
    "an agency in capitals": ("ТАСС", "ТАСС"),
    "an agency in two words": ("РИА Новости", "РИА Новости"),
    "marks and a domain": ("«Лента.ру»", "«Ленте.ру»"),
    "a domain without marks": ("Лента.ру", "Ленте.ру"),
    "a name in Latin letters": ("Forbes", "Forbes"),
    "three words in Latin letters": ("The New York Times", "The New York Times"),
    "an unknown domain": ("Ivnyak.ru", "Ivnyak.ru"),
    "an unknown name in marks": ("«Ивняковский листок»", "«Ивняковскому листку»"),
    "an unknown name after its kind": ("портал «Ивняк сегодня»", "порталу «Ивняк сегодня»"),
    "a channel": ("телеканал ТВК", "телеканалу ТВК"),
}  # fmt: skip
FRAMES = [
    "«Мост не закроют до весны», — цитирует Зуева {0}.",
    "«Мост не закроют до весны», — цитирует {0} слова Зуева.",
    "«Мост не закроют до весны», — слова Зуева приводит {0}.",
    "«Мост не закроют до весны», — передаёт слова Зуева {0}.",
    "«Мост не закроют до весны», — сказал Зуев {1}.",
    "«Мост не закроют до весны», — сказал {1} Зуев.",
    "«Мост не закроют до весны», — сказал Зуев в интервью {1}.",
    "Зуев рассказал {1}, что мост не закроют до весны.",
    "Зуев заявил, что мост не закроют до весны, пишет {0}.",
    "Мост не закроют до весны, сообщает {0} со ссылкой на Зуева.",
    "Мост не закроют до весны, пишет {0}, ссылаясь на Зуева.",
    "Как пишет {0}, Зуев заявил, что мост не закроют до весны.",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("outlet", OUTLETS)
def test_an_outlet_beside_the_speaker_is_not_the_speaker(outlet: str, frame: str) -> None:
    text = frame.format(*OUTLETS[outlet])
    assert [(quote.strip("«»").lower(), name) for quote, name in said(text, lang="ru")] == [
        ("мост не закроют до весны", "Зуев")
    ]


QUOTED = {
    "by a word for him": ("«Мост не закроют», — передаёт слова министра Reuters.", "министр"),
    "with his title": ("«Мост не закроют», — цитирует NEWS.ru министра Антона Зуева.", "Антон Зуев"),
    "right of the outlet": ("«Мост не закроют», — цитирует телеканал «Дождь» Зуева.", "Зуев"),
    "the outlet's own editor": ("«Мост не закроют», — передаёт слова редактора Reuters.", "редактор Reuters"),
    "a king": ("«Мост не закроют», — сказал Карл II.", "Карл II"),
    "before a correspondent": ("Зуев заявил, что мост не закроют, сообщает корреспондент «Ивняка».", "Зуев"),
}  # fmt: skip


@pytest.mark.parametrize("case", QUOTED)
def test_whoever_an_outlet_quotes_speaks(case: str) -> None:
    text, speaker = QUOTED[case]
    assert [name for _, name in said(text, lang="ru")] == [speaker]


def test_an_outlet_is_no_he() -> None:
    text = "Посла Петра Зуева видели в Осло, пишет Укринформ. Он сообщил, что мост не закроют."
    assert [name for _, name in said(text, lang="ru")] == ["Пётр Зуев"]


def test_every_shipped_source_is_a_known_outlet() -> None:
    unknown = []
    for source in load_sources(from_environment(config_dir=None)).values():
        name = source.title.partition(" (")[0].removesuffix(" на русском")
        if source.id not in AUTHORITIES and named_length(name.split(), marked=True) == 0:
            unknown.append(name)
    assert unknown == []
