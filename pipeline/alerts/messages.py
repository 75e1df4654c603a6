"""The letters: a statement, or many in one, as a message in plain text and HTML.

Everything a publication wrote is shown as text and nothing else; links lead only to http and https addresses.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from pipeline.alerts.mime import as_bytes, header_text, own_address, visible_text
from pipeline.alerts.phrases import email_phrases
from pipeline.records import Message, StatementView, Watch
from pipeline.runtime.days import shown_moment

LARGEST = 95_000
"""Bytes of a letter: Gmail hides what comes after about 102 KB."""
SURE = 0.7
"""A confidence below this is told to the reader."""
SUMMARY_ABOVE = 20
"""More alerts than this for one watch in one run make one letter."""
_SUBJECT_WORDS = 70
_LONGEST_QUOTE = 4000
_LONGEST_CONTEXT = 600
_LONGEST_LINK = 2000
_OUTER_MARKS = re.compile(r"^[\"“”„«'‘]+|,?[\"”“»'’]+[,.]?$")
_LESS = (50, 20, 10, 5, 2, 1)
"""How many reports or statements a letter tells of, tried until it is small enough."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the sender, where replies go (None: to the sender), where statements can be looked up, and the zone
    of the times that are shown."""

    address: str = "onrecord@localhost"
    reply_to: str | None = None
    base_url: str | None = None
    zone: tzinfo = UTC

    @property
    def reply_address(self) -> str:
        return own_address(self.reply_to, "ONRECORD_OPS_MAIL") if self.reply_to else own_address(self.address)

    @property
    def domain(self) -> str:
        """Domain of the sender, for the ids of letters."""
        return own_address(self.address).rpartition("@")[2]


def alert_email(view: StatementView, watch: Watch, sender: Sender, *, message_id: str, built_at: datetime) -> Message:
    """The letter on one statement, in the watch's language, else in the statement's own. At most LARGEST bytes."""
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
    """One letter on many statements. At most LARGEST bytes: what does not fit is counted."""
    lang = watch.lang or (views[0].lang if len({view.lang for view in views}) == 1 else "en")
    subject = header_text(email_phrases(lang)["many"].format(len(views), watch.title))

    def built(most: int) -> Message:
        parts = {"views": views[: 4 * most], "more": max(0, len(views) - 4 * most), "limit": SUMMARY_ABOVE}
        return _message("summary", subject, lang, parts, watch, sender, message_id, built_at)

    return _fitting(built)


def subject_of(view: StatementView) -> str:
    """Who, and the first words, in the statement's own language."""
    own = email_phrases(view.lang)
    name = header_text(view.speaker_name or own["unknown"], 100)
    return header_text(f"{name}: {displayed_quote(view.text, view.type, view.lang, _SUBJECT_WORDS)}")


def displayed_quote(text: str, kind: str, lang: str, longest: int | None = None) -> str:
    """The words as a letter shows them: a speaker's own words in one pair of marks, reported speech in none.

    Marks that the publication put around a direct quote are replaced by the letter's own, so that none is doubled.
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
    """Whether every closing mark inside has its opening one: else the outer marks were not one pair."""
    return words.count("«") == words.count("»") and words.count("“") == words.count("”")


def _message(
    template: str,
    subject: str,
    lang: str,
    parts: dict[str, Any],
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
    """The letter with as much in it as LARGEST allows."""
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
    """The address if a reader may be led there, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.hostname and len(url) <= _LONGEST_LINK
    return url if fit and not any(mark.isspace() for mark in url) and visible_text(url) == url else ""


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """A moment in the template's ``zone``."""
    return shown_moment(at, context["zone"])


@pass_context
def _published(context: Context, at: datetime | None, on: date | None = None) -> str:
    """A moment of publication, or the day where no time of day is given (``on``), or that there is no date."""
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
