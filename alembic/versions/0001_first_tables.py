"""The first tables, and the analysts' views over them."""

# ruff: noqa: E501 - one index or constraint a line reads best

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


ANALYST = "onrecord_analyst"

VIEWS = {
    "quotes": (
        """
        SELECT q.id, sq.statement_id, q.article_id, q.text, q.lang, q.type, q.speaker_id, q.speaker_name,
               q.confidence, q.rule, q.first_seen_at, a.published_at, a.source_id, s.title AS source,
               a.url, a.title AS article_title, q.search,
               EXISTS (
                   SELECT FROM onrecord.quote_spans p JOIN onrecord.versions v ON v.id = p.version_id
                   WHERE p.quote_id = q.id AND NOT EXISTS (
                       SELECT FROM onrecord.versions w
                       WHERE w.article_id = v.article_id AND w.origin = v.origin AND (w.seen_at, w.n) > (v.seen_at, v.n)
                   )
               ) AS present
        FROM onrecord.quotes q
        JOIN onrecord.articles a ON a.id = q.article_id
        JOIN onrecord.sources s ON s.id = a.source_id
        LEFT JOIN onrecord.statement_quotes sq ON sq.quote_id = q.id
        """,
        "One row for each quote in each article, with who said it and where it was published.",
        {
            "id": "Id of the quote; follows from the article and the words.",
            "statement_id": "The statement it reports; NULL until it is linked.",
            "article_id": "The article it stands in.",
            "text": "The words, exactly as published.",
            "lang": "Language of the article, ISO 639-1.",
            "type": "direct (in marks), indirect (reported) or mixed.",
            "speaker_id": "Id in the roster; NULL if the speaker is not in it or not known.",
            "speaker_name": "Name of the speaker in the article's language; NULL if unknown.",
            "confidence": "Chance from 0 to 1 that words and speaker are both right.",
            "rule": "The rule that attributed it.",
            "first_seen_at": "When we first saw it.",
            "published_at": "When the article says it was published; NULL if it does not.",
            "source_id": "Id of the publication.",
            "source": "Name of the publication.",
            "url": "Address of the article.",
            "article_title": "Headline of the article.",
            "search": "Its word forms, for @@ with websearch_to_tsquery('russian' or 'english', words); indexed.",
            "present": "Whether the newest text we have seen still has it; false does not mean deleted by intent.",
        },
    ),
    "statements": (
        """
        SELECT st.id, st.speaker_id, st.speaker_name, st.text, st.lang, st.type,
               max(q.confidence) AS confidence, st.first_published_at, st.first_seen_at,
               count(DISTINCT a.source_id) AS sources, count(DISTINCT a.id) AS articles, count(q.id) AS quotes,
               array_agg(DISTINCT a.source_id) FILTER (WHERE a.source_id IS NOT NULL) AS source_ids,
               (array_agg(a.url ORDER BY a.published_at NULLS LAST, a.first_seen_at, a.url))[1] AS first_url
        FROM onrecord.statements st
        LEFT JOIN onrecord.statement_quotes sq ON sq.statement_id = st.id
        LEFT JOIN onrecord.quotes q ON q.id = sq.quote_id
        LEFT JOIN onrecord.articles a ON a.id = q.article_id
        GROUP BY st.id
        """,
        "One row for each utterance: all quotes that report it, in whatever publications, are one statement.",
        {
            "id": "Id of the statement; permanent.",
            "speaker_id": "Id in the roster; NULL if the speaker is not in it or not known.",
            "speaker_name": "Name of the speaker; NULL if unknown.",
            "text": "The words of its founding quote, exactly as published.",
            "lang": "Language of those words, ISO 639-1.",
            "type": "direct, indirect or mixed.",
            "confidence": "The best of its quotes', from 0 to 1.",
            "first_published_at": "The earliest date any of its articles gives; NULL if none gives one.",
            "first_seen_at": "When we first saw any of its quotes.",
            "sources": "Number of publications that report it.",
            "articles": "Number of articles that report it.",
            "quotes": "Number of quotes that report it.",
            "source_ids": "Ids of those publications.",
            "first_url": "Address of the earliest article.",
        },
    ),
    "speakers": (
        """
        SELECT sp.id, sp.kind, sp.gender, sp.name_en, sp.name_ru, sp.wikidata,
               (SELECT jsonb_agg(jsonb_build_object('office', o.office, 'title_en', o.title_en,
                    'title_ru', o.title_ru, 'from', o."from", 'to', o."to") ORDER BY o."from" NULLS FIRST, o.office)
                FROM onrecord.offices o WHERE o.speaker_id = sp.id) AS offices,
               (SELECT array_agg(n.name ORDER BY n.lang, n.name)
                FROM onrecord.names n WHERE n.speaker_id = sp.id) AS names,
               (SELECT count(*) FROM onrecord.quotes q WHERE q.speaker_id = sp.id) AS quotes
        FROM onrecord.speakers sp
        """,
        "The roster: people and bodies that can be quoted.",
        {
            "id": "Id in the roster, a stable slug.",
            "kind": "person or body.",
            "gender": "m or f for a person, empty for a body.",
            "name_en": "Name in English.",
            "name_ru": "Name in Russian.",
            "wikidata": "Wikidata item, if known.",
            "offices": "Offices held: office, titles, first and last day (NULL: open).",
            "names": "All names and spellings we know.",
            "quotes": "Number of quotes.",
        },
    ),
    "articles": (
        """
        SELECT a.id, a.url, a.source_id, s.title AS source, a.lang, a.title, a.published_at, a.published_raw,
               a.first_seen_at, a.last_seen_at, a.gone_at,
               (SELECT count(*) FROM onrecord.versions v WHERE v.article_id = a.id AND v.cause = 'source') AS versions,
               (SELECT count(*) FROM onrecord.quotes q WHERE q.article_id = a.id) AS quotes,
               (SELECT v.text FROM onrecord.versions v WHERE v.article_id = a.id
                ORDER BY v.seen_at DESC, v.origin = 'page' DESC, v.n DESC LIMIT 1) AS text
        FROM onrecord.articles a JOIN onrecord.sources s ON s.id = a.source_id
        """,
        "One row for each article that was kept, with its newest text.",
        {
            "id": "Id of the article; follows from its address.",
            "url": "Canonical address.",
            "source_id": "Id of the publication.",
            "source": "Name of the publication.",
            "lang": "Language, ISO 639-1.",
            "title": "Headline.",
            "published_at": "When the article says it was published, read by the rules of its source.",
            "published_raw": "The same as it was written.",
            "first_seen_at": "When we first saw it.",
            "last_seen_at": "When we last saw it there.",
            "gone_at": "When its address first answered that it is gone; NULL while it is there.",
            "versions": "Number of states of its text that the publication made.",
            "quotes": "Number of quotes found in it, in any version.",
            "text": "The newest text: lead and body, paragraphs on lines of their own.",
        },
    ),
    "edits": (
        """
        SELECT e.id, e.kind, e.article_id, a.source_id, a.url, a.title AS article_title, e.quote_id, q.text,
               e.other_quote_id, o.text AS new_text,
               coalesce(p.speaker_name, q.speaker_name) AS speaker_name, r.speaker_name AS new_speaker_name,
               f.seen_at AS present_at, e.seen_at AS changed_by
        FROM onrecord.edits e
        JOIN onrecord.articles a ON a.id = e.article_id
        JOIN onrecord.versions f ON f.id = e.from_version
        JOIN onrecord.quotes q ON q.id = e.quote_id
        LEFT JOIN onrecord.quotes o ON o.id = e.other_quote_id
        LEFT JOIN onrecord.quote_spans p ON p.quote_id = e.quote_id AND p.version_id = e.from_version
        LEFT JOIN onrecord.quote_spans r
               ON r.quote_id = coalesce(e.other_quote_id, e.quote_id) AND r.version_id = e.to_version
        """,
        "What publications changed in quotes between two texts of one article that we saw one after the other.",
        {
            "id": "Id of the edit.",
            "kind": "added, removed, reworded or reattributed.",
            "article_id": "The article.",
            "source_id": "Id of the publication.",
            "url": "Address of the article.",
            "article_title": "Headline of the article.",
            "quote_id": "The quote it is about.",
            "text": "Its words.",
            "other_quote_id": "Of a reworded quote: the quote it became.",
            "new_text": "The words it became.",
            "speaker_name": "Its speaker before (of an added quote: its speaker).",
            "new_speaker_name": "Its speaker after; NULL if it is no longer there or nobody is named.",
            "present_at": "When we saw the text before the change.",
            "changed_by": "When we first saw the text after the change.",
        },
    ),
    "source_health": (
        """
        SELECT s.id AS source_id, s.title AS source, s.language,
               (SELECT max(f.seen_at) FROM onrecord.fetches f WHERE f.source_id = s.id) AS last_tried_at,
               (SELECT max(f.seen_at) FROM onrecord.fetches f
                WHERE f.source_id = s.id AND f.outcome IN ('kept', 'unchanged')) AS last_answered_at,
               a.last_new_article_at, a.articles, a.articles_7_days, f.tried, f.errors,
               round(100.0 * f.errors / nullif(f.tried, 0), 1) AS error_percent
        FROM onrecord.sources s
        LEFT JOIN LATERAL (
            SELECT max(first_seen_at) AS last_new_article_at, count(*) AS articles,
                   count(*) FILTER (WHERE first_seen_at >= now() - interval '7 days') AS articles_7_days
            FROM onrecord.articles WHERE source_id = s.id
        ) a ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS tried, count(*) FILTER (WHERE outcome = 'error') AS errors
            FROM onrecord.fetches
            WHERE source_id = s.id AND run_id = (
                SELECT run_id FROM onrecord.fetches WHERE source_id = s.id ORDER BY seen_at DESC, id DESC LIMIT 1
            )
        ) f ON true
        """,
        "One row for each publication: when it last answered, and how its last crawl went.",
        {
            "source_id": "Id of the publication.",
            "source": "Name of the publication.",
            "language": "Its language, ISO 639-1.",
            "last_tried_at": "When we last asked it for anything.",
            "last_answered_at": "When it last answered.",
            "last_new_article_at": "When we last saw an article we had not seen before.",
            "articles": "Number of articles kept.",
            "articles_7_days": "Of these, first seen in the last 7 days.",
            "tried": "Addresses tried in its last crawl.",
            "errors": "Of these, ended as errors.",
            "error_percent": "Errors in per cent of the addresses tried.",
        },
    ),
}


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def create_analyst_schema() -> None:
    op.execute("CREATE SCHEMA analyst")
    op.execute("COMMENT ON SCHEMA analyst IS 'Documented views for analysts; see docs/data-dictionary.md.'")
    for name, (query, told, columns) in VIEWS.items():
        op.execute(sa.text(f"CREATE VIEW analyst.{name} AS {query}".replace(":", "\\:")))
        op.execute(sa.text(f"COMMENT ON VIEW analyst.{name} IS {literal(told)}".replace(":", "\\:")))
        for column, meaning in columns.items():
            op.execute(sa.text(f"COMMENT ON COLUMN analyst.{name}.{column} IS {literal(meaning)}".replace(":", "\\:")))
    # Privileges are the guard: settings such as default_transaction_read_only could be set back by the analyst.
    # A role belongs to the whole server, so it may exist, or we may not be allowed to make one: then it is the
    # owner's to add, `onrecord doctor` says how, and everything else works.
    op.execute(
        f"""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ANALYST}') THEN
                CREATE ROLE {ANALYST} NOLOGIN;
            END IF;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE WARNING 'no right to create the role {ANALYST}';
            WHEN duplicate_object OR unique_violation THEN
                NULL;
        END $$
        """
    )
    op.execute(
        f"""
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ANALYST}') THEN
                GRANT USAGE ON SCHEMA analyst TO {ANALYST};
                GRANT SELECT ON ALL TABLES IN SCHEMA analyst TO {ANALYST};
            END IF;
        END $$
        """
    )


