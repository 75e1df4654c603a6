"""The monitor's files ask for nothing that is not there: rules and dashboard against metrics that are really served."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from monitored import ROOT, served, something_of_everything
from sqlalchemy import Engine

from pipeline.runtime.metrics_catalogue import METRICS

FILES = ROOT / "docker" / "observability"
DASHBOARD = json.loads((FILES / "grafana" / "dashboards" / "onrecord.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((FILES / "rules.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = {
    **{rule["alert"]: rule["expr"] for rule in RULES},
    **{f"{panel['title']} {it['refId']}": it["expr"] for panel in PANELS for it in panel["targets"]},
}

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="needs prometheus and promtool (Debian: prometheus)",
)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_only_for_metrics_and_labels_that_there_are(name: str) -> None:
    known = {
        f"{metric.name}{part}": {*metric.labels, *({"le"} if part == "_bucket" else ())}
        for metric in METRICS
        for part in (("_bucket", "_sum", "_count") if metric.kind == "histogram" else ("",))
    }
    query = QUERIES[name]
    asked = re.findall(r"(onrecord_\w+)(?:\{([^}]*)\})?", query)
    assert {metric for metric, _ in asked} <= known.keys()
    for metric, matchers in asked:
        assert set(re.findall(r"(\w+)\s*[=!]~?", matchers)) <= known[metric]
    grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(",")}
    assert grouped <= set().union(*(known[metric] for metric, _ in asked)) if asked else True
    for legend in [it["legendFormat"] for panel in PANELS for it in panel["targets"] if it["expr"] == query]:
        shown = set(re.findall(r"\{\{(\w+)\}\}", legend))
        assert shown <= (grouped or set().union(*(known[metric] for metric, _ in asked)))


def test_every_metric_but_that_of_the_scraping_itself_is_watched_or_drawn() -> None:
    named = {name for query in QUERIES.values() for name in re.findall(r"onrecord_\w+", query)}
    asked = {re.sub("_(bucket|sum|count)$", "", name) for name in named}
    assert {metric.name for metric in METRICS} - asked == {"onrecord_alerts_total"}


def test_the_dashboard_is_what_grafana_reads() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids)) and DASHBOARD["uid"] and DASHBOARD["title"] and DASHBOARD["schemaVersion"] >= 36
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells
    variables = {it["name"] for it in DASHBOARD["templating"]["list"]}
    for panel in PANELS:
        assert {it["datasource"]["uid"] for it in panel["targets"]} == {"${datasource}"}
        assert set(re.findall(r"\$\{?(\w+)", json.dumps(panel))) <= variables, panel["title"]
    (source,) = yaml.safe_load((FILES / "grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"]
    (provider,) = yaml.safe_load((FILES / "grafana/provisioning/dashboards/onrecord.yaml").read_text())["providers"]
    assert source["type"] == "prometheus" and provider["type"] == "file"


def series(name: str, values: str) -> dict[str, str]:
    return {"series": name, "values": values}


CASES: dict[str, tuple[list[dict[str, str]], str]] = {
    "OnrecordMetricsDown": ([series('up{job="onrecord"}', "0x3000")], "1h"),
    "OnrecordStoreUnreadable": ([series("onrecord_up", "0x3000")], "1h"),
    "OnrecordNoRun": ([series('onrecord_last_run_timestamp_seconds{command="collect"}', "0x3000")], "4h"),
    "OnrecordNeverRun": ([series("onrecord_up", "1x3000")], "13h"),
    "OnrecordDailyLate": ([series("onrecord_days_read_timestamp_seconds", "0x3000")], "33h"),
    "OnrecordDailyNever": ([series("onrecord_up", "1x3000")], "41h"),
    "OnrecordRunFailed": ([series('onrecord_last_run_exit_code{command="collect"}', "1x3000")], "2h"),
    "OnrecordSourceInTrouble": ([series('onrecord_incident_open{source="a",kind="silent"}', "1x3000")], "7h"),
    "OnrecordInstallationInTrouble": ([series('onrecord_installation_incidents{kind="run-failed"}', "1x3000")], "3h"),
    "OnrecordManySourcesInTrouble": (
        [series('onrecord_incident_open{source="a",kind="silent"}', "1x3000")]
        + [series(f'onrecord_source_enabled{{source="{name}"}}', "1x3000") for name in "abc"],
        "1h",
    ),
    "OnrecordLettersWait": ([series('onrecord_waiting_seconds{queue="letter"}', "7300x3000")], "1h"),
    "OnrecordLettersGivenUp": ([series("onrecord_letters_given_up_total", "0x20 1x3000")], "30m"),
    "OnrecordQueueGrows": (
        [series(f'{name}{{queue="quote"}}', "22000x3000") for name in ("onrecord_waiting", "onrecord_waiting_seconds")],
        "1h",
    ),
    "OnrecordLedgerUnbalanced": ([series('onrecord_unbalanced_items_total{stage="link"}', "1x20 2x3000")], "1h"),
    "OnrecordFaultsOfOurs": (
        [series('onrecord_reasons_total{stage="link",outcome="error",reason="bug"}', "1x20 2x3000")],
        "1h",
    ),
    "OnrecordRunKilled": ([series('onrecord_runs_total{command="daily",exit_code="killed"}', "1x20 2x3000")], "1h"),
    "OnrecordSlowToSee": (
        [
            series('onrecord_published_to_seen_seconds_bucket{le="7200"}', "0x3000"),
            series('onrecord_published_to_seen_seconds_bucket{le="14400"}', "0+1x3000"),
            series('onrecord_published_to_seen_seconds_bucket{le="+Inf"}', "0+1x3000"),
        ],
        "8h",
    ),
}
"""By alert: series, one value a minute, and when it fires by."""


def test_every_alert_has_a_case_and_is_on_the_page() -> None:
    page = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
    assert (
        CASES.keys() == {rule["alert"] for rule in RULES} == set(re.findall(r"^\| `(Onrecord\w+)`", page, re.MULTILINE))
    )


@needs_prometheus
def test_each_alert_fires_when_it_should_and_not_before(tmp_path: Path) -> None:
    shutil.copy(FILES / "rules.yml", tmp_path)
    labels = {rule["alert"]: rule for rule in RULES}
    fired, quiet = [], {"interval": "1m", "input_series": [], "alert_rule_test": []}
    for name, (given, by) in CASES.items():
        query = {"expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}})', "eval_time": by}
        fired.append(
            {
                "interval": "1m",
                "input_series": given,
                "promql_expr_test": [
                    {**query, "exp_samples": [{"labels": "{}", "value": 1}]},
                    {**query, "eval_time": "0m", "exp_samples": []},
                ],
            }
        )
        assert labels[name]["annotations"]["summary"] and labels[name]["labels"]["severity"] in ("warning", "critical")
    well = [
        series('up{job="onrecord"}', "1x3000"),
        series("onrecord_up", "1x3000"),
        series('onrecord_last_run_timestamp_seconds{command="collect"}', "0+60x3000"),
        series('onrecord_last_run_exit_code{command="collect"}', "0x3000"),
        series("onrecord_days_read_timestamp_seconds", "0+60x3000"),
        series('onrecord_waiting_seconds{queue="letter"}', "0x3000"),
        series("onrecord_letters_given_up_total", "3x3000"),
        series('onrecord_unbalanced_items_total{stage="link"}', "2x3000"),
    ]
    calm = {"expr": 'count(ALERTS{alertstate="firing"})', "eval_time": "48h", "exp_samples": []}
    quiet |= {"input_series": well, "promql_expr_test": [calm]}
    tests = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [*fired, quiet]}
    (tmp_path / "tests.yml").write_text(yaml.safe_dump(tests), encoding="utf-8")
    done = subprocess.run(["promtool", "test", "rules", "tests.yml"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    checked = subprocess.run(
        ["promtool", "check", "config", str(FILES / "prometheus.yml")], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@contextmanager
def prometheus(target: str, folder: Path) -> Iterator[str]:
    """Debian's Prometheus with our files, scraping ``target`` every second; the address of its API."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    config = yaml.safe_load((FILES / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s", "scrape_timeout": "1s"}
    (job,) = config["scrape_configs"]
    job.pop("scrape_timeout")
    assert job["static_configs"] == [{"targets": ["metrics:9464"]}]
    job["static_configs"] = [{"targets": [target]}]
    shutil.copy(FILES / "rules.yml", folder)
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    command = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen([*command, f"--web.listen-address={address}"], cwd=folder, stdout=log, stderr=log)
    try:
        yield f"http://{address}/api/v1"
    finally:
        child.terminate()
        child.wait(30)


def ask(api: str, query: str) -> list[Any]:
    with urllib.request.urlopen(f"{api}/query?{urllib.parse.urlencode({'query': query})}", timeout=10) as answer:
        found = json.load(answer)
    assert found["status"] == "success", query
    result = found["data"]["result"]
    assert isinstance(result, list)
    return result


def wait_for(api: str, query: str) -> list[Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if found := ask(api, query):
                return found
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"nothing came of {query}")


@needs_prometheus
def test_a_real_prometheus_reads_every_metric_and_answers_every_query(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    something_of_everything(engine)
    with served(database_url, tmp_path) as (address, _), prometheus(address.split("/")[2], tmp_path) as api:
        wait_for(api, "onrecord_up == 1")
        for metric in METRICS:
            name = f"{metric.name}_count" if metric.kind == "histogram" else metric.name
            found = ask(api, name)
            assert found, f"{name} is not served"
            for one in found:
                assert set(metric.labels) == set(one["metric"]) - {"__name__", "instance", "job"}, name
        for query in QUERIES.values():
            ask(api, query.replace("$source", ".*"))
        assert wait_for(api, 'ALERTS{alertname="OnrecordSourceInTrouble", source="gazette", kind="silent"}')
