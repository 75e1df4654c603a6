"""robots.txt in every form that servers give it: what it closes stays closed, and nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

from crawling import Answer, crawl, job_of, serving, source_of

from pipeline.records import DocumentKind

TEXT = b"<html><body><p>The mill at Orlen will grind again in May.</p></body></html>"


def raw(body: bytes, *headers: bytes, status: bytes = b"HTTP/1.1 200 OK") -> Answer:
    return Answer(raw=b"\r\n".join([status, *headers, b"", body]))


AGENTS = b"".join(b"User-agent: agent-%d\n" % n for n in range(12_000))
MANY_RULES = b"".join(b"Disallow: /%d\n" % n for n in range(12_000))
ROBOTS: dict[str, tuple[Answer, str]] = {
    "mark": (Answer(b"\xef\xbb\xbfUser-agent: *\nDisallow: /news"), "error/robots"),
    "mark-inside": (Answer(b"# us\n\xef\xbb\xbfUser-agent: *\nDisallow: /news"), "error/robots"),
    "utf-16": (Answer("\ufeffUser-agent: *\r\nDisallow: /news\r\n".encode("utf-16-le")), "error/robots"),
    "cr-only": (Answer(b"User-agent: *\rDisallow: /news\r"), "error/robots"),
    "packed": (Answer(gzip.compress(b"User-agent: *\nDisallow: /news\n")), "error/robots"),
    "not-packed": (Answer(b"User-agent: *\nDisallow: /news\n", headers={"Content-Encoding": "gzip"}), "error/robots"),
    "by-proxy": (Answer(b"User-agent: *\nDisallow: /news\n", status=203), "error/robots"),
    "length-too-large": (raw(b"User-agent: *\nDisallow: /news\n", b"Content-Length: 900"), "error/robots"),
    "of-many-agents": (Answer(AGENTS + b"User-agent: *\n" + MANY_RULES + b"Disallow: /news"), "error/robots"),
    "cut-at-the-limit": (Answer(b"User-agent: *\n" + b"Disallow: /private/a\n" * 30_000), "kept/new"),
    "empty": (raw(b"", status=b"HTTP/1.1 204 No Content"), "kept/new"),
    "no-such-place": (Answer(status=302), "kept/new"),
    "gone": (Answer(status=410), "kept/new"),
    "not-for-us": (Answer(b"User-agent: other\nDisallow: /\n"), "kept/new"),
    "inward": (Answer(status=302, headers={"Location": "http://127.66.0.1/robots.txt"}), "kept/new"),
    "circle": (Answer(status=301, headers={"Location": "/robots.txt"}), "error/robots-unread"),
    "broken": (Answer(status=500), "error/robots-unread"),
}


def test_robots_txt_is_read_in_every_form_it_has(tmp_path: Path) -> None:
    with serving() as site, serving() as elsewhere:
        hosts = {name: f"http://{name}.example" for name in [*ROBOTS, "elsewhere", "elsewhere-closed"]}
        for name, origin in hosts.items():
            site.answers[f"{origin}/robots.txt"] = ROBOTS[name][0] if name in ROBOTS else Answer(status=404)
            site.answers[f"{origin}/news/1"] = Answer(TEXT)
        for name, there in (("elsewhere", "open"), ("elsewhere-closed", "closed")):
            moved = Answer(status=301, headers={"Location": f"http://rules.invalid/{there}"})
            site.answers[f"{hosts[name]}/robots.txt"] = moved
        site.answers["http://rules.invalid/open"] = Answer(b"User-agent: *\nDisallow: /private\n")
        site.answers["http://rules.invalid/closed"] = Answer(b"User-agent: *\nDisallow: /news\n")
        feed = elsewhere.feed("/feed.xml", [f"{origin}/news/1" for origin in hosts.values()])
        site.answers[feed] = elsewhere.answers["/feed.xml"]
        source = source_of(
            elsewhere, feeds=[feed], hosts=[f"{name}.example" for name in hosts], politeness={"concurrency": 8}
        )
        found = crawl(job_of(tmp_path, source, proxy=site.url("")))[0]
        wanted = {name: outcome for name, (_, outcome) in ROBOTS.items()}
        wanted |= {"elsewhere": "kept/new", "elsewhere-closed": "error/robots"}
        assert {name: found.outcome(f"{hosts[name]}/news/1") for name in wanted} == wanted
        assert not any("127.66.0.1" in path for path in site.paths())
    assert found.report["peak_mib"] < 225
    assert {fetch.kind for fetch in found.fetches} == {DocumentKind.ROBOTS, DocumentKind.FEED, DocumentKind.PAGE}
