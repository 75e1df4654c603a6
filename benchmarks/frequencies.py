"""Counts of sentences by stem, from our own invented texts: ``python -m benchmarks.frequencies``.

Writes ``pipeline/language/LANG/frequencies.txt``, by which linking weighs words. The texts are those of
``tests/labelled`` and of the demo's newsroom; the store is never asked, so that a weight is the same
everywhere and for ever.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.language.normalise import folded_words
from pipeline.language.wording import wording_of

ROOT = Path(__file__).parents[1]
_MARKS = re.compile(r"⟦|⟧(?:\{[^}]*\})?")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_HEAD = re.compile(r"\A.*?^---$", re.DOTALL | re.MULTILINE)


def sentences() -> Iterator[str]:
    """The sentences of all our texts, without marks and heads."""
    folders = (ROOT / "tests" / "labelled", ROOT / "pipeline" / "demo" / "newsroom" / "stories")
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in (".txt", ".md")):
        if path.name != "README.md":
            text = _HEAD.sub("", path.read_text(encoding="utf-8"))
            yield from filter(None, _SENTENCE.split(_MARKS.sub("", text)))


def write_counts() -> None:
    """Writes the table of each language: stems of two sentences or more, the commonest first."""
    counts = {"en": Counter[str](), "ru": Counter[str]()}
    total = Counter[str]()
    for sentence in sentences():
        lang = "ru" if _CYRILLIC.search(sentence) else "en"
        total[lang] += 1
        stem = wording_of(lang).stem_of
        counts[lang].update({stem(word) for word in folded_words(sentence) if not word[0].isdigit()})
    for lang, counted in counts.items():
        lines = [
            f"{stem} {count}" for stem, count in sorted(counted.items(), key=lambda it: (-it[1], it[0])) if count > 1
        ]
        path = ROOT / "pipeline" / "language" / lang / "frequencies.txt"
        path.write_text(f"sentences {total[lang]}\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_counts()
