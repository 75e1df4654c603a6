"""Quotes keep their ids over versions; what differs between two versions is an edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select

from pipeline.queries.speakers import roster_proposals
from pipeline.quote_rules import QuoteRules, SpeakerRule, by_cue
from pipeline.records import Window
from pipeline.store.articles import quotes
from pipeline.store.crawl import crawls
from pipeline.store.schema import edits, quote_spans
from pipeline.store.schema import quotes as quote_rows
from tests.integration.newsdesk import DAY1, DAY2, SOURCE, TEXT, opened, page, quote_all, quote_in, read_all

WORDS = "We will build a second one,"
SAID = by_cue("after", "say")


def publish(connection: Connection, run: str, text: str, hours: int) -> None:
    at = DAY1 + timedelta(hours=hours)
    crawls.load_journal(connection, run, SOURCE.id, [page("a", text, at=at)])
    read_all(connection, {"a": text}, at=at)


def kinds(connection: Connection) -> list[str]:
    return list(connection.scalars(select(edits.c.kind).order_by(edits.c.kind)))


def test_a_quote_is_found_once_and_is_the_very_words_of_its_version(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        ((name,),) = quote_all(connection, [WORDS])
        assert quote_all(connection, [WORDS]) == []
        row = connection.execute(select(quote_rows).where(quote_rows.c.id == name)).one()
    assert (row.text, row.speaker_name, row.first_seen_at) == (WORDS, "Anna Petrova", DAY1)


def test_the_same_words_in_the_next_version_are_the_same_quote(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        publish(connection, run, "Updated. " + TEXT, 1)
        first, second = quote_all(connection, [WORDS])
        assert first == second
        starts = connection.scalars(select(quote_spans.c.start).order_by(quote_spans.c.start)).all()
        assert starts == [TEXT.index(WORDS), TEXT.index(WORDS) + len("Updated. ")]
        assert kinds(connection) == []


def test_words_said_twice_in_one_article_are_two_quotes(engine: Engine) -> None:
    run = opened(engine)
    text = '"No," she said. "No," he said.'
    with engine.begin() as connection:
        publish(connection, run, text, 0)
        (version,) = quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))
        second = text.rindex("No,")
        spans = [quote_in(text, "No,"), quote_in(text[second:], "No,")]
        spans[1] = type(spans[1])(second, second + 3, "direct")
        assert len(set(quotes.save_quotes(connection, version.id, spans, engine_version="1", now=DAY1))) == 2


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("The bridge is open.", ["removed"]),
        (TEXT + ' "And a third," Petrova added.', ["added"]),
        (TEXT.replace("a second one", "another one soon"), ["reworded"]),
        (
            TEXT.replace("We will build a second one", "We will build a second one across the river by May"),
            ["reworded"],
        ),
        ("Nothing of it was true, the paper wrote. " + TEXT, []),
    ],
)
def test_an_edit_says_what_became_of_a_quote(engine: Engine, then: str, expected: list[str]) -> None:
    run = opened(engine)
    phrases = [
        WORDS,
        "And a third,",
        "We will build another one soon,",
        "We will build a second one across the river by May,",
    ]
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        publish(connection, run, then, 1)
        quote_all(connection, phrases)
        assert kinds(connection) == expected


def test_the_same_words_under_another_name_are_reattributed(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        quote_all(connection, [WORDS])
        publish(connection, run, TEXT.replace("Anna Petrova", "Ivan Sidorov"), 1)
        quote_all(connection, [WORDS], name="Ivan Sidorov")
        assert kinds(connection) == ["reattributed"]
        assert connection.scalar(select(quote_rows.c.speaker_name)) == "Ivan Sidorov"


def test_reading_an_older_version_again_does_not_bring_back_its_attribution(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        publish(connection, run, TEXT + " Updated.", 1)
        older, newer = quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))
        for version, name in ((newer, "Ivan Sidorov"), (older, "Anna Petrova")):
            found = [quote_in(version.text, WORDS, name=name)]
            quotes.save_quotes(connection, version.id, found, engine_version="1", now=DAY2)
        assert connection.scalar(select(quote_rows.c.speaker_name)) == "Ivan Sidorov"


def test_a_new_engine_reads_again_and_replaces_what_the_old_one_found(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        quote_all(connection, ["The bridge is open.", WORDS])
        quote_all(connection, [WORDS], engine="2")
        assert connection.scalars(select(quote_rows.c.text)).all() == [WORDS]
        assert kinds(connection) == []


def test_a_window_selects_versions_by_when_they_were_seen(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        publish(connection, run, TEXT + " More.", 24)
        found = list(
            quotes.load_waiting_versions(
                connection, quotes.versions_waiting(connection, "1", Window(DAY2, DAY2 + timedelta(days=1)))
            )
        )
    assert [version.text for version in found] == [TEXT + " More."]


def test_a_span_outside_the_text_is_refused(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        (version,) = quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))
        outside = quote_in(TEXT, WORDS)
        outside = type(outside)(outside.start, len(TEXT) + 1, "direct")
        with pytest.raises(ValueError, match="outside"):
            quotes.save_quotes(connection, version.id, [outside], engine_version="1", now=DAY1)
        assert connection.scalar(select(func.count()).select_from(quote_rows)) == 0


def test_who_is_quoted_by_name_and_not_in_the_roster_is_proposed(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        (version,) = quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))
        second = "The bridge is open"
        named = [
            replace(quote_in(TEXT, WORDS, name="Anna Petrova"), rules=QuoteRules(SAID, SpeakerRule.NAME)),
            replace(quote_in(TEXT, second, name="Anna Petrova"), rules=QuoteRules(SAID, SpeakerRule.PRONOUN)),
        ]
        quotes.save_quotes(connection, version.id, named, engine_version="1", now=DAY1)
        (found,) = roster_proposals(connection, 2, 10)
        assert (found.name, found.quotes, found.articles, found.sources) == ("Anna Petrova", 2, 1, (SOURCE.id,))
        assert roster_proposals(connection, 3, 10) == []


def test_a_description_is_nobody_to_propose(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        publish(connection, run, TEXT, 0)
        (version,) = quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))
        source = replace(
            quote_in(TEXT, WORDS, name="source in the ministry"), rules=QuoteRules(SAID, SpeakerRule.AS_WRITTEN)
        )
        quotes.save_quotes(connection, version.id, [source], engine_version="1", now=DAY1)
        assert roster_proposals(connection, 1, 10) == []
