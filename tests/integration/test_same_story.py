"""Whole runs over a site that publishes a story twice, reuses a guid, and has an edition in another language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Answer, Site, standing_for_the_web

from pipeline.cli import run_command_line

EN, RU = "http://en.mill.example", "http://mill.example"
TALKS = (
    "The Kremlin spokesman Dmitry Damanov told reporters on Monday that talks would go on in Geneva on 17 June, and "
    "that both delegations had been given the same papers to read beforehand, which neither had answered so far."
)
OTHER = TALKS.replace("17 June", "24 June").replace("Geneva", "Vienna")
RUSSIAN = (
    "Пресс-секретарь Президента России Дмитрий Даманов сообщил журналистам, что переговоры в Женеве продолжатся "
    "17 июня и что обе делегации заранее получили одни и те же бумаги, на которые пока никто не ответил."
)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Site]:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", database_url)
    edition = {"of": "mill", "key": r"/(\d+)$"}
    sources = [
        {"id": name, "title": name, "language": lang, "home": home, "edition": edition}
        for name, home, lang in (("mill-en", EN, "en"), ("mill-ru", RU, "ru"))
    ]
    with standing_for_the_web(monkeypatch, tmp_path, *sources) as site:
        yield site


def page(site: Site, url: str, title: str, text: str) -> None:
    site.answers[url] = Answer(
        f"<html><head><title>{title}</title><meta property='article:published_time' content='2026-06-15T09:00:00Z'>"
        f"</head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


def items(*listed: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<item><title>{title}</title><link>{url}</link><guid isPermaLink="false">{guid}</guid></item>'
        for url, title, guid in listed
    )
    return f'<rss version="2.0"><channel><title>t</title>{inner}</channel></rss>'


def furnish(site: Site) -> None:
    title = "Damanov: talks will go on"
    page(site, f"{EN}/world/101", title, TALKS)
    page(site, f"{EN}/politics/102", "Damanov — talks will go on", TALKS.replace("beforehand", "before hand"))
    page(site, f"{EN}/world/103", title, OTHER)
    page(site, f"{RU}/mir/103", "Даманов: переговоры продолжатся", RUSSIAN)
    listed = [(f"{EN}/world/101", title, "g1"), (f"{EN}/politics/102", title, "g2"), (f"{EN}/world/103", title, "g1")]
    site.xml(f"{EN}/feed.xml", items(*listed))
    site.xml(f"{RU}/feed.xml", items((f"{RU}/mir/103", "Даманов: переговоры продолжатся", "g1")))


def said(capsys: pytest.CaptureFixture[str], *command: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run_command_line(list(command)) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def crawl_both(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "run", "--source", "mill-en", "--source", "mill-ru", "--json")


def test_a_story_published_twice_is_one_article_and_like_ones_stay_two(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(site)
    crawl_both(capsys)
    ended = {row["url"]: (row["outcome"], row["reason"]) for row in said(capsys, "report", "--urls")}
    story, twin, other = f"{EN}/world/101", f"{EN}/politics/102", f"{EN}/world/103"
    twins = {story: ended.pop(story), twin: ended.pop(twin)}
    assert sorted(twins.values()) == [("duplicate", "same-story"), ("kept", "new")]
    assert ended == {other: ("kept", "new"), f"{RU}/mir/103": ("kept", "new")}

    kept = {str(row["url"]): row["requested_urls"] for row in said(capsys, "articles", "--jsonl")}
    [first] = [url for url, how in twins.items() if how == ("kept", "new")]
    assert kept == {first: sorted([story, twin]), other: [other], f"{RU}/mir/103": [f"{RU}/mir/103"]}

    pairs = said(capsys, "articles", "--pairs")
    assert [[it["url"] for it in row["articles"]] for row in pairs] == [[other, f"{RU}/mir/103"]]
    assert pairs[0]["key"] == "mill:103"

    before = said(capsys, "digest", "--json")
    site.asked.clear()
    crawl_both(capsys)
    [second] = [url for url in twins if url != first]
    assert second not in site.paths() and first in site.paths()
    again = {row["url"]: (row["outcome"], row["reason"]) for row in said(capsys, "report", "--urls")}
    assert again[second] == ("duplicate", "same-story")
    assert said(capsys, "digest", "--json") == before
