"""English words by which two wordings are compared."""

from __future__ import annotations

from pipeline.language.en.clauses import has_predicate, has_subject
from pipeline.language.en.morphology import ENGLISH
from pipeline.language.lexicon import word_set
from pipeline.language.wording_lists import LanguageOfWords, WordLists, word_groups

_DERIVED = ("ations", "ation", "ating", "ated", "ates", "ate", "ions", "ion", "ments", "ment", "ly", "ness")
_SHORTEST = 4


def stem_english(word: str) -> str:
    """One stem for all forms of a word and for what is derived from it; also for some that are not related."""
    found = min(ENGLISH.lemmas(word), key=lambda lemma: (len(lemma), lemma))
    for ending in _DERIVED:
        if found.endswith(ending) and len(found) - len(ending) >= _SHORTEST:
            found = found.removesuffix(ending)
            break
    if len(found) > 3:
        found = found.removesuffix("e")
        found = f"{found[:-1]}i" if found.endswith("y") else found
    return found


_UNITS = (
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_ORDINALS = (
    "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {
    **{word: float(value) for word, value in zip(_UNITS, (0, *range(2, 20)), strict=True)},
    **{word: float(value) for value, word in enumerate(_ORDINALS, 2)},
    **{word: 10.0 * value for value, word in enumerate(_TENS, 2)},
    "first": 1.0, "andahalf": 0.5, "thirtieth": 30.0, "half": 0.5, "halves": 0.5, "quarter": 0.25,
    "quarters": 0.25, "thirds": 3.0,
    "fifths": 5.0, "twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "thrice": 3.0,
}  # fmt: skip

ENGLISH_WORDING = LanguageOfWords(
    WordLists(
        contractions=(
            (r"\bwon't\b", "will not"),
            (r"\bcan't\b|\bcannot\b", "can not"),
            (r"\bshan't\b", "shall not"),
            (r"n't\b", " not"),
            (r"'ll\b", " will"),
            (r"'re\b", " are"),
            (r"'ve\b", " have"),
            (r"'m\b", " am"),
            (r"\b(i|you|he|she|we|they|it|there|who|that)'d\b", r"\1 would"),
            (r"\b(it|he|she|that|there|what|who|here|where|how)'s\b", r"\1 is"),
            (r"\blet's\b", "let us"),
            (r"\band a half\b", "andahalf"),
            (r"\bper cent\b", "percent"),
            (r"\bmore than once\b", "repeatedly"),
            (r"\bout of the question\b", "not possible"),
            (r"\bnot only\b", "only"),
            (r"\bset up\b", "arrange"),
            (r"\blong[ -]term\b", "longterm"),
            (r"\bno[ -]one\b", "nobody"),
        ),
        expansions={
            "u.s": "us",
            "usa": "us",
            "america": "us",
            "american": "us",
            "eu": "european union",
            "un": "united nations",
            "uk": "britain",
            "british": "britain",
            "nato": "nato",
            "bn": "billion",
            "mln": "million",
            "km": "kilometer",
            "ok": "okay",
            "pm": "prime minister",
            "kyiv": "kiev",
            "favour": "favor",
            "harbour": "harbor",
            "programme": "program",
            "neighbour": "neighbor",
            "colour": "color",
            "labour": "labor",
        },
        empty=word_set(
            "few a an the this that these those it its he him his she her hers they them their theirs we us "
            "our ours i me "
            "my mine you your yours who whom whose which what when where how there here be is am are was were been "
            "being have has had having do does did done doing will would shall should can could may might must of in "
            "on at for from to with by as into onto over up out off about than then so and or but if because while "
            "also too very just even still yet already now own such all any some every each other another both more "
            "most much many lot quite rather really simply well of course certainly indeed only again one ones get "
            "got go going gone let not no nor none never nobody nothing neither without until till since "
            "after before "
            "through during between against under above below"
        ),
        formula_words=word_set(
            "say said tell told comment thank thanks please question answer see know think believe happen add "
            "confirm "
            "clear good evening morning day everyone colleague friend welcome situation closely monitor follow "
            "development proceed premise assume wait time today anything something everything thing leave "
            "moment stage regard respect course come coming mr mrs minister president prime "
            "sir madam governor secretary"
        ),
        formulas=(
            r"we (?:proceed|assume) from\b",
            r"we (?:are )?(?:closely )?(?:follow|monitor|watch)",
            r"no comment",
            r"(?:i|we) (?:have|will|can|do) (?:no|not|nothing)\b.*\b(?:comment|say|add)\b",
            r"(?:let us|we (?:will|shall)) see\b",
            r"let us wait\b",
            r"thank you",
            r"time will tell",
            r"good (?:morning|evening|afternoon)",
            r"(?:i|we) (?:will )?leave (?:it|that|this)\b",
        ),
        negations=word_set(
            "not no never impossible nobody none nothing neither nor nowhere hardly unable fail fails failed failing"
        ),
        denials=(
            r"\b(?:un|not )true\b",
            r"\blie[sd]?\b",
            r"\bfalse(?:ly|hood)?\b",
            r"\bden(?:y|ies|ied|ying)\b",
            r"\brumou?rs?\b",
            r"\bfake\b",
            r"\bnonsense\b",
            r"\bmyth\b",
            r"\ballege[sd]?\b",
            r"\ballegedly\b",
            r"\baccus",
            r"\bclaim(?:s|ed)?\b",
            r"\b(?:people|they|some|others|many) (?:say|said|write|wrote|claim|think|believe|told)\b",
            r"\bsupposedly\b",
            r"\bkeeps? (?:on )?(?:saying|telling|repeating)\b",
            r"\b(?:dismiss|reject|refut)(?:s|ed|es|ing)? (?:the |all )*(?:suggestion|claim|report|allegation|idea)",
            r"\b(?:groundless|baseless|unfounded|absurd|invented|fantasy)\b",
            r"\b(?:is|are) (?:wrong|mistaken)\b",
            r"\bcontrary to\b",
            r"\bthey said\b",
            r"\bwhether\b",
        ),
        that=word_set("that"),
        affirmations=word_set(
            "i we my our me us it is am are was be have has had would will can say said saying think believe know "
            "hope stress repeat note add remind tell told make made clear sure convinced confident certain want "
            "emphasise emphasize underline confirm understand see feel like to just let once more again very "
            "president repeatedly already position day first always quite absolutely true obvious important "
            "known fact and but so also well"
        ),
        negating_prefixes=("un", "il", "im", "in", "ir", "dis", "non"),
        conditions=(
            r"\bif\b",
            r"\bas soon as\b",
            r"\bonce\b",
            r"\bwhen\b",
            r"\bunless\b",
            r"\bas long as\b",
            r"should\b(?! not)",
        ),
        corrections=word_set("now today already but actually truth fact however instead yesterday morning although"),
        joints=word_set("but and so because while although"),
        clause_joints=word_set("but and while though although yet however so whereas"),
        strong_joints=word_set("but"),
        subordinators=word_set(
            "that which who whom whose where when while if as because since after before until unless "
            "although though "
            "once whether how why what so than like"
        ),
        relatives=word_set("which whom whose"),
        prepositions=word_set(
            "of in on at to from with by for about after before under over through without during upon among between "
            "against into behind beside beyond despite within"
        ),
        open_after_joint=word_set("if when that what as once"),
        numbers=_NUMBERS,
        multipliers={
            "hundred": 100.0,
            "dozen": 12.0,
            "dozens": 12.0,
            "hundreds": 100.0,
            "thousand": 1e3,
            "thousands": 1e3,
            "million": 1e6,
            "millions": 1e6,
            "billion": 1e9,
            "billions": 1e9,
            "trillion": 1e12,
            "trillions": 1e12,
        },
        percent="percent",
        months=(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ),
        weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        relative_days=("yesterday", "today", "tomorrow"),
        places=word_groups(
            "russia moscow kremlin; ukraine kiev kyiv; us washington; china beijing; britain london; france paris; "
            "germany berlin; european brussels eu; belarus minsk; turkey ankara; iran tehran; israel jerusalem; "
            "west western"
        ),
        synonyms=word_groups(
            """
            talk negotiation talks; ready prepared; sense point; premature early; continue proceed persist remain
            stay; meet meeting; begin start launch; speak talk; return back; rise grow increase; fall drop decrease
            decline; entire whole full fully; agree agreed agreement deal accord; country nation state; war
            conflict; help assist
            aid; important significant; quick fast rapid swift speedy; big large great huge; convinced sure confident
            certain; shut close; finish complete end; trust confidence; private closed; children kids child; build
            construct; attack strike assault; difficult hard; necessary needed need; receive get; buy purchase;
            inform notify; answer reply respond response; seek look; hope expect; reason ground; discuss discussion;
            goal aim objective; decide choose; leave quit withdraw exit; deliberate intentional; delay postpone
            drag; regret sorry; aware informed; visit trip; kill dead die; weapon arm; destroy hit; send dispatch
            deploy; demand require insist; publish release; show demonstrate; threat danger; urgent immediate;
            next coming; apart separate separately; arrange organise organize organised organized organising
            organizing; date timing; clarity understanding;
            ship vessel; prisoner detainee captive; soldier serviceman troops military army; drone uav; rocket
            missile; sailor seaman; talk talking; refuse decline reject; request ask; propose proposal offer suggest;
            handover transfer hand; letter message; hold held; pay payment; raise raised increase; money cash;
            provoke provocation; harm damage; tax duty; border frontier; fuel petrol; sack dismiss fire; aim seek;
            constant permanent; vow pledge promise; warn warning; arrest detain; occur happen; journalist reporter;
            truce ceasefire; bury burial; cable line; wounded injured; refugee evacuee; exercise drill; leader head;
            unacceptable inadmissible; reduce cut; mend repair; spokesman spokesperson; plane aircraft; house home;
            school classroom; farmer farm; terrorist terrorism; mastermind organiser; contact communication
            absolutely completely totally; captive captured prisoner; shell bombard; town city; money funds
            """
        ),
        opposites=word_groups(
            """
            more fewer; more less; up down; rise fall; support oppose; before after; open close; win lose; buy sell;
            begin finish; accept reject; agree refuse; allow forbid; good bad; possible impossible; strengthen
            weaken; above below; north south; east west; ally enemy; cheap dear; always never; everybody nobody;
            likely unlikely; enter leave; raise lower; raise cut; increase reduce; success failure; friendly
            hostile; early late; legal illegal; arrive depart; supports opposes; with without; improve worsen;
            improve deteriorate; grow shrink; gain lose; defend attack; attack repel; arrest release; start
            stop; begin
            stop; continue stop; resume suspend; extend end; expand narrow; ban allow; permit ban; confirm deny; peace
            war; advance retreat; enemy friend; hot cold; import export; older younger; first last; left right; strong
            weak; safe dangerous; success fail; rich poor; increase cut; speed slow; trust distrust; approve reject;
            join leave; keep abandon; mild harsh
            """
        ),
    ),
    stem_english,
    str.isalpha,
    lambda _: False,
    has_predicate,
    has_subject,
)
