"""One address per article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parsing.urls import canonical_url, without_tracking


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
        ("https://news.example/a.amp.amp/print/amp/", "https://news.example/a"),
        ("https://news.example/a.amp-print.amp.html/amp", "https://news.example/a.html"),
        ("https://news.example/" + "x" * 2000 + "/amp", "https://news.example/" + "x" * 2000 + "/amp"),
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
        (
            "https://news-example.cdn.ampproject.org/c/s/news.example/a.amp.html?usqp=1",
            "https://news.example/a.html?usqp=1",
        ),
        ("https://news-example.cdn.ampproject.org/c/news.example/a", "http://news.example/a"),
        ("https://ria.ru/20260615/a-1-print.html", "https://ria.ru/20260615/a-1.html"),
        ("https://www.kommersant.ru/doc/1?from=main_1", "https://www.kommersant.ru/doc/1"),
        ("http://www.mid.ru/ru/foreign_policy/news/1/", "https://mid.ru/ru/foreign_policy/news/1/"),
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
        "https://news.example/blueprint.html",
        "https://news.example/en/news/1",
        "https://news-example.cdn.ampproject.org/i/s/news.example/a.png",
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


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ("https://news.example/a?utm_source=rss&utm_medium=rss", "https://news.example/a"),
        ("https://news.example/a?id=7&yclid=1&p=2#top", "https://news.example/a?id=7&p=2"),
        ("https://news.example/a?id=7#top", "https://news.example/a?id=7#top"),
        ("https://news.example/a?outputType=amp", "https://news.example/a?outputType=amp"),
        ("https://news.example/a/amp/?", "https://news.example/a/amp/"),
        ("https://news.example/%D0%B0", "https://news.example/%D0%B0"),
    ],
)
def test_an_address_is_asked_for_as_it_was_found_less_tracking(found: str, asked: str) -> None:
    assert without_tracking(found) == asked
    assert canonical_url(found) == canonical_url(asked)


@given(st.text(alphabet="abcAБ/?&=#%.:@ -_~ampprint", max_size=60))
def test_canonical_form_of_a_canonical_form_is_itself(rest: str) -> None:
    once = canonical_url("https://News.Example/" + rest)
    assert canonical_url(once) == once
