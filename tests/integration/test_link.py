"""Linking in the store: any order and any batches give the same statements, ids never die, alerts never double."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from quoted import DAY, PART, WORDS, opened, put_quote
from sqlalchemy import Connection, Engine, delete, func, select, text, update

from pipeline.queries.statements import current_statement_id, links_within, load_statement_views
from pipeline.records import Window
from pipeline.stages import link as linking
from pipeline.stages.link import link_quotes
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.store import schema
from pipeline.store.runs import ledger
from pipeline.store.statements import linkable_quotes

NOW = DAY + timedelta(days=1)


def linked(engine: Engine) -> dict[str, Any]:
    """Everything linking wrote that must not depend on order."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*(it for it in table.c if it.name != "matched_at")).order_by(*table.primary_key.columns)
                )
            ]
            for table in (schema.statements, schema.segments, schema.segment_links)
        }


def groups(engine: Engine) -> set[frozenset[str]]:
    """The sources of each statement."""
    joined = schema.segments.join(schema.quotes).join(schema.articles)
    query = select(schema.segments.c.statement_id, schema.articles.c.source_id).select_from(joined)
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for statement, source in connection.execute(query):
            found.setdefault(statement, set()).add(source)
    return {frozenset(names) for names in found.values()}


def statement_of(engine: Engine, quote: str) -> str:
    """The statement that a quote of one sentence reports."""
    with engine.connect() as connection:
        query = select(schema.segments.c.statement_id).where(schema.segments.c.quote_id == quote)
        return connection.execute(query).scalar_one()


def founded_by(engine: Engine) -> dict[str, str]:
    """The statements by their founding quotes."""
    with engine.connect() as connection:
        query = select(schema.statements.c.founding_quote_id, schema.statements.c.id)
        return dict(connection.execute(query).all())


def put(engine: Engine, *quotes: dict[str, Any]) -> list[str]:
    with engine.begin() as connection:
        return [put_quote(connection, **quote) for quote in quotes]


def test_the_same_words_in_several_outlets_are_one_statement_and_relinking_changes_nothing(engine: Engine) -> None:
    run = opened(engine)
    names = put(engine, {"source": "a"}, {"source": "b", "hours": 1}, {"source": "c", "words": PART, "hours": 2})
    result = link_quotes(engine, run_id=run)
    assert groups(engine) == {frozenset("abc")}
    assert result.counts["quotes"] == 3
    assert result.counts["statements"] == 1
    before = linked(engine)
    assert founded_by(engine) == {names[0]: statement_of(engine, names[2])}
    again = link_quotes(engine, run_id=run)
    assert not +again.counts
    assert linked(engine) == before
    with engine.connect() as connection:
        counted = {(reason, n) for stage, _, reason, n in ledger.stage_counts(connection, run) if stage == "link"}
    assert counted == {("founding", 1), ("exact", 1), ("contained", 1)}


def test_an_earlier_report_gives_the_statement_its_id_and_the_old_one_lives_on(engine: Engine) -> None:
    run = opened(engine)
    old = []
    for hours, source in ((30, "c"), (20, "b"), (10, "a")):
        put(engine, {"source": source, "hours": hours})
        link_quotes(engine, run_id=run)
        old.append(linked(engine)["statements"][0][0])
    assert len(set(old)) == 3
    with engine.connect() as connection:
        assert {current_statement_id(connection, name) for name in old} == {old[-1]}
        assert current_statement_id(connection, "never") is None
        aliases = dict(connection.execute(select(schema.statement_aliases)).all())  # type: ignore[arg-type]
    assert aliases == {old[0]: old[2], old[1]: old[2]}


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

    link_quotes(engine, run_id=run, window=Window(DAY, DAY + timedelta(hours=1)), progress=meanwhile)
    with engine.connect() as connection:
        due = select(schema.articles.c.source_id).where(schema.articles.c.link_due.is_not(None))
        assert set(connection.scalars(due)) == {"b", "c"}
    assert link_quotes(engine, run_id=run).counts["quotes"] == 1
    with engine.connect() as connection:
        assert linkable_quotes.articles_due(connection) == {}


