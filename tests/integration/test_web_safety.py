"""What the pages withstand: hostile words in every field, other sites, no sign-in, a slow or absent database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from lxml import etree
from quoted import DAY, opened, put_quote
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from pipeline.config.settings import Settings
from pipeline.stages.link import link_quotes
from pipeline.store.articles.search_terms import analyse_waiting_quotes
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.server.web_role import prepare_web_role
from tests.conftest import Cluster
from tests.pages import serving_pages

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}javascript:alert(1)\u202e"
ESCAPED = ("<script>alert", "<img src=x", "{{49}}")


@dataclass(frozen=True)
class Served:
    settings: Settings
    engine: Engine
    client: httpx.Client
    quote: str


@pytest.fixture(scope="module")
def served(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two quotes whose every text is hostile, and the edit that led from one to the other."""
    address = cluster.create(template)
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, database_url=address)
    engine = create_engine(sqlalchemy_url(address))
    run = opened(engine)
    with engine.begin() as connection:
        first = put_quote(connection, "a", f"The lamp {HOSTILE} burns for everybody today")
        other = put_quote(connection, "b", f"The lamps {HOSTILE} burn for nobody tomorrow", hours=1)
    analyse_waiting_quotes(engine)
    link_quotes(engine, run_id=run)
    with engine.begin() as connection:
        for statement in MORE.split(";"):
            connection.execute(text(statement), {"first": first, "other": other})
        for table, columns in HOSTILE_COLUMNS.items():
            for column in columns.split():
                connection.execute(text(f"UPDATE onrecord.{table} SET {column} = :it"), {"it": HOSTILE})
    with serving_pages(settings, engine) as client:
        yield Served(settings, engine, client, first)
    engine.dispose()
    cluster.drop(address)


MORE = """
    INSERT INTO onrecord.edits (id, article_id, from_version, to_version, kind, quote_id, other_quote_id, seen_at)
    SELECT 'e', v.article_id, v.id, v.id, 'reworded', :first, :other, now() FROM onrecord.versions v LIMIT 1;
    INSERT INTO onrecord.speakers (id, name_en) VALUES ('mira-holt', '');
    INSERT INTO onrecord.offices (speaker_id, office) VALUES ('mira-holt', '');
    INSERT INTO onrecord.names (speaker_id, lang, name) VALUES ('mira-holt', 'en', '<script>alert(2)</script>');
    INSERT INTO onrecord.incidents (id, source_id, kind, since, opened_at, updated_at, detail)
    VALUES ('i', 'a', 'silent', now(), now(), now(), '')
"""
HOSTILE_COLUMNS = {
    "articles": "title",
    "sources": "title publisher country language home",
    "versions": "title",
    "quotes": "speaker_name claimant speaker_office",
    "quote_spans": "speaker_name claimant",
    "statements": "speaker_name claimant",
    "speakers": "name_en name_ru kind wikidata",
    "offices": "office title_en title_ru",
    "incidents": "detail",
}


def test_hostile_words_of_every_field_are_only_shown(served: Served) -> None:
    with served.engine.connect() as connection:
        statements = connection.scalars(text("SELECT id FROM onrecord.statements")).all()
        articles = connection.scalars(text("SELECT id FROM onrecord.articles")).all()
    day = f"{DAY:%Y-%m-%d}"
    paths = ["/", "/search", "/search?q=lamp", f"/d/{day}", "/edits", "/sources", "/sources/a", "/speakers",
             "/p/mira-holt", f"/proof/{served.quote}", *(f"/s/{it}" for it in statements),
             *(f"/a/{it}" for it in articles)]  # fmt: skip
    for path in paths:
        page = served.client.get(path)
        assert page.status_code == 200, path
        assert "&lt;script&gt;" in page.text or "&lt;" in page.text, path
        assert [it for it in ESCAPED if it in page.text] == [], path
        assert 'href="javascript' not in page.text


