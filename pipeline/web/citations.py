"""A statement as a reference: as text, BibTeX and CSL-JSON (what Zotero, Pandoc and others read)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, tzinfo

from pipeline.queries.page_rows import OfficeRow
from pipeline.queries.rows import StatementView
from pipeline.runtime.days import shown_day

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "#$%&_"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """One statement to cite, by its first report."""

    id: str
    speaker: str
    office: str
    words: str
    lang: str
    stance: str
    day: str
    """``YYYY-MM-DD`` of the first publication; empty if it is not known."""
    source: str
    title: str
    url: str
    permalink: str

    def as_text(self) -> str:
        """In the order of the Chicago Manual: who, what, where, when, and the permalink."""
        who = f"{self.speaker} ({self.office})" if self.office else self.speaker
        how = "" if self.stance == "said" else f" [{self.stance}]"
        when = self.day or "n.d."
        where = f"{self.source}, “{self.title},” {when}, {self.url}"
        return f"{who}{how}, “{self.words}” {where}. On record: {self.permalink}."

    def as_bibtex(self) -> str:
        """An entry of kind ``misc``, with special characters escaped."""
        fields = {
            "author": f"{{{_tex(self.speaker)}}}",
            "title": f"{{{_tex(self.words)}}}",
            "howpublished": _tex(f"{self.source}: {self.title}"),
            "date": self.day,
            "url": self.url,
            "note": _tex(f"{self.office}. " if self.office else "") + f"On record: {_tex(self.permalink)}",
            "langid": {"en": "english", "ru": "russian"}.get(self.lang, ""),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{re.sub('[^0-9A-Za-z]', '', f'onrecord{self.id}')},\n{lines}}}"

    def as_csl_json(self) -> str:
        """One item of CSL-JSON, in a list as its readers want it."""
        item: dict[str, object] = {
            "id": f"onrecord-{self.id}",
            "type": "article-newspaper",
            "author": [{"literal": self.speaker}],
            "title": self.words,
            "container-title": self.source,
            "URL": self.permalink,
            "note": f"{self.office + '; ' if self.office else ''}reported in “{self.title}”, {self.url}",
            "language": self.lang,
        }
        if self.day:
            item["issued"] = {"date-parts": [[int(part) for part in self.day.split("-")]]}
        return json.dumps([item], ensure_ascii=False, indent=2)


def cite_statement(view: StatementView, offices: tuple[OfficeRow, ...], permalink: str, zone: tzinfo) -> Citation:
    """The reference to a statement, with the offices that its speaker held on that day."""
    first = view.reports[0] if view.reports else None
    return Citation(
        id=view.id,
        speaker=" ".join((view.speaker_name or "Unknown speaker").split()),
        office=", ".join(it.title_ru if view.lang == "ru" and it.title_ru else it.title_en for it in offices),
        words=" ".join(view.text.split()),
        lang=view.lang,
        stance=view.stance,
        day=shown_day(view.first_published_at, view.first_published_on, zone),
        source=first.source_title if first else "",
        title=" ".join(first.title.split()) if first else "",
        url=first.url if first else "",
        permalink=permalink,
    )


def office_day(view: StatementView, zone: tzinfo) -> date:
    """The day for which offices are looked up: of first publication, else of first sight."""
    return view.first_published_on or (view.first_published_at or view.first_seen_at).astimezone(zone).date()


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(mark, mark) for mark in text)
