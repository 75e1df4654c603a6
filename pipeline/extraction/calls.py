"""What publishers write into their stories that is none: calls to read, subscribe, follow and share, marks and credits.

A pattern speaks of one sentence. Those of ``CALL`` begin it or name the publisher's own channel; a report on a channel
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
    r"яндекс[. ]?новост\w*|apple news|rss)"
)
_COMPANY = r"(?:ооо|оао|ао|пао|зао|ип|нко|ано|фгуп|гуп|рекламодатель|заказчик)"

READ_ALSO = re.compile(
    _MARK
    + _any(
        r"(?:читайте|смотрите|слушайте|читать|смотреть)\s+(?:также|ещ[её]|по теме|далее|подробнее|полностью|"
        r"больше)\b",
        r"(?:читайте|смотрите)\s+(?:на эту тему|об этом|и другие|другие|в материале|в нашем|в сюжете)\b",
        r"(?:см\. также|также по теме)\b",
        r"(?:(?:материалы?|новости|ещ[её]|статьи|видео|сюжет) по (?:этой )?теме\s*(?:[:—–-]|$))",
        r"по теме\s*[:—–-]|(?:вам )?(?:может|будет) (?:быть )?(?:также )?интересно\s*[:—–-]|(?:что )?ещ[её]"
        r" почитать\b",
        r"подробн(?:ее|ости)\s*(?:[:—–-]|(?:об этом |о том, .{3,80})?(?:читайте|смотрите|рассказ\w+ в|в (?:нашем )?"
        r"материале|на сайте|по ссылке)|$)",
        r"(?:read|see|watch|listen|more)\s+(?:more|also|next)\s*(?:[:|»›>–—-]|$)",
        r"read (?:more|also) (?:about|on|from|at|here)\b",
        r"(?:also|must|don['’]t miss|related|recommended|further|more)\s*(?:read(?:ing)?|watch|see|stor(?:y|ies)|"
        r"articles?|coverage|news|links?|topics?|videos?)?\s*(?:[:|»›]|$)",
        r"(?:read|see) the (?:full|original|whole) (?:story|article|report|interview|text)\b",
        r"more (?:on this (?:story|topic)|from (?:our|the) \w+)\b|you (?:may|might) also (?:like|be interested)\b",
        r"(?:watch|listen|explainer|in pictures|live updates?|opinion)\s*[:|»›]\s",
    ),
    re.IGNORECASE,
)
"""Begins what points to another story: its headline follows, with whatever quotation stands in it."""

CALL = re.compile(
    _any(
        _MARK
        + _any(
            r"подпи(?:сывайтесь|сывайся|шитесь|шись|саться на (?:нас|наш|канал|рассылку))\b",
            r"(?:присоединяйтесь|присоединяйся|вступайте)\b|добавьте (?:нас|.{1,40} в (?:избранн|источник))",
            r"(?:следите|следи) за (?:нами|нашими|новостями|событиями|развитием событий|обновлениями)\b",
            r"(?:ставьте|поставьте) (?:лайк\w*|реакци\w*|класс)|(?:поделитесь|делитесь|поделиться)\b.{0,60}$",
            r"(?:оставайтесь|будьте|будь) (?:с нами|в курсе|на связи)|(?:включите|включайте) уведомления",
            r"(?:пишите|напишите|присылайте|пришлите|сообщите|сообщайте|звоните) "
            r"(?:нам|в редакцию|свои|ваши|в комментари|о н[её]й)",
            r"(?:оставьте|оставляйте|пишите|обсудите) .{0,40}(?:комментари|чат)\w*",
            r"(?:скачайте|скачивайте|установите|устанавливайте) .{0,40}приложени\w*",
            r"(?:хотите|хочешь) (?:быть|знать|получать|узнавать|больше|читать)\b.{0,120}\?",
            r"(?:если вы |вы )?(?:нашли|заметили|увидели|обнаружили) (?:в тексте )?(?:опечатк|ошибк|неточност)\w*",
            r"(?:стали|вы) (?:очевидц\w+|свидетел\w+)\b.{0,60}\?",
            r"есть (?:что (?:сказать|рассказать)|новость|тема)\b.{0,60}\?|понравил(?:ась|ся|ось) .{0,40}\?",
            r"(?:что вы думаете|как вы считаете|а (?:как|что) (?:вы|думаете))\b.{0,80}\?",
            r"(?:мы|наш канал|наша группа|наши новости) (?:в|во|на) " + _NETWORK,
            r"читайте (?:нас|наши|самые|главные|новости|.{1,40}) (?:в|во|на) (?:нашем |наш\w* )?" + _NETWORK,
            r"(?:переходите|жмите|кликайте|голосуйте) (?:по ссылке|на|в наш\w*|сюда)",
            r"(?:перепечатка|копирование|использование|воспроизведение|цитирование) .{0,60}(?:материал|текст|"
            r"ссылк|разрешени)",
            r"при (?:цитировании|перепечатке|использовании|копировании) .{0,80}ссылк",
        ),
        _MARK
        + _any(
            r"(?:please |to )?(?:subscribe|sign up|signup)\b|(?:please )?follow (?:us|our|me|@\w+|.{1,60} on "
            + _NETWORK
            + r")\b",
            r"(?:please )?join (?:us on|our|the conversation|the discussion|.{0,40}(?:newsletter|channel|group|"
            r"community))\b",
            r"(?:like|find|add|contact|visit|e-?mail|message|write to|text|call) us\b|share (?:this|your|on|via|"
            r"with your)\b",
            r"e-?mail (?:the|our) \w+\W*$|(?:tweet|pin|print|bookmark|save) this\b",
            r"(?:download|get|install) (?:the|our) .{0,30}\bapp\b",
            r"(?:please )?(?:click|tap|press) (?:here|the link|on the)\b|(?:to|for|if"
            r" you)\b[^.]{3,120}\b(?:click|tap) here\b",
            r"get (?:the|our|all|more|your|daily|breaking|.{3,60} delivered)\b.{0,80}(?:news|newsletter|inbox|"
            r"alerts?|headlines|"
            r"stor(?:y|ies)|e-?mail|letterbox|updates)\b",
            r"stay (?:up[- ]to[- ]date|informed|connected|tuned|ahead)\b|keep up (?:to date )?with (?:our|the"
            r" latest)\b",
            r"(?:have|got) (?:a|an?y|some) (?:story|tip|news|question|comment|opinion)\b.{0,80}\?|(?:send|"
            r"share) (?:us |your )?"
            r"(?:tips?|stor(?:y|ies)|news|feedback) (?:to|with|at)\b",
            r"(?:want|would you like|looking for) (?:more|to (?:read|get|receive|stay|know|hear|support|"
            r"bookmark))\b.{0,120}\?",
            r"(?:support|donate to|help fund) (?:us|our|independent journalism|quality journalism)\b|become an?"
            r" .{0,20}"
            r"(?:member|subscriber|patron|supporter)\b",
            r"(?:read|check out|see|discover|browse|explore|hear|catch) (?:more of |all )?(?:our|more)"
            r" (?:latest |other |top )?"
            r"(?:news|stories|coverage|articles|newsletter|podcast|live blog|guide)",
            r"for (?:more|the latest|all the latest|breaking) .{0,60}(?:follow|visit|go to|subscribe|sign up|"
            r"check|head to|download)",
            r"to (?:order|buy|get|read|see|receive) .{0,120}\bvisit (?:https?:|www\.|our|us)",
            r"(?:you can )?(?:also )?(?:enter|submit) your e-?mail\b|what do you think\b.{0,60}\?|let us know\b",
            r"you can (?:also )?(?:follow|subscribe|sign up|find us|reach us|join)\b|there(?:['’]s| is)"
            r" (?:plenty )?more where",
            r"(?:listen to|watch|hear) .{0,60}(?:our|this) .{0,30}(?:podcast|channel|episode)\b",
            r"(?:reproduction|republication|reprint\w*|redistribution) .{0,60}(?:consent|permission|prohibited|"
            r"not allowed)",
            r"this (?:copy|material|article) (?:is for your personal|may not be (?:published|reproduced|broadcast))",
        ),
        r".*\b(?:ctrl|cmd|command|⌘)\s*\+\s*(?:enter|ввод)\b",
        r".*\b(?:в|на|во|через) наш\w{1,3} (?:[\w«»-]+ ){0,3}(?:"
        + _NETWORK
        + r"|канал\w*|групп\w*|сообществ\w*|паблик\w*|"
        r"рассылк\w*|приложени\w*|телеграм-канал\w*|telegram-канал\w*|чат\w*)",
        r".*\b(?:to|in|on|via|for|of|with) our .{0,40}\b(?:newsletters?|telegram|whatsapp|channels?|podcast|app)\b",
        r".*\b(?:subscribe|sign(?:ed|ing)? up|register)\b.{0,60}\b(?:newsletter|channel|alerts|for free)\b",
        r".*\ball rights\b.{0,40}\breserved\b|.*все права (?:защищены|сохранены|принадлежат)\b|"
        r".*\bnon-commercial use only\b",
        r".*\bcontributed (?:to this (?:report|story|article)|reporting)\b.{0,60}$",
    ),
    re.IGNORECASE,
)
"""Asks something of the reader, or is the publisher's own note. Not if somebody says it."""

