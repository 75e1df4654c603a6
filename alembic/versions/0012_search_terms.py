"""Search terms of quotes, the table of word forms, and analyst.search(): SQL that finds what searches and watches find.

The terms of quotes stored before are added after the migration, by the program that migrates or by the next run.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

VIEWS = {
    "quote_terms": (
        "SELECT id AS quote_id, search_terms FROM onrecord.quotes",
        "What search() looks into: one row for each quote.",
        {
            "quote_id": "Id of the quote.",
            "search_terms": "Its lemmas, its exact forms after =, its acronyms after ^; indexed, NULL until analysed.",
        },
    ),
    "word_forms": (
        "SELECT lang, form, lemma, seen FROM onrecord.word_forms",
        "Which words a written form can be a form of, for all words of the quotes.",
        {
            "lang": "Language of the word, ISO 639-1.",
            "form": "The form in lower case; a second time with a capital where that makes it another word.",
            "lemma": "A word it can be a form of; a form can have several.",
            "seen": "Whether a quote has the form; the others are further forms of the same words.",
        },
    ),
}
PAIRS = [
    (capital, capital.lower())
    for capital in map(chr, range(0x41, 0x530))
    if capital.isupper() and len(capital.lower()) == 1 and capital.lower() != capital
]
CHARACTERS = {
    "CAPITALS": "".join(capital for capital, _ in PAIRS),
    "SMALL": "".join(small for _, small in PAIRS),
    "TWINS_LATIN": "ABCEHIKMOPTXYabceghikmnoprtuxy",
    "TWINS_CYRILLIC": "\u0410\u0412\u0421\u0415\u041d\u0406\u041a\u041c\u041e\u0420\u0422\u0425\u0423"
    "\u0430\u0432\u0441\u0435g\u043d\u0456\u043a\u043c\u043f\u043e\u0440\u0433\u0442u\u0445\u0443",
    "CYRILLIC": "\u0400-\u052f",
    "WORD": "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff\u2c00-\u2dff"
    "\u3040-\ud7ff\uf900-\ufdff",
    "INVISIBLE": "\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff",
    "MARKS": "\u2019\u2018\u02bc`\u00b4\u2010\u2011\u201c\u201d\u201e\u00ab\u00bb",
    "PLAIN": "''" * 5 + "--" + '"' * 5,
    "YO": "\u0451",
    "YE": "\u0435",
}
"""What stands for these words in the function: the characters that the program takes for letters, marks and so on."""
SEARCH_QUERY = r"""
    CREATE FUNCTION analyst.search_query(words text) RETURNS tsquery LANGUAGE plpgsql STABLE PARALLEL SAFE AS $body$
    DECLARE
        part CONSTANT text := '[WORD]+(?:''[WORD]+)*';
        item text[];
        written text;
        small text;
        capital text;
        term text;
        terms text[];
        wanted text[] := '{}';
        alternatives text[] := '{}';
        number integer := length(words);
    BEGIN
        IF number > 2000 THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
                'the search has ' || number || ' characters, and at most 2000 are taken: leave words out';
        END IF;
        number := 0;
        words := translate(regexp_replace(normalize(words, NFKC), '[INVISIBLE]', '', 'g'), 'MARKS', 'PLAIN');
        words := regexp_replace(words, '(?<![WORD])([CAPITALS])[.](?=[CAPITALS](?![WORD]))', '\1', 'g');
        FOR item IN SELECT regexp_matches(words, '(-?)(?:"([^"]*)"?|([^ \t\r\n"]+))', 'g') LOOP
            IF item[1] = '' AND translate(item[3], 'OR', 'or') = 'or' THEN
                alternatives := alternatives || array_to_string(wanted, ' & ');
                wanted := '{}';
                CONTINUE;
            END IF;
            terms := '{}';
            FOR written IN
                SELECT left(hit[1], 200)
                FROM regexp_matches(coalesce(item[2], item[3]), '(' || part || '(?:-' || part || ')*)', 'g') hit
            LOOP
                number := number + 1;
                IF written !~ '-' AND written ~ '[A-Za-z]' AND written ~ '[CYRILLIC]' THEN
                    IF length(regexp_replace(written, '[^CYRILLIC]', '', 'g'))
                        >= length(regexp_replace(written, '[^A-Za-z]', '', 'g'))
                    THEN
                        written := translate(written, 'TWINS_LATIN', 'TWINS_CYRILLIC');
                    ELSE
                        written := translate(written, 'TWINS_CYRILLIC', 'TWINS_LATIN');
                    END IF;
                END IF;
                written := regexp_replace(written, '''[sS]?$', '');
                small := translate(translate(written, 'CAPITALS', 'SMALL'), 'YO', 'YE');
                IF item[2] IS NOT NULL THEN
                    SELECT string_agg('''=' || replace(p, '''', '''''') || '''', ' <-> ' ORDER BY n) INTO term
                    FROM string_to_table(small, '-') WITH ORDINALITY t(p, n);
                ELSIF translate(written, 'SMALL', '') = written
                    AND length(written) - length(translate(written, 'CAPITALS', '')) >= 2
                THEN
                    term := '''^' || replace(replace(small, '-', ''), '''', '''''') || '''';
                ELSE
                    capital := NULL;
                    IF translate(left(written, 1), 'CAPITALS', '') = '' THEN
                        capital := translate(left(small, 1), 'SMALL', 'CAPITALS') || substr(small, 2);
                    END IF;
                    SELECT '(' || string_agg(DISTINCT '''' || replace(f.lemma, '''', '''''') || '''', ' | ') || ')'
                    INTO term
                    FROM analyst.word_forms f
                    WHERE f.form IN (small, capital, replace(small, '-', ''))
                        AND (
                            f.form <> small
                            OR NOT EXISTS (
                                SELECT FROM analyst.word_forms g WHERE g.form = capital AND g.lang = f.lang
                            )
                        );
                    term := coalesce(term, '''' || replace(replace(small, '-', ''), '''', '''''') || '''');
                END IF;
                IF item[2] IS NOT NULL OR term <> ALL (terms) THEN
                    terms := terms || term;
                END IF;
            END LOOP;
            CONTINUE WHEN terms = '{}';
            IF item[2] IS NOT NULL THEN
                terms := ARRAY['(' || array_to_string(terms, ' <-> ') || ')'];
            END IF;
            IF item[1] = '-' THEN
                terms := ARRAY['!(' || array_to_string(terms, ' & ') || ')'];
            END IF;
            FOREACH term IN ARRAY terms LOOP
                IF term <> ALL (wanted) THEN
                    wanted := wanted || term;
                END IF;
            END LOOP;
        END LOOP;
        IF number > 200 THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
                'the search has ' || number || ' words, and at most 200 are taken: leave some out';
        END IF;
        alternatives := alternatives || array_to_string(wanted, ' & ');
        RETURN (
            SELECT coalesce(string_agg(it, ' | ' ORDER BY n), '')
            FROM (
                SELECT it, min(n) AS n FROM unnest(alternatives) WITH ORDINALITY t(it, n) WHERE it <> '' GROUP BY it
            ) different
        )::tsquery;
    END $body$
"""
SEARCH = """
    CREATE FUNCTION analyst.search(words text, only_stance text DEFAULT 'said')
    RETURNS TABLE (
        id text, statement_id text, article_id text, text text, lang text, type text, speaker_id text,
        speaker_name text,
        confidence double precision, first_seen_at timestamptz, published_at timestamptz, source_id text, source text,
        url text, article_title text, present boolean, stance text, claimant text
    ) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000 AS $body$
        SELECT q.id, q.statement_id, q.article_id, q.text, q.lang, q.type, q.speaker_id, q.speaker_name,
               q.confidence, q.first_seen_at, q.published_at, q.source_id, q.source,
               q.url, q.article_title, q.present, q.stance, q.claimant
        FROM analyst.quotes q JOIN analyst.quote_terms t ON t.quote_id = q.id
        WHERE (btrim(search.words) = '' OR t.search_terms @@ (SELECT analyst.search_query(search.words)))
            AND (search.only_stance = 'all' OR q.stance = search.only_stance)
    $body$
"""
FUNCTIONS = {
    "search_query(text)": 'Words, "exact forms", ACRONYMS, -without, or: as a condition on quote_terms.search_terms.',
    "search(text, text)": "The quotes that onrecord search finds with the same words; only_stance: said ... or all.",
}


def upgrade() -> None:
    op.add_column("quotes", sa.Column("search_terms", postgresql.TSVECTOR(), nullable=True), schema="onrecord")
    op.add_column("quotes", sa.Column("analysed_by", sa.Text(), nullable=True), schema="onrecord")
    op.create_index(
        op.f("ix_quotes_search_terms"), "quotes", ["search_terms"], schema="onrecord", postgresql_using="gin"
    )
    op.create_index(op.f("ix_quotes_analysed_by"), "quotes", ["analysed_by"], schema="onrecord")
    op.create_table(
        "word_forms",
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("lemma", sa.Text(), nullable=False),
        sa.Column("seen", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("form", "lang", "lemma", name=op.f("pk_word_forms")),
        schema="onrecord",
    )
    for name, (query, meaning, columns) in VIEWS.items():
        op.execute(f"CREATE VIEW analyst.{name} AS {query}")
        _comment(f"VIEW analyst.{name}", meaning)
        for column, of_column in columns.items():
            _comment(f"COLUMN analyst.{name}.{column}", of_column)
    statement = SEARCH_QUERY
    for name, characters in CHARACTERS.items():
        statement = statement.replace(name, characters)
    _execute(statement)
    _execute(SEARCH)
    for signature, meaning in FUNCTIONS.items():
        _comment(f"FUNCTION analyst.{signature}", meaning)
    op.execute(
        """
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'onrecord_analyst') THEN
                GRANT SELECT ON analyst.quote_terms, analyst.word_forms TO onrecord_analyst;
            END IF;
        END $$
        """
    )


def downgrade() -> None:
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION analyst.{signature}")
    for name in VIEWS:
        op.execute(f"DROP VIEW analyst.{name}")
    op.drop_table("word_forms", schema="onrecord")
    for column in ("analysed_by", "search_terms"):
        op.drop_index(op.f(f"ix_quotes_{column}"), table_name="quotes", schema="onrecord")
        op.drop_column("quotes", column, schema="onrecord")


def _comment(what: str, meaning: str) -> None:
    _execute(f"COMMENT ON {what} IS '{meaning}'")


def _execute(statement: str) -> None:
    op.execute(sa.text(statement.replace(":", "\\:")))
