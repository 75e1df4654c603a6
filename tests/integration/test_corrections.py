"""What was sent and its publication takes back is corrected, in the thread of the first e-mail, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from postbox import Postbox, served
from quoted import DAY, WORDS, put_quote
from sqlalchemy import Engine, func, insert, select, update
from test_outbox import MAYOR, NOW, put, run_alerts, start_watching

from pipeline.store import schema

LATER = NOW + timedelta(hours=1)
REWORDED = "the harbour will stay open to small ships until the ice arrives"


def edit(engine: Engine, kind: str, quote: str, other: str | None = None) -> None:
    """As the quote stage stores what an edit of the article did to its quote."""
    with engine.begin() as connection:
        article = connection.scalar(select(schema.quotes.c.article_id).where(schema.quotes.c.id == quote))
        version = connection.scalar(select(schema.versions.c.id).where(schema.versions.c.article_id == article))
        row = {"id": f"edit-{kind}", "article_id": article, "from_version": version, "to_version": version}
        row |= {"kind": kind, "quote_id": quote, "other_quote_id": other, "seen_at": DAY + timedelta(hours=2.5)}
        connection.execute(insert(schema.edits).values(row))


def sent(engine: Engine, box: Postbox) -> str:
    start_watching(engine)
    (quote,) = put(engine, {"source": "a"})
    assert run_alerts(engine, box).sent == 1
    return quote


def body(box: Postbox, at: int) -> str:
    plain = box.emails[at].get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("removed", None, "no longer has these words"),
        ("reworded", {"words": REWORDED}, "has changed these words"),
        ("reattributed", None, "not Mira Holt's but Ole Brand's"),
    ],
)
def test_what_was_sent_is_corrected_once_in_its_thread(
    engine: Engine, kind: str, changed: dict[str, str] | None, words: str
) -> None:
    with served() as box:
        quote = sent(engine, box)
        with engine.begin() as connection:
            other = put_quote(connection, "a", hours=0, seen_hours=2.5, **changed) if changed else None  # type: ignore[arg-type]
            if kind == "reattributed":
                whose = {"speaker_id": "ole-brand", "speaker_name": "Ole Brand"}
                connection.execute(update(schema.quotes).where(schema.quotes.c.id == quote).values(whose))
                connection.execute(update(schema.articles).values(link_due=func.now()))
        edit(engine, kind, quote, other)
        assert run_alerts(engine, box, now=LATER).letters == 1
        assert run_alerts(engine, box, now=LATER + timedelta(hours=1)).letters == 0
    assert box.emails[1]["Subject"].startswith("Correction: Mira Holt: “the harbour will stay open to every ship")
    assert box.emails[1]["References"] == box.ids[0]
    said = " ".join(body(box, 1).split())
    assert words in said and WORDS in said
    assert (REWORDED in said) is (kind == "reworded")


def test_what_another_outlet_still_prints_stands(engine: Engine) -> None:
    with served() as box:
        quote = sent(engine, box)
        put(engine, {"source": "b", "hours": 1})
        edit(engine, "removed", quote)
        assert run_alerts(engine, box, MAYOR, now=LATER).letters == 0


def test_words_that_a_longer_wording_keeps_stand(engine: Engine) -> None:
    with served() as box:
        quote = sent(engine, box)
        with engine.begin() as connection:
            other = put_quote(connection, "a", f"{WORDS}, as ever", hours=0, seen_hours=2.5)
        edit(engine, "reworded", quote, other)
        run_alerts(engine, box, now=LATER)
    assert not [mail for mail in box.emails if "Correction" in mail["Subject"]]
