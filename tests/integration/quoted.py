"""Stored quotes for the tests of linking and telling: one source and article each, put straight into the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.store import schema
from pipeline.store.runs import runs

DAY = datetime(2026, 6, 15, 9, tzinfo=UTC)
WORDS = "the harbour will stay open to every ship until the ice arrives"
PART = "will stay open to every ship until"
BEFORE, AFTER = "It was cold. The mayor said: ", " Then she left. Nobody followed."


def opened(engine: Engine, *, clock: datetime = DAY) -> str:
    with engine.begin() as connection:
        return runs.start_run(connection, command="test", clock=clock)


def _put(connection: Connection, table: Any, **row: Any) -> None:
    connection.execute(insert(table).values(row).on_conflict_do_nothing())


def put_quote(
    connection: Connection,
    source: str,
    words: str = WORDS,
    *,
    hours: float = 0,
    seen_hours: float | None = None,
    speaker: str | None = "mira-holt",
    name: str | None = "Mira Holt",
    path: str = "1",
    dated: bool = True,
    lang: str = "en",
    confidence: float = 0.9,
    type_: str = "direct",
    stance: str = "said",
) -> str:
    """Store a quote as the stages before would have; its id. ``hours`` after DAY it was published, then seen."""
    at = DAY + timedelta(hours=hours)
    seen = at if seen_hours is None else DAY + timedelta(hours=seen_hours)
    url = f"https://{source}.example/{path}"
    article, text = ids.article_id(url), BEFORE + words + AFTER
    run = connection.scalar(select(schema.runs.c.id).limit(1))
    capture = ids.capture_id(url, "page", ids.text_sha256(text))
    version = ids.version_id(article, "page", ids.text_sha256(text), 1)
    said = ids.normalised_words(words)
    quote = ids.quote_id(article, said, 1)
    number = connection.execute(select(schema.versions.c.id).where(schema.versions.c.article_id == article)).all()
    _put(connection, schema.sources, id=source, title=f"The {source.title()}", definition={}, updated=seen)
    _put(connection, schema.warc_files, id="a.warc.gz", uri="a.warc.gz")
    _put(
        connection, schema.articles, id=article, url=url, source_id=source, lang=lang, title=f"News of {source}",
        published_at=at if dated else None, first_seen_at=seen, last_seen_at=seen,
    )  # fmt: skip
    _put(
        connection, schema.captures, id=capture, url=url, source_id=source, kind="page", warc_id="a.warc.gz",
        warc_offset=0, warc_length=1, seen_at=seen, run_id=run,
    )  # fmt: skip
    _put(
        connection, schema.versions, id=version, article_id=article, n=len(number) + 1, capture_id=capture,
        origin="page", text=text, lang=lang, text_sha256=ids.text_sha256(text), seen_at=seen, quoted_by="1",
    )  # fmt: skip
    known = {"type": type_, "speaker_id": speaker, "speaker_name": name, "confidence": confidence, "span_rule": "alone"}
    known["stance"] = stance
    _put(
        connection, schema.quotes, id=quote, article_id=article, words_sha256=ids.text_sha256(said), occurrence=1,
        text=words, lang=lang, first_seen_at=seen, **known,
    )  # fmt: skip
    connection.execute(update(schema.articles).where(schema.articles.c.id == article).values(link_due=func.now()))
    start = len(BEFORE)
    _put(
        connection, schema.quote_spans, quote_id=quote, version_id=version, start=start, end=start + len(words), **known
    )
    return quote
