"""All tables of the database, as SQLAlchemy metadata. ``docs/data-dictionary.md`` describes each for users.

Ids that follow from content are text made by :mod:`pipeline.ids`; times are ``timestamptz``. The Alembic migrations
must produce exactly these tables; ``alembic check`` in the tests compares the two.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from pipeline.stage_result import StageResult
from pipeline.store.rule_columns import rule_checks, rule_columns
from pipeline.store.types import CleanJson, CleanText, TermVector

SCHEMA = "onrecord"
REVISION = "0021"
"""The newest migration, which produces exactly these tables."""

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

metadata = MetaData(schema=SCHEMA, naming_convention=NAMING)

SEARCH_VECTOR = (
    "to_tsvector(CASE WHEN (lang = 'ru'::text) THEN 'russian'::regconfig ELSE 'english'::regconfig END, "
    "translate(text, 'Ёё'::text, 'Ее'::text))"
)
"""Full-text vector of a quote in its own language; queries must use the same configuration and the same translate().

Written in the form in which Postgres stores it, so that Alembic can compare the two."""

STAGES = "stage IN ('crawl', 'extract', 'quote', 'link', 'alert')"
OUTCOMES = "outcome IN ('kept', 'unchanged', 'duplicate', 'not-relevant', 'not-article', 'gone', 'error')"
INCIDENTS = "kind IN ('blocked', 'unreachable', 'feed-moved', 'silent', 'half-empty', 'layout')"
INSTALLATION_INCIDENTS = (
    "kind IN ('run-failed', 'not-opened', 'task-failed', 'archive-damaged', 'dag-broken', 'scheduler-still', "
    "'disk-nearly-full', 'daily-late')"
)
QUOTE_TYPES = "type IN ('direct', 'indirect', 'mixed')"
STANCES = "stance IN ('said', 'denied', 'asked', 'hypothetical', 'reported')"


def _time(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=null)


def _text(name: str, *, null: bool = False) -> Column[str]:
    """A text column: the empty string is allowed, NULL only with ``null=True``."""
    return Column(name, CleanText, nullable=null, server_default=None if null else "")


def _texts(name: str) -> Column[list[str]]:
    return Column(name, ARRAY(CleanText), nullable=False, server_default=text("'{}'::text[]"))


def _json(name: str) -> Column[object]:
    return Column(name, CleanJson, nullable=False, server_default=text("'{}'::jsonb"))


def _ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[str]:
    return Column(name, CleanText, ForeignKey(f"{SCHEMA}.{target}"), nullable=null, index=index)


def _identity_columns() -> tuple[Column[Any], ...]:
    """Of a quote: who speaker and claimant are, how sure its stance is, whether it is news, and in what text."""
    return (
        Column("speaker_office", CleanText),
        Column("surname_key", CleanText),
        Column("claimant_id", CleanText),
        Column("stance_confidence", Double),
        Column("formula", Boolean, nullable=False, server_default=text("false")),
        _text("text_kind"),
    )


sources = Table(
    "sources",
    metadata,
    Column("id", CleanText, primary_key=True),
    _text("title"),
    _text("publisher"),
    _text("country"),
    _text("language"),
    _text("home"),
    Column("definition", CleanJson, nullable=False),
    _time("updated"),
    _time("crawled_at", null=True),
    _time("paused_until", null=True),
)

runs = Table(
    "runs",
    metadata,
    Column("id", CleanText, primary_key=True),
    _text("command"),
    _time("window_start", null=True),
    _time("window_end", null=True),
    _time("clock"),
    _time("started_at"),
    _time("finished_at", null=True),
    Column("exit_code", Integer),
    _text("exit_reason"),
    _text("code_version"),
    Column("tallied", Boolean, nullable=False, server_default=text("false")),
    Column("summed_up", Boolean, nullable=False, server_default=text("false")),
    Index(None, "started_at"),
    Index("ix_runs_untallied", "id", postgresql_where=text("NOT tallied")),
)

run_stages = Table(
    "run_stages",
    metadata,
    _ref("run_id", "runs.id"),
    Column("stage", CleanText, nullable=False),
    _text("batch"),
    _texts("sources"),
    Column("items", BigInteger),
    _time("entered", null=True),
    _time("ended", null=True),
    *(Column(count.name, BigInteger) for count in fields(StageResult)),
    PrimaryKeyConstraint("run_id", "stage", "batch"),
    CheckConstraint(STAGES, name="stage"),
    CheckConstraint("ended IS NULL OR entered IS NOT NULL", name="ended"),
)

run_sources = Table(
    "run_sources",
    metadata,
    _ref("run_id", "runs.id"),
    Column("source_id", CleanText, nullable=False),
    Column("discovered", Integer, nullable=False),
    _json("outcomes"),
    _json("documents"),
    Column("in_replay", Boolean, nullable=False, server_default=text("true")),
    _text("failure"),
    _json("not_before"),
    _texts("damage"),
    PrimaryKeyConstraint("run_id", "source_id"),
)

run_uploads = Table(
    "run_uploads",
    metadata,
    _ref("run_id", "runs.id"),
    _text("batch"),
    Column("uploaded", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    _text("failure"),
    PrimaryKeyConstraint("run_id", "batch"),
)

run_faults = Table(
    "run_faults",
    metadata,
    _ref("run_id", "runs.id"),
    Column("stage", CleanText, nullable=False),
    _text("batch"),
    Column("what", CleanText, nullable=False),
    PrimaryKeyConstraint("run_id", "stage", "batch", "what"),
    CheckConstraint(STAGES, name="stage"),
)

warc_files = Table(
    "warc_files",
    metadata,
    Column("id", CleanText, primary_key=True),
    _text("uri"),
    Column("sha256", CleanText),
    Column("size", BigInteger),
    Column("state", CleanText, nullable=False, server_default="open"),
    _ref("run_id", "runs.id", null=True, index=True),
    CheckConstraint("state IN ('open', 'closed', 'uploaded')", name="state"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("url", CleanText, nullable=False, unique=True),
    _ref("source_id", "sources.id"),
    _text("lang"),
    _text("title"),
    _time("published_at", null=True),
    Column("published_on", Date),
    _text("published_raw"),
    _time("first_seen_at"),
    _time("last_seen_at"),
    _time("gone_at", null=True),
    _time("link_due", null=True),
    Index(None, "published_at"),
    Index("ix_articles_link_due", "id", postgresql_where=text("link_due IS NOT NULL")),
)
Index(
    "ix_articles_source_id_told_at",
    articles.c.source_id,
    func.coalesce(articles.c.published_at, articles.c.first_seen_at),
)

urls = Table(
    "urls",
    metadata,
    Column("url", CleanText, primary_key=True),
    _ref("source_id", "sources.id"),
    _text("kind"),
    _text("final_url"),
    _time("first_seen_at"),
    _time("last_seen_at"),
    _time("last_fetched_at", null=True),
    _text("etag"),
    _text("last_modified"),
    _text("body_sha256"),
    _text("outcome"),
    _text("reason"),
    _ref("article_id", "articles.id", null=True, index=True),
    Column("title", CleanText),
    Column("published_raw", CleanText),
    _text("discovered_in"),
    Index(None, "source_id", "kind"),
    Index(None, "source_id", "last_seen_at"),
    Index(None, "final_url"),
    Index("ix_urls_refused", "source_id", postgresql_where=text("kind = 'page' AND outcome = 'error'")),
)

captures = Table(
    "captures",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("url", CleanText, nullable=False, index=True),
    _text("requested_url"),
    _ref("source_id", "sources.id"),
    _text("kind"),
    _text("content_type"),
    Column("status", Integer),
    _text("body_sha256"),
    _ref("warc_id", "warc_files.id", index=True),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    _text("sha256"),
    _time("seen_at"),
    _time("returned_at", null=True),
    _ref("run_id", "runs.id"),
    Column("read_by", CleanText),
    Index(None, "source_id", "kind", "seen_at"),
    Index("ix_captures_read_by", "read_by", postgresql_where=text("kind IN ('page', 'feed')")),
    Index("ix_captures_feeds", "requested_url", "seen_at", postgresql_where=text("kind = 'feed'")),
)

fetches = Table(
    "fetches",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _ref("run_id", "runs.id"),
    _ref("source_id", "sources.id"),
    Column("url", CleanText, nullable=False),
    _text("final_url"),
    _text("kind"),
    Column("status", Integer),
    _text("outcome"),
    _text("reason"),
    _text("detail"),
    _ref("capture_id", "captures.id", null=True),
    _text("discovered_in"),
    _time("seen_at"),
    Column("elapsed_ms", Integer, nullable=False, server_default="0"),
    UniqueConstraint("run_id", "source_id", "kind", "url"),
    CheckConstraint(OUTCOMES, name="outcome"),
    Index(None, "source_id", "seen_at"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("article_id", "articles.id"),
    Column("n", Integer, nullable=False),
    _ref("capture_id", "captures.id", index=True),
    _text("origin"),
    _text("locator"),
    _text("title"),
    _text("text"),
    _text("lang"),
    _text("text_sha256"),
    _time("published_at", null=True),
    _text("published_raw"),
    _time("modified_at", null=True),
    _text("extractor"),
    _text("encoding"),
    Column("flags", ARRAY(CleanText), nullable=False, server_default=text("'{}'::text[]")),
    _text("code_version"),
    Column("cause", CleanText, nullable=False, server_default="source"),
    _time("seen_at"),
    _ref("run_id", "runs.id", null=True, index=True),
    Column("quoted_by", CleanText),
    UniqueConstraint("article_id", "n"),
    CheckConstraint("origin IN ('page', 'feed')", name="origin"),
    CheckConstraint("cause IN ('source', 'code')", name="cause"),
    Index(None, "seen_at"),
    Index(None, "quoted_by"),
)

readings = Table(
    "readings",
    metadata,
    _ref("capture_id", "captures.id"),
    _text("locator"),
    Column("code_version", CleanText, nullable=False),
    _text("outcome"),
    _text("reason"),
    _text("detail"),
    _ref("version_id", "versions.id", null=True, index=True),
    _time("read_at"),
    PrimaryKeyConstraint("capture_id", "locator", "code_version"),
    CheckConstraint(OUTCOMES, name="outcome"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("stage", CleanText, nullable=False),
    Column("item", CleanText, nullable=False),
    _text("locator"),
    Column("code_version", CleanText, nullable=False),
    _text("reason"),
    Column("tries", Integer, nullable=False),
    _time("retry_at", null=True),
    PrimaryKeyConstraint("stage", "item", "locator", "code_version"),
    CheckConstraint(STAGES, name="stage"),
)

quotes = Table(
    "quotes",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("article_id", "articles.id", index=True),
    Column("words_sha256", CleanText, nullable=False, index=True),
    Column("occurrence", Integer, nullable=False),
    Column("text", CleanText, nullable=False),
    _text("lang"),
    Column("type", CleanText, nullable=False),
    Column("speaker_id", CleanText),
    Column("speaker_name", CleanText),
    Column("confidence", Double, nullable=False, server_default="0"),
    *rule_columns(),
    _text("code_version"),
    _time("first_seen_at"),
    Column("search", TSVECTOR, Computed(SEARCH_VECTOR, persisted=True)),
    Column("stance", CleanText, nullable=False, server_default="said"),
    Column("claimant", CleanText),
    Column("search_terms", TermVector),
    Column("analysed_by", CleanText),
    *_identity_columns(),
    CheckConstraint(QUOTE_TYPES, name="type"),
    CheckConstraint(STANCES, name="stance"),
    *rule_checks(),
    Index("ix_quotes_surname_key", "surname_key", postgresql_where=text("surname_key IS NOT NULL")),
    Index(None, "search", postgresql_using="gin"),
    Index(None, "search_terms", postgresql_using="gin"),
    Index(None, "analysed_by"),
    Index(None, "speaker_id", "first_seen_at"),
    Index(None, "first_seen_at"),
)

word_forms = Table(
    "word_forms",
    metadata,
    Column("lang", CleanText, nullable=False),
    Column("form", CleanText, nullable=False),
    Column("lemma", CleanText, nullable=False),
    Column("seen", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("form", "lang", "lemma"),
)

quote_spans = Table(
    "quote_spans",
    metadata,
    _ref("quote_id", "quotes.id"),
    _ref("version_id", "versions.id", index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("speaker_start", Integer),
    Column("speaker_end", Integer),
    Column("cue_start", Integer),
    Column("cue_end", Integer),
    Column("type", CleanText, nullable=False),
    Column("speaker_id", CleanText),
    Column("speaker_name", CleanText),
    Column("confidence", Double, nullable=False, server_default="0"),
    *rule_columns(),
    Column("stance", CleanText, nullable=False, server_default="said"),
    Column("claimant", CleanText),
    *_identity_columns(),
    PrimaryKeyConstraint("quote_id", "version_id"),
    CheckConstraint(QUOTE_TYPES, name="type"),
    CheckConstraint(STANCES, name="stance"),
    *rule_checks(),
    CheckConstraint('"start" >= 0 AND "end" > "start"', name="span"),
)

edits = Table(
    "edits",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("article_id", "articles.id", index=True),
    _ref("from_version", "versions.id"),
    _ref("to_version", "versions.id", index=True),
    Column("kind", CleanText, nullable=False),
    _ref("quote_id", "quotes.id", index=True),
    _ref("other_quote_id", "quotes.id", null=True, index=True),
    _time("seen_at"),
    CheckConstraint("kind IN ('added', 'removed', 'reworded', 'reattributed')", name="kind"),
    Index(None, "seen_at"),
)

speakers = Table(
    "speakers",
    metadata,
    Column("id", CleanText, primary_key=True),
    _text("kind"),
    _text("gender"),
    _text("name_en"),
    _text("name_ru"),
    Column("wikidata", CleanText),
)

offices = Table(
    "offices",
    metadata,
    _ref("speaker_id", "speakers.id"),
    Column("office", CleanText, nullable=False),
    _text("title_en"),
    _text("title_ru"),
    Column("from", Date),
    Column("to", Date),
    UniqueConstraint("speaker_id", "office", "from", postgresql_nulls_not_distinct=True),
)

names = Table(
    "names",
    metadata,
    _ref("speaker_id", "speakers.id"),
    Column("lang", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    PrimaryKeyConstraint("speaker_id", "lang", "name"),
    Index("ix_names_name_trigrams", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
)

people = Table(
    "people",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("surname_key", CleanText, nullable=False, index=True),
    Column("words", ARRAY(CleanText), nullable=False),
    Column("name_en", CleanText),
    Column("name_ru", CleanText),
    Column("names", ARRAY(CleanText), nullable=False),
)

person_aliases = Table(
    "person_aliases",
    metadata,
    Column("old_id", CleanText, primary_key=True),
    Column("new_id", CleanText, nullable=False, index=True),
)

statements = Table(
    "statements",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("founding_quote_id", "quotes.id", index=True),
    Column("founding_segment_id", CleanText, nullable=False),
    Column("speaker_id", CleanText),
    Column("speaker_name", CleanText),
    Column("text", CleanText, nullable=False),
    _text("lang"),
    Column("type", CleanText, nullable=False),
    _time("first_published_at", null=True),
    _time("first_seen_at"),
    _time("matched_at", null=True),
    Column("stance", CleanText, nullable=False, server_default="said"),
    Column("claimant", CleanText),
    Column("claimant_id", CleanText),
    Column("stance_confidence", Double),
    CheckConstraint(QUOTE_TYPES, name="type"),
    CheckConstraint(STANCES, name="stance"),
    Index(None, "speaker_id", "first_seen_at"),
    Index(None, "first_seen_at"),
    Index("ix_statements_unmatched", "id", postgresql_where=text("matched_at IS NULL")),
)

statement_aliases = Table(
    "statement_aliases",
    metadata,
    Column("old_id", CleanText, primary_key=True),
    _ref("new_id", "statements.id", index=True),
)

segments = Table(
    "segments",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("quote_id", "quotes.id", index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _ref("statement_id", "statements.id", index=True),
    _text("how"),
    Column("score", Double, nullable=False, server_default="1"),
    _text("words_digest"),
    _text("stems"),
    _texts("places"),
    _time("published_at", null=True),
    _text("linked_as"),
    Index(None, "words_digest", "published_at", postgresql_where=text("places <> '{}'")),
    Index(None, "places", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

segment_links = Table(
    "segment_links",
    metadata,
    _ref("a", "segments.id"),
    _ref("b", "segments.id", index=True),
    Column("kind", CleanText, nullable=False),
    Column("score", Double, nullable=False),
    Column("start_a", Integer, nullable=False),
    Column("end_a", Integer, nullable=False),
    Column("start_b", Integer, nullable=False),
    Column("end_b", Integer, nullable=False),
    _text("why"),
    _text("code_version"),
    PrimaryKeyConstraint("a", "b"),
    CheckConstraint("kind IN ('exact', 'contained', 'variant', 'reported', 'edited', 'apart')", name="kind"),
    CheckConstraint("a < b", name="order"),
)

link_inputs = Table(
    "link_inputs",
    metadata,
    Column("name", CleanText, primary_key=True),
    _text("value"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("address", CleanText, nullable=False, unique=True),
    Column("refusals", Integer, nullable=False, server_default="0"),
    _time("suspended_at", null=True),
    _time("stopped_at", null=True),
    _text("last_reply"),
    _time("summary_at", null=True),
)

watches = Table(
    "watches",
    metadata,
    Column("id", CleanText, primary_key=True),
    _text("title"),
    Column("definition", CleanJson, nullable=False),
    _ref("subscriber_id", "subscribers.id", index=True),
    _time("since"),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    _time("stopped_at", null=True),
    Column("origin", CleanText, nullable=False, server_default="file"),
    CheckConstraint("origin IN ('file', 'store')", name="origin"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("watch_id", "watches.id"),
    _ref("subscriber_id", "subscribers.id"),
    _ref("statement_id", "statements.id", index=True),
    Column("kind", CleanText, nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("state", CleanText, nullable=False, server_default="pending"),
    _time("lease_until", null=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _time("next_at", null=True),
    _text("message_id"),
    _time("built_at", null=True),
    _text("subject"),
    _text("last_reply"),
    _ref("run_id", "runs.id", null=True),
    _time("sent_at", null=True),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    _text("thread_id"),
    _ref("corrects", "alerts.id", null=True, index=True),
    _text("sent_text"),
    Column("sent_speaker_id", CleanText),
    _text("sent_speaker_name"),
    Index(
        "uq_alerts_watch_id_subscriber_id_statement_id",
        "watch_id",
        "subscriber_id",
        "statement_id",
        unique=True,
        postgresql_where=text("corrects IS NULL"),
    ),
    CheckConstraint("kind IN ('alert', 'summary', 'correction')", name="kind"),
    CheckConstraint("channel IN ('email', 'spool', 'webhook', 'apprise')", name="channel"),
    CheckConstraint(
        "state IN ('pending', 'unsure', 'sent', 'summarised', 'dead', 'suppressed-old', 'suppressed-new-watch', "
        "'suppressed-not-said', 'suppressed-sent', 'suppressed-stopped')",
        name="state",
    ),
    Index("ix_alerts_pending", "next_at", "id", postgresql_where=text("state IN ('pending', 'unsure')")),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _ref("alert_id", "alerts.id", index=True),
    Column("attempt", Integer, nullable=False),
    _time("started_at"),
    _time("finished_at", null=True),
    _text("result"),
    _text("reply"),
)

outcomes = Table(
    "outcomes",
    metadata,
    _ref("run_id", "runs.id"),
    Column("stage", CleanText, nullable=False),
    _text("source_id"),
    Column("item", CleanText, nullable=False),
    Column("outcome", CleanText, nullable=False),
    _text("reason"),
    _text("detail"),
    PrimaryKeyConstraint("run_id", "stage", "source_id", "item"),
    CheckConstraint(STAGES, name="stage"),
    CheckConstraint(OUTCOMES, name="outcome"),
)

outcome_days = Table(
    "outcome_days",
    metadata,
    Column("day", Date, nullable=False),
    Column("stage", CleanText, nullable=False),
    _text("source_id"),
    Column("outcome", CleanText, nullable=False),
    _text("reason"),
    Column("items", BigInteger, nullable=False),
    PrimaryKeyConstraint("day", "stage", "source_id", "outcome", "reason"),
)

fetch_days = Table(
    "fetch_days",
    metadata,
    Column("day", Date, nullable=False),
    Column("source_id", CleanText, nullable=False),
    _text("kind"),
    Column("outcome", CleanText, nullable=False),
    _text("reason"),
    Column("items", BigInteger, nullable=False),
    Column("answered", BigInteger, nullable=False),
    PrimaryKeyConstraint("day", "source_id", "kind", "outcome", "reason"),
)

observations = Table(
    "observations",
    metadata,
    _ref("run_id", "runs.id"),
    _ref("source_id", "sources.id"),
    _time("at"),
    Column("past", Boolean, nullable=False, server_default=text("false")),
    Column("documents", CleanJson, nullable=False),
    Column("discovered", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("shares", CleanJson, nullable=False),
    Column("lengths", ARRAY(Integer), nullable=False, server_default=text("'{}'::integer[]")),
    PrimaryKeyConstraint("run_id", "source_id"),
    Index(None, "source_id", "at"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", CleanText, primary_key=True),
    _ref("source_id", "sources.id"),
    Column("kind", CleanText, nullable=False),
    Column("past", Boolean, nullable=False, server_default=text("false")),
    _time("since"),
    _time("opened_at"),
    _time("updated_at"),
    _time("closed_at", null=True),
    _text("ending"),
    Column("signals", ARRAY(CleanText), nullable=False, server_default=text("'{}'::text[]")),
    _text("detail"),
    _ref("run_id", "runs.id", null=True),
    _time("snoozed_until", null=True),
    CheckConstraint(INCIDENTS, name="kind"),
    CheckConstraint("ending IN ('', 'healed', 'accepted')", name="ending"),
    Index(None, "source_id", "opened_at"),
    Index("uq_incidents_open", "source_id", "kind", unique=True, postgresql_where=text("closed_at IS NULL")),
)

installation_incidents = Table(
    "installation_incidents",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("kind", CleanText, nullable=False),
    _text("subject"),
    _time("opened_at"),
    _time("updated_at"),
    _time("closed_at", null=True),
    _text("detail"),
    _text("link"),
    _texts("items"),
    _text("email_id"),
    _time("snoozed_until", null=True),
    CheckConstraint(INSTALLATION_INCIDENTS, name="kind"),
    Index(
        "uq_installation_incidents_open",
        "kind",
        "subject",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
    ),
)

ops_letters = Table(
    "ops_letters",
    metadata,
    Column("id", CleanText, primary_key=True),
    _text("subject"),
    _text("text"),
    _time("built_at"),
    Column("state", CleanText, nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("last_reply"),
    _time("sent_at", null=True),
    CheckConstraint("state IN ('pending', 'sent', 'dead')", name="state"),
    Index("ix_ops_letters_pending", "built_at", "id", postgresql_where=text("state = 'pending'")),
)

takedowns = Table(
    "takedowns",
    metadata,
    Column("url", CleanText, primary_key=True),
    _ref("article_id", "articles.id", null=True, index=True),
    _text("reason"),
    _time("at"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("metric", CleanText, nullable=False),
    Column("labels", CleanJson, nullable=False, server_default=text("'{}'::jsonb")),
    Column("value", Double, nullable=False),
    PrimaryKeyConstraint("metric", "labels"),
)

locks = Table(
    "locks",
    metadata,
    Column("name", CleanText, primary_key=True),
    _text("holder"),
    Column("pid", Integer, nullable=False),
    _time("session_start", null=True),
    _time("server_start"),
    _time("since"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _time("at"),
    _text("who"),
    _text("act"),
    _text("subject"),
    _text("reason"),
    Column("detail", CleanJson, nullable=False, server_default=text("'{}'::jsonb")),
    Index(None, "at"),
)
