"""E-mails: complete in plain text, safe in HTML, and never more headers than we wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alerts import ops
from pipeline.alerts.messages import LARGEST, EmailContent, Sender, email_of
from pipeline.alerts.mime import Message, UnwritableEmail, as_bytes, header_text
from pipeline.alerts.subjects import subject_of
from pipeline.alerts.unsubscribe import Subscription, verify
from pipeline.alerts.wording import displayed_quote
from pipeline.config.settings import from_environment
from pipeline.errors import TransportError
from pipeline.queries.rows import StatementReport, StatementView
from pipeline.records import AlertKind, Watch

AT = datetime(2026, 6, 15, 9, 12, tzinfo=UTC)
WATCH = Watch("harbour", "The harbour", "reader@example.org", words=("harbour",))
HEAD = Sender("onrecord <news@onrecord.example>", reply_to="desk@onrecord.example")
LINKED = replace(HEAD, web_url="https://record.example/", link_key="a key")
READER, ID = "00112233445566aa", "<a1.0123@onrecord.example>"


def report(n: int = 1, **changed: Any) -> StatementReport:
    first = StatementReport(
        source_id=f"s{n}",
        source_title=f"The Gazette {n}",
        url=f"https://gazette.example/{n}",
        title="Harbour stays open",
        published_at=AT,
        seen_at=AT,
        before="It was cold. The mayor spoke: ",
        quote="The harbour stays open.",
        after=" Then she left.",
    )
    return replace(first, **changed)


def view(*reports: StatementReport, text: str = "The harbour stays open.", **changed: object) -> StatementView:
    first = StatementView(
        id="0123456789abcdef",
        speaker_id="mira-holt",
        speaker_name="Mira Holt",
        text=text,
        lang="en",
        type="direct",
        confidence=0.93,
        first_published_at=AT,
        first_seen_at=AT,
        reports=reports or (report(),),
    )
    return replace(first, **changed)  # type: ignore[arg-type]


def test_times_are_those_of_the_reader_and_days_without_a_time_are_in_no_zone() -> None:
    moscow = replace(HEAD, zone=ZoneInfo("Europe/Moscow"))
    late = datetime(2026, 6, 15, 21, 30, tzinfo=UTC)
    dated = report(2, published_at=late, published_on=date(2026, 6, 16))
    statement = view(report(1, published_at=late), dated, first_published_at=late)
    for body in bodies(built(statement, head=moscow)):
        assert "Published 2026-06-16 00:30 MSK" in body
        assert "Times are in the zone MSK." in body
    only = bodies(built(view(dated, first_published_at=late, first_published_on=date(2026, 6, 16)), head=moscow))
    assert all("00:30" not in body and "Published 2026-06-16" in body for body in only)


def built(*statements: StatementView, watch: Watch = WATCH, head: Sender = HEAD, **changed: Any) -> Message:
    letter = EmailContent(statements, (watch,), ID, ID, READER, watch.address, AT)
    return email_of(replace(letter, **changed), head)


def parsed(message: Message) -> EmailMessage:
    found = message_from_bytes(as_bytes(message), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def bodies(message: Message) -> tuple[str, str]:
    found = parsed(message)
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_the_plain_text_comes_first_and_has_everything() -> None:
    message = built(view(report(1), report(2)), head=LINKED)
    parts = list(parsed(message).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for text in bodies(message):
        for expected in (
            "Mira Holt", "The harbour stays open.", "The mayor spoke:", "Then she left.", "2026-06-15 09:12 UTC",
            "The Gazette 1", "Also in", "The Gazette 2", "https://gazette.example/1", "The harbour",
            "https://record.example/s/0123456789abcdef", "https://record.example/unsubscribe/",
        ):  # fmt: skip
            assert expected in text


def test_headers_name_one_reader_and_how_to_answer_and_to_stop() -> None:
    found = parsed(built(view()))
    assert found["From"] == "onrecord <news@onrecord.example>"
    assert found["To"] == "reader@example.org"
    assert found["Reply-To"] == "desk@onrecord.example"
    assert found["Message-ID"] == ID
    assert found["Date"].datetime == AT
    assert found["List-ID"] == "<harbour.watches.onrecord.example>"
    assert found["List-Unsubscribe"] == "<mailto:desk@onrecord.example?subject=STOP%20harbour>"
    assert found["List-Unsubscribe-Post"] is None
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["X-Auto-Response-Suppress"] == "All"
    assert found["References"] is found["In-Reply-To"] is None


def test_one_click_stops_what_the_email_is_about() -> None:
    snow = replace(WATCH, id="snow", title="Snow")
    for watches, stopped in (((WATCH,), "harbour"), ((WATCH, snow), None)):
        found = parsed(built(view(), head=LINKED, watches=watches))
        assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.match(r"<https://record.example/unsubscribe/([^>]+)>,", found["List-Unsubscribe"])
        assert link is not None
        assert verify(link[1], "a key") == Subscription(READER, stopped)


def test_an_email_for_several_watches_names_each_and_how_to_stop_it() -> None:
    snow = replace(WATCH, id="snow", title="Snow")
    for body in bodies(built(view(), head=LINKED, watches=(WATCH, snow))):
        assert "your watches “The harbour”, “Snow”" in body
        assert [f"Stop the watch “{title}”" in body for title in ("The harbour", "Snow")] == [True, True]
        assert "Stop all e-mails" in body


def test_what_an_occasion_brings_later_is_in_its_thread() -> None:
    first = "<a1.9999@onrecord.example>"
    message = built(view(), thread=first)
    assert parsed(message)["References"] == parsed(message)["In-Reply-To"] == first
    assert all("More from the same occasion" in body for body in bodies(message))


def test_one_email_has_the_statements_of_an_occasion_in_their_order_and_names_a_speaker_once() -> None:
    said = [view(text=f"Statement number {n} of the mayor.", id=f"{n}" * 16) for n in range(4)]
    other = view(text="And another's words.", speaker_id="ole-brand", speaker_name="Ole Brand", id="f" * 16)
    message = built(*said, other)
    assert message.subject == "Mira Holt: “Statement number 0 of the mayor.”, and 4 more"
    plain, html = bodies(message)
    for body in (plain, html.partition("<body")[2].partition("</div>")[2]):
        places = [body.index(f"Statement number {n}") for n in range(4)] + [
            body.index("another's" if body is plain else "another&#39;s")
        ]
        assert places == sorted(places)
        assert body.count("Mira Holt") == 1


def contrast(one: str, other: str) -> float:
    """The ratio of two colours by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_text_can_be_read_in_light_and_in_dark() -> None:
    html = built(view(report(1), report(2)), view(first_published_at=AT - timedelta(days=4)), head=LINKED).html
    single = built(view(), head=LINKED).html
    dark = dict(re.findall(r"\.([a-z]+) \{[^}]*?[^-]color: (#[0-9a-f]{6})", html.partition("<style>")[2]))
    shown = re.findall(r'class="(?:inside )?(text|soft|note)[^"]*"[^>]*[; ]color: (#[0-9a-f]{6})', html)
    assert {name for name, _ in shown} == {"text", "soft", "note"}
    for name, colour in shown:
        assert contrast(colour, "#ffffff") >= 4.5
        assert contrast(dark[name], "#202327") >= 4.5
    links = set(re.findall(r'<a [^>]*style="color: (#[0-9a-f]{6})', html))
    assert links and all(contrast(colour, "#ffffff") >= 4.5 for colour in links)
    for back, front in (("#202327", "#8fc3ee"), ("#8fc3ee", "#10151a"), ("#4a4018", "#ffffff")):
        assert back in single and front in single and contrast(back, front) >= 4.5
    assert contrast("#14507d", "#ffffff") >= 4.5 and contrast("#fff3c4", "#1a1a1a") >= 4.5
    assert 'name="color-scheme" content="light dark"' in html
    assert 'name="supported-color-schemes" content="light dark"' in html


