"""The sample newsroom answers over real HTTP as forward proxy and virtual hosts, the same bytes every time."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from pipeline.demo.newsroom import FIRST_DAY, SECOND_DAY, Newsroom, expected_outcomes
from pipeline.demo.newsroom.sites import load_sites
from pipeline.records import Outcome

VOLNA = "http://en.volna-agency.example"
EDITED = f"{VOLNA}/politics/2104427"
GONE = f"{VOLNA}/defense/2104470"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(FIRST_DAY).serve() as served:
        yield served


def ask(
    room: Newsroom, url: str, *, method: str = "GET", as_proxy: bool = True, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request through the newsroom: (status, headers in lower case, body)."""
    parts = urlsplit(url)
    target = url if as_proxy else url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    proxy = urlsplit(room.proxy_url)
    connection = http.client.HTTPConnection(proxy.hostname or "", proxy.port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers={"Host": parts.netloc, **named})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def test_every_listed_address_answers_with_the_status_that_its_outcome_needs(room: Newsroom) -> None:
    refused = {"from-feed": 403, "http-404": 404, "redirect": 301}
    for row in expected_outcomes():
        room.day = row.day
        redirecting = "/l/" in row.url or "/go/" in row.url
        assert ask(room, row.url)[0] == (301 if redirecting else refused.get(row.reason_hint, 200)), row


def test_an_absolute_address_and_a_host_header_lead_to_the_same_page(room: Newsroom) -> None:
    through_proxy = ask(room, EDITED)
    as_virtual_host = ask(room, EDITED, as_proxy=False)
    assert through_proxy == as_virtual_host
    assert "text/html" in through_proxy[1]["content-type"]


def test_an_unknown_host_is_a_bad_gateway_and_an_unknown_path_a_404(room: Newsroom) -> None:
    assert ask(room, "http://nowhere.example/")[0] == 502
    assert ask(room, f"{VOLNA}/politics/1")[0] == 404
    assert ask(room, EDITED, method="POST")[0] == 501


def test_the_same_day_gives_the_same_bytes_and_headers_on_another_server(room: Newsroom) -> None:
    addresses = [site.root + path for site in load_sites() for path in ("/", *(d.path for d in site.documents))]
    first = [ask(room, url) for url in addresses]
    with Newsroom(FIRST_DAY).serve() as other:
        assert [ask(other, url) for url in addresses] == first
    assert all(status == 200 for status, _, _ in first)


def test_an_unchanged_page_is_a_304_and_an_edited_one_is_sent_again(room: Newsroom) -> None:
    _, headers, body = ask(room, EDITED)
    tag, since = headers["etag"], headers["last-modified"]
    assert ask(room, EDITED, If_None_Match=tag)[::2] == (304, b"")
    assert ask(room, EDITED, If_Modified_Since=since)[::2] == (304, b"")
    assert ask(room, EDITED, If_None_Match='"other"', If_Modified_Since=since)[0] == 200

    room.day = SECOND_DAY
    status, headers, second = ask(room, EDITED, If_None_Match=tag, If_Modified_Since=since)
    assert (status, second != body, headers["etag"] != tag) == (200, True, True)


def test_every_page_that_should_be_unchanged_on_the_second_day_proves_it_by_its_validators(room: Newsroom) -> None:
    pages = [row for row in expected_outcomes() if row.day == SECOND_DAY and row.outcome is Outcome.UNCHANGED]
    validators = {}
    for row in pages:
        _, headers, _ = ask(room, row.url)
        validators[row.url] = headers.get("etag"), headers.get("last-modified")
    room.day = SECOND_DAY
    for row in pages:
        tag, since = validators[row.url]
        conditions = {"If_None_Match": tag} if tag else {"If_Modified_Since": since} if since else {}
        wanted = 200 if row.source == "president" else 304
        assert ask(room, row.url, **conditions)[0] == wanted, row


def test_a_page_that_is_taken_down_is_there_on_the_first_day_only(room: Newsroom) -> None:
    assert ask(room, GONE)[0] == 200
    room.day = SECOND_DAY
    assert ask(room, GONE)[0] == 404


def test_a_redirect_chain_ends_at_an_article(room: Newsroom) -> None:
    url, hops = "http://kestrel-wire.example/l/20260615-calvera?utm_source=atom", []
    while (reply := ask(room, url))[0] in (301, 302):
        hops.append(reply[0])
        url = reply[1]["location"]
    assert (hops, reply[0]) == ([301, 302], 200)
    assert b"Luque" in reply[2]


def test_tracking_queries_lead_to_the_plain_page(room: Newsroom) -> None:
    assert ask(room, f"{EDITED}?utm_source=rss&utm_medium=feed")[2] == ask(room, EDITED)[2]


def test_every_request_is_logged_with_its_status_and_whether_it_was_conditional(room: Newsroom) -> None:
    ask(room, EDITED, User_Agent="reader/1")
    ask(room, EDITED, method="HEAD", If_None_Match="*")
    seen = [(r.host, r.path, r.status, r.conditional, r.agent) for r in room.requests]
    host, path = "en.volna-agency.example", "/politics/2104427"
    assert seen == [(host, path, 200, False, "reader/1"), (host, path, 304, True, "")]


def test_the_newsroom_speaks_only_while_it_is_served() -> None:
    room = Newsroom(FIRST_DAY)
    with room.serve():
        address = urlsplit(room.proxy_url)
        assert address.hostname == "127.0.0.1"
    assert room.proxy_url == ""
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(address.hostname or "", address.port, timeout=5).request("GET", "/")
