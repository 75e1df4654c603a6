"""A page whose text only scripts make. Needs a Chromium; skipped where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Answer, Site, crawl, job_of, serving, source_of, start

from pipeline import archive

CHROMIUM = os.environ.get("ONRECORD_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="needs a Chromium: apt-get install chromium, or name one in ONRECORD_BROWSER"
)

SCRIPTED = """<html><body><div id=story></div><img src=/photo.png><script src=/more.js></script>
<script src=http://127.0.0.1:{other}/inside.js></script><script>
fetch('http://127.0.0.1:{other}/inside').catch(() => 0);
setTimeout(() => {{ document.getElementById('story').innerHTML = '<p>made by ' + who + '</p>' }}, 300)
</script></body></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@needs_browser
def test_a_browser_runs_the_scripts_of_a_page_and_stays_within_the_source(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_BROWSER", str(CHROMIUM))
    with serving() as other:
        page, away = site.url("/news/1"), site.url("/news/away")
        site.answers["/news/1"] = Answer(SCRIPTED.format(other=other.port).encode())
        site.answers["/more.js"] = Answer(b"who = 'a script'", headers={"Content-Type": "text/javascript"})
        site.answers["/news/away"] = Answer(status=302, headers={"Location": f"http://localhost:{other.port}/canary"})
        site.answers["/news/lost"] = Answer(b"<html><body>no such page</body></html>", status=404)
        feed = site.feed("/feed.xml", [page, away, site.url("/news/lost"), site.url("/closed/2")])
        site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed")
        selectors = [{"body": "#story p"}]
        source = source_of(
            site, feeds=[feed], browser=True, selectors=selectors, politeness={"timeout": 20, "concurrency": 1}
        )
        found = crawl(job_of(tmp_path, source))[0]
        assert other.paths() == []
    assert {url: found.outcome(url).partition("/")[0] for url in found.pages} == {
        page: "kept",
        away: "error",
        site.url("/news/lost"): "gone",
        site.url("/closed/2"): "error",
    }
    record = found.pages[page].record
    assert record is not None
    kept = archive.read_response(tmp_path / "archive", record)
    assert b"<p>made by a script</p>" in kept.body
    assert kept.header("X-Rendered-By") == "playwright"
    assert "/photo.png" not in site.paths() and "/closed/2" not in site.paths()
    agents = {value for asked in site.asked for name, value in asked.headers.items() if name.lower() == "user-agent"}
    assert len(agents) == 1 and agents.pop().startswith("onrecord/")


WITHOUT_EXTRA = (
    "import runpy, sys; sys.modules['scrapy_playwright'] = sys.modules['playwright'] = None;"
    " runpy.run_module('crawlers', run_name='__main__')"
)


def test_a_crawler_without_the_extra_says_what_is_missing(site: Site, tmp_path: Path) -> None:
    source = source_of(site, feeds=[site.feed("/feed.xml", [site.page("/news/1")])], browser=True)
    child = start(job_of(tmp_path, source), ("-c", WITHOUT_EXTRA))
    _, messages = child.communicate(timeout=60)
    assert child.returncode == 2
    assert "pip install 'onrecord[browser]'" in messages and "Traceback" not in messages
    assert site.asked == []
