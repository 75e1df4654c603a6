"""Two languages in one article: each passage is read in its own."""

from __future__ import annotations

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER, said


def test_an_english_paragraph_in_a_russian_article_is_read_as_english() -> None:
    text = (
        "Даманов сообщил, что мост откроют в мае. Дорога закрыта до июня, движение по ней прекращено.\n"
        '"It will open in May," Lidia Kondakova said.'
    )
    assert said(text) == [
        ("мост откроют в мае", "Дмитрий Даманов"),
        ('"It will open in May,"', "Lidia Kondakova"),
    ]


def test_a_russian_paragraph_in_an_english_article_is_read_as_russian() -> None:
    text = (
        "Lidia Kondakova said the road was closed until June and that nobody could tell when it would open.\n"
        "«Мост откроют в мае», — сказал Даманов."
    )
    assert said(text)[-1] == ("«Мост откроют в мае»", "Дмитрий Даманов")


def test_foreign_words_in_marks_belong_to_whom_the_sentence_names() -> None:
    text = "Мост откроют в мае, сообщил Даманов.\n«We will not go there», — сказал он."
    quotes = find_quotes(text, roster=ROSTER)
    assert [(quote.lang, quote.speaker_id) for quote in quotes] == [("ru", "dmitry-damanov"), ("en", "dmitry-damanov")]
