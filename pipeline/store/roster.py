"""The roster as tables: analysts join quotes with who held which office when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.config.speaker import Roster
from pipeline.store.schema import names, offices, speakers

LANGUAGES = ("en", "ru")


def sync_roster(connection: Connection, roster: Roster) -> bool:
    """Have the tables say what the roster says; whether anything was different.

    A speaker who left the roster keeps the row, since stored quotes may name it, but no names and offices.
    """
    wanted = {speakers: _speaker_rows(roster), names: _name_rows(roster), offices: _office_rows(roster)}
    changed = [table for table, rows in wanted.items() if not _holds(connection, table, rows)]
    if not changed:
        return False
    statement = insert(speakers)
    told = {column.name: statement.excluded[column.name] for column in speakers.c if column.name != "id"}
    if wanted[speakers]:
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told), wanted[speakers])
    for table in (names, offices):
        connection.execute(delete(table))
        if wanted[table]:
            connection.execute(insert(table), wanted[table])
    return True


def _holds(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> bool:
    """Whether the table has every one of these rows, and (except for speakers) no other."""
    held = {tuple(row) for row in connection.execute(select(table))}
    asked = {tuple(row[column.name] for column in table.c) for row in rows}
    return asked <= held if table is speakers else asked == held


def _speaker_rows(roster: Roster) -> list[dict[str, Any]]:
    return [
        {
            "id": it.id,
            "kind": it.kind,
            "gender": it.gender or "",
            "name_en": it.en,
            "name_ru": it.ru,
            "wikidata": it.wikidata,
        }
        for it in roster.speakers
    ]


def _name_rows(roster: Roster) -> list[dict[str, Any]]:
    return [
        {"speaker_id": it.id, "lang": lang, "name": name}
        for it in roster.speakers
        for lang in LANGUAGES
        for name in it.all_names(lang)
    ]


def _office_rows(roster: Roster) -> list[dict[str, Any]]:
    """A day known only to the year or month stands as the first day it may have been, or the last for an end."""
    titles = {office.id: (next(iter(office.en), ""), next(iter(office.ru), "")) for office in roster.offices}
    return [
        {
            "speaker_id": it.id,
            "office": term.office,
            "title_en": titles[term.office][0],
            "title_ru": titles[term.office][1],
            "from": term.start.first if term.start else None,
            "to": term.end.last if term.end else None,
        }
        for it in roster.speakers
        for term in it.offices
    ]
