"""Recognise courtesies such as ``Colleagues, the last question.``, which are no news and raise no alert."""

from __future__ import annotations

from pipeline.language.normalise import folded_words

_COURTESIES = frozenset(
    """
    коллеги друзья уважаемые дорогие дамы господа товарищи последний первый второй третий следующий еще один два вопрос
    вопроса вопросы вопросов вопросам спасибо большое огромное благодарю пожалуйста прошу вас вам ваш ваши добрый доброе
    доброго день вечер утро дня вечера утра здравствуйте приветствую всем всех до свидания встречи хорошего давайте
    начнем продолжим продолжаем закончим заканчиваем перейдем к за и у на с меня мы я это все минуту секунду внимание
    участие интерес микрофон слушаю

    colleagues friends dear ladies gentlemen everyone everybody all you your the a an last first second third next final
    one two more another question questions thank thanks very much many please go ahead good morning afternoon evening
    day night hello hi goodbye bye welcome let us let's begin start continue move on to and for
    sir madam
    """.split()
)
"""Words in the form in which :func:`pipeline.language.normalise.folded_words` gives them."""
_LONGEST = 12


def is_courtesy(text: str) -> bool:
    """Whether a short text contains only words of greeting, thanks and moderation."""
    said = folded_words(text)
    return 0 < len(said) <= _LONGEST and all(word in _COURTESIES for word in said)
