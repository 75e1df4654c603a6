"""What is on the beat: a name or a term at the top of the article; a bare country is not enough."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from pipeline.config.beat import Beat, load_beat, read_beat
from pipeline.config.settings import Settings, from_environment
from pipeline.config.speaker import RosterConfig
from pipeline.errors import ConfigError
from pipeline.extraction.relevance import BeatMatcher, beat_names, judge_relevance, possible_name_forms
from pipeline.records import Article

BEAT = Beat.model_validate(
    {
        "countries": ["RU"],
        "words": {
            "en": {
                "terms": ["Kremlin", "State Duma", "Russian ambassador*"],
                "country": ["Russia", "Russian"],
                "affairs": ["sanction*"],
            },
            "ru": {"terms": ["Кремл*", "МИД РФ"], "country": ["Росси*"], "affairs": ["санкци*"]},
        },
    }
)
NAMES = ["Pyotr Sidorov", "Пётр Сидоров", "Мария Волконская", "Министерство обороны"]
MATCHER = BeatMatcher(BEAT, NAMES)


def article(title: str = "", text: str = "", lang: str = "") -> Article:
    cyrillic = re.search("[а-я]", title + text) is not None
    return Article(url="https://a.example/1", title=title, text=text, lang=lang or ("ru" if cyrillic else "en"))


@pytest.mark.parametrize(
    ("title", "because"),
    [
        ("Kremlin responds", "term: Kremlin"),
        ("The State Duma votes", "term: State Duma"),
        ("Two Russian ambassadors recalled", "term: Russian ambassador*"),
        ("PYOTR SIDOROV SPEAKS", "name: Pyotr Sidorov"),
        ("Pyotr Sidorov's visit", "name: Pyotr Sidorov"),
        ("Встреча с Петром Сидоровым", "name: Пётр Сидоров"),
        ("Слова Марии Волконской", "name: Мария Волконская"),
        ("В министерстве обороны ответили", ""),
        ("В Министерстве обороны ответили", "name: Министерство обороны"),
        ("Ответ из Кремля", "term: Кремл*"),
        ("В МИД РФ ответили", "term: МИД РФ"),
        ("New sanctions against Russia", "country and affairs: Russia, sanction*"),
        ("Новые санкции против России", "country and affairs: Росси*, санкци*"),
    ],
)
def test_a_name_a_term_or_the_country_with_an_affair_is_enough(title: str, because: str) -> None:
    assert MATCHER.judge(article(title)) == (bool(because), because)


@pytest.mark.parametrize(
    "title",
    [
        "Russia wins at hockey", "Weather in Russia this week", "Sanctions against Sudan lifted",
        "the kremlin of a garden", "Sidorov scores twice", "Погода в России", "Сидоров забил дважды", "",
    ],
)  # fmt: skip
def test_a_bare_country_or_half_a_name_is_not_enough(title: str) -> None:
    assert MATCHER.judge(article(title)) == (False, "")


def test_country_and_affair_must_stand_close_together() -> None:
    apart = "Russia " + "and many other words " * 5 + "sanctions"
    assert not MATCHER.judge(article(apart)).relevant
    assert not MATCHER.judge(article(text="It rained in Russia.\nSanctions elsewhere.")).relevant


def test_country_and_affair_count_in_their_own_language_and_names_in_any() -> None:
    assert not MATCHER.judge(article("New sanctions against Russia", lang="de")).relevant
    assert MATCHER.judge(article("Pyotr Sidorov antwortet", lang="de")).relevant


def test_only_the_title_and_the_first_three_paragraphs_count() -> None:
    assert MATCHER.judge(article(text="One.\nTwo.\nThe Kremlin.\nFour.")).relevant
    assert not MATCHER.judge(article(text="One.\nTwo.\nThree.\nThe Kremlin.")).relevant


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("сидоров", ["сидорова", "сидорову", "сидоровым", "сидорове"]),
        ("волконская", ["волконской", "волконскую"]),
        ("волконский", ["волконского", "волконскому", "волконским", "волконском"]),
        ("сергей", ["сергея", "сергею", "сергеем", "сергее"]),
        ("мария", ["марии", "марию", "марией"]),
        ("игорь", ["игоря", "игорю", "игорем", "игоре"]),
        ("министерство", ["министерства", "министерству", "министерством", "министерстве"]),
        ("никита", ["никиты", "никите", "никиту", "никитой"]),
        ("шойгу", ["шойгу"]),
    ],
)
def test_russian_names_are_known_in_every_case(name: str, forms: list[str]) -> None:
    assert {name, *forms} <= possible_name_forms(name)


def test_speakers_of_other_countries_are_not_the_beat() -> None:
    roster = RosterConfig.model_validate(
        {
            "offices": [{"id": "ru-x", "en": ["clerk"], "ru": ["писарь"], "country": "RU"}],
            "speakers": [
                {"id": "a-b", "gender": "m", "en": "A Bee", "ru": "А Бе", "country": "US"},
                {"id": "c-d", "gender": "f", "en": "C Dee", "ru": "Ц Де", "offices": [{"office": "ru-x"}]},
                {"id": "e-f", "gender": "f", "en": "E Eff", "ru": "Е Эф"},
            ],
        }
    )
    assert beat_names(roster, BEAT) == ["C Dee", "Ц Де", "E Eff", "Е Эф"]


def test_one_judgement_alone_is_the_same() -> None:
    assert judge_relevance(article("Kremlin responds"), terms=BEAT, roster_names=NAMES).relevant


def test_a_roster_of_thousands_costs_no_more_than_milliseconds() -> None:
    many = BeatMatcher(BEAT, [f"Имя{n} Фамильев{n}" for n in range(5000)])
    long = article("Title", "\n".join(["Слова о разном и обо всём. " * 40] * 3))
    start = time.process_time()
    for _ in range(20):
        many.judge(long)
    assert (time.process_time() - start) / 20 < 0.02


def test_the_shipped_beat_is_sound_and_can_be_replaced(tmp_path: Path) -> None:
    shipped = load_beat(from_environment(home=tmp_path))
    assert {"en", "ru"} <= set(shipped.words)
    (tmp_path / "beat.yaml").write_text("countries: [FR]\nwords: {en: {terms: [Elysee]}}\n", encoding="utf-8")
    own = Settings(tmp_path, config_dir=tmp_path)
    assert load_beat(own).countries == ("FR",)


@pytest.mark.parametrize(
    ("text", "message"),
    [("words: {en: {terms: ['a*b']}}", "beat.yaml:1: words.en.terms.0: a * stands only"), ("countries: []", "words")],
)
def test_a_broken_beat_names_file_and_field(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "beat.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message.replace("*", r"\*")):
        read_beat(path)
