"""What searches are answered from: the terms of each quote and the table of word forms, filled as quotes are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    String,
    cast,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert

from pipeline.language.analyser import ANALYSER_VERSION, AnalysedWord, analyse_text
from pipeline.language.morphology import dictionary_rows, morphologies_of
from pipeline.language.query import Acronym, AllOf, AnyForm, Term, parse_query
from pipeline.store.schema import SCHEMA, quotes, word_forms

log = structlog.get_logger()

BATCH = 500
"""Quotes analysed in one transaction."""
_LAST_POSITION, _POSITIONS = 16_383, 255
"""What a tsvector can hold: the highest position of a word, and the number of positions of one word."""


def _quoted(key: str) -> str:
    """A key as tsvector and tsquery write it."""
    return "'" + key.replace("\\", "\\\\").replace("'", "''") + "'"


def _form_key(form: str) -> str:
    """The key of an exact form."""
    return f"={form}"


def _acronym_key(name: str) -> str:
    """The key of an acronym. The key of a lemma is the lemma."""
    return f"^{name}"


def term_vector(tokens: Sequence[AnalysedWord]) -> str:
    """The tokens of a text as a tsvector: exact forms, lemmas and acronyms with their positions."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, token in enumerate(tokens[:_LAST_POSITION], 1):
        keys = {_form_key(token.form), *token.lemmas, *map(_acronym_key, token.acronyms)}
        for key in keys:
            if len(positions[key]) < _POSITIONS:
                positions[key].append(position)
    return " ".join(f"{_quoted(key)}:{','.join(map(str, at))}" for key, at in positions.items())


def put_word_forms(connection: Connection, words: Iterable[str]) -> None:
    """Add all forms of these words to the table of forms, unless it has them. Call it last in a transaction.

    ``words``: folded words of texts. Rows are inserted in one order in one statement, so that transactions that add the
    same words wait for each other and never deadlock.
    """
    asked = sorted({word for word in words if morphologies_of(word)})
    if not asked:
        return
    # Against a takedown that removes words no quote has, this transaction's not being visible yet.
    connection.execute(text(f"LOCK TABLE {SCHEMA}.word_forms IN ROW EXCLUSIVE MODE"))
    seen = select(word_forms.c.form).where(
        word_forms.c.form == func.any(literal(asked, ARRAY(String))), word_forms.c.seen
    )
    missing = set(asked).difference(connection.scalars(seen))
    rows = {row: False for word in missing for row in dictionary_rows(word)}
    rows |= {row: True for row in rows if row[1] in missing}
    if rows:
        columns = [literal(list(values), ARRAY(String)) for values in zip(*sorted(rows), strict=True)]
        flags = [rows[row] for row in sorted(rows)]
        _insert_word_forms(connection, columns, flags)


def _insert_word_forms(connection: Connection, columns: list[BindParameter[Sequence[str]]], seen: list[bool]) -> None:
    rows = func.unnest(*columns, seen).table_valued("lang", "form", "lemma", "seen").render_derived()
    statement = insert(word_forms).from_select(["lang", "form", "lemma", "seen"], select(rows))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["form", "lang", "lemma"],
            set_={"seen": True},
            where=statement.excluded.seen & ~word_forms.c.seen,
        )
    )


def words_condition(words: str) -> tuple[ColumnElement[bool], ColumnElement[float]]:
    """The condition that a quote matches a query of words, and the rank of one that does.

    The query has the form that ``analyst.search_query`` gives, which reads the lemmas in the table of word forms.
    """
    alternatives = [_alternative(group) for group in parse_query(words).alternatives]
    query = cast(literal(" | ".join(alternatives)), TSQUERY)
    return quotes.c.search_terms.op("@@")(query), func.ts_rank_cd(quotes.c.search_terms, query)


def _alternative(group: AllOf) -> str:
    wanted = map(_term, group.wanted)
    unwanted = (f"!({' & '.join(map(_term, terms))})" for terms in group.unwanted)
    return " & ".join([*wanted, *unwanted])


def _term(term: Term) -> str:
    if isinstance(term, AnyForm):
        return f"({' | '.join(map(_quoted, sorted(term.lemmas)))})"
    if isinstance(term, Acronym):
        return _quoted(_acronym_key(term.name))
    return f"({' <-> '.join(_quoted(_form_key(form)) for form in term.forms)})"


def is_unanalysed() -> ColumnElement[bool]:
    """Condition: a quote has no terms of this version of the analyser."""
    # Three ranges of one index, so that those analysed, nearly all, are never scanned.
    by = quotes.c.analysed_by
    return or_(by.is_(None), by < ANALYSER_VERSION, by > ANALYSER_VERSION)


def analyse_quotes(connection: Connection, names: Iterable[str]) -> set[str]:
    """Set the terms of those of these quotes that have none of this version; the folded words of all of them.

    The words still have to be given to :func:`put_word_forms`.
    """
    query = (
        select(quotes.c.id, quotes.c.text).where(quotes.c.id.in_(list(names)), is_unanalysed()).order_by(quotes.c.id)
    )
    words: set[str] = set()
    for row in connection.execute(query.with_for_update()).all():
        tokens = analyse_text(row.text)
        words.update(words_of(tokens))
        values = {"search_terms": term_vector(tokens), "analysed_by": ANALYSER_VERSION}
        connection.execute(update(quotes).where(quotes.c.id == row.id).values(values))
    return words


def words_of(tokens: Iterable[AnalysedWord]) -> set[str]:
    """The folded words of tokens, hyphenated ones whole and in parts."""
    return {word for token in tokens for word in (token.form, token.whole) if word}


def count_unanalysed(connection: Connection) -> int:
    """Number of quotes that searches do not find yet, since no terms of them are stored."""
    return connection.scalar(select(func.count()).select_from(quotes).where(is_unanalysed())) or 0


def analyse_waiting_quotes(engine: Engine) -> int:
    """Store the terms of all quotes that have none of this version of the analyser; how many.

    In batches that each commit: whoever stops it loses nothing, and the next call goes on.
    """
    done = 0
    while True:
        with engine.begin() as connection:
            names = list(connection.scalars(select(quotes.c.id).where(is_unanalysed()).limit(BATCH)))
            if not names:
                return done
            put_word_forms(connection, analyse_quotes(connection, names))
        done += len(names)
        log.info("quotes_analysed", done=done)


def forget_unused_words(connection: Connection) -> int:
    """Remove from the table of forms the words that no quote has, after a takedown; how many forms. Call it last.

    Quotes that others are about to store are waited for.
    """
    connection.execute(text(f"LOCK TABLE {SCHEMA}.word_forms IN SHARE ROW EXCLUSIVE MODE"))
    forms = set(connection.scalars(text(_FORGET_UNUSED)))
    # Their other lemmas stay, but who next stores the form must add what was removed again.
    again = update(word_forms).where(word_forms.c.form == func.any(literal(sorted(forms), ARRAY(String))))
    connection.execute(again.values(seen=False))
    return len(forms)


_FORGET_UNUSED = f"""
    WITH used AS MATERIALIZED (SELECT word FROM ts_stat('SELECT search_terms FROM {SCHEMA}.quotes'))
    DELETE FROM {SCHEMA}.word_forms f WHERE NOT EXISTS (SELECT FROM used WHERE used.word = f.lemma) RETURNING form
"""  # noqa: S608
