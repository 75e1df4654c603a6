"""A text is taken down: nothing holds its words any more, all else is proved as before, and it is not read again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from storage import Storage, storage, storages

from pipeline import archive
from pipeline.config.settings import Settings, from_environment
from pipeline.demo.newsroom import DAYS, FIRST_DAY, Newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.errors import ConfigError
from pipeline.operations import takedown, verification
from pipeline.parsing.content_encoding import decode_content
from pipeline.queries.history import audit_entries
from pipeline.queries.ledger import url_outcomes
from pipeline.runs import runner
from pipeline.store.engine import open_store
from tests.conftest import Cluster

__all__ = ["storage", "storages"]
SOURCES = ["kestrel", "volna-ru"]


def run(settings: Settings, day: int = 0) -> str:
    """One run over a newsroom's day, all stages; its id."""
    with Newsroom(FIRST_DAY).serve() as served:
        served.day = DAYS[day]
        plan = runner.RunPlan("demo", source_ids=SOURCES, now=end_of_day(DAYS[day]), proxy=served.proxy_url)
        with runner.open_run(settings, plan) as opened:
            runner.perform_run(opened)
            return opened.id


@dataclass(frozen=True)
class Article:
    """An article that was quoted, and its words."""

    id: str
    url: str
    title: str
    quote: str


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster, template: str) -> Settings:
    """An installation that has read the newsroom's first day; to be copied."""
    made = replace(settings_for(from_environment(), tmp_path_factory.mktemp("read") / "home"), smtp_url=None)
    made = replace(made, database_url=cluster.create(template))
    run(made)
    return made


@pytest.fixture
def home(read: Settings, tmp_path: Path, cluster: Cluster) -> Iterator[Settings]:
    assert read.database_url is not None
    copied = cluster.copy(read.database_url)
    yield replace(read, home=Path(shutil.copytree(read.home, tmp_path / "home")), database_url=copied)
    cluster.drop(copied)


@pytest.fixture
def engine(home: Settings) -> Iterator[Engine]:
    with open_store(home) as found:
        yield found


def quoted(engine: Engine, source: str, *, emailed: bool = False) -> Article:
    """An article of the source, listed at its own address, with a quote of its own, sent to a reader if ``emailed``."""
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT a.id, a.url, a.title, q.text FROM onrecord.articles a JOIN onrecord.quotes q "
                "ON q.article_id = a.id JOIN onrecord.urls u ON u.url = a.url "
                "JOIN onrecord.statement_quotes m ON m.quote_id = q.id "
                "LEFT JOIN onrecord.alerts t ON t.statement_id = m.statement_id "
                "WHERE a.source_id = :source AND (NOT :emailed OR t.state = 'sent') "
                "AND 1 = (SELECT count(*) FROM onrecord.statement_quotes o WHERE o.statement_id = m.statement_id) "
                "ORDER BY length(q.text) DESC LIMIT 1"
            ),
            {"source": source, "emailed": emailed},
        ).one()
    return Article(*row)


def bodies(settings: Settings, mime: str = "") -> str:
    """Everything that the archive's answers of such a type say."""
    found = []
    for path in archive.warc_paths(settings.archive):
        for place in archive.record_locations(path):
            if place.kind == "response":
                it = place.read_exchange()
                if mime not in it.header("Content-Type"):
                    continue
                found.append(
                    decode_content(it.body, it.header("Content-Encoding"), limit=1 << 26).decode("utf-8", "replace")
                )
    return "\n".join(found)


def columns_with(engine: Engine, words: str) -> list[str]:
    """Every column of every table that has the words in it."""
    found = []
    with engine.connect() as connection:
        named = connection.execute(
            text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'onrecord'")
        ).all()
        for table, column in named:
            query = f'SELECT 1 FROM onrecord."{table}" WHERE strpos("{column}"::text, :words) > 0 LIMIT 1'
            if connection.scalar(text(query), {"words": words}):
                found.append(f"{table}.{column}")
    return found


