"""Whom a pronoun means where somebody else was named or spoke before."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

AFTER_ANOTHER = {
    "somebody brought up by the sentence before": (
        "“The road is open,” Damanov said.\n\nThe choir was led by Lidia Kondakova, a guest from afar.\n\n"
        "“I sang all night,” she said.",
        "Lidia Kondakova",
    ),
    "nobody's gender is known": (
        "“The road is open,” Damanov said.\n\nThe market was opened by Robin Vale, a baker from the town.\n\n"
        "“I sold every loaf,” he said.",
        None,
    ),
    "an unnamed speaker of the paragraph before": (
        "“The road is open,” Damanov said.\n\nOne trader at a small bank said it was closed.\n\n“It is late,” he said.",
        "One trader at a small bank",
    ),
    "whom the sentence speaks of": (
        "“The road is open,” Robin Vale said. Of Parker he said: “He likes the road.”",
        "Robin Vale",
    ),
    "a first name with an age": (
        "“The road is open,” Damanov said.\n\nNikita, 22, came from the town.\n\n“I saw the road,” he said.",
        "Nikita",
    ),
    "a woman's given name in between": (
        "Astrid Vale spoke. “The road is open,” Walter Reed said.\n\n“I saw the road,” she said.",
        "Astrid Vale",
    ),
    "the last speaker is only an owner": (
        "“The road is open,” Damanov said.\n\nEarlier, a baker, Robin Vale, praised Damanov's plan for the market.\n\n"
        "“I sold every loaf,” he said.",
        "Robin Vale",
    ),
    "the last speaker is spoken of": (
        "“The road is open,” Damanov said.\n\nRobin Vale, a baker, thanked Damanov for it.\n\n“I saw it,” he said.",
        "Robin Vale",
    ),
    "a pronoun goes on": (
        "“The road is open,” Damanov said.\n\nHe met Ned Harlen in the hall.\n\n“I like the hall,” he said.",
        "Dmitry Damanov",
    ),
    "somebody else stands in the speaker's own sentence": (
        "The old farmer did give Parker some credit, saying that it was due, but he said the bread was cold.",
        "old farmer",
    ),
    "whose spokesman the sentence is about": (
        "Harlen spokeswoman Lidia Kondakova faulted Parker for the delay. “Nice try,” she said in a note.",
        "Lidia Kondakova",
    ),
    "whose aide the sentence is about": (
        "“The road is open,” Harlen said.\n\n"
        "Erokhin aide Dmitry Damanov faulted the press. “Nice try,” he said in a note.",
        "Dmitry Damanov",
    ),
    "a name that only describes a noun": (
        "“I sang all night,” Lidia Kondakova said.\nA baker and Anna Vale supporter opened the hall at noon.\n"
        "“I like the hall,” she said.",
        "Lidia Kondakova",
    ),
    "a name with a hyphen before it": (
        "“I baked it,” Robin Vale said.\nAsked of the anti-Parker song, the baker smiled.\n“I like it,” he said.",
        "Robin Vale",
    ),
    "whom somebody avoids naming": (
        "“I baked it,” Robin Vale told Otto.\nInstead, while avoiding mentioning Parker, he said the oven is cold.",
        "Robin Vale",
    ),
    "whose condition it is": (
        "“I baked it,” Robin Vale said.\nIf Parker does not come, he said he would sell the bread.",
        "Robin Vale",
    ),
    "whose condition it is, but nobody spoke before": (
        "If Parker does not come, he said he would sell the bread.",
        "Harold Parker",
    ),
    "the subject after a phrase that names another": (
        "“I saw it,” Parker said.\nIt was cold. As reported by Oven Weekly, the ANB baker and drummer Robin “Chip” "
        "Vale found it dull. He noted that it was cold.",
        "Robin Vale",
    ),
    "the subject after words of time": (
        "Damanov baked it.\nEight years later, Erokhin brings the bread to the barn.\n“I like the barn,” he said.",
        "Vadim Erokhin",
    ),
    "whose help it is after words of place": (
        "Damanov baked it.\nIn the barn, the bakers liked Erokhin's bread.\n“I like the barn,” he said.",
        "Dmitry Damanov",
    ),
    "the subject after a clause on what is another's": (
        "Although it was far from the last loaf of singer Anna Vale's oven, Mayor Lidia Kondakova took the step of "
        "saying that nobody would blame Vale.\n“I was cold,” she said.",
        "Lidia Kondakova",
    ),
    "whom somebody asks": ("The guard asked Damanov: “Is it open?” “Yes, it is open,” he said.", "Dmitry Damanov"),
}


@pytest.mark.parametrize("case", AFTER_ANOTHER)
def test_a_pronoun_means_whom_the_text_is_about(case: str) -> None:
    text, speaker = AFTER_ANOTHER[case]
    assert said(text, lang="en")[-1][1] == speaker


def test_a_quote_takes_no_speaker_from_the_next_paragraph_if_its_own_tells_of_another() -> None:
    text = "Robin Vale came to the square at noon. “It is our land and we stay.”\n“We will see,” Damanov said."
    assert [name for _, name in said(text, lang="en")] == [None, "Dmitry Damanov"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Parker's spokesman arrived. “The road is open,” he said.", "en"),
        ("Reporters called Parker's former deputy. “The road is open,” he said.", "en"),
        ("The news came from a lawyer of Parker. “The road is open,” he said.", "en"),
        ("The spokesman for Parker arrived. “The road is open,” he said.", "en"),
        ("Parker's driver arrived. “The road is open,” he said.", "en"),
        ("Представитель Паркера вышел к прессе. «Дорога открыта», — сказал он.", "ru"),
        ("Газета позвонила заместителю Паркера. «Дорога открыта», — сказал он.", "ru"),
        ("В зал вошёл помощник Паркера. «Дорога открыта», — сказал он.", "ru"),
        ("Слово дали брату Паркера. «Дорога открыта», — сказал он.", "ru"),
    ],
)
def test_a_pronoun_is_not_whose_deputy_or_brother_spoke(text: str, lang: str) -> None:
    assert [who for _, who in said(text, lang=lang)] == [None]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Parker's plan pleased the press. “The road is open,” he said.", "en"),
        ("The friend met Parker. “The road is open,” he said.", "en"),
        ("Вопрос задали президенту Паркеру. «Дорога открыта», — сказал он.", "ru"),
        ("Газета позвонила помощнику. Потом Паркер вышел к ней. «Дорога открыта», — сказал он.", "ru"),
    ],
)
def test_a_pronoun_may_mean_whose_plan_it_is(text: str, lang: str) -> None:
    assert [who for _, who in said(text, lang=lang)] == ["Harold Parker" if lang == "en" else "Гарольд Паркер"]
