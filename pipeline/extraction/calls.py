"""Patterns of boilerplate within a story: calls to read, subscribe, follow and share, advertising marks, credits.

A pattern speaks of one sentence. Those of calls begin it or name the publisher's own channel; a report on a channel
or on foreign agents says who wrote or who decided, and has a verb of saying that outweighs them.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


_MARK = r"[^\w\s«“„\"'‘(*#@—–-]*\s*"
"""Arrows and pictures before a call; a dash or a quotation mark begins somebody's words instead."""
_NETWORK = (
    r"(?:telegram|телеграм\w*|тг|whatsapp|ватсап|viber|вайбер|дзен\w*|vk|вк|вконтакте|одноклассник\w*|max|"
    r"youtube|rutube|"
    r"facebook|фейсбук\w*|instagram|twitter|x|threads|bluesky|tiktok|linkedin|google news|google новост\w*|"
    r"яндекс[. ]?новост\w*|apple news|rss)\b"
)
_COMPANY = r"(?:ооо|оао|ао|пао|зао|ип|нко|ано|фгуп|гуп|рекламодатель|заказчик)"
_HEADLINE = r"\s*(?:[:|»›>–—-]\s*(?=(?-i:[«“„\"'‘A-ZА-ЯЁ0-9])|$)|$)"
"""A delimiter and the capital or the quotation mark that another story's headline begins with, or nothing."""

READ_ALSO = re.compile(
    _MARK
    + _any(
        r"(?:читайте|смотрите|слушайте)\s+(?:также|ещ[её]|по теме|далее|подробнее|полностью|больше)\b",
        r"(?:читать|смотреть|слушать)\s+(?:также|ещ[её]|далее|подробнее|полностью|больше)" + _HEADLINE,
        r"(?:читайте|смотрите)\s+(?:на эту тему|об этом|и другие|другие|в материале|в нашем|в сюжете)\b",
        r"(?:см\. также|также по теме)\b",
        r"(?:по теме|(?:материалы?|новости|ещ[её]|статьи|видео|сюжет|другие новости) по (?:этой )?теме)" + _HEADLINE,
        r"(?:ещ[её]|другие|последние|главные) новости\s*:?\s*$",
        r"(?:вам )?(?:может|будет) (?:быть )?(?:также )?интересно\s*[:—–-]|(?:что )?ещ[её] почитать\b",
        r"подробнее" + _HEADLINE,
        r"подробн(?:ее|ости)\s*(?:[—–-]\s*)?(?:об этом |о том, .{3,80})?(?:читайте|смотрите|в (?:нашем"
        r" )?материале|на сайте"
        r"|по ссылке)\b",
        r"(?:read|see|watch|listen|more)\s+(?:more|also|next)" + _HEADLINE,
        r"(?-i:READ (?:MORE|ALSO|NEXT)|ALSO READ|READ:|WATCH:)\s",
        r"read (?:more|also) (?:about|on|from|at|here)\b",
        r"(?:also|must|don['’]t miss|related|recommended|further|more|up)\s*(?:read(?:ing)?|watch|see|next|"
        r"stor(?:y|ies)|"
        r"articles?|coverage|news|links?|topics?|videos?)?" + _HEADLINE,
        r"(?:read|see) the (?:full|original|whole) (?:story|article|report|interview|text)\b",
        r"more (?:on this (?:story|topic)|from (?:our|the) \w+)\b|you (?:may|might) also (?:like|be interested)\b",
        r"(?:watch|listen|explainer|in pictures|live updates?|opinion)\s*[:|»›]\s*(?=(?-i:[«“„\"'‘A-Z0-9]))",
    ),
    re.IGNORECASE,
)
"""Begins what points to another story: its headline follows, with whatever quotation stands in it."""

