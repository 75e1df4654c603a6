"""`onrecord sources`: a draft for a site nobody knew, a trial that stores nothing, and mistakes told before a crawl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from crawling import Answer, Site, standing_for_the_web

from pipeline.cli import run_command_line
from pipeline.config.sources import load_source

HOST = "http://mill.example"
STORY = (
    "<html lang='en'><head><title>{title}</title><meta property='article:published_time' "
    "content='2026-06-15T09:00:00Z'></head><body><h1>{title}</h1><div class=story><p>{text}</p></div></body></html>"
)
TEXT = "The Kremlin said on Monday that the mill will go on grinding, whatever the wind may bring. " * 4


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """A forward proxy that is ``mill.example``; the settings go through it."""
    with standing_for_the_web(monkeypatch, tmp_path) as site:
        yield site


def story(site: Site, path: str, text: str = TEXT) -> str:
    site.answers[HOST + path] = Answer(STORY.format(title=f"On {path}", text=text).encode())
    return HOST + path


def furnish(site: Site) -> None:
    home = (
        "<html lang='en-GB'><head><title>The Mill | news</title><meta property='og:site_name' content='The Mill'>"
        "<link rel='alternate' type='application/rss+xml' href='/rss.xml'></head><body><a href='/export/feed'>f</a>"
        "<a href='/about'>us</a></body></html>"
    )
    site.answers[f"{HOST}/"] = Answer(home.encode())
    site.answers[f"{HOST}/robots.txt"] = Answer(f"User-agent: *\nDisallow: /x\nSitemap: {HOST}/maps.xml\n".encode())
    site.feed(f"{HOST}/rss.xml", [story(site, f"/news/2026/06/15/{n}-wheel.html") for n in range(4)])
    site.sitemap(f"{HOST}/maps.xml", children=[f"{HOST}/maps/1.xml"])
    site.sitemap(f"{HOST}/maps/1.xml", [story(site, f"/news/2026/06/14/{n}-sail.html") for n in range(3)])
    items = f"<item><title>t</title><link>{story(site, '/news/2026/06/15/9-grain.html')}</link>"
    encoded = f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>&lt;p>{TEXT}&lt;/p>"
    whole = f'<rss version="2.0"><channel><title>t</title>{items}{encoded}</content:encoded></item></channel></rss>'
    site.xml(f"{HOST}/export/feed", whole)


def test_a_draft_names_what_was_found_and_can_be_tried(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(site)
    assert run_command_line(["sources", "new", HOST + "/"]) == 0
    path = tmp_path / "config" / "sources" / "mill.yaml"
    source = load_source(path)
    assert (source.title, source.language, source.enabled) == ("The Mill", "en", False)
    assert [(feed.url, feed.full_text) for feed in source.feeds] == [
        (f"{HOST}/rss.xml", False),
        (f"{HOST}/export/feed", True),
    ]
    assert [sitemap.url for sitemap in source.sitemaps] == [f"{HOST}/maps.xml"]
    assert source.is_article(f"{HOST}/news/2027/01/01/5-stone.html") and not source.is_article(f"{HOST}/about")
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=file://")
    assert not [asked for asked in site.paths() if "/news/" in asked]
    output = capsys.readouterr().out
    assert f"{HOST}/export/feed: 1 addresses, whole texts" in output

    assert run_command_line(["sources", "new", HOST + "/"]) == 2
    assert "exists already" in capsys.readouterr().err

    text = path.read_text(encoding="utf-8").replace("delay: 3", "delay: 0")
    path.write_text(text, encoding="utf-8")
    assert run_command_line(["sources", "try", "mill", "--pages", "3"]) == 0
    output = capsys.readouterr().out
    assert output.count("kept/new  http://mill.example/news/") == 3
    assert "On /news/2026/06/15/" in output and "2026-06-15 12:00 MSK" in output
    assert "and 5 addresses more that were not asked for" in output
    assert len([asked for asked in site.paths() if "/news/" in asked]) == 3
    assert not (tmp_path / "home").exists()


def test_a_site_that_names_nothing_is_asked_at_the_usual_places_and_may_have_none(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers[f"{HOST}/"] = Answer(b"<html><body><a href='/about'>us</a></body></html>")
    assert run_command_line(["sources", "new", HOST + "/"]) == 2
    errors = capsys.readouterr().err
    assert "found no feed and no sitemap" in errors and f"{HOST}/sitemap.xml: http-404" in errors
    assert not (tmp_path / "config" / "sources").exists()


@pytest.mark.parametrize(
    ("url", "why"), [("mill.example", "must be an http or https address"), (HOST + "/", "could not be read: error/")]
)
def test_a_site_that_cannot_be_read_is_told_so(
    site: Site, capsys: pytest.CaptureFixture[str], url: str, why: str
) -> None:
    site.answers[f"{HOST}/"] = Answer(status=403)
    assert run_command_line(["sources", "new", url]) == 2
    assert why in capsys.readouterr().err


def own_source(tmp_path: Path, name: str, **fields: object) -> Path:
    path = tmp_path / "config" / "sources" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    given = {"id": name, "title": name, "language": "en", "home": HOST, "politeness": {"delay": 0}, **fields}
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    return path


def test_a_trial_says_what_is_refused_off_the_beat_or_without_text_and_which_floor_breaks(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = story(site, "/news/1")
    off = story(
        site, "/news/2", "A recipe for bread with butter, and nothing but butter, for a cold day in March. " * 4
    )
    empty = story(site, "/news/3", "")
    site.answers[f"{HOST}/news/4"] = Answer(status=403)
    site.feed(f"{HOST}/feed.xml", [kept, off, empty, f"{HOST}/news/4", f"{HOST}/sport/5"])
    selectors = [{"body": "div.story p"}]
    own_source(
        tmp_path,
        "mill",
        feeds=[f"{HOST}/feed.xml"],
        articles=["/news/"],
        selectors=selectors,
        expect={"with_text": 0.9},
    )
    assert run_command_line(["sources", "try", "mill", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    outcomes = {row["url"]: (row["outcome"], row["reason"]) for row in found["readings"]}
    assert outcomes == {
        kept: ("kept", "new"),
        off: ("not-relevant", "off-beat"),
        empty: ("not-article", "no-text"),
        f"{HOST}/news/4": ("error", "http-403"),
        f"{HOST}/sport/5": ("not-article", "pattern"),
    }
    first = next(row for row in found["readings"] if row["url"] == kept)
    assert "Kremlin" in first["because"] and first["extractor"] == "selectors"
    assert found["shares"] == {"with_text": 0.5, "with_date": 1.0, "with_title": 1.0, "by_selectors": 1.0}
    assert found["failures"] == ["with_text: 50% of what was read, 90% is expected"]


def test_a_source_that_brings_nothing_fails_its_trial(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_source(tmp_path, "mill", feeds=[f"{HOST}/feed.xml"])
    assert run_command_line(["sources", "try", "mill"]) == 1
    assert "FAILED: none of its discovery documents could be read" in capsys.readouterr().out


def test_a_trial_of_a_past_day_reads_its_archive(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.feed(f"{HOST}/feed.xml", [story(site, "/news/now")])
    site.sitemap(f"{HOST}/2026-06-10.xml", [story(site, "/news/then")])
    own_source(
        tmp_path,
        "mill",
        feeds=[f"{HOST}/feed.xml"],
        sitemaps=[{"url": HOST + "/{yyyy}-{mm}-{dd}.xml", "day_only": True}],
    )
    assert run_command_line(["sources", "try", "mill", "--day", "2026-06-10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["url"] for row in found["readings"]} == {f"{HOST}/news/now", f"{HOST}/news/then"}
    assert run_command_line(["sources", "try", "mill", "--day", "June"]) == 2
    assert "is no day" in capsys.readouterr().err


def test_a_whole_text_in_a_feed_is_tried_where_its_page_is_refused(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(site)
    site.answers[f"{HOST}/news/2026/06/15/9-grain.html"] = Answer(status=403)
    own_source(tmp_path, "mill", feeds=[{"url": f"{HOST}/export/feed", "full_text": True}])
    assert run_command_line(["sources", "try", "mill", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)["readings"]
    assert (row["outcome"], row["reason"], row["extractor"]) == ("kept", "from-feed", "feed")


def test_nobody_is_asked_without_an_address_to_write_to(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_source(tmp_path, "mill", feeds=[f"{HOST}/feed.xml"])
    monkeypatch.delenv("ONRECORD_CONTACT")
    assert run_command_line(["sources", "try", "mill"]) == run_command_line(["sources", "new", HOST]) == 2
    assert "ONRECORD_CONTACT" in capsys.readouterr().err
    assert site.asked == []


def test_checking_sees_what_no_file_shows_alone(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed = f"{HOST}/feed.xml"
    own_source(tmp_path, "one", feeds=[feed], edition={"of": "alone"})
    own_source(tmp_path, "two", feeds=[feed], edition={"of": "pair", "key": "/(\\d+)$"})
    own_source(tmp_path, "three", feeds=[f"{HOST}/3.xml"], edition={"of": "pair"})
    assert run_command_line(["sources", "check"]) == 2
    output = capsys.readouterr().out
    assert "one: edition.of: 'alone' has no other edition" in output
    assert "three, two: edition.of: two editions of 'pair' are in the same language" in output
    assert "three, two: edition.key: some editions of 'pair' have a key, others none" in output
    assert f"one and two both read {feed}" in output


def test_a_source_that_asks_for_a_browser_is_told_of_the_extra(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.config.sources.find_spec", lambda name: None)
    own_source(tmp_path, "scripted", feeds=[f"{HOST}/feed.xml"], browser=True)
    for command in (["sources", "try", "scripted"], ["run", "--source", "scripted"]):
        assert run_command_line(command) == 2
        assert "pip install 'onrecord[browser]'" in capsys.readouterr().err
    assert run_command_line(["sources", "check"]) == 2
    assert "onrecord[browser]" in capsys.readouterr().out
    assert site.asked == []


def test_a_source_is_switched_in_its_own_file_or_in_a_copy_of_the_shipped_one(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "config" / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / "mill.yaml"
    own.write_text(
        f"# ours\nid: mill\ntitle: The Mill\nlanguage: en\nhome: {HOST}/\nfeeds: [{HOST}/rss.xml]\n", "utf-8"
    )
    for command, enabled in (("disable", False), ("enable", True), ("disable", False)):
        assert run_command_line(["sources", command, "mill"]) == 0
        assert load_source(own).enabled is enabled and own.read_text("utf-8").startswith("# ours\n")
    assert run_command_line(["sources", "disable", "kremlin-ru"]) == 0
    assert load_source(folder / "kremlin-ru.yaml").enabled is False
    assert run_command_line(["sources", "enable", "kremlin-ru"]) == 0
    assert not (folder / "kremlin-ru.yaml").exists(), "the shipped file says the same"
    assert run_command_line(["sources", "enable", "mil"]) == 2
    assert "mill" in capsys.readouterr().err
