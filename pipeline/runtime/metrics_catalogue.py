"""The catalogue of metrics: names, meanings, types and labels.

Cardinality: there is one series per source, stage and outcome, and none per address, speaker or reader, so only the
number of sources is without a fixed bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. ``live``: computed from the tables at each scrape; if false, it is counted when a run ends."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    live: bool = False
    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram's buckets, in seconds. They cannot be changed once values are counted by them."""


@dataclass(frozen=True, slots=True)
class MetricSample:
    """One value. ``name`` is the metric's, or a part of a histogram's: ``_bucket`` (with label ``le``) or ``_sum``."""

    name: str
    labels: dict[str, str]
    value: float


LAGS = (60, 300, 900, 1800, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 604800)
FETCHES = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
RUNS = (10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800, 72000)

METRICS = (
    Metric(
        "onrecord_outcomes_total", "counter", "Items that got an outcome in a stage", ("source", "stage", "outcome")
    ),
    Metric("onrecord_reasons_total", "counter", "The same by reason, over all sources", ("stage", "outcome", "reason")),
    Metric(
        "onrecord_runs_total", "counter", "Runs by exit code; `killed`: the run never ended", ("command", "exit_code")
    ),
    Metric("onrecord_crawls_total", "counter", "Crawls of a source by result, `ok` or `failed`", ("source", "result")),
    Metric("onrecord_versions_total", "counter", "New versions of articles"),
    Metric("onrecord_quotes_total", "counter", "Quotes found in versions; once for each version that has them"),
    Metric("onrecord_statements_total", "counter", "New statements"),
    Metric("onrecord_alerts_total", "counter", "Alerts raised: matches of a watch and a statement"),
    Metric("onrecord_letters_total", "counter", "E-mails that a mail server accepted"),
    Metric("onrecord_letters_given_up_total", "counter", "Alerts whose e-mail became a dead letter"),
    Metric("onrecord_archived_bytes_total", "counter", "Compressed bytes of closed archive files"),
    Metric(
        "onrecord_unbalanced_items_total",
        "counter",
        "Items that entered a stage and have no outcome, or the reverse: should always be 0",
        ("stage",),
    ),
    Metric(
        "onrecord_published_to_seen_seconds",
        "histogram",
        "From an article's publication to its first sight by a crawl; without replays and backfills",
        buckets=LAGS,
    ),
    Metric(
        "onrecord_seen_to_told_seconds",
        "histogram",
        "From the first sight of a statement to its e-mail sent; without replays and backfills",
        buckets=LAGS,
    ),
    Metric("onrecord_fetch_seconds", "histogram", "Response time of a publication's server", buckets=FETCHES),
    Metric("onrecord_run_seconds", "histogram", "Duration of runs that ended", ("command",), buckets=RUNS),
    Metric("onrecord_up", "gauge", "1 if the database could be read; if 0, no other metric of it is shown", live=True),
    Metric("onrecord_reading_seconds", "gauge", "Duration of the database reading that is shown", live=True),
    Metric(
        "onrecord_waiting",
        "gauge",
        "Queue lengths, of items first seen in the last 7 days: captures for `extract`, versions for `quote`, quotes "
        "for `link`, statements for `alert`, e-mails for `letter`, those to the ops mailbox for `ops-letter`",
        ("queue",),
        live=True,
    ),
    Metric("onrecord_waiting_seconds", "gauge", "Age of the oldest item in each queue", ("queue",), live=True),
    Metric("onrecord_incident_open", "gauge", "1 for each open incident of a source", ("source", "kind"), live=True),
    Metric(
        "onrecord_installation_incidents", "gauge", "Open incidents of the installation itself", ("kind",), live=True
    ),
    Metric("onrecord_source_enabled", "gauge", "1 for each enabled source", ("source",), live=True),
    Metric(
        "onrecord_source_new_timestamp_seconds",
        "gauge",
        "When a run last saw a new page of the source; none for sources that brought nothing in 30 days",
        ("source",),
        live=True,
    ),
    Metric(
        "onrecord_runs_open", "gauge", "Runs started in the last 3 days that have not ended", ("command",), live=True
    ),
    Metric("onrecord_last_run_timestamp_seconds", "gauge", "When the last run ended", ("command",), live=True),
    Metric("onrecord_last_run_exit_code", "gauge", "Exit code of the last run", ("command",), live=True),
    Metric(
        "onrecord_days_read_timestamp_seconds",
        "gauge",
        "End of the newest Moscow day that a daily run has processed",
        live=True,
    ),
)


def metrics_table() -> str:
    """The metrics as a table in Markdown, for ``docs/observability.md``."""
    rows = [
        f"| `{it.name}` | {it.kind} | {', '.join(f'`{label}`' for label in it.labels) or '-'} | {it.meaning} |"
        for it in METRICS
    ]
    return "\n".join(["| metric | kind | labels | meaning |", "|---|---|---|---|", *rows])


def by_metric(samples: Iterable[MetricSample]) -> dict[str, list[MetricSample]]:
    """The samples grouped by metric, all parts of a histogram together; in the order of METRICS."""
    found: dict[str, list[MetricSample]] = {it.name: [] for it in METRICS}
    parts = {f"{it.name}{part}": it.name for it in METRICS for part in ("", "_bucket", "_sum")}
    for sample in samples:
        if sample.name in parts:
            found[parts[sample.name]].append(sample)
    return found