_RUSSIAN_CALLS = (
    r"подпи(?:сывайтесь|сывайся|шитесь|шись|саться на (?:нас|наш|канал|рассылку))\b",
    r"(?:присоединяйтесь|присоединяйся|вступайте)\b|добавьте (?:нас|.{1,40} в (?:избранн|источник))",
    r"(?:следите|следи) за (?:нами|нашими|новостями|событиями|развитием событий|обновлениями)\b",
    r"(?:ставьте|поставьте) (?:лайк\w*|реакци\w*|класс)",
    r"(?:по)?дели(?:тесь|ться)\b(?:\W*$|.{0,30}(?:новост|стать|материал|с друзьями|соц|ссылк|мнени|комментари|"
    + _NETWORK
    + "))",
    r"(?:оставайтесь|будьте|будь) (?:с нами|в курсе|на связи)|(?:включите|включайте) уведомления",
    r"(?:пишите|напишите|присылайте|пришлите|сообщите|сообщайте|звоните) "
    r"(?:нам (?:в|на|по)|в редакцию|свои|ваши|в комментари|о н[её]й)",
    r"(?:оставьте|оставляйте|пишите|обсудите|оставить|добавить|написать) .{0,40}(?:комментари|чат)\w*",
    r"(?:скачайте|скачивайте|установите|устанавливайте) .{0,40}приложени\w*",
    r"(?:хотите|хочешь) (?:быть в курсе|знать больше|получать|узнавать|больше|первыми|читать|поделиться|"
    r"рассказать)\b.{0,120}\?",
    r"(?:если вы |вы )?(?:нашли|заметили|увидели|обнаружили) (?:в тексте )?(?:опечатк|ошибк|неточност)\w*"
    r"(?: в тексте| на сайте| в статье)?\s*(?:\?|$|[,:—–-]?\s*(?:пожалуйста|выделите|сообщите|нажмите|напишите))",
    r"(?:стали|вы) (?:очевидц\w+|свидетел\w+)\b.{0,60}\?",
    r"есть (?:что (?:сказать|рассказать)|новость|тема)\b.{0,60}\?|понравил(?:ась|ся|ось) .{0,40}\?",
    r"(?:что вы думаете|как вы считаете|а (?:как|что) (?:вы|думаете))\b.{0,80}\?",
    r"(?:мы|наш канал|наша группа|наши новости|новост\w+ .{0,40}) (?:в|во|на) " + _NETWORK + r".{0,60}$",
    r"наш " + _NETWORK + r".{0,40}$",
    r"читайте (?:нас|наши|самые|главные|новости|.{1,40}) (?:в|во|на) (?:нашем |наш\w* )?" + _NETWORK,
    r"(?:главные|самые|все|больше|ещ[её]) .{0,40}новост\w*\s*[—–-]\s*во? .{0,40}" + _NETWORK,
    r"(?:переходите|жмите|кликайте|голосуйте) (?:по ссылке|в наш\w*|сюда)|поддержите (?:нас|редакцию|наш\w*)\b",
    r"если вы хотите поддержать (?:нас|наш)|мнение (?:автора|редакции) может не совпадать\b",
    r"(?:перепечатка|копирование|использование|воспроизведение|цитирование) .{0,80}(?:ссылк|без (?:письменного )?"
    r"(?:согласия|разрешения)|правообладател)",
    r"при (?:цитировании|перепечатке|(?:использовании|копировании) (?:материал|текст)).{0,80}ссылк",
    r"полн\w+ (?:текст|верси\w+|интервью)\b.{0,40}(?:читайте|на сайте|по ссылке)",
)
_ENGLISH_CALLS = (
    r"(?:please |to )?(?:subscribe|sign up|signup)\b",
    r"(?:please )?follow (?:us\b|our (?:\w+ ){0,2}(?:channel|page|account)|me on|@\w+|.{1,60} on " + _NETWORK + r")",
    r"(?:please )?join (?:us on|the conversation|the discussion|(?:our|the) .{0,40}(?:newsletter|channel|"
    r"group|community|forum))\b",
    r"(?:like|find|add|visit|e-?mail|message|write to|text) us\b|contact us (?:at|on|by|via)\b|e-?mail (?:the|"
    r"our) \w+\W*$",
    r"share (?:this (?:\w+ )?(?:story|article|post|page|news|video)|on|via|with your friends|your (?:thoughts|"
    r"views?|opinions?|"
    r"stor(?:y|ies)|comments?|experiences?))\b|share this\W*$",
    r"(?:tweet|pin|print|bookmark) this\b|save this (?:story|article)|click to (?:share|tweet|expand|print|"
    r"e-?mail)\b",
    r"(?:download|get|install) (?:the|our) .{0,30}\bapp\b",
    r"(?:please )?(?:click|tap|press) (?:here|the link)\b|(?:to|for)\b[^.]{3,120}\b(?:click|tap) here\b",
    r"get (?:the|our|all|more|your|daily|breaking|.{3,60} delivered)\b.{0,80}(?:news|newsletter|inbox|alerts?|"
    r"headlines|"
    r"stor(?:y|ies)|e-?mail|letterbox|updates)\b",
    r"stay (?:up[- ]to[- ]date|informed|connected|tuned|ahead)\b|keep up (?:to date )?with (?:our|the latest)\b",
    r"(?:have|got) (?:a|an?y|some) (?:story|tip|news|question|comment|opinion)\b.{0,80}\?",
    r"(?:send|share) (?:us |your )?(?:tips?|stor(?:y|ies)|news|feedback) (?:to|with|at)\b",
    r"(?:want|would you like|looking for) (?:more|to (?:read|get|receive|stay|know|hear|support|"
    r"bookmark))\b.{0,120}\?",
    r"(?:support|donate to|help fund) (?:us\W*$|us (?:with|by|on)|our (?:work|journalis|report)|"
    r"(?:independent|quality) journalism)",
    r"become an? (?:\w+ )?(?:subscriber|patron|supporter)\b|become a member(?: (?:today|now|to)\b|\W*$)",
    r"(?:read|check out|see|discover|browse|explore|hear|catch) (?:more of |all )?(?:our|more) (?:latest |"
    r"other |top )?"
    r"(?:news|stories|coverage|articles|newsletter|podcast|live blog|guide)",
    r"for (?:more (?!than)|the latest|all the latest|breaking) ?.{0,60}(?:follow|visit|go to|subscribe|sign"
    r" up|check|head to|"
    r"download)\b",
    r"to (?:order|buy|get|read|see|receive) .{0,120}\bvisit (?:https?:|www\.|our|us)",
    r"(?:you can )?(?:also )?(?:enter|submit) your e-?mail\b|what do you think\b.{0,60}\?",
    r"let us know (?:in|what|if|by|at|via)\b|let us know\W*$",
    r"you can (?:also )?(?:follow (?:us|our|@\w+|.{1,40} on "
    + _NETWORK
    + r")|subscribe|sign up|find us|reach us|join us)\b",
    r"there(?:['’]s| is) (?:plenty )?more where|our standards:|\(?reporting by\b.{0,160}$",
    r"our .{0,30}(?:newsletter|podcast|app)\b.{0,40}\byou\b",
    r"(?:listen to|watch|hear) .{0,60}our .{0,30}(?:podcast|channel|episode)\b",
    r"(?:reproduction|republication|reprint\w*|redistribution) .{0,60}(?:consent|permission|prohibited|not allowed)",
    r"this (?:copy|material|article) (?:is for your personal|may not be (?:published|reproduced|broadcast))",
)
_OWN_CHANNEL = (
    r".*\b(?:ctrl|cmd|command|⌘)\s*\+\s*(?:enter|ввод)\b",
    r".*\b(?:в|на|во|через) наш\w{1,3} (?:[\w«»-]+ ){0,3}(?:" + _NETWORK + r"|рассылк|(?:телеграм|telegram)-канал)",
    r"(?=.*(?:новост|больше|подробн|читай|следи|смотри|узна|главн|интересн)).*\b(?:в|на|во) наш\w{1,3}"
    r" (?:[\w«»-]+ ){0,3}"
    r"(?:канал|групп|сообществ|паблик|приложени|чат)",
    r".*\bподпи(?:шитесь|сывайтесь) на (?:наш|нас\b|рассылк|канал|телеграм|telegram|«)",
    r".*\bчитайте в (?:нашем )?(?:материале|статье|тексте|репортаже|обзоре|интервью|расследовании|сюжете)\b",
    r"больше .{3,80}[—–-]\s*в (?:нашем )?(?:материале|статье|тексте|репортаже|обзоре|интервью|сюжете)\b",
    r"(?=.{0,60}\b(?:sign|subscribe|follow|join|download|listen|check|find|get|read|more|register|signing)\b)"
    r".*\bour .{0,40}\b(?:newsletters?|telegram|whatsapp|youtube|channels?|podcast|app)\b",
    r".*\bfollow us on " + _NETWORK,
    r".*\b(?:subscribe|sign(?:ed|ing)? up|register)\b.{0,60}\b(?:newsletter|channel|alerts|for free)\b",
    r".*\ball rights\b.{0,40}\breserved\b|.*все права (?:защищены|сохранены|принадлежат)\b|.*\bnon-commercial"
    r" use only\b",
    r".*\bcontributed (?:to this (?:report|story|article)|reporting)\b.{0,60}$",
)
_CALL = re.compile(_any(_MARK + _any(*_RUSSIAN_CALLS), _MARK + _any(*_ENGLISH_CALLS)), re.IGNORECASE)
_CHANNEL = re.compile(_any(*_OWN_CHANNEL), re.IGNORECASE)
_CHANNEL_HINTS = (
    "+", "наш", "подпи", "читайте в", "больше", "our", "follow us on", "subscribe", "sign", "register", "reserved",
    "все права", "non-commercial", "contributed",
)  # fmt: skip
"""One of these stands in whatever names a publisher's own channel: the patterns search a sentence at every letter."""


