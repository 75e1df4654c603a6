"""Quotation marks that do not pair: shared, lost or made for another place."""

from __future__ import annotations

import pytest

from pipeline.quotes.text.marks import marked_regions
from tests.unit.quoting import said

CASES = {
    "one mark closes both": ("«Пройдёт продажа завода «Север», — сказал Рыбин.", ["«Пройдёт продажа завода «Север»"]),
    "one mark closes both, other kind": ('"Мы купили завод «Север», — сказал он.', ['"Мы купили завод «Север»']),
    "one mark closes both, straight": (
        'Там слышат "речи и обещания "формулы", а видят "нежелание". "Это обман", — сказал он.',
        ['"речи и обещания "формулы"', '"нежелание"', '"Это обман"'],
    ),
    "two inside": ("«Мы читаем «Остров» и «Реку», — сказал он.", ["«Мы читаем «Остров» и «Реку»"]),
    "English": (
        '"We bought the plant "North", Rybin said. "We wait," he added.',
        ['"We bought the plant "North"', '"We wait,"'],
    ),
    "the end closes both": ("Он сказал: «Мы купили завод «Север».", ["«Мы купили завод «Север»"]),
    "a first closing mark is lost": (
        '"We wait, he said. "They come," he added. "All is well."',
        ['"They come,"', '"All is well."'],
    ),
    "an opening mark closes": ("He said “we wait“ and left. “We hope“, he added.", ["“we wait“", "“We hope“"]),
    "pairs in pairs stay": (
        "«Он назвал это „ложью“ и «обманом» сразу», — сказал он.",
        ["«Он назвал это „ложью“ и «обманом» сразу»"],
    ),
}
OPEN = (
    "“We bought the “North” plant, which is old",
    "«Мы купили завод «Север», который стоял без дела",
    '"They left. “Go away,” he told me. And I left',
)


@pytest.mark.parametrize("name", CASES)
def test_marks_are_paired(name: str) -> None:
    text, pairs = CASES[name]
    assert [text[region.start : region.end] for region in marked_regions(text, 0, len(text))] == pairs


@pytest.mark.parametrize("text", OPEN)
def test_words_that_the_next_paragraph_continues_stay_open(text: str) -> None:
    (region,) = marked_regions(text, 0, len(text))
    assert (region.end, region.closed) == (len(text), False)


def test_a_shared_closing_mark_keeps_the_next_sentence_out() -> None:
    text = "«Пройдёт продажа завода «Север», — сказал Глеб Рыбин. Завод стоит с мая."
    assert said(text, lang="ru") == [("«Пройдёт продажа завода «Север»", "Глеб Рыбин")]
