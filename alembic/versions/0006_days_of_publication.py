"""The day of publication where a publication gives no time of day, so that it is shown on that day in every zone."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ARTICLES = """
    SELECT a.id, a.url, a.source_id, s.title AS source, a.lang, a.title, a.published_at, a.published_raw,
           a.first_seen_at, a.last_seen_at, a.gone_at,
           (SELECT count(*) FROM onrecord.versions v WHERE v.article_id = a.id AND v.cause = 'source') AS versions,
           (SELECT count(*) FROM onrecord.quotes q WHERE q.article_id = a.id) AS quotes,
           (SELECT v.text FROM onrecord.versions v WHERE v.article_id = a.id
            ORDER BY v.seen_at DESC, v.origin = 'page' DESC, v.n DESC LIMIT 1) AS text{more}
    FROM onrecord.articles a JOIN onrecord.sources s ON s.id = a.source_id
"""
MEANING = "The day of publication, where the article gives no time of day; published_at is then when that day began."


def upgrade() -> None:
    op.add_column("articles", sa.Column("published_on", sa.Date()), schema="onrecord")
    # The first moment of a day anywhere is less than half a day away from the same day in UTC.
    op.execute(
        """
        UPDATE onrecord.articles a
        SET published_on = (a.published_at AT TIME ZONE 'UTC' + interval '12 hours')::date
        WHERE EXISTS (
            SELECT FROM onrecord.versions v
            WHERE v.article_id = a.id AND v.published_at = a.published_at AND 'day-only' = ANY (v.flags)
        )
        """
    )
    view = ARTICLES.format(more=", a.published_on")
    op.execute(f"CREATE OR REPLACE VIEW analyst.articles AS {view}")
    op.execute(f"COMMENT ON COLUMN analyst.articles.published_on IS '{MEANING}'")


def downgrade() -> None:
    # A view cannot lose a column, so it is made anew, with what was said of it and who may read it.
    statement = """
        DO $$
        DECLARE comments text[]; readable boolean; line text;
        BEGIN
            SELECT array_agg(format('COMMENT ON COLUMN analyst.articles.%I IS %L', attname,
                                    col_description(attrelid, attnum)))
                INTO comments FROM pg_attribute
                WHERE attrelid = 'analyst.articles'::regclass AND attnum > 0 AND attname <> 'published_on';
            comments := comments || format('COMMENT ON VIEW analyst.articles IS %L',
                                           obj_description('analyst.articles'::regclass));
            SELECT coalesce(bool_or(has_table_privilege(rolname, 'analyst.articles', 'SELECT')), false)
                INTO readable FROM pg_roles WHERE rolname = 'onrecord_analyst';
            DROP VIEW analyst.articles;
            CREATE VIEW analyst.articles AS {view};
            FOREACH line IN ARRAY comments LOOP EXECUTE line; END LOOP;
            IF readable THEN GRANT SELECT ON analyst.articles TO onrecord_analyst; END IF;
        END $$
    """
    op.execute(statement.format(view=ARTICLES.format(more="")))
    op.drop_column("articles", "published_on", schema="onrecord")
