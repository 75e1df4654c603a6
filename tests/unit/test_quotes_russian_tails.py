"""Where Russian reports end: what else the speaker did, what followed and who printed it are no part of them."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said


def spans(text: str) -> list[str]:
    return [words for words, _ in said(text, lang="ru")]


@pytest.mark.parametrize(
    "tail",
    [
        "но подробностей не раскрыла",
        "что вызвало споры среди рыбаков",
        "в ответ на вопрос, почему причал закрыт",
        "а потом ушла с причала",
        "комментируя жалобу рыбаков",
        "после чего рыбаков попросили разойтись",
        "чем удивила рыбаков",
        "однако назвать сроки отказалась",
        "когда её спросили о причале",
    ],
)
@pytest.mark.parametrize("words", ["«Паром пойдёт в срок», —", "Паром пойдёт в срок,"])
def test_what_follows_the_attribution_is_no_second_statement(words: str, tail: str) -> None:
    assert [one.strip("«»") for one in spans(f"{words} сказала Вера Тушина, {tail}.")] == ["Паром пойдёт в срок"]


@pytest.mark.parametrize("tail", ["хотя паром уже неделю стоит на ремонте", "и рыбаки засмеялись"])
def test_plain_words_after_words_in_marks_are_no_second_statement(tail: str) -> None:
    assert spans(f"«Паром пойдёт в срок», — сказала Вера Тушина, {tail}.") == ["«Паром пойдёт в срок»"]


@pytest.mark.parametrize(
    "tail",
    [
        ", передаёт ТАСС",
        ", при этом обвинив подрядчика в жадности",
        ", после чего покинула совещание",
        ", выступая перед рыбаками",
        ", не уточнив, какого месяца",
        ", и покинула совещание",
        ", но от подробностей воздержалась",
        ", чем удивила рыбаков",
        ", о чём написала в своём блоге",
        ", тем самым опровергнув слухи",
        ", а через неделю паром сел на мель",
        ", говорится на сайте порта",
        " в ответ на вопрос рыбака",
        ", но не стала пояснять его слов о причале",
        ", заодно раскритиковав подрядчика",
        ", но на причале это опровергают",
        ", сама она в этом не участвует",
        " (цитата по «Интерфаксу»)",
        ", в интервью газете «Заря»",
        ", тогда как раньше говорила об осени",
        ", сроки она не уточнила",
    ],
)
@pytest.mark.parametrize("words", ["паром пойдёт в срок", "«паром пойдёт точно в срок»"])
def test_a_report_ends_where_the_speaker_is_the_subject_again(words: str, tail: str) -> None:
    assert spans(f"Вера Тушина заявила, что {words}{tail}.") == [words]


@pytest.mark.parametrize(
    "words",
    [
        "паром починят и что причал откроют в срок",
        "паром починят, а причал откроют в срок",
        "паром починят, после чего на нём сменят флаг",
        "подрядчица взяла деньги и покинула порт",
        "подрядчица взяла деньги, но работу не начала",
        "рыбаки выступили против, назвав проект дорогим",
        "подрядчик начал ремонт, не дождавшись проекта",
        "соседи закрыли гавань, что ударило по торговле",
        "подрядчик уволился, а новый ещё не вышел на работу",
        "возглавив союз «Рыбак», сам он останется в порту",
        "на причале собрались рыбаки, выступая против стройки",
        "порт «увеличил выручку на треть», а в мае его расширят",
    ],
)
def test_what_somebody_in_the_report_did_is_reported(words: str) -> None:
    assert spans(f"Вера Тушина заявила, что {words}.") == [words]


def test_a_second_verb_without_a_comma_begins_a_report_of_its_own() -> None:
    text = "Вера Тушина напомнила, что уже внесла проект о причале и подчеркнула, что порт намерен его принять."
    assert spans(text) == ["уже внесла проект о причале", "порт намерен его принять"]


def test_a_report_may_begin_with_who_else_says_so() -> None:
    text = "Вера Тушина отметила, что, как писали газеты, паром ходит без опозданий."
    assert said(text, lang="ru") == [("как писали газеты, паром ходит без опозданий", "Вера Тушина")]


def test_a_relative_pronoun_before_a_source_is_no_report() -> None:
    text = "Намечена церемония, которая, согласно задумке хозяев, покажет единство. Паром ждут."
    assert spans(text) == []


def test_words_in_a_dialogue_go_on_behind_what_the_speaker_did() -> None:
    text = "— Паром стоит, — сказала Вера Тушина, подавая чай. — Ждём запчасти."
    assert spans(text) == ["Паром стоит,", "Ждём запчасти."]
