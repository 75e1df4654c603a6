"""The English pack."""

from __future__ import annotations

from pipeline.quotes.language_pack import Pack
from pipeline.quotes.languages.en import cue_phrases, cues, names, subjects
from pipeline.quotes.languages.en import words as w
from pipeline.quotes.languages.en.attributions import find_attributions
from pipeline.quotes.languages.en.span_edges import (
    goes_on,
    is_circumstance,
    is_report,
    is_work,
    report_end,
    trim_reported_clause,
)
from pipeline.quotes.languages.en.unnamed import is_unnamed_speaker
from pipeline.quotes.languages.en.verbs import is_finite_form

PACK = Pack(
    lang="en",
    triggers=frozenset(
        {*cues.CUES, *cues.EVALUATING, *cues.CLAIM_NOUNS, *cue_phrases.STARTS, *w.VIEWS, "according", "put"}
    ),
    find_attributions=find_attributions,
    trim_reported_clause=trim_reported_clause,
    goes_on=goes_on,
    is_circumstance=is_circumstance,
    is_report=is_report,
    report_end=report_end,
    keeps_pieces=True,
    parts_at_colon=False,
    is_work=is_work,
    subordinators=w.SUBORDINATORS,
    inner_attributions=None,
    pronouns=w.PRONOUNS | w.OBJECT_PRONOUNS | w.POSSESSIVES,
    interlocutors=frozenset(),
    indefinite=w.INDEFINITE,
    possessives=frozenset(w.POSSESSIVES),
    bylines=w.BYLINES,
    class_of=names.class_of,
    is_finite=lambda token: token.kind == "w" and is_finite_form(token.low, capital=token.capital),
    specific=w.SPECIFIC,
    firms=w.FIRMS,
    generic=w.GENERIC,
    subject_of=lambda tokens: subjects.first_noun_phrase(tokens, len(tokens)),
    is_acronym=names.is_acronym,
    joints=frozenset((" of ", " of the ", " for ", " for the ")),
    is_common=names.is_common,
    prepositions=w.PREPOSITIONS,
    documents=w.DOCUMENTS,
    turn_words=frozenset(("question", "q", "reply", "answer", "moderator")),
    addressee_verbs=frozenset({*cues.ADDRESSEE_CUES, "asked", "asks", "ask", "asking"}),
    askers=frozenset(("question", "q")),
    name_run=names.NAME_RUN,
    name_words=names.name_words,
    out_of_order=lambda _: (),
    home_country=None,
    place_prepositions=names.PLACED,
    after_place=names.after_place,
    lead_words=names.lead_words,
    name_in=names.name_in,
    is_organisation_name=names.is_organisation_name,
    generations=w.GENERATIONS,
    name_suffixes=w.NAME_SUFFIXES,
    name_key=names.name_key,
    nominative_name=names.nominative_name,
    organisation_name=" ".join,
    is_nominative=lambda words: len(words) > 1,
    gender_of=names.gender_of,
    genitive_triggers=frozenset(),
    gender_when_bent=names.gender_of,
    gender_of_title=names.gender_of_title,
    plurals_in_s=True,
    title_stands_last=True,
    is_possessor=lambda *_: False,
    honorifics=w.HONORIFICS,
    is_title=names.is_title,
    bare_words=names.bare_words,
    head_class=names.head_class,
    is_unnamed_speaker=is_unnamed_speaker,
    display_name=names.display_name,
)
