"""Outlets in an English sentence: agencies, papers and channels, by name or by a word for what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.language.lexicon import word_set
from pipeline.language.nations import NATION_WORDS
from pipeline.quotes.text.tokens import Token

_NAMES = """
TASS, Itar-Tass, Interfax, RIA Novosti, RIA, Reuters, Thomson Reuters, AP, Associated Press, AFP, Agence
France-Presse, DPA, ANSA, EFE, APA, MTI, PTI, PAP, UPI, United Press International, IANS, Xinhua, Anadolu, Anadolu
Agency, Kyodo, Kyodo News, Yonhap, IRNA, ISNA, Tasnim, Fars, SANA, KCNA, BelTA, UNIAN, Ukrinform, Interfax-Ukraine,
Interfax Ukraine, RBC-Ukraine, RBK-Ukraine, Azertac, Trend, Armenpress, Kazinform, AKIpress, Moldpres, RIA FAN,
Regnum, Rosbalt, Prime, Bloomberg, Bloomberg News, Bloomberg TV, Dow Jones, MarketWatch, Energy Intelligence, RBC,
RBK, RBC TV, RBC Daily, Kommersant, Kommersant FM, Kommersant-FM, Izvestia, Izvestiya, Vedomosti, Sputnik, Sputnik
Globe, RT, Russia Today, NTV, REN TV, Vesti, Vesti FM, Rossiya 1, Rossia 1, Rossiya-1, Rossia-1, Rossiya 24, Rossia
24, Rossiya-24, Rossia-24, Russia 1, Russia-1, Russia 24, Russia-24, Rossiya Segodnya, Channel One, First Channel,
Pervy Kanal, Zvezda, TV Zvezda, Zvezda TV, Tsargrad, Tsargrad TV, Life, Life News, LifeNews, Mash, Baza, Readovka,
Rybar, SHOT, Radio Sputnik, Rossiyskaya Gazeta, Rossiiskaya Gazeta, Rossijskaja Gazeta, Komsomolskaya Pravda,
Moskovsky Komsomolets, Moskovskiy Komsomolets, Argumenty i Fakty, Nezavisimaya Gazeta, Parlamentskaya Gazeta, Krasnaya
Zvezda, Literaturnaya Gazeta, Pravda, Trud, Gazeta, Gazeta.ru, Lenta, Lenta.ru, Fontanka, Fontanka.ru, NEWSru,
NEWSru.com, Rambler, Znak, Ura.ru, Meduza, Mediazona, The Insider, The Bell, Verstka, Vyorstka, Agentstvo, iStories,
Important Stories, Proekt, Holod, Doxa, Sota, Astra, OVD-Info, OVD-News, Novaya Gazeta, Novaya Gazeta Europe, Novaya
Gazeta Evropa, Current Time, RFE/RL, Radio Free Europe, Radio Liberty, Radio Free Europe/Radio Liberty, Radio Svoboda,
Krym.Realii, Kavkaz.Realii, Sibir.Realii, Voice of America, VOA, Deutsche Welle, DW, Dozhd, TV Rain, Rain TV, Ekho
Moskvy, Echo of Moscow, Moscow Echo, The Moscow Times, Caucasian Knot, Kavkazsky Uzel, Eurasianet, OC Media, JAMnews,
The Barents Observer, Ukrainska Pravda, Ukrayinska Pravda, Kyiv Post, Kyiv Independent, Suspilne, Hromadske, Zerkalo
Nedeli, Strana, Liga.net, Tengrinews, Kun.uz, Nasha Niva, Zerkalo, CNN, CNN Turk, CNBC, MSNBC, NPR, PBS, NBC, NBC
News, ABC News, CBS, CBS News, Fox News, Fox, Newsmax, Sky News, ITV, ITV News, GB News, TalkTV, Euronews, BBC, BBC
News, BBC Radio 4, BBC Russian, BBC Russian Service, BBC World, BBC Monitoring, Newsnight, Axios, Politico, Politico
Europe, The Hill, Semafor, Vox, The Intercept, BuzzFeed, BuzzFeed News, Huffington Post, HuffPost, Daily Beast,
Business Insider, Breitbart, Breitbart News, Bellingcat, ProPublica, Financial Times, FT, Wall Street Journal, WSJ,
New York Times, NYT, Washington Post, WP, Los Angeles Times, USA Today, Boston Globe, Chicago Tribune, New York Post,
Time, Newsweek, Forbes, Fortune, Foreign Policy, Foreign Affairs, National Interest, New Yorker, Vanity Fair, Rolling
Stone, Economist, Guardian, Times, Sunday Times, Post, Journal, Telegraph, Daily Telegraph, Daily Mail, Independent,
Observer, Sun, Mirror, Evening Standard, Spectator, Der Spiegel, Spiegel, Die Welt, Die Zeit, Bild, Handelsblatt,
Frankfurter Allgemeine Zeitung, FAZ, Focus, Sueddeutsche Zeitung, Süddeutsche Zeitung, ARD, ZDF, Tagesspiegel,
Berliner Zeitung, Le Monde, Le Figaro, Le Parisien, Liberation, Libération, France 24, France 2, TF1, BFMTV, LCI, RFI,
La Repubblica, Corriere della Sera, La Stampa, Il Giornale, El Pais, El País, El Mundo, ORF, Der Standard, Die Presse,
NZZ, Kronen Zeitung, De Telegraaf, Politiken, Aftenposten, Yle, Helsingin Sanomat, Iltalehti, Dagens Nyheter, SVT,
ERR, Delfi, Postimees, LSM, LRT, Gazeta Wyborcza, Rzeczpospolita, Onet, RMF FM, TVN24, Politika, Vecernje Novosti,
RTS, Hurriyet, Milliyet, Sabah, Daily Sabah, NTV Turkey, TRT, TRT World, Haberturk, Haaretz, Jerusalem Post, Times of
Israel, Ynet, Al Jazeera, Al-Jazeera, Al Arabiya, Al-Arabiya, Al Mayadeen, Al-Mayadeen, Asharq Al-Awsat, Al-Ahram,
Press TV, Global Times, People's Daily, China Daily, CGTN, CCTV, South China Morning Post, Nikkei, Nikkei Asia, NHK,
Asahi, Asahi Shimbun, Hindu, Hindustan Times, Times of India, India Today, NDTV, Dawn, Globo, Granma, Prensa Latina,
Telesur, Argumenty i Nedeli, VGTRK, TV-Novosti, MIC Izvestia, Business News Media, Guardian News & Media, Moscow News,
RIA Novosti Crimea, Petersburg Diary, Sobesednik, Snob, Lentach, Vzglyad, PBK, Argumentyi i Fakty, Russian News
Agency, Zona.media, TV Centre, TV Center, TVC, OTR, 360, Mir 24, RTVI, Ostorozhno Novosti
"""
_KNOWN = frozenset(" ".join(name.split()).lower().removeprefix("the ") for name in _NAMES.split(","))
_ONLY_WITH_ARTICLE = word_set(
    "bell insider post journal times sun mirror independent observer economist guardian telegraph spectator hill "
    "hindu standard"
)
"""Names that are also words or surnames: outlets only where ``the`` stands before them."""
_DOMAIN = re.compile(
    r"[\w-]+\.(?:ru|su|com|net|org|info|tv|ua|by|kz|uz|eu|uk|co\.uk|media|news|de|fm|am|az|ge|lv|ee|lt)"
)
_KINDS = word_set(
    "newspaper newspapers paper papers daily weekly tabloid tabloids magazine magazines newswire newswires broadcaster "
    "broadcasters television tv radio outlet outlets website websites portal publication publications media press "
    "edition newsroom channel channels network networks station stations agency agencies site sites service services "
    "blog podcast journal wire wires"
)
"""Words for what an outlet is, alone or beside its name."""
_VAGUE = word_set("agency agencies site sites service services network networks station stations journal wire wires")
"""Those of them that mean an outlet only beside its name or one of the words below."""
_OF_NEWS = word_set("news tv radio television telegram youtube information press media wire newspaper broadcasting")
_AROUND = (
    word_set(
        "the a an several some many other state state-run state-owned state-controlled official government "
        "pro-government pro-kremlin kremlin local regional national independent private leading business financial "
        "popular opposition online internet social social-media investigative western foreign international domestic "
        "english-language russian-language federal city military-linked influential respected liberal conservative "
        "telegram youtube news tv radio television information public sports evening morning same and own its "
        "another one"
    )
    | frozenset(NATION_WORDS)
    | frozenset(("moscow", "kyiv", "kiev", "moscow-based", "london-based", "st", "petersburg", "st."))
)
"""Words around the name or the kind of an outlet that say more of it."""
_LAST_WORDS = word_set("news times post gazette tribune herald chronicle telegraph journal observer review standard tv")
"""Last words of the names of papers and stations."""
_REPORTERS = word_set("correspondent correspondents reporter reporters journalist journalists columnist report reports")


def is_outlet(tokens: Sequence[Token]) -> bool:
    """Whether the words mean nothing but an outlet, or several."""
    words = [token for token in tokens if token.kind != "b"]
    while words and words[-1].low in _REPORTERS and len(words) > 1:
        words = words[:-1]
        if words[-1].low in _AROUND | _KINDS and not _names_one(words):
            return False
    if not words or _names_one(words):
        return bool(words)
    kinds = [token for token in words if token.low in _KINDS]
    if not kinds or any(token.kind not in "wq" for token in words):
        return False
    if all(token.low in _VAGUE for token in kinds) and not any(
        token.low in _OF_NEWS or _known(token) for token in words
    ):
        return False
    others = [token for token in words if token.low not in _KINDS and token.low not in _AROUND]
    return all(token.capital or token.kind == "q" or token.text.isdigit() for token in others)


def _names_one(words: Sequence[Token]) -> bool:
    """Whether the words are the name of one known outlet, or its address on the web."""
    article = words[0].low == "the"
    named = words[1:] if article else words
    while len(named) > 1 and not named[0].capital and named[0].low in _AROUND:
        named, article = named[1:], True
    if not named:
        return False
    name = _as_written(named)
    if _DOMAIN.fullmatch(name.lower()):
        return True
    known = name.lower() in _KNOWN and (named[0].capital or not name.isalpha())
    return known and (article or name.lower() not in _ONLY_WITH_ARTICLE)


def _known(token: Token) -> bool:
    return token.capital and token.low in _KNOWN and token.low not in _ONLY_WITH_ARTICLE


def _as_written(tokens: Sequence[Token]) -> str:
    """The words with a space only where the text has one."""
    out = tokens[0].text
    for before, token in pairwise(tokens):
        out += token.text if before.end == token.start else f" {token.text}"
    return out.replace("’", "'")


def may_be_outlet(words: Sequence[str]) -> bool:
    """Whether the words of an organisation's name are a known outlet's, or say that it is one."""
    name = " ".join(words).lower().removeprefix("the ")
    return name in _KNOWN or _DOMAIN.fullmatch(name) is not None or words[-1].lower() in _KINDS | _LAST_WORDS
