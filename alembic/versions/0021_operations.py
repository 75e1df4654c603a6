"""What is wrong with the installation itself, unreachable sources, snoozing, pausing, and when a crawl last began.

Open incidents of the kind `silent` keep it, also those of sources that could not be reached.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = ("blocked", "feed-moved", "silent", "half-empty", "layout")
OF_INSTALLATION = (
    "run-failed", "not-opened", "task-failed", "archive-damaged", "dag-broken", "scheduler-still", "disk-nearly-full",
    "daily-late",
)  # fmt: skip


def _listed(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def _check_kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_incidents_kind"), "incidents", schema="onrecord", type_="check")
    op.create_check_constraint(op.f("ck_incidents_kind"), "incidents", _listed(kinds), schema="onrecord")


def _time(name: str, *, null: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def upgrade() -> None:
    _check_kinds(("blocked", "unreachable", *KINDS[1:]))
    op.add_column("incidents", _time("snoozed_until", null=True), schema="onrecord")
    op.add_column("sources", _time("crawled_at", null=True), schema="onrecord")
    op.add_column("sources", _time("paused_until", null=True), schema="onrecord")
    op.create_table(
        "installation_incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        _time("opened_at"),
        _time("updated_at"),
        _time("closed_at", null=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("email_id", sa.Text(), server_default="", nullable=False),
        _time("snoozed_until", null=True),
        sa.CheckConstraint(_listed(OF_INSTALLATION), name=op.f("ck_installation_incidents_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_incidents")),
        schema="onrecord",
    )
    op.create_index(
        "uq_installation_incidents_open",
        "installation_incidents",
        ["kind", "subject"],
        unique=True,
        schema="onrecord",
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("installation_incidents", schema="onrecord")
    op.drop_column("sources", "paused_until", schema="onrecord")
    op.drop_column("sources", "crawled_at", schema="onrecord")
    op.drop_column("incidents", "snoozed_until", schema="onrecord")
    op.execute("DELETE FROM onrecord.incidents WHERE kind = 'unreachable'")
    _check_kinds(KINDS)
