"""Kind of text of quotes, whether they are nothing but a set phrase, and the rule for whom interviews introduce.

Nothing that is stored is written anew: kinds and set phrases come when the next run reads the texts again.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("quotes", "quote_spans")
KINDS = "text_kind IN ('', 'news', 'interview', 'transcript', 'live-blog', 'digest', 'opinion')"
SPEAKERS = (
    "", "pronoun", "several", "body", "name", "office", "titled", "short", "epithet", "document", "undated", "later",
    "as-written", "as-before", "as-after", "as-usual", "label", "nobody",
)  # fmt: skip
MEANINGS = {
    "formula": "Whether it is nothing but a greeting, thanks or a set phrase (No comment): found, but no news.",
    "text_kind": "The kind of the text it stands in: news, interview, transcript, live-blog, digest or opinion; "
    "empty if older code read it.",
}
COLUMNS = "".join(f", q.{column}" for column in MEANINGS)
_WITH = f"""
    DO $$
    DECLARE definition text := pg_get_viewdef('analyst.quotes'::regclass, true);
    BEGIN
        EXECUTE 'CREATE OR REPLACE VIEW analyst.quotes AS '
            || regexp_replace(definition, '(\\s+FROM (onrecord\\.)?quotes q\\M)', '{COLUMNS}\\1');
    END $$
"""
# A view cannot lose a column, so it is made anew, with its comments and grants.
_WITHOUT = """
    DO $$
    DECLARE definition text := pg_get_viewdef('analyst.quotes'::regclass, true);
            comments text[]; readable boolean; line text;
    BEGIN
        SELECT array_agg(format('COMMENT ON COLUMN analyst.quotes.%I IS %L', attname,
                                col_description(attrelid, attnum)))
            INTO comments FROM pg_attribute WHERE attrelid = 'analyst.quotes'::regclass AND attnum > 0
            AND attname NOT IN ('formula', 'text_kind');
        comments := comments || format('COMMENT ON VIEW analyst.quotes IS %L',
                                       obj_description('analyst.quotes'::regclass));
        SELECT coalesce(bool_or(has_table_privilege(rolname, 'analyst.quotes', 'SELECT')), false)
            INTO readable FROM pg_roles WHERE rolname = 'onrecord_analyst';
        DROP VIEW analyst.quotes;
        definition := regexp_replace(definition, ',\\s+q\\.(formula|text_kind)\\M', '', 'g');
        EXECUTE 'CREATE VIEW analyst.quotes AS ' || definition;
        FOREACH line IN ARRAY comments LOOP EXECUTE line; END LOOP;
        IF readable THEN GRANT SELECT ON analyst.quotes TO onrecord_analyst; END IF;
    END $$
"""


def _check_speaker_rules(names: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{name}'" for name in names)
    for table in TABLES:
        name = op.f(f"ck_{table}_speaker_rule")
        op.drop_constraint(name, table, schema="onrecord", type_="check")
        op.create_check_constraint(name, table, f"speaker_rule IN ({listed})", schema="onrecord")


def upgrade() -> None:
    for table in TABLES:
        formula = sa.Column("formula", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        op.add_column(table, formula, schema="onrecord")
        op.add_column(table, sa.Column("text_kind", sa.Text(), server_default="", nullable=False), schema="onrecord")
        op.create_check_constraint(op.f(f"ck_{table}_text_kind"), table, KINDS, schema="onrecord")
    _check_speaker_rules((*SPEAKERS[:-2], "interviewee", *SPEAKERS[-2:]))
    op.execute(_WITH)
    for column, meaning in MEANINGS.items():
        op.execute(f"COMMENT ON COLUMN analyst.quotes.{column} IS '{meaning}'")


def downgrade() -> None:
    op.execute(_WITHOUT)
    for table in TABLES:
        op.execute(f"UPDATE onrecord.{table} SET speaker_rule = 'label' WHERE speaker_rule = 'interviewee'")  # noqa: S608
    _check_speaker_rules(SPEAKERS)
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_text_kind"), table, schema="onrecord", type_="check")
        op.drop_column(table, "text_kind", schema="onrecord")
        op.drop_column(table, "formula", schema="onrecord")
