"""Lists of statements: the newest, those of a speaker, those of a day; and how they are spread over time."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, and_, cast, func, or_, select

from pipeline.queries.keyset import after_cursor
from pipeline.queries.page_rows import DayCount, StatementPage, StatementQuestion, VoiceCount
from pipeline.queries.rows import TimeCursor
from pipeline.queries.statements import load_statement_views
from pipeline.runtime.days import first_moment
from pipeline.store.schema import articles, quotes, statements


def list_statements(
    connection: Connection,
    question: StatementQuestion,
    zone: tzinfo,
    *,
    limit: int = 50,
    after: TimeCursor | None = None,
) -> StatementPage:
    """Statements that answer the question, first published last first; those of undated articles come last."""
    conditions = _conditions(question, zone)
    query = select(statements.c.id).where(*conditions)
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    at = statements.c.first_published_at
    names = list(
        connection.scalars(
            query.where(after_cursor(after, at, statements.c.id))
            .order_by(at.desc().nulls_last(), statements.c.id)
            .limit(limit + 1)
        )
    )
    views = {view.id: view for view in load_statement_views(connection, names[:limit])}
    rows = tuple(views[name] for name in names[:limit] if name in views)
    more = len(names) > limit and rows
    return StatementPage(total, rows, TimeCursor(rows[-1].first_published_at, rows[-1].id) if more else None)


def statements_by_day(
    connection: Connection,
    question: StatementQuestion,
    zone: tzinfo,
    *,
    since: date | None = None,
    until: date | None = None,
) -> tuple[DayCount, ...]:
    """How many statements were first published on each day in ``zone``, the oldest day first; undated ones on none.

    ``since`` and ``until``: only from this day on, and up to this day.
    """
    at = statements.c.first_published_at
    bounds = [at >= first_moment(since, zone)] if since else []
    bounds += [at < first_moment(until + timedelta(days=1), zone)] if until else []
    day = cast(func.timezone(str(zone), statements.c.first_published_at), Date)
    query = (
        select(day.label("day"), func.count().label("statements"))
        .where(*_conditions(question, zone), statements.c.first_published_at.is_not(None), *bounds)
        .group_by(day)
        .order_by(day)
    )
    return tuple(DayCount(row.day, row.statements) for row in connection.execute(query))


def newest_day(connection: Connection, zone: tzinfo) -> date | None:
    """The newest day in ``zone`` on which a statement was first published; None if there is no dated one."""
    newest = connection.scalar(select(func.max(statements.c.first_published_at)).where(statements.c.stance == "said"))
    return newest.astimezone(zone).date() if newest else None


def voices_of_day(connection: Connection, day: date, zone: tzinfo, limit: int = 12) -> tuple[VoiceCount, ...]:
    """Who spoke on a day in ``zone``, those who said most first; nobody without a name."""
    who = func.coalesce(statements.c.speaker_id, statements.c.speaker_name)
    query = (
        select(func.mode().within_group(statements.c.speaker_name), func.min(statements.c.speaker_id), func.count())
        .where(*_conditions(StatementQuestion(day=day), zone), statements.c.speaker_name.is_not(None))
        .group_by(who)
        .order_by(func.count().desc(), who)
        .limit(limit)
    )
    return tuple(VoiceCount(*row) for row in connection.execute(query))


def days_beside(connection: Connection, day: date, zone: tzinfo) -> tuple[date | None, date | None]:
    """The nearest days in ``zone`` before and after a day on which any statement was first published, if any."""
    at = statements.c.first_published_at
    starts, ends = first_moment(day, zone), first_moment(day + timedelta(days=1), zone)
    said = statements.c.stance == "said"
    before = connection.scalar(select(func.max(at)).where(said, at < starts))
    after = connection.scalar(select(func.min(at)).where(said, at >= ends))
    return before.astimezone(zone).date() if before else None, after.astimezone(zone).date() if after else None


def _conditions(question: StatementQuestion, zone: tzinfo) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if question.stance:
        conditions.append(statements.c.stance == question.stance)
    if question.speaker_id:
        conditions.append(statements.c.speaker_id == question.speaker_id)
    if question.source:
        conditions.append(_founded_in(articles.c.source_id == question.source))
    if question.day:
        conditions.append(_first_published_on(question.day, zone))
    return conditions


def _first_published_on(day: date, zone: tzinfo) -> ColumnElement[bool]:
    """Condition: first published on a day in ``zone``, or on that day of a publication that gives no time of day."""
    at = statements.c.first_published_at
    starts, ends = first_moment(day, zone), first_moment(day + timedelta(days=1), zone)
    around = at.between(starts - timedelta(days=1), ends + timedelta(days=1))
    on_day = _founded_in(articles.c.published_on == day)
    timed = ~_founded_in(articles.c.published_on.is_not(None))
    return and_(around, or_(and_(at >= starts, at < ends, timed), on_day))


def _founded_in(condition: ColumnElement[bool]) -> Any:
    """Condition: the article of the founding quote meets a condition."""
    founding = (
        select(quotes.c.id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .where(quotes.c.id == statements.c.founding_quote_id, condition)
    )
    return founding.exists()
