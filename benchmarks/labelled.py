"""How well the quote engine reads the labelled texts: spans, speakers and stances, by language, kind of text and batch.

``python -m benchmarks.labelled`` measures on the held-out texts, to which nothing is fitted or tuned; ``--fitted`` on
the others, ``--numbers 51-65`` on the texts with these numbers, ``--errors`` lists what is wrong (not for held-out
texts: whoever has read them tunes to them). Of each group:

* ``span``: F1 of spans; a span is found if its words overlap a labelled quote by 0.8, each used once;
* ``end to end``: F1 of spans found with the right speaker (nobody, where nobody can tell);
* ``named``: the share of the found quotes with a labelled speaker that name him; ``wrong``: that name another;
* ``stance``: the share of the found quotes whose stance is right.

``--kinds`` counts instead how many texts are recognised as of their kind.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.confidence import same_name, words_at
from benchmarks.quotes import say
from pipeline.quotes import find_quotes
from pipeline.quotes.kinds import text_kind
from pipeline.quotes.roster import RosterIndex
from pipeline.records import Quote
from tests.labelled.reading import LabelledArticle, LabelledQuote, articles, held_out_articles, labelled_roster

_OVERLAP = 0.8
BATCHES = (50, 65, 80, 95, 110, 125)
"""The last number of each batch of texts."""


@dataclass(slots=True)
class Tally:
    """Counts over labelled quotes (``asked``, ``found``, ...) and quotes of the engine (``given``)."""

    texts: int = 0
    asked: int = 0
    given: int = 0
    found: int = 0
    right: int = 0
    """Found with the right speaker."""
    with_speaker: int = 0
    named: int = 0
    wrong: int = 0
    """Found, and somebody else is named."""
    stance: int = 0

    def add(self, other: Tally) -> None:
        """Adds the counts of another tally."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def span(self) -> float:
        """F1 of the spans, 0..1."""
        return 2 * self.found / max(self.asked + self.given, 1)

    @property
    def end_to_end(self) -> float:
        """F1 of spans with their speakers, 0..1."""
        return 2 * self.right / max(self.asked + self.given, 1)

    def row(self) -> str:
        """The figures as cells of a table."""
        named, wrong = (100 * count / max(self.with_speaker, 1) for count in (self.named, self.wrong))
        shares = 100 * self.span, 100 * self.end_to_end, named, wrong, 100 * self.stance / max(self.found, 1)
        return " | ".join((str(self.texts), str(self.asked), *(f"{share:.1f}" for share in shares)))


def speaker_is_right(quote: Quote, gold: LabelledQuote) -> bool:
    """Whether the quote names the labelled speaker, or nobody where nobody can tell."""
    return quote.speaker_id == gold.id if gold.id else same_name(quote.speaker_name, gold.name)


def pairs(article: LabelledArticle, quotes: Iterable[Quote]) -> Iterator[tuple[Quote | None, LabelledQuote | None]]:
    """Each quote of the engine with the labelled one that it meets (None: none), then labelled ones that were missed.

    What meets an optional one, or lies within it, is left out, and so are optional ones that were missed.
    """
    gold = [(words_at(article.text, one.start, one.end), one) for one in article.quotes]
    taken: set[int] = set()
    for quote in quotes:
        mine = words_at(article.text, quote.start, quote.end)
        met = next(
            (i for i, (other, _) in enumerate(gold) if i not in taken and _overlap(mine, other) >= _OVERLAP), None
        )
        if met is not None:
            taken.add(met)
            if not gold[met][1].optional:
                yield quote, gold[met][1]
        elif not any(one.optional and mine & other for other, one in gold):
            yield quote, None
    for i, (_, one) in enumerate(gold):
        if i not in taken and not one.optional:
            yield None, one


def _overlap(mine: frozenset[int], other: frozenset[int]) -> float:
    return len(mine & other) / max(len(mine), len(other), 1)


def unheard(_: str) -> None:
    """Says nothing."""


