"""A sitemap's lastmod was kept as the time of publication of what it lists; pages without a time would take it now."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What a news sitemap told is lost with it, and told again by the next crawl for all that it still lists.
    op.execute(
        """
        UPDATE onrecord.urls u SET published_raw = NULL
        WHERE u.kind = 'page' AND u.published_raw IS NOT NULL
            AND EXISTS (SELECT FROM onrecord.urls d WHERE d.url = u.discovered_in AND d.kind = 'sitemap')
        """
    )


def downgrade() -> None:
    """Nothing to put back: the next crawl of older code writes it anew."""
