"""The same words find the same quotes in a search, in plain SQL and in a watch."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.demo.newsroom.stories import load_stories
from pipeline.errors import SearchTooLong
from pipeline.language.morphology import dictionary_rows
from pipeline.language.normalise import fold_word, written_words
from pipeline.language.query import parse_query
from pipeline.queries.rows import SearchQuestion
from pipeline.queries.search import search_quotes
from pipeline.records import Watch
from pipeline.store.articles.search_terms import (
    analyse_quotes,
    analyse_waiting_quotes,
    forget_unused_words,
    put_word_forms,
)
from pipeline.store.engine import engine_on, sqlalchemy_url
from pipeline.store.schema import quotes
from tests.conftest import NEWSROOM_SOURCES, Cluster
from tests.integration.quoted import opened, put_quote
from tests.labelled import reading

OF_THEIR_OWN = (
    "Глава МИД Песков назвал песок песком: много песков и мало МИДа.",
    "Участники СВО нашли свой дом. Речь о США, NATO и НАТО.",
    "The U.S. cease-fire held; US officials told us of a ceasefire, of F-16s, an F16 and the F-16.",
    "The defence minister's organisation met Defense ministers' organizations. O'Brien's men's F.B.I.",
    "Ф.Песков и пресс-секретарь Ребёнка сказали детям: «ещё раз — о Нью-Йорке».",
    "мoбилизaция и the Кerch bridge, мобили\u00adзация\u200b, ﬁnance",
)
QUERIES = (
    "Песков", "песков", "ПЕСКОВ", "песок", "Пескова песок", "СВО", "сво", "свой", "МИД", "мид", "US", "us", "U.S.",
    "ceasefire", "cease-fire", "Cease-Fires", "defence", "defenses", "F-16", "F16", "f16", '"F-16"', "NATO or НАТО",
    "-песок", "песков -песок", '"много песков"', '"много песка"', "«много песков»", "or", "or or песок", "песок or",
    '-"много песков" песок', "O'Brien", "O’Brien", '"', '""', "' & | ! <-> :* \\", "(песок)", "песок,песков",
    "-песок,песков", "ребенок", "Ребёнком", "дети", "Нью-Йорк", "ньюйорк", "йорк", "секретарь", "FBI", "F.B.I.",
    "мобилизация", "Kerch", "finance", "Organisations", "organize", "слово\u00a0дом", "--", "- песок", "17", "", " ",
)  # fmt: skip


def texts() -> list[str]:
    labelled = [article for lang in ("en", "ru") for article in reading.articles(lang)]
    quoted = [article.text[quote.start : quote.end] for article in labelled for quote in article.quotes]
    newsroom = [state.text for site in NEWSROOM_SOURCES for story in load_stories(site) for state in story.states]
    others = list(dict.fromkeys([*quoted, *(line for it in newsroom for line in it.split("\n") if line)]))
    return [*OF_THEIR_OWN, *random.Random(17).sample(others, 400)]


def words_of(texts: list[str]) -> list[str]:
    """A thousand words: 700 as they stand in texts, 300 in forms that may stand in none."""
    chosen = random.Random(17)
    written = sorted({word for it in texts for word, _ in written_words(it)})
    other = sorted({form for word in written for _, form, _ in dictionary_rows(fold_word(word))})
    return [*chosen.sample(written, 700), *chosen.sample(other, 300)]


@pytest.fixture(scope="module")
def stored(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Quotes that were stored before there were search terms, and got theirs as an upgrade gives them."""
    address = cluster.create(template)
    with engine_on(sqlalchemy_url(address)) as engine:
        opened(engine)
        with engine.begin() as connection:
            for number, words in enumerate(texts()):
                put_quote(connection, "kestrel", words, path=str(number))
        assert analyse_waiting_quotes(engine) == len(texts())
        yield engine
    cluster.drop(address)


