"""Statements are made of segments, sentence-sized pieces of quotes, and of links between these.

Each quote becomes one segment of the statement it was in, so that everything is found as before; the next run cuts all
quotes into sentences and links them. Ids that end then become aliases, and readers who were notified of a statement
count as notified of what comes of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = "kind IN ('exact', 'contained', 'variant', 'reported', 'edited', 'apart')"
_OLD_JOIN = r"LEFT JOIN (onrecord\.)?statement_quotes sq ON sq\.quote_id = q\.id"
_NEW_JOIN = (
    "LEFT JOIN LATERAL (SELECT (array_agg(s.statement_id ORDER BY s.start))[1] AS statement_id, "
    "array_agg(s.statement_id ORDER BY s.start) AS statement_ids "
    "FROM onrecord.segments s WHERE s.quote_id = q.id) sq ON true"
)
_FROM_QUOTES = r"(\s+FROM (onrecord\.)?quotes q\M)"
REPORTS = """
    SELECT s.statement_id, s.quote_id, s.start, s."end", substr(q.text, s.start + 1, s."end" - s.start) AS text,
           s.how, s.score, a.source_id, a.url, a.published_at, q.first_seen_at
    FROM onrecord.segments s
    JOIN onrecord.quotes q ON q.id = s.quote_id
    JOIN onrecord.articles a ON a.id = q.article_id
"""
LINKS = """
    SELECT l.kind, l.score, l.why, one.statement_id, one.quote_id, l.start_a AS start, l.end_a AS "end",
           other.statement_id AS other_statement_id, other.quote_id AS other_quote_id,
           l.start_b AS other_start, l.end_b AS other_end, l.code_version
    FROM onrecord.segment_links l
    JOIN onrecord.segments one ON one.id = l.a
    JOIN onrecord.segments other ON other.id = l.b
