"""Speakers by any name they are called, and who is quoted by name but not in the roster."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from pipeline.language.spelling import fold_name
from pipeline.queries.rows import RosterProposal
from pipeline.quote_rules import SpeakerRule
from pipeline.store.schema import articles, names, quotes, speakers
from pipeline.store.types import storable_text


def roster_proposals(connection: Connection, at_least: int, most: int) -> list[RosterProposal]:
    """Candidates for the roster: people and organisations named in ``at_least`` quotes, the most quoted first.

    Descriptions (``a source``) are left out: only those given by a name somewhere count.
    """
    named = (
        select(quotes.c.speaker_name)
        .where(quotes.c.speaker_id.is_(None), quotes.c.speaker_rule.in_((SpeakerRule.NAME, SpeakerRule.LABEL)))
        .distinct()
    )
    newest = func.array_agg(aggregate_order_by(quotes.c.text, quotes.c.first_seen_at.desc(), quotes.c.id))
    rows = connection.execute(
        select(
            quotes.c.speaker_name,
            func.min(quotes.c.lang).label("lang"),
            func.count().label("quotes"),
            func.count(quotes.c.article_id.distinct()).label("articles"),
            func.array_agg(articles.c.source_id.distinct()).label("sources"),
            func.max(quotes.c.first_seen_at).label("last_seen"),
            newest.label("texts"),
        )
        .join(articles, articles.c.id == quotes.c.article_id)
        .where(quotes.c.speaker_id.is_(None), quotes.c.speaker_name.in_(named))
        .group_by(quotes.c.speaker_name)
        .having(func.count() >= at_least)
        .order_by(func.count().desc(), quotes.c.speaker_name)
        .limit(most)
    )
    return [
        RosterProposal(
            row.speaker_name,
            row.lang,
            row.quotes,
            row.articles,
            tuple(sorted(row.sources)),
            row.last_seen,
            row.texts[0],
        )
        for row in rows
    ]


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


def attributed_to(connection: Connection, name: str) -> ColumnElement[bool]:
    """Condition: a quote is by a speaker of this name (:func:`speakers_called`), or by somebody printed under it."""
    known = quotes.c.speaker_id.in_(speakers_called(connection, name))
    as_printed = quotes.c.speaker_name.icontains(storable_text(name.strip()), autoescape=True)
    return or_(known, and_(quotes.c.speaker_id.is_(None), as_printed))


def is_called(connection: Connection, name: str) -> bool:
    """Whether a speaker of the roster or any quote has this id or name, or a name that contains it."""
    if speakers_called(connection, name):
        return True
    return connection.scalar(select(quotes.c.id).where(attributed_to(connection, name)).limit(1)) is not None


def called_nearly(connection: Connection, name: str, most: int = 3) -> list[str]:
    """Suggestions for a misspelt name, the nearest first: roster ids, and printed names of others."""
    printed = select(quotes.c.speaker_name).where(quotes.c.speaker_id.is_(None), quotes.c.speaker_name.is_not(None))
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
