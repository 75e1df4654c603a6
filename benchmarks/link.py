"""What linking costs as a day grows, beside MinHash: ``python -m benchmarks.link [QUOTES ...]``.

Invented news of one day (1,000, 5,000 and 20,000 quotes by default): each thing said is reported by five outlets,
whole, cut, reworded, as reported speech and beside another one. Prints CPU seconds, CPU per quote against the least,
and the peak of memory; and the same for candidates by datasketch's MinHash-LSH over shingles of three words, which is
installed into an environment of its own (``.peers``) if a package index is reachable. Each figure is of a process of
its own. Limits: 40 CPU seconds for 20,000 quotes, 1.3 times the cost of a quote at 1,000, 300 MB.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
PEER = ROOT / ".peers" / "minhash"
DAY = datetime(2026, 6, 15, tzinfo=UTC)
SPEAKERS = 300
OUTLETS = 40
_MINHASH = """
import json, resource, sys, time
from datasketch import MinHash, MinHashLSH
quotes = json.load(open(sys.argv[1]))
began = time.process_time()
index, pairs = MinHashLSH(threshold=0.5, num_perm=64), 0
for number, (speaker, words) in enumerate(quotes):
    words = words.lower().split()
    minhash = MinHash(num_perm=64)
    for at in range(max(1, len(words) - 2)):
        minhash.update(" ".join(words[at : at + 3]).encode())
    pairs += len(index.query(minhash))
    index.insert(number, minhash)
print(json.dumps([time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, pairs]))
"""


def invented_day(count: int, seed: int = 0) -> list[tuple[str, str, str]]:
    """Speaker, words and type of so many quotes, five reports of each thing said; the same for each seed."""
    dice = random.Random(20260615 + seed)
    sentences = [
        words
        for path in sorted((ROOT / "tests" / "labelled").glob("*/*.txt"))
        for sentence in re.split(
            r"(?<=[.!?])\s+|\n+", re.sub(r"⟦|⟧(?:\{[^}]*\})?", "", path.read_text(encoding="utf-8"))
        )
        if 6 <= len(words := re.findall(r"[^\W\d_]+", sentence)) <= 30
    ]
    by_script: dict[bool, list[str]] = {True: [], False: []}
    for sentence in sentences:
        by_script[sentence[0].isascii()] += sentence
    quotes: list[tuple[str, str, str]] = []
    while len(quotes) < count:
        speaker = f"speaker-{min(int(dice.paretovariate(0.6)), SPEAKERS)}"
        words = [it if dice.random() < 0.6 else dice.choice(by_script[it.isascii()]) for it in dice.choice(sentences)]
        other = [dice.choice(by_script[words[0].isascii()]) for _ in range(8)]
        reworded = [*words[:3], dice.choice(other), *words[4:]]
        quotes += [
            (speaker, " ".join(words) + ".", "direct"),
            (speaker, " ".join(words[2:]), "direct"),
            (speaker, " ".join(reworded), "direct"),
            (speaker, " ".join(words).lower(), "indirect"),
            (speaker, f"{' '.join(words)}. {' '.join(other).capitalize()}.", "direct"),
        ]
    return quotes[:count]


def cost_of_linking(count: int) -> list[float]:
    """CPU seconds, KiB at the peak and statements of linking a day."""
    from pipeline import ids
    from pipeline.records import StoredQuote
    from pipeline.statements.same_speaker import KnownSpeakers
    from pipeline.statements.segments import LinkableQuote
    from pipeline.statements.tool import find_statements

    quotes = []
    for number, (speaker, words, kind) in enumerate(invented_day(count)):
        outlet = f"article-{number // 5 // 6}-{number % OUTLETS}"
        at = DAY + timedelta(seconds=number * 86_400 // count)
        lang = "en" if words[0].isascii() else "ru"
        name = ids.quote_id(outlet, ids.normalised_words(words), number)
        quotes.append(LinkableQuote(StoredQuote(name, outlet, outlet, words, lang, kind, speaker, None, at, at)))  # type: ignore[arg-type]
    find_statements(quotes[:5], KnownSpeakers())
    began = time.process_time()
    found = find_statements(quotes, KnownSpeakers())
    spent = time.process_time() - began
    return [spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(found)]


def cost_of_minhash(count: int) -> list[float] | None:
    """The same of datasketch; None if it cannot be installed."""
    PEER.parent.mkdir(exist_ok=True)
    python = PEER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True, capture_output=True)
    if subprocess.run([python, "-c", "import datasketch"], capture_output=True).returncode:
        installed = subprocess.run([python, "-m", "pip", "install", "-q", "datasketch==1.6.5"], capture_output=True)
        if installed.returncode:
            return None
    data = PEER / "day.json"
    data.write_text(json.dumps([it[:2] for it in invented_day(count)]), encoding="utf-8")
    done = subprocess.run([python, "-c", _MINHASH, data], check=True, capture_output=True, text=True)
    return [float(it) for it in json.loads(done.stdout)]


def measured_apart(count: int) -> list[float]:
    """The cost of linking in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.link", "--one", str(count)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return [float(it) for it in json.loads(done.stdout)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("quotes", type=int, nargs="*", default=[1000, 5000, 20_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(cost_of_linking(given.one)))
        return
    print("  quotes    CPU s  ms each  ratio    MB   found   MinHash-LSH: CPU s, ms each, MB, pairs")
    base = 0.0
    for count in given.quotes:
        spent, peak, found = measured_apart(count)
        each = 1000 * spent / count
        base = base or each
        peer = cost_of_minhash(count)
        beside = (
            "not installed"
            if peer is None
            else f"{peer[0]:.1f}, {1000 * peer[0] / count:.2f}, {peer[1] / 1024:.0f}, {peer[2]:.0f}"
        )
        print(
            f"{count:8} {spent:8.1f} {each:8.2f} {each / base:6.2f} {peak / 1024:5.0f} {found:7.0f}   {beside}",
            flush=True,
        )


if __name__ == "__main__":
    main()
