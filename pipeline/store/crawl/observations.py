"""Observations: what one run saw of one source, as a few counts. Health checks learn their baseline from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.health import DocumentObservation, DocumentState, Observation
from pipeline.health.observation import REFUSALS, state_of
from pipeline.reasons import Reason
from pipeline.records import DocumentKind, Origin, Outcome, Stage
from pipeline.store.schema import articles, fetches, observations, outcomes, urls, versions

NOT_ASKED = frozenset({Reason.GUARD, Reason.NOT_TRIED, Reason.MAX_PAGES, Reason.SITEMAP_DEPTH})
"""Reasons of errors for which nothing was requested, so that they say nothing about the source."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
WITH_STORY = (Outcome.KEPT, Outcome.UNCHANGED, Outcome.DUPLICATE)
SELECTORS_MISSED = "selectors-missed"


def run_observations(
    connection: Connection, run_id: str, source_ids: Sequence[str], *, at: datetime, past: bool
) -> list[Observation]:
    """Observations of a run for these sources, counted from its fetches, ledger and versions.

    A source is left out if the run requested none of its feeds, sitemaps and listings.
    """
    found = []
    documents = _documents(connection, run_id)
    listed = _listed(connection, run_id)
    asked, read, kept = _asked(connection, run_id), _read(connection, run_id), _kept(connection, run_id)
    for source_id in source_ids:
        if not documents.get(source_id):
            continue
        shares = {**_shares(asked.get(source_id, {}), read.get(source_id, {})), **kept.get(source_id, ({}, ()))[0]}
        discovered, new = listed.get(source_id, (0, 0))
        found.append(
            Observation(
                source_id,
                run_id,
                at,
                past,
                documents[source_id],
                discovered,
                new,
                {name: share for name, share in shares.items() if share[1]},
                kept.get(source_id, ({}, ()))[1],
            )
        )
    return found


def _documents(connection: Connection, run_id: str) -> dict[str, dict[str, DocumentObservation]]:
    """Results of the configured feeds, sitemaps and listings, without those found in other documents."""
    query = select(fetches).where(
        fetches.c.run_id == run_id,
        fetches.c.kind.not_in((DocumentKind.PAGE.value, DocumentKind.ROBOTS.value)),
        fetches.c.discovered_in == "",
        fetches.c.reason.not_in(sorted(NOT_ASKED)),
    )
    found: dict[str, dict[str, DocumentObservation]] = {}
    for row in connection.execute(query):
        state = state_of(row.outcome, row.reason)
        found.setdefault(row.source_id, {})[row.url] = DocumentObservation(
            state, row.reason, row.final_url, row.detail[:300]
        )
    return found


def _listed(connection: Connection, run_id: str) -> dict[str, tuple[int, int]]:
    """How many page URLs were listed, and how many of them were new; duplicates of a URL are not counted."""
    query = (
        select(
            fetches.c.source_id,
            func.count(),
            func.count().filter(urls.c.first_seen_at >= fetches.c.seen_at),
        )
        .join(urls, urls.c.url == fetches.c.url)
        .where(
            fetches.c.run_id == run_id,
            fetches.c.kind == DocumentKind.PAGE.value,
            fetches.c.outcome != Outcome.DUPLICATE.value,
        )
        .group_by(fetches.c.source_id)
    )
    return {source: (listed, new) for source, listed, new in connection.execute(query)}


def _asked(connection: Connection, run_id: str) -> dict[str, dict[str, int]]:
    """Requested pages by source: ``refused``, ``failed`` and ``came``."""
    tried = fetches.c.status.is_not(None) | (fetches.c.outcome == Outcome.ERROR.value)
    query = (
        select(fetches.c.source_id, fetches.c.outcome, fetches.c.reason, func.count())
        .where(fetches.c.run_id == run_id, fetches.c.kind == DocumentKind.PAGE.value, tried)
        .group_by(fetches.c.source_id, fetches.c.outcome, fetches.c.reason)
    )
    found: dict[str, dict[str, int]] = {}
    for source, outcome, reason, number in connection.execute(query):
        if reason in NOT_ASKED:
            continue
        name = "refused" if reason in REFUSALS else "failed" if outcome == Outcome.ERROR.value else "came"
        _add(found.setdefault(source, {}), name, number)
    return found


def _read(connection: Connection, run_id: str) -> dict[str, dict[str, int]]:
    """Pages and entries that were read, by source: ``refused``, ``other``, ``story``, and of the stories ``on-beat``.

    ``refused``: a bot wall or similar stood in place of the page.
    """
    query = (
        select(outcomes.c.source_id, outcomes.c.outcome, outcomes.c.reason, func.count())
        .where(outcomes.c.run_id == run_id, outcomes.c.stage == Stage.EXTRACT.value)
        .group_by(outcomes.c.source_id, outcomes.c.outcome, outcomes.c.reason)
    )
    found: dict[str, dict[str, int]] = {}
    for source, outcome, reason, number in connection.execute(query):
        counts = found.setdefault(source, {})
        if reason in REFUSALS:
            _add(counts, "refused", number)
        elif outcome in WITH_STORY:
            _add(counts, "story", number)
            _add(counts, "on-beat", number)
        else:
            _add(counts, "story" if outcome == Outcome.NOT_RELEVANT.value else "other", number)
    return found


