"""What of a page belongs to its story although it stands apart, is a link, or opens with a dash."""

from __future__ import annotations

import pytest

from pipeline.extraction import extract_article
from pipeline.records import Page

URL = "https://news.example/ferry/2026/06/14/board-1234"
STORY = [
    "The regional board of Harsk met on Tuesday to discuss the new ferry, which has been out of service since March.",
    "Officials said that repairs would begin in July and would take four months, if the money arrives in time.",
    "Residents of the island have complained for weeks that the detour adds an hour to their way to work.",
    "The board also agreed to hire two more crews for the small boats until the ferry sails again in the autumn.",
]
MORE = [f"{line} That was said {n} times on the day." for n in range(3) for line in STORY]
QUOTE = "“We will row if we must,” said Ana Brekke, the mayor of the island."


def page(story: str, *, before: str = "", around: str = '<div class="body">%s</div>') -> str:
    menu = '<li><a href="/">Home</a></li><li><a href="/politics">Politics</a></li><li><a href="/sport">Sport</a></li>'
    return (
        "<!DOCTYPE html><html><head><title>Board debates the ferry | Harsk Post</title></head><body><header><nav><ul>"
        f"{menu}</ul></nav></header><main><h1>Board debates the ferry</h1>{before}{around % story}</main>"
        '<footer><p>Harsk Post, 3 Quay Street. <a href="/contact">Contact</a></p></footer></body></html>'
    )


def prose(*paragraphs: str) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def lines(html: str) -> list[str]:
    return extract_article(Page(URL, html.encode(), "text/html; charset=utf-8")).text.split("\n")


@pytest.mark.parametrize(
    "lead",
    [
        f"<div><p>{QUOTE}</p></div>",
        f'<div class="head"><p class="standfirst">{QUOTE}</p><div class="byline">By Ilse Morn</div></div>',
        f"<h2>{QUOTE}</h2>",
        f'<div class="article__summary">{QUOTE}</div><time>14 June 2026, 10:00</time>',
    ],
    ids=["plain", "standfirst", "heading", "summary"],
)
def test_a_lead_between_heading_and_story_is_kept_once(lead: str) -> None:
    assert lines(page(prose(*MORE), before=lead)) == [QUOTE, *MORE]


@pytest.mark.parametrize(
    "before",
    [
        '<div class="byline">By Ilse Morn, our correspondent on the island of Harsk.</div>',
        '<figure><img src="/1.jpg"><figcaption>The ferry lies at the quay of Harsk on Monday.</figcaption></figure>',
        '<p class="share">Share it with everybody you know on the island.</p>',
        '<div class="related"><p>Another story of the day, told in one sentence, stands here beside it.</p></div>',
    ],
    ids=["byline", "caption", "share", "related"],
)
def test_what_else_stands_there_is_no_lead(before: str) -> None:
    assert lines(page(prose(*MORE), before=before)) == MORE


@pytest.mark.parametrize(
    "markup",
    [
        f'<p><a href="/speech">{QUOTE}</a></p>',
        f'<p><strong><a href="/speech">{QUOTE}</a></strong></p>',
        f'<blockquote><a href="/speech">{QUOTE}</a></blockquote>',
        f'<ul><li><a href="/speech">{QUOTE}</a></li></ul>',
    ],
    ids=["paragraph", "bold", "quotation", "item"],
)
def test_a_sentence_that_is_a_link_among_the_storys_paragraphs_stays(markup: str) -> None:
    assert lines(page(prose(*STORY[:2]) + markup + prose(*STORY[2:]))) == [*STORY[:2], QUOTE, *STORY[2:]]


def test_linked_headings_above_prose_stay_and_headlines_of_other_stories_go() -> None:
    heading = '<h2><a href="/topic">“Boats are no ferry”</a></h2>'
    other = '<p><a href="/other">Small boats sail again from Monday</a></p>'
    html = page(prose(STORY[0]) + heading + prose(STORY[1]) + other + prose(*STORY[2:]))
    assert lines(html) == [STORY[0], "“Boats are no ferry”", *STORY[1:]]


@pytest.mark.parametrize(
    "label", ["Read also:", "Related stories", "Читайте также:", "Материалы по теме"], ids=["en", "rel", "ru", "ru-rel"]
)
def test_a_linked_sentence_below_a_label_is_another_story(label: str) -> None:
    html = page(prose(*STORY[:2], label, f'<a href="/other">{QUOTE}</a>', *STORY[2:]))
    assert lines(html) == STORY


@pytest.mark.parametrize("dash", ["-", "–", "—"])
@pytest.mark.parametrize("markup", ["<p>%s</p><p>%s</p>", "<p>%s<br>%s</p>", "<ul><li>%s</li><li>%s</li></ul>"])
def test_a_dash_before_spoken_words_stays(dash: str, markup: str) -> None:
    said = (f"{dash} When will it sail?", f"{dash} In May, and no day later, {dash} she said.")
    assert lines(page(prose(*STORY[:2]) + markup % said + prose(*STORY[2:]))) == [*STORY[:2], *said, *STORY[2:]]


def test_items_of_a_list_come_without_a_mark_that_the_page_does_not_have() -> None:
    html = page(prose(*STORY[:2]) + "<ul><li>Two ferries</li><li>No bridge</li></ul>" + prose(*STORY[2:]))
    assert lines(html) == [*STORY[:2], "Two ferries", "No bridge", *STORY[2:]]


def test_parts_of_one_kind_are_one_story() -> None:
    parts = f'{prose(*MORE)}</div><div class="ad">Buy a boat</div><div class="body">{prose(QUOTE)}'
    assert lines(page(parts)) == [*MORE, QUOTE]
