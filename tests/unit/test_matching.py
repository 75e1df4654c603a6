"""Watches: a speaker or a phrase, in any word form of English and Russian."""

from __future__ import annotations

import pytest

from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.records import Passage, Watch


def watch(*phrases: str, speakers: tuple[str, ...] = (), name: str = "w") -> Watch:
    return Watch(name, "A watch", "reader@example.org", speakers=speakers, words=phrases)


def meets(phrase: str, text: str) -> bool:
    return bool(WatchMatcher([watch(phrase)]).matching_watches(WatchCandidate((), (text,))))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("peace talks", "We are ready for Peace Talks at any time"),
        ("peace talk", "the peace talks failed"),
        ("strike", "Overnight they struck the port, and will be striking again"),
        ("strikes", "one more strike"),
        ("withdraw", "troops withdrew"),
        ("supply", "the supplies were stopped"),
        ("stop", "it was stopped"),
        ("sanction", "sanctions\u2019 effect; sanctioned goods"),
        ("man", "two men came"),
        ("Erokhin", "Erokhin's plan"),
        ("перемирие", "Речь о перемирии не идёт"),
        ("мирные переговоры", "к мирным переговорам мы готовы"),
        ("день", "через несколько дней"),
        ("люди", "один человек"),
        ("идти", "мы шли долго"),
        ("все ещё", "всё еще впереди"),
        ("Даманов", "словам Даманова верят"),
        ("НАТО", "расширение НАТО"),
        ("Starlink", "терминалы Starlink отключены"),
        ("мобилизация", "о мобили\u00adзации\u200b речи нет"),
        ("мобилизация", "о мoбилизaции речи нет"),
        ("Kerch", "the Кerch bridge"),
        ("10-day truce", "a 10-day truce was offered"),
        ('"10-day truce"', "a 10-day truce was offered"),
        ("peace talks", "talks about peace"),
        ("truce or ceasefire", "the cease-fire holds"),
        ("defence", "the Defense Ministry"),
        ("F-16", "two F16s"),
        ("США", "в США"),
        ("МИД", "в МИДе сказали"),
        ("ребёнок", "о детях"),
    ],
)
def test_a_phrase_matches_in_any_form(phrase: str, text: str) -> None:
    assert meets(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ('"peace talks"', "talks about peace"),
        ('"peace talks"', "peace and talks"),
        ("peace talks", "talks about war"),
        ("peace -talks", "talks about peace"),
        ("talk", "talkative"),
        ("king", "kin"),
        ("war", "warning"),
        ("сталь", "они стали другими"),
        ("мир", "мирный план"),
        ('"мирные переговоры"', "переговоры о мирном плане"),
        ("Даманов", "в зыбучих песков"),
        ("песок", "Даманов ответил"),
        ("СВО", "свой дом"),
        ("US", "tell us"),
        ("oil", "soil"),
        ("bus", "but"),
        ("...", "anything at all"),
    ],
)
def test_a_phrase_does_not_match_other_words(phrase: str, text: str) -> None:
    assert not meets(phrase, text)


def test_any_speaker_or_any_phrase_is_enough_and_neither_is_none() -> None:
    candidate = WatchCandidate(("mira-holt",), ("The harbour stays open", "harbour open"))
    by_speaker = watch(speakers=("other", "mira-holt"), name="speaker")
    by_words = watch("ice", "harbour", name="words")
    neither = watch("ice", speakers=("other",), name="neither")
    assert [one.id for one in WatchMatcher([by_speaker, neither, by_words]).matching_watches(candidate)] == [
        "speaker",
        "words",
    ]


def test_the_words_of_any_report_count() -> None:
    assert WatchMatcher([watch("until spring")]).matching_watches(WatchCandidate((), ("open", "open until spring")))


def test_without_watches_nothing_is_met() -> None:
    assert WatchMatcher([]).matching_watches(WatchCandidate(("mira-holt",), ("words",))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Коллеги, ещё два вопроса.",
        "Спасибо! Следующий вопрос, пожалуйста.",
        "Добрый день, уважаемые дамы и господа!",
        "Thank you very much. One more question, please.",
        "Good afternoon, ladies and gentlemen. Let’s begin.",
    ],
)
def test_courtesies_meet_no_watch_of_their_speaker(text: str) -> None:
    courtesy = WatchCandidate(("mira-holt",), (text,))
    assert WatchMatcher([watch("harbour", speakers=("mira-holt",))]).matching_watches(courtesy) == []


def test_a_courtesy_is_found_by_its_words_as_in_a_search() -> None:
    courtesy = WatchCandidate(("mira-holt",), ("Следующий вопрос, пожалуйста.",))
    assert [one.id for one in WatchMatcher([watch("вопросы")]).matching_watches(courtesy)] == ["w"]


@pytest.mark.parametrize(
    "text", ["Нет.", "Вопрос закрыт.", "Давайте начнём переговоры.", "The question is settled.", "No more talks."]
)
def test_short_answers_are_no_courtesies(text: str) -> None:
    assert WatchMatcher([watch(speakers=("mira-holt",))]).matching_watches(WatchCandidate(("mira-holt",), (text,)))


def test_words_that_only_a_whole_quote_has_match_the_statement_with_which_it_begins() -> None:
    sentences = ("The harbour stays open.", "Ferries are free.")
    passage = Passage(" ".join(sentences), sentences)
    first, second = (WatchCandidate((), (sentence,), passages) for sentence, passages in zip(
        sentences, [(passage,), ()], strict=True))  # fmt: skip
    both, one = watch("harbour ferries"), watch("ferries")
    assert WatchMatcher([both]).matching_watches(first) == [both]
    assert WatchMatcher([both]).matching_watches(second) == []
    assert WatchMatcher([one]).matching_watches(first) == []
    assert WatchMatcher([one]).matching_watches(second) == [one]