NOTE = re.compile(
    _MARK
    + _any(
        r"(?:настоящ\w+|данн\w+|это)\s+(?:материал|сообщени|информаци|контент)\w*\b.{0,160}\bиностранн\w+"
        r" .{0,60}агент",
        r"(?:настоящ\w+|данн\w+)\s+(?:материал|сообщени|информаци)\w*\W.{0,60}(?:созда|произвед|"
        r"распростран)\w*.{0,120}иностранн",
        r"(?:либо|или) каса\w+ деятельности иностранн\w+ агент",
        r"this (?:message|material|content|article)\b.{0,80}(?:created|produced|made|"
        r"distributed)\b.{0,160}foreign agent",
        r"[*¹²³]+\s*[—–:-]?\s*.{0,250}(?:иноагент|иностранн\w+ агент|экстремист|террорист|нежелательн|"
        r"запрещ[её]н|foreign agent"
        r"|extremist|undesirable|banned in russia)",
        r"\((?:\w+ ){0,6}(?:иноагент\w*|иностранн\w+ агент\w*|designated .{0,30}foreign agent)[^()]{0,60}\)\W*$",
        r"(?:[0-9]{1,2}\+\W*)+$|на правах рекламы\b.{0,40}$|партн[её]рский материал\b.{0,40}$|"
        r"[^.!?]{0,160}\berid\s*[:=]?\s*\w{5,}",
        r"реклама\W*$|реклама[.:,|]?\s+"
        + _COMPANY
        + r"\b.{0,120}\bинн\b|реклама[.:,|]?\s+"
        + _COMPANY
        + r"\s+[«\"“][^»\"”]{1,60}[»\"”]\W*$",
        r"(?:" + _COMPANY + r"\s.{1,80},?\s)?\(?инн:?\s*\d{10,12}\b.{0,60}$|рекламодатель\s*[:—–-]",
        r"advertisement\b.{0,40}$|(?:story|article) continues (?:below|after)\b.{0,40}$|sponsored (?:content|"
        r"by)\b.{0,60}$|paid for by\b.{0,60}$",
    ),
    re.IGNORECASE,
)
"""Marks that the law or an advertiser asks for, as sentences of their own; marks within a sentence stay."""

