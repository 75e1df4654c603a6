"""When a page was published: which of the dates on it is the story's own, and which of several to believe."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.extraction import extract_article
from pipeline.records import Article, Page
from tests.unit.test_extraction import NOW, PARAGRAPHS, json_ld, source

URL = "https://news.example/politics/talks-1234"
TITLE = "Talks to go on next week"
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
NOON = datetime(2026, 6, 14, 12, tzinfo=UTC)


def article(
    inside: str = "", *, head: str = "", before: str = "", after: str = "", url: str = URL, listed: str = ""
) -> Article:
    markup = (
        f"<!DOCTYPE html><html><head><title>{TITLE} - News</title>{head}</head><body>{before}"
        f"<main><article><h1>{TITLE}</h1>{inside}{BODY}</article>{after}</main></body></html>"
    )
    return extract_article(Page(url, markup.encode(), fetched_at=NOW, listed_raw=listed), source())


def news_article(date: str, headline: str = TITLE, more: str = "") -> str:
    return f'{{"@type": "NewsArticle", "headline": "{headline}", "datePublished": "{date}"{more}}}'


OTHER = news_article("2025-01-10T12:00:00Z", "Ferries will be free")
OWN = news_article("2026-06-14T12:00:00Z")


@pytest.mark.parametrize(
    "scripts",
    [
        ['{"@type": "ItemList", "itemListElement": [' + OTHER + "]}", OWN],
        ["[" + OTHER + "," + OWN + "]"],
        [OTHER, news_article("2026-06-14T12:00:00Z", "Another headline", ', "url": "/politics/talks-1234"')],
        ['{"@type": "WebPage", "mainEntity": ' + OWN + ', "mentions": [' + OTHER + "]}"],
        [news_article("2026-06-14T12:00:00Z", more=', "hasPart": [' + OTHER + "]")],
    ],
)  # fmt: skip
def test_json_ld_of_another_article_gives_no_date(scripts: list[str]) -> None:
    found = article(head="".join(map(json_ld, scripts)))
    assert (found.published_at, found.title) == (NOON, TITLE)


def test_json_ld_of_other_articles_alone_gives_nothing() -> None:
    listed = '{"@type": "ItemList", "itemListElement": [' + OTHER + "]}"
    two = OTHER + "," + news_article("2024-02-02T12:00:00Z", "Sand is dear")
    for head in (json_ld(listed), json_ld("[" + two + "]")):
        assert article(head=head).published_at is None


@pytest.mark.parametrize(
    "written",
    [
        '{"@type": "NewsArticle", "headline": "Talks to go\n on next week", "datePublished": "2026-06-14T12:00:00Z",}',
        '<!-- {"@type": ["NewsArticle",], "datePublished": "2026-06-14T12:00:00Z"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2026-06-14T12:00:00Z"}\n//]]>',
        '{"@type": "NewsArticle", "datePublished": "2026-06-14T12:00:00Z"};',
        '{"@type": "NewsArticle", "headline": "The "talks" go on", "datePublished": "2026-06-14T12:00:00Z"}',
    ],
)
def test_json_ld_is_read_as_pages_write_it(written: str) -> None:
    assert article(head=json_ld(written)).published_at == NOON


@pytest.mark.parametrize(
    "shown",
    [
        '<div class="article__date">14 июня 2026, 12:00</div>',
        '<span class="date">14.06.26 12:00</span>',
        '<div class="post-meta">By A. Writer | June 14, 2026 12:00 | 120 views</div>',
        '<time>14/06/2026 12:00</time>',
        '<p class="byline__time">Published 14 June 2026, 12:00. Updated 15 June 2026, 9:00</p>',
        '<p class="dateline">Обновлено 15.06.2026 в 09:00, опубликовано 14.06.2026 в 12:00</p>',
        '<div class="info"><span class="time">12:00</span> <span class="day-date">14 июня 2026</span></div>',
        '<span class="date-updated">15 June 2026 9:00</span><span class="date">14 June 2026 12:00</span>',
    ],
)  # fmt: skip
def test_a_date_that_is_only_shown_is_read(shown: str) -> None:
    found = article(shown)
    assert (found.published_at, "date-as-shown" in found.flags) == (NOON, True)


@pytest.mark.parametrize(
    ("inside", "before", "after"),
    [
        ('<span class="updated-date">14 June 2026 12:00</span>', "", ""),
        ("", '<header><div class="date">15 июня 2026</div></header>', ""),
        ("", '<div id="date-box">Mon, 15 Jun 2026</div>' + "<div><i></i></div>" * 12, ""),
        ("", "", '<aside><span class="date">14.06.2026</span></aside>'),
        ("", "", '<div class="related"><div><time>14.06.2026</time></div></div>'),
        ("", "", "".join(f'<div><span class="date">{day}.06.2026</span></div>' for day in (11, 12, 13))),
        ("", "", '<footer><span class="date">© 14.06.2026</span></footer>'),
        ('<p class="date">Сегодня, 12:00</p>', "", ""),
        ('<p class="date">03/04/2026</p>', "", ""),
        ('<p class="date">20 июня 2026</p>', "", ""),
    ],
)  # fmt: skip
def test_what_may_be_another_date_is_no_date(inside: str, before: str, after: str) -> None:
    assert article(inside, before=before, after=after).published_at is None


def test_times_of_other_stories_and_of_updates_are_not_the_story_s() -> None:
    related = '<div class="related"><article><time datetime="2020-01-01T10:00Z"></time></article></div>'
    inside = 'Updated <time datetime="2026-06-15T09:00Z"></time> <time datetime="2026-06-14T12:00Z"></time>'
    assert article(inside, before=related, after=related).published_at == NOON
    cards = "".join(f'<li><time datetime="2020-01-0{day}T10:00Z"></time></li>' for day in (1, 2, 3))
    assert article(after=f"<ul>{cards}</ul>").published_at is None


def test_the_time_of_the_feed_is_used_where_the_page_has_none() -> None:
    assert article(listed="Sun, 14 Jun 2026 15:00:00 +0300").published_at == NOON
    dated = "https://news.example/2026/06/14/talks"
    found = article(url=dated, listed="Sun, 14 Jun 2026 15:00:00 +0300")
    assert (found.published_at, found.published_raw) == (NOON, "Sun, 14 Jun 2026 15:00:00 +0300")
    assert {"date-from-feed"} == {flag for flag in found.flags if "da" in flag}


def test_an_hour_of_the_same_day_beats_the_day_alone() -> None:
    day = '<meta property="article:published_time" content="2026-06-14">'
    assert article(head=day, listed="2026-06-14T12:00:00Z").published_at == NOON
    assert article(head=day, listed="2026-06-15T12:00:00Z").published_at == datetime(2026, 6, 14, tzinfo=UTC)
    hour = '<meta itemprop="datePublished" content="2026-06-14T12:00:00Z">'
    assert article(head=json_ld(news_article("2026-06-14")) + hour).published_at == NOON


def test_a_feed_that_tells_of_an_update_gives_way_to_the_address_and_the_page() -> None:
    late = "2026-06-15T09:00:00Z"
    old = article(url="https://news.example/2025/06/14/talks", listed=late)
    assert old.published_at == datetime(2025, 6, 14, tzinfo=UTC)
    stated = '<meta property="article:published_time" content="2026-06-14T12:00:00Z">'
    assert article(head=stated, listed=late).published_at == NOON


def test_no_page_is_published_after_it_was_seen() -> None:
    head = '<meta property="article:published_time" content="%s">'
    assert article(head=head % "2026-06-15T12:30:00Z").published_at == NOW
    late = article(head=head % "2026-06-15T14:00:00Z", listed="2026-06-14T12:00:00Z")
    assert (late.published_at, "date-refused:in-future" in late.flags) == (NOON, True)
    page = Page(URL, f"<html><head>{head % '2026-06-20T12:00:00Z'}</head><body>{BODY}".encode(), fetched_at=NOW)
    assert extract_article(page, source(), now=datetime(2027, 1, 1, tzinfo=UTC)).published_at is None


@pytest.mark.parametrize(
    ("title", "head", "url"),
    [
        (f"The Daily Harbour | {TITLE}", "", "https://dailyharbour.example/1"),
        (f"Harbour — {TITLE}", "", "https://www.harbour.example/1"),
        (f"Вестник :: {TITLE}", '<meta property="og:site_name" content="Вестник">', URL),
        (f"Вестник: {TITLE}", json_ld('{"@type": "Organization", "name": "Вестник"}'), URL),
        (f"{TITLE} | The Daily Harbour", "", "https://dailyharbour.example/1"),
        (f"{TITLE} - Some Site", "", URL),
    ],
)
def test_the_site_s_name_is_no_part_of_the_title_at_either_end(title: str, head: str, url: str) -> None:
    markup = f"<html><head><title>{title}</title>{head}</head><body><main>{BODY}</main></body></html>"
    assert extract_article(Page(url, markup.encode())).title == TITLE
