"""Identities of people whom only the news know: in the store, in searches, in watches, in proposals."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, Engine, select, text

from pipeline.cli.speakers import entry_lines
from pipeline.config.speaker import RosterConfig
from pipeline.language.person_names import person_id, person_name
from pipeline.queries.rows import SearchQuestion
from pipeline.queries.search import search_quotes
from pipeline.queries.speakers import ids_called, person_profiles, roster_proposals
from pipeline.stages.link import link_quotes
from pipeline.statements.people import RosterPerson
from pipeline.store import schema
from pipeline.store.admin.digest import table_digests
from pipeline.store.statements.unmatched import seen_since
from tests.integration.quoted import DAY, opened, put_quote

ONE = "person:aleksei-cibanov"
TOLD = {
    "harbour": ("Алексей Цыбанов", "глава Лугова", "ru"),
    "lamp": ("Aleksei Tsybanov", "head of Lugov", "en"),
    "mast": ("Алексей Самуилович Цыбанов", None, "ru"),
    "rope": ("А.Цыбанов", "глава Лугова", "ru"),
    "sail": ("Борис Цыбанов", "тренер", "ru"),
}


def put(connection: Connection, source: str, name: str, office: str | None, lang: str, words: str = "") -> str:
    parsed = person_name(name)
    assert parsed is not None
    quote = put_quote(
        connection, source, words or f"the {source} will be mended before the next winter comes to us",
        speaker=person_id(name), name=name, lang=lang,
    )  # fmt: skip
    row: dict[str, Any] = {"speaker_office": office, "surname_key": parsed.surname, "speaker_rule": "name"}
    for table, key in ((schema.quotes, schema.quotes.c.id), (schema.quote_spans, schema.quote_spans.c.quote_id)):
        connection.execute(table.update().where(key == quote).values(**row))
    return quote


def link(engine: Engine, run: str, roster: tuple[RosterPerson, ...] = ()) -> None:
    link_quotes(engine, run_id=run, roster=roster)


def speakers(engine: Engine) -> dict[str, str | None]:
    with engine.connect() as connection:
        rows = connection.execute(select(schema.quotes.c.speaker_name, schema.quotes.c.speaker_id))
        return {row.speaker_name: row.speaker_id for row in rows}


@pytest.mark.parametrize("order", [*permutations(TOLD)][::30])
def test_ids_do_not_depend_on_order_and_batches(engine: Engine, order: tuple[str, ...]) -> None:
    run = opened(engine)
    for source in order:
        with engine.begin() as connection:
            put(connection, source, *TOLD[source])
        if source != order[2]:
            link(engine, run)
    link(engine, run)
    assert speakers(engine) == {
        name: "person:boris-cibanov" if name.startswith("Борис") else ONE for name, _, _ in TOLD.values()
    }
    with engine.connect() as connection:
        stated = connection.scalars(select(schema.statements.c.speaker_id)).all()
        assert set(stated) == {ONE, "person:boris-cibanov"}
        first = table_digests(connection)
    link(engine, run)
    with engine.connect() as connection:
        assert table_digests(connection) == first


def test_an_id_lives_on_when_the_roster_takes_the_person_in(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        for source in ("harbour", "lamp", "rope"):
            put(connection, source, *TOLD[source])
    link(engine, run)
    name = person_name("Алексей Цыбанов")
    assert name is not None
    link(engine, run, (RosterPerson("aleksei-tsybanov", name, "RU"),))
    assert set(speakers(engine).values()) == {"aleksei-tsybanov"}
    with engine.connect() as connection:
        assert ids_called(connection, ONE) == ["aleksei-tsybanov"]
        assert search_quotes(connection, SearchQuestion(speaker=ONE)).total == 3
        assert connection.scalars(select(schema.people.c.id)).all() == []
        assert set(connection.scalars(select(schema.statements.c.speaker_id))) == {"aleksei-tsybanov"}
        found = connection.execute(text("SELECT old_id, new_id FROM analyst.person_ids")).all()
        assert [tuple(row) for row in found] == [(ONE, "aleksei-tsybanov")]


def test_an_id_that_two_people_share_no_more_finds_both(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        put(connection, "harbour", "Алексей Цыбанов", "мэр Лугова", "ru")
    link(engine, run)
    assert set(speakers(engine).values()) == {ONE}
    with engine.begin() as connection:
        put(connection, "lamp", "Алексей Цыбанов", "тренер «Речника»", "ru")
    link(engine, run)
    with engine.connect() as connection:
        one, other = ids_called(connection, ONE)
        assert one.startswith(f"{ONE}.") and other.startswith(f"{ONE}.")
        assert search_quotes(connection, SearchQuestion(speaker=ONE)).total == 2
        assert search_quotes(connection, SearchQuestion(speaker=one)).total == 1
        assert all(ONE in it.speakers for it in seen_since(connection, DAY))


@pytest.mark.parametrize("asked", [ONE, "Цыбанов", "Tsybanov", "Алексей Цыбанов", "Alexey Tsybanov", "Цыбанов Алексей"])
def test_a_search_understands_ids_and_names_in_either_script(engine: Engine, asked: str) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        for source in ("harbour", "lamp", "mast"):
            put(connection, source, *TOLD[source])
    link(engine, run)
    with engine.connect() as connection:
        assert search_quotes(connection, SearchQuestion(speaker=asked)).total == 3


def test_proposals_are_by_person_with_offices_days_and_an_entry_to_paste(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        for source in ("harbour", "lamp", "mast", "sail"):
            put(connection, source, *TOLD[source])
    link(engine, run)
    with engine.connect() as connection:
        (found,) = roster_proposals(connection, 2, 10)
        assert (found.id, found.quotes, found.articles) == (ONE, 3, 3)
        assert (found.name_en, found.name_ru) == ("Aleksei Tsybanov", "Алексей Цыбанов")
        assert found.offices == ("head of Lugov", "глава Лугова")
        assert found.sources == ("harbour", "lamp", "mast")
        assert (found.first_day, found.last_day) == (DAY.date(), DAY.date())
        assert person_profiles(connection, [ONE]) == [found]
        view = connection.execute(text("SELECT id, quotes, articles, offices FROM analyst.people ORDER BY id")).first()
        assert view is not None and tuple(view) == (ONE, 3, 3, ["head of Lugov", "глава Лугова"])
    entry = yaml.safe_load("\n".join(["speakers:", *entry_lines(found, ())]))
    (speaker,) = RosterConfig.model_validate(entry).speakers
    assert (speaker.id, speaker.gender) == ("aleksei-tsybanov", "m")
    assert (speaker.en, speaker.ru) == ("Aleksei Tsybanov", "Алексей Цыбанов")
    assert speaker.names.ru == ("Алексей Самуилович Цыбанов",)
    russian = yaml.safe_load("\n".join(["speakers:", *entry_lines(replace(found, name_en=None), ())]))
    assert russian["speakers"][0]["en"] == "Aleksey Tsybanov"
