"""The fixed phrases of the e-mails, in each language."""

from __future__ import annotations

ENGLISH = {
    "unknown": "Unknown speaker",
    "open": "“",
    "close": "”",
    "said": "said",
    "indirect": "Reported speech: the words are the publication's, not the speaker's own.",
    "doubt": "We are not sure who said this, or where the words end (confidence {0}). Look at the source first.",
    "first": "First published",
    "seen": "First seen",
    "context": "In context",
    "sources": "Where it was published",
    "undated": "no date given",
    "more": "and {0} more",
    "record": "On the record",
    "why": "You receive this e-mail because of the watch “{0}”, entry {1} in watches.yaml.",
    "stop": "To stop it, reply with the word STOP, or take the entry out of watches.yaml.",
    "many": "{0} new statements: {1}",
    "summary": "More than {0} new statements matched this watch at once, so here they are in one e-mail.",
}

RUSSIAN = {
    "unknown": "Автор слов неизвестен",
    "open": "«",
    "close": "»",
    "said": "сказано",
    "indirect": "Косвенная речь: слова принадлежат изданию, а не самому говорящему.",
    "doubt": "Мы не уверены, чьи это слова и где они кончаются (уверенность {0}). Сначала загляните в источник.",
    "first": "Впервые опубликовано",
    "seen": "Впервые замечено",
    "context": "В тексте",
    "sources": "Где опубликовано",
    "undated": "дата не указана",
    "more": "и ещё {0}",
    "record": "Запись в базе",
    "why": "Вы получили это письмо по подписке «{0}», запись {1} в файле watches.yaml.",
    "stop": "Чтобы писем больше не было, ответьте словом STOP или уберите запись из watches.yaml.",
    "many": "Новых высказываний: {0}. {1}",
    "summary": "По этой подписке сразу набралось больше {0} новых высказываний, поэтому они собраны в одно письмо.",
}


def email_phrases(lang: str) -> dict[str, str]:
    """The phrases of a language; English if there are none."""
    return RUSSIAN if lang == "ru" else ENGLISH
