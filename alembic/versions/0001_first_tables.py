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


def downgrade() -> None:
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
