"""Stories on several pages: which link leads to the next page of the same story."""

from __future__ import annotations

import pytest

from pipeline.extraction.address import article_url
from pipeline.parsing.pagination import is_part, next_part

STORY = "https://news.example/2026/bridge"


def onward(link: str, *, url: str = STORY, first: str = STORY, number: int = 1) -> str | None:
    return next_part(f"<html><head></head><body><p>Text</p>{link}</body></html>", url, first=first, number=number)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<link rel="next" href="https://news.example/2026/bridge?page=2">', STORY + "?page=2"),
        ('<a rel="next" href="/2026/bridge?page=2">2</a>', STORY + "?page=2"),
        ("<a class=pager href='/2026/bridge/2'> 2 </a>", STORY + "/2"),
        ('<a href="?page=2#text"><span>Next</span> page</a>', STORY + "?page=2"),
        ('<a href="/2026/bridge/page/2/">Далее</a>', STORY + "/page/2/"),
        ('<a href="/2026/bridge?a=1&amp;PAGEN_1=2">›</a>', STORY + "?a=1&PAGEN_1=2"),
    ],
)
def test_the_next_page_of_a_story_is_found(link: str, address: str) -> None:
    first = STORY + "?a=1" if "a=1" in address else STORY
    assert onward(link, first=first) == address


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="/2026/ferries">Next story</a>',
        '<link rel="next" href="/2026/ferries?page=2">',
        '<a href="/2026/bridge?page=3">3</a>',
        '<a href="/2026/bridge?page=2">read the comments</a>',
        '<a href="https://other.example/2026/bridge?page=2">2</a>',
        '<a rel="next" href="http://[broken/2">2</a>',
        "<a href=>2</a>",
        '<a rel="next" href="/2026/bridge">2</a>',
    ],
)
def test_what_leads_elsewhere_is_no_next_page(link: str) -> None:
    assert onward(link) is None


def test_pages_go_on_from_page_to_page_and_never_to_the_next_number_of_another_story() -> None:
    assert onward('<a href="/2026/bridge?page=3">3</a>', url=STORY + "?page=2", number=2) == STORY + "?page=3"
    assert onward('<a href="/2026/bridge?page=1">1</a>', url=STORY + "?page=2", number=2) is None
    assert (
        onward(
            '<a rel="next" href="/news/6">6</a>',
            url="https://news.example/news/5",
            first="https://news.example/news/5",
            number=1,
        )
        is None
    )


def test_addresses_that_say_that_they_are_a_further_page() -> None:
    assert [is_part(STORY + end) for end in ("?page=2", "/page/2", "/part-3", "?page=1", "", "/2", "?p=2")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip


def test_a_further_page_keeps_its_own_address_whatever_it_claims() -> None:
    for end in ("?page=2", "/page/2", "/2"):
        assert article_url(STORY + "-77123" + end, STORY + "-77123", None) == STORY + "-77123" + end
