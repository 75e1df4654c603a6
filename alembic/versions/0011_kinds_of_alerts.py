"""Kind and channel of alerts as columns; they stood in the Message-ID alone."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("kind", sa.Text()), schema="onrecord")
    op.add_column("alerts", sa.Column("channel", sa.Text()), schema="onrecord")
    op.execute(
        """
        UPDATE onrecord.alerts SET
            kind = CASE WHEN message_id ~ '^<s?d' THEN 'summary' ELSE 'alert' END,
            channel = CASE WHEN message_id LIKE '<s%' THEN 'spool' ELSE 'email' END
        """
    )
    for column, values in {"kind": "'alert', 'summary'", "channel": "'email', 'spool'"}.items():
        op.alter_column("alerts", column, nullable=False, schema="onrecord")
        op.create_check_constraint(op.f(f"ck_alerts_{column}"), "alerts", f"{column} IN ({values})", schema="onrecord")


def downgrade() -> None:
    """Message-IDs have not changed, and older code reads both from them."""
    for column in ("kind", "channel"):
        op.drop_constraint(op.f(f"ck_alerts_{column}"), "alerts", schema="onrecord", type_="check")
        op.drop_column("alerts", column, schema="onrecord")
