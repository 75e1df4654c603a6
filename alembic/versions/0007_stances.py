"""How speakers stand to the words quoted, and who made the claims that are denied or commented."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STANCES = "stance IN ('said', 'denied', 'asked', 'hypothetical', 'reported')"
STATES = "'pending', 'sent', 'suppressed-old', 'suppressed-new-watch', 'summarised', 'dead'"
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
           ) AS present{more}
    FROM onrecord.quotes q
    JOIN onrecord.articles a ON a.id = q.article_id
    JOIN onrecord.sources s ON s.id = a.source_id
    LEFT JOIN onrecord.statement_quotes sq ON sq.quote_id = q.id
"""
STATEMENTS = """
    SELECT st.id, st.speaker_id, st.speaker_name, st.text, st.lang, st.type,
           max(q.confidence) AS confidence, st.first_published_at, st.first_seen_at,
           count(DISTINCT a.source_id) AS sources, count(DISTINCT a.id) AS articles, count(q.id) AS quotes,
           array_agg(DISTINCT a.source_id) FILTER (WHERE a.source_id IS NOT NULL) AS source_ids,
           (array_agg(a.url ORDER BY a.published_at NULLS LAST, a.first_seen_at, a.url))[1] AS first_url{more}
    FROM onrecord.statements st
    LEFT JOIN onrecord.statement_quotes sq ON sq.statement_id = st.id
    LEFT JOIN onrecord.quotes q ON q.id = sq.quote_id
    LEFT JOIN onrecord.articles a ON a.id = q.article_id
    GROUP BY st.id
"""
VIEWS = {"quotes": (QUOTES, ", q.stance, q.claimant"), "statements": (STATEMENTS, ", st.stance, st.claimant")}
MEANINGS = {
    "stance": "said, denied, asked, hypothetical or reported (of others): how the speaker stands to the words.",
    "claimant": "Who made the claim that is denied or commented, where the text names somebody; else NULL.",
}


def upgrade() -> None:
    for table in ("quotes", "quote_spans", "statements"):
        op.add_column(table, sa.Column("stance", sa.Text(), nullable=False, server_default="said"), schema="onrecord")
        op.add_column(table, sa.Column("claimant", sa.Text()), schema="onrecord")
        op.create_check_constraint(op.f(f"ck_{table}_stance"), table, STANCES, schema="onrecord")
    _states(f"{STATES}, 'suppressed-not-said'")
    for name, (query, more) in VIEWS.items():
        op.execute(f"CREATE OR REPLACE VIEW analyst.{name} AS {query.format(more=more)}")
        for column, meaning in MEANINGS.items():
            op.execute(f"COMMENT ON COLUMN analyst.{name}.{column} IS '{meaning}'")


def downgrade() -> None:
    for name, (query, _) in VIEWS.items():
        _make_anew(name, query.format(more=""))
    op.execute("UPDATE onrecord.alerts SET state = 'suppressed-old' WHERE state = 'suppressed-not-said'")
    _states(STATES)
    for table in ("quotes", "quote_spans", "statements"):
        op.drop_constraint(op.f(f"ck_{table}_stance"), table, schema="onrecord", type_="check")
        op.drop_column(table, "claimant", schema="onrecord")
        op.drop_column(table, "stance", schema="onrecord")


def _states(states: str) -> None:
    op.drop_constraint(op.f("ck_alerts_state"), "alerts", schema="onrecord", type_="check")
    op.create_check_constraint(op.f("ck_alerts_state"), "alerts", f"state IN ({states})", schema="onrecord")


def _make_anew(name: str, query: str) -> None:
    """A view cannot lose a column, so it is made anew, with what was said of it and who may read it."""
    statement = """
        DO $$
        DECLARE comments text[]; readable boolean; line text;
        BEGIN
            SELECT array_agg(format('COMMENT ON COLUMN analyst.{name}.%I IS %L', attname,
                                    col_description(attrelid, attnum)))
                INTO comments FROM pg_attribute
                WHERE attrelid = 'analyst.{name}'::regclass AND attnum > 0 AND attname NOT IN ('stance', 'claimant');
            comments := comments || format('COMMENT ON VIEW analyst.{name} IS %L',
                                           obj_description('analyst.{name}'::regclass));
            SELECT coalesce(bool_or(has_table_privilege(rolname, 'analyst.{name}', 'SELECT')), false)
                INTO readable FROM pg_roles WHERE rolname = 'onrecord_analyst';
            DROP VIEW analyst.{name};
            CREATE VIEW analyst.{name} AS {query};
            FOREACH line IN ARRAY comments LOOP EXECUTE line; END LOOP;
            IF readable THEN GRANT SELECT ON analyst.{name} TO onrecord_analyst; END IF;
        END $$
    """
    op.execute(statement.format(name=name, query=query))
