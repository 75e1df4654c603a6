"""A database in which whole quotes were statements: after the upgrade all ids resolve and nobody is notified again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from quoted import DAY, WORDS, opened, put_quote
from sqlalchemy import Engine, select, text

from pipeline.alerts.channels.email.spool import SpoolTransport
from pipeline.queries.statements import current_statement_id
from pipeline.records import Watch
from pipeline.stages.alert import alert_readers
from pipeline.stages.alert_delivery import AlertResult
from pipeline.stages.link import link_quotes
from pipeline.store import migrate, schema

NOW = DAY + timedelta(hours=2)
MAYOR = Watch("mayor", "The mayor", "reader@example.org", speakers=("mira-holt",))
LAMPS = "Forty lanterns will hang along the harbour wall before the winter regatta."
NETS = "The nets of the herring boats are mended in the town hall on Saturdays."
OLD = """
    INSERT INTO onrecord.statements (id, founding_quote_id, speaker_id, speaker_name, text, lang, type,
                                     first_published_at, first_seen_at, matched_at)
    SELECT 'old-' || a.source_id, q.id, q.speaker_id, q.speaker_name, q.text, q.lang, q.type, a.published_at,
           q.first_seen_at, :now
    FROM onrecord.quotes q JOIN onrecord.articles a ON a.id = q.article_id WHERE a.source_id <> 'd';
    INSERT INTO onrecord.statement_quotes
    SELECT q.id, 'old-' || CASE a.source_id WHEN 'd' THEN 'a' ELSE a.source_id END, 'founding', 1
    FROM onrecord.quotes q JOIN onrecord.articles a ON a.id = q.article_id;
    INSERT INTO onrecord.statement_aliases VALUES ('older', 'old-a');
    INSERT INTO onrecord.alerts (id, watch_id, subscriber_id, statement_id, kind, channel, state, built_at)
    SELECT 'alert-' || id, 'mayor', (SELECT id FROM onrecord.subscribers), id, 'alert', 'email', 'sent', :now
    FROM onrecord.statements;
"""


def run_alerts(engine: Engine, spool: SpoolTransport, *, hours: int = 0) -> AlertResult:
    run = opened(engine)
    link_quotes(engine, run_id=run)
    return alert_readers(engine, run_id=run, now=NOW + timedelta(hours=hours), watches=[MAYOR], transport=spool)


def test_the_first_run_after_the_upgrade_cuts_all_quotes_and_notifies_nobody(engine: Engine, tmp_path: Path) -> None:
    spool = SpoolTransport(tmp_path)
    run_alerts(engine, spool, hours=-4)
    with engine.begin() as connection:
        put_quote(connection, "a", f"{WORDS}. {LAMPS}")
        put_quote(connection, "b", LAMPS, hours=1)
        put_quote(connection, "c", NETS, hours=1)
        put_quote(connection, "d", WORDS, hours=1)
    migrate.downgrade_database(engine, "0017")
    with engine.begin() as connection:
        for statement in OLD.strip().rstrip(";").split(";"):
            connection.execute(text(statement), {"now": NOW} if ":now" in statement else {})
    migrate.upgrade_database(engine)
    with engine.connect() as connection:
        assert {it: current_statement_id(connection, it) for it in ("old-b", "older")} == {
            "old-b": "old-b", "older": "old-a",
        }  # fmt: skip
    result = run_alerts(engine, spool)
    assert (result.matched, result.sent) == (0, 0)
    with engine.connect() as connection:
        found = dict(connection.execute(select(schema.statements.c.text, schema.statements.c.id)).all())
        assert found.keys() == {f"{WORDS}.", LAMPS, NETS}
        leads = {it: current_statement_id(connection, it) for it in ("old-a", "old-b", "old-c", "older")}
    assert leads == {
        "old-a": found[f"{WORDS}."],
        "old-b": found[LAMPS],
        "old-c": found[NETS],
        "older": found[f"{WORDS}."],
    }
    with engine.begin() as connection:
        put_quote(connection, "e", LAMPS.replace("Forty", "Fifty"), hours=3)
    assert run_alerts(engine, spool, hours=2).sent == 1