def test_nothing_is_loaded_from_elsewhere_and_the_layout_is_a_table() -> None:
    tags = Tags()
    tags.feed(built(view(report(1), report(2)), head=LINKED).html)
    assert not {tag for tag, _ in tags.seen} & {"img", "link", "script", "iframe", "object", "video", "form"}
    assert "url(" not in built(view(), head=LINKED).html and "@import" not in built(view(), head=LINKED).html
    assert {attrs.get("role") for tag, attrs in tags.seen if tag == "table"} == {"presentation"}


def test_a_summary_marks_what_is_older() -> None:
    old = view(text="An old thing.", first_published_at=AT - timedelta(hours=80))
    message = built(old, view(text="A new thing."), kind=AlertKind.SUMMARY)
    assert message.subject == "Daily summary: 2 statements"
    assert message.text.count("Older: published more than three days ago") == 1


def test_the_subject_has_the_words_that_most_outlets_print() -> None:
    said = [view(text="A short aside about the weather."), view(report(1), report(2), text="The harbour stays open.")]
    assert subject_of(said) == "Mira Holt: “The harbour stays open.”, and 1 more"


def test_the_subject_says_who_and_the_first_words_in_the_statements_language() -> None:
    assert subject_of([view()]) == "Mira Holt: “The harbour stays open.”"
    russian = view(text="Гавань " + "останется открытой " * 20, lang="ru", speaker_name="Мира Хольт")
    subject = subject_of([russian])
    assert subject.startswith("Мира Хольт: «Гавань останется открытой")
    assert subject.endswith("…»")
    assert len(subject) < 100


