"""Which canonical address a page is believed to have."""

from __future__ import annotations

import pytest

from pipeline.extraction.address import article_url


@pytest.mark.parametrize(
    ("asked", "claimed"),
    [
        ("/amp/bridge-opens", "/bridge-opens"),
        ("/world/bridge-opens", "/politics/bridge-opens"),
        ("/news/bridge-opens-amp.html", "/news/bridge-opens.html"),
        ("/print.php?id=77123", "/news/77123"),
        ("/news/77123/the-bridge", "/news/77123/the-bridge-opens-at-last"),
        ("/2026/06/02/bridge", "/2026/06/02/bridge/"),
        ("/mobile/2026/06/02/7", "/2026/06/02/7"),
        ("/story?id=1&from=rss", "/story?id=1"),
        ("/the-bridge-7712345", "/a/7712345"),
    ],
)
def test_another_form_of_an_address_joins_it(asked: str, claimed: str) -> None:
    site = "https://news.example"
    assert article_url(site + asked, site + claimed, None).removeprefix(site).rstrip("/") == claimed.rstrip("/")


@pytest.mark.parametrize(
    ("asked", "claimed"),
    [
        ("/b", "/a"),
        ("/news/2", "/news/1"),
        ("/2026/06/02/bridge", "/2026/06/02/ferries"),
        ("/2026/06/02/2", "/2026/06/02/1"),
        ("/20260602/bridge.html", "/20260602/ferries.html"),
        ("/story?id=2", "/story?id=1"),
        ("/politics/bridge", "/politics/"),
        ("/politics/bridge", "/"),
        ("/politics/bridge", "/politics/2026/"),
        ("/news/100012", "/news/100011"),
        ("/ru/bridge", "/ru/ferries"),
        ("/covid19-and-the-bridge", "/covid19-and-the-ferries"),
        ("/agenda2030-bridge", "/agenda2030-ferries"),
    ],
)
def test_a_template_s_one_address_is_not_believed(asked: str, claimed: str) -> None:
    site = "https://news.example"
    assert article_url(site + asked, site + claimed, None) == site + asked