@pytest.mark.parametrize("name", ["q", "speaker", "source", "lang", "kind", "type", "from", "sort", "after", "stance"])
def test_hostile_parameters_are_only_shown(served: Served, name: str) -> None:
    for value in (HOSTILE, "\x00", "\ud7ff\uffff", "a" * 1_900, "'; DROP TABLE onrecord.quotes; --", '"', "-", "((("):
        page = served.client.get("/search", params={name: value})
        assert page.status_code in (200, 400), value
        assert [it for it in ESCAPED if it in page.text] == []


def test_files_and_feeds_of_hostile_words_are_well_formed_and_no_formulas(served: Served) -> None:
    with served.engine.begin() as connection:
        connection.execute(text("UPDATE onrecord.articles SET title = :it"), {"it": "=HYPERLINK(1)\x01\ufffe"})
    table = list(csv.reader(io.StringIO(served.client.get("/search.csv").content.decode("utf-8-sig"))))
    assert len(table) == 3 and not [cell for row in table for cell in row if cell[:1] in set("=+@-\t\r")]
    assert len(etree.fromstring(served.client.get("/search.atom").content).findall("{*}entry")) == 2
    assert len(served.client.get("/search.json").json()["items"]) == 2
    assert served.client.get("/search.csv", params={"from": "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/s/{}", "/a/{}", "/p/{}", "/sources/{}", "/proof/{}", "/d/{}", "/{}"])
def test_a_page_that_is_none_repeats_no_markup(served: Served, path: str) -> None:
    page = served.client.get(path.format(httpx.URL(path="/" + HOSTILE).raw_path.decode()[1:]))
    assert page.status_code in (400, 404)
    assert [it for it in ESCAPED if it in page.text] == []


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/site.css", "/search?from=x"])
def test_every_answer_forbids_scripts_of_others_and_frames(served: Served, path: str) -> None:
    headers = served.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


def test_head_is_answered_like_get_without_a_body(served: Served) -> None:
    got, headed = served.client.get("/sources"), served.client.head("/sources")
    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers["content-length"] == got.headers["content-length"]


def test_a_name_of_another_site_is_not_answered(served: Served) -> None:
    assert served.client.get("/", headers={"Host": "rebound.example"}).status_code == 421


def test_with_a_password_only_those_who_have_it_read(served: Served) -> None:
    with serving_pages(served.settings, served.engine, password="correct horse battery") as client:
        assert client.get("/").status_code == 401
        assert client.get("/", auth=("anybody", "wrong")).status_code == 401
        assert client.get("/", headers={"Authorization": "Basic %%%"}).status_code == 401
        assert client.get("/", auth=("anybody", "correct horse battery")).status_code == 200
        assert client.get("/health").status_code == 200


def test_pages_work_as_a_role_that_reads_the_record_and_no_address_and_writes_nothing(served: Served) -> None:
    assert prepare_web_role(served.engine) == prepare_web_role(served.engine) == "onrecord_web"
    for refused in (
        "SELECT address FROM onrecord.subscribers",
        "SELECT * FROM onrecord.alerts",
        "DELETE FROM onrecord.quotes",
        "UPDATE onrecord.watches SET title = ''",
        "CREATE TABLE onrecord.mine (it text)",
    ):
        with served.engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("SET LOCAL ROLE onrecord_web"))
            connection.execute(text(refused))


def test_a_question_that_takes_too_long_is_given_up_with_advice(served: Served) -> None:
    with (
        serving_pages(served.settings, served.engine, query_seconds=0.2) as client,
        served.engine.begin() as connection,
    ):
        connection.execute(text("LOCK TABLE onrecord.statements IN ACCESS EXCLUSIVE MODE"))
        slow = client.get("/d/2026-06-15")
    assert slow.status_code == 503 and "That takes too long" in slow.text


def test_while_the_database_is_away_pages_say_so_and_come_back_by_themselves(served: Served, cluster: Cluster) -> None:
    name = served.engine.url.database
    with cluster.admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :it"), {"it": name}
        )
        try:
            away = served.client.get("/")
            assert away.status_code == 503 and 'http-equiv="refresh"' in away.text
            assert away.headers["retry-after"] == "5"
            assert served.client.get("/health").status_code == 503
        finally:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    assert served.client.get("/").status_code == 200
