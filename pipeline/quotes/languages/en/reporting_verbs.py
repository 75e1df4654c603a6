"""English verbs that report words and are rarer than ``say``, by what they take, as data; plain forms come first."""

from __future__ import annotations

from pipeline.language.lexicon import word_set

STATING = """
affirm affirms affirmed affirming
aver avers averred averring
avow avows avowed avowing
attest attests attested attesting
bemoan bemoans bemoaned bemoaning
bewail bewails bewailed bewailing
brag brags bragged bragging
confide confides confided confiding
conjecture conjectured conjecturing
crow crowed crowing
deadpan deadpans deadpanned
decree decrees decreed decreeing
demur demurs demurred demurring
divulge divulges divulged divulging
editorialize editorialized editorialise editorialised
enthuse enthuses enthused enthusing
expound expounds expounded expounding
forewarn forewarns forewarned forewarning
gloat gloats gloated gloating
gripe griped griping
grouse grouses groused grousing
grumble grumbles grumbled grumbling
guarantee guaranteed guaranteeing
gush gushed gushing
hypothesize hypothesizes hypothesized hypothesizing
hypothesise hypothesises hypothesised hypothesising
imply implies implied implying
intimate intimated intimating
jest jested jesting
jibe jibed
josh joshed joshing
marvel marvelled marveled marvelling marveling
moan moaned moaning
philosophize philosophized philosophise philosophised
plead pleads pleaded pled pleading
pontificate pontificates pontificated pontificating
posit posits posited positing
postulate postulates postulated postulating
preach preaches preached preaching
profess professes professed professing
prophesy prophesies prophesied prophesying
protest protested protesting
rant ranted ranting
reaffirm reaffirms reaffirmed reaffirming
reassert reasserts reasserted reasserting
recount recounts recounted recounting
rejoin rejoined
reminisce reminisces reminisced reminiscing
restate restates restated restating
riff riffed riffing
scoff scoffs scoffed scoffing
scold scolded scolding
signal signaled signalled signaling signalling
surmise surmises surmised surmising
swear swears swore sworn swearing
tease teased teasing
theorize theorizes theorized theorizing
theorise theorises theorised theorising
thunder thundered thundering
trumpet trumpeted trumpeting
venture ventured venturing
volunteer volunteered volunteering
voice voiced voicing
vouch vouches vouched vouching
wager wagered
whine whined whining
wisecrack wisecracked
blog blogged blogging
text texted texting
email emailed emailing
telegraph telegraphed
counsel counseled counselled counseling counselling
beg begs begged begging
implore implores implored imploring
advocate advocated advocating
"""
"""They take ``that``, a clause or words in marks."""
VOICED = """
bark barked barking
bellow bellowed bellowing
blurt blurts blurted blurting
chime chimed
chortle chortled chortling
chuckle chuckled chuckling
croak croaked
cry cried crying
drawl drawled
gasp gasped gasping
groan groaned groaning
growl growled growling
grunt grunted
hiss hissed hissing
holler hollered hollering
howl howled howling
interrupt interrupted interrupting
mumble mumbled mumbling
parry parried
rasp rasped
riposte riposted
roar roared roaring
scream screamed screaming
shriek shrieked shrieking
sigh sighed sighing
snap snapped snapping
snarl snarled snarling
sniff sniffed
snort snorted
sob sobbed sobbing
splutter spluttered spluttering
sputter sputtered sputtering
squeal squealed
stammer stammered stammering
stutter stuttered
taunt taunted taunting
wail wailed wailing
"""
"""They take words in marks."""
BEFORE_THAT = """
anticipate anticipates anticipated anticipating
calculate calculates calculated
consider considers considered
expect expects expected
fear fears feared fearing
feel feels felt
figure figured
foresee foresees foresaw
guess guessed
hold holds held
hope hopes hoped hoping
imagine imagines imagined
presume presumes presumed
project projects projected
suppose supposes supposed
suspect suspects suspected
decide decided
find finds found finding
determine determines determined
establish established
ruled rule rules ruling
threaten threatens threatened threatening
object objected objecting
show shows showed
certify certifies certified
instruct instructs instructed
order ordered
vote voted
"""
"""They report only right before ``that``; elsewhere they tell of a deed or of a feeling."""
FINDING = word_set("find determine establish ruled show hold decide order vote instruct")
"""Of these, the verbs that report only what a court or a paper says; people find things without a word."""
FINDERS = word_set(
    "court jury judge judges inquiry commission commissioners study studies poll polls survey surveys report reports "
    "review audit investigation probe watchdog panel tribunal committee parliament regulator assessment experts "
    "investigators auditors data figures documents inquest coroner arbitrators"
)
"""Who and what finds by saying so."""
