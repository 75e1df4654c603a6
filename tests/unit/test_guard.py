"""Addresses that must never be asked, in every disguise we know."""

from __future__ import annotations

import pytest

from crawlers.ssrf_guard import GuardedResolver, allowed_names
from pipeline.parsing.urls import blocked_address, url_refusal

HOSTS = ("kremlin.ru", "tass.com")

INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0",
    "0.0.0.0", "127.66.66.66", "2135048770", "0x7f424242", "10.0.0.1", "10.1", "172.16.0.1", "192.168.1.1",
    "192.168.257",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]",
    "[fc00::1]", "[fec0::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
    "[2001:0:53aa:64c:0:0:80ff:fffe]", "[ff02::1]", "[::ffff:0:127.0.0.1]",
    "localhost", "LOCALHOST.", "db.internal", "printer.local", "intranet", "router.lan",
    "１２７.0.0.1", "127。0。0。1", "ⓛocalhost", "①②⑦.0.0.1", "8.8.8.8", "[2a00:1450::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_an_inside_host_is_refused_however_it_is_written(host: str) -> None:
    assert url_refusal(f"http://{host}/latest/meta-data/", hosts=None) is not None


@pytest.mark.parametrize("host", INSIDE)
def test_an_inside_host_is_refused_though_it_is_on_the_list_of_hosts(host: str) -> None:
    assert url_refusal(f"http://{host}/", hosts=(host.strip("[]").lower(), "localhost")) is not None


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://kremlin.ru/a",
        "javascript:alert(1)",
        "gopher://kremlin.ru/",
        "//kremlin.ru/a",
        "kremlin.ru/a",
        "",
        "http://",
        "http:///a",
        "http://kremlin.ru:22/",
        "http://kremlin.ru:8080/",
        "http://kremlin.ru:99999/",
        "http://kremlin.ru:x/",
        "http://user@kremlin.ru/",
        "http://user:secret@kremlin.ru/",
        "http://kremlin.ru@127.0.0.1/",
        "http://127.0.0.1\\@kremlin.ru/",
        "http://kremlin.ru\\.evil.example/",
        "http://kremlin.ru\t.evil.example/",
        "http://kremlin.ru/a\r\nHost: evil",
        "http://kremlin.ru /",
        "http://%31%32%37.0.0.1/",
        "http://kremlin.ru%00.evil.example/",
        "http://kremlin..ru/",
        "http://-kremlin.ru/",
        "http://kremlin.ru\u200b/",
        "http://[::1",
        "http://kremlin.ru.evil.example/",
        "http://evilkremlin.ru/",
        "http://example.org/",
        "http://kremlin.ru/" + "a" * 2000,
    ],
)
def test_other_ways_out_are_refused(url: str) -> None:
    assert url_refusal(url, hosts=HOSTS) is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://kremlin.ru/events/president/news/1",
        "https://kremlin.ru:443/a?b=c#d",
        "http://en.kremlin.ru/",
        "https://TASS.com./politics/1",
        "https://tass.com/статья",
    ],
)
def test_pages_of_the_source_are_allowed(url: str) -> None:
    assert url_refusal(url, hosts=HOSTS) is None


def test_a_host_is_only_the_source_s_business_if_hosts_are_given() -> None:
    assert url_refusal("https://example.org/", hosts=None) is None
    assert "example.org" in (url_refusal("https://example.org/", hosts=HOSTS) or "")


def test_an_exception_holds_for_its_very_host_and_port() -> None:
    allow = ("127.0.0.1:8901",)
    assert url_refusal("http://127.0.0.1:8901/a", hosts=HOSTS, allow=allow) is None
    assert url_refusal("http://127.0.0.1:8902/a", hosts=HOSTS, allow=allow) is not None
    assert url_refusal("http://127.0.0.2:8901/a", hosts=HOSTS, allow=allow) is not None
    assert url_refusal("http://2130706433:8901/a", hosts=HOSTS, allow=allow) is not None
    assert url_refusal("http://user@127.0.0.1:8901/a", hosts=HOSTS, allow=allow) is not None
    assert url_refusal("file://127.0.0.1:8901/a", hosts=HOSTS, allow=allow) is not None


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "::1", "2002:a9fe:a9fe::", "::ffff:10.0.0.1", "nonsense"])
def test_an_address_that_is_not_public_is_blocked_when_a_name_resolves_to_it(address: str) -> None:
    assert blocked_address(address) is not None


@pytest.mark.parametrize("address", ["95.173.136.70", "8.8.8.8", "2a00:1450:4010:c0e::71"])
def test_a_public_address_is_not_blocked(address: str) -> None:
    assert blocked_address(address) is None


def test_the_resolver_refuses_a_name_that_leads_inside_unless_it_is_allowed() -> None:
    resolver = GuardedResolver.__new__(GuardedResolver)
    resolver.allowed = frozenset(allowed_names(("mirror.example:8080",), "http://user:pw@127.0.0.1:3128"))
    assert resolver.allowed == {"mirror.example", "127.0.0.1"}
    assert resolver._checked("10.0.0.5", "mirror.example") == "10.0.0.5"
    assert resolver._checked("95.173.136.70", "kremlin.ru") == "95.173.136.70"
    with pytest.raises(Exception, match=r"rebound\.example resolves to .*169\.254"):
        resolver._checked("169.254.169.254", "rebound.example")
