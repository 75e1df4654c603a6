"""How well statements are told apart and joined, on the labelled texts: ``python -m benchmarks.statements``.

Prints the tables of ``docs/statements.md``: pairs by kind and half (rules are fitted to the ``tune`` half only), and
briefings as several outlets print them. ``--errors`` lists the pairs of the ``tune`` half that are wrong.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator

from pipeline.statements.sentence_vectors import installed_encoder
from tests.labelled_statements.reading import (
    Counts,
    Pair,
    are_joined,
    counts_of,
    labelled_briefings,
    labelled_pairs,
    labelled_translations,
    translation_counts,
)

HALVES = ("tune", "measure")


def main(arguments: list[str]) -> None:
    """Measures and prints."""
    parser = ArgumentParser(
        prog="python -m benchmarks.statements", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--errors", action="store_true", help="list the pairs of the tune half that are wrong")
    given = parser.parse_args(arguments)
    answers = [(pair, are_joined(pair)) for pair in labelled_pairs()]
    for line in (*table_of_pairs(answers), "", *table_of_briefings(), "", *table_of_translations()):
        sys.stdout.write(f"{line}\n")
    for pair, joined in answers if given.errors else ():
        if pair.half == "tune" and joined != pair.same:
            texts = " / ".join(article["text"] for article in pair.articles)
            sys.stdout.write(f"{pair.id} {pair.kind} {'missed' if pair.same else 'joined'}: {texts}\n")


def table_of_pairs(answers: list[tuple[Pair, bool]]) -> Iterator[str]:
    """Rows of precision and recall, then of each kind: how many pairs of each half are answered rightly."""
    counts = Counter((pair.half, pair.kind, pair.same, joined == pair.same) for pair, joined in answers)
    yield "| pairs | tune | measure |"
    yield "|---|---|---|"
    for name, fails in (("precision", False), ("recall", True)):
        shares = []
        for half in HALVES:
            found = sum(pair.half == half and pair.same and joined for pair, joined in answers)
            wrong = sum(pair.half == half and pair.same == fails and pair.same != joined for pair, joined in answers)
            shares.append(f"{found / (found + wrong):.3f}")
        yield f"| {name} | {' | '.join(shares)} |"
    for kind, same in sorted({(kind, same) for _, kind, same, _ in counts}, key=lambda it: (not it[1], it[0])):
        cells = [f"{counts[half, kind, same, True]}/{_all(counts, half, kind, same)}" for half in HALVES]
        yield f"| {kind}, {'joined' if same else 'apart'} | {' | '.join(cells)} |"


def _all(counts: Counter[tuple[str, str, bool, bool]], half: str, kind: str, same: bool) -> int:
    return counts[half, kind, same, True] + counts[half, kind, same, False]


def table_of_briefings() -> Iterator[str]:
    """A row for each briefing and half: of the pairs that say the same those joined, and of the joined those right."""
    yield "| briefing | half | joined of the same | right of the joined |"
    yield "|---|---|---|---|"
    sums = dict.fromkeys(HALVES, Counts())
    for briefing in labelled_briefings():
        counts = counts_of(briefing)
        sums[briefing.half] += counts
        yield _row(briefing.name, briefing.half, counts)
    for half, counts in sums.items():
        yield _row("all", half, counts)


def table_of_translations() -> Iterator[str]:
    """A row for each way to link translations and half."""
    yield "| translations | half | linked of the same | right of the linked |"
    yield "|---|---|---|---|"
    for name, encode in (("sentence vectors", installed_encoder()), ("numbers and names only", None)):
        if name == "sentence vectors" and encode is None:
            continue
        for half in HALVES:
            events = [translation_counts(one, encode) for one in labelled_translations() if one.half == half]
            yield _row(name, half, sum(events, Counts()))


def _row(name: str, half: str, counts: Counts) -> str:
    shares = [f"{counts.both}/{of} = {counts.both / max(of, 1):.2f}" for of in (counts.same, counts.joined)]
    return f"| {name} | {half} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main(sys.argv[1:])
