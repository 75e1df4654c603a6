"""Write alert e-mails: one statement, or a summary of many, in plain text and HTML.

Text from publications is escaped; links lead only to http and https addresses.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from pipeline.alerts.mime import Message, as_bytes, header_text, own_address, visible_text
from pipeline.alerts.phrases import email_phrases
from pipeline.queries.rows import StatementView
from pipeline.records import Watch
from pipeline.runtime.days import shown_moment

LARGEST = 95_000
"""Maximum size of an e-mail in bytes: Gmail hides what comes after about 102 KB."""
SURE = 0.7
"""If the confidence is lower, the e-mail says that the attribution is doubtful."""
SUMMARY_ABOVE = 20
"""If there are more alerts for one watch in one run, they are sent as one summary."""
_SUBJECT_WORDS = 70
_LONGEST_QUOTE = 4000
_LONGEST_CONTEXT = 600
_LONGEST_LINK = 2000
_OUTER_MARKS = re.compile(r"^[\"“”„«'‘]+|,?[\"”“»'’]+[,.]?$")
_LESS = (50, 20, 10, 5, 2, 1)
"""Numbers of reports or statements to include, tried in turn until the e-mail is small enough."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender's settings: addresses, base URL of permalinks, and time zone of the times shown.

    ``reply_to`` None: replies go to ``address``. ``base_url`` None: no permalinks.
    """

    address: str = "onrecord@localhost"
    reply_to: str | None = None
    base_url: str | None = None
    zone: tzinfo = UTC

    @property
    def reply_address(self) -> str:
        """The bare address for replies. Raises TransportError if the setting has none."""
        return own_address(self.reply_to, "ONRECORD_OPS_MAIL") if self.reply_to else own_address(self.address)

    @property
    def domain(self) -> str:
        """Domain of the sender's address, for Message-IDs."""
        return own_address(self.address).rpartition("@")[2]


def alert_email(view: StatementView, watch: Watch, sender: Sender, *, message_id: str, built_at: datetime) -> Message:
    """The e-mail on one statement, in the watch's language or else the statement's. At most LARGEST bytes."""
    lang = watch.lang or view.lang
    wording = email_phrases(lang)
    name = header_text(view.speaker_name or wording["unknown"], 100)
    subject = subject_of(view)
    first = view.reports[0] if view.reports else None
    before, after = (_clip_start(first.before), _clip(first.after, _LONGEST_CONTEXT)) if first else ("", "")
    middle = _clip(first.quote, _LONGEST_CONTEXT) if first else ""
    parts = {
        "view": view,
        "name": name,
        "quote": displayed_quote(_clip(view.text, _LONGEST_QUOTE), view.type, view.lang),
        "doubtful": view.confidence < SURE,
        "before": before,
        "middle": middle,
        "after": after,
        "context": before + middle + after if before.strip() or after.strip() else "",
        "permalink": f"{sender.base_url.rstrip('/')}/statements/{view.id}" if sender.base_url else "",
    }

    def built(most: int) -> Message:
        reports = {"reports": view.reports[:most], "more": max(0, len(view.reports) - most)}
        return _message("alert", subject, lang, parts | reports, watch, sender, message_id, built_at)

    return _fitting(built)


def summary_email(
    views: Sequence[StatementView], watch: Watch, sender: Sender, *, message_id: str, built_at: datetime
) -> Message:
    """One e-mail on many statements. At most LARGEST bytes: statements that do not fit are counted."""
    lang = watch.lang or (views[0].lang if len({view.lang for view in views}) == 1 else "en")
    subject = header_text(email_phrases(lang)["many"].format(len(views), watch.title))

    def built(most: int) -> Message:
        parts = {"views": views[: 4 * most], "more": max(0, len(views) - 4 * most), "limit": SUMMARY_ABOVE}
        return _message("summary", subject, lang, parts, watch, sender, message_id, built_at)

    return _fitting(built)


