"""People whom only the news know, with an id of their own; how sure a stance is, and the claimant's id.

Nothing that is stored is written anew: ids and offices come when the next run reads the quotes again.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXTS = ("speaker_office", "surname_key", "claimant_id")
QUOTES = """
    SELECT q.id, sq.statement_id, q.article_id, q.text, q.lang, q.type, q.speaker_id, q.speaker_name,
           q.confidence, q.rule, q.first_seen_at, a.published_at, a.source_id, s.title AS source,
           a.url, a.title AS article_title, q.search,
           EXISTS (
               SELECT FROM onrecord.quote_spans p JOIN onrecord.versions v ON v.id = p.version_id
               WHERE p.quote_id = q.id AND NOT EXISTS (
                   SELECT FROM onrecord.versions w
                   WHERE w.article_id = v.article_id AND w.origin = v.origin AND (w.seen_at, w.n) > (v.seen_at, v.n)
               )
           ) AS present, q.stance, q.claimant, q.span_rule, q.speaker_rule{more}
    FROM onrecord.quotes q
    JOIN onrecord.articles a ON a.id = q.article_id
    JOIN onrecord.sources s ON s.id = a.source_id
    LEFT JOIN onrecord.statement_quotes sq ON sq.quote_id = q.id
"""
STATEMENTS = """
    SELECT st.id, st.speaker_id, st.speaker_name, st.text, st.lang, st.type,
           max(q.confidence) AS confidence, st.first_published_at, st.first_seen_at,
           count(DISTINCT a.source_id) AS sources, count(DISTINCT a.id) AS articles, count(q.id) AS quotes,
           array_agg(DISTINCT a.source_id) FILTER (WHERE a.source_id IS NOT NULL) AS source_ids,
           (array_agg(a.url ORDER BY a.published_at NULLS LAST, a.first_seen_at, a.url))[1] AS first_url,
           st.stance, st.claimant{more}
    FROM onrecord.statements st
    LEFT JOIN onrecord.statement_quotes sq ON sq.statement_id = st.id
    LEFT JOIN onrecord.quotes q ON q.id = sq.quote_id
    LEFT JOIN onrecord.articles a ON a.id = q.article_id
    GROUP BY st.id
"""
PEOPLE = """
    SELECT p.id, p.name_en, p.name_ru, p.names,
           (SELECT array_agg(a.old_id ORDER BY a.old_id) FROM onrecord.person_aliases a WHERE a.new_id = p.id)
               AS former_ids,
           q.offices, q.quotes, q.articles, q.source_ids, q.first_seen_at, q.last_seen_at
    FROM onrecord.people p
    LEFT JOIN LATERAL (
        SELECT count(*) AS quotes, count(DISTINCT a.id) AS articles, min(q.first_seen_at) AS first_seen_at,
               max(q.first_seen_at) AS last_seen_at, array_agg(DISTINCT a.source_id) AS source_ids,
               array_agg(DISTINCT q.speaker_office) FILTER (WHERE q.speaker_office IS NOT NULL) AS offices
        FROM onrecord.quotes q JOIN onrecord.articles a ON a.id = q.article_id
        WHERE q.speaker_id = p.id
    ) q ON true
