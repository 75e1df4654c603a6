"""The watches in the store: those of the configuration, and since when each is active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.records import Watch
from pipeline.store.schema import subscribers, watches


def subscriber_id(address: str) -> str:
    """Id of a reader, a digest of the address."""
    return ids.content_digest("subscriber", address)


def sync_watches(connection: Connection, current: Sequence[Watch], now: datetime) -> dict[str, datetime]:
    """Make the stored watches equal to the configured ones; since when each is active. A new one starts ``now``.

    A watch that was removed is kept but disabled; if it comes back, it starts anew. Those that the reader stopped are
    left out of the result.
    """
    people = {watch.address: subscriber_id(watch.address) for watch in current}
    if people:
        rows = [{"id": name, "address": address} for address, name in sorted(people.items())]
        connection.execute(insert(subscribers).on_conflict_do_nothing(), rows)
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
