"""A speaker as a page shows one: names, offices by date, and where the quotes are; and who is quoted most."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from pipeline.queries.page_rows import OfficeRow, SourceCount, SpeakerCount, SpeakerProfile
from pipeline.store.schema import articles, names, offices, people, quotes, sources, speakers, statements
from pipeline.store.statements.people import current_person_ids


def load_speaker_profile(connection: Connection, speaker_id: str) -> SpeakerProfile | None:
    """What is known of the speaker with this id, present or former; None if there is none."""
    row = connection.execute(select(speakers).where(speakers.c.id == speaker_id)).one_or_none()
    if row is not None:
        called = tuple(connection.scalars(select(names.c.name).where(names.c.speaker_id == speaker_id).distinct()))
        return _profile(connection, speaker_id, row.name_en, row.name_ru, called, kind=row.kind, wikidata=row.wikidata)
    current = current_person_ids(connection, speaker_id)
    person = connection.execute(select(people).where(people.c.id.in_(current)).order_by(people.c.id)).first()
    if person is None:
        return None
    return _profile(connection, person.id, person.name_en, person.name_ru, tuple(person.names))


def _profile(
    connection: Connection,
    speaker_id: str,
    name_en: str | None,
    name_ru: str | None,
    called: tuple[str, ...],
    *,
    kind: str = "",
    wikidata: str | None = None,
) -> SpeakerProfile:
    described = select(quotes.c.speaker_office).where(
        quotes.c.speaker_id == speaker_id, quotes.c.speaker_office.is_not(None)
    )
    by_source = connection.execute(
        select(articles.c.source_id, func.coalesce(sources.c.title, sources.c.id).label("title"), func.count())
        .join(quotes, quotes.c.article_id == articles.c.id)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(quotes.c.speaker_id == speaker_id)
        .group_by(articles.c.source_id, sources.c.title, sources.c.id)
        .order_by(func.count().desc(), articles.c.source_id)
    ).all()
    name = name_en or name_ru or next(iter(called), speaker_id)
    return SpeakerProfile(
        id=speaker_id,
        name=name,
        other_name=name_ru if name_ru and name_ru != name else None,
        kind=kind,
        wikidata=wikidata,
        names=tuple(sorted(set(called) - {name, name_ru or ""})),
        offices=offices_of(connection, speaker_id),
        described_as=tuple(sorted(set(connection.scalars(described.distinct())))),
        quotes=sum(row[2] for row in by_source),
        by_source=tuple(SourceCount(*row) for row in by_source),
    )


def offices_of(connection: Connection, speaker_id: str, day: date | None = None) -> tuple[OfficeRow, ...]:
    """The offices of a speaker, the newest first; with ``day`` only those that may have been held then."""
    conditions: list[ColumnElement[bool]] = [offices.c.speaker_id == speaker_id]
    if day is not None:
        conditions += [
            or_(offices.c["from"].is_(None), offices.c["from"] <= day),
            or_(offices.c.to.is_(None), offices.c.to >= day),
        ]
    starts: ColumnElement[Any] = offices.c["from"]
    query = select(offices).where(*conditions).order_by(starts.desc().nulls_last(), offices.c.office)
    return tuple(
        OfficeRow(row.office, row.title_en, row.title_ru, row["from"], row["to"])
        for row in connection.execute(query).mappings()
    )


def most_quoted_speakers(connection: Connection, limit: int = 100) -> tuple[SpeakerCount, ...]:
    """The speakers with an id to whom most statements are attributed, the most first."""
    known = func.coalesce(func.nullif(speakers.c.name_en, ""), people.c.name_en, people.c.name_ru)
    named = func.coalesce(known, func.max(statements.c.speaker_name))
    query = (
        select(
            statements.c.speaker_id,
            named.label("name"),
            func.count().label("statements"),
            func.max(statements.c.first_published_at).label("last_at"),
        )
        .outerjoin(speakers, speakers.c.id == statements.c.speaker_id)
        .outerjoin(people, people.c.id == statements.c.speaker_id)
        .where(statements.c.speaker_id.is_not(None), statements.c.stance == "said")
        .group_by(statements.c.speaker_id, known)
        .order_by(func.count().desc(), statements.c.speaker_id)
        .limit(limit)
    )
    return tuple(SpeakerCount(*row) for row in connection.execute(query))
