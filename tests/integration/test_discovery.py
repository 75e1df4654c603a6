"""Real crawls of every kind of document that lists articles: today's, older pages, and those of a past day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crawling import Answer, Crawl, Site, crawl, job_of, remember, serving, source_of

NOON = "2026-06-15T12:00:00+00:00"
PAST = {"now": NOON, "past": True, "window": {"start": "2026-06-09T21:00:00+00:00", "end": "2026-06-10T21:00:00+00:00"}}
"""The tenth of June in Moscow."""
MOSCOW = {"zone": "Europe/Moscow"}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def links(site: Site, path: str, inner: str) -> str:
    site.answers[path] = Answer(f"<html><body><nav><a href='/about'>About</a></nav>{inner}</body></html>".encode())
    return site.url(path)


def visit(site: Site, folder: Path, fields: dict[str, Any], name: str = "r1", **job: Any) -> Crawl:
    source = source_of(site, articles=["/news/"], dates=MOSCOW, **fields)
    return crawl(job_of(folder, source, name, **({"now": NOON} | job)))[0]


def test_a_listing_gives_its_articles_and_its_older_pages_until_one_is_known(site: Site, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        site.page(f"/news/{n}a"), site.page(f"/news/{n}b")
        inner = f"<ul><li><a href='/news/{n}a#comments'>A {n}</a></li><li><a href='/news/{n}b'> B\n {n}</a></li></ul>"
        links(site, f"/news/page/{n}" if n > 1 else "/news/", inner)
    listing = {"url": site.url("/news/"), "pages": "template", "page_template": site.url("/news/page/{n}")}
    first = visit(site, tmp_path, {"listings": [listing]})
    assert set(first.pages) == {site.url(f"/news/{n}{letter}") for n in (1, 2, 3) for letter in "ab"}
    assert {first.outcome(url) for url in first.pages} == {"kept/new"}
    assert first.pages[site.url("/news/2b")].title == "B 2"
    assert first.outcome(site.url("/news/page/4")) == "gone/http-404"

    site.asked.clear()
    again = visit(site, tmp_path, {"listings": [listing]}, "r2", known=remember(tmp_path / "known", first))
    assert "/news/page/2" not in site.paths()
    assert again.outcome(site.url("/news/")) == "unchanged/same-body"


def test_pages_after_the_first_are_bounded_and_a_page_may_name_the_next(site: Site, tmp_path: Path) -> None:
    for n in range(1, 9):
        site.page(f"/news/{n}")
        links(site, f"/list/{n}", f"<a href='/news/{n}'>x</a> <a class=older href='/list/{n + 1}'>older</a>")
    listing = {"url": site.url("/list/1"), "pages": "rel-next", "next": "a.older", "max_pages": 3}
    found = visit(site, tmp_path, {"listings": [listing]})
    assert set(found.pages) == {site.url(f"/news/{n}") for n in (1, 2, 3)}


def test_a_listing_without_articles_is_an_error_not_a_quiet_day(site: Site, tmp_path: Path) -> None:
    url = links(site, "/list", "<a href='/other/1'>no article</a>")
    bare = site.page("/bare", "no link at all")
    found = visit(site, tmp_path, {"listings": [url, bare]})
    assert found.outcome(url) == found.outcome(bare) == "error/empty-listing"
    assert found.pages == {}
    assert found.report["documents"] == {"tried": 2, "read": 0, "unchanged": 0, "entries": 0}


def test_a_json_list_is_read_by_its_paths_and_followed(site: Site, tmp_path: Path) -> None:
    first = {"docs": {"a": {"path": "news/1", "head": "One &amp; only", "at": 1781500000}, "b": {"path": None}}}
    second = {"docs": {"c": {"path": "news/2", "head": "Two", "at": None}}}
    site.answers["/api?page=0"] = Answer(json.dumps({**first, "more": "/api?page=1"}).encode())
    site.answers["/api?page=1"] = Answer(json.dumps(second).encode())
    site.page("/news/1"), site.page("/news/2")
    described = {
        "url": site.url("/api?page=0"),
        "items": "values(docs)",
        "link": "path",
        "base": site.url("/"),
        "title": "head",
        "published": "at",
        "pages": "rel-next",
        "next": "more",
    }
    found = visit(site, tmp_path, {"json_lists": [described]})
    assert {url: found.outcome(url) for url in found.pages} == dict.fromkeys(
        (site.url("/news/1"), site.url("/news/2")), "kept/new"
    )
    one = found.pages[site.url("/news/1")]
    assert (one.title, one.published_raw) == ("One & only", "1781500000")
    assert "entry 2: no web address" in found.documents[site.url("/api?page=0")].detail


@pytest.mark.parametrize(
    ("body", "reason"),
    [("<html>", "not-a-list"), ('{"docs": 7}', "not-a-list"), ('{"docs": []}', "empty-list"), ("[{}]", "not-a-list")],
)
def test_a_json_list_that_is_none_is_an_error(site: Site, tmp_path: Path, body: str, reason: str) -> None:
    site.answers["/api"] = Answer(body.encode())
    found = visit(site, tmp_path, {"json_lists": [{"url": site.url("/api"), "items": "docs"}]})
    assert found.outcome(site.url("/api")) == f"error/{reason}"


def test_a_past_day_is_fetched_from_its_archives_and_today_is_not(site: Site, tmp_path: Path) -> None:
    site.sitemap("/map?day=20260610", [site.page("/news/mapped")])
    links(site, "/2026/6/10/", f"<a href='{site.page('/news/listed')}'>x</a>")
    links(site, "/2026/6/10/page/2/", f"<a href='{site.page('/news/listed-2')}'>x</a>")
    for hour in range(1, 25):
        end = 1781038800 + hour * 3600
        links(site, f"/more?before={end}", f"<a href='{site.page(f'/news/hour-{hour}')}'>x</a>")
    fields = {
        "feeds": [site.feed("/feed.xml", [site.page("/news/today")])],
        "sitemaps": [{"url": site.url("/map?day={yyyy}{mm}{dd}"), "day_only": True}],
        "listings": [
            {
                "url": site.url("/{yyyy}/{m}/{d}/"),
                "day_only": True,
                "pages": "template",
                "page_template": site.url("/{yyyy}/{m}/{d}/page/{n}/"),
            },
            {"url": site.url("/more?before={unix}"), "day_only": True},
        ],
    }
    present = visit(site, tmp_path, fields)
    assert set(present.pages) == {site.url("/news/today")}
    past = visit(site, tmp_path, fields, "r2", **PAST)
    hours = {site.url(f"/news/hour-{hour}") for hour in range(1, 25)}
    named = {site.url(f"/news/{name}") for name in ("today", "mapped", "listed", "listed-2")}
    assert set(past.pages) == hours | named
    assert {past.outcome(url) for url in past.pages} == {"kept/new"}


def dated_sitemap(site: Site, path: str, entries: dict[str, str]) -> str:
    """A sitemap of pages with a ``lastmod`` each; empty for none."""
    rows = "".join(
        f"<url><loc>{site.page(page)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for page, day in entries.items()
    )
    return site.xml(path, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def test_of_an_archive_of_years_only_the_days_asked_for_are_taken(site: Site, tmp_path: Path) -> None:
    entries = {
        "/news/2026/06/10/in-address": "",
        "/news/2026/06/09/other-address": "2026-06-10",
        "/news/touched-later": "2026-06-12T08:00:00+03:00",
        "/news/touched-before": "2026-06-08",
        "/news/touched-much-later": "2026-06-20",
        "/news/late-in-the-day": "2026-06-10T23:30:00+03:00",
        "/news/tells-nothing": "",
    }
    url = dated_sitemap(site, "/2026.xml", entries)
    past = visit(site, tmp_path, {"sitemaps": [url]}, **PAST)
    wanted = ("2026/06/10/in-address", "touched-later", "late-in-the-day", "tells-nothing")
    assert set(past.pages) == {site.url(f"/news/{name}") for name in wanted}
    assert "3 of 7 entries left out" in past.documents[url].detail
    present = visit(site, tmp_path, {"sitemaps": [url]}, "r2")
    assert len(present.pages) == 7


def dated_feed(site: Site, path: str, day: int, following: str = "") -> str:
    items = "".join(
        f"<entry><title>{n}</title><link href='{site.page(f'/news/{day}-{n}')}'/>"
        f"<published>2026-06-{day:02}T1{n}:00:00+04:00</published></entry>"
        for n in range(2)
    )
    more = f"<link rel='next' href='{following}'/>" if following else ""
    return site.xml(path, f'<feed xmlns="http://www.w3.org/2005/Atom">{more}{items}</feed>')


def test_a_paged_feed_is_followed_to_a_past_day_and_no_further(site: Site, tmp_path: Path) -> None:
    days = (15, 12, 10, 8, 7)
    for n, day in enumerate(days):
        dated_feed(site, f"/feed/{n}", day, site.url(f"/feed/{n + 1}") if n + 1 < len(days) else "")
    past = visit(site, tmp_path, {"feeds": [{"url": site.url("/feed/0"), "pages": "rel-next"}]}, **PAST)
    assert set(past.pages) == {site.url(f"/news/{day}-{n}") for day in (15, 10) for n in range(2)}
    assert "/feed/3" in site.paths() and "/feed/4" not in site.paths()


def test_after_midnight_yesterdays_document_is_read_too(site: Site, tmp_path: Path) -> None:
    for day in (14, 15, 16):
        site.sitemap(f"/{day}.xml", [site.page(f"/news/{day}")])
    fields = {"sitemaps": [site.url("/{dd}.xml")]}
    late = visit(site, tmp_path, fields, now="2026-06-15T21:30:00+00:00")
    noon = visit(site, tmp_path, fields, "r2")
    assert set(late.pages) == {site.url("/news/15"), site.url("/news/16")}
    assert set(noon.pages) == {site.url("/news/15")}


def test_of_an_index_only_the_sitemaps_wanted_are_read(site: Site, tmp_path: Path) -> None:
    news = site.sitemap("/maps/news_01.xml", [site.page("/news/1")])
    other = site.sitemap("/maps/main_01.xml", [site.page("/news/2")])
    index = site.sitemap("/index.xml", children=[other, news])
    found = visit(site, tmp_path, {"sitemaps": [{"url": index, "follow": r"/news_\d+\.xml$"}]})
    assert set(found.pages) == {site.url("/news/1")}
    assert "/maps/main_01.xml" not in site.paths()


def test_cookies_of_a_source_are_sent_with_every_request(site: Site, tmp_path: Path) -> None:
    feed = site.feed("/feed.xml", [site.page("/news/1")])
    found = visit(site, tmp_path, {"feeds": [feed], "cookies": {"no_hop": "1", "b": "2"}})
    assert found.outcome(site.url("/news/1")) == "kept/new"
    assert [asked.headers.get("Cookie") for asked in site.asked if asked.path != "/robots.txt"] == ["no_hop=1; b=2"] * 2


def test_what_is_offered_although_pages_are_closed_is_feeds_and_sitemaps_not_listings(
    site: Site, tmp_path: Path
) -> None:
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /")
    listing = links(site, "/list", f"<a href='{site.page('/news/1')}'>x</a>")
    sitemap = site.sitemap("/map.xml", [site.page("/news/2")])
    fields = {"listings": [listing], "sitemaps": [sitemap], "politeness": {"robots": "pages"}}
    found = visit(site, tmp_path, fields)
    assert found.outcome(listing) == "error/robots"
    assert found.outcome(sitemap) == "kept/new"


def test_a_crawl_may_be_told_how_many_pages_to_ask_for(site: Site, tmp_path: Path) -> None:
    feed = site.feed("/feed.xml", [site.page(f"/news/{n}") for n in range(5)])
    found = visit(site, tmp_path, {"feeds": [feed]}, most_pages=2)
    assert found.report["outcomes"] == {"error": 3, "kept": 2}
    none = visit(site, tmp_path, {"feeds": [feed]}, "r2", most_pages=0)
    assert none.report["outcomes"] == {"error": 5}
    assert none.outcome(site.url("/news/1")) == "error/max-pages"


def test_links_with_tracking_are_asked_for_without_it(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: *?")
    plain = site.page("/news/1")
    found = visit(site, tmp_path, {"feeds": [site.feed("/feed.xml", [f"{plain}?utm_source=rss&utm_medium=rss"])]})
    assert found.outcome(f"{plain}?utm_source=rss&utm_medium=rss") == "kept/new"
    assert site.paths() == ["/robots.txt", "/feed.xml", "/news/1"]