def problems(settings: Settings, engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = verification.verify_stored(connection, settings.archive, away=settings.archive_url).problems
    collection = archive.Archive(settings.archive, settings.archive_url)
    return found + [f"{it.name}: {damage}" for it in collection.warc_files() for damage in collection.verify(it)]


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_holds_its_words_and_all_else_is_proved(home: Settings, engine: Engine, source: str) -> None:
    gone = quoted(engine, source)
    before = bodies(home)
    words = gone.quote[5:45]
    assert columns_with(engine, words)
    assert gone.url in bodies(home, "xml")
    done = takedown.take_down_article(engine, home, gone.url, "the author asked")
    assert done.articles == 1
    assert done.records >= 1
    assert columns_with(engine, words) == []
    assert columns_with(engine, gone.title) == []
    after = bodies(home)
    assert words not in after
    assert gone.url not in bodies(home, "xml")
    assert len(after) > len(before) / 2
    assert problems(home, engine) == []
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM onrecord.versions WHERE article_id = :id"), {"id": gone.id})
        (line,) = audit_entries(connection)
    assert (line.act, line.subject, line.reason) == ("takedown", gone.url, "the author asked")


def test_its_emails_go_from_the_spool_and_no_others(home: Settings, engine: Engine) -> None:
    mails = set(home.spool.glob("*.eml"))
    gone = quoted(engine, "kestrel", emailed=True)
    done = takedown.take_down_article(engine, home, gone.url, "a court said so")
    left = set(home.spool.glob("*.eml"))
    assert done.letters == len(mails) - len(left) > 0
    assert left


def test_it_is_not_read_again(home: Settings, engine: Engine) -> None:
    gone = quoted(engine, "kestrel")
    takedown.take_down_article(engine, home, gone.url, "the author asked")
    files = set(archive.warc_paths(home.archive))
    later = run(home, day=1)
    assert set(archive.warc_paths(home.archive)) > files
    assert columns_with(engine, gone.quote[5:45]) == []
    assert columns_with(engine, gone.title) == []
    assert gone.quote[5:45] not in bodies(home)
    with engine.connect() as connection:
        outcomes = {row.url: row.outcome for row in url_outcomes(connection, later)}
        asked = connection.scalar(
            text(
                "SELECT count(*) FROM onrecord.fetches f JOIN onrecord.takedowns t ON t.url = f.url "
                "WHERE f.run_id = :run AND f.status IS NOT NULL"
            ),
            {"run": later},
        )
    assert outcomes[gone.url] in ("gone", "duplicate")
    assert asked == 0
    assert problems(home, engine) == []


def test_a_feed_that_still_lists_it_is_archived_without_it(home: Settings, engine: Engine) -> None:
    gone = quoted(engine, "kestrel")
    takedown.take_down_article(engine, home, gone.url, "the author asked")
    later = run(home, day=1)
    with engine.connect() as connection:
        assert gone.url in {row.url for row in url_outcomes(connection, later)}, "the feed still lists it"
    assert gone.url not in bodies(home, "xml")
    assert problems(home, engine) == []


def test_done_again_it_changes_nothing_but_the_audit_log(home: Settings, engine: Engine) -> None:
    gone = quoted(engine, "kestrel")
    takedown.take_down_article(engine, home, gone.url, "once")
    files = {path: path.read_bytes() for path in home.archive.rglob("*") if path.is_file()}
    takedown.take_down_article(engine, home, gone.url, "twice")
    assert {path: path.read_bytes() for path in home.archive.rglob("*") if path.is_file()} == files
    with engine.connect() as connection:
        assert [line.reason for line in audit_entries(connection)] == ["once", "twice"]
    assert problems(home, engine) == []


def test_a_stop_between_files_and_database_is_mended_by_doing_it_again(
    home: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = quoted(engine, "kestrel")
    with monkeypatch.context() as patch:
        patch.setattr(takedown.takedowns, "forget", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            takedown.take_down_article(engine, home, gone.url, "stopped")
    assert problems(home, engine)
    takedown.take_down_article(engine, home, gone.url, "again")
    assert problems(home, engine) == []
    assert columns_with(engine, gone.quote[5:45]) == []


def test_on_other_storage_too(tmp_path: Path, database_url: str, storage: Storage) -> None:
    home = replace(settings_for(from_environment(), tmp_path / "home"), smtp_url=None, database_url=database_url)
    away = replace(home, archive_url=storage.url, archive_keep_days=0.0)
    run(away)
    run(away, day=1)
    with open_store(away) as engine:
        taken_down_away(engine, away)


def taken_down_away(engine: Engine, away: Settings) -> None:
    gone = quoted(engine, "kestrel")
    takedown.take_down_article(engine, away, gone.url, "the author asked")
    for path in away.archive.rglob("*.warc.gz"):
        path.unlink()
    assert problems(away, engine) == []
    assert takedown.take_down_article(engine, away, gone.url, "again").records >= 1
    assert gone.quote[5:45] not in bodies(away)


def test_an_unknown_address_and_an_empty_reason_are_refused(home: Settings, engine: Engine) -> None:
    with pytest.raises(ConfigError, match="no such address"):
        takedown.take_down_article(engine, home, "http://nowhere.example/", "a reason")
    with pytest.raises(ConfigError, match="--reason"):
        takedown.take_down_article(engine, home, quoted(engine, "kestrel").url, " ")
