"""Feeds and sitemaps as publishers and attackers write them: every entry is read or named as refused."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Rejected
from pipeline.parsing.feeds import MAX_ENTRIES, FeedDocument, read_feed, read_sitemap

BASE = "https://news.example/rss.xml"


def rss(*items: str, head: str = "", namespaces: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel>{head}{"".join(items)}</channel></rss>'.encode()
    )


def read(body: bytes) -> FeedDocument:
    return read_feed(body, base_url=BASE)


def refusal(body: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        read(body)
    return caught.value.disposition.reason


def test_an_rss_item_gives_address_title_time_and_summary() -> None:
    (entry,) = read(
        rss(
            "<item><title>Minister &amp; mayor meet</title><link> https://news.example/1 </link>"
            "<guid isPermaLink='false'>x1</guid><pubDate>Thu, 26 Dec 2024 19:51:07 +0300</pubDate>"
            "<description>They met.</description></item>"
        )
    ).entries
    assert (entry.url, entry.locator, entry.title) == (
        "https://news.example/1",
        "https://news.example/1",
        "Minister & mayor meet",
    )
    assert (entry.published_raw, entry.content_html, entry.full_text) == (
        "Thu, 26 Dec 2024 19:51:07 +0300",
        "<p>They met.</p>",
        False,
    )
    assert entry.guid == "x1"


def test_atom_gives_the_alternate_link_both_times_and_the_whole_text() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed/page/2"/>
      <entry><id>tag:1</id><title type="text">T</title><link rel="self" href="/self"/>
      <link rel="alternate" type="text/html" href="/events/1"/><published>2025-05-06T13:20:00+04:00</published>
      <updated>2025-05-07T01:00:00+04:00</updated><summary type="html"></summary>
      <content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry></feed>"""
    feed = read(body)
    (entry,) = feed.entries
    assert feed.next_url == "https://news.example/feed/page/2"
    assert (entry.url, entry.updated_raw) == ("https://news.example/events/1", "2025-05-07T01:00:00+04:00")
    assert (entry.content_html, entry.full_text) == ("<p>One.</p><p>Two.</p>", True)


@pytest.mark.parametrize(
    "element", ["yandex:full-text", "rbc_news:full-text", "content:encoded"], ids=["yandex", "rbc", "content"]
)
def test_full_text_is_found_under_each_of_its_names(element: str) -> None:
    namespaces = 'xmlns:yandex="urn:y" xmlns:rbc_news="urn:r" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    whole = f"<{element}>First line.\nSecond &lt; line.</{element}>"
    item = f"<item><link>/1</link><description>Lead.</description>{whole}</item>"
    (entry,) = read(rss(item, namespaces=namespaces)).entries
    assert (entry.content_html, entry.full_text) == ("<p>First line.</p><p>Second &lt; line.</p>", True)


def test_a_link_of_an_extension_never_wins_over_the_items_own() -> None:
    item = (
        "<item><related:links xmlns:related='urn:x'><related:link>https://other.example/9</related:link></related:links>"
        "<x:link xmlns:x='urn:x'>https://other.example/8</x:link><link>https://news.example/1</link></item>"
    )
    assert [entry.url for entry in read(rss(item)).entries] == ["https://news.example/1"]


def test_one_guid_for_all_items_loses_none() -> None:
    items = [f"<item><link>/n/{i}</link><guid>same</guid></item>" for i in range(50)]
    entries = read(rss(*items)).entries
    assert len({entry.locator for entry in entries}) == 50


def test_the_same_link_twice_gets_two_locators() -> None:
    entries = read(rss("<item><link>/1</link></item>", "<item><link>/1</link></item>")).entries
    assert [entry.locator for entry in entries] == ["https://news.example/1", "https://news.example/1#2"]


