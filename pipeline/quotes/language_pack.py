"""What a language pack must provide: lexicons as data, and functions that find attributions, names and phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.quote_rules import SpanOrigin
from pipeline.quotes.text.tokens import Token
from pipeline.records import Stance

How = Literal["that", "colon", "quote", "bare", "object", "none"]
Clause = Literal["main", "relative", "opening"]
"""Where an attribution stands: in the main clause, in ``who said that ...``, or in ``While X said that ..., ``."""
Indices = tuple[int, int]


@dataclass(slots=True)
class Attribution:
    """One attribution in a sentence: ``he said``, ``according to the ministry``; all numbers are token indices.

    ``start`` and ``end`` bound the words of the attribution itself, ``complement`` is where the reported words begin
    on its right (None: they stand on its left). ``speaker`` is None where the words name nobody.
    """

    start: int
    end: int
    cue: Indices
    speaker: Indices | None
    complement: int | None
    how: How
    kind: Literal["verb", "gerund", "source"]
    rule: SpanOrigin
    gender: str | None = None
    """Gender and number of the speaker, as the verb shows them: ``m``, ``f``, ``n``, ``p`` or nothing."""
    impersonal: bool = False
    """It names nobody: the document or organisation mentioned before says so (``it is noted that``)."""
    shared: bool = False
    """The speaker is the one of the attribution before (``adding that``)."""
    silent: bool = False
    """It gives no quote (``did not say that``, ``commented on reports that``), yet limits its neighbours' reports."""
    relative: bool = False
    """In a relative clause (``X, who said that ..., left``), which a comma and a verb end."""
    weak: bool = False
    """It counts as an attribution only beside words in marks or with a complement."""
    stance: Stance = "said"
    """The speaker's stance; words with the stance ``reported`` are the claimant's, if there is one."""
    claimant: Indices | None = None
    """The words that name who made the claim that the speaker denies or comments on."""
    starts: int | None = None
    """Where the reported words begin, if they stand left of the attribution and not at its clause's start."""
    ends: int | None = None
    """Where the words reported on its right end at the latest."""
    of_previous: bool = False
    """What it reports is the sentence before (``Об этом заявил X``)."""

    @property
    def claimed(self) -> bool:
        """Whether the words reported are another's claim, on which the speaker only comments."""
        return self.stance == "reported" and self.claimant is not None