SENTENCES = {
    "en": (
        WORDS,
        PART,
        "The harbour will not stay open to every ship until the ice arrives.",
        "Forty lanterns will hang along the harbour wall before the winter regatta.",
        "Forty lanterns are to hang along the harbour wall before our winter regatta.",
        "Fifty lanterns will hang along the harbour wall before the winter regatta.",
        "Thank you.",
        "The harbour will stay open to every ship. Forty lanterns will hang along the harbour wall.",
        "We shall count every barge and every lantern of the harbour once more. Nobody pays twice.",
    ),
    "ru": (
        "Маяк на дальнем причале будут красить до самой осени.",
        "До самой осени будут красить маяк на дальнем причале",
        "Маяк на дальнем причале красить не будут.",
    ),
}
SPEAKERS = [("mira-holt", "Mira Holt")] * 4 + [("harbour-office", "Harbour Office"), (None, None), (None, "Ann Named")]
KNOWN = KnownSpeakers(
    {"mira-holt": frozenset(["harbour-office"])}, frozenset(["mira-holt"]), frozenset(["harbour-office"])
)


def material(rng: random.Random, number: int) -> list[dict[str, Any]]:
    """Quotes of a few sentences in a few articles, no two with the same words in one article."""
    found = {}
    for _ in range(number):
        lang = rng.choice(["en", "en", "ru"])
        quote: dict[str, Any] = {
            "source": f"s{rng.randrange(9)}",
            "path": str(rng.randrange(3)),
            "words": rng.choice(SENTENCES[lang]),
        }
        speaker, name = rng.choice(SPEAKERS)
        hours = sum(map(ord, quote["source"] + quote["path"])) * 7 % 200
        found[tuple(quote.values())] = quote | {
            "lang": lang,
            "speaker": speaker,
            "name": name,
            "type_": rng.choice(["direct", "direct", "indirect"]),
            "stance": rng.choice(["said"] * 8 + ["denied"]),
            "hours": hours,
            "dated": hours % 5 > 0,
        }
    return list(found.values())


def changed(connection: Connection, rng: random.Random, names: list[str], *, lost: bool) -> None:
    """Something that is found out later: a date, a speaker, a stance, or (``lost``) that a quote is none."""
    quote = rng.choice(names)
    of_article = select(schema.quotes.c.article_id).where(schema.quotes.c.id == quote).scalar_subquery()
    article = update(schema.articles).where(schema.articles.c.id == of_article)
    connection.execute(article.values(link_due=func.clock_timestamp()))
    own = update(schema.quotes).where(schema.quotes.c.id == quote)
    match rng.randrange(5 if lost else 4):
        case 0:
            connection.execute(article.values(published_at=DAY + timedelta(hours=rng.randrange(400))))
        case 1:
            connection.execute(article.values(published_at=None))
        case 2:
            speaker, name = rng.choice(SPEAKERS)
            connection.execute(own.values(speaker_id=speaker, speaker_name=name))
        case 3:
            connection.execute(own.values(stance=rng.choice(["said", "denied", "reported"])))
        case 4:
            connection.execute(delete(schema.quote_spans).where(schema.quote_spans.c.quote_id == quote))


