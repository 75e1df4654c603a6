"""Subjects of e-mails: who spoke, and the most telling words."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.alerts.mime import header_text
from pipeline.alerts.phrases import email_phrases
from pipeline.alerts.wording import displayed_quote
from pipeline.queries.rows import StatementView

_SUBJECT_WORDS = 70


def subject_of(views: Sequence[StatementView]) -> str:
    """The subject: speaker and the most telling words, in the statement's language, and how many more there are."""
    lead = most_telling(views)
    own = email_phrases(lead.lang)
    name = speaker_name(lead)
    more = f", {own['and_more'].format(len(views) - 1)}" if len(views) > 1 else ""
    return header_text(f"{name}: {displayed_quote(lead.text, lead.type, lead.lang, _SUBJECT_WORDS)}{more}")


def most_telling(views: Sequence[StatementView]) -> StatementView:
    """The statement that most outlets report; of equal ones, the first in the speaker's own words, long enough to say
    something."""
    return max(
        views,
        key=lambda view: (
            len({report.source_id for report in view.reports}),
            view.type == "direct",
            min(len(view.text), _SUBJECT_WORDS),
        ),
    )


def speaker_name(view: StatementView) -> str:
    """The speaker's name on one line, or that nobody knows it, in the language of the statement."""
    return header_text(view.speaker_name or "", 100) or email_phrases(view.lang)["unknown"]
