"""What a reader stopped, mailboxes that refuse e-mails, e-mails nobody answered for, what was told, and corrections.

Alerts that wait stay due. Since nothing was noted, no correction is sent for what was told before.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = {
    "subscribers": [
        lambda: sa.Column("refusals", sa.Integer(), nullable=False, server_default="0"),
        lambda: sa.Column("suspended_at", sa.DateTime(timezone=True)),
        lambda: sa.Column("stopped_at", sa.DateTime(timezone=True)),
        lambda: sa.Column("last_reply", sa.Text(), nullable=False, server_default=""),
        lambda: sa.Column("summary_at", sa.DateTime(timezone=True)),
    ],
    "watches": [
        lambda: sa.Column("stopped_at", sa.DateTime(timezone=True)),
        lambda: sa.Column("origin", sa.Text(), nullable=False, server_default="file"),
    ],
    "alerts": [
        lambda: sa.Column("unanswered", sa.Integer(), nullable=False, server_default="0"),
        lambda: sa.Column("thread_id", sa.Text(), nullable=False, server_default=""),
        lambda: sa.Column("corrects", sa.Text()),
        lambda: sa.Column("sent_text", sa.Text(), nullable=False, server_default=""),
        lambda: sa.Column("sent_speaker_id", sa.Text()),
        lambda: sa.Column("sent_speaker_name", sa.Text(), nullable=False, server_default=""),
    ],
}
STATES = (
    "pending", "sent", "summarised", "dead", "suppressed-old", "suppressed-new-watch", "suppressed-not-said",
)  # fmt: skip
NEW_STATES = ("unsure", "suppressed-sent", "suppressed-stopped")
KINDS, CHANNELS = ("alert", "summary"), ("email", "spool")
UNIQUE = "uq_alerts_watch_id_subscriber_id_statement_id"
OF_ONE = ["watch_id", "subscriber_id", "statement_id"]


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column(), schema="onrecord")
    op.create_check_constraint(op.f("ck_watches_origin"), "watches", "origin IN ('file', 'store')", schema="onrecord")
    op.create_foreign_key(
        op.f("fk_alerts_corrects_alerts"), "alerts", "alerts", ["corrects"], ["id"],
        source_schema="onrecord", referent_schema="onrecord",
    )  # fmt: skip
    op.create_index(op.f("ix_alerts_corrects"), "alerts", ["corrects"], schema="onrecord")
    op.drop_constraint(UNIQUE, "alerts", schema="onrecord", type_="unique")
    op.create_index(
        UNIQUE, "alerts", OF_ONE, unique=True, schema="onrecord", postgresql_where=sa.text("corrects IS NULL")
    )
    _check("state", (*STATES, *NEW_STATES))
    _check("kind", (*KINDS, "correction"))
    _check("channel", (*CHANNELS, "webhook", "apprise"))
    _pending("state IN ('pending', 'unsure')")


def downgrade() -> None:
    """Older code tries an e-mail again that nobody answered for, and knows no corrections."""
    op.execute(
        "DELETE FROM onrecord.deliveries WHERE alert_id IN (SELECT id FROM onrecord.alerts WHERE corrects IS NOT NULL)"
    )
    op.execute("DELETE FROM onrecord.alerts WHERE corrects IS NOT NULL")
    op.execute("UPDATE onrecord.alerts SET state = CASE WHEN next_at IS NULL THEN 'sent' ELSE 'pending' END "
               "WHERE state = 'unsure'")  # fmt: skip
    op.execute(
        "UPDATE onrecord.alerts SET state = 'suppressed-not-said' "
        "WHERE state IN ('suppressed-sent', 'suppressed-stopped')"
    )
    op.execute("UPDATE onrecord.alerts SET channel = 'email' WHERE channel IN ('webhook', 'apprise')")
    _check("state", STATES)
    _check("kind", KINDS)
    _check("channel", CHANNELS)
    _pending("state = 'pending'")
    op.drop_index(UNIQUE, "alerts", schema="onrecord")
    op.create_unique_constraint(UNIQUE, "alerts", OF_ONE, schema="onrecord")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column().name, schema="onrecord")


def _check(column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_alerts_{column}")
    op.drop_constraint(name, "alerts", schema="onrecord", type_="check")
    op.create_check_constraint(name, "alerts", f"{column} IN {values!r}", schema="onrecord")


def _pending(condition: str) -> None:
    op.drop_index("ix_alerts_pending", "alerts", schema="onrecord")
    op.create_index(
        "ix_alerts_pending", "alerts", ["next_at", "id"], schema="onrecord", postgresql_where=sa.text(condition)
    )
