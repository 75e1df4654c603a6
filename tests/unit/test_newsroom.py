"""The sample newsroom keeps what it promises: fiction that says so, clean texts, a truth table that they bear out."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from pipeline.config.settings import from_environment
from pipeline.config.sources import load_source
from pipeline.config.speakers import load_roster
from pipeline.config.speakers_check import find_roster_clashes
from pipeline.config.watches import load_watches
from pipeline.demo.newsroom import (
    CONFIG,
    DAYS,
    FIRST_DAY,
    SECOND_DAY,
    article_text,
    expected_outcomes,
    expected_statements,
)
from pipeline.demo.newsroom.pages import missing_page, site_responses
from pipeline.demo.newsroom.sites import Site, load_sites
from pipeline.demo.newsroom.stories import Story, load_stories
from pipeline.quotes.roster import RosterIndex
from pipeline.records import Outcome

STORIES = [(site, story) for site in load_sites() for story in load_stories(site.id)]
NAMES = [f"{site.id}{story.path}" for site, story in STORIES]
every_story = pytest.mark.parametrize(("site", "story"), STORIES, ids=NAMES)


def page_text(site: Site, path: str) -> str:
    return site_responses(FIRST_DAY)[(site.host, path)].body.decode(site.charset)


def test_there_are_five_sites_and_some_forty_articles_in_two_languages() -> None:
    assert Counter(site.language for site in load_sites()) == {"ru": 3, "en": 2}
    kept = [story for _, story in STORIES if story.outcome is Outcome.KEPT]
    assert 35 <= len(kept) <= 50
    assert {story.published.date() for story in kept} == set(DAYS)


@pytest.mark.parametrize("site", load_sites(), ids=lambda site: site.id)
def test_every_page_says_that_it_is_fiction_and_stands_on_a_reserved_host(site: Site) -> None:
    assert site.host.endswith(".example")
    words = "fiction" if site.language == "en" else r"вымышлен"
    pages = [answer for day in DAYS for (host, _), answer in site_responses(day).items() if host == site.host]
    shown = [
        answer.body.decode(site.charset)
        for answer in (*pages, missing_page(site, FIRST_DAY))
        if b"<body" in answer.body
    ]
    assert len(shown) > 6
    for body in shown:
        *_, footer = re.split(r"<footer|<div id=.footer", body)
        assert re.search(words, footer, re.I)
    assert any(word in site.texts["feed"].lower() for word in ("invented", "вымышлен", "нет"))


@every_story
def test_a_text_is_as_long_as_a_news_item_and_free_of_slips(site: Site, story: Story) -> None:
    for state in story.states:
        assert 50 <= len(state.text.split()) <= 450
        assert len(state.paragraphs) >= (2 if story.outcome is not Outcome.KEPT else 3)
        assert not re.search(r"  | [,.;:!?»](?!\.)|[(«„] |\.\.", state.text), "spacing or doubled marks"
        assert not re.search(r"[а-яё][a-z]|[a-z][а-яё]", state.text, re.I), "two alphabets in one word"
        assert state.title.strip() == state.title and not state.title.endswith(".")
        (state.title + state.text).encode(site.charset)


@every_story
def test_quotation_marks_are_those_of_the_house_and_close(site: Site, story: Story) -> None:
    foreign = {"volna-en": "“”«»„", "kestrel": '"«»„', "volna-ru": '"”', "president": '"”', "mostovaya": '"”'}[site.id]
    for state in story.states:
        assert not set(foreign) & set(state.title + state.text)
        assert state.text.count('"') % 2 == 0
        if site.language == "ru":
            assert state.text.count("„") == state.text.count("“")
        for paragraph in state.paragraphs:
            opened, closed = (paragraph.count(mark) for mark in ("“”" if site.id == "kestrel" else "«»"))
            assert opened == closed or abs(opened - closed) == 1, "only a quote over several paragraphs may stay open"


def test_some_quote_runs_over_several_paragraphs_in_each_language() -> None:
    for marks, language in (("“”", "en"), ("«»", "ru")):
        opening = [
            paragraph
            for site, story in STORIES
            if site.language == language
            for paragraph in story.states[0].paragraphs
            if paragraph.count(marks[0]) > paragraph.count(marks[1]) > -1 and "„" not in paragraph
        ]
        assert opening


@every_story
def test_a_page_carries_title_and_every_paragraph_unless_it_is_refused(site: Site, story: Story) -> None:
    for day in DAYS:
        state = story.on(day)
        answer = site_responses(day).get((site.host, story.path))
        if state is None:
            assert answer is None
            continue
        assert answer is not None and answer.status == story.status
        shown = re.sub(r"<[^>]+>", "", answer.body.decode(site.charset)).replace("&#39;", "'").replace("&#34;", '"')
        if story.status == 200:
            assert all(line in shown for line in (state.title, *state.text.split("\n")))
        else:
            assert all(line not in shown for line in state.text.split("\n"))


def test_a_refused_page_has_its_whole_text_in_a_feed() -> None:
    refused = [(site, story) for site, story in STORIES if story.status == 403]
    assert {site.id for site, _ in refused} == {"volna-ru", "president"}
    for site, story in refused:
        (feed,) = (document for document in site.documents if document.full_text)
        assert story.states[0].paragraphs[-1].replace("**", "").split(": ")[-1] in page_text(site, feed.path)


@every_story
def test_a_twin_names_its_twin(site: Site, story: Story) -> None:
    if not story.twin:
        return
    ((other_site, other),) = [pair for pair in STORIES if pair[0].root + pair[1].path == story.twin]
    assert other.twin == site.root + story.path
    assert other_site.language != site.language


def test_documents_list_exactly_the_addresses_of_the_truth_table() -> None:
    for site in load_sites():
        promised = {
            address
            for row in expected_outcomes()
            if (row.source, row.day) == (site.id, FIRST_DAY)
            for address in row.listed_as
        }
        paths = [path for document in site.documents for path in (document.path, f"{document.path}/page/2")]
        shown = "".join(page_text(site, path) for path in paths if (site.host, path) in site_responses(FIRST_DAY))
        found = re.findall(
            r"<loc>(.+?)</loc>|<item>.*?<link>(.+?)</link>|<entry>.*?<link [^>]*href=\"(.+?)\"", shown, re.S
        )
        listed = {html.unescape(next(filter(None, groups))) for groups in found}
        assert listed - {site.root + path for path in paths} == promised


def test_every_source_file_fits_its_site() -> None:
    for site in load_sites():
        source = load_source(CONFIG / "sources" / f"{site.id}.yaml")
        listed = {document.url for document in (*source.feeds, *source.sitemaps)}
        assert listed <= {site.root + document.path for document in site.documents}
        assert (source.language, source.politeness.delay, source.allowed_hosts()) == (site.language, 0, (site.host,))
        for row in expected_outcomes():
            if row.source == site.id:
                assert source.is_article(row.url) or row.outcome is Outcome.NOT_ARTICLE, row.url


def test_the_watches_are_valid_and_are_met_by_words_of_both_languages() -> None:
    settings = replace(from_environment(), config_dir=CONFIG)
    known = {one.id for one in load_roster(settings).speakers}
    speaker, words = sorted(load_watches(settings, known), key=lambda watch: not watch.speakers)
    assert speaker.speakers == ("lukyan-sadkov",)
    assert {watch.address for watch in (speaker, words)} == {"reader@newsroom.example"}
    texts = "\n".join(state.text for _, story in STORIES for state in story.states).casefold()
    for phrase in words.words:
        inflected = r"\s+".join(word[:4] + r"\w*" for word in phrase.split())
        assert re.search(inflected, texts), phrase
    assert {phrase.isascii() for phrase in words.words} == {True, False}


def test_the_truth_table_has_one_row_per_address_and_day_and_every_outcome() -> None:
    rows = expected_outcomes()
    assert max(Counter((row.url, row.day) for row in rows).values()) == 1
    for row in rows:
        assert row.listed_as and all(address.partition("?")[0] == row.url for address in row.listed_as)
    outcomes = {row.outcome for row in rows}
    assert outcomes == set(Outcome)
    hints = {row.reason_hint for row in rows}
    assert hints >= {"new", "edited", "from-feed", "robots", "http-404", "soft-404", "redirect", "off-beat"}


def test_the_second_day_edits_changes_one_quote_and_extends_two_articles() -> None:
    edited = [row.url for row in expected_outcomes() if row.day == SECOND_DAY and row.reason_hint == "edited"]
    lines = {url: [str(article_text(url, day)).split("\n") for day in DAYS] for url in edited}
    assert len(lines) == 3
    extended = {url for url, (before, after) in lines.items() if after[: len(before)] == before}
    (changed,) = set(lines) - extended
    before, after = lines[changed]
    assert len(extended) == 2
    assert sum(old != new for old, new in zip(before, after, strict=False)) == 1
    assert "mostovaya" in changed


def test_the_statements_stand_in_the_texts_and_one_is_carried_by_three_outlets_and_more() -> None:
    found = expected_statements()
    assert len(found) >= 25
    for statement in found:
        for url in statement.urls:
            texts = [article_text(url, day) or "" for day in DAYS]
            assert any(form in text for form in (statement.words, *statement.shorter) for text in texts)
    outlets = [{url.split("/")[2] for url in statement.urls} for statement in found]
    assert max(len(hosts) for hosts in outlets) >= 3
    assert max(len(statement.urls) for statement in found) >= 3
    assert {statement.day for statement in found} == set(DAYS)
    assert {statement.lang for statement in found} == {"en", "ru"}
    roster = load_roster(replace(from_environment(), config_dir=CONFIG))
    assert {statement.speaker for statement in found} <= {speaker.id for speaker in roster.speakers}


def test_nobody_of_the_shipped_roster_is_named_in_the_newsroom() -> None:
    shipped, own = load_roster(from_environment()), load_roster(replace(from_environment(), config_dir=CONFIG))
    assert own.standalone and not {one.id for one in shipped.speakers} & {one.id for one in own.speakers}
    assert not {one.id for one in shipped.offices} & {one.id for one in own.offices}
    roster = RosterIndex(shipped.speakers, shipped.offices)
    named = set()
    for site, story in STORIES:
        shown = "\n".join((story.author, *(line for it in story.states for line in (it.title, it.text))))
        words = re.findall(r"[\w-]+", shown + "\n" + "\n".join(site.texts.values()))
        named |= {
            (found, *pair)
            for pair in pairwise(words)
            if pair[0][0].isupper() and pair[1][0].isupper()
            for found in roster.ids_of_name(pair)
        }
    assert not named


def test_the_invented_roster_has_no_clash() -> None:
    assert find_roster_clashes(load_roster(replace(from_environment(), config_dir=CONFIG))) == []


def test_what_is_off_the_beat_names_nobody_of_it() -> None:
    politics = re.compile(
        r"kalancha|veresin|sadkov|zimorodov|kardavia|vetlava|minist"
        r"|каланч|вересин|садков|зимородов|кардав|ветлав|министр|президент",
        re.I,
    )
    for _, story in STORIES:
        if story.outcome is Outcome.NOT_RELEVANT:
            assert not politics.search(story.states[0].title + story.states[0].text)
