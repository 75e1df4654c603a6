"""One address per article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.urls import canonical_url


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://News.Example/World/1?utm_source=rss&utm_medium=x#top", "https://news.example/World/1"),
        ("https://news.example:443/a?id=7&fbclid=1&page=2", "https://news.example/a?id=7&page=2"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a/amp/", "https://news.example/a"),
        ("https://news.example/a/amp", "https://news.example/a"),
        ("https://news.example/a.amp.html", "https://news.example/a.html"),
        ("https://news.example/a.amp", "https://news.example/a"),
        ("https://news.example/a?outputType=amp", "https://news.example/a"),
        ("https://news.example/a/print/", "https://news.example/a"),
        ("https://news.example/a?print=1&id=2", "https://news.example/a?id=2"),
        (
            "https://новости.пример/статья 1",
            "https://xn--b1amnebsh.xn--e1afmkfd/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F%201",
        ),
        ("https://news.example/a%20b?q=%D0%B0", "https://news.example/a%20b?q=%D0%B0"),
        ("http://www.kremlin.ru/events/president/news/1", "http://kremlin.ru/events/president/news/1"),
        ("http://tass.com/politics/1", "https://tass.com/politics/1"),
        ("https://m.lenta.ru/news/2026/06/15/x/", "https://lenta.ru/news/2026/06/15/x/"),
        ("  https://news.example/a\n", "https://news.example/a"),
    ],
)
def test_forms_of_one_address_have_one_canonical_form(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/amplifier",
        "https://news.example/amp-story/1",
        "https://news.example/printed",
        "https://news.example/a?sort=new&from=here",
        "https://news.example/camp",
    ],
)
def test_what_names_the_article_is_kept(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mailto:a@b.example",
        "http://[",
        "http://news.example:port/",
        "javascript:alert(1)",
        "https://user@news.example/a",
    ],
)
def test_what_is_no_web_address_is_given_back(url: str) -> None:
    assert canonical_url(url) == url


@given(st.text(alphabet="abcAБ/?&=#%.:@ -_~ampprint", max_size=60))
def test_canonical_form_of_a_canonical_form_is_itself(rest: str) -> None:
    once = canonical_url("https://News.Example/" + rest)
    assert canonical_url(once) == once
