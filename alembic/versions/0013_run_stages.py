"""Rows for what the stages of a run noted as JSON in runs.summary: of stages, sources, uploads and faults."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STAGES = "stage IN ('crawl', 'extract', 'quote', 'link', 'alert')"
COUNTS = ("versions_new", "quotes", "statements", "alerts", "letters", "letters_dead", "letters_waiting")
JSON = postgresql.JSONB()


def upgrade() -> None:
    _create_tables()
    op.add_column(
        "runs", sa.Column("summed_up", sa.Boolean(), server_default=sa.text("false"), nullable=False), schema="onrecord"
    )
    for statement in (_FILL_STAGES, _FILL_SOURCES, _FILL_UPLOADS, _FILL_FAULTS, _FILL_RUNS):
        op.execute(statement)
    op.drop_column("runs", "summary", schema="onrecord")


def downgrade() -> None:
    op.add_column(
        "runs",
        sa.Column("summary", JSON, server_default=sa.text("'{}'::jsonb"), nullable=False),
        schema="onrecord",
    )
    op.execute(_SUMMARY)
    op.drop_column("runs", "summed_up", schema="onrecord")
    for table in ("run_faults", "run_uploads", "run_sources", "run_stages"):
        op.drop_table(table, schema="onrecord")


def _create_tables() -> None:
    _create(
        "run_stages",
        sa.Column("stage", sa.Text(), nullable=False),
        _text("batch"),
        _texts("sources"),
        sa.Column("items", sa.BigInteger()),
        sa.Column("entered", sa.DateTime(timezone=True)),
        sa.Column("ended", sa.DateTime(timezone=True)),
        *(sa.Column(name, sa.BigInteger()) for name in COUNTS),
        sa.PrimaryKeyConstraint("run_id", "stage", "batch", name=op.f("pk_run_stages")),
        sa.CheckConstraint(STAGES, name=op.f("ck_run_stages_stage")),
        sa.CheckConstraint("ended IS NULL OR entered IS NOT NULL", name=op.f("ck_run_stages_ended")),
    )
    _create(
        "run_sources",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("discovered", sa.Integer(), nullable=False),
        _json("outcomes"),
        _json("documents"),
        sa.Column("in_replay", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _text("failure"),
        _json("not_before"),
        _texts("damage"),
        sa.PrimaryKeyConstraint("run_id", "source_id", name=op.f("pk_run_sources")),
    )
    _create(
        "run_uploads",
        _text("batch"),
        sa.Column("uploaded", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        _text("failure"),
        sa.PrimaryKeyConstraint("run_id", "batch", name=op.f("pk_run_uploads")),
    )
    _create(
        "run_faults",
        sa.Column("stage", sa.Text(), nullable=False),
        _text("batch"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "stage", "batch", "what", name=op.f("pk_run_faults")),
        sa.CheckConstraint(STAGES, name=op.f("ck_run_faults_stage")),
    )


def _create(table: str, *columns: sa.schema.SchemaItem) -> None:
    run = sa.ForeignKeyConstraint(["run_id"], ["onrecord.runs.id"], name=op.f(f"fk_{table}_run_id"))
    op.create_table(table, sa.Column("run_id", sa.Text(), nullable=False), *columns, run, schema="onrecord")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _texts(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, JSON, server_default=sa.text("'{}'::jsonb"), nullable=False)


# A note had the name ``stage`` or ``stage:batch``, the batch's first source, and no time of its own.
_SPLIT = "split_part(name, ':', 1) AS stage, substr(name, length(split_part(name, ':', 1)) + 2) AS batch"
_FILL_STAGES = f"""
    INSERT INTO onrecord.run_stages (run_id, stage, batch, sources, items, entered, ended, {", ".join(COUNTS)})
    SELECT r.id, n.stage, n.batch, coalesce(max(n.sources), '{{}}'), max(n.items),
           CASE WHEN bool_or(n.items IS NOT NULL OR n.counts IS NOT NULL) THEN r.started_at END,
           CASE WHEN bool_or(n.counts IS NOT NULL) THEN coalesce(r.finished_at, r.started_at) END,
           {", ".join(f"max((n.counts ->> '{name}')::bigint)" for name in COUNTS)}
    FROM onrecord.runs r CROSS JOIN LATERAL (
        SELECT {_SPLIT}, NULL::text[] AS sources, (value ->> 'items')::bigint AS items, NULL::jsonb AS counts
        FROM jsonb_each(r.summary -> 'entered') AS noted (name, value)
        UNION ALL
        SELECT {_SPLIT}, NULL, NULL, value FROM jsonb_each(r.summary -> 'stage') AS noted (name, value)
        UNION ALL
        SELECT name, batch ->> 0, ARRAY(SELECT jsonb_array_elements_text(batch)), NULL, NULL
        FROM jsonb_each(r.summary -> 'planned') AS noted (name, value),
             jsonb_array_elements(value -> 'batches') AS batch
    ) n
    WHERE n.{STAGES} GROUP BY r.id, n.stage, n.batch