def test_an_ill_formed_feed_is_read_as_far_as_it_goes_and_says_so() -> None:
    body = (
        b"<?xml version='1.0'?><rss><channel><item><title>Bread & salt &nbsp;&mdash; cheap</title>"
        b"<link>https://news.example/1?a=1&b=2</link></item><item><title>Cut of"
    )
    feed = read(body)
    assert feed.entries[0].title == "Bread & salt — cheap"
    assert feed.entries[0].url == "https://news.example/1?a=1&b=2"
    assert any("ill-formed" in problem for problem in feed.problems)
    assert any("entry 2: no web address" in problem for problem in feed.problems)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://[broken", "ftp://a/b"]
)
def test_a_link_that_is_no_web_address_is_refused_and_the_rest_read(link: str) -> None:
    feed = read(rss(f"<item><link>{link}</link></item>", "<item><link>/good</link></item>"))
    assert [entry.url for entry in feed.entries] == ["https://news.example/good"]
    assert len(feed.problems) == 1
    assert feed.problems[0].startswith("entry 1: not a web address")


def test_a_windows_1251_feed_labelled_utf8_is_read_right() -> None:
    body = (
        rss("<item><title>Заявление министра о сроках работы</title><link>/1</link></item>")
        .decode()
        .encode("windows-1251")
    )
    assert read(body).entries[0].title == "Заявление министра о сроках работы"


def test_titles_escaped_too_often_come_out_as_text() -> None:
    (entry,) = read(rss("<item><title>&lt;b&gt;Q&amp;amp;A&lt;/b&gt; today</title><link>/1</link></item>")).entries
    assert entry.title == "Q&A today"


def test_a_json_feed_is_read_and_half_a_surrogate_dropped() -> None:
    body = json.dumps(
        {
            "items": [
                {"id": "1", "url": "/1", "title": "A \ud800 title", "content_html": "<p>x</p>"},
                {"title": "no link"},
            ]
        }
    ).encode()
    feed = read(body)
    assert [(e.url, e.title, e.full_text) for e in feed.entries] == [("https://news.example/1", "A title", True)]
    assert feed.problems == ("entry 2: no web address",)


def test_gzip_is_known_by_content_and_a_cut_one_refused() -> None:
    packed = gzip.compress(rss("<item><link>/1</link></item>"))
    assert len(read(packed).entries) == 1
    assert refusal(packed[:-6]) == "truncated"


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    assert refusal(gzip.compress(b"<rss>" + b" " * (60 << 20))) == "too-large"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>502 Bad Gateway</body></html>", "not-a-feed"),
        (b"plain words", "not-a-feed"),
        (b'{"items": 3}', "not-a-feed"),
        (b"", "empty-body"),
        (b"<rss><channel><title>silent</title></channel></rss>", "empty-feed"),
        (b"<rss><channel><item></item><item><title> </title></item></channel></rss>", "no-usable-entry"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><item/></channel></rss>', "guard"),
        (b"<rss>" + b"<a>" * 5000, "parse-limit"),
        (b"<rss><item " + b" ".join(b"a%d='>'" % n for n in range(2000)) + b"/></rss>", "parse-limit"),
    ],
)
def test_what_is_no_feed_has_its_reason(body: bytes, reason: str) -> None:
    assert refusal(body) == reason


LAUGHS = "".join(f'<!ENTITY l{n + 1} "&l{n};&l{n};&l{n};">' for n in range(30))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY l0 "ha">{LAUGHS}',
        '<!ENTITY a SYSTEM "http://127.0.0.1/">',
        '<!ENTITY a PUBLIC "x" "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://news.example/x.dtd"> %a;',
        '<!ENTITY a "%b;">',
        '<!ENTITY a "<title>other</title>">',
        '<!ENTITY a "' + "a" * 5000 + '">',
        '<!ENTITY a "<rss>',
    ],
)
def test_entities_that_unfold_or_fetch_are_refused(declared: str) -> None:
    assert refusal(f"<!DOCTYPE rss [{declared}]><rss><channel><item/></channel></rss>".encode()) == "guard"


def test_an_entity_that_is_used_without_end_is_refused() -> None:
    body = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 99}">]><rss><title>{"&a;" * 20_000}</title></rss>'
    assert refusal(body.encode()) == "guard"


