"""The Russian pack."""

from __future__ import annotations

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.languages.ru import cues, name_runs, names, nominatives, phrases, words
from pipeline.quotes.languages.ru.attributions import find_attributions
from pipeline.quotes.languages.ru.cases import is_nominative_name
from pipeline.quotes.languages.ru.morph import is_plain_noun, token_form
from pipeline.quotes.languages.ru.outlet_names import BYLINES
from pipeline.quotes.languages.ru.span_edges import (
    goes_on,
    inner_attributions,
    is_circumstance,
    is_report,
    is_work,
    report_end,
    trim_reported_clause,
)
from pipeline.quotes.languages.ru.unnamed import is_possessor, is_unnamed_speaker, owner_of
from pipeline.quotes.languages.ru.weak_cues import LIGHT_VERBS, STATING

_TRIGGERS = frozenset(("согласно", "слов", "верить")).union(
    cues.CUES, cues.EVALUATING, cues.CLAIM_NOUNS, cues.WITH_YO, LIGHT_VERBS, STATING, words.SOURCES, words.VIEWS
)

PACK = Pack(
    lang="ru",
    example="В совете сообщили, что идёт дождь.",
    triggers=_TRIGGERS,
    find_attributions=find_attributions,
    trim_reported_clause=trim_reported_clause,
    goes_on=goes_on,
    is_circumstance=is_circumstance,
    is_report=is_report,
    report_end=report_end,
    tail_start=lambda _tokens, _start, end: end,
    keeps_pieces=False,
    parts_at_colon=True,
    is_work=is_work,
    subordinators=words.SUBORDINATORS,
    inner_attributions=inner_attributions,
    pronouns=words.PRONOUNS,
    interlocutors=frozenset(("собеседник", "собеседника", "собеседница")),
    indefinite=frozenset(("один", "одна", "другой", "другая", "некий", "некоторые")),
    possessives=frozenset(("его", "ее", "её", "их")),
    bylines=BYLINES,
    ranks=frozenset(),
    contenders=frozenset(map(stem, ("кандидат",))),
    class_of=names.class_of,
    is_finite=lambda token: token.kind == "w" and token_form(token).finite and not is_plain_noun(token.low),
    specific=words.SPECIFIC,
    firms=words.FIRMS,
    outlets=words.OUTLETS,
    may_be_outlet=lambda _: True,
    is_local_office=names.is_local_office,
    generic=words.GENERIC,
    subject_of=lambda tokens: phrases.noun_phrase_right(tokens, 0),
    is_acronym=names.is_acronym,
    joints=frozenset(),
    is_common=name_runs.is_common,
    prepositions=words.PREPOSITIONS,
    documents=words.DOCUMENTS,
    letters=frozenset(),
    sender_of=lambda _: [],
    relation_of=nominatives.relation_of,
    press_owner=names.press_owner,
    papers=words.NOT_SPOKEN,
    senders=(" от ",),
    turn_words=words.TURN_WORDS,
    addressee_verbs=frozenset(form for form, verb in cues.CUES.items() if verb in cues.ASKING),
    askers=words.ASKERS,
    conditions=frozenset(("если",)),
    headed=frozenset(),
    takes_object=lambda _: False,
    name_run=name_runs.NAME_RUN,
    name_words=name_runs.name_words,
    out_of_order=name_runs.out_of_order,
    home_country="RU",
    place_prepositions=frozenset(),
    after_place=lambda parts: ([], parts),
    lead_words=name_runs.lead_words,
    name_in=names.name_in,
    is_organisation_name=names.is_organisation_name,
    generations=frozenset(("младший", "младшая", "старший", "старшая")),
    name_suffixes=frozenset(),
    name_key=names.name_key,
    nominative_name=names.nominative_name,
    organisation_name=nominatives.organisation_name,
    is_nominative=is_nominative_name,
    gender_of=names.gender_of,
    genitive_triggers=words.SOURCES | words.SPOKEN | cues.QUOTES | {"слов", "ссылкой на", "ссылаясь на"},
    gender_when_bent=names.gender_when_bent,
    feminine_surname=lambda surname: f"{surname}а",
    ends_as_feminine=lambda given: given.endswith(("а", "я")),
    gender_of_title=names.gender_of_title,
    plurals_in_s=False,
    title_stands_last=False,
    is_possessor=is_possessor,
    owner_of=owner_of,
    honorifics=words.HONORIFICS,
    is_addressed=names.is_addressed,
    is_title=name_runs.is_title,
    bare_words=name_runs.bare_words,
    head_class=names.head_class,
    is_unnamed_speaker=is_unnamed_speaker,
    display_name=nominatives.display_name,
    upright_name=nominatives.upright_name,
)