def test_a_thousand_words_find_the_same_quotes_everywhere(stored: Engine) -> None:
    asked = [*QUERIES, *words_of(texts())]
    watches = [Watch(str(number), "", "reader@example.org", words=(words,)) for number, words in enumerate(asked)]
    matcher = WatchMatcher(watches)
    with stored.connect() as connection:
        watched: dict[str, set[str]] = {watch.id: set() for watch in watches}
        for row in connection.execute(select(quotes.c.id, quotes.c.text)):
            for watch in matcher.matching_watches(WatchCandidate((), (row.text,))):
                watched[watch.id].add(row.id)
        differing = []
        for number, words in enumerate(asked):
            found = search_quotes(connection, SearchQuestion(words), limit=10_000)
            searched = {hit.id for hit in found.hits}
            in_sql = set(connection.scalars(text("SELECT id FROM analyst.search(:words)"), {"words": words}))
            # Without words a search finds everything, and a watch is refused.
            if (
                searched != in_sql
                or (words.strip() and searched != watched[str(number)])
                or found.total != len(searched)
            ):
                differing.append((words, len(searched), len(in_sql), len(watched[str(number)])))
    assert differing == []


@pytest.mark.parametrize(
    ("words", "found", "missed"),
    [
        ("Песков", "Глава МИД Песков", "мало песка и много песков"),
        ("песок", "много песков", "Песков ответил"),
        ("СВО", "Участники СВО", "нашли свой дом"),
        ("ребёнок", "сказали детям", "ребята"),
        ("US", "The U.S. and others", "told us"),
        ("МИД", "по данным МИДа", "мидии"),
        ("cease-fire", "two ceasefires", "cease and fire"),
        ("ceasefire", "the cease-fire held", "the fire ceased"),
        ("defence", "the Defense minister", "the fence"),
        ("F-16", "several F16 jets", "16 F-15 jets"),
        ('"мирных переговоров"', "Мирных переговоров нет", "мирные переговоры"),
        ("переговоры -мир", "о переговорах", "о переговорах и мире"),
    ],
)
def test_words_are_found_as_people_mean_them(engine: Engine, words: str, found: str, missed: str) -> None:
    opened(engine)
    with engine.begin() as connection:
        wanted = put_quote(connection, "kestrel", found, path="found")
        put_quote(connection, "kestrel", missed, path="missed")
    analyse_waiting_quotes(engine)
    with engine.connect() as connection:
        assert [hit.id for hit in search_quotes(connection, SearchQuestion(words)).hits] == [wanted]
        assert connection.scalars(text("SELECT id FROM analyst.search(:it)"), {"it": words}).all() == [wanted]


def test_batches_that_store_the_same_new_words_at_once_wait_for_each_other(engine: Engine) -> None:
    words = sorted({fold_word(word) for it in OF_THEIR_OWN for word, _ in written_words(it)})

    def store(number: int) -> None:
        mine = random.Random(number).sample(words, len(words))
        for start in range(0, len(mine), 10):
            with engine.begin() as connection:
                put_word_forms(connection, mine[start : start + 10])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(store, range(4))) == [None] * 4
    with engine.connect() as connection:
        stored = set(connection.scalars(text("SELECT form FROM onrecord.word_forms WHERE seen")))
    assert stored == {word for word in words if not word.isdigit()}


def test_a_takedown_keeps_the_words_of_a_quote_that_is_just_being_stored(engine: Engine) -> None:
    opened(engine)
    with engine.begin() as connection:
        put_word_forms(connection, ["мосты", "маяки"])

    def forget() -> int:
        with engine.begin() as connection:
            return forget_unused_words(connection)

    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as connection:
            quote = put_quote(connection, "kestrel", "Мосты открыты")
            put_word_forms(connection, analyse_quotes(connection, [quote]))
            forgetting = pool.submit(forget)
            with pytest.raises(TimeoutError):
                forgetting.result(timeout=1)
        assert forgetting.result(timeout=60) > 0
    with engine.connect() as connection:
        lemmas = set(connection.scalars(text("SELECT lemma FROM analyst.word_forms")))
        assert search_quotes(connection, SearchQuestion("мостами")).total == 1
        assert connection.scalar(text("SELECT count(*) FROM analyst.search('мостами')")) == 1
    assert "мост" in lemmas and "маяк" not in lemmas


