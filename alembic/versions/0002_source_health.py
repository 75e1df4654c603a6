"""What runs see of sources, the incidents that follow, and the letters on them to whoever looks after things."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


HEALTH_BEFORE = """
        SELECT s.id AS source_id, s.title AS source, s.language,
               (SELECT max(f.seen_at) FROM onrecord.fetches f WHERE f.source_id = s.id) AS last_tried_at,
               (SELECT max(f.seen_at) FROM onrecord.fetches f
                WHERE f.source_id = s.id AND f.outcome IN ('kept', 'unchanged')) AS last_answered_at,
               a.last_new_article_at, a.articles, a.articles_7_days, f.tried, f.errors,
               round(100.0 * f.errors / nullif(f.tried, 0), 1) AS error_percent
        FROM onrecord.sources s
        LEFT JOIN LATERAL (
            SELECT max(first_seen_at) AS last_new_article_at, count(*) AS articles,
                   count(*) FILTER (WHERE first_seen_at >= now() - interval '7 days') AS articles_7_days
            FROM onrecord.articles WHERE source_id = s.id
        ) a ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS tried, count(*) FILTER (WHERE outcome = 'error') AS errors
            FROM onrecord.fetches
            WHERE source_id = s.id AND run_id = (
                SELECT run_id FROM onrecord.fetches WHERE source_id = s.id ORDER BY seen_at DESC, id DESC LIMIT 1
            )
        ) f ON true
"""

HEALTH = """
        SELECT s.id AS source_id, s.title AS source, s.language,
               (SELECT max(f.seen_at) FROM onrecord.fetches f WHERE f.source_id = s.id) AS last_tried_at,
               (SELECT max(f.seen_at) FROM onrecord.fetches f
                WHERE f.source_id = s.id AND f.outcome IN ('kept', 'unchanged')) AS last_answered_at,
               a.last_new_article_at, a.articles, a.articles_7_days, f.tried, f.errors,
               round(100.0 * f.errors / nullif(f.tried, 0), 1) AS error_percent,
               i.incidents, i.troubled_since, i.trouble, coalesce(o.new_24_hours, 0) AS new_24_hours
        FROM onrecord.sources s
        LEFT JOIN LATERAL (
            SELECT max(first_seen_at) AS last_new_article_at, count(*) AS articles,
                   count(*) FILTER (WHERE first_seen_at >= now() - interval '7 days') AS articles_7_days
            FROM onrecord.articles WHERE source_id = s.id
        ) a ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS tried, count(*) FILTER (WHERE outcome = 'error') AS errors
            FROM onrecord.fetches
            WHERE source_id = s.id AND run_id = (
                SELECT run_id FROM onrecord.fetches WHERE source_id = s.id ORDER BY seen_at DESC, id DESC LIMIT 1
            )
        ) f ON true
        LEFT JOIN LATERAL (
            SELECT array_agg(kind ORDER BY since, kind) AS incidents, min(since) AS troubled_since,
                   string_agg(detail, '; ' ORDER BY since, kind) AS trouble
            FROM onrecord.incidents WHERE source_id = s.id AND closed_at IS NULL
        ) i ON true
        LEFT JOIN LATERAL (
            SELECT sum(new) AS new_24_hours FROM onrecord.observations
            WHERE source_id = s.id AND at > now() - interval '24 hours'
        ) o ON true
"""

COLUMNS = {
    "incidents": "Kinds of its open incidents: blocked, feed-moved, silent, half-empty, layout; NULL if it is well.",
    "troubled_since": "When it was last known to be well, if any incident is open.",
    "trouble": "What was seen of the open incidents.",
    "new_24_hours": "Addresses of pages first seen by the runs of the last 24 hours.",
}


def upgrade() -> None:
    op.create_table(
        "observations",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("past", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("documents", postgresql.JSONB(), nullable=False),
        sa.Column("discovered", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("shares", postgresql.JSONB(), nullable=False),
        sa.Column("lengths", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'::integer[]"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_observations_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["onrecord.sources.id"], name=op.f("fk_observations_source_id")),
        sa.PrimaryKeyConstraint("run_id", "source_id", name=op.f("pk_observations")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_observations_source_id_at"), "observations", ["source_id", "at"], schema="onrecord")
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("past", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), server_default="", nullable=False),
        sa.Column("signals", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('blocked', 'feed-moved', 'silent', 'half-empty', 'layout')", name=op.f("ck_incidents_kind")
        ),
        sa.CheckConstraint("ending IN ('', 'healed', 'accepted')", name=op.f("ck_incidents_ending")),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_incidents_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["onrecord.sources.id"], name=op.f("fk_incidents_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        schema="onrecord",
    )
    op.create_index(
        op.f("ix_incidents_source_id_opened_at"), "incidents", ["source_id", "opened_at"], schema="onrecord"
    )
    op.create_index(
        "uq_incidents_open",
        "incidents",
        ["source_id", "kind"],
        unique=True,
        schema="onrecord",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "ops_letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_reply", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'sent', 'dead')", name=op.f("ck_ops_letters_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ops_letters")),
        schema="onrecord",
    )
    op.create_index(
        "ix_ops_letters_pending",
        "ops_letters",
        ["built_at", "id"],
        schema="onrecord",
        postgresql_where=sa.text("state = 'pending'"),
    )
    # Columns are added at the end, so that the view is replaced in place and keeps its comments and rights.
    op.execute(sa.text(f"CREATE OR REPLACE VIEW analyst.source_health AS {HEALTH}".replace(":", "\\:")))
    for column, meaning in COLUMNS.items():
        told = meaning.replace("'", "''").replace(":", "\\:")
        op.execute(sa.text(f"COMMENT ON COLUMN analyst.source_health.{column} IS '{told}'"))


def downgrade() -> None:
    op.execute(
        """
        CREATE TEMPORARY TABLE told ON COMMIT DROP AS
        SELECT a.attname, col_description(c.oid, a.attnum) AS words, obj_description(c.oid) AS whole
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.oid = 'analyst.source_health'::regclass
        """
    )
    op.execute("DROP VIEW analyst.source_health")
    op.execute(sa.text(f"CREATE VIEW analyst.source_health AS {HEALTH_BEFORE}".replace(":", "\\:")))
    op.execute(
        """
        DO $$
        DECLARE it record;
        BEGIN
            FOR it IN SELECT * FROM told WHERE attname IN (
                SELECT attname FROM pg_attribute WHERE attrelid = 'analyst.source_health'::regclass AND attnum > 0
            ) LOOP
                EXECUTE format('COMMENT ON VIEW analyst.source_health IS %L', it.whole);
                EXECUTE format('COMMENT ON COLUMN analyst.source_health.%I IS %L', it.attname, it.words);
            END LOOP;
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'onrecord_analyst') THEN
                GRANT SELECT ON analyst.source_health TO onrecord_analyst;
            END IF;
        END $$
        """
    )
    op.drop_table("ops_letters", schema="onrecord")
    op.drop_table("incidents", schema="onrecord")
    op.drop_table("observations", schema="onrecord")
