"""Page in, article out: text, title, times, address and charset, or a refusal with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config.source import Source
from pipeline.errors import Rejected
from pipeline.extraction import VERSION, extract_article
from pipeline.extraction.blocks import paragraph_texts
from pipeline.extraction.document import read_document
from pipeline.records import Article, Origin, Outcome, Page

URL = "https://news.example/politics/2026/06/14/talks-1234"
PARAGRAPHS = [
    "The deputy minister told reporters in the capital on Sunday that the talks would go on next week as planned.",
    "“We have agreed on most of the points, and the rest is a matter of days,” he said after the second round.",
    "According to the press service, both delegations will meet again on Thursday in the same place.",
]
RUSSIAN = [
    "Заместитель министра сообщил журналистам, что переговоры продолжатся на следующей неделе, как и было намечено.",
    "«Мы согласовали большую часть вопросов, остальное — дело нескольких дней», — сказал он после второго раунда.",
    "По данным пресс-службы, делегации вновь встретятся в четверг на том же месте.",
]
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def source(**fields: Any) -> Source:
    base = {
        "id": "news",
        "title": "News",
        "language": "en",
        "home": "https://news.example",
        "feeds": ["https://news.example/rss"],
    }
    return Source.model_validate({**base, **fields})


def markup(
    paragraphs: list[str], *, head: str = "", title: str = "Talks to go on next week", around: str = "%s"
) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    menu = "".join(f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("politics", "world", "economy"))
    story = around % f'<div class="story">{body}</div>'
    return (
        f"<!DOCTYPE html><html><head><title>{title} - News</title>{head}</head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{title}</h1>{story}</article></main>"
        "<footer><p>All rights reserved.</p></footer></body></html>"
    )


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def article(
    html: str | bytes, source: Source | None = None, *, url: str = URL, content_type: str = "text/html"
) -> Article:
    body = html.encode() if isinstance(html, str) else html
    return extract_article(Page(url, body, content_type), source, now=NOW)


def refusal(html: str | bytes, source: Source | None = None, *, content_type: str = "text/html") -> tuple[Outcome, str]:
    with pytest.raises(Rejected) as caught:
        article(html, source, content_type=content_type)
    return caught.value.disposition.outcome, caught.value.disposition.reason


def test_a_page_of_an_unknown_site_is_its_story_and_nothing_else() -> None:
    found = article(markup(PARAGRAPHS))
    assert found.text.split("\n") == PARAGRAPHS
    assert (found.title, found.lang, found.extractor) == ("Talks to go on next week", "en", "trafilatura")
    assert found.encoding.startswith("utf-8")


def test_the_same_page_gives_the_same_article_every_time() -> None:
    page = markup(PARAGRAPHS)
    assert article(page) == article(page)
    assert VERSION


SELECTORS = [
    {
        "title": "h1", "lead": "div.lead", "body": "div.story p", "published": "time.day", "clock": "span.clock",
        "drop": [".hover", ".more"],
    }
]  # fmt: skip


def test_selectors_of_the_source_decide_title_lead_body_and_time() -> None:
    page = (
        '<html><body><h1>A title</h1><div class="lead">The lead says it all in one line of sixty letters or more.</div>'
        '<time class="day" datetime="2026-06-14">14 June</time> <span class="clock">13:40</span><div class="story">'
        "<p><b>V.Speaker<span class='hover'>A biography</span>:</b> We agreed.</p>"
        "<p class='more'>Read another story</p><p>A second paragraph.</p></div><p>Not the story.</p></body></html>"
    )
    found = article(page, source(selectors=SELECTORS, dates={"zone": "Europe/Moscow"}))
    assert found.text.split("\n") == [
        "The lead says it all in one line of sixty letters or more.",
        "V.Speaker: We agreed.",
        "A second paragraph.",
    ]
    assert (found.title, found.extractor) == ("A title", "selectors")
    assert (found.published_at, found.published_raw) == (datetime(2026, 6, 14, 10, 40, tzinfo=UTC), "2026-06-14 13:40")


def test_a_lead_that_the_body_repeats_is_said_once() -> None:
    page = markup([PARAGRAPHS[0], PARAGRAPHS[1]], around=f'<div class="lead">{PARAGRAPHS[0]}</div>%s')
    assert article(page, source(selectors=SELECTORS)).text.split("\n") == PARAGRAPHS[:2]


def test_selectors_that_find_nothing_fall_back_and_say_so() -> None:
    found = article(markup(PARAGRAPHS), source(selectors=[{"body": "div.gone p"}]))
    assert found.text.split("\n") == PARAGRAPHS
    assert (found.extractor, found.flags[0]) == ("trafilatura", "selectors-missed")


def test_selectors_hold_from_their_day_on() -> None:
    rules = [{"since": "2026-01-01", "body": "div.new p"}, {"body": "div.story p"}]
    old = markup(PARAGRAPHS, head='<meta property="article:published_time" content="2025-03-01T10:00:00Z">')
    assert article(old, source(selectors=rules)).extractor == "selectors"
    new = markup(PARAGRAPHS, head='<meta property="article:published_time" content="2026-03-01T10:00:00Z">')
    assert "selectors-missed" in article(new, source(selectors=rules)).flags


def test_furniture_and_title_stay_out_of_the_text() -> None:
    extras = [
        "Talks to go on next week",
        "Read also",
        "Sign up for our newsletter",
        '<a href="/x">ANOTHER STORY ENTIRELY</a>',
    ]
    assert article(markup([PARAGRAPHS[0], *extras, *PARAGRAPHS[1:]])).text.split("\n") == PARAGRAPHS


def test_paragraphs_a_source_names_are_dropped() -> None:
    named = source(selectors=SELECTORS, drop_paragraphs=["Follow our channel.*"])
    assert article(markup([*PARAGRAPHS, "Follow our channel for more"]), named).text.split("\n") == PARAGRAPHS


def test_a_declared_text_brings_back_what_the_region_lost() -> None:
    many = [
        f"Paragraph number {n} says that point {n} of the agenda was settled by both sides on day {n}."
        for n in range(20)
    ]
    half = "".join(f"<p>{p}</p>" for p in many[10:])
    page = markup(
        many[:10],
        head=json_ld('{"@type": "NewsArticle", "articleBody": "' + " ".join(many) + '"}'),
        around=f'%s</article><aside class="related sidebar"><div>{half}</div></aside><article>',
    )
    assert article(page).text.split("\n") == many


@pytest.mark.parametrize(
    ("charset", "said"), [("windows-1251", "windows-1251"), ("koi8-r", "windows-1251"), ("cp866", "")]
)
def test_russian_pages_are_read_in_their_true_charset(charset: str, said: str) -> None:
    paragraphs = [line.translate({ord("«"): '"', ord("»"): '"', ord("—"): "-"}) for line in RUSSIAN]
    page = markup(paragraphs, title="Переговоры продолжатся").encode(charset)
    found = article(page, content_type=f"text/html; charset={said}")
    assert found.text.split("\n") == paragraphs
    assert (found.lang, found.encoding.split()[0]) == ("ru", charset)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (" ".join(RUSSIAN), "ru"),
        (" ".join(PARAGRAPHS), "en"),
        (
            "Заступник міністра повідомив журналістам, що переговори триватимуть і наступного тижня.",
            "uk",
        ),
        (
            "Der stellvertretende Minister sagte am Sonntag vor Journalisten, die Gespräche würden fortgesetzt werden.",
            "de",
        ),
    ],
)
def test_the_language_is_that_of_the_text(text: str, lang: str) -> None:
    assert article(markup([text, text[::1]])).lang == lang


def test_times_come_from_json_ld_then_meta_then_the_address() -> None:
    times = '"datePublished": "2026-06-14T19:51:07+03:00", "dateModified": "2026-06-14T20:00:00+03:00"'
    ld = json_ld('{"@graph": [{"@type": "NewsArticle", ' + times + "}]}")
    meta = '<meta property="article:published_time" content="2026-06-13T10:00:00Z">'
    found = article(markup(PARAGRAPHS, head=meta + ld))
    assert found.published_at == datetime(2026, 6, 14, 16, 51, 7, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 6, 14, 17, tzinfo=UTC)
    assert article(markup(PARAGRAPHS, head=meta)).published_at == datetime(2026, 6, 13, 10, tzinfo=UTC)
    bare = article(markup(PARAGRAPHS))
    assert bare.published_at == datetime(2026, 6, 14, tzinfo=UTC)
    assert {"day-only", "date-from-address"} <= set(bare.flags)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2099-01-01T00:00:00Z", "in-future"),
        ("2026-06-15T13:30:00Z", "in-future"),
        ("2026-13-45T24:60:60Z", "unreadable"),
        ("2026-06-14T10:00:00+9900", "unreadable"),
        ("yesterday", "unreadable"),
        ("1971-01-01", "too-early"),
    ],
)
def test_an_impossible_time_is_refused_with_its_reason_and_kept_raw(raw: str, reason: str) -> None:
    head = (
        f'<meta property="article:published_time" content="{raw}">'
        '<meta property="article:modified_time" content="2026-06-14T10:00:00Z">'
    )
    page = Page("https://news.example/politics/talks", markup(PARAGRAPHS, head=head).encode())
    found = extract_article(page, now=NOW)
    assert (found.published_at, found.published_raw) == (None, raw)
    assert found.flags == (f"date-refused:{reason}",)
    assert found.modified_at == datetime(2026, 6, 14, 10, tzinfo=UTC)
    turned = head.replace("published", "x").replace("modified", "published").replace("x_time", "modified_time")
    other = extract_article(Page(page.url, markup(PARAGRAPHS, head=turned).encode()), now=NOW)
    assert (other.modified_at, other.modified_raw) == (None, raw)
    assert other.flags == (f"modified-refused:{reason}",)


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        (
            "https://www.news.example/politics/2026/06/14/talks-1234?utm_source=x",
            "https://www.news.example/politics/2026/06/14/talks-1234",
        ),
        ("https://evil.example/politics/2026/06/14/talks-1234", URL),
        ("https://news.example/", URL),
        ("https://news.example/politics/", URL),
        ("javascript:alert(1)", URL),
        ("http://[broken", URL),
    ],
)
def test_a_page_names_its_address_only_on_its_own_hosts_and_as_an_article(claimed: str, expected: str) -> None:
    page = markup(PARAGRAPHS, head=f'<link rel="canonical" href="{claimed}">')
    rules = source(articles=[r"^https://(www\.)?news\.example/[a-z]+/\d{4}/.+-\d+$"])
    assert article(page, rules).url == expected
    assert article(page).url == expected


def test_turns_keep_their_labels_and_are_flagged() -> None:
    turns = [
        "V.Speaker: We agreed on nearly everything today, colleagues.",
        "A.Guest: Indeed.",
        "V.Speaker: Thank you all.",
    ]
    found = article(markup(turns), source(selectors=SELECTORS))
    assert found.text.split("\n") == turns
    assert "transcript" in found.flags


def test_behind_a_paywall_the_lead_is_kept_and_flagged() -> None:
    found = article(markup([PARAGRAPHS[0], PARAGRAPHS[1], "Subscribe now to continue reading this article."]))
    assert found.text.split("\n") == PARAGRAPHS[:2]
    assert "paywall" in found.flags


CHALLENGE = "<html><title>Just a moment...</title><body><p>Enable JavaScript and cookies to continue</p></body></html>"
PHOTOS = "<html><body><h1>Photos of the day</h1><img src=a.jpg><img src=b.jpg></body></html>"
ATTRIBUTES = "<html><body><p " + " ".join(f"a{n}=1" for n in range(5000)) + f">{PARAGRAPHS[0]}</p></body></html>"
DEEP = "<html><body>" + "<div>" * 5000 + PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("body", "outcome", "reason"),
    [
        (markup(["The page you are looking for does not exist."], title="Page not found"), "not-article", "soft-404"),
        (markup(["Возможно, она была удалена."], title="Страница не найдена"), "not-article", "soft-404"),
        (CHALLENGE, "error", "bot-wall"),
        (PHOTOS, "not-article", "no-text"),
        ("", "not-article", "no-text"),
        (b"%PDF-1.7\n" + b"x" * 100, "not-article", "not-html"),
        (markup(PARAGRAPHS)[:-200], "error", "truncated"),
        (DEEP, "error", "truncated"),
        (DEEP + "</body></html>", "error", "parse-limit"),
        (ATTRIBUTES, "error", "parse-limit"),
        ("<html><body>" + "x" * 10_000_000 + "</body></html>", "error", "too-large"),
        ("<html><body>" + "<a href=/>x</a>" * 21_000 + "</body></html>", "not-article", "link-list"),
    ],
    ids=[
        "404",
        "404-ru",
        "challenge",
        "photos",
        "empty",
        "pdf",
        "cut",
        "cut-deep",
        "deep",
        "attributes",
        "huge",
        "links",
    ],
)
def test_what_is_no_article_has_its_reason(body: str | bytes, outcome: str, reason: str) -> None:
    assert refusal(body) == (Outcome(outcome), reason)


OMITTED = "<html><title>Talks</title><body><h1>Talks</h1>"


@pytest.mark.parametrize(
    "body",
    [
        OMITTED + "".join(f"<p>{line}\n" for line in PARAGRAPHS),
        OMITTED + "".join(f"<p>{line}" for line in PARAGRAPHS),
        OMITTED + f"<div><p>{PARAGRAPHS[0]}</div><ul><li>One<li>Two</ul><p>{PARAGRAPHS[1]}<p>{PARAGRAPHS[2]} (End.)",
        OMITTED + f"<table><tr><td>{PARAGRAPHS[0]}</table><p>{PARAGRAPHS[1]}<p>{PARAGRAPHS[2]}<li>A note\n",
        OMITTED + f"<!-- <div> --><script>'<div>'</script><img src=a><p>{PARAGRAPHS[0]}<p>{PARAGRAPHS[2]}",
    ],
    ids=["lines", "sentences", "closed inside", "table", "comment and script"],
)
def test_a_page_that_leaves_out_its_end_tags_is_whole(body: str) -> None:
    assert PARAGRAPHS[0] in article(body).text


@pytest.mark.parametrize(
    "end",
    ["<p>The harbour bo", "<p>The harbour <a hre", "<div><p>The end.\n", "<!-- The end.\n", "<script>let a;\n", "<"],
)
def test_a_page_that_ends_within_something_is_cut(end: str) -> None:
    assert refusal(OMITTED + "".join(f"<p>{line}\n" for line in PARAGRAPHS) + end) == (Outcome.ERROR, "truncated")


def test_a_section_page_is_a_link_list() -> None:
    headlines = [
        f'<li><a href="/n/{n}">Headline number {n} about the talks of the day in full</a></li>' for n in range(30)
    ]
    page = f"<html><body><h1>Politics</h1><ul>{''.join(headlines)}</ul></body></html>"
    assert refusal(page) in {(Outcome.NOT_ARTICLE, "link-list"), (Outcome.NOT_ARTICLE, "no-text")}


@pytest.mark.parametrize("depth", [200, 300, 900])
def test_deep_nesting_never_empties_an_article(depth: int) -> None:
    page = markup(PARAGRAPHS, around="<div>" * depth + "%s" + "</div>" * depth)
    assert article(page).text.split("\n") == PARAGRAPHS
    assert article(page, source(selectors=SELECTORS)).text.split("\n") == PARAGRAPHS


def test_a_text_node_beyond_the_parsers_limit_is_not_cut() -> None:
    long = "слово за слово " * 400_000
    document = read_document(Page(URL, markup([long, PARAGRAPHS[0]]).encode("windows-1251", "xmlcharrefreplace")))
    assert paragraph_texts(document.tree)[-2:] == [PARAGRAPHS[0], "All rights reserved."]
    assert sum(map(len, paragraph_texts(document.tree))) > len(long) - 10


def test_a_text_nobody_can_have_written_is_too_large() -> None:
    assert refusal(markup(["word after word " * 200_000])) == (Outcome.ERROR, "too-large")


def test_a_page_whose_text_begins_with_marks_is_read() -> None:
    assert PARAGRAPHS[0] in article(markup(["«" * 3000 + " " + " ".join(PARAGRAPHS)])).text


def test_no_control_letter_or_half_surrogate_reaches_an_article() -> None:
    head = json_ld(r'{"@type": "NewsArticle", "headline": "A \ud800 title\u0000", "datePublished": "2026\u0007"}')
    found = article(markup([PARAGRAPHS[0] + "\x00\x07 &#xD800; &#0;", *PARAGRAPHS[1:]], head=head, title=""))
    for value in (found.text, found.title, found.published_raw):
        value.encode("utf-8")
        assert not any(ord(char) < 32 and char != "\n" for char in value)


FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>Talks</title>
<link href="https://news.example/events/1"/><published>2026-06-14T13:40:00+04:00</published>
<updated>2026-06-14T15:00:00+04:00</updated><content type="html">{content}</content></entry>
<entry><title>Empty</title><link href="https://news.example/events/2"/></entry></feed>"""


