"""The English pack."""

from __future__ import annotations

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.languages.en import cue_phrases, cues, names, subjects, view_phrases
from pipeline.quotes.languages.en.attributions import find_attributions
from pipeline.quotes.languages.en.documents import SENT, press_owner, sender_of
from pipeline.quotes.languages.en.outlets import may_be_outlet
from pipeline.quotes.languages.en.span_edges import (
    goes_on,
    is_circumstance,
    is_report,
    is_work,
    report_end,
    trim_reported_clause,
)
from pipeline.quotes.languages.en.tails import tail_start
from pipeline.quotes.languages.en.unnamed import is_unnamed_speaker, owner_of
from pipeline.quotes.languages.en.verbs import is_finite_form, takes_object
from pipeline.quotes.languages.en.words import (
    BYLINES,
    DOCUMENTS,
    FIRMS,
    GENERATIONS,
    GENERIC,
    HEADED,
    HONORIFICS,
    INDEFINITE,
    MEDIA_NOUNS,
    NAME_SUFFIXES,
    OBJECT_PRONOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SPECIFIC,
    SUBORDINATORS,
    VIEWS,
)

_ASKERS = frozenset(
    (
        "question",
        "q",
        "moderator",
        "interviewer",
        "journalist",
        "correspondent",
        "reporter",
        "host",
        "presenter",
        "anchor",
    )
)
"""Labels of those who ask."""

PACK = Pack(
    lang="en",
    example="The council said that it rains.",
    triggers=frozenset(
        {
            *cues.CUES,
            *cues.BEFORE_THAT,
            *cues.EVALUATING,
            *cues.CLAIM_NOUNS,
            *cue_phrases.STARTS,
            *view_phrases.VIEW_WORDS,
            *VIEWS,
            "according",
            "put",
            "by",
        }
    ),
    find_attributions=find_attributions,
    trim_reported_clause=trim_reported_clause,
    goes_on=goes_on,
    is_circumstance=is_circumstance,
    is_report=is_report,
    report_end=report_end,
    tail_start=tail_start,
    keeps_pieces=True,
    parts_at_colon=False,
    is_work=is_work,
    subordinators=SUBORDINATORS,
    inner_attributions=None,
    pronouns=PRONOUNS | OBJECT_PRONOUNS | POSSESSIVES,
    interlocutors=frozenset(),
    indefinite=INDEFINITE,
    possessives=frozenset(POSSESSIVES),
    bylines=BYLINES,
    ranks=frozenset(("deputy", "vice", "assistant", "acting", "former", "first")),
    contenders=frozenset(
        map(
            stem,
            (
                "candidate",
                "nominee",
                "hopeful",
                "contender",
                "front-runner",
                "frontrunner",
                "rival",
            ),
        )
    ),
    class_of=names.class_of,
    is_finite=lambda token: token.kind == "w" and is_finite_form(token.low, capital=token.capital),
    specific=SPECIFIC,
    firms=FIRMS,
    outlets=MEDIA_NOUNS - {"agency", "network", "station"},
    may_be_outlet=may_be_outlet,
    is_local_office=names.is_local_office,
    generic=GENERIC,
    subject_of=lambda tokens: subjects.first_noun_phrase(tokens, len(tokens)),
    is_acronym=names.is_acronym,
    joints=frozenset((" of ", " of the ", " for ", " for the ")),
    is_common=names.is_common,
    prepositions=PREPOSITIONS,
    documents=DOCUMENTS,
    letters=frozenset(map(stem, SENT)),
    sender_of=sender_of,
    relation_of=lambda _text, _at, _name: "",
    press_owner=press_owner,
    turn_words=_ASKERS | {"reply", "answer", "a"},
    addressee_verbs=frozenset({*cues.ADDRESSEE_CUES, "asked", "asks", "ask", "asking"}),
    askers=_ASKERS,
    conditions=frozenset(("if", "unless")),
    headed=HEADED,
    takes_object=takes_object,
    name_run=names.NAME_RUN,
    name_words=names.name_words,
    out_of_order=lambda _: (),
    home_country=None,
    place_prepositions=names.PLACED,
    after_place=names.after_place,
    lead_words=names.lead_words,
    name_in=names.name_in,
    is_organisation_name=names.is_organisation_name,
    generations=GENERATIONS,
    name_suffixes=NAME_SUFFIXES,
    name_key=names.name_key,
    nominative_name=names.nominative_name,
    organisation_name=" ".join,
    is_nominative=lambda words: len(words) > 1,
    gender_of=names.gender_of,
    genitive_triggers=frozenset(),
    gender_when_bent=names.gender_of,
    feminine_surname=lambda _: "",
    ends_as_feminine=lambda _: False,
    gender_of_title=names.gender_of_title,
    plurals_in_s=True,
    title_stands_last=True,
    is_possessor=lambda *_: False,
    owner_of=owner_of,
    honorifics=HONORIFICS,
    is_addressed=lambda _words, _name: False,
    is_title=names.is_title,
    bare_words=names.bare_words,
    head_class=names.head_class,
    is_unnamed_speaker=is_unnamed_speaker,
    display_name=names.display_name,
)
