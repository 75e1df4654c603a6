"""What is in the store can be found, exported, compared, proved and balanced."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, text, update
from sqlalchemy.exc import DBAPIError

from pipeline import ids
from pipeline.config.settings import from_environment
from pipeline.config.speaker import RosterConfig
from pipeline.queries import export, provenance, search
from pipeline.queries.ledger import ledger_report, url_outcomes
from pipeline.queries.rows import SearchHit, SearchPage, SearchQuestion, UrlOutcome
from pipeline.queries.snapshot import open_snapshot
from pipeline.queries.speakers import called_nearly, is_called, speakers_called
from pipeline.records import DocumentKind, LedgerEntry, Outcome, Stage
from pipeline.runtime.escaping import escape_control_characters, safe_cell
from pipeline.store.admin import digest
from pipeline.store.articles import articles, quotes
from pipeline.store.crawl import crawls
from pipeline.store.engine import engine_on, sqlalchemy_url
from pipeline.store.runs import ledger, runs
from pipeline.store.schema import articles as article_rows
from pipeline.store.schema import quotes as quote_rows
from pipeline.store.schema import segments, statement_aliases, statements
from pipeline.store.statements import speakers
from tests.conftest import Cluster
from tests.integration.newsdesk import DAY1, DAY2, SOURCE, TEXT, article, opened, page, quote_all, quote_in

ENGLISH = 'The mayor spoke. "The bridges were opened by the minister," Anna Petrova said.'
RUSSIAN = "Мэр выступил. «Президенты обсудили ещё один мост», — сказала Анна Петрова."
ROSTER = RosterConfig.model_validate(
    {
        "offices": [{"id": "mayor", "en": ["mayor of the town"], "ru": ["мэр города"]}],
        "speakers": [
            {
                "id": "anna-petrova",
                "gender": "f",
                "en": "Anna Petrova",
                "ru": "Анна Петрова",
                "offices": [{"office": "mayor", "from": "2020-05"}],
            },
            {"id": "ivan-sidorov", "gender": "m", "en": "Ivan Sidorov", "ru": "Иван Сидоров"},
        ],
    }
)


def fill(connection: Connection, run: str) -> None:
    """Two articles, one English, one Russian, with a quote each."""
    crawls.load_journal(connection, run, SOURCE.id, [page("en", "one"), page("ru", "two")])
    speakers.sync_roster(connection, ROSTER)
    for waiting in articles.captures_waiting(connection, code_version="1"):
        lang = waiting.url[-2:]
        reading = article(lang, ENGLISH if lang == "en" else RUSSIAN, lang=lang, title=f"Title {lang}")
        articles.save_reading(connection, waiting, reading, code_version="1", now=DAY1, run_id=run)
    for version in list(quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))):
        words = (
            "The bridges were opened by the minister," if version.lang == "en" else "Президенты обсудили ещё один мост"
        )
        name = "Anna Petrova" if version.lang == "en" else "Анна Петрова"
        found = [quote_in(version.text, words, name=name, slug="anna-petrova")]
        quotes.save_quotes(connection, version.id, found, engine_version="1", now=DAY1)


@pytest.fixture
def filled(engine: Engine) -> str:
    run = opened(engine)
    with engine.begin() as connection:
        fill(connection, run)
    return run


@pytest.fixture(scope="module")
def searchable(cluster: Cluster, template: str) -> Iterator[Engine]:
    """The same, for tests that only look."""
    address = cluster.create(template)
    with engine_on(sqlalchemy_url(address)) as engine:
        run = opened(engine)
        with engine.begin() as connection:
            fill(connection, run)
        yield engine
    cluster.drop(address)


def found_by(connection: Connection, words: str = "", **conditions: Any) -> SearchPage:
    """What a search for the words under these conditions finds."""
    return search.search_quotes(connection, SearchQuestion(words, **conditions))


def langs(hits: Iterable[SearchHit]) -> list[str]:
    return sorted(hit.lang for hit in hits)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bridge", ["en"]),
        ("opening ministers", ["en"]),
        ("президент", ["ru"]),
        ("ПРЕЗИДЕНТАМИ обсуждать", []),
        ("мостами", ["ru"]),
        ("еще мост", ["ru"]),
        ("Ещё МОСТ", []),
        ("ещё", ["ru"]),
        ("the were by", ["en"]),
        ('"opened by the minister"', ["en"]),
        ('"minister opened"', []),
        ("bridge -minister", []),
        ("bridge or мост", ["en", "ru"]),
        ("", ["en", "ru"]),
        ("the of and", []),
        ("'; DROP TABLE quotes; --", []),
        ("\x00bridge", ["en"]),
    ],
)
def test_words_are_found_in_any_form_in_both_languages(searchable: Engine, words: str, found: list[str]) -> None:
    with searchable.connect() as connection:
        assert langs(found_by(connection, words).hits) == found


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"speaker": "anna-petrova"}, ["en", "ru"]),
        ({"speaker": "petrova"}, ["en", "ru"]),
        ({"speaker": "ПЕТРОВ"}, ["en", "ru"]),
        ({"speaker": "Sidorov"}, []),
        ({"speaker": "%"}, []),
        ({"source": SOURCE.id}, ["en", "ru"]),
        ({"source": "other"}, []),
        ({"lang": "ru"}, ["ru"]),
        ({"start": DAY1, "end": DAY2}, ["en", "ru"]),
        ({"start": DAY1 - timedelta(days=1), "end": DAY1}, []),
    ],
)
def test_conditions_narrow_what_is_found(searchable: Engine, conditions: dict[str, Any], found: list[str]) -> None:
    with searchable.connect() as connection:
        page = found_by(connection, **conditions)
    assert langs(page.hits) == found and page.total == len(found)


def test_the_count_is_of_all_pages(searchable: Engine) -> None:
    with searchable.connect() as connection:
        pages = [search.search_quotes(connection, SearchQuestion(), limit=1, offset=offset) for offset in range(3)]
    assert [found.total for found in pages] == [2, 2, 2]
    assert [len(found.hits) for found in pages] == [1, 1, 0]
    assert [found.next_offset for found in pages] == [1, None, None]
    assert pages[0].hits[0].id != pages[1].hits[0].id


def test_a_hit_shows_the_quote_with_its_source(searchable: Engine) -> None:
    with searchable.connect() as connection:
        (hit,) = found_by(connection, "bridge").hits
    assert (hit.quote, hit.speaker_name) == ("The bridges were opened by the minister,", "Anna Petrova")
    assert (hit.source_title, hit.url, hit.published_at) == (
        "The Gazette",
        "https://gazette.example/en",
        DAY1,
    )


def test_only_what_was_said_is_found_unless_more_is_asked_for(engine: Engine, filled: str) -> None:
    with engine.begin() as connection:
        english = quote_rows.c.lang == "en"
        connection.execute(update(quote_rows).where(english).values(stance="denied", claimant="Ivan Sidorov"))
        assert found_by(connection, "bridges").total == 0
        (denied,) = found_by(connection, "bridges", stance="denied").hits
        assert (denied.stance, denied.claimant) == ("denied", "Ivan Sidorov")
        assert found_by(connection, stance=None).total == 2
        assert sorted((it.stance, it.claimant) for it in export.exported_quotes(connection)) == [
            ("denied", "Ivan Sidorov"),
            ("said", None),
        ]


def test_undated_quotes_come_last_and_are_in_no_window(engine: Engine, filled: str) -> None:
    with engine.begin() as connection:
        connection.execute(update(article_rows).where(article_rows.c.lang == "en").values(published_at=None))
        found = [hit.lang for hit in found_by(connection).hits]
        ever = found_by(connection, start=DAY1 - timedelta(days=9999), end=DAY2 + timedelta(days=9999))
    assert found == ["ru", "en"]
    assert langs(ever.hits) == ["ru"]


def test_queries_written_for_the_stemmed_words_still_use_their_index(searchable: Engine) -> None:
    with searchable.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        plan = connection.scalars(
            text("EXPLAIN SELECT id FROM analyst.quotes WHERE search @@ websearch_to_tsquery('russian', 'мостами')")
        ).all()
    assert any("ix_quotes_search" in line for line in plan)


def test_the_export_leads_from_each_quote_to_its_bytes(searchable: Engine) -> None:
    with searchable.connect() as connection:
        (english,) = (it for it in export.exported_quotes(connection) if it.lang == "en")
    assert english.quote == "The bridges were opened by the minister,"
    assert ENGLISH[english.start : english.end] == english.quote
    assert (english.warc_file, english.warc_length) == ("a.warc.gz", 100)
    assert len(english.warc_sha256) == 64


def test_the_export_of_a_run_holds_what_that_run_read(engine: Engine, filled: str) -> None:
    later = opened(engine, clock=DAY2)
    with engine.begin() as connection:
        crawls.load_journal(connection, later, SOURCE.id, [page("late", "three", at=DAY2)])
        for waiting in articles.captures_waiting(connection, code_version="1"):
            reading = article("late", ENGLISH, lang="en", title="Late")
            articles.save_reading(connection, waiting, reading, code_version="1", now=DAY2, run_id=later)
        for version in list(quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, "1"))):
            found = [quote_in(version.text, "The bridges were opened by the minister,")]
            quotes.save_quotes(connection, version.id, found, engine_version="1", now=DAY2)
        titles = {run: {it.title for it in export.exported_quotes(connection, run)} for run in (filled, later, None)}
    assert titles == {
        filled: {"Title en", "Title ru"},
        later: {"Late"},
        None: {"Title en", "Title ru", "Late"},
    }


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "%0A", "＝1", "  =1", "\u00a0=1", "\u200b+1", "＋1"],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell)])
    (read,) = next(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert read == "'" + escape_control_characters(cell)


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "He said - no", "«Мост»", "1.5"])
def test_cells_without_danger_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def test_a_snapshot_shows_one_state_and_refuses_to_write(engine: Engine, filled: str, tmp_path: Path) -> None:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    settings = replace(from_environment(), home=tmp_path, database_url=address)
    with open_snapshot(settings) as connection:
        assert found_by(connection).total == 2
        with engine.begin() as other:
            other.execute(update(quote_rows).values(stance="denied"))
        assert found_by(connection).total == 2
        with pytest.raises(DBAPIError, match="read-only transaction"):
            connection.execute(update(quote_rows).values(stance="said"))
    with open_snapshot(settings) as connection:
        assert found_by(connection).total == 0


def test_the_digest_tells_a_change_from_none(engine: Engine, filled: str) -> None:
    with engine.begin() as connection:
        before = digest.table_digests(connection)
        again = opened(engine, clock=DAY2)
        unchanged = [
            page(path, at=DAY2, outcome=Outcome.UNCHANGED, reason="not-modified", status=304) for path in ("en", "ru")
        ]
        crawls.load_journal(connection, again, SOURCE.id, unchanged)
        entries = [LedgerEntry(Stage.CRAWL, it.url, SOURCE.id, it.outcome, it.reason) for it in unchanged]
        ledger.record_outcomes(connection, again, entries)
        speakers.sync_roster(connection, ROSTER)
        assert digest.table_digests(connection) == before
        connection.execute(update(quote_rows).values(speaker_name="Somebody else"))
        after = digest.table_digests(connection)
    assert {name for name in before if before[name] != after[name]} == {"quotes", "all"}


def test_the_digest_does_not_depend_on_order_or_machine(engine: Engine, cluster: Cluster, template: str) -> None:
    address = cluster.create(template)
    found = []
    with engine_on(sqlalchemy_url(address)) as other:
        for where, order in ((engine, 1), (other, -1)):
            run = opened(where)
            with where.begin() as connection:
                for offset, path in enumerate(("en", "ru")[::order]):
                    crawls.load_journal(connection, run, SOURCE.id, [page(path, path, offset=offset * 100)])
                fill(connection, run)
                found.append(digest.table_digests(connection))
    cluster.drop(address)
    assert found[0] == found[1]


def test_every_way_of_naming_a_thing_leads_to_its_proof(engine: Engine, filled: str) -> None:
    with engine.begin() as connection:
        quote = found_by(connection, "bridge").hits[0].id
        statement = "statement"
        connection.execute(
            insert(statements).values(
                id=statement,
                founding_quote_id=quote,
                founding_segment_id="s",
                text="x",
                type="direct",
                first_seen_at=DAY1,
                lang="en",
            )
        )
        connection.execute(insert(segments).values(id="s", quote_id=quote, start=0, end=1, statement_id=statement))
        connection.execute(insert(statement_aliases).values(old_id="merged", new_id=statement))
        url = "https://gazette.example/en"
        (version,) = provenance.versions_called(connection, quote)
        for name in (statement, "merged", version, ids.article_id(url), url):
            assert provenance.versions_called(connection, name) == [version]
        assert provenance.versions_called(connection, "nothing") == []
        (proof,) = provenance.load_proofs(connection, [version])
        assert len(list(provenance.load_proofs(connection))) == 2
    (held,) = proof.quotes
    assert proof.text[held.start : held.end] == held.text
    assert (proof.record.warc, proof.record.length, proof.url) == ("a.warc.gz", 100, url)
    assert proof.text_sha256 == ids.text_sha256(proof.text)


def test_an_item_has_one_outcome_per_stage_however_often_it_is_recorded(engine: Engine) -> None:
    run = opened(engine)
    url = "https://gazette.example/a"
    with engine.begin() as connection:
        for outcome, reason in ((Outcome.ERROR, "timeout"), (Outcome.KEPT, "new")):
            ledger.record_outcomes(connection, run, [LedgerEntry(Stage.CRAWL, url, SOURCE.id, outcome, reason)])
        assert ledger.stage_counts(connection, run) == [("crawl", "kept", "new", 1)]


def test_the_last_stage_that_spoke_of_a_url_has_the_last_word(engine: Engine) -> None:
    run = opened(engine)
    url = "https://gazette.example/a"
    entries = [
        LedgerEntry(Stage.EXTRACT, url, SOURCE.id, Outcome.NOT_RELEVANT, "off-beat"),
        LedgerEntry(Stage.CRAWL, url, SOURCE.id, Outcome.KEPT, "new"),
        LedgerEntry(Stage.QUOTE, "some-version", SOURCE.id, Outcome.KEPT, "quoted"),
    ]
    with engine.begin() as connection:
        ledger.record_outcomes(connection, run, entries)
        empty = runs.start_run(connection, command="link", clock=DAY2)
        expected = [UrlOutcome(url, SOURCE.id, "not-relevant", "off-beat")]
        assert list(url_outcomes(connection, run)) == expected
        assert list(url_outcomes(connection, None)) == expected
        assert list(url_outcomes(connection, "all")) == expected
        assert list(url_outcomes(connection, empty)) == []


def test_a_page_without_an_outcome_puts_the_ledger_out_of_balance(engine: Engine) -> None:
    run = opened(engine)
    fetched = [page("a", "one"), page("b", "two"), page("rss", "feed", kind=DocumentKind.FEED)]
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, fetched)
        entries = [LedgerEntry(Stage.CRAWL, it.url, SOURCE.id, it.outcome, it.reason) for it in fetched[:1]]
        ledger.record_outcomes(connection, run, entries)
        (line,) = ledger_report(connection, run)
        assert (line.went_in, line.outcomes, line.balance) == (2, {"kept": 1}, 1)
        ledger.record_outcomes(
            connection, run, [LedgerEntry(Stage.CRAWL, fetched[1].url, SOURCE.id, Outcome.KEPT, "new")]
        )
        assert ledger_report(connection, run)[0].balance == 0


def test_a_hostile_reason_or_address_does_not_fail_the_ledger(engine: Engine) -> None:
    run = opened(engine)
    long = "https://gazette.example/" + "é" * 5000
    with engine.begin() as connection:
        entries = [
            LedgerEntry(Stage.CRAWL, long, SOURCE.id, Outcome.ERROR, "guard", "\x00\ud800" * 3),
            LedgerEntry(Stage.CRAWL, long + "x", None, Outcome.ERROR, "guard"),
        ]
        assert ledger.record_outcomes(connection, run, entries) == 2
        assert len(list(url_outcomes(connection, run))) == 2


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("anna-petrova", True, []),
        ("ПЕТРОВ", True, []),
        ("Petrovna", False, ["anna-petrova"]),
        ("Пётрова", False, ["anna-petrova"]),
        ("ivan-sidorow", False, ["ivan-sidorov"]),
        ("%", False, []),
        ("Ludwig", False, []),
        ("\ud800", False, []),
    ],
)
def test_a_name_is_known_or_has_neighbours(searchable: Engine, name: str, known: bool, near: list[str]) -> None:
    with searchable.connect() as connection:
        assert is_called(connection, name) == known
        assert known or called_nearly(connection, name) == near


def test_roster_changes_are_followed_and_quoted_speakers_are_kept(engine: Engine, filled: str) -> None:
    with engine.begin() as connection:
        assert speakers_called(connection, "sidor") == ["ivan-sidorov"]
        speakers.sync_roster(connection, RosterConfig())
        left = connection.scalars(text("SELECT id FROM onrecord.speakers")).all()
    assert left == ["anna-petrova"]


def test_words_of_an_edited_article_are_found_as_the_newest_version_has_them(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        for hours, words in enumerate(("We will build a second one,", "WE WILL build a second one,")):
            at = DAY1 + timedelta(hours=hours)
            text_now = TEXT.replace("We will build a second one,", words)
            crawls.load_journal(connection, run, SOURCE.id, [page("a", text_now, at=at)])
            (waiting,) = articles.captures_waiting(connection, code_version="1")
            articles.save_reading(connection, waiting, article("a", text_now), code_version="1", now=at)
            quote_all(connection, [words])
        (hit,) = found_by(connection, "build").hits
    assert hit.quote == "WE WILL build a second one,"