def test_plain_entities_are_letters() -> None:
    body = (
        '<?xml version="1.0"?>\n<!DOCTYPE rss [ <!-- our own --> <!ELEMENT a ANY> <!ENTITY nbsp "&#160;">'
        """<!ENTITY org 'Harbour &amp; Mill'> ]>"""
        "<rss><channel><item><title>At&nbsp;&org; &hellip;&unknown; &#151; &#0;</title>"
        "<link>/1</link></item></channel></rss>"
    )
    assert read(body.encode()).entries[0].title == "At Harbour & Mill …&unknown; — \ufffd"


WARNING = "<br />\n<b>Warning</b>: Undefined index: x in <b>/srv/rss.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    "before",
    [
        WARNING,
        "\n\n \ufeff",
        "Notice: cache is cold\n",
        "<!-- made by <rss > tools -->",
        WARNING + '<?xml-stylesheet href="x"?>',
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x/rss.dtd">',
    ],
)
def test_what_a_server_writes_before_the_document_is_passed_over(before: str) -> None:
    feed = rss("<item><title>Grain</title><link>/1</link></item>").decode()
    for body in (before + feed, before + feed.partition("?>")[2], before + feed + WARNING):
        assert [entry.title for entry in read(body.encode()).entries] == ["Grain"]
    sitemap = before + (SITEMAP % "")
    assert len(read_sitemap(sitemap.encode(), base_url=BASE).entries) == 1


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Growth < 5% or > 2", "Growth < 5% or > 2"),
        ("Three <3 hearts", "Three <3 hearts"),
        ("The <b>bold</b> plan", "The bold plan"),
        ("Open <b>bold plan", "Open bold plan"),
        ("A line<br>break", "A line break"),
        ("<![CDATA[Salt & <i>pepper</i>]]>", "Salt & pepper"),
        ("", "Dublin Core says"),
    ],
)
def test_marks_in_a_title_harm_neither_it_nor_the_next_entry(title: str, wanted: str) -> None:
    first = (
        "<media:title>Photo: a quay</media:title><itunes:title>Pod</itunes:title><dc:title>Dublin Core says</dc:title>"
        f"<title>{title}</title><link>/1</link><description><p>One<br>line <img src=a></description>"
    )
    feed = read(rss(f"<item>{first}</item>", "<item><title>Next</title><link>/2</link></item>"))
    assert [entry.title for entry in feed.entries] == [wanted, "Next"]
    assert "Next" not in feed.entries[0].content_html


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<guid>/2026/1</guid>", "https://news.example/2026/1"),
        ('<guid isPermaLink="false">/2026/1</guid>', None),
        ("<guid>tag:news.example,2026:1</guid>", None),
        (
            "<link>https://count.example/~r/1</link><f:origLink>https://news.example/1</f:origLink>",
            "https://news.example/1",
        ),
        ("<link>https://news.example/1</link><f:origLink>none</f:origLink>", "https://news.example/none"),
        ("<link>javascript:x</link><guid>https://news.example/1</guid>", "https://news.example/1"),
        ('<link xml:base="https://other.example/a/" href="b"/>', "https://other.example/a/b"),
        ("<link>&#10;  /1 &#10;</link>", "https://news.example/1"),
    ],
)
def test_the_address_is_found_wherever_the_feed_keeps_it(inside: str, url: str | None) -> None:
    feed = read(rss(f"<item>{inside}</item>", "<item><link>/last</link></item>"))
    assert [entry.url for entry in feed.entries] == [*([url] if url else []), "https://news.example/last"]


def test_a_doctype_without_entities_is_harmless() -> None:
    body = b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x/rss.dtd"><rss><channel><item><link>/1</link></item></channel></rss>'
    assert len(read(body).entries) == 1


