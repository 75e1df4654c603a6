"""Write the e-mails to readers: what was said on one occasion, the daily summary, a correction; plain text and HTML.

Text from publications is escaped; links lead only to http and https addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import quote as percent_encoded
from zoneinfo import ZoneInfo

from pipeline.alerts.mime import Message, as_bytes, header_text, own_address
from pipeline.alerts.phrases import email_phrases
from pipeline.alerts.rendering import HTML, TEXT
from pipeline.alerts.subjects import most_telling, speaker_name, subject_of
from pipeline.alerts.unsubscribe import Subscription, unsubscribe_url
from pipeline.alerts.wording import clipped, clipped_start, displayed_quote, one_line
from pipeline.config.installation_secrets import link_key
from pipeline.config.settings import Settings
from pipeline.queries.rows import StatementReport, StatementView
from pipeline.records import AlertKind, Watch
from pipeline.runtime.days import zone_name
from pipeline.store.alerts.corrections import Correction

LARGEST = 95_000
"""Maximum size of an e-mail in bytes: Gmail hides what comes after about 102 KB."""
OLDER = timedelta(hours=72)
"""What was published longer before the e-mail is marked as older."""
_PREHEADER = 140
_LONGEST_QUOTE, _LONGEST_CONTEXT = 4000, 600
_REPEATED = 60
"""Characters of each quote that its context repeats, if an e-mail has several statements."""
_MOST_OUTLETS = 8
_FULL_CONTEXT = 5
"""With more statements than this in an e-mail, each is shown without its context."""
_SIZES = ((40, _LONGEST_QUOTE), (20, 1500), (10, 800), (5, 400), (1, 400))
"""How many statements to include, and characters of each quote: tried in turn until the e-mail is small enough."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender's settings. ``reply_to`` None: replies go to ``address``.

    Without ``web_url``, the public address of the web service, there are no links to it; ``link_key`` signs those by
    which readers stop e-mails. ``zone`` is that of readers who have none of their own.
    """

    address: str = "onrecord@localhost"
    reply_to: str | None = None
    web_url: str | None = None
    link_key: str = ""
    zone: tzinfo = UTC

    @property
    def reply_address(self) -> str:
        """The bare address for replies. Raises TransportError if the setting has none."""
        return own_address(self.reply_to, "ONRECORD_OPS_MAIL") if self.reply_to else own_address(self.address)

    @property
    def domain(self) -> str:
        """Domain of the sender's address, for Message-IDs."""
        return own_address(self.address).rpartition("@")[2]

    def zone_of(self, watch: Watch) -> tzinfo:
        """The time zone of the watch's reader."""
        return ZoneInfo(watch.zone) if watch.zone else self.zone

    def stop_url(self, reader: str, watch: str | None) -> str:
        """The link that stops a watch, or all e-mails; empty without a web service."""
        return unsubscribe_url(self.web_url, Subscription(reader, watch), self.link_key) if self.web_url else ""

    def statement_url(self, statement: str) -> str:
        """The link to a statement's page; empty without a web service."""
        return f"{self.web_url.rstrip('/')}/s/{statement}" if self.web_url else ""


def sender_for(settings: Settings) -> Sender:
    """The sender that the settings describe."""
    return Sender(
        settings.mail_from,
        reply_to=settings.ops_mail,
        web_url=settings.web_url,
        link_key=link_key(settings) if settings.web_url else "",
        zone=settings.timezone,
    )


@dataclass(frozen=True, slots=True)
class EmailContent:
    """What an e-mail to one reader says: the statements in order of time, and the watches that they match."""

    views: tuple[StatementView, ...]
    watches: tuple[Watch, ...]
    message_id: str
    thread: str
    """Message-ID of the first e-mail of its thread, or its own."""
    reader: str
    """The subscriber's id."""
    address: str
    built_at: datetime
    kind: AlertKind = AlertKind.ALERT
    correction: Correction | None = None
    """What the e-mail corrects; its view is then the statement as it is now."""

    @property
    def lang(self) -> str:
        """The language of its frame: the reader's, else that of the statements, English if they have several."""
        chosen = next((watch.lang for watch in self.watches if watch.lang), None)
        spoken = {view.lang for view in self.views}
        return chosen or (spoken.pop() if len(spoken) == 1 else "en")


def example_content(views: Sequence[StatementView], watch: Watch, sender: Sender, now: datetime) -> EmailContent:
    """What an e-mail on some statements says, as its reader would get it, with a Message-ID that no real one has."""
    message_id = f"<test.{views[0].id}@{sender.domain}>"
    return EmailContent(tuple(views), (watch,), message_id, message_id, "0" * 16, watch.address, now)


def example_email(address: str, sender: Sender, now: datetime) -> Message:
    """An e-mail that shows how alerts arrive: a made-up statement, named as such, with a Message-ID of its own."""
    report = StatementReport(
        source_id="example", source_title="The Example", url="https://example.com/", title="An example of an alert",
        published_at=now, seen_at=now, before="This is a test of onrecord. ", quote="E-mails arrive.", after="",
    )  # fmt: skip
    view = StatementView(
        id="0" * 16, speaker_id=None, speaker_name="A test of onrecord", text="E-mails arrive.", lang="en",
        type="direct", confidence=1.0, first_published_at=now, first_seen_at=now, reports=(report,),
    )  # fmt: skip
    message_id = f"<test.{now:%Y%m%dT%H%M%S%f}@{sender.domain}>"
    watch = Watch("test", "Test", address)
    unlinked = replace(sender, web_url=None)
    return email_of(EmailContent((view,), (watch,), message_id, message_id, "0" * 16, address, now), unlinked)


