"""A store with a long history: synthetic rows in the real tables, spread as a running installation would have them.

One week is made in Python and loaded with COPY; every further week is that week again, shifted in time, with ids,
addresses and words of its own, made by the database. So the days stay alike and only the history grows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Table, text

from pipeline import ids
from pipeline.quote_rules import SpanRule
from pipeline.store import schema

WEEK = 7
QUOTES_EACH = 5
REPEATED = 0.15
"""Share of quotes that repeat one of the same day in another article."""
NOT_KEPT = 2
"""Addresses per article that were looked at and not kept."""
FEED_CHANGES = 20
"""How often a day a source's feed is archived because it has changed."""
TEXT_WORDS, QUOTE_WORDS = 380, (6, 45)
_RULE = SpanRule.ALONE.value
COPIED = (
    "captures", "articles", "urls", "versions", "readings", "quotes", "quote_spans", "statements", "segments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beat:
    """What synthetic news is made of: words and speakers, frequent ones first, and sources, large ones first."""

    words: Sequence[str]
    speakers: Sequence[str]
    sources: Sequence[str]
    code: str
    """Version of the extractor that has read everything."""
    engine: str
    """Version of the quote engine that has gone through everything."""


def first_week(connection: Connection, beat: Beat, *, end: datetime, per_day: int, run_id: str) -> None:
    """Load the week before ``end``, ``per_day`` articles a day, all stages done by the run."""
    chance = random.Random(7)
    warc = {"id": "bench.warc.gz", "uri": "bench.warc.gz", "state": "closed", "run_id": run_id}
    connection.execute(schema.warc_files.insert().values(warc))
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COPIED}
    for day in range(WEEK):
        for name, row in _day(chance, beat, end - timedelta(days=day + 1), per_day, run_id):
            rows[name].append(row)
    for name in COPIED:
        copy(connection, schema.metadata.tables[f"{schema.SCHEMA}.{name}"], rows[name])
    connection.execute(text("CREATE SCHEMA bench"))
    for name in COPIED:
        connection.execute(text(f"CREATE TABLE bench.{name} AS SELECT * FROM onrecord.{name}"))


