"""A live blog is its posts, oldest first, each with its time; a new post is an addition at the end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipeline.extraction import extract_article
from pipeline.records import Article, Page

URL = "https://news.example/port/storm-live"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LEAD = "The storm has reached the port; this page tells what happens, hour by hour."
OTHER = '<ul class="related">' + "".join(
    f'<li><time datetime="2026-06-1{n}T08:00:00Z">1{n} June</time> <a href="/n/{n}">Another story of that day</a></li>'
    for n in range(9)
) + "</ul>"  # fmt: skip


def post_lines(n: int) -> list[str]:
    return [
        f"Ferry {n} is back",
        f"“Nobody was hurt on ferry {n},” harbour master Otto Brand told reporters on the quay.",
        f"The crew of ferry {n} had waited outside the port since the early morning, he added.",
    ]


def post(n: int, *, clock: str = '<time datetime="2026-06-14T{0:02d}:30:00Z">{0}:30</time>') -> str:
    heading, *paragraphs = post_lines(n)
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f'<div class="post">{clock.format(n)}<h3>{heading}</h3>{body}<button>Share</button><span>12</span></div>'


def live(posts: list[str], *, declared: list[dict[str, str]] | None = None, kind: str = "LiveBlogPosting") -> str:
    item = {"@type": kind, "headline": "Storm in the port", "liveBlogUpdate": declared or []}
    return (
        f'<html><head><title>Storm in the port</title><script type="application/ld+json">{json.dumps(item)}</script>'
        f'</head><body><main><h1>Storm in the port</h1><p class="lead">{LEAD}</p><div class="posts">'
        + '<div class="ad">Advertisement</div>'.join(posts)
        + f"</div></main><aside>{OTHER}</aside></body></html>"
    )


def read(html: str) -> Article:
    return extract_article(Page(URL, html.encode(), "text/html; charset=utf-8"), now=NOW)


def test_posts_are_read_oldest_first_with_their_times() -> None:
    found = read(live([post(n) for n in (14, 12, 9)]))
    assert found.text.split("\n") == [LEAD, *post_lines(9), *post_lines(12), *post_lines(14)]
    assert (found.extractor, "live" in found.flags) == ("live-blog", True)
    assert [found.text[p.start : p.end].split("\n") for p in found.posts] == [
        post_lines(9),
        post_lines(12),
        post_lines(14),
    ]
    assert [p.published_at for p in found.posts] == [
        datetime(2026, 6, 14, hour, 30, tzinfo=UTC) for hour in (9, 12, 14)
    ]


def test_a_new_post_leaves_what_was_read_before_where_it_was() -> None:
    before = read(live([post(n) for n in (12, 9)])).text
    after = read(live([post(n) for n in (14, 12, 9)])).text
    assert after.startswith(before + "\n")


def test_times_may_stand_in_elements_of_their_own_class() -> None:
    clock = '<div class="post__time time">14 June 2026 {0:02d}:30</div>'
    found = read(live([post(n, clock=clock) for n in (14, 9)]))
    assert found.text.split("\n") == [LEAD, *post_lines(9), *post_lines(14)]
    assert found.posts[0].published_at == datetime(2026, 6, 14, 9, 30, tzinfo=UTC)


def test_a_post_shown_twice_is_told_once() -> None:
    found = read(live([post(12), post(14), post(12), post(9)]))
    assert found.text.split("\n") == [LEAD, *post_lines(9), *post_lines(12), *post_lines(14)]


def test_posts_that_only_json_ld_gives_are_read_from_there() -> None:
    declared = [
        {"@type": "BlogPosting", "headline": post_lines(n)[0], "datePublished": f"2026-06-14T{n:02d}:30:00Z",
         "articleBody": "\n".join(post_lines(n)[1:])}
        for n in (14, 12, 9)
    ]  # fmt: skip
    found = read(live(["<div>Loading the posts</div>"], declared=declared))
    assert [found.text[p.start : p.end].split("\n") for p in found.posts] == [
        post_lines(9),
        post_lines(12),
        post_lines(14),
    ]


@pytest.mark.parametrize("kind", ["NewsArticle", "LiveBlogPosting"])
def test_what_has_no_posts_is_read_as_any_page(kind: str) -> None:
    story = "".join(f"<p>{text}</p>" for n in range(3) for text in post_lines(n)[1:])
    found = read(live([story], kind=kind))
    assert found.posts == ()
    assert post_lines(2)[1] in found.text
