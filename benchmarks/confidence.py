"""Fits the confidence of the quote engine on the labelled texts, and shows how true it is on other gold.

``python benchmarks/confidence.py fit`` writes ``pipeline/quotes/confidence.json`` (the same bytes every time);
``python benchmarks/confidence.py show GOLD.jsonl ...`` prints a reliability table and the expected calibration error
in five bins of equal mass (Naeini et al., AAAI 2015) over the quotes of JSON lines with ``text`` and ``quotes``.

A quote is right if its words overlap a labelled quote by 0.8 and it names the speaker: by id, by surname, or by the
words beside the quote (a pronoun for a pronoun). The model is a logistic regression over what ``features`` gives.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.quotes import say, shipped
from pipeline.language.spelling import fold_name, stem
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes import confidence as model
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from pipeline.records import Quote
from tests.labelled.reading import LabelledArticle, LabelledQuote, articles, labelled_roster

OUT = Path(model.__file__).with_name("confidence.json")
_OVERLAP = 0.8
_RIDGE = 2.0
"""Weight of the pull towards the common rate; about two quotes' worth of evidence per feature."""
_STEPS, _RATE = 4000, 0.02
_BINS = 5
_WORD = re.compile(r"\w+")
_BY_CONTEXT = frozenset(
    (
        SpeakerRule.PRONOUN, SpeakerRule.LATER, SpeakerRule.TITLED, SpeakerRule.EPITHET, SpeakerRule.SHORT,
        SpeakerRule.OFFICE, SpeakerRule.UNDATED, SpeakerRule.AS_BEFORE, SpeakerRule.AS_USUAL,
    )
)  # fmt: skip
"""Rules that name somebody whom the words beside the quote do not: another name than the gold's is wrong."""
_KINDS = {
    SpeakerRule.PRONOUN: "pronoun",
    SpeakerRule.LATER: "pronoun",
    SpeakerRule.NAME: "name",
    SpeakerRule.AS_BEFORE: "any",
    SpeakerRule.AS_USUAL: "any",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One quote of the engine: what the model sees of it, what it said, and whether it is right."""

    features: tuple[str, ...]
    said: float
    right: bool


def words_at(text: str, start: int, end: int) -> frozenset[int]:
    """Where the words of ``text[start:end]`` begin."""
    return frozenset(match.start() for match in _WORD.finditer(text, start, end))


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names end with the same word, in any spelling or case form; two None are the same."""
    if not one or not other:
        return one == other
    if "а" <= one.lower()[-1] <= "я" and "а" <= other.lower()[-1] <= "я":
        return stem(one.split()[-1]) == stem(other.split()[-1])
    return fold_name(one.split()[-1]) == fold_name(other.split()[-1])


def _names(quote: Quote, gold: LabelledQuote) -> bool:
    """Whether the quote tells the gold quote's speaker."""
    if gold.id and quote.speaker_id:
        return gold.id == quote.speaker_id
    if same_name(quote.speaker_name, gold.name):
        return True
    named = quote.rules.speaker
    if quote.speaker_name and named in _BY_CONTEXT and gold.kind != "body":
        return False
    kind = _KINDS.get(named, "other")
    return kind == "any" or kind == gold.kind or (kind == "other" and gold.kind in ("epithet", "body"))


def judge(article: LabelledArticle, roster: RosterIndex) -> Iterator[Judged]:
    """Every quote found in an article but those that meet an optional one."""
    found = find_quotes(article.text, roster=roster, lang=article.lang, day=article.day, title=article.title)
    gold = [(words_at(article.text, one.start, one.end), one) for one in article.quotes]
    for quote in found:
        words = words_at(article.text, quote.start, quote.end)
        best, overlap = None, 0.0
        for other, one in gold:
            share = len(words & other) / max(len(words), len(other), 1)
            if share > overlap:
                best, overlap = one, share
        if best is not None and best.optional:
            continue
        right = best is not None and overlap >= _OVERLAP and _names(quote, best)
        yield Judged(model.quote_features(quote.type, quote.rules), quote.confidence, right)


def usual_rows(roster: RosterIndex) -> list[Judged]:
    """The judged quotes of the labelled texts that are written as news is."""
    return [
        row for lang in ("en", "ru") for article in articles(lang) if article.usual for row in judge(article, roster)
    ]


def fit(rows: list[Judged]) -> dict[str, float]:
    """Weights by feature: logistic regression by gradient descent with a ridge, in a fixed order of sums."""
    names = sorted({name for row in rows for name in row.features})
    weights = dict.fromkeys(names, 0.0)
    share = sum(row.right for row in rows) / len(rows)
    bias = math.log(share / (1 - share))
    for _ in range(_STEPS):
        slope = {name: _RIDGE * weights[name] for name in names}
        bias_slope = 0.0
        for row in rows:
            off = model.logistic_function(bias + sum(weights[name] for name in row.features)) - row.right
            bias_slope += off
            for name in row.features:
                slope[name] += off
        bias -= _RATE * bias_slope / 10
        for name in names:
            weights[name] -= _RATE * slope[name] / 10
    return {"": round(bias, 3), **{name: round(weights[name], 3) for name in names}}


def table(rows: list[Judged]) -> tuple[float, list[tuple[float, float, int]]]:
    """The expected calibration error, and per bin the mean confidence, the share that is right and the count."""
    ordered = sorted(rows, key=lambda row: row.said)  # equals stay as in the texts, right and wrong among each other
    error, bins = 0.0, []
    for i in range(_BINS):
        inside = ordered[i * len(ordered) // _BINS : (i + 1) * len(ordered) // _BINS]
        if inside:
            said = sum(row.said for row in inside) / len(inside)
            right = sum(row.right for row in inside) / len(inside)
            error += len(inside) / len(ordered) * abs(said - right)
            bins.append((said, right, len(inside)))
    return error, bins


def _gold(files: Iterable[str]) -> Iterator[LabelledArticle]:
    """Articles of gold JSON lines; how the text names a speaker is taken from the words it points to."""
    for file in files:
        for line in Path(file).read_text("utf-8").splitlines():
            article = json.loads(line)
            yield LabelledArticle(
                article["id"], article["lang"], article["title"],
                date.fromisoformat(article["date"][:10]) if article["date"] else None, article["text"],
                tuple(_gold_quote(article["text"], quote) for quote in article["quotes"]),
            )  # fmt: skip


def _gold_quote(text: str, quote: dict[str, object]) -> LabelledQuote:
    span = quote["speaker_span"]
    words = text[span[0] : span[1]] if isinstance(span, list) else ""
    kind = "none" if not words else "pronoun" if words.lower() in ("he", "she", "он", "она") else "name"
    if words and not words[:1].isupper() and len(words.split()) > 1 and not any(w[:1].isupper() for w in words.split()):
        kind = "epithet"
    start, end, name = quote["start"], quote["end"], quote["speaker_name"]
    assert isinstance(start, int) and isinstance(end, int) and (name is None or isinstance(name, str))
    return LabelledQuote(start, end, name, None, kind, bool(quote.get("optional")))


def main(arguments: list[str]) -> int:
    """Runs ``fit`` or ``show``; 2 for anything else."""
    if arguments[:1] == ["fit"]:
        rows = usual_rows(labelled_roster())
        OUT.write_text(json.dumps(fit(rows), indent=1, ensure_ascii=False) + "\n")
        say(f"fitted on {len(rows)} quotes, {sum(row.right for row in rows)} of them right: {OUT.name}")
        return 0
    if arguments[:1] == ["show"] and len(arguments) > 1:
        roster = shipped()
        rows = [row for article in _gold(arguments[1:]) for row in judge(article, roster)]
        error, bins = table(rows)
        for said, right, count in bins:
            say(f"said {said:.3f}  right {right:.3f}  of {count}")
        say(f"expected calibration error {error:.3f} over {len(rows)} quotes")
        return 0
    say("usage: python benchmarks/confidence.py fit | show GOLD.jsonl ...")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
