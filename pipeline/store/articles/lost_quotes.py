"""Remove quotes that are in no version any more from their statements; a statement left without quotes is deleted.

Such quotes were found by older code, or stood in a version that was withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, or_, select

from pipeline.store.alerts import outbox
from pipeline.store.schema import (
    alerts,
    articles,
    deliveries,
    edits,
    quotes,
    statement_aliases,
    statement_quotes,
    statements,
)
from pipeline.store.statements.linkable_quotes import WITH_ARTICLE, has_span, is_linked


def quotes_without_version(connection: Connection) -> dict[str, str]:
    """Quotes without a version, of articles due to be linked, each with the statement it is still in."""
    query = (
        select(quotes.c.id, statement_quotes.c.statement_id)
        .select_from(WITH_ARTICLE.join(statement_quotes, statement_quotes.c.quote_id == quotes.c.id))
        .where(articles.c.link_due.is_not(None), quotes.c.text != "", ~has_span())
    )
    return {row.id: row.statement_id for row in connection.execute(query.order_by(quotes.c.id))}


def remove_from_statements(connection: Connection, gone: Mapping[str, str]) -> list[str]:
    """Remove quotes from their statements; ids of the quotes left in these statements, which must be linked again."""
    connection.execute(delete(statement_quotes).where(statement_quotes.c.quote_id.in_(gone)))
    left = select(statement_quotes.c.quote_id).where(statement_quotes.c.statement_id.in_(set(gone.values())))
    return sorted(connection.scalars(left))


def end_empty_statements(connection: Connection, gone: Mapping[str, str]) -> int:
    """Delete the statements that have no quote left, and the quotes themselves; how many statements.

    A statement that a reader was notified of stays, without reports, since the e-mail links to it.
    """
    member = select(statement_quotes.c.quote_id).where(statement_quotes.c.statement_id == statements.c.id)
    empty = select(statements.c.id).where(statements.c.id.in_(set(gone.values())), ~member.exists())
    names = sorted(set(connection.scalars(empty)) - _sent_to_readers(connection, empty))
    connection.execute(delete(statement_aliases).where(statement_aliases.c.new_id.in_(names)))
    connection.execute(delete(statements).where(statements.c.id.in_(names)))
    is_referenced = or_(
        select(statements.c.id).where(statements.c.founding_quote_id == quotes.c.id).exists(),
        select(edits.c.id).where(or_(edits.c.quote_id == quotes.c.id, edits.c.other_quote_id == quotes.c.id)).exists(),
    )
    connection.execute(delete(quotes).where(quotes.c.id.in_(gone), ~is_linked(), ~is_referenced))
    return len(names)


def _sent_to_readers(connection: Connection, ended: Select[Any]) -> set[str]:
    """Which of the ended statements a reader was notified of; alerts on them that were not sent are deleted."""
    due = select(alerts.c.id).where(alerts.c.statement_id.in_(ended), alerts.c.state == outbox.PENDING)
    due = due.where(alerts.c.attempts == 0)
    unsent = alerts.c.state.in_((outbox.OLD, "suppressed-new-watch"))
    connection.execute(delete(deliveries).where(deliveries.c.alert_id.in_(due)))
    connection.execute(delete(alerts).where(or_(alerts.c.id.in_(due), and_(alerts.c.statement_id.in_(ended), unsent))))
    return set(connection.scalars(select(alerts.c.statement_id).where(alerts.c.statement_id.in_(ended))))
