"""What a run needs to find what waits without looking at what is done, and days in place of an old ledger."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("captures", sa.Column("read_by", sa.Text(), nullable=True), schema="onrecord")
    op.execute(
        """
        UPDATE onrecord.captures c SET read_by = r.code_version
        FROM (
            SELECT DISTINCT ON (capture_id) capture_id, code_version, read_at FROM onrecord.readings
            WHERE locator = '' ORDER BY capture_id, read_at DESC, code_version DESC
        ) r
        WHERE r.capture_id = c.id AND r.read_at >= coalesce(c.returned_at, c.seen_at)
        """
    )
    op.add_column("articles", sa.Column("link_due", sa.DateTime(timezone=True), nullable=True), schema="onrecord")
    # The next run looks at all of them once; from then on at what has been written since.
    op.execute("UPDATE onrecord.articles SET link_due = now()")
    _make_indexes()
    for name, own in (("outcome_days", _outcome_days()), ("fetch_days", _fetch_days())):
        op.create_table(name, *own, schema="onrecord")


def _make_indexes() -> None:
    within = {
        "ix_captures_read_by": ("captures", ["read_by"], "kind IN ('page', 'feed')"),
        "ix_captures_feeds": ("captures", ["requested_url", "seen_at"], "kind = 'feed'"),
        "ix_urls_refused": ("urls", ["source_id"], "kind = 'page' AND outcome = 'error'"),
        "ix_articles_link_due": ("articles", ["id"], "link_due IS NOT NULL"),
        "ix_statements_unmatched": ("statements", ["id"], "matched_at IS NULL"),
    }
    for name, (table, columns, which) in within.items():
        op.create_index(name, table, columns, schema="onrecord", postgresql_where=sa.text(which))
    op.create_index(op.f("ix_urls_source_id_last_seen_at"), "urls", ["source_id", "last_seen_at"], schema="onrecord")
    op.create_index(op.f("ix_versions_quoted_by"), "versions", ["quoted_by"], schema="onrecord")
    op.create_index(op.f("ix_fetches_source_id_seen_at"), "fetches", ["source_id", "seen_at"], schema="onrecord")
    told_at = sa.text("coalesce(published_at, first_seen_at)")
    op.create_index("ix_articles_source_id_told_at", "articles", ["source_id", told_at], schema="onrecord")
    op.drop_index("ix_articles_source_id", "articles", schema="onrecord")
    op.drop_index("ix_fetches_seen_at", "fetches", schema="onrecord")
    op.drop_index("ix_outcomes_item", "outcomes", schema="onrecord")


def _outcome_days() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "stage", "source_id", "outcome", "reason", name=op.f("pk_outcome_days")),
    ]


def _fetch_days() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source_id", "kind", "outcome", "reason", name=op.f("pk_fetch_days")),
    ]


def downgrade() -> None:
    op.drop_table("fetch_days", schema="onrecord")
    op.drop_table("outcome_days", schema="onrecord")
    op.create_index("ix_outcomes_item", "outcomes", ["item"], schema="onrecord")
    op.create_index("ix_fetches_seen_at", "fetches", ["seen_at"], schema="onrecord")
    op.create_index("ix_articles_source_id", "articles", ["source_id"], schema="onrecord")
    for name, table in (
        ("ix_articles_source_id_told_at", "articles"),
        ("ix_fetches_source_id_seen_at", "fetches"),
        ("ix_versions_quoted_by", "versions"),
        ("ix_urls_source_id_last_seen_at", "urls"),
        ("ix_statements_unmatched", "statements"),
        ("ix_articles_link_due", "articles"),
        ("ix_urls_refused", "urls"),
        ("ix_captures_feeds", "captures"),
        ("ix_captures_read_by", "captures"),
    ):
        op.drop_index(name, table, schema="onrecord")
    op.drop_column("articles", "link_due", schema="onrecord")
    op.drop_column("captures", "read_by", schema="onrecord")