def test_a_search_in_sql_uses_the_index(stored: Engine) -> None:
    with stored.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        plan = connection.scalars(text("EXPLAIN SELECT id FROM analyst.search('мостами') WHERE lang = 'ru'")).all()
    assert any("ix_quotes_search_terms" in line for line in plan)


def test_a_word_that_stands_twice_counts_once(stored: Engine) -> None:
    pairs = {
        "bridges bridges моста bridges": "bridges моста",
        'NATO -"a b" nato NATO -"A  B" -US -US or NATO': 'NATO -"a b" nato -US or NATO',
        "ceasefire -US cease-fire -US or ceasefire -US or -(us,us)": "ceasefire -US or -us",
    }
    with stored.connect() as connection:
        for repeated, once in pairs.items():
            assert parse_query(repeated) == parse_query(once)
            read = [
                connection.scalar(text("SELECT analyst.search_query(:words)::text"), {"words": words})
                for words in (repeated, once)
            ]
            assert read[0] == read[1]


LONGEST = " ".join(f"-{word}" for word in (*words_of(texts())[:150], *(f"None{number}" for number in range(50))))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("lamp " * 200, None),
        (LONGEST, None),
        ("мост" + " " * 1996, None),
        ("мост" + " " * 1997, "the search has 2001 characters, and at most 2000 are taken: leave words out"),
        ("-lamp " * 400, "the search has 2400 characters, and at most 2000 are taken: leave words out"),
        ("a " * 201, "the search has 201 words, and at most 200 are taken: leave some out"),
        (
            '"' + "a " * 150 + '" or b,' + "c," * 50,
            "the search has 201 words, and at most 200 are taken: leave some out",
        ),
    ],
)
def test_a_search_has_a_greatest_length(stored: Engine, words: str, reason: str | None) -> None:
    in_sql = text("SELECT id FROM analyst.search(:words)")
    with stored.connect() as connection:
        if reason is None:
            found = search_quotes(connection, SearchQuestion(words), limit=10_000)
            assert {hit.id for hit in found.hits} == set(connection.scalars(in_sql, {"words": words}))
            return
        with pytest.raises(SearchTooLong) as refused:
            search_quotes(connection, SearchQuestion(words))
        assert (str(refused.value), refused.value.exit_code) == (reason, 2)
        with pytest.raises(DBAPIError, match=reason):
            connection.execute(in_sql, {"words": words})


@pytest.mark.parametrize("scan", ["seqscan", "bitmapscan"])
def test_a_search_in_sql_reads_its_query_once(stored: Engine, scan: str) -> None:
    with stored.connect() as connection:
        connection.execute(text(f"SET enable_{scan} = off"))
        plan = "\n".join(
            connection.scalars(text("EXPLAIN (VERBOSE) SELECT id FROM analyst.search('мостами') WHERE lang = 'ru'"))
        )
    assert plan.count("analyst.search_query(") == 1
    assert re.search(r"InitPlan.*\n.*Result.*\n *Output: analyst[.]search_query\(", plan), plan


def test_what_is_stopped_half_way_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.articles.search_terms.BATCH", 2)
    opened(engine)
    with engine.begin() as connection:
        for number in range(5):
            put_quote(connection, "kestrel", f"Bridge number {number}", path=str(number))
        connection.execute(text("UPDATE onrecord.quotes SET analysed_by = '0', search_terms = '''old'''"))
        connection.execute(text("UPDATE onrecord.quotes SET analysed_by = NULL WHERE text LIKE '%3'"))
        assert search_quotes(connection, SearchQuestion("old")).unanalysed == 5
    assert analyse_waiting_quotes(engine) == 5 and analyse_waiting_quotes(engine) == 0
    with engine.connect() as connection:
        found = search_quotes(connection, SearchQuestion("bridges"))
        assert (found.total, found.unanalysed) == (5, 0)
        assert search_quotes(connection, SearchQuestion("old")).total == 0
