"""Words by which texts are taken apart where one text may hold several languages; each language lists its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, in lower case unless a field says otherwise."""

    abbreviations: frozenset[str]
    """Words whose full stop ends no sentence, without it."""
    sentence_openers: frozenset[str]
    """Words, with their capital, that begin a sentence even after an abbreviation."""
    clause_joints: frozenset[str]
    """Words that join a clause to the one before (``but``)."""
    joins: frozenset[str]
    """Words that join two names (``and``)."""
    that: frozenset[str]
    """Words that introduce a reported clause."""
    also: frozenset[str]
    """Words before an attribution that belong to it (``also said``)."""
    name_links: frozenset[str]
    """Words without a capital within names (``of``, ``van``)."""
    empty_words: frozenset[str]
    """Words that titles are compared without: articles, prepositions, forms of address."""
    same_stem: dict[str, str]
    """From a stem to that of the word it stands for in titles."""
    presidents: frozenset[str]
    """The word for the head of a republic."""
    heads: frozenset[str]
    """Words for the head of anything."""
    leaders: frozenset[str]
    """Words for the head of anything and for a leader of a country."""
    chiefs: frozenset[str]
    """Titles whose holder has a staff."""
    state_titles: frozenset[str]
    """Words of titles whose holder news may leave unnamed (``prime``, ``minister`` is none)."""
    staff: frozenset[str]
    """Titles of those who serve somebody (``spokesman``)."""
    former: frozenset[str]
    """Words that say that a title is of another time."""
    compound_titles: frozenset[str]
    """What stands, with a hyphen, before a title that a chief has too (``шеф-повар``)."""
    of_whom: frozenset[str]
    """Prepositions before whom a sentence only speaks of (``Of X he said``), unlike ``For X``."""
    years: frozenset[str]
    """Words behind the number of somebody's years."""
    diplomacy: frozenset[str]
    """Stems that make whoever is introduced with them a diplomat."""
    ministry_beginnings: tuple[str, ...]
    """How one-word names of ministries begin."""
    press_beginnings: tuple[str, ...]
    """How words for a press service begin."""
    articles: frozenset[str]
    relations: frozenset[str]
    """Prepositions between a title and whose it is, and what says how near somebody is to whom."""
    quantities: frozenset[str]
    """Words that say how many people speak."""
    singular_endings: tuple[str, ...]
    """Endings in ``s`` that make no plural."""
    contrast: frozenset[str]
    """Words that set a clause against the one before."""
    contracted: frozenset[str]
    """Words after a name with ``'s`` that show that it stands for a verb (``Zuev's been there``)."""
    dotted_titles: frozenset[str]
    """Titles, with their capital, that are one word with their full stop."""
    number_signs: frozenset[str]
    """Abbreviations before a number, with their capital."""
    claims: tuple[str, ...]
    """Patterns of words for what others claim or ask, as regular expressions at the beginning of a word."""
    courtesies: frozenset[str]
    """Words of greeting, thanks and moderation, of which a courtesy consists."""
    formulas: frozenset[str]
    """Set phrases that say nothing by themselves, without punctuation."""
    first_person: frozenset[str]
    """``I`` and its forms."""
    first_person_plural: frozenset[str]
    """``we`` and its forms."""
    notes_of_authors: tuple[str, ...]
    """What stands over or under the text of somebody who writes his own opinion."""
    askers: frozenset[str]
    """Labels of the turns of who asks, whoever he is."""
    answerers: frozenset[str]
    """Labels of the turns of who answers, whoever he is."""
    credits_of_interviews: tuple[str, ...]
    """How a line begins that says who took an interview."""
    interviewers: frozenset[str]
    """Labels of interviews: who asks, and letters for question and answer."""


def word_set(listed: str) -> frozenset[str]:
    """The words of a string, separated by spaces: how word lists are written."""
    return frozenset(listed.split())