def asks_reader(sentence: str) -> bool:
    """Whether a sentence asks something of the reader, or is the publisher's own note. Not if somebody says it."""
    if _CALL.match(sentence):
        return True
    low = sentence.lower()
    return any(hint in low for hint in _CHANNEL_HINTS) and _CHANNEL.match(sentence) is not None


LEGAL = re.compile(
    _MARK
    + _any(
        r"(?:(?:настоящ|данн|эт)\w+\s+)?(?:материал|сообщение|информация|контент)\s*(?:\([^)]{1,40}\)\s*)?"
        r"(?:создан|произвед[её]н|распростран[её]н|направлен|подготовлен)[оа]?\b.{0,200}иностранн\w+ "
        r"(?:агент(?:ом|а|ами|ов)?\b|средств)",
        r"(?:либо|или) каса\w+ деятельности иностранн\w+ агент",
        r"this (?:message|material|content|article)\b.{0,80}(?:created|produced|made|"
        r"distributed)\b.{0,160}foreign agent",
        r"[*¹²³]+\s*[—–:-]?\s*.{0,250}(?:иноагент|иностранн\w+ агент|экстремист|террорист|нежелательн|запрещ[её]н|"
        r"foreign agent|extremist|undesirable|banned in russia)",
        r"\d?\s*(?:признан\w*|внес[её]н\w*)\s.{0,60}(?:иноагент|иностранн\w+ агент)\w*.{0,40}$",
        r"\((?:\w+ ){0,6}(?:иноагент\w*|иностранн\w+ агент\w*|designated .{0,30}foreign agent)[^()]{0,60}\)\W*$",
    ),
    re.IGNORECASE,
)
"""Marks of foreign agents and forbidden bodies, as sentences of their own; marks within a sentence stay."""

