"""The rules that found span and speaker of a quote, each in a column; they stood together in one text, ``rule``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WITH_CUE = ("that", "bare", "colon", "quote", "object", "after", "impersonal", "none")
ALONE = ("source", "participle", "other-verb", "any-verb-colon", "name-colon", "turn", "block", "alone", "partial")
DOUBTS = ("far", "rivals", "claim", "single", "bare")
SPEAKERS = (
    "pronoun", "several", "body", "name", "office", "titled", "short", "epithet", "document", "undated", "later",
    "as-written", "as-before", "as-after", "as-usual", "label", "nobody",
)  # fmt: skip
TABLES = ("quotes", "quote_spans")


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


CHECKS = {
    "span_rule": f"span_rule IN ({_listed((*WITH_CUE, 'phrase', *ALONE))})",
    "span_placement": "span_placement IN ('', 'before', 'on')",
    "doubts": f"doubts <@ ARRAY[{_listed(DOUBTS)}]",
    "speaker_rule": f"speaker_rule IN ({_listed(('', *SPEAKERS))})",
}
NAME = (
    "CASE WHEN span_placement = 'before' THEN 'before-' ELSE '' END || "
    "CASE WHEN span_rule = 'phrase' THEN span_cue WHEN span_cue = '' THEN span_rule "
    "ELSE span_cue || '-' || span_rule END || "
    "CASE WHEN span_placement = 'on' THEN '-on' ELSE '' END || "
    + " || ".join(f"CASE WHEN doubts @> ARRAY['{doubt}'] THEN '+{doubt}' ELSE '' END" for doubt in DOUBTS)
    + " || CASE WHEN speaker_rule = '' THEN '' ELSE '/' || speaker_rule END"
)
"""What ``rule`` has always shown."""

# PLACE[-on], without doubts and speaker. What does not read like this is kept unchanged, as a phrase.
_SPAN = "split_part(regexp_replace(former, '/[^/]*$', ''), '+', 1)"
_BASE = f"regexp_replace(regexp_replace({_SPAN}, '^before-', ''), '-on$', '')"
_FILL = """
    UPDATE onrecord.{table} t SET span_rule = n.span_rule, span_cue = n.span_cue, span_placement = n.span_placement,
        doubts = n.doubts, speaker_rule = n.speaker_rule
    FROM (
        SELECT former,
            CASE WHEN base IN ({alone}) THEN base
                 WHEN way IN ({ways}) AND cue <> '' THEN way ELSE 'phrase' END AS span_rule,
            CASE WHEN base IN ({alone}) THEN ''
                 WHEN way IN ({ways}) AND cue <> '' THEN cue ELSE base END AS span_cue,
            CASE WHEN span LIKE 'before-%' THEN 'before' WHEN span LIKE '%-on' THEN 'on' ELSE '' END AS span_placement,
            doubts, speaker_rule
        FROM (
            SELECT former, {span} AS span, {base} AS base, substring({base} from '-([a-z]+)$') AS way,
                regexp_replace({base}, '-[a-z]+$', '') AS cue,
                (string_to_array(regexp_replace(former, '/[^/]*$', ''), '+'))[2:] AS doubts,
                substring(former from '/([^/]*)$') AS speaker_rule
            FROM (SELECT DISTINCT former FROM onrecord.{table}) stored
        ) parts
        WHERE doubts <@ ARRAY[{doubts}] AND speaker_rule IN ({speakers})
    ) n
    WHERE t.former = n.former
"""

QUOTES = """
    SELECT q.id, sq.statement_id, q.article_id, q.text, q.lang, q.type, q.speaker_id, q.speaker_name,
           q.confidence, q.rule, q.first_seen_at, a.published_at, a.source_id, s.title AS source,
           a.url, a.title AS article_title, q.search,
           EXISTS (
               SELECT FROM onrecord.quote_spans p JOIN onrecord.versions v ON v.id = p.version_id
               WHERE p.quote_id = q.id AND NOT EXISTS (
                   SELECT FROM onrecord.versions w
                   WHERE w.article_id = v.article_id AND w.origin = v.origin AND (w.seen_at, w.n) > (v.seen_at, v.n)
               )
           ) AS present, q.stance, q.claimant{more}
    FROM onrecord.quotes q
    JOIN onrecord.articles a ON a.id = q.article_id
    JOIN onrecord.sources s ON s.id = a.source_id
    LEFT JOIN onrecord.statement_quotes sq ON sq.quote_id = q.id
