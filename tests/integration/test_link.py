"""Linking in the store: any order and any batches give the same statements, ids never die, alerts never double."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from quoted import DAY, PART, WORDS, opened, put_quote
from sqlalchemy import Connection, Engine, delete, func, select, text, update

from pipeline import ids
from pipeline.queries.statements import current_statement_id
from pipeline.records import Window
from pipeline.stages import link as linking
from pipeline.stages.link import link_quotes
from pipeline.store import schema
from pipeline.store.runs import ledger
from pipeline.store.statements import statements

NOW = DAY + timedelta(days=1)


def linked(engine: Engine) -> dict[str, Any]:
    """Everything linking wrote that must not depend on order."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(*(c for c in schema.statements.c if c.name != "matched_at")).order_by(schema.statements.c.id)
        ).all()
        members = connection.execute(select(schema.statement_quotes).order_by(schema.statement_quotes.c.quote_id)).all()
    return {"statements": [tuple(row) for row in rows], "members": [tuple(row) for row in members]}


def groups(engine: Engine) -> set[frozenset[str]]:
    """The sources of each statement."""
    joined = schema.statement_quotes.join(schema.quotes).join(schema.articles)
    query = select(schema.statement_quotes.c.statement_id, schema.articles.c.source_id).select_from(joined)
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for statement, source in connection.execute(query):
            found.setdefault(statement, set()).add(source)
    return {frozenset(names) for names in found.values()}


def put(engine: Engine, *quotes: dict[str, Any]) -> list[str]:
    with engine.begin() as connection:
        return [put_quote(connection, **quote) for quote in quotes]


def test_the_same_words_in_several_outlets_are_one_statement_and_relinking_changes_nothing(engine: Engine) -> None:
    run = opened(engine)
    names = put(engine, {"source": "a"}, {"source": "b", "hours": 1}, {"source": "c", "words": PART, "hours": 2})
    result = link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("abc")}
    assert result.counts["quotes"] == 3
    assert result.counts["statements"] == 1
    before = linked(engine)
    assert before["statements"][0][0] == ids.statement_id(names[0])
    again = link_quotes(engine, run_id=run, now=NOW)
    assert not +again.counts
    assert linked(engine) == before
    with engine.connect() as connection:
        counted = {(reason, n) for stage, _, reason, n in ledger.stage_counts(connection, run) if stage == "link"}
    assert counted == {("founding", 1), ("exact", 1), ("truncated", 1)}


def test_an_earlier_report_gives_the_statement_its_id_and_the_old_one_lives_on(engine: Engine) -> None:
    run = opened(engine)
    old = []
    for hours, source in ((30, "c"), (20, "b"), (10, "a")):
        put(engine, {"source": source, "hours": hours})
        link_quotes(engine, run_id=run, now=NOW)
        old.append(linked(engine)["statements"][0][0])
    assert len(set(old)) == 3
    with engine.connect() as connection:
        assert {current_statement_id(connection, name) for name in old} == {old[-1]}
        assert current_statement_id(connection, "never") is None
        aliases = dict(connection.execute(select(schema.statement_aliases)).all())  # type: ignore[arg-type]
    assert aliases == {old[0]: old[2], old[1]: old[2]}


def test_a_whole_that_comes_last_brings_its_parts_together(engine: Engine) -> None:
    run = opened(engine)
    put(
        engine,
        {"source": "a", "words": "the harbour will stay open"},
        {"source": "b", "words": "until the ice arrives"},
    )
    link_quotes(engine, run_id=run, now=NOW)
    assert len(groups(engine)) == 2
    put(engine, {"source": "c", "hours": 3})
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("abc")}


def written(connection: Connection) -> None:
    """Note, as the stages before do, that all articles were written."""
    connection.execute(update(schema.articles).values(link_due=func.clock_timestamp()))