def copy(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """COPY the rows, which have the same columns, into a table."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in rows[0])
    with connection.connection.cursor().copy(f"COPY {table.fullname} ({columns}) FROM STDIN") as out:
        for row in rows:
            out.write_row(list(row.values()))


def _day(
    chance: random.Random, beat: Beat, start: datetime, per_day: int, run_id: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    said: list[tuple[str, str | None, str | None]] = []
    founding: dict[str, str] = {}
    weights = list(accumulate(1 / rank for rank in range(1, len(beat.sources) + 1)))
    for source in beat.sources:
        for number in range(FEED_CHANGES):
            at = start + timedelta(minutes=30 * 48 * number / FEED_CHANGES)
            yield from _capture(beat, f"https://{source}.example/feed", source, "feed", at, run_id, salt=f"{at}")
    for number in range(per_day * (1 + NOT_KEPT)):
        at = start + timedelta(seconds=86400 * chance.random())
        source = chance.choices(beat.sources, cum_weights=weights)[0]
        url = f"https://{source}.example/news/{at:%Y/%m/%d}/{number}-{chance.getrandbits(40):x}"
        kept = number < per_day
        if kept:
            yield from _article(chance, beat, url, source, at, run_id, said, founding)
        elif number % NOT_KEPT == 0:
            yield from _capture(beat, url, source, "page", at, run_id)
        yield "urls", _url(url, source, at, kept)


def _url(url: str, source: str, at: datetime, kept: bool) -> dict[str, Any]:
    return {
        "url": url, "source_id": source, "kind": "page", "final_url": url, "first_seen_at": at,
        "last_seen_at": at + timedelta(hours=12), "last_fetched_at": at, "etag": '"0123456789abcdef"',
        "body_sha256": ids.text_sha256(url), "outcome": "kept" if kept else "not-relevant",
        "reason": "new" if kept else "off-beat", "article_id": ids.article_id(url) if kept else None,
        "title": "Synthetic title of about sixty characters, as in most feeds", "published_raw": f"{at:%c}",
        "discovered_in": f"https://{source}.example/feed",
    }  # fmt: skip


def _capture(
    beat: Beat, url: str, source: str, kind: str, at: datetime, run_id: str, *, salt: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    body = ids.text_sha256(url + salt)
    capture = ids.capture_id(url, kind, body)
    yield "captures", {
        "id": capture, "url": url, "requested_url": url, "source_id": source, "kind": kind,
        "content_type": "text/html; charset=utf-8", "status": 200, "body_sha256": body, "warc_id": "bench.warc.gz",
        "warc_offset": 0, "warc_length": 28000, "sha256": body, "seen_at": at, "run_id": run_id,
        "read_by": beat.code,
    }  # fmt: skip
    read = {"code_version": beat.code, "outcome": "kept", "reason": "new", "read_at": at}
    yield "readings", {"capture_id": capture, "locator": "", **read}


def _article(
    chance: random.Random,
    beat: Beat,
    url: str,
    source: str,
    at: datetime,
    run_id: str,
    said: list[tuple[str, str | None, str | None]],
    founding: dict[str, str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    lang = "ru" if chance.random() < 0.6 else "en"
    (_, capture), reading = _capture(beat, url, source, "page", at, run_id)
    article, body = ids.article_id(url), words(chance, beat, TEXT_WORDS)
    digest = ids.text_sha256(body)
    version = ids.version_id(article, "page", digest, 1)
    yield "captures", capture
    yield reading
    same = {"lang": lang, "title": "Synthetic title of about sixty characters", "published_at": at}
    yield "articles", {"id": article, "url": url, "source_id": source, "first_seen_at": at, "last_seen_at": at, **same}
    yield "versions", {
        "id": version, "article_id": article, "n": 1, "capture_id": capture["id"], "origin": "page", "text": body,
        "text_sha256": digest, "code_version": beat.code, "seen_at": at, "run_id": run_id,
        "quoted_by": beat.engine, **same,
    }  # fmt: skip
    for number in range(QUOTES_EACH):
        if said and chance.random() < REPEATED:
            spoken, who, named = chance.choice(said)
        else:
            spoken, (who, named) = words(chance, beat, chance.randint(*QUOTE_WORDS)), _speaker(chance, beat)
            said.append((spoken, who, named))
        normal = ids.normalised_words(spoken)
        quote = ids.quote_id(article, normal, number + 1)
        by = {"type": "direct", "speaker_id": who, "speaker_name": named}
        yield "quotes", {
            "id": quote, "article_id": article, "words_sha256": ids.text_sha256(normal), "occurrence": number + 1,
            "text": spoken, "lang": lang, "confidence": 0.9, "code_version": beat.engine,
            "first_seen_at": at, "span_rule": _RULE, **by,
        }  # fmt: skip
        yield "quote_spans", {
            "quote_id": quote, "version_id": version, "start": number, "end": number + 9, "span_rule": _RULE, **by
        }  # fmt: skip
        first = founding.setdefault(normal, quote)
        statement = ids.content_digest("statement", first)
        if first == quote:
            yield "statements", {
                "id": statement, "founding_quote_id": quote, "founding_segment_id": quote, "text": spoken,
                "lang": lang, "first_published_at": at,
                "first_seen_at": at, "matched_at": at, **by,
            }  # fmt: skip
        yield "segments", {
            "id": quote, "quote_id": quote, "start": 0, "end": len(spoken), "statement_id": statement,
            "how": "founding" if first == quote else "exact", "published_at": at,
        }  # fmt: skip


def words(chance: random.Random, beat: Beat, count: int) -> str:
    """So many words, frequent ones more often: rank and frequency as in real text."""
    return " ".join(beat.words[int(len(beat.words) ** chance.random()) - 1] for _ in range(count))


def _speaker(chance: random.Random, beat: Beat) -> tuple[str | None, str | None]:
    kind = chance.random()
    if kind < 0.1:
        return None, None
    rank = int(len(beat.speakers) ** chance.random()) - 1
    if kind < 0.3:
        return None, f"Person {int(3000 * chance.random())}"
    return beat.speakers[rank], beat.speakers[rank]


_MOVED = {
    "captures": {"id": "i", "url": "page", "requested_url": "page", "seen_at": "t", "returned_at": "t"},
    "articles": {"id": "i", "url": "u", "first_seen_at": "t", "last_seen_at": "t", "published_at": "t"},
    "urls": {
        "url": "u", "final_url": "u", "article_id": "i", "first_seen_at": "t", "last_seen_at": "t",
        "last_fetched_at": "t",
    },
    "versions": {
        "id": "i", "article_id": "i", "capture_id": "i", "text": "w", "seen_at": "t", "published_at": "t",
    },
    "readings": {"capture_id": "i", "version_id": "i", "read_at": "t"},
    "quotes": {"id": "i", "article_id": "i", "text": "w", "words_sha256": "h", "first_seen_at": "t"},
    "quote_spans": {"quote_id": "i", "version_id": "i"},
    "statements": {
        "id": "i", "founding_quote_id": "i", "founding_segment_id": "i", "text": "w",
        "first_published_at": "t", "first_seen_at": "t",
        "matched_at": "t",
    },
    "segments": {"id": "i", "quote_id": "i", "statement_id": "i", "published_at": "t"},
}  # fmt: skip
"""What differs by week: ``i`` an id, ``h`` a digest, ``u`` an address, ``page`` a page's, ``w`` words, ``t`` a time."""
_HOW = {
    "i": 'left(md5("{}" || :week), 16)',
    "h": "encode(sha256((\"{}\" || :week)::bytea), 'hex')",
    "u": '"{}" || :week',
    "page": 'CASE kind WHEN \'page\' THEN "{0}" || :week ELSE "{0}" END',
    "w": '"{}" || :week',
    "t": '"{}" - :back',
}


def further_week(connection: Connection, number: int) -> None:
    """Load the week ``number`` weeks before the first one (from 1 on)."""
    given = {"week": f" w{number}", "back": timedelta(weeks=number)}
    for name in COPIED:
        table = schema.metadata.tables[f"{schema.SCHEMA}.{name}"]
        columns = [column.name for column in table.columns if column.computed is None]
        moved = _MOVED[name]
        values = [_HOW[moved[it]].format(it) if it in moved else f'"{it}"' for it in columns]
        names = ", ".join(f'"{it}"' for it in columns)
        connection.execute(
            text(f"INSERT INTO {table.fullname} ({names}) SELECT {', '.join(values)} FROM bench.{name}"), given
        )