def tally(article: LabelledArticle, roster: RosterIndex, wrong: Callable[[str], None] = unheard) -> Tally:
    """The counts of one article; ``wrong`` is called with a line for each quote that is not right."""
    found = find_quotes(article.text, roster=roster, lang=article.lang, day=article.day, title=article.title)
    counts = Tally(texts=1)
    for quote, gold in pairs(article, found):
        counts.given += quote is not None
        counts.asked += gold is not None
        if quote is None or gold is None:
            words = (
                article.text[quote.start : quote.end] if quote else article.text[gold.start : gold.end] if gold else ""
            )
            named = f"{quote.speaker_name} {quote.confidence} {quote.rules}" if quote else gold.name if gold else None
            wrong(f"{article.key}: {'extra' if quote else 'missed'}: {words[:90]!r} ({named})")
            continue
        right = speaker_is_right(quote, gold)
        counts.found += 1
        counts.right += right
        counts.with_speaker += gold.name is not None
        counts.named += right and gold.name is not None
        counts.wrong += not right and quote.speaker_name is not None
        counts.stance += quote.stance == gold.stance
        if not right or quote.stance != gold.stance:
            wrong(
                f"{article.key}: {article.text[quote.start : quote.end][:60]!r}: {quote.speaker_name}, {quote.stance} "
                f"({quote.confidence} {quote.rules}) for {gold.name}, {gold.stance}"
            )
    return counts


def _batch(article: LabelledArticle) -> str:
    first = 1
    for last in BATCHES:
        if article.number <= last:
            return f"{first}-{last}"
        first = last + 1
    return f"{first}-"


GROUPS: dict[str, Callable[[LabelledArticle], str]] = {
    "all": lambda _: "all",
    "language": lambda article: article.lang,
    "kind": lambda article: article.kind,
    "form": lambda article: article.form or "news of the first hundred",
    "batch": lambda article: f"{_batch(article)} {article.lang}",
}


def chosen(options: list[str]) -> tuple[list[LabelledArticle], Namespace]:
    """The articles that the options ask for, and the options."""
    parser = ArgumentParser(prog="python -m benchmarks.labelled", description=__doc__)
    parser.add_argument("--fitted", action="store_true", help="the texts that are not held out")
    parser.add_argument("--both", action="store_true", help="all texts")
    parser.add_argument("--numbers", default="1-999", help="first and last number of the texts")
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    parser.add_argument("--brief", action="store_true", help="no table by kind")
    parser.add_argument("--kinds", action="store_true", help="how many texts are recognised as of their kind")
    asked = parser.parse_args(options)
    first, last = (int(number) for number in asked.numbers.split("-"))
    sets = (articles, held_out_articles) if asked.both else (articles,) if asked.fitted else (held_out_articles,)
    listed = [one for read in sets for lang in ("en", "ru") for one in read(lang) if first <= one.number <= last]
    return listed, asked


def kinds_recognised(listed: list[LabelledArticle], wrong: Callable[[str], None] = unheard) -> int:
    """How many of the texts are recognised as of their kind; ``wrong`` is called with a line for each other."""
    right = 0
    for article in listed:
        kind = text_kind(article.text, title=article.title)
        right += kind == article.kind
        if kind != article.kind:
            wrong(f"{article.key}: {kind} for {article.kind}")
    return right


def main(options: list[str]) -> int:
    """Prints the tables; 0."""
    listed, asked = chosen(options)
    if asked.kinds:
        right = kinds_recognised(listed, say if asked.errors else unheard)
        say(f"{right} of {len(listed)} texts are recognised as of their kind: {100 * right / len(listed):.1f} %")
        return 0
    roster = labelled_roster()
    counted = [(article, tally(article, roster, say if asked.errors else unheard)) for article in listed]
    say("|  | texts | quotes | span | end to end | named | wrong | stance |\n|---|---|---|---|---|---|---|---|")
    for name, group in GROUPS.items():
        if asked.brief and name != "all":
            continue
        totals: dict[str, Tally] = {}
        for article, counts in counted:
            totals.setdefault(group(article), Tally()).add(counts)
        for member, total in sorted(totals.items()):
            say(f"| {member} | {total.row()} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