def test_an_email_is_in_the_watchs_language_else_in_the_statements() -> None:
    russian = view(lang="ru", text="Гавань открыта")
    assert "Опубликовано" in built(russian).text
    assert "Published" in built(russian, watch=replace(WATCH, lang="en")).text
    assert "Опубликовано" in built(view(), watch=replace(WATCH, lang="ru")).text
    assert "Published" in built(view(lang="uk")).text
    assert "Published" in built(view(), russian).text


def test_reported_speech_and_unknown_speakers_are_named_as_such() -> None:
    assert "Reported speech" in built(view(type="indirect")).text
    assert "Unknown speaker" in built(view(speaker_name=None, speaker_id=None)).subject


def test_a_statement_without_dates_or_context_still_makes_an_email() -> None:
    bare = replace(report(before="", after=""), published_at=None)
    text = built(view(bare, first_published_at=None)).text
    assert "First seen 2026-06-15" in text
    assert "no date given" in text
    assert "In context" not in text


def test_only_web_addresses_become_links() -> None:
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x",
        "https://x\u202ey/",
        "http://[",
        "https://e.x/a b",
    ):
        plain, html = bodies(built(view(report(url=url))))
        assert "href" not in html
        assert url not in plain


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}</bdi></body>'


def test_what_a_publication_wrote_is_text_and_never_markup() -> None:
    clean, dirty = Tags(), Tags()
    clean.feed(built(view()).html)
    hostile = report(source_title=HOSTILE, title=HOSTILE, before=HOSTILE, quote=HOSTILE, after=HOSTILE)
    message = built(view(hostile, text=HOSTILE, speaker_name=HOSTILE), watch=replace(WATCH, title=HOSTILE))
    dirty.feed(message.html)
    assert [tag for tag, _ in dirty.seen] == [tag for tag, _ in clean.seen]
    assert not [name for _, attrs in dirty.seen for name in attrs if name.startswith("on")]
    assert "49" not in message.text


def test_marks_that_turn_or_hide_text_are_not_shown() -> None:
    for text in bodies(built(view(text="a\u202eb\u200bc\u2066d\x00e\x1bf"))):
        assert "abcdef" in text


@pytest.mark.parametrize("number", [1, 1000])
def test_an_email_stays_small_and_says_what_is_left_out(number: int) -> None:
    many = [report(n, title="Ж" * 5000, url="https://gazette.example/" + "x" * 1900) for n in range(80)]
    message = built(*[view(*many, text="длинные слова " * 20000, lang="ru")] * number, head=LINKED)
    assert len(as_bytes(message)) <= LARGEST
    assert "и ещё 71" in message.text and "и ещё 71" in message.html
    assert ("В это письмо не поместилось" in message.text) is (number > 1)


def test_the_same_email_is_the_same_bytes() -> None:
    assert as_bytes(built(view())) == as_bytes(built(view()))


ATTACKS = [
    "=?utf-8?q?Damanov=0D=0ABcc:_v@example.org?=",
    "Damanov\r\nBcc: v@example.org",
    "Damanov\nBcc: v@example.org\n\nbody",
    "Damanov\u2028Bcc: v@example.org",
    "Damanov\x0bBcc: v\x0c\x85x",
    "\ud800 half a pair",
    "=?utf-8?b?DQpCY2M6IHZAZXhhbXBsZS5vcmc=?=",
    ' , ; <a@b> "c" (d)',
    "a" * 5000,
]
LINES = st.text(st.sampled_from('aЯ é=?_\r\n\t:;<>@"()«»—…\u202e\u2028\x00\U0001f600q0DA-.,'), max_size=300)
NAMES = ["From", "To", "Subject", "Message-ID", "Date", "Reply-To", "List-ID", "List-Unsubscribe",
         "List-Unsubscribe-Post", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "Content-Type",
         "MIME-Version"]  # fmt: skip