CREDIT = re.compile(
    _MARK
    + _any(
        r"(?i:\(?(?:фото(?:граф(?:ия|ии)?)?|видео|иллюстраци[яи]|скриншот|обложка|коллаж|инфографика|снимок|"
        r"кадр|источник (?:фото|"
        r"видео|изображения|фотографии|иллюстрации)|photo(?:graph)?s?|images?|pictures?|illustration|video|"
        r"cover|screenshot)"
        r"(?: credits?| source| courtesy| by)?\s*[:/©|])\s?[^.!?]{1,120}[.)]*$",
        r"(?i:\((?:photo|image|picture|file photo|ap photo|фото|reuters)\b[^()]{0,120}\)\W*$|"
        r"[^.!?]{0,240}\bgetty images\W*$)",
        r"(?i:(?:photo|image|picture)s? (?:by|courtesy of|credit)\s)[^.!?]{1,80}\.?$",
        r"(?i:источник|source|автор|author|текст|text by|по материалам|via)\s*[:—–]\s*(?:https?:|www\.|"
        r"[«\"“]?[A-ZА-ЯЁ@])"
        r"[^.!?,]{0,60}\.?$",
        r"(?i:источник|source)\s*:\s*(?i:пресс-служб|news agenc|agenc|соцсет|открыты|архив|сайт|собственн|own"
        r" )[^.!?]{0,60}\.?$",
    )
)
"""Who made a picture, or whose report it is: a name after the label. A sentence after it is the story's."""

HASHTAGS = re.compile(r"(?:#[^\W\d]\w*[\s,;|]*)+")

SAID = re.compile(
    r"\b(?:said|told|says|tells|wrote|writes|reported|added|announced|urged|according to|сказал|заявил|сообщил|"
    r"написал|призвал|"
    r"рассказал|отметил|добавил|пояснил|объявил|опубликовал|попросил|предложил|посоветовал|потребовал|решил|"
    r"признал|обязал)"
    r"(?:а|и|о)?\b|\b(?:сообща|пиш|говор|призыва|отмеча|добавля|счита)\w{1,2}т\b|\bпо (?:данным|словам|информации)\b",
    re.IGNORECASE,
)