def rebuilt(engine: Engine, run: str) -> dict[str, Any]:
    """What linking all quotes at once gives."""
    with engine.begin() as connection:
        for table in ("segment_links", "segments", "statement_aliases", "statements"):
            connection.execute(text(f"DELETE FROM onrecord.{table}"))
        written(connection)
    link_quotes(engine, run_id=run, known=KNOWN)
    return linked(engine)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_in_whatever_order_gives_what_linking_all_at_once_gives(
    engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    quotes = material(rng, 70)
    rng.shuffle(quotes)
    run = opened(engine)
    monkeypatch.setattr(linking, "BATCH", 3)
    names: list[str] = []
    given: set[str] = set()
    while quotes:
        names += put(engine, *(quotes.pop() for _ in range(min(len(quotes), rng.randrange(1, 12)))))
        link_quotes(engine, run_id=run, known=KNOWN)
        with engine.begin() as connection:
            given |= set(connection.scalars(select(schema.statements.c.id)))
            for _ in range(rng.randrange(3)):
                changed(connection, rng, names, lost=seed % 2 > 0)
        link_quotes(engine, run_id=run, known=KNOWN)
    with engine.connect() as connection:
        dead = {name for name in given if current_statement_id(connection, name) is None}
        wordless = select(schema.statement_aliases.c.old_id).where(
            schema.statement_aliases.c.old_id.in_(select(schema.statements.c.id))
        )
        assert connection.scalars(wordless).all() == []
    step_by_step = linked(engine)
    monkeypatch.setattr(linking, "BATCH", 500)
    assert rebuilt(engine, run) == step_by_step
    assert not dead or seed % 2 > 0


def test_a_quote_given_to_another_speaker_leaves_its_statement(engine: Engine) -> None:
    run = opened(engine)
    known = KnownSpeakers(persons=frozenset(["mira-holt", "other"]))
    first, second = put(engine, {"source": "a"}, {"source": "b", "hours": 1})
    link_quotes(engine, run_id=run, known=known)
    with engine.begin() as connection:
        connection.execute(update(schema.quotes).where(schema.quotes.c.id == first).values(speaker_id="other"))
        written(connection)
    link_quotes(engine, run_id=run, known=known)
    assert groups(engine) == {frozenset("a"), frozenset("b")}
    with engine.connect() as connection:
        speakers = dict(
            connection.execute(select(schema.statements.c.founding_quote_id, schema.statements.c.speaker_id)).all()
        )  # type: ignore[arg-type]
    assert speakers == {first: "other", second: "mira-holt"}


def test_a_quote_read_as_a_denial_leaves_those_who_assert_the_words(engine: Engine) -> None:
    run = opened(engine)
    names = put(engine, {"source": "a"}, {"source": "b", "hours": 1}, {"source": "c", "hours": 2, "stance": "denied"})
    link_quotes(engine, run_id=run)
    assert groups(engine) == {frozenset("ab"), frozenset("c")}
    with engine.begin() as connection:
        connection.execute(update(schema.quotes).where(schema.quotes.c.id == names[1]).values(stance="denied"))
        connection.execute(update(schema.articles).values(link_due=func.now()))
    link_quotes(engine, run_id=run)
    assert groups(engine) == {frozenset("a"), frozenset("bc")}
    with engine.connect() as connection:
        stances = set(connection.execute(select(schema.statements.c.founding_quote_id, schema.statements.c.stance)))
    assert stances == {(names[0], "said"), (names[1], "denied")}


def test_a_corrected_date_is_followed(engine: Engine) -> None:
    run = opened(engine)
    first, second, third = put(engine, {"source": "a"}, {"source": "b", "hours": 1}, {"source": "c", "hours": 2})
    link_quotes(engine, run_id=run)
    old = statement_of(engine, first)

    def dated(source: str, hours: int) -> None:
        with engine.begin() as connection:
            moved = update(schema.articles).where(schema.articles.c.source_id == source)
            connection.execute(moved.values(published_at=DAY + timedelta(hours=hours), link_due=func.now()))
        link_quotes(engine, run_id=run)

    dated("a", 5)
    assert founded_by(engine) == {second: statement_of(engine, first)}
    with engine.connect() as connection:
        assert current_statement_id(connection, old) == statement_of(engine, second)
    dated("c", 720)
    assert founded_by(engine).keys() == {second, third}
    dated("c", 3)
    assert founded_by(engine).keys() == {second}


def test_a_window_links_what_was_first_seen_in_it(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"}, {"source": "b", "hours": 24}, {"source": "c", "words": "something else", "hours": 24})
    result = link_quotes(engine, run_id=run, window=Window(DAY, DAY + timedelta(hours=1)))
    assert groups(engine) == {frozenset("a")}
    assert result.counts["quotes"] == 1
    assert link_quotes(engine, run_id=run).counts["quotes"] == 2
    assert groups(engine) == {frozenset("ab"), frozenset("c")}
    with engine.connect() as connection:
        assert sum(n for stage, _, _, n in ledger.stage_counts(connection, run) if stage == "link") == 3


def test_a_new_report_or_speaker_makes_a_statement_wait_for_the_watches_again(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"})
    link_quotes(engine, run_id=run)
    with engine.begin() as connection:
        connection.execute(update(schema.statements).values(matched_at=NOW))
    link_quotes(engine, run_id=run)
    matched = select(schema.statements.c.matched_at)
    with engine.connect() as connection:
        assert connection.scalar(matched) == NOW
    put(engine, {"source": "b", "hours": 2})
    link_quotes(engine, run_id=run)
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
    link_quotes(engine, run_id=run)
    old = {row[1]: row[0] for row in linked(engine)["statements"]}
    lose(engine, first, alone)
    link_quotes(engine, run_id=run)
    (statement,) = linked(engine)["statements"]
    assert statement[:2] == (statement_of(engine, second), second)
    assert groups(engine) == {frozenset("b")}
    with engine.connect() as connection:
        assert current_statement_id(connection, old[first]) == statement[0]
        assert current_statement_id(connection, old[alone]) is None
        assert connection.scalars(select(schema.quotes.c.id)).all() == [second]
    before = linked(engine)
    assert not +link_quotes(engine, run_id=run).counts
    assert linked(engine) == before


def test_undated_quotes_join_whoever_says_the_same_many_words_whenever_they_were_seen(engine: Engine) -> None:
    run = opened(engine)
    put(
        engine,
        {"source": "a"},
        {"source": "b", "hours": 500, "dated": False},
        {"source": "c", "words": PART, "dated": False},
    )
    link_quotes(engine, run_id=run)
    assert groups(engine) == {frozenset("ab"), frozenset("c")}


def test_undated_quotes_linked_by_their_first_sight_are_parted(engine: Engine) -> None:
    run = opened(engine)
    put(engine, {"source": "a"}, {"source": "c", "words": PART})
    link_quotes(engine, run_id=run)
    assert groups(engine) == {frozenset("ac")}
    with engine.begin() as connection:
        connection.execute(
            update(schema.articles).where(schema.articles.c.source_id == "c").values(published_at=None, link_due=NOW)
        )
    link_quotes(engine, run_id=run)
    assert groups(engine) == {frozenset("a"), frozenset("c")}


def test_an_explanation_shows_how_each_report_repeats_another_and_what_is_apart(engine: Engine) -> None:
    lanterns = "Forty lanterns will hang along the harbour wall before the winter regatta."
    run = opened(engine)
    first, part, other = put(
        engine,
        {"source": "a", "words": lanterns},
        {"source": "a", "words": "Forty lanterns will hang along the harbour wall"},
        {"source": "b", "words": lanterns.replace("Forty", "Fifty"), "hours": 1},
    )
    link_quotes(engine, run_id=run)
    statement = statement_of(engine, first)
    assert statement_of(engine, part) == statement != statement_of(engine, other)
    with engine.connect() as connection:
        (view,) = load_statement_views(connection, [statement], every_report=True)
        links = links_within(connection, statement)
    assert {it.quote_id for it in view.reports} == {first, part}
    assert sorted(it.how for it in view.reports) == ["edited", "founding"]
    within = [it for it in links if {it.quote_id, it.other_quote_id} == {first, part}]
    assert [(it.kind, it.why) for it in within] == [("edited", "")]
    assert ("apart", "number", other) in {(it.kind, it.why, it.other_quote_id) for it in links}
    assert all(it.words and it.other_words for it in links)
