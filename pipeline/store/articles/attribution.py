"""Who said a quote, as columns of the quote and of its place in each version."""

from __future__ import annotations

from pipeline.language.person_names import PERSON, person_name
from pipeline.records import Quote
from pipeline.store.rule_columns import rule_values

ATTRIBUTION = (
    "type", "speaker_id", "speaker_name", "confidence", "stance", "claimant", "claimant_id", "stance_confidence",
    "speaker_office", "surname_key", "formula", "text_kind",
)  # fmt: skip
"""Columns of a quote that each version's span has of its own."""


def attribution_values(quote: Quote) -> dict[str, object]:
    """The columns that say who said a quote, in which stance and kind of text, and by which rules that was found."""
    return {
        "type": quote.type,
        "speaker_id": quote.speaker_id,
        "speaker_name": quote.speaker_name,
        "confidence": quote.confidence,
        **rule_values(quote.rules),
        "stance": quote.stance,
        "claimant": quote.claimant,
        "claimant_id": quote.claimant_id,
        "stance_confidence": quote.stance_confidence,
        "speaker_office": quote.speaker_office,
        "surname_key": _surname_key(quote),
        "formula": quote.formula,
        "text_kind": quote.kind,
    }


def _surname_key(quote: Quote) -> str | None:
    """The folded surname of somebody who is not in the roster and is named in full or with an initial."""
    if quote.speaker_name is None or quote.speaker_id is not None and not quote.speaker_id.startswith(PERSON):
        return None
    found = person_name(quote.speaker_name)
    return found.surname if found is not None and (quote.speaker_id is not None or not found.is_full) else None


def span_values(version_id: str, quote_id: str, quote: Quote) -> dict[str, object]:
    """The row of a quote's place in a version."""
    speaker, cue = quote.speaker_span or (None, None), quote.cue_span or (None, None)
    return {
        "quote_id": quote_id,
        "version_id": version_id,
        "start": quote.start,
        "end": quote.end,
        "speaker_start": speaker[0],
        "speaker_end": speaker[1],
        "cue_start": cue[0],
        "cue_end": cue[1],
        **attribution_values(quote),
    }
