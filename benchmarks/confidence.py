"""Fits the confidence of the quote engine on the labelled texts, and shows how true it is on others.

``python -m benchmarks.confidence fit`` writes ``pipeline/quotes/confidence.json`` (the same bytes every time);
``held-out`` shows how many of the sure quotes of the held-out texts are wrong, to which nothing is fitted, with a
reliability table and the expected calibration error in five bins of equal mass (Naeini et al., AAAI 2015); ``show
GOLD.jsonl ...`` the same of the quotes of JSON lines with ``text`` and ``quotes``.

A quote is right if its words overlap a labelled quote by 0.8 and it names the speaker: by id, by surname, or by the
words beside the quote (a pronoun for a pronoun). The model is a logistic regression over rules and shapes of a quote.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from benchmarks.quotes import say, shipped
from pipeline.language.spelling import fold_name, stem
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes import confidence as model
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from pipeline.quotes.tool import Explanation
from pipeline.records import Quote
from tests.labelled.reading import LabelledArticle, LabelledQuote, articles, held_out_articles, labelled_roster

OUT = Path(model.__file__).with_name("confidence.json")
_OVERLAP = 0.8
_RIDGE = 4.0
"""Weight of the pull towards the common rate; about two quotes' worth of evidence per feature."""
_STEPS, _RATE = 300, 0.08
_BINS = 5
SURE = 0.9
"""From which confidence on a quote counts as sure."""
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
    explained: list[Explanation] = []
    found = find_quotes(
        article.text, roster=roster, lang=article.lang, day=article.day, title=article.title,
        explain=lambda **seen: explained.append(Explanation(**seen)),
    )  # fmt: skip
    kept = [one for one in explained if one.features]
    gold = [(words_at(article.text, one.start, one.end), one) for one in article.quotes]
    for given, seen in zip(found, kept, strict=True):
        # whom the words mean, not only whom they mean surely: else the fit would depend on the weights of before
        quote = replace(given, speaker_name=seen.meant[0], speaker_id=seen.meant[1])
        words = words_at(article.text, quote.start, quote.end)
        best, overlap = None, 0.0
        for other, one in gold:
            share = len(words & other) / max(len(words), len(other), 1)
            if share > overlap:
                best, overlap = one, share
        if best is not None and best.optional:
            continue
        right = best is not None and overlap >= _OVERLAP and _names(quote, best)
        yield Judged(seen.features, quote.confidence, right)


def usual_rows(roster: RosterIndex) -> list[Judged]:
    """The judged quotes of the labelled texts that are written as news is."""
    return [
        row for lang in ("en", "ru") for article in articles(lang) if article.usual for row in judge(article, roster)
    ]


def fit(rows: list[Judged]) -> dict[str, float]:
    """Weights by feature: logistic regression with a ridge, by slope and curvature of each weight.

    Sums are in a fixed order, so that the same rows give the same weights.
    """
    names = sorted({name for row in rows for name in row.features})
    number = {name: i for i, name in enumerate(names)}
    listed = [([number[name] for name in row.features], float(row.right)) for row in rows]
    weights = [0.0] * len(names)
    share = sum(row.right for row in rows) / len(rows)
    bias = math.log(share / (1 - share))
    for _ in range(_STEPS):
        slope, curve = [_RIDGE * weight for weight in weights], [_RIDGE] * len(names)
        bias_slope = bias_curve = 0.0
        for features, right in listed:
            sure = model.logistic_function(bias + sum(weights[i] for i in features))
            off, bend = sure - right, sure * (1 - sure)
            bias_slope, bias_curve = bias_slope + off, bias_curve + bend
            for i in features:
                slope[i] += off
                curve[i] += bend
        bias -= _RATE * bias_slope / bias_curve
        weights = [weight - _RATE * slope[i] / curve[i] for i, weight in enumerate(weights)]
    return {"": round(bias, 3), **{name: round(weights[i], 3) for name, i in number.items()}}


def sure_ones(rows: list[Judged]) -> str:
    """How many of the quotes of 0.9 or more are wrong, and how many of the right ones are among them."""
    sure = [row for row in rows if row.said >= SURE]
    right = sum(row.right for row in sure)
    wrong, there = 100 * (1 - right / max(len(sure), 1)), 100 * right / max(sum(row.right for row in rows), 1)
    return f"{SURE} or more: {len(sure)} of {len(rows)}, {wrong:.1f} % of them wrong; {there:.1f} % of the right ones"


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


def _show(rows: list[Judged]) -> None:
    """Prints the reliability table and the expected calibration error."""
    error, bins = table(rows)
    for said, right, count in bins:
        say(f"said {said:.3f}  right {right:.3f}  of {count}")
    say(f"expected calibration error {error:.3f} over {len(rows)} quotes")


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
        say(sure_ones(rows))
        _show(rows)
        return 0
    if arguments[:1] == ["held-out"]:
        roster = labelled_roster()
        rows = [row for lang in ("en", "ru") for article in held_out_articles(lang) for row in judge(article, roster)]
        say(sure_ones(rows))
        _show(rows)
        return 0
    say("usage: python benchmarks/confidence.py fit | held-out | show GOLD.jsonl ...")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
