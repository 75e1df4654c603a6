"""English word forms by rules of endings and lists of irregular forms and of British spellings.

Without a dictionary a rule cannot know which of two bases is a word (``planed`` of ``plane`` or ``plan``), so a form
has all of them as lemmas. That finds a little too much rather than too little.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

_IRREGULAR = """
be am is are was were been being; have has had; do does did done; go goes went gone; say said; tell told; see saw
seen; come came; take took taken; give gave given; get got gotten; make made; know knew known; think thought; find
found; keep kept; hold held; bring brought; buy bought; fight fought; begin began begun; break broke broken; speak
spoke spoken; choose chose chosen; steal stole stolen; write wrote written; drive drove driven; rise rose risen; fall
fell fallen; fly flew flown; grow grew grown; throw threw thrown; draw drew drawn; withdraw withdrew withdrawn; show
shown; lose lost; win won; lead led; feed fed; meet met; leave left; mean meant; send sent; spend spent; build built;
lend lent; sell sold; stand stood; understand understood; withstand withstood; strike struck stricken; shoot shot; die
dying; lie lying lain; pay paid; lay laid; hear heard; sit sat; sink sank sunk; swim swam swum; seek sought; teach
taught; catch caught; run ran; forbid forbade forbidden; forget forgot forgotten; hide hid hidden; bear bore born
borne; swear swore sworn; eat ate eaten; wear wore worn; tear tore torn; shake shook shaken; arise arose arisen;
become became; overcome overcame; feel felt; man men; woman women; child children; person people; foot feet; crisis
crises; analysis analyses; basis bases; criterion criteria; datum data; life lives; wife wives; leaf leaves; half
halves; wolf wolves; self selves; knife knives; serviceman servicemen; spokesman spokesmen; statesman statesmen;
businessman businessmen; congressman congressmen; use used using; sue sued; owe owed; age aged; do doing; go going;
blow blew blown; freeze froze frozen; ride rode ridden; undergo underwent undergone; undertake undertook undertaken;
overthrow overthrew overthrown; foresee foresaw foreseen; override overrode overridden; uphold upheld; withhold
withheld; rebuild rebuilt; hang hung; ring rang rung; sing sang sung; drink drank drunk; wake woke woken; wind wound;
bind bound; dig dug; stick stuck; swing swung; bend bent; sleep slept; sweep swept; deal dealt; burn burnt; learn
learnt; light lit; slide slid; bleed bled; flee fled; speed sped; bite bit bitten; mistake mistook mistaken; mouse
mice; tooth teeth; axis axes; thesis theses; hypothesis hypotheses; phenomenon phenomena; medium media; thief thieves;
shelf shelves
"""
_BRITISH = """
defence defense; offence offense; licence license; pretence pretense; centre center; theatre theater; metre meter;
kilometre kilometer; litre liter; fibre fiber; calibre caliber; sabre saber; programme program; labour labor;
neighbour neighbor; neighbouring neighboring; neighbourhood neighborhood; harbour harbor; honour honor; honourable
honorable; favour favor; favourable favorable; favourite favorite; colour color; behaviour behavior; armour armor;
armoured armored; rumour rumor; humour humor; vigour vigor; endeavour endeavor; parlour parlor; saviour savior; valour
valor; grey gray; aluminium aluminum; plough plow; sceptic skeptic; sceptical skeptical; manoeuvre maneuver; cheque
check; judgement judgment; analyse analyze; paralyse paralyze; catalogue catalog; dialogue dialog; artefact artifact;
mould mold; tyre tire; ageing aging; enrol enroll; fulfil fulfill; instalment installment; defenceless defenseless
"""
_ISE_ALWAYS = frozenset(
    """
    advertise advise arise cruise bruise circumcise comprise compromise concise demise despise devise disguise
    enterprise excise exercise expertise franchise improvise incise likewise merchandise noise otherwise poise
    praise precise premise promise raise revise rise sunrise supervise surmise surprise televise treatise wise
    """.split()
)
"""Words that end in ``ise`` in American spelling too."""
_NUMBERED = re.compile("[a-z]+-?[0-9]+s")
_TAKES_ES = ("s", "x", "z", "ch", "sh", "o")
_SHORT = re.compile("[^aeiou][aeiouy][^aeiouwxy]$")
"""Ends of the words that double their last letter before ``ed`` and ``ing``; of longer words not all do."""


def _base_of_irregular_forms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in _IRREGULAR.replace("\n", " ").split(";"):
        base, *others = line.split()
        forms |= dict.fromkeys(others, base)
    return forms


_BASES = _base_of_irregular_forms()
_IRREGULAR_FORMS: dict[str, list[str]] = defaultdict(list)
for _form, _base in _BASES.items():
    _IRREGULAR_FORMS[_base].append(_form)
_AMERICAN: dict[str, str] = {}
for _pair in _BRITISH.replace("\n", " ").split(";"):
    _spelling, _american_spelling = _pair.split()
    _AMERICAN[_spelling] = _american_spelling
_BRITISH_OF = {american: british for british, american in _AMERICAN.items()}
_ISE = re.compile(r"([a-z]{3,})is(e|ation|ational|able|er|ers)$")
_IZE = re.compile(r"([a-z]{3,})iz(e|ation|ational|able|er|ers)$")


def _american(word: str) -> str:
    """The American spelling of a word; itself if it has no other."""
    if word in _AMERICAN:
        return _AMERICAN[word]
    found = _ISE.match(word)
    return f"{found[1]}iz{found[2]}" if found and f"{found[1]}ise" not in _ISE_ALWAYS else word


def _spellings(word: str) -> set[str]:
    found = _IZE.match(word)
    return {word, _BRITISH_OF.get(word, word), *([f"{found[1]}is{found[2]}"] if found else [])}


def _bases(form: str) -> set[str]:
    """The words that a form can be a form of, itself among them."""
    found = {form}
    if form in _BASES:
        found.add(_BASES[form])
    elif form.endswith("men") and len(form) > 4:
        found.add(form[:-2] + "an")
    if _NUMBERED.fullmatch(form):
        found.add(form[:-1])
    if not form.isalpha() or len(form) < 4:
        return found
    found |= set(_singular(form))
    for ending in ("ed", "ing"):
        stem = form.removesuffix(ending)
        if stem != form and len(stem) >= 3 and re.search("[aeiouy]", stem):
            found |= {stem, stem + "e"}
            if stem[-1] == stem[-2]:
                found.add(stem[:-1])
            if ending == "ed" and stem.endswith("i"):
                found.add(stem[:-1] + "y")
    return found


def _singular(word: str) -> list[str]:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return []
    if word.endswith("ies"):
        return [word[:-3] + "y", word[:-1]]
    if word.endswith("es"):
        return [word[:-1], word[:-2]]
    return [word[:-1]]


@lru_cache(maxsize=50_000)
def _lemmas(form: str) -> frozenset[str]:
    return frozenset(_american(base) for base in _bases(form))


def _forms(base: str) -> set[str]:
    """The regular and the listed forms of a word; some may be forms of other words."""
    found = {base, *_IRREGULAR_FORMS.get(base, ())}
    if len(base) < 3 or not base.isalpha():
        return found
    if base.endswith("y"):
        found |= {base[:-1] + "ies", base[:-1] + "ied"}
    if base.endswith("e"):
        return found | {base + "s", base + "d", base[:-1] + "ing"}
    found |= {base + ("es" if base.endswith(_TAKES_ES) else "s"), base + "ed", base + "ing"}
    if _SHORT.search(base):
        found |= {base + base[-1] + "ed", base + base[-1] + "ing"}
    return found


class _English:
    lang = "en"
    script = re.compile("[a-zA-Z]")
    acronym = re.compile("([A-Z]{2,})s")

    def lemmas(self, form: str) -> frozenset[str]:
        return _lemmas(form)

    lemmas_of_common_word = lemmas_of_name = lemmas_of_first_word = lemmas

    def inflections(self, form: str) -> Iterable[tuple[str, None]]:
        wanted = _lemmas(form)
        bases = {spelling for lemma in wanted for spelling in _spellings(lemma)}
        # Of what is inflected itself only the plural (``meeting``): ``talkeding`` is nobody's word.
        if len(wanted) > 1:
            bases.discard(form)
        others = {other for base in bases for other in _forms(base)} | {form, f"{form}s"}
        return [(other, None) for other in others if not wanted.isdisjoint(_lemmas(other))]


ENGLISH = _English()
