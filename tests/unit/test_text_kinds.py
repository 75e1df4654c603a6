"""Kinds of texts by their structure, what interviews give, and set phrases that are no news."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine

from pipeline.alerts.messages import Sender
from pipeline.language.formulas import is_formula
from pipeline.quote_rules import TextKind
from pipeline.quotes import find_quotes
from pipeline.quotes.kinds import text_kind
from pipeline.quotes.tool import write_quotes
from pipeline.records import AlertChannel, Watch
from pipeline.stages.alert import new_alerts
from pipeline.stages.alert_delivery import AlertContext, AlertResult
from pipeline.store.statements.unmatched import UnmatchedStatement
from tests.unit.quoting import ROSTER, said

LONG = "The harbour board has met twice this year to talk about the costs, which have doubled since the last storm."
DASHED = """Начальник порта Лидия Гладышева ответила на вопросы редакции.

— Когда откроют старый мост?

— В мае. Мы осмотрели каждую балку.

— А паромы?

— Паромы ходят каждый час.

Они и зимой ходили.

— Кто за это платит?

— Область.

Порт основан в 1904 году."""
ASKED = """Harbour master Lena Fischer spoke to the paper in her office.

**When will the bridge open?**

In May. I have looked at every beam.

**Who told you so?**

The engineers did. One of them said: “Before the rain.”

**And the ferries?**

They go every hour; I took one this morning.

Interviewed by Otto Brand"""


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TextKind.NEWS, f"Lena Fischer said the bridge would stay closed.\n{LONG}\n{LONG}"),
        (TextKind.INTERVIEW, DASHED),
        (TextKind.INTERVIEW, ASKED),
        (TextKind.INTERVIEW, "Lena Fischer met us.\nQ: When?\nA: In May. I know.\nQ: Who says so?\nA: The board."),
        (TextKind.INTERVIEW, "Мы встретились в порту.\nВ.: Когда?\nО.: В мае.\nВ.: Кто решил?\nО.: Совет."),
        (TextKind.TRANSCRIPT, "Question: When?\nLena Fischer: In May.\nQuestion: Thank you."),
        (TextKind.TRANSCRIPT, "В.Зуев: Добрый день!\nНачнём.\nЛ.Гладышева: Мост откроем в мае."),
        (TextKind.LIVE_BLOG, f"10:05\n{LONG}\n09:40\n{LONG}\n09:00\n{LONG}"),
        (TextKind.LIVE_BLOG, f"3:15 p.m. {LONG}\n2:10 p.m. {LONG}\n1:05 p.m. {LONG}"),
        (TextKind.DIGEST, f"• Bridge. {LONG}\n• Ferry. {LONG}\n• Fog. {LONG}"),
        (TextKind.DIGEST, f"Bridge stays closed\n{LONG}\nFerries go on\n{LONG}\nFog lifts at last\n{LONG}"),
        (
            TextKind.OPINION,
            f"I have walked over that bridge for years. {LONG}\nIt is, I think, a good bridge, and I will miss it.",
        ),
    ],
)
def test_the_structure_tells_the_kind(kind: TextKind, text: str) -> None:
    assert text_kind(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        f"“I have seen it,” Lena Fischer said. “My office is there, and I live in it.”\n{LONG}\n“I know,” she said.",
        f"Начало работ в 10:00, конец в 18:00.\n{LONG}\n{LONG}",
        "— Не записываете? — спросила Фишер.\n— Нет, — ответил Брандов.\n— А зачем? — сказала она.\n" + LONG,
        f"What is a ribbon house? It is a shop that sells ribbons.\n{LONG}\nWho pays? The customers do.\n{LONG}",
    ],
)
def test_news_stays_news(text: str) -> None:
    assert text_kind(text) is TextKind.NEWS


def test_the_one_whom_an_interview_introduces_answers() -> None:
    assert said(DASHED, lang="ru") == [
        ("В мае. Мы осмотрели каждую балку.", "Лидия Гладышева"),
        ("Паромы ходят каждый час.", "Лидия Гладышева"),
        ("Они и зимой ходили.", "Лидия Гладышева"),
        ("Область.", "Лидия Гладышева"),
    ]
    answers = said(ASKED, lang="en")
    assert [name for _, name in answers] == ["Lena Fischer"] * 3
    assert answers[1][0].endswith("“Before the rain.”")


def test_of_several_people_whom_an_interview_introduces_the_headline_chooses() -> None:
    both = ASKED.replace("spoke to the paper", "and pilot Otto Brand spoke to the paper")
    assert {name for _, name in said(both, lang="en")} == {None}
    assert {name for _, name in said(both, lang="en", title="Fischer: I looked at every beam")} == {"Lena Fischer"}


def test_who_writes_an_opinion_says_nothing_of_his_own() -> None:
    text = "Kremlin spokesman Dmitry Damanov resigned. I believe he was right, and I said so.\nI was there, and I know."
    assert text_kind(text) is TextKind.OPINION
    assert {quote.speaker_name for quote in find_quotes(text, roster=ROSTER, lang="en")} <= {None}


def test_a_given_kind_is_kept() -> None:
    out = io.StringIO()
    lines = [{"text": ASKED}, {"text": ASKED, "kind": "news"}, {"text": ASKED, "kind": "essay"}]
    write_quotes(io.StringIO("\n".join(map(json.dumps, lines))), out, io.StringIO(), roster=ROSTER)
    printed = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["kind"] for one in printed] == ["interview", "news", "essay"]
    assert len(printed[1]["quotes"]) < len(printed[0]["quotes"]) == len(printed[2]["quotes"])


@pytest.mark.parametrize(
    "text",
    ["“No comment,”", "Без комментариев.", "«Да»", "Да.", "Thank you.", "Спасибо!", "Yes.", "мы исходим из того, что",
     "Добрый день, коллеги!", "Good afternoon, ladies and gentlemen.", "Комментариев не будет"],
)  # fmt: skip
def test_set_phrases(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize(
    "text",
    ["No comment has been received from the port", "Да, мост закрыт.", "Thank you for closing the bridge.", "Война.",
     "Мы исходим из того, что мост закрыт", "Resign!", ""],
)  # fmt: skip
def test_words_that_say_something_are_no_set_phrases(text: str) -> None:
    assert not is_formula(text)


def test_quotes_are_marked_as_set_phrases() -> None:
    text = "“No comment,” Lena Fischer said. “The bridge is closed,” she added."
    assert [quote.formula for quote in find_quotes(text, roster=ROSTER, lang="en")] == [True, False]


def test_no_alert_is_raised_for_a_set_phrase() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    watch = Watch("w", "A watch", "reader@example.org", speakers=("mira-holt",), words=("comment",))
    statements = [
        UnmatchedStatement(name, "s", ("mira-holt",), (words,), at, at, formula=formula)
        for name, words, formula in (("a", "No comment", True), ("b", "I commented", False))
    ]
    unused = create_engine("postgresql+psycopg://")
    context = AlertContext(unused, "run", at, {"w": watch}, Sender(), AlertChannel.EMAIL, AlertResult())
    assert [one.statement_id for one in new_alerts(context, statements, {"w": at})] == ["b"]
