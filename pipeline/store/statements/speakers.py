"""The roster's tables, for joins and for finding a speaker by any name."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.config.speaker import RosterConfig, Term
from pipeline.store.schema import names, offices, quotes, speakers


def sync_roster(connection: Connection, roster: RosterConfig) -> None:
    """Make the stored speakers, names and offices equal to the roster.

    A speaker who has left the roster is deleted, unless quotes refer to them.
    """
    here = sorted(roster.speakers, key=lambda it: it.id)
    rows = [
        {
            "id": it.id,
            "kind": it.kind,
            "gender": it.gender or "",
            "name_en": it.en,
            "name_ru": it.ru,
            "wikidata": it.wikidata,
        }
        for it in here
    ]
    if rows:
        statement = insert(speakers)
        updates = {column: statement.excluded[column] for column in rows[0] if column != "id"}
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=updates), rows)
    _replace_names(connection, roster)
    _replace_offices(connection, roster)
    quoted = select(quotes.c.id).where(quotes.c.speaker_id == speakers.c.id).exists()
    connection.execute(delete(speakers).where(speakers.c.id.not_in([it.id for it in here]), ~quoted))


def _replace_names(connection: Connection, roster: RosterConfig) -> None:
    connection.execute(delete(names))
    rows = [
        {"speaker_id": it.id, "lang": lang, "name": name}
        for it in roster.speakers
        for lang in ("en", "ru")
        for name in it.all_names(lang)
    ]
    if rows:
        connection.execute(insert(names), rows)


def _replace_offices(connection: Connection, roster: RosterConfig) -> None:
    connection.execute(delete(offices))
    titles = {office.id: (office.en[0], office.ru[0]) for office in roster.offices}
    rows = [_office(it.id, term, titles) for it in roster.speakers for term in it.offices]
    if rows:
        connection.execute(insert(offices).on_conflict_do_nothing(), rows)


def _office(speaker: str, term: Term, titles: dict[str, tuple[str, str]]) -> dict[str, object]:
    """A term of office as a row; a date known only by month or year covers the whole month or year."""
    en, ru = titles.get(term.office, ("", ""))
    return {
        "speaker_id": speaker,
        "office": term.office,
        "title_en": en,
        "title_ru": ru,
        "from": term.start.first if term.start else None,
        "to": term.end.last if term.end else None,
    }
