"""The pages of the demo's record, over real HTTP: they agree with the other ways of asking, and lead to the proof."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import httpx
import pytest
from lxml import etree
from program import ENTRY, ROOT, DemoHome, onrecord
from sqlalchemy import Engine, text

from pipeline.config.settings import Settings, from_environment
from pipeline.queries.rows import SearchQuestion
from pipeline.queries.search import search_quotes
from pipeline.store.engine import open_store
from tests.pages import serving_pages

CHROMIUM = os.environ.get("ONRECORD_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
AXE = os.environ.get("ONRECORD_TEST_AXE")
"""Path of ``axe.min.js``, from ``npm install axe-core``."""
PAGES = (
    "/",
    "/search",
    "/search?q=lamp",
    "/speakers",
    "/sources",
    "/sources/kestrel",
    "/edits",
    "/d/2026-06-16",
    "/api",
)
LINKS = re.compile(r'(?:href|action)="(/[^"]*)"')


@dataclass(frozen=True)
class Record:
    """The demo's record, its pages served."""

    settings: Settings
    engine: Engine
    client: httpx.Client


@pytest.fixture(scope="module")
def record(demo: DemoHome) -> Iterator[Record]:
    settings = replace(from_environment(), home=demo.home, database_url=None)
    with open_store(settings) as engine, serving_pages(settings, engine) as client:
        yield Record(settings, engine, client)


def links(page: httpx.Response, start: str) -> list[str]:
    return [it.replace("&amp;", "&") for it in LINKS.findall(page.text) if it.startswith(start)]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(record: Record, path: str) -> None:
    page = record.client.get(path)
    assert page.status_code == 200
    own = [it for it in dict.fromkeys(links(page, "/")) if "proof" not in it]
    answers = {it: record.client.head(it, follow_redirects=True).status_code for it in own[:60]}
    assert own and {it: code for it, code in answers.items() if code != 200} == {}


@pytest.mark.parametrize(
    ("given", "question"),
    [
        ({"q": "lamp"}, SearchQuestion(words="lamp")),
        ({"q": "смотритель маяка"}, SearchQuestion(words="смотритель маяка")),
        ({"q": '"lighthouse accord" or маяк -lamp', "stance": "all"},
         SearchQuestion(words='"lighthouse accord" or маяк -lamp', stance=None)),
        ({"speaker": "lukyan-sadkov", "lang": "ru"}, SearchQuestion(speaker="lukyan-sadkov", lang="ru")),
        ({"type": "direct", "source": "kestrel"}, SearchQuestion(type="direct", source="kestrel")),
    ],
)  # fmt: skip
def test_the_pages_of_a_search_together_show_exactly_what_the_search_finds(
    record: Record, given: dict[str, str], question: SearchQuestion
) -> None:
    with record.engine.connect() as connection:
        expected = search_quotes(connection, question, limit=1_000)
    for sort in ("newest", "rank"):
        shown: list[str] = []
        path = str(httpx.URL("/search", params={**given, "sort": sort}))
        while path:
            page = record.client.get(path)
            assert f"<strong>{expected.total}</strong> quote" in page.text
            shown += re.findall(r'<blockquote lang="..">(.*?)</blockquote>', page.text, re.DOTALL)
            path = next((it for it in links(page, "/search?") if "after=" in it), "")
        assert len(shown) == expected.total > 0


def test_facets_count_what_a_search_with_them_finds(record: Record) -> None:
    page = record.client.get("/search", params={"q": "lighthouse"})
    counted = re.findall(r'<li><a href="([^"]*)" rel="nofollow">.*?</a><span class="count">(\d+)</span>', page.text)
    assert len(counted) > 5
    for path, number in counted:
        assert f"<strong>{number}</strong> quote" in record.client.get(path.replace("&amp;", "&")).text