def test_an_article_that_is_written_while_linking_is_at_it_stays_due(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"}, {"source": "b"}, {"source": "c", "hours": 300})

    def meanwhile(done: int, total: int) -> None:
        with engine.begin() as connection:
            again = update(schema.articles).where(schema.articles.c.source_id == "b")
            connection.execute(again.values(link_due=func.clock_timestamp()))

    link_quotes(engine, run_id=run, now=NOW, window=Window(DAY, DAY + timedelta(hours=1)), progress=meanwhile)
    with engine.connect() as connection:
        due = select(schema.articles.c.source_id).where(schema.articles.c.link_due.is_not(None))
        assert set(connection.scalars(due)) == {"b", "c"}
    assert link_quotes(engine, run_id=run, now=NOW).counts["quotes"] == 1
    with engine.connect() as connection:
        assert statements.articles_due(connection) == {}


def material(rng: random.Random, number: int) -> list[dict[str, Any]]:
    """Quotes of overlapping pieces by few speakers, no two with the same words in one article."""
    words = WORDS.split()
    found = {}
    for _ in range(number):
        start = rng.randrange(0, 8)
        quote: dict[str, Any] = {
            "source": f"s{rng.randrange(12)}",
            "path": str(rng.randrange(3)),
            "words": " ".join(words[start : start + rng.choice([1, 4, 5, 7, 8, 12])]),
        }
        speaker, name = rng.choice(
            [("mira-holt", "Known")] * 3 + [("other", "Known"), (None, None), (None, "Ann Named")]
        )
        found[tuple(quote.values())] = quote | {
            "speaker": speaker,
            "name": name,
            "hours": hash_hours(quote),
            "dated": hash_hours(quote) % 3 > 0,
        }
    return list(found.values())


def hash_hours(quote: dict[str, Any]) -> int:
    """One time for each article, whichever quote of it comes first."""
    return sum(map(ord, quote["source"] + quote["path"])) * 7 % 200


@pytest.mark.parametrize("seed", range(4))
def test_any_order_and_any_batches_give_the_same_statements(
    engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    quotes = material(rng, 60)
    run = opened(engine)
    put(engine, *quotes)
    link_quotes(engine, run_id=run, now=NOW)
    whole = linked(engine)
    with engine.begin() as connection:
        for table in ("statement_quotes", "statement_aliases", "statements", "quote_spans", "quotes", "versions"):
            connection.execute(text(f"DELETE FROM onrecord.{table}"))
    monkeypatch.setattr(linking, "BATCH", 3)
    rng.shuffle(quotes)
    while quotes:
        some = [quotes.pop() for _ in range(min(len(quotes), rng.randrange(1, 12)))]
        put(engine, *some)
        link_quotes(engine, run_id=run, now=NOW)
    now = linked(engine)
    assert now["members"] == whole["members"]
    assert now["statements"] == whole["statements"]
    with engine.connect() as connection:
        dead = (
            select(func.count())
            .select_from(schema.statement_aliases)
            .where(schema.statement_aliases.c.old_id.in_(select(schema.statements.c.id)))
        )
        assert connection.scalar(dead) == 0


def test_a_quote_given_to_another_speaker_leaves_its_statement(engine: Engine) -> None:
    run = opened(engine)
    first, second = put(engine, {"source": "a"}, {"source": "b", "hours": 1})
    link_quotes(engine, run_id=run, now=NOW)
    with engine.begin() as connection:
        connection.execute(update(schema.quotes).where(schema.quotes.c.id == first).values(speaker_id="other"))
        written(connection)
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("a"), frozenset("b")}
    with engine.connect() as connection:
        speakers = dict(
            connection.execute(select(schema.statements.c.founding_quote_id, schema.statements.c.speaker_id)).all()
        )  # type: ignore[arg-type]
    assert speakers == {first: "other", second: "mira-holt"}


def test_a_quote_read_as_a_denial_leaves_those_who_assert_the_words(engine: Engine) -> None:
    run = opened(engine)
    names = put(engine, {"source": "a"}, {"source": "b", "hours": 1}, {"source": "c", "hours": 2, "stance": "denied"})
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("ab"), frozenset("c")}
    with engine.begin() as connection:
        connection.execute(update(schema.quotes).where(schema.quotes.c.id == names[1]).values(stance="denied"))
        connection.execute(update(schema.articles).values(link_due=func.now()))
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("a"), frozenset("bc")}
    with engine.connect() as connection:
        stances = set(connection.execute(select(schema.statements.c.founding_quote_id, schema.statements.c.stance)))
    assert stances == {(names[0], "said"), (names[1], "denied")}


