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
    name_links=word_set("of the and de al bin von van"),
    empty_words=word_set("the a an of for to at in s on mr mrs ms"),
    same_stem={"presidential": "president"},
    presidents=word_set("president"),
    heads=word_set("head"),
    leaders=word_set("leader head"),
    chiefs=word_set("president minister governor mayor premier ambassador director"),
    state_titles=word_set("president premier prime state leader"),
    staff=word_set("spokesman spokeswoman spokesperson press aide adviser advisor"),
    former=word_set("former late onetime erstwhile ex-president ex-minister then-president"),
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
)
