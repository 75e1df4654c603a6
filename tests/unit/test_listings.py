"""HTML listings and JSON lists: what is listed is found, and what is no list is refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.discovery import JsonList, Listing
from pipeline.errors import Rejected
from pipeline.parsing.feeds import ListingDocument, read_json_list, read_listing
from pipeline.parsing.feeds.finding import article_patterns, read_home, sitemaps_in_robots

BASE = "https://mill.example/news/"


def listed(body: str | bytes, **fields: Any) -> ListingDocument:
    raw = body.encode() if isinstance(body, str) else body
    return read_listing(raw, Listing(url=BASE, **fields), base_url=BASE, content_type="text/html")


def test_links_are_absolute_once_each_and_carry_title_and_time() -> None:
    page = """<html><body>
      <div class=item><a href="a.html"><img src=x></a><time datetime="2026-06-15T09:00">morning</time></div>
      <div class=item><a href="/b?x=1#top">B &amp; <b>more</b></a></div>
      <div class=item><a href="/b?x=1#comments">3 comments</a></div>
      <div class=item>nothing</div><div class=item><a href="mailto:x@y.example">write</a></div>
      <a href="/about">about</a></body></html>"""
    found = listed(page, links="div.item")
    assert [(it.url, it.title, it.published_raw) for it in found.entries] == [
        ("https://mill.example/news/a.html", "", "2026-06-15T09:00"),
        ("https://mill.example/b?x=1", "B & more", ""),
    ]


def test_a_page_may_name_its_base_its_charset_and_the_next_page() -> None:
    page = (
        "<html><head><meta charset=windows-1251><base href='https://other.example/x/'>"
        "<link rel='next' href='2'></head><body><a href='1'>Мельница</a></body></html>"
    )
    found = listed(page.encode("cp1251"))
    assert [(it.url, it.title) for it in found.entries][-1] == ("https://other.example/x/1", "Мельница")
    assert found.next_url == "https://other.example/x/2"
    assert listed("<a class=more href=/p3>x</a>", next="a.more").next_url == "https://mill.example/p3"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty-body"),
        ('{"a": 1}', "not-a-listing"),
        ("<html><body>no link</body></html>", "empty-listing"),
        ("<html><body><a href='javascript:void(0)'>x</a></body></html>", "empty-listing"),
        ("<div>" * 5000 + "<a href=/1>x</a>", "parse-limit"),
    ],
)
def test_what_is_no_listing_is_refused(body: str, reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        listed(body)
    assert refused.value.disposition.reason == reason


def test_more_links_than_anyone_lists_are_told_not_read() -> None:
    found = listed("".join(f"<a href='/{n}'>x</a>" for n in range(6000)))
    assert len(found.entries) == 5000 and "more than 5000 links" in found.problems[0]


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for read in (lambda: listed(body), lambda: json_listed(body)):
        try:
            read()
        except Rejected as refused:
            assert refused.disposition.reason


def json_listed(body: bytes, **fields: Any) -> ListingDocument:
    return read_json_list(body, JsonList(**{"url": BASE, "items": "items", **fields}), base_url=BASE)


def test_a_json_list_is_read_by_its_paths() -> None:
    value = {
        "data": {"rows": [{"p": "one", "meta": {"t": "One", "at": 1781500000}}, {"p": 7}, {"p": True}, "x", None]},
        "more": {"url": "?page=2"},
    }
    found = json_listed(
        json.dumps(value).encode(),
        items="data.rows[]",
        link="p",
        base="https://mill.example/",
        title="meta.t",
        published="meta.at",
        next="more.url",
    )
    assert [(it.url, it.title, it.published_raw) for it in found.entries] == [
        ("https://mill.example/one", "One", "1781500000"),
        ("https://mill.example/7", "", ""),
    ]
    assert found.problems == tuple(f"entry {n}: no web address" for n in (3, 4))
    assert found.next_url == "https://mill.example/news/?page=2"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 100_000, "not-a-list"),
        (b'{"items": {"a": 1}}', "not-a-list"),
        (b'{"items": [{"url": "ftp://x/y"}]}', "no-usable-entry"),
        (b'{"items": []}', "empty-list"),
    ],
)
def test_what_is_no_json_list_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        json_listed(body)
    assert refused.value.disposition.reason == reason


def test_a_path_that_does_not_fit_the_document_is_told_with_the_path() -> None:
    with pytest.raises(Rejected, match=r"values\(@\)"):
        json_listed(b"[1, 2]", items="values(@)")


def test_a_home_page_declares_name_language_and_feeds() -> None:
    page = b"""<html lang="ru-RU"><head><title>x</title><meta property="og:site_name" content="The Mill">
      <link rel="alternate" type="application/atom+xml" href="/a.atom"><link rel="alternate" hreflang="en" href="/en">
      <link rel="stylesheet" href="/feed.css"></head>
      <body><a href="/rss/news">rss</a><a href="/a.atom">again</a><a href="/breakfast">b</a></body></html>"""
    home = read_home(page, base_url="https://mill.example/")
    assert (home.title, home.language) == ("The Mill", "ru")
    assert home.feeds == ("https://mill.example/a.atom", "https://mill.example/rss/news")
    robots = "User-agent: *\nSitemap: /map.xml\n sitemap: https://mill.example/news.xml # new\nDisallow: /\n"
    assert sitemaps_in_robots(robots, "https://mill.example/robots.txt") == [
        "https://mill.example/map.xml",
        "https://mill.example/news.xml",
    ]


def test_forms_of_addresses_are_guessed_from_the_commonest() -> None:
    dated = [f"https://www.mill.example/news/2026/06/{n:02}/wheel-{n}/" for n in range(1, 20)]
    numbered = [f"https://mill.example/doc/{n}.shtml" for n in range(1000, 1010)]
    odd = ["https://mill.example/about", "https://mill.example/"]
    assert article_patterns([*dated, *numbered, *odd]) == [
        r"^https?://(www\.)?mill\.example/[a-z_-]+/\d{4}/\d{2}/\d{2}/[^/?#]+/?$",
        r"^https?://(www\.)?mill\.example/[a-z_-]+/\d+\.shtml$",
    ]
