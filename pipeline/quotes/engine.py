"""The quote engine: from a text to its quotes. The steps are the same for all languages; packs hold what differs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

from pipeline.language.formulas import is_formula
from pipeline.quote_rules import QuoteRules, SpanRule, TextKind
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.confidence import STANCE_CONFIDENCE, UNSURE, quote_confidence, quote_features, what_lowers
from pipeline.quotes.kinds import text_kind
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.languages.detection import (
    PACKS,
    detect_language,
    is_mixed,
    language_of_words,
    pack_for,
    passage_language,
)
from pipeline.quotes.roster import RosterIndex
from pipeline.quotes.shapes import shape_features
from pipeline.quotes.spans.interview import goes_on_otherwise, interview_answers, is_answerer, is_asker
from pipeline.quotes.spans.paragraphs import ParagraphState, read_paragraph
from pipeline.quotes.spans.transcript import Label, transcript_labels, turn_candidate
from pipeline.quotes.speakers.entities import ArticleEntities
from pipeline.quotes.speakers.resolve import Resolved, resolve_speakers
from pipeline.quotes.text.tokens import Paragraph, split_paragraphs
from pipeline.records import Quote, Stance

_PASSAGE = 600
"""Characters at the start of a paragraph by which its language is detected."""
Explain = Callable[..., None]


def find_quotes(
    text: str,
    *,
    roster: RosterIndex,
    lang: str | None = None,
    day: date | None = None,
    title: str | None = None,
    kind: TextKind | None = None,
    as_of_today: bool = False,
    explain: Explain | None = None,
) -> list[Quote]:
    """The quotes of ``text`` in order of their start; offsets count code points, and quotes never overlap.

    ``lang`` None: detected from the text; a language without a pack gives no quotes. ``kind`` None: by the structure of
    the text. ``day`` is the day of the words,
    by which it is known who held an office. Without it an office means the person whom the text itself names as its
    holder, else nobody, or today's holder with ``as_of_today``; all of these at lower confidence. ``explain`` is called
    for each candidate with ``candidate``, ``rule``, ``speaker`` and ``verdict``.
    """
    lang = lang or detect_language(text)
    pack = pack_for(lang)
    if pack is None:
        return []
    with _no_collection():
        kind = kind or text_kind(text, title=title)
        candidates = _apart(_candidates(text, pack, roster, kind), explain, text)
        about = partial(ArticleEntities, text, title, roster, day=day, as_of_today=as_of_today)
        answers = _resolved(candidates, about) if candidates else []
        return [
            _quote(text, candidate, resolved, lang, kind, explain)
            for candidate, resolved in zip(candidates, answers, strict=True)
            if not candidate.speaker_only
        ]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Disables the garbage collector: it would walk all tokens of a long text repeatedly, and there are no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _resolved(candidates: list[Candidate], about: Callable[[Pack], ArticleEntities]) -> list[Resolved]:
    """Who said each candidate. Each language names people in its own way, so it resolves only the candidates in it."""
    answers: dict[int, Resolved] = {}
    for lang in dict.fromkeys(candidate.lang for candidate in candidates):
        mine = [candidate for candidate in candidates if candidate.lang == lang]
        for candidate, resolved in zip(mine, resolve_speakers(about(PACKS[lang]), mine), strict=True):
            answers[id(candidate)] = resolved
    return [answers[id(candidate)] for candidate in candidates]


def _candidates(text: str, pack: Pack, roster: RosterIndex, kind: TextKind) -> list[Candidate]:
    def known(label: str) -> bool:
        """Whether a label is a title and the full name of a person of the roster."""
        name = pack.bare_words(pack.name_words(label))
        titled = bool(pack.lead_words(label))
        return titled and len(name) > 1 and any(roster.kind(one) == "person" for one in roster.ids_of_name(name))

    state = ParagraphState()
    listed = split_paragraphs(text)
    labels = transcript_labels(text, listed, pack, known)
    interview = kind is TextKind.INTERVIEW
    answers = interview_answers(text, listed) if interview and not labels else {}
    current: Label | None = None
    mixed = is_mixed(text, pack.lang)
    for i, paragraph in enumerate(listed):
        current = labels.get(i, current)
        narrated = interview and i not in labels and goes_on_otherwise(text[paragraph.start : paragraph.end])
        if current is not None and not narrated:
            candidate = turn_candidate(text, paragraph, labels.get(i), current)
            if candidate is not None:
                candidate.lang = pack.lang
                label = text[current.start : current.end]
                asks = label.lower() in pack.askers | pack.bylines or (interview and is_asker(label))
                candidate.stance = "asked" if asks else "said"
                if interview and is_answerer(label):
                    candidate.introduced_before = min(one.start for one in labels.values())
                state.candidates.append(candidate)
            continue
        if i in answers:
            answers[i].lang = pack.lang
            state.candidates.append(answers[i])
            continue
        lang = language_of_words(_around_marks(text, paragraph), pack.lang) if mixed else pack.lang
        before = len(state.candidates)
        read_paragraph(text, paragraph, PACKS[lang], state)
        for candidate in state.candidates[before:]:
            candidate.lang = lang
    return state.candidates


def _around_marks(text: str, paragraph: Paragraph) -> str:
    """The words of a paragraph outside of marks, which attribute what stands in them; all of it if there are none."""
    if not paragraph.regions:
        return text[paragraph.start : min(paragraph.end, paragraph.start + _PASSAGE)]
    at, pieces = paragraph.start, []
    for region in paragraph.regions:
        pieces.append(text[at : region.start])
        at = region.end
    outside = "".join([*pieces, text[at : paragraph.end]])
    return outside if len(outside.split()) > 1 else text[paragraph.start : paragraph.end]


def _apart(candidates: list[Candidate], explain: Explain | None, text: str) -> list[Candidate]:
    """The candidates in order of their start, without those that overlap an earlier one or contain no word."""
    kept: list[Candidate] = []
    end = 0
    for candidate in sorted(candidates, key=lambda one: (one.start, -one.end)):
        span = text[candidate.start : candidate.end]
        if candidate.speaker_only:
            kept.append(candidate)
            continue
        if candidate.start < end or not any(map(str.isalnum, span)):
            if explain:
                explain(candidate=span, rule=str(candidate.rule), speaker=None, verdict="overlaps")
            continue
        kept.append(candidate)
        end = candidate.end
    return kept


def _quote(
    text: str, candidate: Candidate, resolved: Resolved, lang: str, kind: TextKind, explain: Explain | None
) -> Quote:
    entity = resolved.entity
    rules = QuoteRules(candidate.rule, resolved.rule, resolved.doubts)
    features = (
        *quote_features(candidate.type, rules),
        *shape_features(text, candidate, rules, entity, kind),
    )
    sure = quote_confidence(features)
    meant = (entity.name, entity.id or entity.person) if entity else (None, None)
    if sure < UNSURE:
        entity = None
    claimant = resolved.claimant if entity or not candidate.claimed else None
    stance = _stance_of(text, candidate)
    if explain:
        name, lowered = entity.name if entity else None, ", ".join(what_lowers(features))
        explain(
            candidate=text[candidate.start : candidate.end], rule=str(candidate.rule), speaker=name, features=features,
            meant=meant,
            verdict=f"kept as {stance}: {resolved.rule}, confidence {sure:.2f}"
            + (f", lowered by {lowered}" if lowered else ""),
        )  # fmt: skip
    return Quote(
        start=candidate.start,
        end=candidate.end,
        type=candidate.type,
        speaker_span=candidate.mention,
        speaker_name=entity.name if entity else None,
        speaker_id=entity.id or entity.person if entity else None,
        cue_span=candidate.cue,
        confidence=sure,
        rules=rules,
        lang=passage_language(text, candidate.start, candidate.end, lang),
        stance=stance,
        stance_confidence=STANCE_CONFIDENCE[stance],
        claimant=claimant.name if claimant else None,
        claimant_id=claimant.id or claimant.person if claimant else None,
        speaker_office=entity.offices[0] if entity and entity.id is None and entity.offices else None,
        formula=is_formula(text[candidate.start : candidate.end]),
        kind=kind,
    )


def _stance_of(text: str, candidate: Candidate) -> Stance:
    """The stance of a candidate: a question in marks before any other verb (``put in``, ``pressed``) is asked."""
    is_question = text[candidate.start : candidate.end].rstrip("\"»”'’ ").endswith("?")
    if candidate.stance == "said" and candidate.rule.rule is SpanRule.OTHER_VERB and is_question:
        return "asked"
    return candidate.stance
