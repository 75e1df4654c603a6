"""English words by which texts are taken apart."""

from __future__ import annotations

from pipeline.language.lexicon import Lexicon, word_set

ENGLISH_WORDS = Lexicon(
    abbreviations=word_set(
        "mr mrs ms dr sen rep gov gen col lt sgt capt rev hon st no vs jan feb aug sept sep oct nov dec inc corp jr "
        "sr prof"
    ),
    sentence_openers=word_set("He She It They The This But And In On At When However Meanwhile Asked According"),
    clause_joints=word_set("and but while while,"),
    joins=word_set("and"),
    that=word_set("that"),
    also=word_set("also then"),
    name_links=word_set("of the and de al bin von van der den ter la le del di du dos"),
    empty_words=word_set("the a an of for to at in s on mr mrs ms"),
    same_stem={"presidential": "president"},
    presidents=word_set("president"),
    heads=word_set("head"),
    leaders=word_set("leader head"),
    chiefs=word_set("president minister governor mayor premier ambassador director"),
    state_titles=word_set("president premier prime state leader"),
    staff=word_set("spokesman spokeswoman spokesperson press aide adviser advisor"),
    former=word_set("former late onetime erstwhile ex-president ex-minister then-president"),
    compound_titles=word_set("chef"),
    of_whom=word_set("of about on against over to from without unlike besides"),
    years=word_set("years"),
    diplomacy=word_set("foreign"),
    ministry_beginnings=(),
    press_beginnings=(),
    articles=word_set("the a an"),
    relations=word_set("of in at for from on with close"),
    quantities=word_set(
        "percent half third quarter majority most many several few dozens hundreds those some both all"
    ),
    singular_endings=("ss", "us", "is", "'s"),
    contrast=word_set("but"),
    contracted=word_set("been not going got done a an the"),
    dotted_titles=word_set("Mr Mrs Ms Dr Sen Rep Gov Gen Col Lt Sgt St Jr Sr Rev Hon Capt Prof Maj Sens Reps"),
    number_signs=word_set("No"),
    claims=("comment", "remark", "claim", "accus", "alleg", "asked", "question", "respon", "statement"),
    courtesies=word_set(
        "colleagues friends dear ladies gentlemen everyone everybody all you your the a an last first second third "
        "next final one two more another question questions thank thanks very much many please go ahead good morning "
        "afternoon evening day night hello hi goodbye bye welcome let us let's begin start continue move on to and "
        "for sir madam"
    ),
    formulas=frozenset(
        (
            "yes",
            "no",
            "of course",
            "certainly",
            "exactly",
            "absolutely",
            "correct",
            "right",
            "no comment",
            "no comments",
            "we have no comment",
            "i have no comment",
            "i can not comment",
            "i cannot comment",
            "we do not comment",
            "i will not comment",
            "that is all",
            "that's all",
            "we proceed from the fact that",
            "we proceed from the premise that",
            "we proceed from the assumption that",
            "we'll see",
            "we will see",
            "amen",
            "thank you",
            "thanks",
            "congratulations",
            "welcome",
            "you are welcome",
            "you're welcome",
        )
    ),
    first_person=word_set("i me my mine myself i'm i’m i've i’ve i'd i’d i'll i’ll"),
    first_person_plural=word_set("we us our ours ourselves we're we’re we've we’ve we'd we’d we'll we’ll"),
    notes_of_authors=(
        "the writer is",
        "the author is",
        "the author was",
        "is a columnist",
        "columnist for",
        "opinions expressed",
        "views expressed",
        "editorial",
        "op-ed",
        "in a personal capacity",
        "her own.",
        "his own.",
        "opinion",
    ),
    askers=word_set("question q"),
    answerers=word_set("answer a reply"),
    credits_of_interviews=("interviewed by", "interview by", "this interview", "the interview"),
    interviewers=word_set("q host interviewer"),
)

ENGLISH_FAMILIES = {
    "state": "president premier minister deputy-minister lawmaker senator governor mayor ambassador envoy diplomat "
    "speaker chancellor king congressman congresswoman parliamentarian mp politician official spokesman spokeswoman "
    "spokesperson ombudsman commissioner consul attache general major-general colonel major captain lieutenant "
    "sergeant "
    "admiral marshal commander soldier serviceman prosecutor judge investigator sheriff legislator secretary-general "
    "parliament senate duma ministry cabinet government governor-general vice-premier councillor lieutenant-colonel",
    "expert": "expert analyst economist historian sociologist philosopher pollster strategist publicist journalist "
    "columnist correspondent reporter editor anchor blogger writer author professor academician scientist physicist "
    "chemist biologist mathematician researcher scholar lecturer rector activist lawyer attorney",
    "business": "businessman businesswoman entrepreneur billionaire oligarch banker investor ceo founder co-founder "
    "owner co-owner shareholder developer tycoon magnate farmer restaurateur trader",
    "sport": "coach footballer player striker midfielder goalkeeper boxer swimmer skier biathlete skater gymnast "
    "wrestler sprinter athlete champion olympian cyclist driver-champion basketballer sportsman sportswoman referee "
    "quarterback tennis football hockey chess basketball",
    "art": "actor actress singer composer musician conductor painter artist producer soloist rapper dancer ballerina "
    "sculptor poet screenwriter filmmaker playwright comedian",
    "church": "patriarch metropolitan archbishop bishop priest rabbi mufti imam pope cardinal pastor abbot monk",
    "medicine": "doctor surgeon virologist physician cardiologist paediatrician pediatrician epidemiologist nurse "
    "paramedic psychiatrist",
    "ordinary": "resident driver teacher pupil schoolboy schoolgirl student pensioner retiree eyewitness witness "
    "victim "
    "survivor volunteer worker plumber cook neighbour neighbor tourist passenger housewife",
}
"""Words for what people are, by the family of office: whether two people of one name can be one."""
ENGLISH_POSTS = (
    "president premier minister governor mayor head chairman chairwoman ambassador director chief rector commander "
    "prosecutor coach goalkeeper editor secretary ombudsman commissioner speaker ceo"
)
"""Words for who is at the head of something: whoever is at the head of something else is another."""
ENGLISH_LOOSE = (
    "former ex new first senior chief general acting deputy vice current elected member representative official "
    "special "
    "national federal state people honoured famous leading russian russia region republic city district country area "
    "council committee administration government ministry company centre center institute university service "
    "department "
    "group regional local who whom which works doctor science sciences professor of the and for in at on his her"
)
"""Words of offices that are in too many of them to show that two are one."""