"""
VIEWS = {
    "quotes": (QUOTES, ", q.stance_confidence, q.claimant_id, q.speaker_office"),
    "statements": (STATEMENTS, ", st.stance_confidence, st.claimant_id"),
}
NEW = ("stance_confidence", "claimant_id", "speaker_office")
MEANINGS = {
    "speaker_id": "Id in the roster, person:... of somebody whom only the news know, or NULL. Former ids: person_ids.",
    "stance_confidence": "How sure the stance is, from 0 to 1; NULL if older code found it.",
    "claimant_id": "Id of the claimant, as that of a speaker; NULL if it is not known.",
    "speaker_office": "The words with which the article introduces somebody who is not in the roster.",
}
OF_PEOPLE = {
    "id": "Id of the person: it follows from the full name, and from the first article where two people have one name.",
    "name_en": "The most usual name in English.",
    "name_ru": "The most usual name in Russian.",
    "names": "All names under which the articles quote the person.",
    "former_ids": "Ids that the person had before; each still finds the person.",
    "offices": "Offices and descriptions, as printed.",
    "quotes": "Number of quotes.",
    "articles": "Number of articles.",
    "source_ids": "Ids of the publications.",
    "first_seen_at": "When we first saw a quote.",
    "last_seen_at": "When we last saw a new quote.",
}
IDS = {
    "old_id": "An id that somebody had: person:...",
    "new_id": "The id that the same person has now: person:..., or that of the roster.",
}
PEOPLE_MEAN = "People who are quoted by their full name and are not in the roster."
IDS_MEAN = "Former ids of people: of those who are in the roster by now, and of those whose id has changed."


def upgrade() -> None:
    for table in ("quotes", "quote_spans"):
        for name in TEXTS:
            op.add_column(table, sa.Column(name, sa.Text()), schema="onrecord")
        op.add_column(table, sa.Column("stance_confidence", sa.Double()), schema="onrecord")
    op.add_column("statements", sa.Column("claimant_id", sa.Text()), schema="onrecord")
    op.add_column("statements", sa.Column("stance_confidence", sa.Double()), schema="onrecord")
    op.create_index(
        op.f("ix_quotes_surname_key"), "quotes", ["surname_key"], schema="onrecord",
        postgresql_where=sa.text("surname_key IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("surname_key", sa.Text(), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("name_en", sa.Text()),
        sa.Column("name_ru", sa.Text()),
        sa.Column("names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_people_surname_key"), "people", ["surname_key"], schema="onrecord")
    op.create_table(
        "person_aliases",
        sa.Column("old_id", sa.Text(), nullable=False),
        sa.Column("new_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_person_aliases")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_person_aliases_new_id"), "person_aliases", ["new_id"], schema="onrecord")
    for name, (query, more) in VIEWS.items():
        op.execute(f"CREATE OR REPLACE VIEW analyst.{name} AS {query.format(more=more)}")
        for column, meaning in MEANINGS.items():
            if column != "speaker_office" or name == "quotes":
                _comment(f"COLUMN analyst.{name}.{column}", meaning)
    op.execute(f"CREATE VIEW analyst.people AS {PEOPLE}")
    op.execute("CREATE VIEW analyst.person_ids AS SELECT old_id, new_id FROM onrecord.person_aliases")
    for view, meaning, columns in (("people", PEOPLE_MEAN, OF_PEOPLE), ("person_ids", IDS_MEAN, IDS)):
        _comment(f"VIEW analyst.{view}", meaning)
        for column, of_column in columns.items():
            _comment(f"COLUMN analyst.{view}.{column}", of_column)
    op.execute(
        """
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'onrecord_analyst') THEN
                GRANT SELECT ON analyst.people, analyst.person_ids TO onrecord_analyst;
            END IF;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("DROP VIEW analyst.person_ids")
    op.execute("DROP VIEW analyst.people")
    for name, (query, _) in VIEWS.items():
        _make_anew(name, query.format(more=""))
    op.drop_table("person_aliases", schema="onrecord")
    op.drop_table("people", schema="onrecord")
    op.drop_index(op.f("ix_quotes_surname_key"), table_name="quotes", schema="onrecord")
    for name in ("stance_confidence", "claimant_id"):
        op.drop_column("statements", name, schema="onrecord")
    for table in ("quotes", "quote_spans"):
        op.execute(f"UPDATE onrecord.{table} SET speaker_id = NULL WHERE speaker_id LIKE 'person:%'")  # noqa: S608
        for name in ("stance_confidence", *reversed(TEXTS)):
            op.drop_column(table, name, schema="onrecord")
    op.execute("UPDATE onrecord.statements SET speaker_id = NULL WHERE speaker_id LIKE 'person:%'")


def _comment(what: str, meaning: str) -> None:
    op.execute(sa.text(f"COMMENT ON {what} IS '{meaning}'".replace(":", "\\:")))


def _make_anew(name: str, query: str) -> None:
    """A view cannot lose a column, so it is made anew, with its comments and grants."""
    left_out = ", ".join(f"'{column}'" for column in NEW)
    statement = """
        DO $$
        DECLARE comments text[]; readable boolean; line text;
        BEGIN
            SELECT array_agg(format('COMMENT ON COLUMN analyst.{name}.%I IS %L', attname,
                                    CASE attname WHEN 'speaker_id'
                                    THEN 'Id in the roster; NULL if the speaker is not in it or not known.'
                                    ELSE col_description(attrelid, attnum) END))
                INTO comments FROM pg_attribute
                WHERE attrelid = 'analyst.{name}'::regclass AND attnum > 0 AND attname NOT IN ({left_out});
            comments := comments || format('COMMENT ON VIEW analyst.{name} IS %L',
                                           obj_description('analyst.{name}'::regclass));
            SELECT coalesce(bool_or(has_table_privilege(rolname, 'analyst.{name}', 'SELECT')), false)
                INTO readable FROM pg_roles WHERE rolname = 'onrecord_analyst';
            DROP VIEW analyst.{name};
            CREATE VIEW analyst.{name} AS {query};
            FOREACH line IN ARRAY comments LOOP EXECUTE line; END LOOP;
            IF readable THEN GRANT SELECT ON analyst.{name} TO onrecord_analyst; END IF;
        END $$
    """
    op.execute(statement.format(name=name, query=query, left_out=left_out))