def test_a_corrected_date_is_followed(engine: Engine) -> None:
    run = opened(engine)
    first, second = put(engine, {"source": "a"}, {"source": "b", "hours": 1})
    link_quotes(engine, run_id=run, now=NOW)
    with engine.begin() as connection:
        moved = update(schema.articles).where(schema.articles.c.source_id == "a")
        connection.execute(moved.values(published_at=DAY + timedelta(hours=5)))
        written(connection)
    link_quotes(engine, run_id=run, now=NOW)
    assert linked(engine)["statements"][0][0] == ids.statement_id(second)
    with engine.connect() as connection:
        assert current_statement_id(connection, ids.statement_id(first)) == ids.statement_id(second)


def test_a_window_links_what_was_first_seen_in_it_and_what_belongs_with_that(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"}, {"source": "b", "hours": 24}, {"source": "c", "words": "something else", "hours": 24})
    result = link_quotes(engine, run_id=run, now=NOW, window=Window(DAY, DAY + timedelta(hours=1)))
    assert groups(engine) == {frozenset("ab")}
    assert result.counts["quotes"] == 2
    assert link_quotes(engine, run_id=run, now=NOW).counts["quotes"] == 1
    with engine.connect() as connection:
        assert sum(n for stage, _, _, n in ledger.stage_counts(connection, run) if stage == "link") == 3


def test_a_new_report_or_speaker_makes_a_statement_wait_for_the_watches_again(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"})
    link_quotes(engine, run_id=run, now=NOW)
    with engine.begin() as connection:
        connection.execute(update(schema.statements).values(matched_at=NOW))
    link_quotes(engine, run_id=run, now=NOW)
    matched = select(schema.statements.c.matched_at)
    with engine.connect() as connection:
        assert connection.scalar(matched) == NOW
    put(engine, {"source": "b", "hours": 2})
    link_quotes(engine, run_id=run, now=NOW)
    with engine.connect() as connection:
        assert connection.scalar(matched) is None
        assert connection.execute(delete(schema.alerts)).rowcount == 0


def lose(engine: Engine, *names: str) -> None:
    """No version has these quotes any more, as after a reading by newer code."""
    with engine.begin() as connection:
        connection.execute(delete(schema.quote_spans).where(schema.quote_spans.c.quote_id.in_(names)))
        own = select(schema.quotes.c.article_id).where(schema.quotes.c.id.in_(names))
        due = update(schema.articles).where(schema.articles.c.id.in_(own)).values(link_due=func.clock_timestamp())
        connection.execute(due)


def test_a_quote_that_no_version_has_any_more_leaves_its_statement_which_goes_on(engine: Engine) -> None:
    run = opened(engine)
    other = {"source": "c", "words": "ferries are free on every friday now"}
    first, second, alone = put(engine, {"source": "a"}, {"source": "b", "hours": 1}, other)
    link_quotes(engine, run_id=run, now=NOW)
    old = {row[1]: row[0] for row in linked(engine)["statements"]}
    lose(engine, first, alone)
    link_quotes(engine, run_id=run, now=NOW)
    (statement,) = linked(engine)["statements"]
    assert statement[:2] == (ids.statement_id(second), second)
    assert groups(engine) == {frozenset("b")}
    with engine.connect() as connection:
        assert current_statement_id(connection, old[first]) == statement[0]
        assert current_statement_id(connection, old[alone]) is None
        assert connection.scalars(select(schema.quotes.c.id)).all() == [second]
    before = linked(engine)
    assert not +link_quotes(engine, run_id=run, now=NOW).counts
    assert linked(engine) == before


def test_undated_quotes_join_whoever_says_the_same_many_words_whenever_they_were_seen(engine: Engine) -> None:
    run = opened(engine)
    put(
        engine,
        {"source": "a"},
        {"source": "b", "hours": 500, "dated": False},
        {"source": "c", "words": PART, "dated": False},
    )
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("ab"), frozenset("c")}


def test_undated_quotes_linked_by_their_first_sight_are_parted(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"}, {"source": "c", "words": PART})
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("ac")}
    with engine.begin() as connection:
        connection.execute(
            update(schema.articles).where(schema.articles.c.source_id == "c").values(published_at=None, link_due=NOW)
        )
    link_quotes(engine, run_id=run, now=NOW)
    assert groups(engine) == {frozenset("a"), frozenset("c")}
