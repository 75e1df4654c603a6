"""English verbs of saying, and what each of them takes, as data."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.languages.en import reporting_verbs

_SAY = """
say says said saying
think thinks thought thinking
believe believes believed
claim claims claimed claiming
insist insists insisted insisting
argue argues argued arguing
add adds added adding
note notes noted noting
explain explains explained explaining
stress stresses stressed stressing
emphasize emphasizes emphasized emphasizing
emphasise emphasises emphasised emphasising
stated stating
announce announces announced announcing
declare declares declared declaring
report reports reported reporting
warn warns warned warning
remark remarks remarked remarking
recall recalls recalled recalling
admit admits admitted admitting
acknowledge acknowledges acknowledged acknowledging
concede concedes conceded conceding
confirm confirms confirmed confirming
suggest suggests suggested suggesting
indicate indicates indicated indicating
allege alleges alleged alleging
assert asserts asserted asserting
contend contends contended contending
maintain maintains maintained maintaining
observe observes observed observing
mention mentions mentioned mentioning
underline underlines underlined underlining
underscore underscores underscored underscoring
highlight highlights highlighted highlighting
reiterate reiterates reiterated reiterating
repeat repeats repeated repeating
clarify clarifies clarified clarifying
specify specifies specified specifying
predict predicts predicted predicting
estimate estimates estimated estimating
forecast forecasts forecasting
promise promises promised promising
pledge pledges pledged pledging
vow vows vowed vowing
write writes wrote written writing
tweet tweets tweeted tweeting
posted
reveal reveals revealed revealing
disclose discloses disclosed disclosing
complain complains complained complaining
joke jokes joked joking
quip quips quipped quipping
lament laments lamented lamenting
caution cautions cautioned cautioning
read reads
testify testifies testified testifying
boast boasts boasted boasting
agree agrees agreed agreeing
conclude concludes concluded concluding
opine opines opined opining
reply replies replied replying
respond responds responded responding
answer answered answering
counter counters countered countering
retort retorts retorted retorting
comment commented commenting
elaborate elaborates elaborated elaborating
continue continues continued continuing
stipulate stipulates stipulated stipulating
deny denies denied denying
proclaim proclaims proclaimed proclaiming
confess confesses confessed confessing
assume assumes assumed
reckon reckons reckoned
speculate speculates speculated speculating
demand demanded demanding
recommend recommends recommended recommending
propose proposes proposed proposing
hint hints hinted hinting
fume fumes fumed
exclaim exclaims exclaimed exclaiming
shout shouts shouted shouting
murmur murmured
whisper whispered
mutter muttered
yell yelled
sneer sneered
chant chants chanted chanting
muse muses mused musing
summarize summarized summarise summarised
ruled
reasoned
interjected
intoned
advise advises advised advising
urge urges urged urging
express expresses expressed expressing
describe describes described describing
call calls called calling
criticize criticizes criticized criticizing
denounce denounces denounced denouncing
dismiss dismisses dismissed dismissing
point points pointed pointing
ask asks asked asking
"""
_ADDRESSEE_CUES = """
tell tells told telling
inform informs informed informing
assure assures assured assuring
reassure reassures reassured reassuring
remind reminds reminded reminding
convince convinces convinced
"""


def _forms(block: str, *, plain: bool = True) -> dict[str, str]:
    """From each form to the verb; ``plain``: with the plain form, which is often a noun."""
    lines = [line.split() for line in block.strip().splitlines()]
    return {form: line[0] for line in lines for form in line[not plain :]}


_AS_NOUNS = word_set(
    "push take dispute doubt contest wonder question wonders echo echoes wave brush shrug laugh slam blast mock welcome"
)
_EVALUATING = """
reject rejects rejected rejecting
refute refutes refuted refuting
dispute disputed disputing
rebut rebuts rebutted rebutting
rebuff rebuffs rebuffed rebuffing
debunk debunks debunked debunking
doubt doubted doubting
contest contested contesting
wonder wonders wondered wondering
inquire inquired inquiring enquired enquiring
question questioned questioning
react reacts reacted reacting
slam slams slammed slamming
blast blasts blasted blasting
condemn condemns condemned condemning
mock mocks mocked mocking
ridicule ridicules ridiculed ridiculing
welcome welcomes welcomed welcoming
echo echoes echoed echoing
contradict contradicts contradicted contradicting
brush brushes brushed brushing
shrug shrugs shrugged shrugging
wave waved waving
laugh laughed laughing
push pushed pushing
disagree disagrees disagreed disagreeing
take took takes taking
hit hits hitting
"""


ADDRESSEE_CUES = _forms(_ADDRESSEE_CUES)
ADDRESSEE_VERBS = frozenset(ADDRESSEE_CUES.values())
"""The verbs of these forms, which name the hearer."""
_MORE = _forms(reporting_verbs.STATING, plain=False)
_VOICED = _forms(reporting_verbs.VOICED, plain=False)
CUES = _VOICED | _MORE | _forms(_SAY) | ADDRESSEE_CUES | {"stated": "state", "stating": "state", "posted": "post"}
"""From a form to the verb."""
BEFORE_THAT = {form: verb for form, verb in _forms(reporting_verbs.BEFORE_THAT).items() if form not in CUES}
"""From a form to the verb, for verbs that report only right before ``that``."""
EVALUATING = {form: verb for form, verb in _forms(_EVALUATING).items() if form not in _AS_NOUNS}
"""From a form to its verb: what somebody does with another's claim or asks (``reacted to X's claim that``)."""
JUDGING = frozenset(EVALUATING.values())
"""The verbs of these forms."""
DENYING = word_set(
    "deny reject dismiss rebuff refute dispute rebut debunk doubt contest counter contradict brush shrug wave laugh "
    "push disagree take hit"
)
"""Verbs whose clause the speaker says is untrue."""
OPINIONS = word_set("think believe agree reckon")
"""Verbs that deny their clause when negated (``does not believe that``)."""
CALLING = word_set("call describe denounce criticize dismiss")
"""Verbs that say what a claim is (``called reports that ... untrue``)."""
ASKING = word_set("ask wonder inquire question")
COMMENTING = word_set(
    "comment respond reply answer react call describe criticize denounce slam blast condemn mock ridicule"
)
"""Verbs by which somebody only says something of another's claim."""
AFFIRMING = word_set(
    "confirm acknowledge admit agree concede reiterate repeat make issue insist maintain stress emphasize emphasise "
    "support clarify express"
)
"""Verbs whose clause is the speaker's even where the claim is another's (``confirmed X's statement that``)."""
_MANY_DEEDS = frozenset((*_MORE.values(), *_VOICED.values())) - _forms(_SAY).keys() - ADDRESSEE_VERBS
ZERO_THAT = word_set(
    "affirm aver avow quip opine reaffirm theorize theorise surmise hypothesize "
    "deny emphasize emphasise underline say think believe claim insist argue note suggest announce report add "
    "acknowledge admit maintain "
    "contend promise predict declare explain warn write allege state stress tell confirm reiterate "
    "estimate assert concede tweet testify vow recall remind assure pledge joke complain reckon"
)
"""Verbs that take a clause without ``that``."""
SOON = word_set("deny brag swear boast lament hint imply signal intimate guarantee")
"""Verbs with such a clause only where a finite verb is near: they take many other objects."""
SURE = word_set("say think insist argue contend reckon joke")
"""Verbs that take hardly anything but such a clause."""
CIRCUMSTANTIAL_ING = word_set(
    "speaking citing referring commenting adding noting answering responding addressing according regarding "
    "concerning following including during announcing discussing describing explaining using quoting"
)
"""Participles that begin a circumstance of the saying (``said speaking to reporters``)."""
PERSONAL = word_set("warn promise caution write advise ask say announce explain point report")
"""Verbs that may name the hearer before ``that``."""
COMPLEMENT_NOUNS = word_set(
    "hope hopes confidence belief view opinion concern concerns regret conviction fear fears doubt doubts assurance "
    "assurances fact idea notion claim claims suggestion suggestions allegation allegations statement warning reports "
    "certainty satisfaction readiness disappointment surprise gratitude possibility position stance point argument "
    "thesis "
    "message promise pledge call opinion observation remark remarks accusation accusations rumor rumors rumour rumours "
    "assessment assessments report assertion assertions contention insinuation insinuations speculation words "
    "comment comments comments warnings "
    "charge charges theory narrative story stories complaint complaints skepticism scepticism conclusion"
)
"""Nouns whose ``that`` holds what was said."""
FALSE = word_set(
    "untrue false fake nonsense lie lies baseless groundless unfounded absurd ridiculous fabrication fabrications "
    "fabricated slander slanderous disinformation misinformation incorrect wrong inaccurate rubbish ludicrous hoax "
    "nonsensical preposterous unsubstantiated fiction libel invention inventions"
)
"""What a claim is called to deny it."""
NOTING = word_set("note recall mention acknowledge highlight stress underline")
"""Verbs that take another's claim as their object (``noted X's statement that``)."""
CLAIM_NOUNS = word_set(
    "claim claims statement assertion assertions allegation allegations accusation accusations warning warnings remark "
    "suggestion suggestions prediction contention words"
)
"""Nouns that are enough to report a claim where nobody else speaks (``echoed a warning by X that``)."""
OBJECT_CUES = word_set(
    "stress emphasize emphasise underline underscore highlight describe call criticize denounce dismiss "
    "express note mention acknowledge reiterate confirm point declare demand"
)
"""Verbs whose object is a report only if it holds words in marks."""
NEEDS_MARKS_OR_THAT = _MANY_DEEDS | word_set(
    "describe call criticize denounce dismiss express highlight point ask urge advise deny comment post "
    "agree repeat respond counter assume propose recommend demand hint "
    "forecast estimate maintain indicate reveal disclose mention speculate"
)
"""Verbs that do many things: on the right of a clause, without marks, they report nothing."""
WRITING = word_set("write tweet post")
"""Verbs whose object may be what is written or sent (``tweeted an image``)."""
WRITINGS = word_set(
    "image images photo photos photograph photographs picture pictures video videos link links map graphic letter "
    "letters book books piece column article articles memo essay op-ed note novel poem song script post message"
)
"""What is written or sent."""
TRAILING = word_set(
    "say read add note explain stress emphasize emphasise state announce declare report warn remark recall "
    "claim insist argue believe think tell write admit acknowledge confirm suggest allege assert observe "
    "conclude predict estimate specify clarify reiterate underline underscore inform continue elaborate "
    "contend maintain tweet concede highlight reply answer complain joke lament assure remind"
)
"""Verbs that can follow the clause they report (``..., he noted``)."""
NOUN_LIKE = word_set(
    "hope hopes fear fears find finds guess project projects hold holds feel figure order vote show shows "
    "report reports claim claims note notes state states comment comments answer answers post posts think "
    "say call calls point points reply demand demands estimate estimates forecast forecasts promise "
    "promises pledge pledges tweet tweets stress warning saying reporting highlights hint hints vow vows "
    "remark remarks response counter warnings thinking writing murmur shout caution allege assume reveal "
    "believe argue suggest add tell ask joke jokes vows question questions whisper write continue agree "
    "insist thought"
)
"""Forms that are often nouns, or plain forms: a pronoun, a plural or a name must stand before them."""
