"""Captures wait until they are read; what is read makes versions, of which only true changes make new ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, update

from pipeline.queries.articles import newest_versions
from pipeline.records import Disposition, DocumentKind, Origin, Outcome, Window
from pipeline.store.articles import articles
from pipeline.store.crawl import crawls
from pipeline.store.schema import articles as article_rows
from pipeline.store.schema import captures, fetches, readings, takedowns, urls, versions, warc_files
from tests.integration.newsdesk import DAY1, DAY2, SOURCE, TEXT, article, opened, page, read_all


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (urls, fetches, captures, warc_files, readings, article_rows, versions)
        }


def test_the_same_journal_twice_changes_nothing(engine: Engine) -> None:
    run = opened(engine)
    journal = [page("a", "one"), page("b", "two"), page("c", outcome=Outcome.GONE, reason="http-404", status=404)]
    with engine.begin() as connection:
        assert crawls.load_journal(connection, run, SOURCE.id, journal) == 3
    once = counts(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, journal)
    assert counts(engine) == once == {**once, "urls": 3, "fetches": 3, "captures": 2, "warc_files": 1}


def test_a_journal_of_a_killed_run_loaded_late_does_not_hide_what_came_after(engine: Engine) -> None:
    first, second = opened(engine), opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, second, SOURCE.id, [page("a", "new words", at=DAY2, reason="edited")])
        crawls.load_journal(connection, first, SOURCE.id, [page("a", "old words", at=DAY1)])
        known = next(crawls.known_urls(connection, SOURCE.id))
    assert known.body_sha256 == page("a", "new words").body_sha256
    assert (known.first_seen_at, known.last_fetched_at, known.reason) == (DAY1, DAY2, "edited")


def test_the_crawler_is_told_of_what_was_seen_lately_and_of_what_was_taken_down(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        old = [page(name, "old", at=DAY1 - timedelta(days=20)) for name in "abc"]
        crawls.load_journal(connection, run, SOURCE.id, old)
        crawls.load_journal(connection, run, SOURCE.id, [page("c", "old", at=DAY1), page("d", "new", at=DAY1)])
        connection.execute(insert(takedowns).values(url="https://gazette.example/a", at=DAY1))
        lately = list(crawls.known_urls(connection, SOURCE.id, since=DAY1 - timedelta(days=14)))
        assert [(it.url[-1], it.reason) for it in lately] == [("a", "taken-down"), ("c", "new"), ("d", "new")]
        assert [it.url[-1] for it in crawls.known_urls(connection, SOURCE.id)] == ["a", "b", "c", "d"]


def test_what_the_crawler_is_told_is_what_the_journal_said(engine: Engine) -> None:
    run = opened(engine)
    refused = page("b", outcome=Outcome.ERROR, reason="robots", status=None)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one"), refused])
        a, b = crawls.known_urls(connection, SOURCE.id)
    assert (a.url, a.kind, a.outcome, a.last_fetched_at) == (
        "https://gazette.example/a",
        DocumentKind.PAGE,
        Outcome.KEPT,
        DAY1,
    )
    assert (b.outcome, b.reason, b.last_fetched_at) == (Outcome.ERROR, "robots", None)


def test_a_capture_is_read_once_by_each_version_of_the_code(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        assert read_all(connection, {"a": TEXT}) == ["new"]
        assert read_all(connection, {"a": TEXT}) == []
        assert read_all(connection, {"a": TEXT}, code="2") == ["unchanged"]


def test_a_changed_text_is_an_edit_and_markup_alone_is_none(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        read_all(connection, {"a": TEXT})
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "<p>one", at=DAY2)])
        assert read_all(connection, {"a": TEXT}, at=DAY2) == ["unchanged"]
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "two", at=DAY2 + timedelta(hours=1))])
        assert read_all(connection, {"a": "Other words."}, at=DAY2) == ["edited"]
        rows = connection.execute(select(versions.c.n, versions.c.cause).order_by(versions.c.n)).all()
    assert [tuple(row) for row in rows] == [(1, "source"), (2, "source")]


def test_a_text_that_comes_back_is_a_version_of_its_own(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        for hours, body in enumerate(["one", "two", "one"]):
            at = DAY1 + timedelta(hours=hours)
            crawls.load_journal(connection, run, SOURCE.id, [page("a", body, at=at)])
            changed = read_all(connection, {"a": f"The text of {body}."}, at=at)
            assert changed == ["new" if hours == 0 else "edited"]
        rows = connection.execute(select(versions.c.id, versions.c.text).order_by(versions.c.n)).all()
    assert [row.text for row in rows] == ["The text of one.", "The text of two.", "The text of one."]
    assert len({row.id for row in rows}) == 3


def test_page_and_feed_are_compared_each_with_its_own_past(engine: Engine) -> None:
    run = opened(engine)
    feed = page("rss", "feed bytes", kind=DocumentKind.FEED)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one"), feed])
        for waiting in articles.captures_waiting(connection, code_version="1"):
            from_feed = waiting.kind is DocumentKind.FEED
            text = "From the feed." if from_feed else "From the page."
            articles.save_reading(
                connection,
                waiting,
                article("a", text),
                code_version="1",
                now=DAY1,
                origin=Origin.FEED if from_feed else Origin.PAGE,
                locator="a" if from_feed else "",
            )
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "<p>one", at=DAY2)])
        again = [it for it in articles.captures_waiting(connection, code_version="1") if it.kind is DocumentKind.PAGE]
        saved = articles.save_reading(connection, again[0], article("a", "From the page."), code_version="1", now=DAY2)
    assert saved.change == "unchanged"


def test_another_reading_of_the_same_bytes_is_no_edit_of_the_source(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        read_all(connection, {"a": TEXT})
        assert read_all(connection, {"a": TEXT + " More was found."}, code="2") == ["edited"]
        assert connection.scalars(select(versions.c.cause).order_by(versions.c.n)).all() == ["source", "code"]


def test_better_code_does_not_rewrite_history(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        for at, body in ((DAY1, "one"), (DAY2, "two")):
            crawls.load_journal(connection, run, SOURCE.id, [page("a", body, at=at)])
            read_all(connection, {"a": body}, at=at)
        old, new = articles.captures_waiting(connection, code_version="2")
        saved = articles.save_reading(connection, old, article("a", "one, better"), code_version="2", now=DAY2)
        assert saved.change == "unchanged"
        saved = articles.save_reading(connection, new, article("a", "two"), code_version="2", now=DAY2)
        assert saved.change == "unchanged"
        assert connection.scalar(select(func.count()).select_from(versions)) == 2


def test_a_rejection_is_remembered_with_its_reason_and_read_no_more(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        (waiting,) = articles.captures_waiting(connection, code_version="1")
        refusal = Disposition(Outcome.NOT_ARTICLE, "soft-404")
        saved = articles.save_reading(connection, waiting, refusal, code_version="1", now=DAY1)
        assert (saved.change, saved.version_id) == ("rejected", None)
        assert articles.captures_waiting(connection, code_version="1") == []
        assert connection.execute(select(readings.c.outcome, readings.c.reason)).one() == ("not-article", "soft-404")


def test_a_window_selects_by_when_the_bytes_were_seen(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one"), page("b", "two", at=DAY2)])
        window = Window(DAY1, DAY2)
        found = articles.captures_waiting(connection, code_version="1", window=window)
    assert [it.url for it in found] == ["https://gazette.example/a"]


def test_every_url_that_led_to_an_article_is_told(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("short", "one", final="a")])
        read_all(connection, {"a": TEXT})
        other = page("other", outcome=Outcome.DUPLICATE, reason="redirect", final="a")
        crawls.load_journal(connection, run, SOURCE.id, [other])
        (version,) = newest_versions(connection)
    assert version.requested_urls == ("https://gazette.example/other", "https://gazette.example/short")
    assert version.url == "https://gazette.example/a"
    assert version.text == TEXT


def test_a_page_that_is_gone_keeps_its_versions_and_may_come_back(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        read_all(connection, {"a": TEXT})
        gone = page("a", outcome=Outcome.GONE, reason="http-404", status=404, at=DAY2)
        crawls.load_journal(connection, run, SOURCE.id, [gone])
        assert connection.scalar(select(article_rows.c.gone_at)) == DAY2
        assert len(list(newest_versions(connection))) == 1
        back = page("a", outcome=Outcome.UNCHANGED, reason="same-body", at=DAY2 + timedelta(hours=1))
        crawls.load_journal(connection, run, SOURCE.id, [back])
        assert connection.scalar(select(article_rows.c.gone_at)) is None


def test_refused_pages_are_those_whose_last_try_was_an_error(engine: Engine) -> None:
    run = opened(engine)
    refused = page("b", outcome=Outcome.ERROR, reason="http-403", status=403)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one"), refused])
        found = articles.refused_pages(connection, sources=[SOURCE.id])
        assert [(it.url, it.reason) for it in found] == [("https://gazette.example/b", "http-403")]
        crawls.load_journal(connection, run, SOURCE.id, [page("b", "two", at=DAY2)])
        assert articles.refused_pages(connection) == []


@pytest.mark.parametrize("poison", ["\x00", "\ud800", "\udfff"])
def test_what_postgres_cannot_hold_does_not_fail_an_article(engine: Engine, poison: str) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page(f"a{poison}", "one")])
        (waiting,) = articles.captures_waiting(connection, code_version="1")
        poisoned = article("a", f"Said {poison} today.", title=f"T{poison}")
        saved = articles.save_reading(connection, waiting, poisoned, code_version="1", now=DAY1)
        assert saved.change == "new"
        (version,) = newest_versions(connection)
    assert version.text == "Said � today."


def test_an_address_longer_than_an_index_holds_does_not_fail_a_journal(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        long = page("x" * 12_000, "one")
        assert crawls.load_journal(connection, run, SOURCE.id, [long, page("y" * 12_000, "two")]) == 2
        assert read_count(connection) == 2


def read_count(connection: object) -> int:
    from sqlalchemy import Connection

    assert isinstance(connection, Connection)
    return len(articles.captures_waiting(connection, code_version="1"))


def test_two_workers_with_the_same_capture_make_one_version(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        (waiting,) = articles.captures_waiting(connection, code_version="1")

    def work(_: int) -> str:
        with engine.begin() as connection:
            return articles.save_reading(connection, waiting, article("a"), code_version="1", now=DAY1).change

    with ThreadPoolExecutor(6) as pool:
        changes = sorted(pool.map(work, range(6)))
    assert changes == ["new"] + ["unchanged"] * 5
    assert counts(engine)["versions"] == 1


def test_a_page_that_better_code_finds_to_be_another_article_is_kept_as_that(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a?ref=rss", "one")])
        (waiting,) = articles.captures_waiting(connection, code_version="1")
        articles.save_reading(connection, waiting, article("a?ref=rss"), code_version="1", now=DAY1)
        saved = articles.save_reading(connection, waiting, article("a"), code_version="2", now=DAY1)
        assert saved.change == "new"
        assert connection.scalars(select(versions.c.cause)).all() == ["code"]
        (kept,) = newest_versions(connection)
    assert kept.url == "https://gazette.example/a"


def test_what_better_code_finds_to_be_no_article_is_taken_back(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one"), page("b", "two")])
        first, second = articles.captures_waiting(connection, code_version="1")
        for waiting, name in ((first, "a"), (second, "b")):
            articles.save_reading(connection, waiting, article(name), code_version="1", now=DAY1)
        listing = Disposition(Outcome.NOT_ARTICLE, "link-list")
        cut = Disposition(Outcome.ERROR, "truncated")
        articles.save_reading(connection, first, listing, code_version="2", now=DAY1)
        articles.save_reading(connection, second, cut, code_version="2", now=DAY1)
        (kept,) = newest_versions(connection)
        assert connection.scalar(select(urls.c.article_id).where(urls.c.url == first.requested_url)) is None
    assert kept.url == "https://gazette.example/b"


def test_times_that_better_code_reads_in_the_same_bytes_are_the_version_s(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        (waiting,) = articles.captures_waiting(connection, code_version="1")
        wrong = articles.save_reading(connection, waiting, article("a", published_at=DAY1), code_version="1", now=DAY2)
        connection.execute(update(versions).values(quoted_by="1"))
        for code, day in (("2", DAY2), ("3", None)):
            reading = article("a", published_at=day)
            saved = articles.save_reading(connection, waiting, reading, code_version=code, now=DAY2)
            assert (saved.change, saved.version_id) == ("unchanged", wrong.version_id)
            row = connection.execute(
                select(versions.c.published_at, versions.c.quoted_by, versions.c.code_version)
            ).one()
            assert row == (day, None, code)
            assert connection.scalar(select(article_rows.c.published_at)) == day


def test_an_older_capture_read_late_does_not_take_the_articles_headline_back(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "one")])
        (old,) = articles.captures_waiting(connection, code_version="1")
        crawls.load_journal(connection, run, SOURCE.id, [page("a", "two", at=DAY2)])
        new = articles.captures_waiting(connection, code_version="1")[-1]
        for waiting, title in ((new, "Corrected"), (old, "Wrong")):
            reading = article("a", f"Text of {title}.", title=title)
            articles.save_reading(connection, waiting, reading, code_version="1", now=DAY2)
        assert connection.scalar(select(article_rows.c.title)) == "Corrected"
        (newest,) = newest_versions(connection)
    assert newest.text == "Text of Corrected."
