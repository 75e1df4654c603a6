"""How fast the quote engine is, how its cost and memory grow, and how peers do on the same texts in the same run.

``python benchmarks/quotes.py [ARTICLES.jsonl ...]``: without files, on texts made here. Peers (textacy, sayswho) run
where they are installed beside onrecord; each that is missing is named. Every figure is CPU time of one process.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from pipeline.config.settings import SHIPPED
from pipeline.config.speakers import FILE, read_roster
from pipeline.quotes import find_quotes
from pipeline.speakers import Roster

WORDS_PER_ARTICLE = 750
ENGLISH = (
    "Harbour master Lena Fischer said on Monday that the old bridge would stay closed until the end of May.\n"
    "“We looked at every beam,” she told reporters. “Nobody will cross it before the work is done.”\n"
    "The council has met twice this year to talk about the costs, which have doubled since the storm of last autumn.\n"
    "According to deputy governor Otto Brand, the money “is there,” but the plans still have to be drawn.\n"
    "Ferries go every hour, the port said, adding that two more boats are on their way from the north.\n"
)
RUSSIAN = (
    "Начальник порта Лена Гладышева сообщила в понедельник, что старый мост будет закрыт до конца мая.\n"
    "«Мы осмотрели каждую балку, — сказала она журналистам. — Никто не пройдёт по нему до конца работ».\n"
    "Совет дважды собирался в этом году, чтобы обсудить расходы, которые удвоились после осеннего шторма.\n"
    "По словам заместителя губернатора Олега Брандова, деньги «есть», но проект ещё не готов.\n"
    "Паромы ходят каждый час, отметили в порту, добавив, что с севера идут ещё два судна.\n"
)


def shipped() -> Roster:
    """The roster that onrecord ships."""
    data = read_roster(SHIPPED / FILE)
    return Roster(data.speakers, data.offices)


def per_second(texts: list[str], read: Callable[[str], object]) -> float:
    """Articles of 750 words per CPU second."""
    words = sum(len(text.split()) for text in texts)
    start = time.process_time()
    for text in texts:
        read(text)
    return words / WORDS_PER_ARTICLE / (time.process_time() - start)


def growth(text: str, read: Callable[[str], object]) -> list[tuple[int, float]]:
    """Characters and CPU seconds for the text repeated 2 to the n times, up to a megabyte."""
    out = []
    while len(text) < 1_000_000:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            read(text)
            best = min(best, time.process_time() - start)
        out.append((len(text), best))
        text += text
    return out


def peers() -> dict[str, Callable[[str], object]]:
    """The peers that are installed, by name."""
    found: dict[str, Callable[[str], object]] = {}
    try:
        spacy = importlib.import_module("spacy")
        triples = importlib.import_module("textacy.extract.triples")
        nlp = spacy.load("en_core_web_sm")
        found["textacy"] = lambda text: list(triples.direct_quotations(nlp(text)))
    except (ImportError, OSError) as missing:
        say(f"textacy: not run ({missing})")
    try:
        sayswho = importlib.import_module("sayswho")
        found["sayswho"] = lambda text: sayswho.Attributor().attribute(text)
    except (ImportError, OSError) as missing:
        say(f"sayswho: not run ({missing})")
    return found


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")


def texts_of(files: list[str]) -> dict[str, list[str]]:
    """Texts by language, from JSON lines with ``text`` and ``lang``, or those made here."""
    if not files:
        return {"en": [ENGLISH * 8] * 200, "ru": [RUSSIAN * 9] * 200}
    by_lang: dict[str, list[str]] = {}
    for name in files:
        for line in Path(name).read_text("utf-8").splitlines():
            article = json.loads(line)
            by_lang.setdefault(article.get("lang") or "en", []).append(article["text"])
    return by_lang


def main(files: list[str]) -> None:
    """Runs everything and prints one line per figure."""
    roster = shipped()

    def engine(text: str) -> object:
        return find_quotes(text, roster=roster)

    engine(ENGLISH + RUSSIAN)
    engine(RUSSIAN)
    for lang, texts in sorted(texts_of(files).items()):
        say(f"{lang}: onrecord {per_second(texts, engine):.0f} articles of 750 words per CPU second")
        if lang == "en":
            for name, read in peers().items():
                say(f"{lang}: {name} {per_second(texts[:40], read):.1f}")
    for name, text in (("English", ENGLISH), ("Russian", RUSSIAN), ("opening marks", "“a ")):
        steps = growth(text * 64, engine)
        ratios = [later / max(earlier, 0.005) for (_, earlier), (_, later) in pairwise(steps)]
        worst = max(ratios[1:])
        say(f"growth, {name}: {steps[-1][0]} characters in {steps[-1][1]:.2f} s; t(2n)/t(n) at most {worst:.2f}")
    say(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
