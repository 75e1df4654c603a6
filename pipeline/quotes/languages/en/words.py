"""The small English words around verbs of saying, and the words for speakers, as data."""

from __future__ import annotations

from pipeline.language.lexicon import word_set

PLURALS = word_set(
    "police people men women children media majority half percent others some many most few both those these"
)
"""Words that are several without an ``s``."""
AUXILIARIES = word_set("has have had having did does do will would could can may might must should shall 's 've 'd 'll")
BE = word_set("is are was were be been being am 're 'm")
NEGATIONS = word_set("not never n't neither nor cannot without hardly")
NEGATED_AUXILIARIES = word_set(
    "didn't doesn't don't hasn't haven't hadn't won't wouldn't couldn't can't isn't wasn't aren't weren't shouldn't"
)
ADVERBS = word_set(
    "also later then further once previously earlier already again still ever just now even recently often too "
    "meanwhile therefore thus however nevertheless moreover himself herself themselves itself yesterday today both "
    "all rather well here there instead twice first last always sometimes ago long since likewise simply merely only "
    "half far"
)
DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight earlier later afterward "
    "afterwards recently mon tue wed thu fri sat sun"
)
PREPOSITIONS = word_set(
    "of in on at by for to from with about into over after before during against under between through amid among "
    "following regarding concerning since until via towards toward despite without within across near upon as than "
    "behind per including like outside inside"
)
NP_LINKS = word_set("of for in at from with on to")
"""Prepositions that can stand inside the words for a speaker."""
CONJUNCTIONS = word_set(
    "and but or nor that which who whom whose if whether because while when where although though so yet as than "
    "since until unless after before how why what whereas"
)
DETERMINERS = word_set(
    "the a an this that these those his her its their our my your some many several most both all another one two "
    "three four five other no any each every"
)
OBJECT_PRONOUNS = {"him": "m", "her": "f", "them": "p"}
POSSESSIVES = {"his": "m", "her": "f", "their": "p", "its": "n"}
PRONOUNS = {
    "he": "m", "she": "f", "they": "p", "it": "n", "we": "i", "i": "i", "you": "y",
}  # fmt: skip
FINITE = (
    AUXILIARIES
    | BE
    | NEGATED_AUXILIARIES
    | word_set(
        "isn't aren't wasn't weren't it's he's she's they're we're i'm that's there's went came made took "
        "gave got became began wants want needs need goes remains remained plans seeks sought held met left "
        "led kept"
    )
)
"""Words that show a clause."""
MEDIA_NOUNS = word_set(
    "newspaper outlet agency channel broadcaster daily weekly magazine website portal network paper station"
)
TITLES = word_set(
    "president prime minister foreign defense defence interior finance vice deputy first acting former ex-president "
    "spokesman spokeswoman spokesperson press secretary speaker chairman chairwoman chair head chief consul director "
    "general secretary-general senator governor mayor ambassador envoy special aide adviser advisor leader chancellor "
    "king queen prince pope patriarch metropolitan rabbi colonel admiral major captain lieutenant commander sen rep "
    "gov gen col mr mrs ms dr sir lord lady professor judge justice attorney lawyer analyst economist expert "
    "journalist reporter anchor correspondent candidate nominee congressman congresswoman lawmaker mp diplomat "
    "official representative commissioner counterpart national security council state duma federation upper lower "
    "house kremlin presidential russian us u.s american ukrainian belarusian british french german chinese turkish "
    "israeli iranian european polish slovak hungarian serbian syrian russia ukraine permanent executive managing "
    "editor founder author ceo democrat republican democratic spokesmen presidents ministers leaders press-secretary "
    "campaign manager host co-founder co-chair strategist pollster activist director-general party senior top veteran "
    "republicans emergencies energy economic development trade industry agriculture health education culture "
    "transport labor labour affairs united states kingdom republic pastor rev reverend bishop cardinal archbishop "
    "sheriff coach star actor actress singer police officer sgt lt capt detective university business mogul "
    "billionaire developer businessman tycoon"
)
BYLINES = word_set(
    "tass /tass/ itar-tass interfax ria novosti reuters ap afp bloomberg rbc cnn bbc kommersant izvestia vedomosti "
    "sputnik rt nbc abc cbs fox msnbc axios politico pti xinhua anadolu"
)
_CLASSES = {
    "president": "president leader presidents chancellor",
    "minister": "minister ministers premier pm",
    "diplomat": "diplomat envoy ambassador",
    "spokesman": "spokesman spokeswoman spokesperson secretary",
    "aide": "aide adviser advisor",
    "lawmaker": "sen rep lawmaker senator deputy mp legislator parliamentarian speaker congressman congresswoman",
    "person": "coach captain pilot farmer teacher lawyer doctor singer actor actress writer author researcher engineer "
    "manager owner founder investor banker trader driver worker professor pollster strategist veteran defender striker "
    "champion skipper monk priest pastor bishop democrat republican billionaire tycoon staffer host anchor moderator "
    "reporter player winner organizer volunteer resident witness victim survivor fan voter student nurse "
    "expert analyst economist candidate nominee businessman blogger rapper filmmaker producer editor publisher "
    "prosecutor investigator inspector barrister presenter columnist commentator correspondent architect oligarch "
    "entrepreneur financier negotiator composer footballer boxer wrestler goalkeeper surgeon paramedic firefighter "
    "rescuer soldier sailor chef pensioner shopkeeper beekeeper skier swimmer sculptor farmworker plumber electrician "
    "waitress cashier lifeguard caretaker conductor retiree widow widower plaintiff defendant",
    "anyone": "politician official man woman",
    "governor": "governor gov",
    "mayor": "mayor",
    "head": "head chief chairman director ceo",
    "military": "commander general colonel admiral gen col",
    "body": "alliance bloc union organization organisation bank regulator carrier airline operator club team zoo "
    "museum "
    "university firm network channel station nonprofit charity association federation company parliament congress "
    "police watchdog think-tank foundation institute magazine outlet website kremlin administration bureau force "
    "forces army navy league publisher retailer manufacturer maker theatre theater opera ministry agency "
    "department embassy service office council committee government company party "
    "campaign statement group newspaper paper outlet watchdog commission court",
    "source": "source sources",
}
CLASSES = {word: kind for kind, words in _CLASSES.items() for word in words.split()}
"""From the head of an epithet to the class of speakers it can mean."""
PERSON_ENDINGS = ("ist", "ian", "naut", "woman", "man", "year-old", "eer", "crat")
"""Endings of words for people that are on no list."""
NO_PERSON = word_set("consist persist assist insist resist exist enlist career human german roman norman woman")
DOCUMENTS = word_set(
    "statement statements website site report reports release letter article articles interview text transcript "
    "document service office account page post"
)
"""What speaks for its author."""
LOCALITIES = word_set("region oblast krai republic province district")
"""Words for the part of a country that a local office is of."""
SUBORDINATORS = word_set("while though although whereas if as when after before because since asked")
CIRCUMSTANTIAL = word_set("late early last next only asked aboard alongside inside atop beneath beyond directly")
"""Words that begin a circumstance of the saying (``said late on Friday``)."""
TIMES = DAYS | word_set("day week month year morning evening night afternoon weekend hour moment time")
"""Heads of phrases that open a sentence with when it was."""
PRESS_CLAIMS = word_set("report reports rumor rumors rumour rumours publications articles allegations stories")
"""Words for what others print or say, who may be those that make the claim."""
PAPERS = word_set("rumors rumours schedule plan plans law rules tradition legend protocol custom procedure")
"""What things go by (``according to schedule``) without being said by anybody."""
NOBODY = word_set("neither nobody none no-one nor")
VIEWS = word_set(
    "words view opinion estimation telling account judgment judgement reckoning assessment admission estimate"
)
"""What is somebody's own in ``in his words``."""
SPECIFIC = word_set(
    "ministry embassy court police parliament congress party kremlin bank zoo museum university administration "
    "government council committee commission army navy opera theatre theater statement campaign"
)
"""Words for organisations that mean one only where its name has the word."""
FIRMS = word_set(
    "company firm corporation airline bank carrier operator retailer publisher manufacturer maker club team"
)
"""Words for firms."""
GENERIC = word_set("this that same said federal international military defense defence foreign government state press")
"""Words before the kind of an organisation that do not say which one it is (``the same agency``)."""
SPANS = word_set("days day weeks week months month years year hours hour minutes")
ORGANISATIONS = word_set(
    "center centre convention university committee party institute court house council times post journal news group "
    "bank foundation association agency department ministry office college school commission union company "
    "corporation inc co campaign congress senate parliament press network fund society federation league coalition "
    "street avenue city county states state report act law bill bureau service services forum summit district region "
    "company's today magazine citizens voters families lawyers physicians friends organization organisation alliance "
    "airlines airways airport railways railway rail cargo shipping ferries energy oil gas holdings holding capital "
    "motors systems technologies media records books partners trust zoo museum theatre theater club team electric "
    "power steel academy board authority administration police army navy"
)
"""Last words of names that are no person's."""
SOME = word_set("another others some many both all several most one two few")
"""Words that alone can be who speaks."""
NAME_SUFFIXES = word_set("jr sr ii iii iv")
"""Words after a surname that are no part of it."""
GENERATIONS = word_set("younger elder older")
"""Words before a surname that distinguish its bearer from another of the family."""
HONORIFICS = {"mr": "m", "sir": "m", "mrs": "f", "ms": "f", "miss": "f", "madam": "f", "lady": "f", "madame": "f"}
"""Words of address before a name, and whose they are."""
OWNERS = word_set("his her its their my our your")
"""Words that say to whom somebody belongs and nothing else about him."""
INDEFINITE = word_set("a an one another some several many other most two three")
"""Words that begin the mention of somebody new."""
HEADED = word_set(
    "supporter supporters backer backers fan fans ally allies surrogate surrogates loyalist loyalists donor donors "
    "voter voters critic critics opponent opponents rival rivals delegate delegates follower followers adviser "
    "advisers advisor advisors aide aides staffer staffers official officials campaign campaigns team camp "
    "administration presidency rally policy people family era candidacy nomination"
)
"""Words that a name before them only describes (``Trump supporters``)."""