def test_the_command_serves_until_it_is_told_to_stop(record: Record) -> None:
    home = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    program = subprocess.Popen(
        [sys.executable, "-c", ENTRY, "web", "--port", "0"],
        cwd=ROOT,
        env={**home, "ONRECORD_HOME": str(record.settings.home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", program.stdout.readline())
        assert httpx.get(address).status_code == 200
    finally:
        program.terminate()
        assert program.wait(60) == 0


def test_an_address_that_others_can_reach_needs_a_password(tmp_path: Path) -> None:
    refused = onrecord("web", "--host", "0.0.0.0", "--port", "0", ONRECORD_HOME=tmp_path)
    assert refused.returncode == 2 and "ONRECORD_WEB_PASSWORD" in refused.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = onrecord("web", "--port", port, ONRECORD_HOME=tmp_path)
    assert refused.returncode == 2 and f"port {port}" in refused.stderr


def test_any_id_that_a_statement_ever_had_leads_to_it(record: Record) -> None:
    with record.engine.connect() as connection:
        name = connection.scalar(text("SELECT id FROM onrecord.statements ORDER BY id LIMIT 1"))
    assert record.client.get(f"/s/{name}").status_code == 200
    moved = record.client.get(f"/statements/{name}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/s/{name}")
    assert record.client.get("/s/nothing").status_code == 404


def test_a_quote_is_proved_from_its_archived_bytes_on_request(record: Record) -> None:
    hit = record.client.get("/search?q=lamp")
    statement = record.client.get(links(hit, "/s/")[0])
    proof = links(statement, "/proof/")[0]
    assert "Proved just now" not in record.client.get(proof).text
    assert "Proved just now" in record.client.post(proof).text
    refused = record.client.post(proof, headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403


def test_a_search_that_finds_nothing_says_what_to_loosen(record: Record) -> None:
    page = record.client.get("/search", params={"q": "lamp", "source": "president", "lang": "en"})
    assert "Nothing was found" in page.text and "in all sources" in page.text
    assert "Did you mean" in record.client.get("/search", params={"speaker": "Lukyan Satkov"}).text


@pytest.mark.parametrize(
    "path", ["/search?from=yesterday", "/search?sort=odd", "/search?after=x", "/d/2026-13-01", "/d/0001-01-01"]
)
def test_a_value_that_is_none_is_refused_with_the_reason(record: Record, path: str) -> None:
    assert record.client.get(path).status_code == 400


def test_the_api_pages_to_the_end_and_counts_as_the_search_does(record: Record) -> None:
    given = {"q": "lighthouse or маяк", "limit": "7"}
    with record.engine.connect() as connection:
        expected = search_quotes(connection, SearchQuestion(words=given["q"]), limit=1_000, newest=True)
    shown: list[str] = []
    after = ""
    while after is not None:
        page = record.client.get("/api/v1/quotes", params={**given, "after": after}).json()
        assert page["total"] == expected.total
        shown += [row["id"] for row in page["rows"]]
        after = page["next"]
    assert shown == [hit.id for hit in expected.hits]


def test_feeds_and_files_hold_what_the_search_finds(record: Record) -> None:
    given = {"q": "lamp", "speaker": "lukyan-sadkov"}
    hits = record.client.get("/api/v1/quotes", params=given).json()
    assert hits["total"] > 1
    names = {row["id"] for row in hits["rows"]}
    atom = etree.fromstring(record.client.get("/search.atom", params=given).content)
    assert {it.text for it in atom.iterfind("{*}entry/{*}id")} == {f"urn:onrecord:quote:{it}" for it in names}
    feed = record.client.get("/search.json", params=given).json()
    assert {it["id"] for it in feed["items"]} == {f"urn:onrecord:quote:{it}" for it in names}
    table = list(
        csv.DictReader(record.client.get("/search.csv", params=given).content.decode("utf-8-sig").splitlines())
    )
    lines = [json.loads(it) for it in record.client.get("/search.jsonl", params=given).text.splitlines()]
    assert {it["quote_id"] for it in table} == {it["quote_id"] for it in lines} == names
    assert all(len(it["warc_sha256"]) == 64 for it in lines)
    nothing = record.client.get("/search.csv", params={"q": "nothingatall"})
    assert nothing.status_code == 200 and len(nothing.text.splitlines()) == 1


def test_the_description_of_the_api_has_an_answer_at_each_address(record: Record) -> None:
    described = record.client.get("/api/v1/openapi.json").json()
    hit = record.client.get("/api/v1/quotes", params={"q": "lamp"}).json()["rows"][0]
    known = {"statement_id": hit["statement_id"], "article_id": hit["article_id"], "speaker_id": "lukyan-sadkov"}
    assert len(described["paths"]) >= 8
    for path in described["paths"]:
        answer = record.client.get(path.format(**known))
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/json", path
        assert (
            record.client.get(path.format(**known), headers={"If-None-Match": answer.headers["etag"]}).status_code
            == 304
        )
    for path in ("/api/v1/quotes?sort=odd", "/api/v1/quotes?limit=0", "/api/v1/statements/none", "/api/v1/none"):
        problem = record.client.get(path)
        assert problem.status_code in (400, 404) and problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["status"] == problem.status_code


def test_what_the_reader_has_already_is_not_sent_again(record: Record) -> None:
    first = record.client.get("/sources")
    again = record.client.get("/sources", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium: apt-get install chromium, or ONRECORD_BROWSER")
def test_an_analyst_comes_from_a_question_to_a_cited_and_proved_answer(record: Record) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = {"executable_path": CHROMIUM, "chromium_sandbox": os.geteuid() != 0}
        browser = playwright.chromium.launch(**options)
        page = browser.new_page(viewport={"width": 390, "height": 844}, base_url=str(record.client.base_url))
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type("lamps")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=lamps")
        assert page.locator("mark", has_text="lamp").count() > 0
        page.locator("a.permalink").first.click()
        page.wait_for_url("**/s/*")
        citation = page.locator("#cite-text").inner_text()
        assert page.url in citation and "Copy Text" in page.locator("button.quiet").first.inner_text()
        page.get_by_role("button", name="Verify now").click()
        page.get_by_role("heading", name="Proved just now").wait_for()
        for path in PAGES:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        browser.close()
    assert problems == []


@pytest.mark.skipif(
    CHROMIUM is None or AXE is None, reason="npm install axe-core, and name its axe.min.js: ONRECORD_TEST_AXE"
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_that_keeps_people_out(record: Record, theme: Literal["light", "dark"]) -> None:
    from playwright.sync_api import sync_playwright

    assert AXE is not None
    statement = links(record.client.get("/search?q=lighthouse"), "/s/")[0]
    parts = [links(record.client.get(statement), start)[0] for start in ("/proof/", "/a/")]
    with sync_playwright() as playwright:
        options = {"executable_path": CHROMIUM, "chromium_sandbox": os.geteuid() != 0}
        browser = playwright.chromium.launch(**options)
        context = browser.new_context(color_scheme=theme, bypass_csp=True, base_url=str(record.client.base_url))
        page = context.new_page()
        for path in (*PAGES, statement, *parts, "/p/lukyan-sadkov", "/nowhere"):
            page.goto(path)
            page.evaluate(Path(AXE).read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
            assert [(it["id"], it["nodes"][0]["html"]) for it in found["violations"]] == [], path
        browser.close()
