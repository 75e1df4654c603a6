"""Columns for the rules that found a quote, in both tables of quotes: typed parts, and one text made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import CheckConstraint, Column, Computed, text
from sqlalchemy.dialects.postgresql import ARRAY

from pipeline.quote_rules import Doubt, Placement, QuoteRules, SpanRule, SpeakerRule, TextKind
from pipeline.store.types import CleanText

RULE = (
    "CASE WHEN span_placement = 'before' THEN 'before-' ELSE '' END || "
    "CASE WHEN span_rule = 'phrase' THEN span_cue WHEN span_cue = '' THEN span_rule "
    "ELSE span_cue || '-' || span_rule END || "
    "CASE WHEN span_placement = 'on' THEN '-on' ELSE '' END || "
    + " || ".join(f"CASE WHEN doubts @> ARRAY['{doubt}'] THEN '+{doubt}' ELSE '' END" for doubt in Doubt)
    + " || CASE WHEN speaker_rule = '' THEN '' ELSE '/' || speaker_rule END"
)
"""A quote's rules as one text."""


RULE_PARTS = ("span_rule", "span_cue", "span_placement", "doubts", "speaker_rule")
"""The columns that are written."""


def rule_values(rules: QuoteRules) -> dict[str, object]:
    """The values of the columns that are written."""
    span = rules.span
    return dict(zip(RULE_PARTS, (span.rule, span.cue, span.placement, list(rules.doubts), rules.speaker), strict=True))


def rule_columns() -> Iterator[Column[Any]]:
    """The rules of a quote (:class:`pipeline.quote_rules.QuoteRules`); ``rule`` shows them as one text."""
    yield Column("span_rule", CleanText, nullable=False)
    yield Column("span_cue", CleanText, nullable=False, server_default="")
    yield Column("span_placement", CleanText, nullable=False, server_default="")
    yield Column("doubts", ARRAY(CleanText), nullable=False, server_default=text("'{}'::text[]"))
    yield Column("speaker_rule", CleanText, nullable=False, server_default="")
    yield Column("rule", CleanText, Computed(RULE, persisted=True))


def rule_checks() -> Iterator[CheckConstraint]:
    """Empty ``speaker_rule`` and ``text_kind`` are of older engines; rules of theirs are kept as ``span_cue``."""
    yield CheckConstraint(f"span_rule IN ({_quoted(SpanRule)})", name="span_rule")
    yield CheckConstraint(f"span_placement IN ({_quoted(Placement)})", name="span_placement")
    yield CheckConstraint(f"doubts <@ ARRAY[{_quoted(Doubt)}]", name="doubts")
    yield CheckConstraint(f"speaker_rule IN ('', {_quoted(SpeakerRule)})", name="speaker_rule")
    yield CheckConstraint(f"text_kind IN ('', {_quoted(TextKind)})", name="text_kind")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
