"""The rules of quotes are stored in columns, and what stood in one text before is found again in them."""

from __future__ import annotations

from itertools import cycle, product

from newsdesk import opened
from sqlalchemy import Engine, text

from pipeline.quote_rules import Doubt, Placement, QuoteRules, SpanOrigin, SpanRule, SpeakerRule, by_cue, by_phrase
from pipeline.store import migrate

WITHOUT_CUE = (
    SpanRule.SOURCE, SpanRule.PARTICIPLE, SpanRule.OTHER_VERB, SpanRule.ANY_VERB_COLON, SpanRule.NAME_COLON,
    SpanRule.TURN, SpanRule.BLOCK, SpanRule.ALONE, SpanRule.PARTIAL,
)  # fmt: skip
SPANS = [
    *(SpanOrigin(rule) for rule in WITHOUT_CUE),
    *(by_phrase(phrase) for phrase in ("according-to", "put-it", "point-to-fact", "сказать")),
    *(by_cue(rule, cue) for rule in SpanRule for cue in ("say", "quoted-as", "сказал")
      if rule not in (*WITHOUT_CUE, SpanRule.PHRASE)),
]  # fmt: skip
OF_THEN = [rule for rule in SpeakerRule if rule is not SpeakerRule.INTERVIEWEE]
"""The rules that code of before could name."""
DOUBTS = ((), (Doubt.RIVALS,), tuple(Doubt))
RULES = {
    str(rules): rules
    for (span, placement, doubts), speaker in zip(product(SPANS, Placement, DOUBTS), cycle(OF_THEN), strict=False)
    for rules in [QuoteRules(span.placed(placement), speaker, doubts)]
}
STRANGE = ("", "marks", "say-after/somebody", "say-after+strange/name", "say-after+rivals+far/name")
"""What only other code can have written."""

STORE = """
INSERT INTO onrecord.articles (id, url, source_id, first_seen_at, last_seen_at)
  SELECT 'a', 'u', id, now(), now() FROM onrecord.sources LIMIT 1;
INSERT INTO onrecord.captures (id, url, source_id, warc_id, warc_offset, warc_length, seen_at, run_id)
  SELECT 'c', 'u', s.id, 'w', 0, 1, now(), r.id FROM onrecord.sources s, onrecord.runs r LIMIT 1;
INSERT INTO onrecord.versions (id, article_id, n, capture_id, origin, seen_at) VALUES ('v', 'a', 1, 'c', 'page', now());
"""


def test_the_one_text_of_before_is_parted_into_columns_and_still_shown(engine: Engine) -> None:
    opened(engine)
    migrate.downgrade_database(engine, "0013")
    named = {f"q{number}": rule for number, rule in enumerate((*RULES, *STRANGE))}
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO onrecord.warc_files (id) VALUES ('w')"))
        connection.exec_driver_sql(STORE)
        rows = [{"id": name, "rule": rule} for name, rule in named.items()]
        connection.execute(
            text(
                "INSERT INTO onrecord.quotes "
                "(id, article_id, words_sha256, occurrence, text, type, first_seen_at, rule) "
                "VALUES (:id, 'a', 'x', 1, 'x', 'direct', now(), :rule)"
            ),
            rows,
        )
        connection.execute(
            text(
                'INSERT INTO onrecord.quote_spans (quote_id, version_id, start, "end", type, rule) '
                "VALUES (:id, 'v', 0, 1, 'direct', :rule)"
            ),
            rows,
        )
    migrate.upgrade_database(engine)
    for table, key in (("quotes", "id"), ("quote_spans", "quote_id")):
        with engine.connect() as connection:
            stored = {row._mapping[key]: row for row in connection.execute(text(f"SELECT * FROM onrecord.{table}"))}
        assert {name: row.rule for name, row in stored.items()} == named
        for name, row in stored.items():
            if named[name] in STRANGE:
                assert (row.span_rule, row.span_cue, row.speaker_rule) == ("phrase", named[name], "")
                continue
            span = SpanOrigin(SpanRule(row.span_rule), row.span_cue, Placement(row.span_placement))
            found = QuoteRules(span, SpeakerRule(row.speaker_rule), tuple(Doubt(doubt) for doubt in row.doubts))
            assert found == RULES[named[name]]
    with engine.connect() as connection:
        shown = connection.execute(text("SELECT id, rule, span_rule, speaker_rule FROM analyst.quotes")).all()
    assert {row.id: row.rule for row in shown} == named
    assert {row.span_rule for row in shown} == {rule.value for rule in SpanRule}
    migrate.downgrade_database(engine, "0013")
    for table, key in (("quotes", "id"), ("quote_spans", "quote_id")):
        with engine.connect() as connection:
            again = connection.execute(text(f"SELECT {key} AS id, rule FROM onrecord.{table}"))
            assert {row.id: row.rule for row in again} == named