@dataclass(frozen=True, slots=True)
class Item:
    """A statement as an e-mail shows it. ``name`` is empty where the statement before is the same speaker's."""

    view: StatementView
    name: str
    quote: str
    older: bool
    before: str
    middle: str
    after: str
    first: StatementReport | None
    also_in: tuple[StatementReport, ...]
    """The first report of each other outlet."""
    more_outlets: int
    page: str
    """Link to the statement's page, or empty."""

    @property
    def context(self) -> str:
        """The sentences around the quote with it; empty if there are none."""
        return self.before + self.middle + self.after if self.before.strip() or self.after.strip() else ""


def email_of(content: EmailContent, sender: Sender) -> Message:
    """The e-mail, in the reader's language. At most LARGEST bytes: what does not fit is counted."""
    message = _message(content, sender, *_SIZES[0])
    for most, longest in _SIZES[1:]:
        if len(as_bytes(message)) <= LARGEST:
            break
        message = _message(content, sender, most, longest)
    return message


def _message(content: EmailContent, sender: Sender, most: int, longest: int) -> Message:
    phrases = email_phrases(content.lang)
    zone = sender.zone_of(content.watches[0])
    items = list_items(content, sender, most, longest)
    subject = _subject(content)
    known = {
        "lang": content.lang,
        "phrases": phrases,
        "subject": subject,
        "preheader": _preheader(content),
        "items": items,
        "more": len(content.views) - len(items),
        "follows": content.thread != content.message_id and content.correction is None,
        "correction": content.correction,
        "reason": _reason_of(content, phrases),
        "watches": content.watches,
        "zone": zone,
        "zone_name": zone_name(content.built_at.astimezone(zone)),
        "stops": [(watch, sender.stop_url(content.reader, watch.id)) for watch in content.watches],
        "stop_all": sender.stop_url(content.reader, None),
    }
    return Message(
        message_id=content.message_id,
        sender=sender.address,
        recipient=content.address,
        subject=subject,
        text=TEXT.get_template("alert.txt.j2").render(known),
        html=HTML.get_template("alert.html.j2").render(known),
        headers=_headers(content, sender),
        date=content.built_at,
    )


def _headers(content: EmailContent, sender: Sender) -> dict[str, str]:
    watch = content.watches[0]
    # One click stops what the e-mail is about: the watch, or all e-mails if several watches brought it.
    only = watch.id if len(content.watches) == 1 else None
    url = sender.stop_url(content.reader, only)
    mail = f"mailto:{sender.reply_address}?subject={percent_encoded('STOP ' + (only or 'all'))}"
    headers = {
        "Reply-To": sender.reply_address,
        "List-ID": f"<{watch.id}.watches.{sender.domain}>",
        "List-Unsubscribe": f"<{url}>,\r\n <{mail}>" if url else f"<{mail}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": content.lang,
    }
    if url:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if content.thread != content.message_id:
        headers |= {"In-Reply-To": content.thread, "References": content.thread}
    return headers


def _subject(content: EmailContent) -> str:
    if content.kind is AlertKind.SUMMARY:
        phrases, number = email_phrases(content.lang), len(content.views)
        return header_text(phrases["summary_one"] if number == 1 else phrases["summary"].format(number))
    if content.correction is not None:
        view = content.views[0]
        was = replace(view, text=content.correction.was, speaker_name=content.correction.was_speaker)
        return header_text(f"{email_phrases(content.lang)['correction']}: {subject_of([was])}")
    return subject_of(content.views)


def _reason_of(content: EmailContent, phrases: dict[str, str]) -> str:
    """Why there is a correction, in a sentence; empty if the e-mail is none."""
    correction = content.correction
    if correction is None:
        return ""
    was, now = correction.was_speaker or phrases["unknown"], correction.now_speaker or phrases["unknown"]
    if not correction.now:
        return phrases["correction_withdrawn"]
    return phrases["correction_speaker"].format(was, now) if was != now else phrases["correction_reworded"]


def _preheader(content: EmailContent) -> str:
    """What inboxes show beside the subject: how many statements there are, and the words that follow those in it."""
    lead = most_telling(content.views)
    first = lead.reports[0] if lead.reports else None
    where = f"{first.source_title}: {first.title}" if first is not None else ""
    if len(content.views) == 1:
        return one_line(where, _PREHEADER)
    others = " · ".join(one_line(view.text, 60) for view in content.views if view is not lead)
    return one_line(email_phrases(content.lang)["preheader_many"].format(len(content.views), others), _PREHEADER)


def list_items(content: EmailContent, sender: Sender, most: int, longest: int) -> list[Item]:
    """The statements as the e-mail shows them: at most so many, quotes of at most so many characters."""
    found: list[Item] = []
    before = None
    for view in content.views[:most]:
        who = (view.speaker_id, speaker_name(view))
        first = view.reports[0] if view.reports else None
        full = first is not None and len(content.views) <= _FULL_CONTEXT
        repeated = _LONGEST_CONTEXT if len(content.views) == 1 else _REPEATED
        others = {it.source_id: it for it in reversed(view.reports) if first and it.source_id != first.source_id}
        also_in = tuple(reversed(others.values()))
        published = view.first_published_at
        found.append(
            Item(
                view=view,
                name=who[1] if who != before else "",
                quote=displayed_quote(clipped(view.text, longest), view.type, view.lang),
                older=published is not None and published < content.built_at - OLDER,
                before=clipped_start(first.before, _LONGEST_CONTEXT) if first and full else "",
                middle=clipped(first.quote, repeated) if first and full else "",
                after=clipped(first.after, _LONGEST_CONTEXT) if first and full else "",
                first=first,
                also_in=also_in[:_MOST_OUTLETS],
                more_outlets=len(also_in[_MOST_OUTLETS:]),
                page=sender.statement_url(view.id),
            )
        )
        before = who
    return found
