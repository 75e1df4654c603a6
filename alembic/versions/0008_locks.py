"""Who is at work on what: locks that only the owner of the tables can take."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "locks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("session_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("server_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_locks")),
        schema="onrecord",
    )


def downgrade() -> None:
    op.drop_table("locks", schema="onrecord")
