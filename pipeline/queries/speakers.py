"""Speakers by any name they are called, and who is quoted by name but not in the roster."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from pipeline.language.person_names import PERSON
from pipeline.language.spelling import fold_name
from pipeline.queries.rows import RosterProposal
from pipeline.quote_rules import SpeakerRule
from pipeline.store.schema import articles, names, people, quotes, speakers
from pipeline.store.statements.people import current_person_ids, people_called
from pipeline.store.types import storable_text


def roster_proposals(connection: Connection, at_least: int, most: int) -> list[RosterProposal]:
    """Candidates for the roster: people and organisations named in ``at_least`` quotes, the most quoted first.

    Quotes are counted by person, whatever the name in each article; of others by name. Descriptions (``a source``) are
    left out: only those given by a name somewhere count.
    """
    unknown = or_(quotes.c.speaker_id.is_(None), _is_person())
    named = (
        select(quotes.c.speaker_name)
        .where(unknown, quotes.c.speaker_rule.in_((SpeakerRule.NAME, SpeakerRule.LABEL)))
        .distinct()
    )
    who = func.coalesce(quotes.c.speaker_id, quotes.c.speaker_name)
    counted = _counted(select(who.label("who"), quotes.c.speaker_id), unknown, quotes.c.speaker_name.in_(named))
    rows = connection.execute(
        counted.group_by(who, quotes.c.speaker_id)
        .having(func.count() >= at_least)
        .order_by(func.count().desc(), who)
        .limit(most)
    ).all()
    return _proposals(connection, rows)


def person_profiles(connection: Connection, ids: Sequence[str]) -> list[RosterProposal]:
    """How often, where and when the people with these ids are quoted, the most quoted first."""
    counted = _counted(select(quotes.c.speaker_id.label("who"), quotes.c.speaker_id), quotes.c.speaker_id.in_(ids))
    query = counted.group_by(quotes.c.speaker_id).order_by(func.count().desc(), quotes.c.speaker_id)
    return _proposals(connection, connection.execute(query).all())


def _is_person() -> ColumnElement[bool]:
    return quotes.c.speaker_id.startswith(PERSON)


def _counted(query: Select[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    newest = func.array_agg(aggregate_order_by(quotes.c.text, quotes.c.first_seen_at.desc(), quotes.c.id))
    office = func.array_agg(quotes.c.speaker_office.distinct()).filter(quotes.c.speaker_office.is_not(None))
    return (
        query.add_columns(
            func.min(quotes.c.lang).label("lang"),
            func.count().label("quotes"),
            func.count(quotes.c.article_id.distinct()).label("articles"),
            func.array_agg(articles.c.source_id.distinct()).label("sources"),
            func.array_agg(quotes.c.speaker_name.distinct()).label("names"),
            office.label("offices"),
            func.min(articles.c.published_at).label("first_at"),
            func.max(articles.c.published_at).label("last_at"),
            func.max(quotes.c.first_seen_at).label("last_seen"),
            newest.label("texts"),
        )
        .join(articles, articles.c.id == quotes.c.article_id)
        .where(*conditions)
    )


def _proposals(connection: Connection, rows: Sequence[Row[Any]]) -> list[RosterProposal]:
    wanted = [row.speaker_id for row in rows if row.speaker_id]
    known = {row.id: row for row in connection.execute(select(people).where(people.c.id.in_(wanted)))}
    return [_proposal(row, known.get(row.speaker_id)) for row in rows]


def _proposal(row: Row[Any], person: Row[Any] | None) -> RosterProposal:
    fullest = max(sorted(row.names), key=lambda name: (" " in name and "." not in name, -len(name)))
    name_en, name_ru = (person.name_en, person.name_ru) if person is not None else (None, None)
    return RosterProposal(
        (name_ru if row.lang == "ru" else name_en) or name_en or name_ru or fullest,
        row.lang,
        row.quotes,
        row.articles,
        tuple(sorted(row.sources)),
        row.last_seen,
        row.texts[0],
        row.speaker_id,
        name_en,
        name_ru,
        tuple(sorted(row.names)),
        tuple(sorted(row.offices or ())),
        row.first_at.date() if row.first_at else None,
        row.last_at.date() if row.last_at else None,
    )


def speakers_called(connection: Connection, name: str) -> list[str]:
    """Ids of the speakers with this id, or with a name that contains these words in either language; in order."""
    wanted = storable_text(name.strip())
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = (
        select(speakers.c.id)
        .outerjoin(names, names.c.speaker_id == speakers.c.id)
        .where(or_(speakers.c.id == wanted, names.c.name.ilike(f"%{escaped}%")))
        .group_by(speakers.c.id)
        .order_by(speakers.c.id)
    )
    return list(connection.scalars(query))


def ids_called(connection: Connection, name: str) -> list[str]:
    """Ids of all whom a name or an id, present or former, means: of the roster and of people the news know."""
    wanted = storable_text(name.strip())
    if wanted.startswith(PERSON):
        return current_person_ids(connection, wanted)
    return sorted({*speakers_called(connection, wanted), *people_called(connection, wanted)})


def attributed_to(connection: Connection, name: str) -> ColumnElement[bool]:
    """Condition: a quote is by somebody of this id or name (:func:`ids_called`), or by somebody printed under it."""
    known = quotes.c.speaker_id.in_(ids_called(connection, name))
    as_printed = quotes.c.speaker_name.icontains(storable_text(name.strip()), autoescape=True)
    return or_(known, and_(or_(quotes.c.speaker_id.is_(None), _is_person()), as_printed))


def is_called(connection: Connection, name: str) -> bool:
    """Whether a speaker of the roster or any quote has this id or name, or a name that contains it."""
    if ids_called(connection, name):
        return True
    return connection.scalar(select(quotes.c.id).where(attributed_to(connection, name)).limit(1)) is not None


def called_nearly(connection: Connection, name: str, most: int = 3) -> list[str]:
    """Suggestions for a misspelt name, the nearest first: roster ids, and printed names of others."""
    unknown = or_(quotes.c.speaker_id.is_(None), _is_person())
    printed = select(quotes.c.speaker_name).where(unknown, quotes.c.speaker_name.is_not(None))
    known = [(row.name, row.speaker_id) for row in connection.execute(select(names))]
    known += [(it, it) for it in connection.scalars(select(speakers.c.id))]
    known += [(it, it) for it in connection.scalars(printed.distinct())]
    meant: dict[str, set[str]] = {}
    for called, answer in known:
        for part in (called, *called.split()):
            meant.setdefault(_folded(part), set()).add(answer)
    near = get_close_matches(_folded(name), sorted(meant), n=10 * most, cutoff=0.75)
    return list(dict.fromkeys(answer for part in near for answer in sorted(meant[part])))[:most]


def _folded(name: str) -> str:
    return " ".join(map(fold_name, name.split()))