@dataclass(frozen=True, slots=True)
class Pack:
    """A language pack: the data and functions of one language."""

    lang: str
    example: str
    """A sentence with an attribution: finding its quote loads every dictionary of the language."""
    triggers: frozenset[str]
    """Lower-case words, one of which stands in every sentence with an attribution."""
    find_attributions: Callable[[list[Token]], list[Attribution]]
    """The attributions of a sentence, in order, none overlapping another's words."""
    trim_reported_clause: Callable[[list[Token], int, int], Indices]
    """Trims a reported clause ``[i, j)``: datelines, conjunctions and the like at its edges."""
    goes_on: Callable[[list[Token], int, int, Attribution], bool]
    """Whether the tokens ``[i, j)`` after an attribution in the middle continue the report."""
    inner_attributions: Callable[[str, int, int], list[Indices]] | None
    """Where an attribution stands inside marks (``«..., — сказал он. — ...»``), if the language writes so."""
    is_report: Callable[[list[Token], int, int], bool]
    """Whether the tokens ``[i, j)`` left of an attribution can be a clause and not a circumstance."""
    is_circumstance: Callable[[list[Token], int, int], bool]
    """Whether the tokens ``[i, j)`` are only when, where or how something was said."""
    report_end: Callable[[list[Token], Attribution, Clause], int]
    """Where the report right of an attribution ends, in the kind of clause the attribution stands in."""
    tail_start: Callable[[list[Token], int, int], int]
    """Where in a report ``[i, j)`` the writer's own words begin (``..., a move that critics call late``), or ``j``."""
    keeps_pieces: bool
    """Whether a few words left of an attribution in the middle (``The letter, he said, was lost``) are a quote too."""
    parts_at_colon: bool
    """Whether words in marks after a report and a colon are a quote of their own."""
    is_work: Callable[[list[Token], int], bool]
    """Whether the words in marks at a token are the name of a book, a show, a firm, by the words before them."""
    subordinators: frozenset[str]
    """Conjunctions that make the clause after them subordinate (``while``)."""
    pronouns: dict[str, str]
    """From a pronoun to whom it can mean: ``m``, ``f``, ``n``, ``p`` (several) or ``i`` (the one who speaks)."""
    interlocutors: frozenset[str]
    """Words for whoever spoke to the outlet just now."""
    indefinite: frozenset[str]
    """Words before a title that make it somebody new (``an``, ``one``)."""
    possessives: frozenset[str]
    """Words such as ``his`` before a title."""
    bylines: frozenset[str]
    """Stems of agencies and outlets: beside a cue their name says who printed the words, not who spoke."""
    ranks: frozenset[str]
    """Words in a title that make it another one (``deputy``)."""
    contenders: frozenset[str]
    """Stems of words for those who only seek the office that their title names (``presidential candidate``)."""
    class_of: Callable[[str], str | None]
    """The class of one word, lower-case or a stem of it."""
    is_finite: Callable[[Token], bool]
    """Whether a token is a finite verb."""
    specific: frozenset[str]
    """Stems of words for organisations that mean one only where its name has the word (``court``, not ``agency``)."""
    firms: frozenset[str]
    """Stems of words for firms (``company``), which never mean an authority."""
    outlets: frozenset[str]
    """Stems of words for news media (``newspaper``), which never mean another organisation."""
    may_be_outlet: Callable[[list[str]], bool]
    """Whether the words of an organisation's name can be an outlet's."""
    is_local_office: Callable[[list[Token]], bool]
    """Whether the words right of an organisation's name make it the office of a region (``ФСБ по Томской области``)."""
    generic: frozenset[str]
    """Words before the kind of an organisation that do not say which one it is (``the same agency``)."""
    subject_of: Callable[[list[Token]], Indices | None]
    """The first noun phrase of a sentence."""
    is_acronym: Callable[[str], bool]
    """Whether a word is the name of an organisation on its own (``IAEA``, ``Минспорт``)."""
    joints: frozenset[str]
    """What stands between two runs of capitals that are one name of an organisation (`` of ``)."""
    is_common: Callable[[str], bool]
    """Whether a capitalised word is a common noun that only opens its sentence."""
    prepositions: frozenset[str]
    documents: frozenset[str]
    """Stems of words for documents that speak for their author: a statement, a website."""
    letters: frozenset[str]
    """Stems of the documents that mean only who is known to have written one (``the letter``)."""
    sender_of: Callable[[list[Token]], list[Token]]
    """Of the words for a document those that name whoever wrote it (``the letter from X``); none if none do."""
    relation_of: Callable[[str, int, str], str]
    """What stands behind a source at an offset of the text on whom he is near to, as his name in the nominative asks
    for it; empty if nothing does."""
    press_owner: Callable[[list[Token]], list[Token]]
    """Of the words for a press service those that name whose it is; none for other words."""
    turn_words: frozenset[str]
    """Labels of transcript turns without a name (``Question``, ``Вопрос``)."""
    addressee_verbs: frozenset[str]
    """Verbs with the person asked or addressed right of them: the words before them introduce nobody."""
    askers: frozenset[str]
    """The labels of those who ask (``Question``)."""
    conditions: frozenset[str]
    """Words that begin a condition (``if``), whose subject is no more likely to speak than who spoke before."""
    headed: frozenset[str]
    """Words that a name before them only describes (``Zuev supporters``)."""
    takes_object: Callable[[str], bool]
    """Whether a name right of a lower-case word is its object and no subject (``without naming Zuev``)."""
    name_run: re.Pattern[str]
    """Finds a run of capitalised words."""
    name_words: Callable[[str], list[str]]
    """The words of a run that are a name, without titles before it; empty if there is none."""
    out_of_order: Callable[[str], Iterable[list[str]]]
    """The words, in the usual order, of full names that a text writes in another."""
    home_country: str | None
    """The country whose president is meant where a text names neither him nor any country nor anybody else."""
    place_prepositions: frozenset[str]
    """Prepositions between a title and the place it is held at, which a name may follow without a comma."""
    after_place: Callable[[list[str]], tuple[list[str], list[str]]]
    """The words of a run right of such a preposition: the place, and the name."""
    lead_words: Callable[[str], list[str]]
    """The words of a run before the name."""
    name_in: Callable[[list[Token]], Indices | None]
    """Where in the words for a speaker a person's or organisation's own name stands."""
    is_organisation_name: Callable[[list[str]], bool]
    """Whether a name that the roster does not know is an organisation's and not a person's."""
    generations: frozenset[str]
    """Words before a surname that distinguish its bearer from another of the family (``the younger``)."""
    name_suffixes: frozenset[str]
    """Words after a surname, lower-case and without a full stop, that are no part of it (``jr``)."""
    name_key: Callable[[list[str]], tuple[str, ...]]
    """A name's words in a form in which the same name compares equal."""
    nominative_name: Callable[[list[str], str | None], str]
    """A name in the nominative, of the given gender if that is known."""
    organisation_name: Callable[[list[str]], str]
    """The name of an organisation that stands in marks, in the nominative."""
    is_nominative: Callable[[list[str]], bool]
    """Whether a name is surely written in the nominative."""
    gender_of: Callable[[list[str]], str | None]
    """``m`` or ``f`` as a name shows it."""
    genitive_triggers: frozenset[str]
    """Words right after which the words for a speaker stand in the genitive."""
    gender_when_bent: Callable[[list[str]], str | None]
    """``m`` or ``f`` as a name in the genitive shows it."""
    feminine_surname: Callable[[str], str]
    """A man's surname with the ending of a woman's, which can be his own in the genitive; empty if there is none."""
    ends_as_feminine: Callable[[str], bool]
    """Whether a given name ends as women's names do."""
    gender_of_title: Callable[[list[Token]], str | None]
    """``m`` or ``f`` as a title shows it (``spokeswoman``)."""
    plurals_in_s: bool
    """Whether the words for several people end in ``s``."""
    title_stands_last: bool
    """Whether the head of a title is the last word before a name (``deputy foreign minister``)."""
    owner_of: Callable[[Sequence[str], str, Sequence[str]], str | None]
    """What the owner of a name right of some words and left of others has: "" a person, whoever the owner is
    (``Zuev's deputy``); a stem if the owner may as well be that himself (``заместителя Зуева``); None nobody."""
    is_possessor: Callable[[str, str, bool, Sequence[str] | None], bool]
    """Whether a name right of a word is whose that is (``представитель Зуева``), not who it is.

    The third argument is whether it is known that the name can be its bearer's genitive, the fourth the words before,
    or None where the roster does not know the bearer, so that an unusual word may be his title.
    """
    honorifics: dict[str, str]
    """From a word of address before a name, lower-case and without a full stop (``mr``), to ``m`` or ``f``."""
    is_addressed: Callable[[list[str], str], bool]
    """Whether somebody's name behind words for another says whom he addresses (``представитель мэрии Зуеву``)."""
    is_title: Callable[[str], bool]
    """Whether a lower-case word stands before names without being part of them."""
    bare_words: Callable[[list[str]], list[str]]
    """Words for a speaker without articles and possessive endings."""
    head_class: Callable[[list[Token]], str | None]
    """The class of the head word of an epithet."""
    is_unnamed_speaker: Callable[[list[Token], str | None], bool]
    """Whether the words for a speaker name somebody only to describe who else speaks (``a friend of X``).

    The second argument is what the verb shows of the speaker's gender.
    """
    display_name: Callable[[list[Token]], str]
    """The words for an unknown speaker as they are shown; empty if they name nobody."""
    papers: frozenset[str] = frozenset()
    """Of these the stems of what is nobody's own speech (``report``): of a person who spoke before it is none."""
    senders: tuple[str, ...] = ()
    """What stands right before whoever sent a document (`` from ``)."""
    upright_name: Callable[[str], str] = str
    """The same from words that stand in the genitive (``жены Зуева``: ``жена Зуева``)."""