NOTE = re.compile(
    _MARK
    + _any(
        r"(?:[0-9]{1,2}\+\W*)+$|на правах рекламы\b.{0,40}$|партн[её]рский материал\b.{0,40}$",
        r"[^.!?]{0,160}\berid\s*[:=]?\s*\w{5,}|реклама\W*(?:\d+\+)?\W*$",
        r"реклама[.:,|]?\s+" + _COMPANY + r"\b.{0,120}\bинн\b",
        r"реклама[.:,|]?\s+" + _COMPANY + r"\s+[«\"“][^»\"”]{1,60}[»\"”]\W*$",
        r"(?:" + _COMPANY + r"\s.{1,80},?\s)?\(?инн:?\s*\d{10,12}\b.{0,60}$|рекламодатель\s*[:—–-]",
        r"advertisement\b(?! was| is| for| of| by| in ).{0,40}$|(?:story|article) continues (?:below|"
        r"after)\b.{0,40}$",
        r"sponsored (?:content|by)\b.{0,60}$|paid for by\b.{0,60}$",
        r"(?:https?://|www\.|t\.me/)\S+$",
    ),
    re.IGNORECASE,
)
"""What advertising must say of itself, ages, a bare address."""

_NAME = (
    r"\s?(?:[«\"“(]?[A-ZА-ЯЁ@©]|https?:|www\.|(?i:пресс-|архив|личн|из |соцсет|скрин|сайт|кадр|предостав|"
    r"открыт|собственн|"
    r"courtesy|via |handout|file|news agenc|agenc|own ))"
)
CREDIT = re.compile(
    _MARK
    + _any(
        r"(?i:\(?(?:фото(?:граф(?:ия|ии)?)?|видео|иллюстраци[яи]|скриншот|обложка|коллаж|инфографика|снимок|кадр|"
        r"источник (?:фото|видео|изображения|фотографии|иллюстрации)|photo(?:graph)?s?|images?|pictures?|"
        r"illustration|video|"
        r"cover|screenshot)(?: credits?| source| courtesy| by)?\s*[:/©|,])" + _NAME + r"[^.!?]{1,120}[.)]*$",
        r"(?i:\((?:photo|image|picture|file photo|ap photo|фото|reuters)\b[^()]{0,120}\)\W*$)",
        r"(?i:[^.!?]{0,240}\bgetty images\W*$)|©.{0,80}$",
        r"(?i:(?:photo|image|picture)s? (?:by|courtesy of|credit)\s)[^.!?]{1,80}\.?$",
        r"(?i:источник|source|автор|author|текст|text by|по материалам|via)\s*[:—–]\s*(?!«|“|\")"
        + _NAME
        + r"[^.!?,]{0,60}\.?$",
    )
)
"""Who made a picture, or whose report it is: a name after the label. A sentence after it is the story's."""

HASHTAGS = re.compile(r"(?:#[^\W\d]\w*[\s,;|]*)+")

SAID = re.compile(
    r"\b(?:said|told|says|tells|asked|wrote|writes|reported|added|announced|urged|advised|warned|begged|"
    r"pleaded|shouted|cried|"
    r"insisted|recalled|according to)\b"
    r"|\b(?:сказал|заявил|сообщил|написал|призвал|рассказал|отметил|добавил|пояснил|объявил|опубликовал|"
    r"попросил|просил|"
    r"предложил|посоветовал|потребовал|решил|признал|обязал|говорил|спросил|кричал|крикнул)(?:а|и|о)?\b"
    r"|\b(?:сообща|пиш|говор|призыва|отмеча|добавля|счита)\w{1,2}т\b|\bпо (?:данным|словам|информации)\b",
    re.IGNORECASE,
)
"""A verb of saying: then somebody is reported."""
