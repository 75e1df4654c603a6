"""What was taken down and is never to be read again, and who did what to the installation."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "takedowns",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["onrecord.articles.id"], name=op.f("fk_takedowns_article_id")),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_takedowns")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_takedowns_article_id"), "takedowns", ["article_id"], schema="onrecord")
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], schema="onrecord")


def downgrade() -> None:
    op.drop_table("audit", schema="onrecord")
    op.drop_table("takedowns", schema="onrecord")