def _shares(asked: dict[str, int], read: dict[str, int]) -> dict[str, tuple[int, int]]:
    walls = read.get("refused", 0)
    came, failed = asked.get("came", 0), asked.get("failed", 0)
    story = read.get("story", 0)
    return {
        "answered": (max(0, came + failed - walls), came + failed + asked.get("refused", 0)),
        "fetched": (came, came + failed),
        "text": (story, story + read.get("other", 0)),
        "on-beat": (read.get("on-beat", 0), story),
    }


def _kept(connection: Connection, run_id: str) -> dict[str, tuple[dict[str, tuple[int, int]], tuple[int, ...]]]:
    """How often title, date and selectors were found in the run's versions, and text lengths by power of two."""
    page = versions.c.origin == Origin.PAGE.value
    query = (
        select(
            articles.c.source_id,
            versions.c.title != "",
            versions.c.published_at.is_not(None),
            page,
            versions.c.flags.contains([SELECTORS_MISSED]),
            func.length(versions.c.text),
        )
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.run_id == run_id, versions.c.cause == "source")
    )
    counts: dict[str, dict[str, list[int]]] = {}
    lengths: dict[str, list[int]] = {}
    for source, title, date, from_page, missed, length in connection.execute(query):
        own = counts.setdefault(source, {"title": [0, 0], "date": [0, 0], "selectors": [0, 0]})
        for name, good, counted in (("title", title, True), ("date", date, True), ("selectors", not missed, from_page)):
            own[name][0] += bool(good and counted)
            own[name][1] += bool(counted)
        bins = lengths.setdefault(source, [0] * 24)
        bins[min(23, int(length).bit_length())] += 1
    return {
        source: ({name: (good, of) for name, (good, of) in own.items()}, tuple(lengths[source]))
        for source, own in counts.items()
    }


def _add(counts: dict[str, int], name: str, number: int) -> None:
    counts[name] = counts.get(name, 0) + number


def save_observations(connection: Connection, seen: Iterable[Observation]) -> None:
    """Upsert observations, one per run and source."""
    rows = [
        {
            "run_id": it.run_id,
            "source_id": it.source_id,
            "at": it.at,
            "past": it.past,
            "documents": {
                url: [document.state.value, document.reason, document.final_url, document.detail]
                for url, document in it.documents.items()
            },
            "discovered": it.discovered,
            "new": it.new,
            "shares": {name: list(share) for name, share in it.shares.items()},
            "lengths": list(it.lengths),
        }
        for it in seen
    ]
    if not rows:
        return
    statement = insert(observations)
    updates = {name: statement.excluded[name] for name in rows[0] if name not in ("run_id", "source_id")}
    connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "source_id"], set_=updates), rows)


def observation_history(connection: Connection, source_id: str, *, after: datetime, past: bool) -> list[Observation]:
    """Observations of a source after a moment, oldest first.

    ``past``: those of runs that also read archives, or else only those of other runs.
    """
    query = (
        select(observations)
        .where(observations.c.source_id == source_id, observations.c.at > after, observations.c.past.is_(past))
        .order_by(observations.c.at, observations.c.run_id)
    )
    return [_observation(row) for row in connection.execute(query).mappings()]


def new_per_hour(connection: Connection, now: datetime) -> dict[str, float]:
    """New pages per hour of each source around this time of day, over the last week.

    A source that was observed for less than a day is left out.
    """
    hour = func.extract("hour", observations.c.at.op("AT TIME ZONE")("UTC"))
    around = [(now.hour + n) % 24 for n in (-1, 0, 1)]
    lately = observations.c.at > now - WEEK
    query = (
        select(
            observations.c.source_id,
            func.min(observations.c.at),
            func.coalesce(func.sum(observations.c.new).filter(hour.in_(around)), 0),
        )
        .where(lately, observations.c.at <= now, observations.c.past.is_(False))
        .group_by(observations.c.source_id)
    )
    found = {}
    for source_id, first, new in connection.execute(query):
        days = (now - first) / DAY
        if days >= 1:
            found[source_id] = float(new) / (days * len(around))
    return found


def last_observed_at(connection: Connection, source_id: str) -> datetime | None:
    """When any run last observed the source, however long ago."""
    query = select(observations.c.at).where(observations.c.source_id == source_id)
    found = connection.execute(query.order_by(observations.c.at.desc()).limit(1)).scalar_one_or_none()
    assert found is None or isinstance(found, datetime)
    return found


def _observation(row: Any) -> Observation:
    documents = {
        url: DocumentObservation(DocumentState(state), *more) for url, (state, *more) in row["documents"].items()
    }
    shares = {name: (good, of) for name, (good, of) in row["shares"].items()}
    return Observation(
        row["source_id"],
        row["run_id"],
        row["at"],
        row["past"],
        documents,
        row["discovered"],
        row["new"],
        shares,
        tuple(row["lengths"]),
    )