def subject_of(view: StatementView) -> str:
    """The subject: speaker and first words, in the statement's own language."""
    own = email_phrases(view.lang)
    name = header_text(view.speaker_name or own["unknown"], 100)
    return header_text(f"{name}: {displayed_quote(view.text, view.type, view.lang, _SUBJECT_WORDS)}")


def displayed_quote(text: str, kind: str, lang: str, longest: int | None = None) -> str:
    """The quote as an e-mail shows it: direct speech in one pair of quotation marks, reported speech without.

    Marks that the publication put around a direct quote are replaced, so that there are never two pairs.
    """
    words = text.strip()
    if kind == "direct":
        bare = _OUTER_MARKS.sub("", words)
        words = bare if _balanced(bare) else words
    if longest is not None:
        words = _line(words, longest)
    own = email_phrases(lang)
    return f"{own['open']}{words}{own['close']}" if kind == "direct" else words


def _balanced(words: str) -> bool:
    """Whether opening and closing marks match: if not, the outer marks were not one pair and are kept."""
    return words.count("«") == words.count("»") and words.count("“") == words.count("”")


def _message(
    template: str,
    subject: str,
    lang: str,
    parts: Mapping[str, object],
    watch: Watch,
    sender: Sender,
    message_id: str,
    built_at: datetime,
) -> Message:
    stop = f"mailto:{sender.reply_address}?subject={percent_encoded(f'STOP {watch.id}')}"
    known = {**parts, "subject": subject, "lang": lang, "phrases": email_phrases(lang), "watch": watch, "stop": stop}
    known["zone"] = sender.zone
    thread = f"<watch.{watch.id}@{sender.domain}>"
    return Message(
        message_id=message_id,
        sender=sender.address,
        recipient=watch.address,
        subject=subject,
        text=TEXT.get_template(f"{template}.txt.j2").render(known),
        html=HTML.get_template(f"{template}.html.j2").render(known),
        headers={
            "Reply-To": sender.reply_address,
            "In-Reply-To": thread,
            "References": thread,
            "List-ID": f"<{watch.id}.watches.{sender.domain}>",
            "List-Unsubscribe": f"<{stop}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": lang,
        },
        date=built_at,
    )


def _fitting(built: Callable[[int], Message]) -> Message:
    """The e-mail with as much content as LARGEST allows."""
    message = built(_LESS[0])
    for most in _LESS[1:]:
        if len(as_bytes(message)) <= LARGEST:
            break
        message = built(most)
    return message


def _clip(text: str, longest: int) -> str:
    text = visible_text(text)
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def _clip_start(text: str) -> str:
    text = visible_text(text)
    return text if len(text) <= _LONGEST_CONTEXT else "… " + text[-_LONGEST_CONTEXT:].split(" ", 1)[-1]


def _line(text: str, longest: int) -> str:
    """The text on one line, cut between words."""
    words = " ".join(visible_text(text.replace("\t", " ")).split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + "…"


def _link(url: str) -> str:
    """The URL if it is safe to link to, else an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.hostname and len(url) <= _LONGEST_LINK
    return url if fit and not any(mark.isspace() for mark in url) and visible_text(url) == url else ""


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """Template filter: a moment in the template's ``zone``."""
    return shown_moment(at, context["zone"])


@pass_context
def _published(context: Context, at: datetime | None, on: date | None = None) -> str:
    """Template filter: the time of publication, or the day (``on``) if no time is known, or that there is no date."""
    if on is not None:
        return on.isoformat()
    return shown_moment(at, context["zone"]) if at else str(context["phrases"]["undated"])


def _wrapped(text: str, indent: str = "") -> str:
    lines = [
        textwrap.fill(
            line, 76, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        for line in text.splitlines()
    ]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return _wrapped(text, "    ")


def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "moment": _moment,
        "published": _published,
        "line": _line,
        "link": _link,
        "wrapped": _wrapped,
        "indented": _indented,
        "spoken": displayed_quote,
    }
    return environment


TEXT = _environment(html=False)
HTML = _environment(html=True)