def entry(locator: str, content: str = "") -> Page:
    whole = content or "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in PARAGRAPHS)
    body = FEED.format(content=whole).encode()
    return Page("https://news.example/feed", body, "application/atom+xml", Origin.FEED, locator)


def test_a_feed_entry_is_an_article_with_the_zone_rule_of_its_source() -> None:
    rules = source(dates={"zone": "Europe/Moscow", "ignore_offset": True})
    found = extract_article(entry("https://news.example/events/1"), rules, now=NOW)
    assert found.text.split("\n") == PARAGRAPHS
    assert (found.url, found.title, found.extractor) == ("https://news.example/events/1", "Talks", "feed")
    assert found.published_at == datetime(2026, 6, 14, 10, 40, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 6, 14, 12, tzinfo=UTC)


BOILERPLATE = [
    "<p>Читайте также: <a href='/b'>«Мост рухнет», — заявил инженер</a></p>",
    "<p><b>Читайте также:</b></p><p><a href='/b'>«Мост рухнет», — заявил инженер.</a></p>",
    "<p>Read more:</p><ul><li><a href='/b'>Ferry out of service</a></li><li><a href='/c'>Board meets.</a></li></ul>",
    "<p>Подпишитесь на наш Telegram-канал «Порт»!</p><p>#мост #паром</p>",
    "<p>Реклама. ООО «Порт», ИНН 7700000000, erid: 2VtzqwXyAbc</p>",
]


