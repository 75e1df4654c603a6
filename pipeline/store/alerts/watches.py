"""The watches in the store: those of the configuration, and since when each is active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.records import AlertKind, Watch
from pipeline.store.schema import alerts, subscribers, watches


def subscriber_id(address: str) -> str:
    """Id of a reader, a digest of the address."""
    return ids.content_digest("subscriber", address)


def sync_watches(connection: Connection, current: Sequence[Watch], now: datetime) -> dict[str, datetime]:
    """Make the stored watches equal to the configured ones; since when each is active. A new one starts ``now``.

    A watch that was removed is kept but disabled; if it comes back, it starts anew. Those that the reader stopped are
    left out of the result. If the address of a watch has changed, what waits goes to the new one, whose owner has
    stopped nothing yet.
    """
    people = {watch.address: subscriber_id(watch.address) for watch in current}
    if people:
        rows = [{"id": name, "address": address} for address, name in sorted(people.items())]
        connection.execute(insert(subscribers).on_conflict_do_nothing(), rows)
    _move_to_new_addresses(connection, {watch.id: people[watch.address] for watch in current}, now)
    for watch in sorted(current, key=lambda watch: watch.id):
        new = insert(watches).values(
            id=watch.id,
            title=watch.title,
            definition={"speakers": list(watch.speakers), "words": list(watch.words), "lang": watch.lang},
            subscriber_id=people[watch.address],
            since=now,
            enabled=True,
        )
        kept = {name: new.excluded[name] for name in ("title", "definition", "subscriber_id", "enabled")}
        since = case((watches.c.enabled, watches.c.since), else_=new.excluded.since)
        connection.execute(new.on_conflict_do_update(index_elements=["id"], set_={**kept, "since": since}))
    names = [watch.id for watch in current]
    connection.execute(update(watches).where(watches.c.enabled, watches.c.id.not_in(names)).values(enabled=False))
    stopped = watches.c.stopped_at.is_(None) & exists(
        select(subscribers.c.id).where(subscribers.c.id == watches.c.subscriber_id, subscribers.c.stopped_at.is_(None))
    )
    found = connection.execute(select(watches.c.id, watches.c.since).where(watches.c.id.in_(names), stopped))
    return {row.id: row.since for row in found}


def _move_to_new_addresses(connection: Connection, readers: Mapping[str, str], now: datetime) -> None:
    rows = connection.execute(select(watches.c.id, watches.c.subscriber_id).where(watches.c.id.in_(readers))).all()
    for watch, old in rows:
        if readers[watch] != old:
            connection.execute(update(watches).where(watches.c.id == watch).values(stopped_at=None))
            waiting = (alerts.c.watch_id == watch) & (alerts.c.subscriber_id == old) & (alerts.c.state == "pending")
            there = alerts.alias()
            rival = select(there.c.id).where(
                there.c.watch_id == watch,
                there.c.subscriber_id == readers[watch],
                there.c.statement_id == alerts.c.statement_id,
            )
            due = case((alerts.c.kind == AlertKind.ALERT, now), else_=alerts.c.next_at)
            moved = {"subscriber_id": readers[watch], "attempts": 0, "next_at": due}
            connection.execute(update(alerts).where(waiting, ~rival.exists()).values(moved))