def drop_analyst_schema() -> None:
    # The role stays: other databases of the server may use it.
    op.execute("DROP SCHEMA analyst CASCADE")


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), server_default="", nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("exit_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("code_version", sa.Text(), server_default="", nullable=False),
        sa.Column("summary", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_runs_started_at"), "runs", ["started_at"], unique=False, schema="onrecord")
    op.create_table(
        "sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("home", sa.Text(), server_default="", nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        schema="onrecord",
    )
    op.create_table(
        "speakers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("gender", sa.Text(), server_default="", nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("name_ru", sa.Text(), server_default="", nullable=False),
        sa.Column("wikidata", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
        schema="onrecord",
    )
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        schema="onrecord",
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_raw", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["onrecord.sources.id"], name=op.f("fk_articles_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("url", name=op.f("uq_articles_url")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_articles_published_at"), "articles", ["published_at"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_articles_source_id"), "articles", ["source_id"], unique=False, schema="onrecord")
    op.create_table(
        "names",
        sa.Column("speaker_id", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["speaker_id"], ["onrecord.speakers.id"], name=op.f("fk_names_speaker_id")),
        sa.PrimaryKeyConstraint("speaker_id", "lang", "name", name=op.f("pk_names")),
        schema="onrecord",
    )
    op.create_index(
        "ix_names_name_trigrams",
        "names",
        ["name"],
        unique=False,
        schema="onrecord",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "offices",
        sa.Column("speaker_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), server_default="", nullable=False),
        sa.Column("title_ru", sa.Text(), server_default="", nullable=False),
        sa.Column("from", sa.Date(), nullable=True),
        sa.Column("to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["speaker_id"], ["onrecord.speakers.id"], name=op.f("fk_offices_speaker_id")),
        sa.UniqueConstraint(
            "speaker_id",
            "office",
            "from",
            name=op.f("uq_offices_speaker_id_office_from"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="onrecord",
    )
    op.create_table(
        "outcomes",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), server_default="", nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('kept', 'unchanged', 'duplicate', 'not-relevant', 'not-article', 'gone', 'error')",
            name=op.f("ck_outcomes_outcome"),
        ),
        sa.CheckConstraint("stage IN ('crawl', 'extract', 'quote', 'link', 'alert')", name=op.f("ck_outcomes_stage")),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_outcomes_run_id")),
        sa.PrimaryKeyConstraint("run_id", "stage", "source_id", "item", name=op.f("pk_outcomes")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_outcomes_item"), "outcomes", ["item"], unique=False, schema="onrecord")
    op.create_table(
        "warc_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed', 'uploaded')", name=op.f("ck_warc_files_state")),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_warc_files_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warc_files")),
        schema="onrecord",
    )
    op.create_table(
        "watches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("subscriber_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["onrecord.subscribers.id"], name=op.f("fk_watches_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_watches_subscriber_id"), "watches", ["subscriber_id"], unique=False, schema="onrecord")
    op.create_table(
        "captures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("requested_url", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("content_type", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("warc_id", sa.Text(), nullable=False),
        sa.Column("warc_offset", sa.BigInteger(), nullable=False),
        sa.Column("warc_length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_captures_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["onrecord.sources.id"], name=op.f("fk_captures_source_id")),
        sa.ForeignKeyConstraint(["warc_id"], ["onrecord.warc_files.id"], name=op.f("fk_captures_warc_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
        schema="onrecord",
    )
    op.create_index(
        op.f("ix_captures_source_id_kind_seen_at"),
        "captures",
        ["source_id", "kind", "seen_at"],
        unique=False,
        schema="onrecord",
    )
    op.create_index(op.f("ix_captures_url"), "captures", ["url"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_captures_warc_id"), "captures", ["warc_id"], unique=False, schema="onrecord")
    op.create_table(
        "quotes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("words_sha256", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("speaker_id", sa.Text(), nullable=True),
        sa.Column("speaker_name", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), server_default="0", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("code_version", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector(CASE WHEN (lang = 'ru'::text) THEN 'russian'::regconfig ELSE 'english'::regconfig END, translate(text, 'Ёё'::text, 'Ее'::text))",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("type IN ('direct', 'indirect', 'mixed')", name=op.f("ck_quotes_type")),
        sa.ForeignKeyConstraint(["article_id"], ["onrecord.articles.id"], name=op.f("fk_quotes_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_quotes_article_id"), "quotes", ["article_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_quotes_first_seen_at"), "quotes", ["first_seen_at"], unique=False, schema="onrecord")
    op.create_index(
        op.f("ix_quotes_search"), "quotes", ["search"], unique=False, schema="onrecord", postgresql_using="gin"
    )
    op.create_index(
        op.f("ix_quotes_speaker_id_first_seen_at"),
        "quotes",
        ["speaker_id", "first_seen_at"],
        unique=False,
        schema="onrecord",
    )
    op.create_index(op.f("ix_quotes_words_sha256"), "quotes", ["words_sha256"], unique=False, schema="onrecord")
    op.create_table(
        "urls",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("final_url", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("last_modified", sa.Text(), server_default="", nullable=False),
        sa.Column("body_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=True),
        sa.Column("discovered_in", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["onrecord.articles.id"], name=op.f("fk_urls_article_id")),
        sa.ForeignKeyConstraint(["source_id"], ["onrecord.sources.id"], name=op.f("fk_urls_source_id")),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_urls")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_urls_article_id"), "urls", ["article_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_urls_final_url"), "urls", ["final_url"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_urls_source_id_kind"), "urls", ["source_id", "kind"], unique=False, schema="onrecord")
    op.create_table(
        "fetches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("capture_id", sa.Text(), nullable=True),
        sa.Column("discovered_in", sa.Text(), server_default="", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('kept', 'unchanged', 'duplicate', 'not-relevant', 'not-article', 'gone', 'error')",
            name=op.f("ck_fetches_outcome"),
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["onrecord.captures.id"], name=op.f("fk_fetches_capture_id")),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_fetches_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["onrecord.sources.id"], name=op.f("fk_fetches_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
        sa.UniqueConstraint("run_id", "source_id", "kind", "url", name=op.f("uq_fetches_run_id_source_id_kind_url")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_fetches_seen_at"), "fetches", ["seen_at"], unique=False, schema="onrecord")
    op.create_table(
        "statements",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("founding_quote_id", sa.Text(), nullable=False),
        sa.Column("speaker_id", sa.Text(), nullable=True),
        sa.Column("speaker_name", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("type IN ('direct', 'indirect', 'mixed')", name=op.f("ck_statements_type")),
        sa.ForeignKeyConstraint(
            ["founding_quote_id"], ["onrecord.quotes.id"], name=op.f("fk_statements_founding_quote_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        schema="onrecord",
    )
    op.create_index(
        op.f("ix_statements_first_seen_at"), "statements", ["first_seen_at"], unique=False, schema="onrecord"
    )
    op.create_index(
        op.f("ix_statements_founding_quote_id"), "statements", ["founding_quote_id"], unique=False, schema="onrecord"
    )
    op.create_index(
        op.f("ix_statements_speaker_id_first_seen_at"),
        "statements",
        ["speaker_id", "first_seen_at"],
        unique=False,
        schema="onrecord",
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("locator", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("lang", sa.Text(), server_default="", nullable=False),
        sa.Column("text_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_raw", sa.Text(), server_default="", nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extractor", sa.Text(), server_default="", nullable=False),
        sa.Column("encoding", sa.Text(), server_default="", nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("code_version", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="source", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("quoted_by", sa.Text(), nullable=True),
        sa.CheckConstraint("cause IN ('source', 'code')", name=op.f("ck_versions_cause")),
        sa.CheckConstraint("origin IN ('page', 'feed')", name=op.f("ck_versions_origin")),
        sa.ForeignKeyConstraint(["article_id"], ["onrecord.articles.id"], name=op.f("fk_versions_article_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["onrecord.captures.id"], name=op.f("fk_versions_capture_id")),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_versions_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("article_id", "n", name=op.f("uq_versions_article_id_n")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_versions_capture_id"), "versions", ["capture_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_versions_run_id"), "versions", ["run_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_versions_seen_at"), "versions", ["seen_at"], unique=False, schema="onrecord")
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("subscriber_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("last_reply", sa.Text(), server_default="", nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'sent', 'suppressed-old', 'suppressed-new-watch', 'summarised', 'dead')",
            name=op.f("ck_alerts_state"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f("fk_alerts_run_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["onrecord.statements.id"], name=op.f("fk_alerts_statement_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["onrecord.subscribers.id"], name=op.f("fk_alerts_subscriber_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["onrecord.watches.id"], name=op.f("fk_alerts_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint(
            "watch_id", "subscriber_id", "statement_id", name=op.f("uq_alerts_watch_id_subscriber_id_statement_id")
        ),
        schema="onrecord",
    )
    op.create_index(
        "ix_alerts_pending",
        "alerts",
        ["next_at", "id"],
        unique=False,
        schema="onrecord",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_alerts_statement_id"), "alerts", ["statement_id"], unique=False, schema="onrecord")
    op.create_table(
        "edits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("from_version", sa.Text(), nullable=False),
        sa.Column("to_version", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("other_quote_id", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('added', 'removed', 'reworded', 'reattributed')", name=op.f("ck_edits_kind")),
        sa.ForeignKeyConstraint(["article_id"], ["onrecord.articles.id"], name=op.f("fk_edits_article_id")),
        sa.ForeignKeyConstraint(["from_version"], ["onrecord.versions.id"], name=op.f("fk_edits_from_version")),
        sa.ForeignKeyConstraint(["other_quote_id"], ["onrecord.quotes.id"], name=op.f("fk_edits_other_quote_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["onrecord.quotes.id"], name=op.f("fk_edits_quote_id")),
        sa.ForeignKeyConstraint(["to_version"], ["onrecord.versions.id"], name=op.f("fk_edits_to_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_edits_article_id"), "edits", ["article_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_edits_other_quote_id"), "edits", ["other_quote_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_edits_quote_id"), "edits", ["quote_id"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_edits_seen_at"), "edits", ["seen_at"], unique=False, schema="onrecord")
    op.create_index(op.f("ix_edits_to_version"), "edits", ["to_version"], unique=False, schema="onrecord")
    op.create_table(
        "quote_spans",
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("speaker_start", sa.Integer(), nullable=True),
        sa.Column("speaker_end", sa.Integer(), nullable=True),
        sa.Column("cue_start", sa.Integer(), nullable=True),
        sa.Column("cue_end", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("speaker_id", sa.Text(), nullable=True),
        sa.Column("speaker_name", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), server_default="0", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("type IN ('direct', 'indirect', 'mixed')", name=op.f("ck_quote_spans_type")),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_quote_spans_span")),
        sa.ForeignKeyConstraint(["quote_id"], ["onrecord.quotes.id"], name=op.f("fk_quote_spans_quote_id")),
        sa.ForeignKeyConstraint(["version_id"], ["onrecord.versions.id"], name=op.f("fk_quote_spans_version_id")),
        sa.PrimaryKeyConstraint("quote_id", "version_id", name=op.f("pk_quote_spans")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_quote_spans_version_id"), "quote_spans", ["version_id"], unique=False, schema="onrecord")
    op.create_table(
        "readings",
        sa.Column("capture_id", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), server_default="", nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("version_id", sa.Text(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('kept', 'unchanged', 'duplicate', 'not-relevant', 'not-article', 'gone', 'error')",
            name=op.f("ck_readings_outcome"),
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["onrecord.captures.id"], name=op.f("fk_readings_capture_id")),
        sa.ForeignKeyConstraint(["version_id"], ["onrecord.versions.id"], name=op.f("fk_readings_version_id")),
        sa.PrimaryKeyConstraint("capture_id", "locator", "code_version", name=op.f("pk_readings")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_readings_version_id"), "readings", ["version_id"], unique=False, schema="onrecord")
    op.create_table(
        "statement_aliases",
        sa.Column("old_id", sa.Text(), nullable=False),
        sa.Column("new_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["new_id"], ["onrecord.statements.id"], name=op.f("fk_statement_aliases_new_id")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_statement_aliases")),
        schema="onrecord",
    )
    op.create_index(
        op.f("ix_statement_aliases_new_id"), "statement_aliases", ["new_id"], unique=False, schema="onrecord"
    )
    op.create_table(
        "statement_quotes",
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Double(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["onrecord.quotes.id"], name=op.f("fk_statement_quotes_quote_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["onrecord.statements.id"], name=op.f("fk_statement_quotes_statement_id")
        ),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_statement_quotes")),
        schema="onrecord",
    )
    op.create_index(
        op.f("ix_statement_quotes_statement_id"), "statement_quotes", ["statement_id"], unique=False, schema="onrecord"
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["onrecord.alerts.id"], name=op.f("fk_deliveries_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        schema="onrecord",
    )
    op.create_index(op.f("ix_deliveries_alert_id"), "deliveries", ["alert_id"], unique=False, schema="onrecord")
    create_analyst_schema()


def downgrade() -> None:
    drop_analyst_schema()
    op.drop_table("deliveries", schema="onrecord")
    op.drop_table("statement_quotes", schema="onrecord")
    op.drop_table("statement_aliases", schema="onrecord")
    op.drop_table("readings", schema="onrecord")
    op.drop_table("quote_spans", schema="onrecord")
    op.drop_table("edits", schema="onrecord")
    op.drop_table("alerts", schema="onrecord")
    op.drop_table("versions", schema="onrecord")
    op.drop_table("statements", schema="onrecord")
    op.drop_table("fetches", schema="onrecord")
    op.drop_table("urls", schema="onrecord")
    op.drop_table("quotes", schema="onrecord")
    op.drop_table("captures", schema="onrecord")
    op.drop_table("watches", schema="onrecord")
    op.drop_table("warc_files", schema="onrecord")
    op.drop_table("outcomes", schema="onrecord")
    op.drop_table("offices", schema="onrecord")
    op.drop_table("names", schema="onrecord")
    op.drop_table("articles", schema="onrecord")
    op.drop_table("subscribers", schema="onrecord")
    op.drop_table("speakers", schema="onrecord")
    op.drop_table("sources", schema="onrecord")
    op.drop_table("runs", schema="onrecord")