@pytest.mark.parametrize("extra", BOILERPLATE)
def test_boilerplate_is_cut_from_pages_and_feeds_alike(extra: str) -> None:
    mixed = f"<p>{PARAGRAPHS[0]}</p>{extra}" + "".join(f"<p>{line}</p>" for line in PARAGRAPHS[1:])
    escaped = mixed.replace("<", "&lt;")
    assert extract_article(entry("https://news.example/events/1", escaped), now=NOW).text.split("\n") == PARAGRAPHS
    html = markup([]).replace('<div class="story">', f'<div class="story">{mixed}')
    assert article(html).text.split("\n") == PARAGRAPHS
    assert article(html, source(selectors=SELECTORS)).text.split("\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("locator", "reason"),
    [("https://news.example/events/2", "no-text"), ("https://news.example/events/9", "no-such-entry")],
)
def test_an_entry_without_text_or_unknown_is_refused(locator: str, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        extract_article(entry(locator), now=NOW)
    assert caught.value.disposition.reason == reason


@given(
    st.text(max_size=400),
    st.sampled_from(["%s", "<html><body><p>%s</p></body></html>", "<p>%s</p>" * 3, "<script>%s", "<a href='%s'>"]),
)
def test_any_page_is_an_article_or_refused(text: str, around: str) -> None:
    try:
        found = article(around.replace("%s", text).encode("utf-8", "replace"))
    except Rejected as rejected:
        assert rejected.disposition.reason
    else:
        assert found.text
        assert all(line == line.strip() and line for line in found.text.split("\n"))
