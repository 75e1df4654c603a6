"""People whom only the news know: who is one person is decided anew for every surname that new quotes bring."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, String, column, delete, func, literal, select, update, values
from sqlalchemy.dialects.postgresql import ARRAY, insert

from pipeline.language.offices import distinctive_words
from pipeline.language.person_names import PERSON, base_id, fold_person_word, person_id, person_name
from pipeline.statements.people import PersonMention, RosterPerson, identify_people
from pipeline.store.schema import articles, names, people, person_aliases, quotes, versions

BATCH = 500
"""Surnames that are compared at a time."""


def identify_speakers(connection: Connection, roster: Sequence[RosterPerson]) -> int:
    """Give the quotes of people with the surnames that wait the ids of these people; number of quotes changed.

    Surnames wait that are quoted in an article that is due to be linked, and those of people whom the roster has taken
    in. The result does not depend on the order in which articles arrived. Former ids become aliases.
    """
    by_surname: dict[str, list[RosterPerson]] = defaultdict(list)
    for known in roster:
        by_surname[known.name.surname].append(known)
    changed = 0
    waiting = _waiting(connection, roster)
    for surnames in (waiting[at : at + BATCH] for at in range(0, len(waiting), BATCH)):
        known_here = [known for surname in surnames for known in by_surname.get(surname, ())]
        changed += _identify(connection, surnames, known_here)
    _rename_claimants(connection)
    return changed


def _waiting(connection: Connection, roster: Sequence[RosterPerson]) -> list[str]:
    due = (
        select(quotes.c.surname_key)
        .join(articles, articles.c.id == quotes.c.article_id)
        .where(articles.c.link_due.is_not(None), quotes.c.surname_key.is_not(None))
    )
    known = {one.name.id: one.name.surname for one in roster}
    there = select(people.c.id).where(people.c.surname_key.in_(set(known.values())))
    taken_in = {known[base] for person in connection.scalars(there) if (base := base_id(person)) in known}
    return sorted(set(connection.scalars(due)) | taken_in)


def _identify(connection: Connection, surnames: Sequence[str], roster: Sequence[RosterPerson]) -> int:
    rows = _mentions(connection, surnames)
    words = _words(connection, rows)
    found = identify_people([_mention(row, words) for row in rows], roster)
    changes = {
        (row.article_id, row.speaker_name): found.get((row.article_id, row.speaker_name))
        for row in rows
        if row.ids != [found.get((row.article_id, row.speaker_name)) or ""]
    }
    _put_people(connection, surnames, rows, found)
    _put_aliases(connection, rows, found)
    return _put_ids(connection, changes)


def _mentions(connection: Connection, surnames: Sequence[str]) -> list[Row[Any]]:
    """Article, name, offices, ids, time, languages of everybody with these surnames."""
    office = func.array_agg(quotes.c.speaker_office.distinct()).filter(quotes.c.speaker_office.is_not(None))
    had = func.coalesce(quotes.c.speaker_id, "")
    query = (
        select(
            quotes.c.article_id,
            quotes.c.speaker_name,
            func.coalesce(office, literal([], ARRAY(String))).label("offices"),
            func.array_agg(had.distinct()).label("ids"),
            func.coalesce(articles.c.published_at, articles.c.first_seen_at).label("at"),
            articles.c.lang,
            func.count().label("quotes"),
        )
        .join(articles, articles.c.id == quotes.c.article_id)
        .where(quotes.c.surname_key.in_(surnames))
        .group_by(quotes.c.article_id, quotes.c.speaker_name, articles.c.id)
        .order_by(quotes.c.article_id, quotes.c.speaker_name)
    )
    return list(connection.execute(query))


def _words(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, frozenset[str]]:
    """The distinctive words of the articles that have only an initial of somebody whose full name another has."""
    named = [(row.article_id, name) for row in rows if (name := person_name(row.speaker_name)) is not None]
    full = {name.surname for _, name in named if name.is_full}
    wanted = {article for article, name in named if not name.is_full and name.surname in full}
    newest = (
        select(versions.c.article_id, versions.c.title, versions.c.text)
        .where(versions.c.article_id.in_(wanted))
        .order_by(versions.c.article_id, versions.c.seen_at, versions.c.n)
    )
    return {row.article_id: distinctive_words(f"{row.title} {row.text}") for row in connection.execute(newest)}


def _mention(row: Row[Any], words: Mapping[str, frozenset[str]]) -> PersonMention:
    return PersonMention(
        row.article_id,
        row.speaker_name,
        tuple(sorted(row.offices)),
        row.at.isoformat(),
        words.get(row.article_id, frozenset()),
    )


_Found = Mapping[tuple[str, str], str | None]


def _put_people(connection: Connection, surnames: Sequence[str], rows: Sequence[Row[Any]], found: _Found) -> None:
    """Replace the people with these surnames."""
    named: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        person = found.get((row.article_id, row.speaker_name))
        if person is not None and person.startswith(PERSON):
            named[person][row.lang][row.speaker_name] += row.quotes
    connection.execute(delete(people).where(people.c.surname_key.in_(surnames)))
    new = []
    for person, by_lang in sorted(named.items()):
        printed = sorted({name for counted in by_lang.values() for name in counted})
        folded = [name for one in printed if (name := person_name(one)) is not None]
        words = sorted({word for name in folded if name.is_full for word in name.words})
        usual = {f"name_{lang}": _usual(by_lang[lang]) if lang in by_lang else None for lang in ("en", "ru")}
        new.append({"id": person, "surname_key": folded[0].surname, "words": words, "names": printed, **usual})
    if new:
        connection.execute(insert(people), new)


def _usual(counted: Counter[str]) -> str:
    """The most usual name, of equals the shortest: names in full before those with an initial."""
    full = {name: n for name, n in counted.items() if (it := person_name(name)) is not None and it.is_full}
    return min(full or counted, key=lambda name: (-counted[name], len(name), name))


def _put_aliases(connection: Connection, rows: Sequence[Row[Any]], found: _Found) -> None:
    """Let each id that nobody has any more lead to the one that all who had it have now."""
    heirs: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        person = found.get((row.article_id, row.speaker_name))
        name = person_name(row.speaker_name)
        if person is None or name is None:
            continue
        for old in {*row.ids, *({name.id} if name.is_full else ())}:
            if old.startswith(PERSON):
                heirs[old].add(person)
    live = {person for persons in heirs.values() for person in persons}
    connection.execute(delete(person_aliases).where(person_aliases.c.old_id.in_([*live, *heirs])))
    for old, persons in sorted(heirs.items()):
        if old not in live and len(persons) == 1:
            (heir,) = persons
            connection.execute(update(person_aliases).where(person_aliases.c.new_id == old).values(new_id=heir))
            connection.execute(insert(person_aliases).values(old_id=old, new_id=heir))


def _put_ids(connection: Connection, changes: _Found) -> int:
    changed = 0
    rows = [(article, name, person) for (article, name), person in sorted(changes.items())]
    for at in range(0, len(rows), 1000):
        new = values(
            column("article", String), column("name", String), column("person", String), name="identified"
        ).data(rows[at : at + 1000])  # fmt: skip
        same = (quotes.c.article_id == new.c.article, quotes.c.speaker_name == new.c.name)
        differs = quotes.c.speaker_id.is_distinct_from(new.c.person)
        written = connection.execute(
            update(quotes)
            .where(*same, quotes.c.surname_key.is_not(None), differs)
            .values(speaker_id=new.c.person)
            .returning(quotes.c.article_id)
        )
        touched = set(written.scalars())
        changed += len(touched)
        connection.execute(
            update(articles)
            .where(articles.c.id.in_(touched), articles.c.link_due.is_(None))
            .values(link_due=func.clock_timestamp())
        )
    return changed


def _rename_claimants(connection: Connection) -> None:
    """Let claimants in articles that are due have the id that they have now."""
    due = select(articles.c.id).where(articles.c.link_due.is_not(None))
    same = (quotes.c.claimant_id == person_aliases.c.old_id, quotes.c.article_id.in_(due))
    connection.execute(update(quotes).where(*same).values(claimant_id=person_aliases.c.new_id))


def current_person_ids(connection: Connection, person: str) -> list[str]:
    """The ids under which the person with an id is quoted now, in order; none if nobody ever had it.

    A former id leads to the present one. One that follows from a name alone leads to all who have the name.
    """
    alias = connection.scalar(select(person_aliases.c.new_id).where(person_aliases.c.old_id == person))
    if alias is not None:
        return [alias]
    if connection.scalar(select(people.c.id).where(people.c.id == person)) is not None:
        return [person]
    if base_id(person) != person:
        return []
    namesakes = select(people.c.id).where(people.c.id.startswith(f"{person}.", autoescape=True)).order_by(people.c.id)
    return list(connection.scalars(namesakes))


def people_called(connection: Connection, name: str) -> list[str]:
    """Ids of the people whose name has all these words, in either script and any usual spelling; in order."""
    words = sorted({fold_person_word(word) for word in name.split() if fold_person_word(word)})
    if not words:
        return []
    wanted = people.c.words.contains(words)
    return list(connection.scalars(select(people.c.id).where(wanted).order_by(people.c.id)))


def ids_ever_had(connection: Connection, speakers: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of each speaker all ids that lead to that speaker: the present one, former ones, those that names alone give."""
    found: dict[str, set[str]] = {speaker: {speaker, base_id(speaker)} for speaker in speakers}
    aliases = select(person_aliases).where(person_aliases.c.new_id.in_(speakers))
    for row in connection.execute(aliases):
        found[row.new_id].add(row.old_id)
    for row in connection.execute(select(names).where(names.c.speaker_id.in_(speakers))):
        if (person := person_id(row.name)) is not None:
            found[row.speaker_id].add(person)
    return {speaker: tuple(sorted(ids)) for speaker, ids in found.items()}