"""
VIEWS = {
    "statement_reports": (
        REPORTS,
        "One row for each report of a statement: the words of which quote report it, and how they repeat it.",
        {
            "statement_id": "The statement.",
            "quote_id": "The quote whose words report it.",
            "start": "Where these words begin in the text of the quote, in characters.",
            "end": "Where they end.",
            "text": "The words.",
            "how": "founding (the earliest), exact (the same words), contained (some of them), variant (other words), "
            "reported (in reported speech) or edited (a corrected version of the same article).",
            "score": "How alike they are to the founding words, from 0 to 1.",
            "source_id": "Id of the publication.",
            "url": "Address of the article.",
            "published_at": "When the article says it was published; NULL if it does not.",
            "first_seen_at": "When we first saw the quote.",
        },
    ),
    "statement_links": (
        LINKS,
        "One row for each two reports that were compared and found to be one statement, or alike and yet two.",
        {
            "kind": "exact, contained, variant, reported or edited; apart if something differs that makes them two.",
            "score": "How alike they are, from 0 to 1.",
            "why": "Of apart: what differs (number, date, name, polarity ...); else empty.",
            "statement_id": "The statement that the one reports.",
            "quote_id": "The quote of the one.",
            "start": "Where its words begin in the text of the quote.",
            "end": "Where they end.",
            "other_statement_id": "The statement that the other reports.",
            "other_quote_id": "The quote of the other.",
            "other_start": "Where its words begin in the text of its quote.",
            "other_end": "Where they end.",
            "code_version": "Version of the code that compared them.",
        },
    ),
}
_STATEMENTS_MEAN = (
    "One row for each thing said: all reports of it, in whatever publications and wording of one language, are one "
    "statement."
)
_IDS_MEAN = "All statements that it reports, sentence by sentence; statement_id is the first of them."


def upgrade() -> None:
    _make_tables()
    op.execute(
        """
        INSERT INTO onrecord.segments (id, quote_id, start, "end", statement_id, how, score, published_at)
        SELECT q.id, q.id, 0, length(q.text), sq.statement_id, CASE sq.how WHEN 'truncated' THEN 'contained'
               ELSE sq.how END, sq.score, a.published_at
        FROM onrecord.statement_quotes sq
        JOIN onrecord.quotes q ON q.id = sq.quote_id
        JOIN onrecord.articles a ON a.id = q.article_id
        """
    )
    op.add_column("statements", sa.Column("founding_segment_id", sa.Text()), schema="onrecord")
    op.execute("UPDATE onrecord.statements SET founding_segment_id = founding_quote_id")
    op.alter_column("statements", "founding_segment_id", nullable=False, schema="onrecord")
    op.execute(
        "UPDATE onrecord.articles SET link_due = now() "
        "WHERE link_due IS NULL AND id IN (SELECT article_id FROM onrecord.quotes)"
    )
    _indexes()
    _change_view("quotes", _OLD_JOIN, _NEW_JOIN)
    _change_view("quotes", _FROM_QUOTES, ", sq.statement_ids\\1")
    op.execute(f"COMMENT ON COLUMN analyst.quotes.statement_ids IS '{_IDS_MEAN}'")
    _change_view("statements", r"(onrecord\.)?statement_quotes sq", "onrecord.segments sq")
    _comment("VIEW analyst.statements", _STATEMENTS_MEAN)
    _comment("COLUMN analyst.statements.text", "The words of its founding report, exactly as published.")
    _comment("COLUMN analyst.quotes.statement_id", "The first of the statements it reports; NULL until it is linked.")
    op.drop_table("statement_quotes", schema="onrecord")
    op.execute(
        "CREATE VIEW onrecord.statement_quotes AS SELECT quote_id, statement_id, how, score FROM onrecord.segments"
    )
    for name, (query, meaning, columns) in VIEWS.items():
        op.execute(f"CREATE VIEW analyst.{name} AS {query}")
        _comment(f"VIEW analyst.{name}", meaning)
        for column, of_column in columns.items():
            _comment(f'COLUMN analyst.{name}."{column}"', of_column)
    op.execute(
        """
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'onrecord_analyst') THEN
                GRANT SELECT ON analyst.statement_reports, analyst.statement_links TO onrecord_analyst;
            END IF;
        END $$
        """
    )


def _make_tables() -> None:
    op.create_table(
        "segments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False, server_default=""),
        sa.Column("score", sa.Double(), nullable=False, server_default="1"),
        sa.Column("words_digest", sa.Text(), nullable=False, server_default=""),
        sa.Column("stems", sa.Text(), nullable=False, server_default=""),
        sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'::text[]")),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("linked_as", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
        sa.ForeignKeyConstraint(["quote_id"], ["onrecord.quotes.id"], name=op.f("fk_segments_quote_id_quotes")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["onrecord.statements.id"], name=op.f("fk_segments_statement_id_statements")
        ),
        schema="onrecord",
    )
    op.create_table(
        "segment_links",
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("start_a", sa.Integer(), nullable=False),
        sa.Column("end_a", sa.Integer(), nullable=False),
        sa.Column("start_b", sa.Integer(), nullable=False),
        sa.Column("end_b", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("code_version", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_segment_links")),
        sa.ForeignKeyConstraint(["a"], ["onrecord.segments.id"], name=op.f("fk_segment_links_a_segments")),
        sa.ForeignKeyConstraint(["b"], ["onrecord.segments.id"], name=op.f("fk_segment_links_b_segments")),
        sa.CheckConstraint(KINDS, name=op.f("ck_segment_links_kind")),
        sa.CheckConstraint("a < b", name=op.f("ck_segment_links_order")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_segment_links_b"), "segment_links", ["b"], schema="onrecord")
    op.create_table(
        "link_inputs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_link_inputs")),
        schema="onrecord",
    )


def _indexes() -> None:
    op.create_index(op.f("ix_segments_quote_id"), "segments", ["quote_id"], schema="onrecord")
    op.create_index(op.f("ix_segments_statement_id"), "segments", ["statement_id"], schema="onrecord")
    op.create_index(
        op.f("ix_segments_words_digest_published_at"),
        "segments",
        ["words_digest", "published_at"],
        schema="onrecord",
        postgresql_where=sa.text("places <> '{}'"),
    )
    op.create_index(
        op.f("ix_segments_places"),
        "segments",
        ["places"],
        schema="onrecord",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def _change_view(name: str, pattern: str, new: str) -> None:
    """Put other words into the definition of a view; its columns stay, further ones may come at the end."""
    op.execute(
        f"""
        DO $$
        BEGIN
            EXECUTE 'CREATE OR REPLACE VIEW analyst.{name} AS '
                || regexp_replace(pg_get_viewdef('analyst.{name}'::regclass, true), '{pattern}', '{new}');
        END $$
        """
    )


def downgrade() -> None:
    for name in VIEWS:
        op.execute(f"DROP VIEW analyst.{name}")
    op.execute("DROP VIEW onrecord.statement_quotes")
    op.create_table(
        "statement_quotes",
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False, server_default=""),
        sa.Column("score", sa.Double(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_statement_quotes")),
        sa.ForeignKeyConstraint(["quote_id"], ["onrecord.quotes.id"], name=op.f("fk_statement_quotes_quote_id_quotes")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["onrecord.statements.id"], name=op.f("fk_statement_quotes_statement_id_statements")
        ),
        schema="onrecord",
    )
    op.execute(
        """
        INSERT INTO onrecord.statement_quotes
        SELECT DISTINCT ON (quote_id) quote_id, statement_id, how, score FROM onrecord.segments ORDER BY quote_id, start
        """
    )
    op.create_index(op.f("ix_statement_quotes_statement_id"), "statement_quotes", ["statement_id"], schema="onrecord")
    _change_view("statements", r"(onrecord\.)?segments sq", "onrecord.statement_quotes sq")
    op.execute(_WITHOUT_IDS)
    op.drop_table("segment_links", schema="onrecord")
    op.drop_table("segments", schema="onrecord")
    op.drop_table("link_inputs", schema="onrecord")
    op.drop_column("statements", "founding_segment_id", schema="onrecord")
    op.execute("UPDATE onrecord.articles SET link_due = now() WHERE id IN (SELECT article_id FROM onrecord.quotes)")


# A view cannot lose a column, so it is made anew, with its comments and grants.
_WITHOUT_IDS = r"""
    DO $$
    DECLARE definition text := pg_get_viewdef('analyst.quotes'::regclass, true);
            comments text[]; readable boolean; line text;
    BEGIN
        SELECT array_agg(format('COMMENT ON COLUMN analyst.quotes.%I IS %L', attname,
                                col_description(attrelid, attnum)))
            INTO comments FROM pg_attribute WHERE attrelid = 'analyst.quotes'::regclass AND attnum > 0
            AND attname <> 'statement_ids';
        comments := comments || format('COMMENT ON VIEW analyst.quotes IS %L',
                                       obj_description('analyst.quotes'::regclass));
        SELECT coalesce(bool_or(has_table_privilege(rolname, 'analyst.quotes', 'SELECT')), false)
            INTO readable FROM pg_roles WHERE rolname = 'onrecord_analyst';
        DROP VIEW analyst.quotes;
        definition := regexp_replace(definition, ',\s+sq\.statement_ids\M', '');
        definition := regexp_replace(definition, 'LEFT JOIN LATERAL \(.*\) sq ON true',
                                     'LEFT JOIN onrecord.statement_quotes sq ON sq.quote_id = q.id');
        EXECUTE 'CREATE VIEW analyst.quotes AS ' || definition;
        FOREACH line IN ARRAY comments LOOP EXECUTE line; END LOOP;
        IF readable THEN GRANT SELECT ON analyst.quotes TO onrecord_analyst; END IF;
    END $$
"""


def _comment(what: str, meaning: str) -> None:
    op.execute(sa.text(f"COMMENT ON {what} IS '{meaning}'".replace(":", "\\:")))
