"""What hostile texts cost the quote engine: for each shape the CPU seconds at a size, and by how much twice the size
costs more.

    python -m benchmarks.shapes [--size 100000] [--only PART] [--largest 1000000]

Goal: no shape costs more than 2.3 times as much for twice the length. Each size is measured in processes of its own
(``fork``, so not on Windows). Names and words are invented; the roster is the shipped one, with the people of the
labelled texts.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from pipeline import quotes
from pipeline.quotes.roster import RosterIndex
from tests.labelled.reading import labelled_roster

Shape = Callable[[int], str]
_ENGLISH = "the ministry said that talks with partners would go on after winter because nobody asked Moscow about plans"
_RUSSIAN = "министерство сообщило что переговоры продолжатся после зимы потому что никто не спросил о планах"
_NAMES = "Anna Boris Karl Dora Emil Frida Gleb Hanna Igor Jana Kirill Lena Milan Nora Oleg Petra".split()
_SURNAMES = "Adler Berg Conti Dorn Ekman Falk Gran Holt Isak Jung Kant Lind Moor Nord Orlov Palm".split()


def repeated(unit: str) -> Shape:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def wrapped(before: str, unit: str, after: str) -> Shape:
    """One unit again and again between a beginning and an end."""
    return lambda size: before + repeated(unit)(size) + after


def of_words(words: str, *, between: str = " ", before: str = "", after: str = "") -> Shape:
    """Words in random order."""

    def make(size: int) -> str:
        chosen, choice = words.split(), random.Random(5)
        picked = [choice.choice(chosen) for _ in range(size // 5)]
        return before + between.join(picked)[:size] + after

    return make


def of_people(pattern: str, *, many: bool) -> Shape:
    """A sentence for each of many people, or of a few again and again."""

    def make(size: int) -> str:
        choice, found, length = random.Random(5), [], 0
        while length < size:
            surname = choice.choice(_SURNAMES)
            if many:
                surname += "".join(choice.choice("abcdefghijklmnop") for _ in range(5))
            found.append(pattern.format(name=choice.choice(_NAMES), surname=surname, n=len(found)))
            length += len(found[-1])
        return "".join(found)[:size]

    return make


SHAPES: dict[str, Shape] = {
    # cues and names again and again, without an end
    **{
        f"repeat {unit!r}": repeated(unit)
        for unit in (
            "Damanov said ",
            "Даманов сказал, что ",
            "Даманов сказал ",
            "по словам Даманова, ",
            "как сообщил Даманов, ",
            "according to Damanov, ",
            "said ",
            "сказал ",
            "said that ",
            "что ",
            "that ",
            "that he said that ",
            "who said that ",
            "который сказал, что ",
            "adding that ",
            "добавив, что ",
            "he said, ",
            "— сказал он. — ",
            "— сказал он, — ",
            "Damanov said; ",
            "Damanov said: ",
            "Damanov said, ",
            "Даманов сказал: ",
            "Damanov said. ",
            "Даманов сказал. ",
            "Damanov and Erokhin said ",
            "Damanov ",
            "Damanov, ",
            "Damanov Erokhin ",
            "Ерохин Даманов ",
            "Dmitry Damanov ",
            "Дмитрий Даманов, ",
            "Д. Даманов ",
            "D. Damanov ",
            "D.P. ",
            "U.S. ",
            "Mr. ",
            "г. ",
            "и т.д. ",
            "No. 1 ",
            "Bank of Russia ",
            "Bank of ",
            "Kremlin spokesman ",
            "пресс-секретарь президента ",
            "the Kremlin spokesman said ",
            "spokesman for the ministry of ",
            "министр иностранных дел ",
            "russian ",
            "Russian Russian ",
            "of the ",
            "in ",
            "and ",
            "и ",
            "while ",
            "asked whether ",
            "denied that ",
            "опроверг, что ",
            "told reporters ",
            "told TASS ",
            "передает ТАСС, ",
            "his ",
            "he ",
            "он ",
            "she told him ",
            "was ",
            "to say ",
            "word ",
            "Слово ",
            "Aa ",
            "A",
            "a",
            "я",
            "1 ",
            "1",
            "1,",
            "1.",
            "a-",
            "a'",
            "’s ",
            "'",
            "''",
            "``",
            '"',
            '" ',
            '"a" ',
            '"a',
            '"A b c d," ',
            '"A b c d," Damanov said. ',
            '"A b c d," he said. ',
            "«",
            "»",
            "«а» ",
            "« ",
            "» ",
            "«а",
            "а» ",
            "«Один два три четыре», — сказал Даманов. ",
            "«Один два, — сказал Даманов. — Три четыре». ",
            "“",
            "”",
            "“a” ",
            "“a, ",
            "„",
            "‘",
            "’",
            "‘a ",
            "‘a’ ",
            "(",
            ")",
            "( ",
            "(a) ",
            "(a ",
            "[",
            "[a] ",
            "([",
            "—",
            "— ",
            " - ",
            "--",
            "…",
            "... ",
            ". ",
            ".",
            "!",
            "? ",
            "A. ",
            "a. ",
            "a.\n",
            "A.B.",
            ", ",
            ",",
            ": ",
            "a: ",
            "A: ",
            "; ",
            " ",
            "\t",
            "\u00a0",
            "\n",
            "a\n",
            "A\n",
            "\n\n ",
            "\u2028",
            "\u200b",
            "e\u0301",
            "\u0301",
            "🌬",
            "🌬 ",
            "👩‍🚀 ",
            "_",
            "/",
            "http://a.example/b ",
            "@a ",
            "# ",
            "\x00",
            "\ufffd",
            "中",
            "中 ",
            "ا",
            "Damanov: yes\n",
            "Vladimir Erokhin: yes\n",
            "В.Ерохин: да\n",
            "Вопрос: да\n",
            "Question: why?\n",
            "Damanov:\n",
            "Damanov said:\nwords of his\n",
            "«Слово\n",
            "«Слово слово слово слово.\n",
            "слово»\n",
            "— Слово, — сказал он. — Слово.\n",
            "— Слово\n",
            '"Words again"\n',
            '"Words again and again."\n',
            "He said so.\n",
            'Such steps "will not help us at all." ',
            "Asked why, he said no. ",
            "If he said yes, she said no. ",
            "It is said that it was said that ",
            "Damanov (he) said ",
            "Damanov, who said, ",
            "Damanov's ",
            "Damanov’s spokesman said ",
            'Damanov said "a" and "b" and ',
            "Damanov said «а",
            "Erokhin's spokesman Damanov said that Erokhin said ",
            "США ",
            "NATO ",
            "NATO said ",
            "МИД сообщил, ",
            "В МИД сообщили, что ",
            "в Кремле ",
            "Кремль ",
            "the Kremlin ",
            "The Kremlin. ",
        )
    },
    **{
        f"one sentence, {lang}, {how!r}": of_words(words, between=how)
        for lang, words in (("en", _ENGLISH), ("ru", _RUSSIAN))
        for how in (" ", ", ", " — ", ": ", ". ", '" "', "» «")
    },
    "one quote, en": of_words(_ENGLISH, before="“", after=",” Damanov said."),
    "one quote, ru": of_words(_RUSSIAN, before="«", after="», — сказал Даманов."),
    "one quote not closed": of_words(_ENGLISH, before="Damanov said: “"),
    "a label before all": of_words(_ENGLISH, before="Vladimir Erokhin: "),
    "a cue after all": wrapped("", "word ", "said Damanov."),
    "a cue before all": wrapped("Damanov said that ", "word ", "."),
    "brackets in brackets": lambda size: "(" * (size // 2) + ")" * (size // 2),
    "marks in marks": lambda size: "«" * (size // 2) + "»" * (size // 2),
    "openers, then closers": lambda size: "“a " * (size // 6) + "b” " * (size // 6),
    **{
        f"{'many' if many else 'few'} people {pattern!r}": of_people(pattern, many=many)
        for many in (False, True)
        for pattern in (
            "{name} {surname} said that it rains. ",
            "{surname} said. ",
            "{name} {surname} ",
            '"It rains here now," {name} {surname} said. ',
            '"It rains here now," {surname} said. "So be it." ',
            '"It rains here now," he said. {name} {surname} left. ',
            "«Идёт дождь сегодня», — сказал {name} {surname}. ",
            "«Идёт дождь сегодня», — сказал он. {name} {surname} ушёл. ",
            "{surname}: it rains.\n",
            "{name} {surname}: it rains.\n",
            "{surname}{n} ",
            "Minister {name} {surname} said: “Rain.” The minister said so. ",
            "Министр {name} {surname} сказал: «Дождь». Министр сказал так. ",
        )
    },
}


def cost(roster: RosterIndex, text: str) -> float:
    """CPU seconds of one text, the least of two measurements.

    Each is made in a process of its own, so that every size finds the same caches and none that another text filled.
    """
    context = multiprocessing.get_context("fork")
    costs = []
    for _ in range(2):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_send_cost, args=(sender, roster, text))
        process.start()
        sender.close()
        costs.append(float(receiver.recv()))
        process.join()
    return min(costs)


def _send_cost(sender: Connection, roster: RosterIndex, text: str) -> None:
    find_first(roster)  # copies the roster's memory, which is shared with the parent until it is used
    start = time.process_time()
    quotes.find_quotes(text, roster=roster)
    sender.send(time.process_time() - start)


def find_first(roster: RosterIndex) -> None:
    """Loads what the engine loads at its first text of a language."""
    for text in ("Damanov said that it rains.", "Даманов сказал, что идёт дождь."):
        quotes.find_quotes(text, roster=roster)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--worst", type=float, default=0, help="print only shapes whose ratio is above")
    arguments = parser.parse_args()
    roster = labelled_roster()
    find_first(roster)
    above = 0
    for name, shape in SHAPES.items():
        if arguments.only not in name:
            continue
        size, before = arguments.size, cost(roster, shape(arguments.size))
        while size < arguments.largest:
            size *= 2
            now = cost(roster, shape(size))
            ratio = now / max(before, 0.01)
            above += ratio > 2.3
            if ratio > arguments.worst:
                print(f"{ratio:6.2f}  {now:8.3f} s  {size:>8}  {name}", flush=True)
            before = now
    print(f"{above} of {len(SHAPES)} shapes cost more than 2.3 times as much for twice the length")


if __name__ == "__main__":
    main()