def holds_together(text: str) -> None:
    message = built(
        view(report(title=text), text=text, speaker_name=text), watch=replace(WATCH, title=text), head=LINKED
    )
    raw = as_bytes(message)
    found = message_from_bytes(raw, policy=policy.default)
    assert sorted(found.keys()) == sorted(NAMES)
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert max(len(line) for line in head.split(b"\r\n")) <= 78 or b"List-Unsubscribe" in head
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    subject = message_from_bytes(raw, policy=policy.compat32)["Subject"]
    assert str(make_header(decode_header(subject))) == message.subject


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_breaks_out_of_its_header(text: str) -> None:
    holds_together(text)


@settings(max_examples=100)
@given(LINES)
def test_any_subject_comes_back_as_it_was(text: str) -> None:
    holds_together(text)


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["Даманов", "NATO", "о", "«Северном", "потоке»", "2:", "EU-US", "ё", "—"]), min_size=1))
def test_subjects_that_mix_russian_and_latin_keep_their_spaces(words: list[str]) -> None:
    message = replace(built(view()), subject=" ".join(words * 3)[:200])
    subject = message_from_bytes(as_bytes(message), policy=policy.compat32)["Subject"]
    assert str(make_header(decode_header(subject))) == header_text(message.subject)


def test_a_domain_in_russian_is_written_in_ascii() -> None:
    assert (
        parsed(built(view(), watch=replace(WATCH, address="reader@почта.рф")))["To"] == "reader@xn--80a1acny.xn--p1ai"
    )


@pytest.mark.parametrize(
    "address", ["nobody", "a b@example.org", "a@b@example.org", "a@-.org", "a\r\nBcc:x@example.org"]
)
def test_an_address_that_cannot_be_is_refused_for_good(address: str) -> None:
    with pytest.raises(TransportError) as failure:
        as_bytes(built(view(), watch=replace(WATCH, address=address)))
    assert failure.value.permanent


def test_a_header_that_cannot_be_written_is_an_error_of_this_mail_alone() -> None:
    message = replace(built(view()), headers={"X-Note": "two\nlines"})
    with pytest.raises(UnwritableEmail) as failure:
        as_bytes(message)
    assert not failure.value.permanent


def test_the_email_to_ops_says_what_failed_and_where_to_look() -> None:
    known = replace(from_environment(), ops_mail="ops@example.org", mail_from="onrecord@example.org")
    subject, text = ops.run_failure_email(
        known, "20260615T090000-abcdef", ["gazette: listed nothing", "herald: http-403\nBcc: x"], now=AT
    )
    message = ops.ops_message(known, "failed", subject, text, AT)
    assert message.recipient == "ops@example.org"
    assert message.subject == "onrecord: run failed: gazette: listed nothing and 1 more"
    assert "- herald: http-403 Bcc: x" in message.text
    assert "onrecord report --run 20260615T090000-abcdef --urls" in message.text
    assert parsed(message)["Bcc"] is None


@pytest.mark.parametrize(
    ("text", "kind", "lang", "shown"),
    [
        ("“The oil stays,”", "direct", "en", "“The oil stays”"),
        ('"The oil stays," he said, "and so do we."', "direct", "en", '“The oil stays," he said, "and so do we.”'),
        ("«Если бы мы ждали»", "direct", "ru", "«Если бы мы ждали»"),
        ("«Лампы горят и так,", "direct", "ru", "«Лампы горят и так»"),
        ("The oil stays.", "direct", "en", "“The oil stays.”"),
        ("«Волна» и «Мостовая»", "direct", "ru", "«„Волна“ и „Мостовая“»"),
        (
            "«Волна» должна стать «стреляющей», всем известной",
            "direct",
            "ru",
            "«„Волна“ должна стать „стреляющей“, всем известной»",
        ),
        ("the accord was “nine pages of good manners”", "mixed", "en", "the accord was “nine pages of good manners”"),
        ("their experts should finish", "indirect", "en", "their experts should finish"),
    ],
)
def test_own_words_stand_in_one_pair_of_marks_and_reported_speech_in_none(
    text: str, kind: str, lang: str, shown: str
) -> None:
    assert displayed_quote(text, kind, lang) == shown
