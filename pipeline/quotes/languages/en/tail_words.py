"""English words that begin or head what a writer adds to a report, as data."""

from __future__ import annotations

from pipeline.language.lexicon import word_set

COMMENTING = word_set(
    "blaming referring citing accusing describing urging contrasting echoing alluding appealing praising thanking "
    "criticizing criticising condemning denouncing dismissing slamming mocking quoting paraphrasing reflecting "
    "contradicting reiterating repeating underscoring underlining invoking hinting joking gesturing pointing "
    "apparently presumably responding replying answering reacting commenting speaking addressing calling lashing "
    "noting adding stressing insisting warning claiming arguing vowing promising pledging declining refusing evoking "
    "recalling apologizing apologising appearing seeming striking hailing lauding chiding rebuking signaling "
    "signalling cautioning"
)
"""Participles of what the speaker does by the words, or in the same breath."""
REACTING = word_set(
    "drawing sparking prompting provoking triggering earning angering infuriating alarming dashing raising"
)
AGAINST = word_set("reports report claims evidence calls warnings denials opposition pressure complaints allegations")
AFTER_NOUN = word_set("that which who of to for since by in from with")
"""What ends the head of an apposition."""
REACTIONS = word_set(
    "criticism anger outrage outcry rebuke rebukes condemnation applause laughter protest protests comparisons reply "
    "ire fury scorn praise concern concerns backlash speculation response hopes fears doubts mockery ridicule "
    "indignation debate questions relief joy panic surprise alarm dismay delight jeers boos cheers"
)
COMMENTS = word_set(
    "move step claim claims statement swipe jab dig reference nod message sign signal remark comment comments "
    "allusion accusation allegation assertion charge suggestion recommendation warning threat position stance view "
    "proposal decision demand rebuke response reversal shift departure change turnaround concession admission result "
    "outcome prospect gesture echo hint denial argument promise pledge proposition line phrase term euphemism "
    "recognition tribute parallel contradiction rhetoric blow boost setback milestone first latest topic subject "
    "issue prediction plan policy practice figure tally news"
)
"""Heads of appositions that comment on what was said."""
RANKS = word_set(
    "first second third latest last biggest largest strongest clearest highest most only sharpest toughest"
)
RELATIVES = word_set("which who whose whom where")
GLOSSED = word_set("may might should must can cannot will would could means makes helps allows")
"""Verbs of a relative clause that mostly holds the speaker's own judgement."""
CONTRAST = word_set("while though although as even but and whereas")
CLOSED = word_set("that to and or but because unless so")
CALLED = word_set(
    "called calls described describes declared dubbed termed denies denied claimed rejects rejected labelled disputed "
    "contradicted refuted"
)
DEEDS = word_set(
    "cautioned accused blamed called urged criticized criticised praised thanked dismissed denounced condemned "
    "rejected defended demanded pledged vowed promised threatened offered refused declined appealed apologized "
    "apologised railed lashed slammed blasted mocked quoted cited referred alluded pointed warned ordered invited "
    "singled questioned challenged ridiculed lauded hailed commended expressed gave provided stopped downplayed "
    "bristled reiterated repeated added stressed recommended endorsed congratulated chided compared likened described "
    "proposed insisted rejects refuses declines accuses blames calls urges mentioned stood denied disputed doubted "
    "contradicted"
)
DETAILED = word_set("say specify elaborate name explain give provide comment clarify mention disclose offer identify")
"""What somebody did not do who said little more."""
WITHOUT = word_set(
    "giving elaborating naming specifying providing explaining saying offering mentioning going identifying"
)
ACTS = word_set(
    "ordered announced launched carried fired struck imposed summoned expelled deployed sent approved voted opened "
    "weighed went said told signed shelled attacked seized banned closed issued published arrested detained showed "
    "suggested indicated revealed found"
)
"""What somebody else did, which no report of how things were holds."""
