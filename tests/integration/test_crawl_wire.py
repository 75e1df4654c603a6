"""HTTP as servers really speak it: what is whole is kept whatever the headers say, and what is cut is told."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Answer, Asked, Crawl, Site, crawl, job_of, serving, source_of

from pipeline import archive

TEXT = b"<html><body><p>The mill at Orlen will grind again in May, its owner says.</p></body></html>"
CUT = TEXT[:40]


def raw(body: bytes, *headers: bytes, status: bytes = b"HTTP/1.1 200 OK") -> Answer:
    return Answer(raw=b"\r\n".join([status, *headers, b"", body]))


def chunked(*parts: bytes) -> Answer:
    sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return raw(sent, b"Content-Type: text/html", b"Transfer-Encoding: chunked")


def with_cookie(asked: Asked) -> Answer:
    if "seen=1" in asked.headers.get("Cookie", ""):
        return Answer(TEXT)
    return Answer(status=302, headers={"Location": asked.path, "Set-Cookie": "seen=1; Path=/; HttpOnly"})


def refreshing(to: str, *, delay: int = 0, text: str = "") -> Answer:
    meta = f'<meta http-equiv="Refresh" content="{delay}; URL=\'{to}\'">'
    return Answer(f"<html><head><!-- {meta} -->{meta}</head><body>{text}</body></html>".encode())


PAGES: dict[str, tuple[Answer, str]] = {
    "length-too-large": (raw(TEXT, b"Content-Type: text/html", b"Content-Length: 900"), "kept/new"),
    "length-too-large-and-cut": (raw(CUT, b"Content-Type: text/html", b"Content-Length: 900"), "error/truncated"),
    "no-last-chunk": (chunked(TEXT[:30], TEXT[30:]), "kept/new"),
    "no-last-chunk-and-cut": (chunked(CUT), "error/truncated"),
    "no-length": (raw(TEXT, b"Content-Type: text/html", status=b"HTTP/1.0 200 OK"), "kept/new"),
    "no-length-text-behind": (
        raw(TEXT + b" 0.31 s", b"Content-Type: text/html", status=b"HTTP/1.0 200 OK"),
        "kept/new",
    ),
    "no-length-and-cut": (raw(TEXT[:-14], b"Content-Type: text/html", status=b"HTTP/1.0 200 OK"), "error/truncated"),
    "no-coding": (Answer(TEXT, headers={"Content-Encoding": "windows-1251"}), "kept/new"),
    "packed-and-not-said": (Answer(gzip.compress(TEXT)), "kept/new"),
    "by-proxy": (Answer(TEXT, status=203), "kept/new"),
    "long-header": (Answer(TEXT, headers={"X-Policy": "a" * 60_000}), "kept/new"),
    "endless-header": (raw(b"", b"X: " + b"a" * 400_000), "error/too-large"),
    "endless-headers": (raw(b"", *(b"X-%d: a" % n for n in range(3000))), "error/too-large"),
    "endless-interim": (Answer(raw=b"HTTP/1.1 100 Continue\r\nX: a\r\n\r\n" * 3000), "error/too-large"),
    "refresh": (refreshing("/news/refreshed"), "kept/new"),
    "refresh-inward": (refreshing("http://127.66.0.1/"), "error/guard"),
    "refresh-to-itself": (refreshing("/news/refresh-to-itself"), "kept/new"),
    "refresh-later": (refreshing("/news/no-such-page", delay=600), "kept/new"),
    "refresh-of-a-text": (refreshing("/news/no-such-page", text="Grain and gas. " * 60), "kept/new"),
    "refresh-for-whoever-runs-no-scripts": (
        Answer(b"<html><noscript><meta http-equiv=refresh content='0;url=/no'></noscript><p>Mill</p></html>"),
        "kept/new",
    ),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def visited(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawl, Path]:
    folder = tmp_path_factory.mktemp("wire")
    for name, (answer, _) in PAGES.items():
        site.answers[f"/news/{name}"] = answer
    site.answers["/news/cookie"] = with_cookie
    site.answers["/news/circle"] = Answer(status=302, headers={"Location": "/news/circle", "Set-Cookie": "a=b"})
    for hop in range(9):
        onward = f"/news/hop-{hop + 1}" if hop < 8 else "/news/arrived"
        site.answers[f"/news/hop-{hop}"] = Answer(status=301, headers={"Location": onward})
    for name in ("refreshed", "arrived"):
        site.answers[f"/news/{name}"] = Answer(TEXT + name.encode())
    names = [*PAGES, "cookie", "circle", "hop-0"]
    feed = site.feed("/feed.xml", [site.url(f"/news/{name}") for name in names])
    items = b'{"items": [{"url": "/news/by-list"}]}'
    site.answers["/list.json"] = raw(items, b"Content-Type: application/json", status=b"HTTP/1.0 200 OK")
    site.answers["/cut.json"] = raw(items[:-4], b"Content-Type: application/json", status=b"HTTP/1.0 200 OK")
    site.answers["/cut.xml"] = raw(b"<rss><channel><item><link>/1</link></item>", status=b"HTTP/1.0 200 OK")
    site.page("/news/by-list")
    lists = [{"url": site.url(path), "items": "items", "link": "url"} for path in ("/list.json", "/cut.json")]
    source = source_of(site, feeds=[feed, site.url("/cut.xml")], json_lists=lists, politeness={"concurrency": 4})
    return crawl(job_of(folder, source))[0], folder


def test_a_page_is_judged_by_its_document_and_not_by_a_header_alone(visited: tuple[Crawl, Path], site: Site) -> None:
    found, _ = visited
    wanted = {name: outcome for name, (_, outcome) in PAGES.items()}
    wanted |= {"cookie": "kept/new", "circle": "error/redirects", "hop-0": "kept/new"}
    assert {name: found.outcome(site.url(f"/news/{name}")) for name in wanted} == wanted


def test_where_a_page_sends_on_is_what_is_kept(visited: tuple[Crawl, Path], site: Site) -> None:
    found, folder = visited
    for name, end in (("refresh", "refreshed"), ("hop-0", "arrived")):
        fetch = found.pages[site.url(f"/news/{name}")]
        assert fetch.final_url == site.url(f"/news/{end}")
        assert fetch.record is not None
        assert archive.read_response(folder / "archive", fetch.record).body.endswith(end.encode())


def test_a_document_without_length_is_read_if_it_has_its_end(visited: tuple[Crawl, Path], site: Site) -> None:
    found, _ = visited
    ends = {path: found.outcome(site.url(path)) for path in ("/list.json", "/cut.json", "/cut.xml")}
    assert ends == {"/list.json": "kept/new", "/cut.json": "error/truncated", "/cut.xml": "error/truncated"}
    assert found.outcome(site.url("/news/by-list")) == "kept/new"


def test_cookies_last_for_one_address_only(visited: tuple[Crawl, Path], site: Site) -> None:
    assert visited
    sent = {asked.path for asked in site.asked if "Cookie" in asked.headers}
    assert sent == {"/news/cookie", "/news/circle"}
    assert site.paths().count("/news/circle") == 11