"""
MEANINGS = {
    "rule": "The rules that found words and speaker, as one text: span_cue-span_rule+doubts/speaker_rule.",
    "span_rule": "The rule that found the words.",
    "speaker_rule": "The rule that found the speaker; empty if older code found it.",
}
_PARTS = {
    "span": _SPAN,
    "base": _BASE,
    "alone": _listed(ALONE),
    "ways": _listed(WITH_CUE),
    "doubts": _listed(DOUBTS),
    "speakers": _listed(SPEAKERS),
}
_KEEP = (
    "UPDATE onrecord.{table} SET span_rule = 'phrase', span_cue = former, span_placement = '', "  # noqa: S608
    "doubts = '{{}}', speaker_rule = '' WHERE span_rule IS NULL OR (" + NAME + ") <> former"
)


def _new_columns() -> list[sa.Column[Any]]:
    names = ("span_cue", "span_placement", "speaker_rule")
    return [
        sa.Column("span_rule", sa.Text()),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names),
        sa.Column("doubts", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
    ]


def upgrade() -> None:
    for table in TABLES:
        op.alter_column(table, "rule", new_column_name="former", schema="onrecord")
        for column in _new_columns():
            op.add_column(table, column, schema="onrecord")
        op.execute(_FILL.format(table=table, **_PARTS))
        op.execute(_KEEP.format(table=table))
        op.alter_column(table, "span_rule", nullable=False, schema="onrecord")
        for name, check in CHECKS.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check, schema="onrecord")
        op.add_column(table, sa.Column("rule", sa.Text(), sa.Computed(NAME, persisted=True)), schema="onrecord")
    op.execute(f"CREATE OR REPLACE VIEW analyst.quotes AS {QUOTES.format(more=', q.span_rule, q.speaker_rule')}")
    for column, meaning in MEANINGS.items():
        op.execute(f"COMMENT ON COLUMN analyst.quotes.{column} IS '{meaning}'")
    for table in TABLES:
        op.drop_column(table, "former", schema="onrecord")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE onrecord.{table} ALTER rule DROP EXPRESSION, ALTER rule SET DEFAULT ''")
        op.alter_column(table, "rule", nullable=False, schema="onrecord")
    _make_view_anew()
    for table in TABLES:
        for name in CHECKS:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, schema="onrecord", type_="check")
        for name in ("span_rule", "span_cue", "span_placement", "doubts", "speaker_rule"):
            op.drop_column(table, name, schema="onrecord")


def _make_view_anew() -> None:
    """A view cannot lose a column, so it is made anew, with its comments and grants."""
    statement = """
        DO $$
        DECLARE comments text[]; readable boolean; line text;
        BEGIN
            SELECT array_agg(format('COMMENT ON COLUMN analyst.quotes.%I IS %L', attname,
                                    CASE attname WHEN 'rule' THEN 'The rule that attributed it.'
                                    ELSE col_description(attrelid, attnum) END))
                INTO comments FROM pg_attribute WHERE attrelid = 'analyst.quotes'::regclass AND attnum > 0
                AND attname NOT IN ('span_rule', 'speaker_rule');
            comments := comments || format('COMMENT ON VIEW analyst.quotes IS %L',
                                           obj_description('analyst.quotes'::regclass));
            SELECT coalesce(bool_or(has_table_privilege(rolname, 'analyst.quotes', 'SELECT')), false)
                INTO readable FROM pg_roles WHERE rolname = 'onrecord_analyst';
            DROP VIEW analyst.quotes;
            CREATE VIEW analyst.quotes AS {query};
            FOREACH line IN ARRAY comments LOOP EXECUTE line; END LOOP;
            IF readable THEN GRANT SELECT ON analyst.quotes TO onrecord_analyst; END IF;
        END $$
    """
    op.execute(statement.format(query=QUOTES.format(more="")))
