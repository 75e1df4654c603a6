"""Words are shown with the sentences around them."""

from __future__ import annotations

import pytest

from pipeline.language.sentences import sentences_after, sentences_before


@pytest.mark.parametrize(
    ("text", "cut", "shown"),
    [
        ("One. Two. He said ", False, "Two. He said "),
        ("Раз. «Два!» Он сказал: ", True, "«Два!» Он сказал: "),
        ("st of it. He said ", True, "He said "),
        ("First of it. He said ", False, "First of it. He said "),
        ("no end of it ", True, "no end of it "),
        ("Headline\nLead. He said ", False, "Lead. He said "),
        ("", False, ""),
    ],
)
def test_the_sentence_before_is_shown_as_far_as_it_is_whole(text: str, cut: bool, shown: str) -> None:
    assert sentences_before(text, cut=cut) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (", he said. Then he left. It rained.", ", he said. Then he left."),
        (" today! Нет, завтра… И так далее. Всё.", " today! Нет, завтра…"),
        (", he sa", ", he sa"),
        (". One. Two.", ". One."),
        ("", ""),
    ],
)
def test_the_sentence_after_ends_the_context(text: str, shown: str) -> None:
    assert sentences_after(text) == shown
