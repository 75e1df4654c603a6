"""The shipped sources and the schema of source files: both say what the code takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from pipeline.config.schema import SCHEMA, editor_line, schema_text
from pipeline.config.settings import SHIPPED, from_environment
from pipeline.config.source import Source
from pipeline.config.sources import find_source_clashes, load_sources

FILES = sorted((SHIPPED / "sources").glob("*.yaml"))
LEAST = {"id": "mill", "title": "The Mill", "language": "en", "home": "https://mill.example"}
FEEDS = {"feeds": ["https://mill.example/rss.xml"]}


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return load_sources(from_environment(config_dir=None))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_is_that_of_the_code() -> None:
    """After a change of the model: ``onrecord sources schema > pipeline/config/source.schema.json``."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_every_field_tells_an_editor_what_it_is(validator: Draft202012Validator) -> None:
    silent = {
        name for name, it in validator.schema["properties"].items() if "description" not in it and "$ref" not in it
    }
    assert silent == {"title", "home", "notes"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_holds_to_the_schema_and_points_editors_to_it(
    path: Path, validator: Draft202012Validator
) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(editor_line(path) + "\n")
    assert [error.message for error in validator.iter_errors(plain(yaml.safe_load(text)))] == []


def plain(value: Any) -> Any:
    """YAML reads days as dates; JSON has none."""
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize(
    "fields",
    [
        {"feeds": [7]},
        FEEDS | {"titel": "x"},
        FEEDS | {"language": "english"},
        FEEDS | {"politeness": {"delay": -1}},
        FEEDS | {"expect": {"with_text": 80}},
        {"json_lists": [{"url": "https://mill.example/api"}]},
    ],
)
def test_schema_and_code_refuse_the_same(fields: dict[str, Any], validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(LEAST | fields))
    with pytest.raises(ValidationError):
        Source.model_validate(LEAST | fields)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "needs at least one entry"),
        ({"listings": ["https://mill.example/news"]}, "listings need articles"),
        ({"sitemaps": [{"url": "https://mill.example/map.xml", "day_only": True}]}, "every document is day_only"),
        ({"feeds": ["https://mill.example/{year}.xml"]}, r"unknown placeholder \{year\}"),
        ({"feeds": [{"url": "https://mill.example/rss", "pages": "template"}]}, "belong together"),
        ({"feeds": [{"url": "https://mill.example/rss", "page_template": "https://mill.example/2"}]}, r"needs \{n\}"),
        ({"json_lists": [{"url": "https://mill.example/api", "items": "a["}]}, "not a JMESPath expression"),
        (FEEDS | {"edition": {"of": "mill", "key": "/\\d+$"}}, "exactly one group"),
        (FEEDS | {"expect": {"pages_per_day": [9, 3]}}, r"write \[floor, ceiling\]"),
        (FEEDS | {"body": "feed"}, "needs a feed with full_text"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Source.model_validate(LEAST | fields)


def test_at_least_thirty_sources_are_on_and_none_needs_a_browser(sources: dict[str, Source]) -> None:
    on = [source for source in sources.values() if source.enabled]
    assert len(on) >= 34
    assert not [source.id for source in sources.values() if source.browser]
    assert find_source_clashes(sources) == []


def test_every_source_says_what_is_expected_and_what_nobody_has_seen(sources: dict[str, Source]) -> None:
    for source in sources.values():
        assert source.publisher and source.country and source.articles and source.unverified, source.id
        assert source.expect.with_text or source.id == "newsru", source.id


ARTICLES = {
    "kremlin-ru": "http://kremlin.ru/events/president/news/76842",
    "kremlin-en": "http://en.kremlin.ru/events/president/transcripts/speeches/76842",
    "tass-ru": "https://tass.ru/politika/24411807",
    "tass-en": "https://tass.com/politics/1894059",
    "ria": "https://ria.ru/20260615/kreml-2012345678.html",
    "sputnik": "https://sputnikglobe.com/20260615/a-story-1112345678.html",
    "interfax": "https://www.interfax.ru/world/1031234",
    "rbc": "https://www.rbc.ru/rbcfreenews/66f0aa5e9a79471234567890",
    "kommersant": "https://www.kommersant.ru/doc/7715044",
    "vedomosti": "https://www.vedomosti.ru/politics/news/2026/06/15/1112345-kreml",
    "lenta": "https://lenta.ru/news/2026/06/15/kreml/",
    "gazeta": "https://www.gazeta.ru/politics/news/2026/06/15/26012345.shtml",
    "iz": "https://iz.ru/1912345/2026-06-15/kreml",
    "rg": "https://rg.ru/2026/06/15/kreml.html",
    "vesti": "https://www.vesti.ru/article/4512345",
    "rt-en": "https://www.rt.com/russia/612345-kremlin-talks/",
    "rt-ru": "https://russian.rt.com/russia/news/1512345-kreml",
    "mid": "https://mid.ru/ru/press_service/spokesman/briefings/2012345/",
    "mid-en": "https://mid.ru/en/press_service/spokesman/briefings/2012345/",
    "government": "http://government.ru/news/60081/",
    "duma": "http://duma.gov.ru/news/61234/",
    "scrf": "http://www.scrf.gov.ru/news/allnews/4223/",
    "meduza": "https://meduza.io/news/2026/06/15/kreml",
    "meduza-en": "https://meduza.io/en/feature/2026/06/15/kremlin",
    "moscowtimes": "https://www.themoscowtimes.com/2026/06/15/kremlin-a91234",
    "moscowtimes-ru": "https://www.moscowtimes.ru/2026/06/15/kreml-a161234",
    "novaya-eu": "https://novayagazeta.eu/articles/2026/06/15/kreml",
    "rferl": "https://www.rferl.org/a/kremlin-talks/33412345.html",
    "currenttime": "https://www.currenttime.tv/a/kreml/33412345.html",
    "theins": "https://theins.ru/politika/281234",
    "ap": "https://apnews.com/article/kremlin-talks-2322c62e67e6c1316b3ce043e66cff62",
    "bbc": "https://www.bbc.com/news/articles/clymn8zyrp9o",
    "bbc-ru": "https://www.bbc.com/russian/articles/clymn8zyrp9o",
    "guardian": "https://www.theguardian.com/world/2026/jun/15/kremlin-talks",
    "voa": "https://www.voanews.com/a/kremlin-talks/8012345.html",
    "dw": "https://www.dw.com/en/kremlin-talks/a-72912345",
    "dw-ru": "https://www.dw.com/ru/kreml/a-72912345",
    "pravda-ua": "https://www.pravda.com.ua/rus/articles/2026/01/08/8015225/",
    "mk": "https://www.mk.ru/politics/2026/06/15/kreml.html",
    "aif": "https://aif.ru/politics/world/kreml",
    "kp": "https://www.kp.ru/online/news/6412345/",
    "zvezda": "https://tvzvezda.ru/news/20266151234-aBcDe.html",
    "regnum": "https://regnum.ru/news/3912345",
    "newsru": "https://www.newsru.com/russia/31May2021/kreml.html",
}
"""An address of the form that each source's articles have."""


@pytest.mark.parametrize(("name", "url"), ARTICLES.items(), ids=list(ARTICLES))
def test_an_article_is_known_by_its_address_and_may_be_asked_for(
    name: str, url: str, sources: dict[str, Source]
) -> None:
    source = sources[name]
    assert source.is_article(url)
    assert not source.is_article(source.home)
    host = url.split("/")[2]
    assert any(host == allowed or host.endswith("." + allowed) for allowed in source.allowed_hosts())
    for document in source.documents():
        listing = document.url.split("/")[2]
        assert any(listing == allowed or listing.endswith("." + allowed) for allowed in source.allowed_hosts())


def test_editions_share_the_key_of_an_article(sources: dict[str, Source]) -> None:
    ru, en = sources["kremlin-ru"].edition, sources["kremlin-en"].edition
    assert ru is not None and en is not None
    key = ru.shared_key("http://kremlin.ru/events/president/news/76842")
    assert key == en.shared_key("http://en.kremlin.ru/events/president/transcripts/76842/") == "kremlin:76842"
    assert ru.shared_key("http://kremlin.ru/events/president/news") is None
    tass = sources["tass-en"].edition
    assert tass is not None and tass.shared_key(ARTICLES["tass-en"]) is None
