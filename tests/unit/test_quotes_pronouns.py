"""Whom a pronoun means where somebody else was named or spoke before."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

AFTER_ANOTHER = {
    "somebody brought up by the sentence before": (
        "“The road is open,” Peskov said.\n\nThe choir was led by Maria Zakharova, a guest from afar.\n\n"
        "“I sang all night,” she said.",
        "Maria Zakharova",
    ),
    "nobody's gender is known": (
        "“The road is open,” Peskov said.\n\nThe market was opened by Robin Vale, a baker from the town.\n\n"
        "“I sold every loaf,” he said.",
        None,
    ),
    "the last speaker is only an owner": (
        "“The road is open,” Peskov said.\n\nEarlier, a baker, Robin Vale, praised Peskov's plan for the market.\n\n"
        "“I sold every loaf,” he said.",
        "Robin Vale",
    ),
    "the last speaker is spoken of": (
        "“The road is open,” Peskov said.\n\nRobin Vale, a baker, thanked Peskov for it.\n\n“I saw it,” he said.",
        "Robin Vale",
    ),
    "a pronoun goes on": (
        "“The road is open,” Peskov said.\n\nHe met Joe Biden in the hall.\n\n“I like the hall,” he said.",
        "Dmitry Peskov",
    ),
    "somebody else stands in the speaker's own sentence": (
        "The old farmer did give Trump some credit, saying that it was due, but he said the bread was cold.",
        "old farmer",
    ),
    "whose spokesman the sentence is about": (
        "Biden spokeswoman Maria Zakharova faulted Trump for the delay. “Nice try,” she said in a note.",
        "Maria Zakharova",
    ),
    "whose aide the sentence is about": (
        "“The road is open,” Biden said.\n\nPutin aide Dmitry Peskov faulted the press. “Nice try,” he said in a note.",
        "Dmitry Peskov",
    ),
    "a name that only describes a noun": (
        "“I sang all night,” Maria Zakharova said.\nA baker and Anna Vale supporter opened the hall at noon.\n"
        "“I like the hall,” she said.",
        "Maria Zakharova",
    ),
    "a name with a hyphen before it": (
        "“I baked it,” Robin Vale said.\nAsked of the anti-Trump song, the baker smiled.\n“I like it,” he said.",
        "Robin Vale",
    ),
    "whom somebody avoids naming": (
        "“I baked it,” Robin Vale told Otto.\nInstead, while avoiding mentioning Trump, he said the oven is cold.",
        "Robin Vale",
    ),
    "whose condition it is": (
        "“I baked it,” Robin Vale said.\nIf Trump does not come, he said he would sell the bread.",
        "Robin Vale",
    ),
    "whose condition it is, but nobody spoke before": (
        "If Trump does not come, he said he would sell the bread.",
        "Donald Trump",
    ),
    "the subject after a phrase that names another": (
        "“I saw it,” Trump said.\nIt was cold. As reported by Oven Weekly, the ANB baker and drummer Robin “Chip” "
        "Vale found it dull. He noted that it was cold.",
        "Robin Vale",
    ),
    "the subject after words of time": (
        "Peskov baked it.\nEight years later, Putin brings the bread to the barn.\n“I like the barn,” he said.",
        "Vladimir Putin",
    ),
    "whose help it is after words of place": (
        "Peskov baked it.\nIn the barn, the bakers liked Putin's bread.\n“I like the barn,” he said.",
        "Dmitry Peskov",
    ),
    "whom somebody asks": ("The guard asked Peskov: “Is it open?” “Yes, it is open,” he said.", "Dmitry Peskov"),
}


@pytest.mark.parametrize("case", AFTER_ANOTHER)
def test_a_pronoun_means_whom_the_text_is_about(case: str) -> None:
    text, speaker = AFTER_ANOTHER[case]
    assert said(text, lang="en")[-1][1] == speaker


def test_a_quote_takes_no_speaker_from_the_next_paragraph_if_its_own_tells_of_another() -> None:
    text = "Robin Vale came to the square at noon. “It is our land and we stay.”\n“We will see,” Peskov said."
    assert [name for _, name in said(text, lang="en")] == [None, "Dmitry Peskov"]
