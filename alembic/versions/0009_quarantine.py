"""What a stage could not read, and when it is to be tried again."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), server_default="", nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("stage", "item", "locator", "code_version", name=op.f("pk_quarantine")),
        sa.CheckConstraint("stage IN ('crawl', 'extract', 'quote', 'link', 'alert')", name=op.f("ck_quarantine_stage")),
        schema="onrecord",
    )


def downgrade() -> None:
    op.drop_table("quarantine", schema="onrecord")
