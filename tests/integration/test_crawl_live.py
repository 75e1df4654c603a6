"""Real crawls of a real site: every address that is found ends in one outcome, and what is kept can be proven."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from crawling import ROOT, Answer, Asked, Crawl, Site, crawl, job_of, remember, serving, source_of
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline import archive
from pipeline.config.source import Source
from pipeline.crawling import journal
from pipeline.records import Outcome

NOON = "2026-06-15T12:00:00+00:00"
SAME_EVENING = "2026-06-15T20:00:00+00:00"
NEXT_DAY = "2026-06-16T13:00:00+00:00"
NEXT_WEEK = "2026-06-23T12:30:00+00:00"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def furnish(site: Site) -> dict[str, str]:
    """A site with one of everything; the outcome that each listed address deserves."""
    packed = gzip.compress(b"<html><p>packed</p></html>" * 50)
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private\n")
    site.answers["/news/packed"] = Answer(packed, headers={"Content-Encoding": "gzip"})
    site.answers["/news/cut-gzip"] = Answer(packed[:-30], headers={"Content-Encoding": "gzip"})
    site.answers["/news/cut"] = Answer(b"<p>" + b"x" * 5000, cut=100)
    site.answers["/news/empty"] = Answer(b" \n")
    site.answers["/news/forbidden"] = Answer(b"no", status=403)
    site.answers["/news/gone"] = Answer(status=410)
    site.answers["/news/photo"] = Answer(b"\xff\xd8", headers={"Content-Type": "image/jpeg"})
    site.answers["/news/slow"] = Answer(b"late", delay=3)
    site.answers["/news/loop"] = Answer(status=302, headers={"Location": "/news/loop"})
    site.answers["/news/short"] = Answer(status=301, headers={"Location": "/news/plain?utm_source=short"})
    site.answers["/news/moved"] = Answer(status=302, headers={"Location": "/news/hop"})
    site.answers["/news/hop"] = Answer(status=307, headers={"Location": "/news/new-place"})
    site.answers["/news/home"] = Answer(status=302, headers={"Location": "/"})
    site.answers["/news/section"] = Answer(status=302, headers={"Location": "/world/"})
    site.answers["/news/inward"] = Answer(status=302, headers={"Location": "http://127.0.0.1:1/admin"})
    site.answers["/news/to-file"] = Answer(status=302, headers={"Location": "file:///etc/hostname"})
    site.page("/"), site.page("/world/"), site.page("/private/news/1"), site.page("/news/new-place")
    wanted = {
        site.page("/news/plain"): "kept/new",
        site.url("/news/packed"): "kept/new",
        site.url("/news/plain?utm_source=feed"): "duplicate/same-article",
        site.url("/news/moved"): "kept/new",
        site.url("/news/short"): "duplicate/redirect",
        site.url("/news/home"): "not-article/home",
        site.url("/news/section"): "not-article/pattern",
        site.url("/world/"): "not-article/pattern",
        site.url("/news/photo"): "not-article/content-type",
        site.url("/news/missing"): "gone/http-404",
        site.url("/news/gone"): "gone/http-410",
        site.url("/news/forbidden"): "error/http-403",
        site.url("/news/cut-gzip"): "error/truncated",
        site.url("/news/cut"): "error/truncated",
        site.url("/news/empty"): "error/empty-body",
        site.url("/news/slow"): "error/timeout",
        site.url("/news/loop"): "error/redirects",
        site.url("/news/inward"): "error/guard",
        site.url("/news/to-file"): "error/guard",
        site.url("/private/news/1"): "error/robots",
        "http://127.0.0.1:1/news/2": "error/guard",
        "http://169.254.169.254/news/latest": "error/guard",
        "http://localhost/news/3": "error/guard",
        "https://elsewhere.example.org/news/4": "not-article/other-host",
    }
    site.feed("/feed.xml", wanted)
    return wanted


@dataclass(frozen=True)
class Furnished:
    """The crawl of a site with one of everything, done once for several tests."""

    site: Site
    wanted: dict[str, str]
    folder: Path
    crawl: Crawl


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("furnished")
    with serving() as site:
        wanted = furnish(site)
        yield Furnished(site, wanted, folder, one_of_everything(site, folder))


def index(folder: Path, found: Crawl) -> list[archive.IndexLine]:
    """The index of the one file that a crawl left."""
    (name,) = found.report["warcs"]
    return list(archive.read_index(archive.index_of(folder / "archive" / name)))


def one_of_everything(site: Site, folder: Path, **fields: object) -> Crawl:
    polite = {"timeout": 1.5, "concurrency": 8}
    source = source_of(site, feeds=[site.url("/feed.xml")], articles=["/news/"], politeness=polite)
    return crawl(job_of(folder, source, now=NOON, **fields))[0]


def test_each_listed_address_ends_in_the_outcome_it_deserves(furnished: Furnished) -> None:
    site, found = furnished.site, furnished.crawl
    assert {url: found.outcome(url) for url in found.pages} == furnished.wanted
    assert found.report["discovered"] == len(furnished.wanted)
    assert found.report["finished"] == "finished"
    assert found.report["documents"] == {"tried": 1, "read": 1, "unchanged": 0, "entries": len(furnished.wanted)}
    assert found.outcome(site.url("/feed.xml")) == found.outcome(site.url("/robots.txt")) == "kept/new"
    assert "/private/news/1" not in site.paths()
    assert found.pages[site.url("/news/moved")].final_url == site.url("/news/new-place")
    assert found.pages[site.url("/news/plain")].discovered_in == site.url("/feed.xml")


def test_everything_kept_is_in_a_closed_archive_and_can_be_proven(furnished: Furnished) -> None:
    found, folder = furnished.crawl, furnished.folder / "archive"
    kept = [fetch for fetch in found.fetches if fetch.outcome is Outcome.KEPT]
    assert len(kept) == 5
    for fetch in kept:
        assert fetch.record is not None
        page = archive.read_response(folder, fetch.record)
        assert hashlib.sha256(page.body).hexdigest() == fetch.body_sha256
        assert page.url == fetch.final_url
    assert found.report["warcs"] == ["paper/20260615T120000-r1.warc.gz"]
    assert archive.verify_file(folder / "paper" / "20260615T120000-r1.warc.gz") == []
    assert not list(folder.rglob("*.open"))
    assert all(fetch.record is None for fetch in found.fetches if fetch.outcome is not Outcome.KEPT)


def test_our_own_archive_replays_to_the_same_bodies(furnished: Furnished, tmp_path: Path) -> None:
    site, live = furnished.site, furnished.crawl
    asked = len(site.asked)
    for number, replay in enumerate((furnished.folder / "archive" / live.report["warcs"][0], furnished.folder)):
        again = one_of_everything(site, tmp_path / str(number), replay=str(replay), contact="")
        assert {url: again.outcome(url) for url in again.pages} == furnished.wanted
        kept = {fetch.url: fetch.body_sha256 for fetch in live.fetches if fetch.outcome is Outcome.KEPT}
        assert {fetch.url: fetch.body_sha256 for fetch in again.fetches if fetch.outcome is Outcome.KEPT} == kept
    assert len(site.asked) == asked


@dataclass(frozen=True)
class Visit:
    """The crawl of one small site, with the addresses that matter."""

    site: Site
    links: list[str]
    crawl: Crawl

    def outcomes(self) -> list[str]:
        return [self.crawl.outcome(link) for link in self.links]


def plain_site(site: Site) -> tuple[Source, list[str]]:
    links = [site.page("/news/1")]
    return source_of(site, id="plain", feeds=[site.feed("/feed.xml", links)]), links


def chain_of_sitemaps(site: Site) -> tuple[Source, list[str]]:
    links = [site.url(f"/map{n}.xml") for n in range(6)]
    for n in range(5):
        site.sitemap(f"/map{n}.xml", children=[links[n + 1]])
    return source_of(site, id="chain", sitemaps=links[:1]), links[:5]


def many_links(site: Site) -> tuple[Source, list[str]]:
    links = [site.page(f"/news/{n}") for n in range(30)]
    feeds = [site.feed("/feed.xml", links)]
    return source_of(site, id="many", feeds=feeds, politeness={"max_pages": 11}), links


def busy_for_a_moment(site: Site) -> tuple[Source, list[str]]:
    times = iter((429, 200))
    site.answers["/news/busy"] = lambda asked: Answer(b"<p>x</p>", next(times), {"Retry-After": "2"})
    site.answers["/news/away"] = Answer(status=503, headers={"Retry-After": "3600"})
    links = [site.url("/news/busy"), site.url("/news/away"), *(site.page(f"/news/{n}") for n in range(4))]
    return source_of(site, id="busy", feeds=[site.feed("/feed.xml", links)], politeness={"concurrency": 1}), links


def busy_for_an_hour(site: Site) -> tuple[Source, list[str]]:
    site.answers["/news/0"] = Answer(status=429, headers={"Retry-After": "3600"})
    links = [site.url("/news/0"), *(site.page(f"/news/{n}") for n in range(1, 6))]
    return source_of(site, id="closed", feeds=[site.feed("/feed.xml", links)], politeness={"concurrency": 1}), links


def only_feeds_offered(site: Site) -> tuple[Source, list[str]]:
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /")
    links = [site.page("/news/1")]
    feeds = [site.feed("/feed.xml", links)]
    return source_of(site, id="offered", feeds=feeds, politeness={"robots": "pages"}), links


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Visit]]:
    """Small sites, all crawled side by side by one child."""
    folder = tmp_path_factory.mktemp("visits")
    makers = (plain_site, chain_of_sitemaps, many_links, busy_for_a_moment, busy_for_an_hour, only_feeds_offered)
    with ExitStack() as stack:
        sites = [stack.enter_context(serving()) for _ in makers]
        made = [make(site) for make, site in zip(makers, sites, strict=True)]
        found = crawl(*(job_of(folder, source) for source, _ in made))
        yield {
            source.id: Visit(site, links, result)
            for site, (source, links), result in zip(sites, made, found, strict=True)
        }


def test_requests_say_who_asks(visits: dict[str, Visit]) -> None:
    site = visits["plain"].site
    assert site.paths() == ["/robots.txt", "/feed.xml", "/news/1"]
    for asked in site.asked:
        assert re.fullmatch(r"onrecord/\S+ \(\+ops@example\.org\)", asked.headers["User-Agent"])
        assert "Cookie" not in asked.headers


def test_a_chain_of_sitemaps_ends(visits: dict[str, Visit]) -> None:
    chain = visits["chain"]
    assert chain.outcomes() == ["kept/new"] * 4 + ["error/sitemap-depth"]
    assert "/map4.xml" not in chain.site.paths()


def test_the_budget_of_requests_ends_a_run_but_loses_no_address(visits: dict[str, Visit]) -> None:
    assert visits["many"].outcomes() == ["kept/new"] * 10 + ["error/max-pages"] * 20


def test_no_request_comes_before_retry_after(visits: dict[str, Visit]) -> None:
    busy = visits["busy"]
    refused = next(asked.at for asked in busy.site.asked if asked.path == "/news/busy")
    assert all(asked.at <= refused + 0.5 or asked.at >= refused + 2 for asked in busy.site.asked)
    assert busy.outcomes() == ["kept/new", "error/http-503"] + ["kept/new"] * 4


def test_a_host_that_asks_to_be_left_alone_for_long_is_left_alone(visits: dict[str, Visit]) -> None:
    assert visits["closed"].outcomes() == ["error/http-429"] + ["error/retry-after"] * 5
    assert visits["closed"].site.paths()[-1] == "/news/0"


def test_a_host_that_was_to_be_left_alone_is_left_alone_by_the_next_run(
    visits: dict[str, Visit], tmp_path: Path
) -> None:
    closed = visits["closed"]
    not_before = closed.crawl.report["not_before"]
    host = f"127.0.0.1:{closed.site.port}"
    assert 3500 < (datetime.fromisoformat(not_before[host]) - datetime.now(UTC)).total_seconds() <= 3600
    closed.site.asked.clear()
    source = source_of(closed.site, id="closed", feeds=[closed.site.url("/feed.xml")])
    found = crawl(job_of(tmp_path, source, not_before=not_before))[0]
    assert closed.site.paths() == []
    assert found.outcome(closed.site.url("/robots.txt")) == "error/retry-after"
    assert found.outcome(closed.site.url("/feed.xml")) == "error/robots"
    assert found.report["not_before"] == not_before
    over = {host: (datetime.now(UTC) - timedelta(seconds=1)).isoformat()}
    later = crawl(job_of(tmp_path, source, "r2", not_before=over))[0]
    assert later.outcome(closed.site.url("/feed.xml")) == "kept/new"


def test_two_sources_on_one_host_ask_it_no_faster_than_one(site: Site, tmp_path: Path) -> None:
    delay = 0.3
    jobs = []
    for name in ("one", "two"):
        feed = site.feed(f"/{name}.xml", [site.page(f"/{name}/{number}") for number in range(3)])
        polite = {"delay": delay, "concurrency": 1}
        jobs.append(job_of(tmp_path, source_of(site, id=name, feeds=[feed], politeness=polite)))
    one, two = crawl(*jobs)
    assert one.report["outcomes"] == two.report["outcomes"] == {"kept": 3}
    inside = [asked for asked in site.asked if not asked.path.endswith(".txt")]
    assert [asked.path.split("/")[1].removesuffix(".xml") for asked in inside] == ["one"] * 4 + ["two"] * 4
    gaps = [later.at - earlier.at for earlier, later in pairwise(asked for asked in inside if "one" in asked.path)]
    assert min(gaps) > delay * 0.9


def test_feeds_offered_to_machines_can_be_read_while_robots_txt_closes_the_pages(visits: dict[str, Visit]) -> None:
    assert visits["offered"].outcomes() == ["error/robots"]
    assert visits["offered"].site.paths() == ["/robots.txt", "/feed.xml"]


def test_the_next_run_asks_only_for_what_may_have_changed(site: Site, tmp_path: Path) -> None:
    same, edited, tagged, lost = (site.page(f"/news/{name}") for name in ("same", "edited", "tagged", "lost"))
    site.page("/news/tagged", "tagged", ETag='"v1"')
    unlisted, off_beat, failed = site.page("/news/unlisted"), site.page("/news/off"), site.url("/news/failed")
    site.answers["/news/failed"] = Answer(status=503)
    links = [same, edited, tagged, lost, off_beat, failed]
    source = source_of(site, feeds=[site.feed("/feed.xml", [*links, unlisted])])
    first = crawl(job_of(tmp_path, source, now=NOON))[0]
    assert first.report["outcomes"] == {"error": 1, "kept": 6}

    site.feed("/feed.xml", [*links, site.page("/news/fresh")], ETag='"f"')
    site.page("/news/edited", "other words"), site.page("/news/failed")
    del site.answers["/news/lost"]
    known = remember(tmp_path / "known", first, outcomes={off_beat: Outcome.NOT_RELEVANT})
    site.asked.clear()
    second = crawl(job_of(tmp_path, source, "r2", now=NEXT_DAY, known=known))[0]
    assert {url: second.outcome(url) for url in second.pages} == {
        same: "unchanged/same-body",
        edited: "kept/edited",
        tagged: "unchanged/not-modified",
        lost: "gone/http-404",
        off_beat: "not-relevant/new",
        failed: "kept/new",
        unlisted: "unchanged/same-body",
        site.url("/news/fresh"): "kept/new",
    }
    assert "/news/off" not in site.paths()
    assert second.pages[tagged].etag == '"v1"'
    assert second.pages[tagged].body_sha256 == first.pages[tagged].body_sha256
    assert second.outcome(site.url("/robots.txt")) == "gone/http-404"

    known = remember(tmp_path / "known", first, second, outcomes={off_beat: Outcome.NOT_RELEVANT})
    site.asked.clear()
    third = crawl(job_of(tmp_path, source, "r3", now=NEXT_WEEK, known=known))[0]
    assert third.outcome(site.url("/feed.xml")) == "unchanged/not-modified"
    assert third.report["documents"] == {"tried": 1, "read": 1, "unchanged": 1, "entries": 0}
    assert third.pages == {site.url("/news/fresh"): third.pages[site.url("/news/fresh")]}
    assert [(line.url, line.mime, line.status) for line in index(tmp_path, third)] == [
        (site.url("/feed.xml"), "warc/revisit", 304),
        (site.url("/news/fresh"), "warc/revisit", 200),
        (site.url("/robots.txt"), "text/html", 404),
    ]


def test_a_settled_article_is_repeated_and_a_page_ahead_of_time_is_asked_again(site: Site, tmp_path: Path) -> None:
    old, early = site.page("/news/old"), site.url("/news/early")
    source = source_of(site, feeds=[site.feed("/feed.xml", [old, early])])
    first = crawl(job_of(tmp_path, source, now=NOON))[0]
    known = remember(tmp_path / "known", first)
    site.page("/news/early")
    another = source.model_copy(update={"id": "another"})
    soon, later = crawl(
        job_of(tmp_path, source, "r2", now="2026-06-15T12:30:00+00:00", known=known),
        job_of(tmp_path, another, "r3", now=NEXT_WEEK, known=known),
    )
    assert soon.outcome(early) == "kept/new"
    assert later.outcome(early) == "gone/http-404"
    assert later.outcome(old) == "unchanged/settled"


def test_another_form_of_a_known_address_is_that_article_and_a_redirect_to_one_is_its_duplicate(
    site: Site, tmp_path: Path
) -> None:
    plain = site.page("/news/1", ETag='"v1"')
    site.answers["/news/short"] = Answer(status=302, headers={"Location": "/news/1"})
    tagged, short = f"{plain}?utm_source=feed", site.url("/news/short")
    site.answers["/news/1?utm_source=feed"] = site.answers["/news/1"]
    source = source_of(site, feeds=[site.feed("/feed.xml", [plain, tagged])])
    first = crawl(job_of(tmp_path, source, now=NOON))[0]
    assert first.outcome(tagged) == "duplicate/same-article"
    site.feed("/feed.xml", [tagged, short])
    known = remember(tmp_path / "known", first)
    second = crawl(job_of(tmp_path, source, "r2", now=SAME_EVENING, known=known))[0]
    assert {url: second.outcome(url) for url in second.pages} == {
        tagged: "unchanged/not-modified",
        short: "duplicate/redirect",
    }


def test_text_that_comes_from_the_feed_is_taken_from_its_capture(site: Site, tmp_path: Path) -> None:
    links = [site.page("/news/1"), site.page("/news/2")]
    url = site.feed("/full.xml", links)
    source = source_of(site, feeds=[{"url": url, "full_text": True}], body="feed")
    first = crawl(job_of(tmp_path, source, now=NOON))[0]
    assert site.paths() == ["/robots.txt", "/full.xml"]
    assert [first.outcome(link) for link in links] == ["kept/from-feed"] * 2
    assert first.documents[url].record is not None
    assert first.pages[links[0]].record is None  # the feed is no page of its entry
    known = remember(tmp_path / "known", first)
    second = crawl(job_of(tmp_path, source, "r2", now=NEXT_DAY, known=known))[0]
    assert second.outcome(url) == "unchanged/same-body"
    assert [second.outcome(link) for link in links] == ["unchanged/not-modified"] * 2


def test_sitemaps_feeds_of_many_pages_and_days_are_followed_within_bounds(site: Site, tmp_path: Path) -> None:
    chain = [site.url(f"/map{n}.xml") for n in range(6)]
    for n in range(5):
        site.sitemap(f"/map{n}.xml", children=[chain[n + 1], chain[0]])
    deep = site.page("/news/deep")
    site.sitemap("/map3.xml", [deep])
    for n in (1, 2, 3):
        site.feed(f"/page{n}.xml", [site.page(f"/news/{n}")])
    for day in (14, 15, 16):
        site.sitemap(f"/2026/06/{day}.xml", [site.page(f"/news/day{day}")])
    source = source_of(
        site,
        feeds=[{"url": site.url("/page1.xml"), "pages": "template", "page_template": site.url("/page{n}.xml")}],
        sitemaps=[chain[0], {"url": site.url("/{yyyy}/{mm}/{dd}.xml"), "day_only": True}],
    )
    window = {"start": "2026-06-14T00:00:00+00:00", "end": "2026-06-16T00:00:00+00:00"}
    today = job_of(tmp_path, source, now=NOON)
    past = job_of(tmp_path, source.model_copy(update={"id": "past"}), now=NOON, window=window, past=True)
    now, then = crawl(today, past)
    assert set(now.pages) == {deep, *(site.url(f"/news/{n}") for n in (1, 2, 3))}
    assert set(then.pages) == {*now.pages, site.url("/news/day14"), site.url("/news/day15")}
    assert now.outcome(site.url("/page4.xml")) == "gone/http-404"


ROBOTS = {
    "503": (Answer(status=503), "error/robots-unread"),
    "429": (Answer(status=429), "error/robots"),
    "silent": (Answer(b"late", delay=2.5), "error/robots-unread"),
    "loop": (Answer(status=302, headers={"Location": "/robots.txt"}), "error/robots-unread"),
    "disallowed": (Answer(b"User-agent: onrecord\nDisallow: /"), "error/robots"),
    "403": (Answer(status=403), "kept/new"),
    "404": (Answer(status=404), "kept/new"),
    "5-mib": (Answer(b"User-agent: *\nDisallow: /private\n" + b"Disallow: /a*b*c*d$\n" * 250_000), "kept/new"),
    "html": (Answer(b"<html>not a robots file</html>"), "kept/new"),
}


def test_robots_txt_is_kept_to_as_the_standard_says(tmp_path: Path) -> None:
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving()) for name in ROBOTS}
        jobs = []
        for name, site in sites.items():
            site.answers["/robots.txt"] = ROBOTS[name][0]
            url = site.feed("/feed.xml", [site.page("/news/1")])
            jobs.append(job_of(tmp_path, source_of(site, id=name, feeds=[url], politeness={"timeout": 1.5})))
        for (name, site), found in zip(sites.items(), crawl(*jobs), strict=True):
            wanted = ROBOTS[name][1]
            assert (name, found.outcome(site.url("/feed.xml"))) == (name, wanted)
            assert found.outcome(site.url("/robots.txt"))
            assert ("/feed.xml" in site.paths()) == (wanted == "kept/new")


def test_all_requests_go_through_the_proxy_if_there_is_one(site: Site, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(b"<p>by proxy</p>")

    listed = "http://www.news.example/news/1"
    site.feed("http://news.example/feed.xml", [listed, f"http://127.0.0.1:{site.port}/inside"])
    site.answers[listed] = answer
    source = source_of(site, home="http://news.example", feeds=["http://news.example/feed.xml"], allow_addresses=[])
    found = crawl(job_of(tmp_path, source, proxy=f"http://127.0.0.1:{site.port}"))[0]
    assert found.outcome(listed) == "kept/new"
    assert found.outcome(f"http://127.0.0.1:{site.port}/inside") == "error/guard"
    assert set(site.paths()) >= {"http://news.example/robots.txt", "http://www.news.example/robots.txt", listed}
    assert all(path.startswith("http://") for path in site.paths())


def self_signed(folder: Path) -> Path:
    """Key and certificate of a server that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_server_that_nobody_vouches_for_is_not_trusted(site: Site, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    url = site.feed("/feed.xml", [site.page("/news/1")]).replace("http://", "https://")
    found = crawl(job_of(tmp_path, source_of(site, feeds=[url])))[0]
    assert found.outcome(url) == "error/robots-unread"
    assert found.outcome(site.url("/robots.txt").replace("http://", "https://")) == "error/tls"
    assert site.asked == []


UNGUARDED = """
import sys
from crawlers import runner, settings
chain = settings._middlewares
settings._middlewares = lambda live: {k: v for k, v in chain(live).items() if "SsrfGuardMiddleware" not in k}
from crawlers.spider import url_refusal
import crawlers.spider
crawlers.spider.url_refusal = lambda *args, **more: None
from pipeline.crawling.job import read_jobs
sys.exit(runner.run_crawl_jobs(read_jobs(sys.stdin.read())))
"""


def test_the_resolver_stops_what_the_guard_of_addresses_would_have_let_through(site: Site, tmp_path: Path) -> None:
    site.feed("/feed.xml", [site.page("/news/1")])
    source = source_of(site, feeds=[site.url("/feed.xml")], allow_addresses=[])
    job = job_of(tmp_path, source)
    done = subprocess.run(
        [sys.executable, "-c", UNGUARDED], input=json.dumps(job), capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"]["read"] == 0
    assert site.asked == []
    robots = next(iter(journal.read_fetches(tmp_path / "paper-r1.jsonl")))
    assert (robots.outcome, robots.reason) == (Outcome.ERROR, "guard")
    assert "127.0.0.1 is not public" in robots.detail
