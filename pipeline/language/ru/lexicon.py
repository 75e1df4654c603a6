"""Russian words by which texts are taken apart."""

from __future__ import annotations

from pipeline.language.lexicon import Lexicon, word_set

RUSSIAN_WORDS = Lexicon(
    abbreviations=word_set("г гг т е д п др им ул млн млрд тыс руб см стр проф акад ген род"),
    sentence_openers=word_set(
        "Он Она Они Это Этот По На В Но А И Об Как Однако Кроме При Также Ранее Между Согласно Если"
    ),
    clause_joints=word_set("а и но"),
    joins=word_set("и"),
    that=word_set("что"),
    also=word_set("также тоже"),
    name_links=word_set("и всея фон де ван аль бен"),
    empty_words=word_set("и в на по г г-н господин республика республики"),
    same_stem={"президентск": "президент"},
    presidents=word_set("президент"),
    heads=word_set("глава"),
    leaders=word_set("лидер глав"),
    chiefs=word_set("президент министр губернатор мэр премьер посол директор"),
    state_titles=word_set("президент премьер премьер-министр государства"),
    staff=word_set("пресс-секретарь помощник советник"),
    former=word_set("бывший бывшая бывшего бывшему экс-президент экс-премьер экс-министр экс-глава покойный"),
    diplomacy=word_set("мид"),
    ministry_beginnings=("мин",),
    press_beginnings=("пресс",),
    articles=frozenset(),
    relations=frozenset(),
    quantities=frozenset(),
    singular_endings=(),
    contrast=frozenset(),
    contracted=frozenset(),
    dotted_titles=frozenset(),
    number_signs=frozenset(),
    claims=(
        "коммент",
        "прокоммент",
        "заявлени",
        "высказывани",
        r"слов[аоу]\b",
        "ответил на",
        "на вопрос",
        "отвечая",
        "утверждени",
    ),
    courtesies=word_set(
        "коллеги друзья уважаемые дорогие дамы господа товарищи последний первый второй третий следующий еще один два "
        "вопрос вопроса вопросы вопросов вопросам спасибо большое огромное благодарю пожалуйста прошу вас вам ваш "
        "ваши добрый доброе доброго день вечер утро дня вечера утра здравствуйте приветствую всем всех до свидания "
        "встречи хорошего давайте начнем продолжим продолжаем закончим заканчиваем перейдем к за и у на с меня мы я "
        "это все минуту секунду внимание участие интерес микрофон слушаю"
    ),
)