def test_an_endless_feed_is_read_up_to_the_limit() -> None:
    feed = read(rss(*[f"<item><link>/{i}</link></item>" for i in range(MAX_ENTRIES + 10)]))
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.problems == (f"more than {MAX_ENTRIES} entries: the last 10 were not read",)


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc>
  <lastmod>2024-12-26</lastmod><news:news><news:publication><news:name>N</news:name></news:publication>
  <news:publication_date>2024-12-26T19:51:07+03:00</news:publication_date><news:title>Talks &amp; more</news:title>
  </news:news></url>%s</urlset>"""


def test_a_news_sitemap_gives_address_times_and_title() -> None:
    document = read_sitemap((SITEMAP % "").encode(), base_url=BASE)
    assert document.entries == (("https://news.example/1", "2024-12-26", "Talks & more", "2024-12-26T19:51:07+03:00"),)
    assert document.children == ()


def test_one_bad_loc_never_drops_the_rest() -> None:
    bad = "".join(
        f"<url><loc>{loc}</loc></url>" for loc in ("javascript:alert(1)", "file:///etc/hostname", "", "http://[x")
    )
    document = read_sitemap((SITEMAP % (bad + "<url><loc>/last</loc></url>")).encode(), base_url=BASE)
    assert [entry.url for entry in document.entries] == ["https://news.example/1", "https://news.example/last"]
    assert len(document.problems) == 4


def test_an_index_gives_its_children_gzipped_or_not() -> None:
    body = b"<sitemapindex><sitemap><loc>https://news.example/a.xml.gz</loc></sitemap></sitemapindex>"
    for served in (body, gzip.compress(body)):
        assert read_sitemap(served, base_url=BASE).children == ("https://news.example/a.xml.gz",)


def test_the_members_of_a_gzip_file_are_all_read() -> None:
    text = (SITEMAP % "<url><loc>/2</loc></url>").encode()
    packed = gzip.compress(text[:300]) + gzip.compress(text[300:]) + b"\0" * 20
    assert len(read_sitemap(packed, base_url=BASE).entries) == 2


def test_feeds_are_sitemaps_too() -> None:
    item = "<item><title>Grain</title><link>/1</link><pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate></item>"
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Grain</title><link href="/1"/></entry></feed>'
    (from_rss,) = read_sitemap(rss(item), base_url=BASE).entries
    (from_atom,) = read_sitemap(atom.encode(), base_url=BASE).entries
    assert from_rss.url == from_atom.url == "https://news.example/1"
    assert from_rss.title == from_atom.title == "Grain"
    assert from_rss.published_raw


def test_an_entry_of_a_sitemap_is_its_page_and_not_its_pictures() -> None:
    picture = '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>/a.jpg</i:loc></i:image>'
    loose = (
        '<image:loc>/a.jpg</image:loc><i:loc xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">/b.jpg</i:loc>'
    )
    body = SITEMAP % f"<url>{picture}{loose}<video:loc>/v</video:loc><loc>/2</loc></url><url>{loose}</url>"
    document = read_sitemap(body.encode(), base_url=BASE)
    assert [entry.url for entry in document.entries][1:] == ["https://news.example/2"]
    assert any("url 3: no address" in problem for problem in document.problems)


def test_a_list_of_addresses_is_a_sitemap_too() -> None:
    document = read_sitemap(b"https://news.example/1\nhttps://news.example/2\nnonsense\n", base_url=BASE)
    assert [entry.url for entry in document.entries] == ["https://news.example/1", "https://news.example/2"]
    assert document.problems == ("line 3: not a web address: 'nonsense'",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<urlset></urlset>", "empty-sitemap"),
        (b"<html></html>", "not-a-sitemap"),
        (b"nothing here", "not-a-sitemap"),
        (b'<!DOCTYPE u [<!ENTITY b "x"><!ENTITY a "&b;">]><urlset><url><loc>&a;</loc></url></urlset>', "guard"),
    ],
)
def test_what_is_no_sitemap_has_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_sitemap(body, base_url=BASE)
    assert caught.value.disposition.reason == reason


@given(
    st.binary(max_size=600),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry>", b'{"items":[', b"<urlset><url>"]),
)
def test_any_bytes_are_read_or_refused(tail: bytes, head: bytes) -> None:
    for reader in (read_feed, read_sitemap):
        try:
            reader(head + tail, base_url=BASE)
        except Rejected as rejected:
            assert rejected.disposition.reason
