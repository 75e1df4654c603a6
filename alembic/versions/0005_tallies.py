"""What all runs that are over add up to, counted once per run: metrics that stay cheap as the ledger grows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("labels", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "labels", name=op.f("pk_tallies")),
        schema="onrecord",
    )
    op.add_column(
        "runs",
        sa.Column("tallied", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="onrecord",
    )
    op.create_index("ix_runs_untallied", "runs", ["id"], schema="onrecord", postgresql_where=sa.text("NOT tallied"))
    op.create_index(op.f("ix_warc_files_run_id"), "warc_files", ["run_id"], schema="onrecord")


def downgrade() -> None:
    op.drop_index(op.f("ix_warc_files_run_id"), table_name="warc_files", schema="onrecord")
    op.drop_index("ix_runs_untallied", table_name="runs", schema="onrecord")
    op.drop_column("runs", "tallied", schema="onrecord")
    op.drop_table("tallies", schema="onrecord")