"""  # noqa: S608
_FILL_SOURCES = """
    INSERT INTO onrecord.run_sources
        (run_id, source_id, discovered, outcomes, documents, in_replay, failure, not_before, damage)
    SELECT r.id, name, coalesce((value ->> 'discovered')::integer, 0), coalesce(value -> 'outcomes', '{}'),
           coalesce(value -> 'documents', '{}'), coalesce((value ->> 'in_replay')::boolean, true),
           coalesce(value ->> 'failure', ''), coalesce(value -> 'not_before', '{}'),
           ARRAY(SELECT jsonb_array_elements_text(coalesce(value -> 'damage', '[]')))
    FROM onrecord.runs r, jsonb_each(r.summary -> 'crawl') AS noted (name, value)
"""
_FILL_UPLOADS = """
    INSERT INTO onrecord.run_uploads (run_id, batch, uploaded, waiting, removed, failure)
    SELECT r.id, CASE WHEN name = 'all' THEN '' ELSE name END, coalesce((value ->> 'uploaded')::integer, 0),
           coalesce((value ->> 'waiting')::integer, 0), coalesce((value ->> 'removed')::integer, 0),
           coalesce(value ->> 'failure', '')
    FROM onrecord.runs r, jsonb_each(r.summary -> 'archive') AS noted (name, value)
"""
_FILL_FAULTS = """
    INSERT INTO onrecord.run_faults (run_id, stage, batch, what)
    SELECT r.id, value ->> 'stage', substr(split_part(name, ' ', 1), length(value ->> 'stage') + 2),
           left(value ->> 'what', 1000)
    FROM onrecord.runs r, jsonb_each(r.summary -> 'failed') AS noted (name, value)
    WHERE value ->> 'stage' IN ('crawl', 'extract', 'quote', 'link', 'alert') ON CONFLICT DO NOTHING
"""
_FILL_RUNS = "UPDATE onrecord.runs SET summed_up = true WHERE jsonb_exists(summary -> 'ledger', 'summed-up')"

_NAME = "stage || CASE WHEN batch = '' THEN '' ELSE ':' || batch END"
_COUNTS = "jsonb_strip_nulls(jsonb_build_object({}))".format(", ".join(f"'{name}', {name}" for name in COUNTS))
_SUMMARY = f"""
    UPDATE onrecord.runs r SET summary = jsonb_strip_nulls(jsonb_build_object(
        'planned', (SELECT jsonb_object_agg(stage, jsonb_build_object('batches', batches)) FROM (
            SELECT stage, jsonb_agg(to_jsonb(sources) ORDER BY batch) AS batches FROM onrecord.run_stages
            WHERE run_id = r.id AND sources <> '{{}}' GROUP BY stage) planned),
        'entered', (SELECT jsonb_object_agg({_NAME}, jsonb_build_object('items', items)) FROM onrecord.run_stages
            WHERE run_id = r.id AND items IS NOT NULL),
        'stage', (SELECT jsonb_object_agg({_NAME}, {_COUNTS}) FROM onrecord.run_stages
            WHERE run_id = r.id AND ended IS NOT NULL AND stage <> 'crawl'),
        'crawl', (SELECT jsonb_object_agg(source_id, to_jsonb(it) - 'run_id' - 'source_id'
            || jsonb_build_object('source', source_id)) FROM onrecord.run_sources it WHERE run_id = r.id),
        'archive', (SELECT jsonb_object_agg(CASE WHEN batch = '' THEN 'all' ELSE batch END,
            to_jsonb(it) - 'run_id' - 'batch') FROM onrecord.run_uploads it WHERE run_id = r.id),
        'failed', (SELECT jsonb_object_agg(left({_NAME} || ' ' || what, 200),
            jsonb_build_object('stage', stage, 'what', what)) FROM onrecord.run_faults WHERE run_id = r.id),
        'ledger', CASE WHEN summed_up THEN '{{"summed-up": {{}}}}'::jsonb END
    ))
"""  # noqa: S608
