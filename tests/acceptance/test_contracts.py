"""What scripts rely on: exit codes, messages, JSON fields, and a proof that notices one flipped bit."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from program import ENTRY, DemoHome, onrecord

from pipeline.config.settings import from_environment
from pipeline.demo.newsroom import CONFIG
from pipeline.store.engine import open_store


def test_the_ledger_balances_and_every_address_has_an_outcome(demo: DemoHome) -> None:
    done = onrecord("report", ONRECORD_HOME=demo.home)
    assert done.returncode == 0 and "all balanced" in done.stdout
    rows = [json.loads(line) for line in onrecord("report", "--urls", ONRECORD_HOME=demo.home).stdout.splitlines()]
    assert rows and all(set(row) == {"url", "source", "outcome", "reason"} for row in rows)


def test_articles_come_with_the_fields_of_the_contract(demo: DemoHome) -> None:
    lines = onrecord("articles", "--jsonl", ONRECORD_HOME=demo.home).stdout.splitlines()
    fields = {"id", "url", "requested_urls", "source", "lang", "title", "published_at", "text", "version"}
    assert lines and all(set(json.loads(line)) == fields for line in lines)


@pytest.mark.parametrize(("asked", "lang", "stem"), [("lighthouses", "en", "lighthouse"), ("маяками", "ru", "маяк")])
def test_search_finds_other_forms_of_a_word(demo: DemoHome, asked: str, lang: str, stem: str) -> None:
    found = json.loads(onrecord("search", asked, "--lang", lang, "--json", ONRECORD_HOME=demo.home).stdout)
    assert found["hits"] and all(stem in hit["quote"].casefold() and hit["url"] for hit in found["hits"])
    assert found["total"] == len(found["hits"]) and found["question"]["words"] == asked


def test_search_counts_every_hit_whatever_the_page(demo: DemoHome) -> None:
    def last_line(*arguments: object) -> str:
        return onrecord("search", *arguments, ONRECORD_HOME=demo.home).stdout.splitlines()[-1]

    total = int(last_line("маяк", "--limit", 10_000).split()[0])
    assert total > 2
    assert last_line("маяк", "--limit", 2).startswith(f"1 to 2 of {total} found (--page 2 shows the next)")
    assert last_line("маяк", "--limit", 2, "--page", 2).startswith(f"3 to 4 of {total} found")
    assert 0 < int(last_line("маяк", "-лодка", "--limit", 10_000).split()[0]) < total


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("маяк*",), "no meaning"),
        (("--sepaker", "sadkov", "lamp"), "no such option"),
        (("lamp", "--source", "nowhere"), "no run has read"),
        (("lamp", "--speaker", "sadkof"), "nobody is called that; did you mean lukyan-sadkov?"),
        (("lamp", "--speaker", "qqqq"), "nobody is called that, in the roster or in any quote"),
        (("lamp", "--from", "2026-06-16", "--to", "2026-06-15"), "later than the start"),
    ],
)
def test_a_search_that_is_not_understood_is_refused(demo: DemoHome, arguments: tuple[str, ...], message: str) -> None:
    done = onrecord("search", *arguments, ONRECORD_HOME=demo.home)
    assert (done.returncode, done.stdout) == (2, "") and message in done.stderr


def test_the_export_is_a_table(demo: DemoHome) -> None:
    rows = list(csv.reader(io.StringIO(onrecord("export", "--csv", ONRECORD_HOME=demo.home).stdout)))
    assert len(rows) > 100 and {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("command", ["export", "articles", "report"])
def test_a_run_that_is_not_there_is_refused(demo: DemoHome, command: str) -> None:
    done = onrecord(command, "--run", "no-such-run", ONRECORD_HOME=demo.home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no-such-run" in done.stderr and "the newest is" in done.stderr


def test_an_export_that_cannot_be_written_says_so(demo: DemoHome, tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "nowhere" / "quotes.csv"):
        done = onrecord("export", "--out", target, ONRECORD_HOME=demo.home)
        assert done.returncode == 2
        assert done.stderr.startswith(f"onrecord: {target}: cannot be written: ") and done.stderr.count("\n") == 1


def test_one_flipped_bit_is_found_and_named(demo: DemoHome, tmp_path: Path) -> None:
    home = tmp_path / "home"
    demo.copy(home)
    warc = sorted((home / "archive").rglob("*.warc.gz"))[0]
    whole = warc.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    warc.write_bytes(flipped)
    broken = onrecord("verify", "--all", ONRECORD_HOME=home)
    assert broken.returncode == 1
    assert warc.name in broken.stdout and "at byte" in broken.stdout
    warc.write_bytes(whole)
    assert onrecord("verify", "--all", ONRECORD_HOME=home).returncode == 0


def test_the_proof_of_a_quote_can_be_followed_by_hand(demo: DemoHome) -> None:
    found = json.loads(onrecord("search", "lighthouse", "--limit", 1, "--json", ONRECORD_HOME=demo.home).stdout)
    (hit,) = found["hits"]
    shown = onrecord("verify", hit["id"], ONRECORD_HOME=demo.home)
    assert shown.returncode == 0 and " ".join(hit["quote"].split()) in shown.stdout
    record = re.search(r"record +(\S+), byte (\d+), (\d+) bytes", shown.stdout)
    digest = re.search(r"sha256 +([0-9a-f]{64}) of the record", shown.stdout)
    span = re.search(rf"quote +{hit['id']}, characters (\d+) to (\d+)", shown.stdout)
    assert record and digest and span, shown.stdout
    assert int(span[2]) - int(span[1]) == len(hit["quote"])
    bytes_there = (demo.home / "archive" / record[1]).read_bytes()[int(record[2]) :][: int(record[3])]
    assert hashlib.sha256(bytes_there).hexdigest() == digest[1]


def test_of_a_statement_only_its_own_quotes_are_shown_and_counted(demo: DemoHome) -> None:
    everything = json.loads(onrecord("search", "--limit", 10_000, "--json", ONRECORD_HOME=demo.home).stdout)["hits"]
    in_article = Counter(hit["url"] for hit in everything)
    of_statement = Counter(hit["statement_id"] for hit in everything)
    hit = next(it for it in everything if in_article[it["url"]] > 1 and of_statement[it["statement_id"]] == 1)
    for name, counted in ((hit["statement_id"], 1), (hit["url"], in_article[hit["url"]])):
        shown = onrecord("verify", name, ONRECORD_HOME=demo.home)
        assert shown.returncode == 0, shown.stdout
        listed = re.findall(r"^ {4}quote +(\S+), characters", shown.stdout, re.MULTILINE)
        assert len(set(listed)) >= counted if name == hit["url"] else set(listed) == {hit["id"]}
        assert shown.stdout.splitlines()[-1].startswith(f"{len(listed)} quotes in ")


def test_a_reader_that_has_seen_enough_is_no_failure(demo: DemoHome) -> None:
    environment = {**os.environ, "ONRECORD_HOME": str(demo.home)}
    command = [sys.executable, "-c", ENTRY, "articles", "--jsonl"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.read(10)
        running.stdout.close()
        errors = running.stderr.read()
        assert (running.wait(timeout=120), errors) == (0, b"")


def test_words_that_the_terminal_cannot_show_are_escaped(demo: DemoHome) -> None:
    done = onrecord("search", "маяк", "--limit", 1, ONRECORD_HOME=demo.home, PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and done.stdout.isascii() and "\\u" in done.stdout


def test_words_are_understood_where_the_locale_knows_only_ascii(demo: DemoHome) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0"}
    for asked in (("маяк",), ("маяк", "--speaker", "Садков")):
        wanted, found = (onrecord("search", *asked, ONRECORD_HOME=demo.home, **it).stdout for it in ({}, plain))
        assert found.isascii() and found.splitlines()[-1] == wanted.splitlines()[-1] != "nothing found"
    unknown = os.fsdecode(b"\xec\xe0\xff\xea")
    refused = onrecord("search", unknown, ONRECORD_HOME=demo.home, **plain)
    assert refused.returncode == 2 and "set LC_ALL" in refused.stderr


def test_looking_changes_nothing(demo: DemoHome) -> None:
    first, second = (onrecord("digest", "--json", ONRECORD_HOME=demo.home) for _ in range(2))
    assert first.returncode == 0 and len(json.loads(first.stdout)["all"]) == 64
    assert first.stdout == second.stdout


def test_an_analyst_may_read_the_views_and_nothing_else(demo: DemoHome) -> None:
    with open_store(replace(from_environment(), home=demo.home, database_url=None)):
        address = onrecord("db", "url", "--role", "analyst", ONRECORD_HOME=demo.home).stdout.strip()
        with psycopg.connect(address, autocommit=True) as connection:
            row = connection.execute("SELECT count(*) FROM analyst.quotes").fetchone()
            assert row and row[0] > 100
            for forbidden in (
                "SELECT * FROM onrecord.watches",
                "DELETE FROM onrecord.quotes",
                "CREATE TABLE mine (n int)",
                "CREATE TABLE public.mine (n int)",
                "SET default_transaction_read_only = off; CREATE TABLE analyst.mine (n int)",
            ):
                with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                    connection.execute(forbidden)


def test_a_stage_alone_finds_nothing_left_to_do(demo: DemoHome) -> None:
    for stage in ("extract", "quote", "link", "alert"):
        done = onrecord(stage, "--json", ONRECORD_HOME=demo.home, ONRECORD_CONFIG=CONFIG)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["versions_new"] == 0


def test_the_pure_tools_need_no_home_and_pass_on_what_they_are_given(tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    good = {
        "id": "a",
        "mine": 7,
        "lang": None,
        "date": None,
        "text": "“The lamp is lit,” Lukyan Sadkov said on Monday.",
    }
    lines.write_text(json.dumps(good) + "\nnot json\n" + json.dumps({**good, "id": "b"}) + "\n", encoding="utf-8")
    done = onrecord("quotes", lines, ONRECORD_HOME="/dev/null/nowhere", ONRECORD_CONFIG=CONFIG)
    assert done.returncode == 1 and "2" in done.stderr and "Traceback" not in done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["a", "b"] and found[0]["mine"] == 7
    assert found[0]["quotes"][0]["speaker_id"] == "lukyan-sadkov"
    page = tmp_path / "page.html"
    page.write_text("<html><body><article><h1>Lamp</h1>" + "<p>The keeper lit the lamp at nine.</p>" * 9, "utf-8")
    assert "keeper" in json.loads(onrecord("text", page, ONRECORD_HOME="/dev/null/nowhere").stdout)["text"]


BROKEN = "id: mill\ntitle: Mill\nlanguage: english\nhome: https://mill.example/\nfeeds: [https://mill.example/rss]\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("nope",), 2, "No such command"),
        (("run", "--from", "2026-06-15"), 2, "belong together"),
        (("run",), 2, "ONRECORD_CONTACT"),
        (("run", "--replay", "missing.warc.gz"), 2, "missing.warc.gz"),
        (("verify",), 2, "--all"),
        (("run", "--source", "nowhere"), 2, "no source nowhere"),
    ],
)
def test_a_mistake_of_the_user_is_told_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = onrecord(*arguments, ONRECORD_HOME=tmp_path / "home")
    assert done.returncode == code
    assert message in done.stderr and "Traceback" not in done.stderr


def test_a_broken_source_names_file_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    path = tmp_path / "sources" / "mill.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    done = onrecord("run", ONRECORD_HOME=tmp_path / "home", ONRECORD_CONFIG=tmp_path)
    assert done.returncode == 2 and f"{path}:3: language:" in done.stderr


def test_a_store_out_of_reach_is_exit_3(tmp_path: Path) -> None:
    url = "postgresql://reader:secret@127.0.0.1:1/none"
    done = onrecord("digest", ONRECORD_HOME=tmp_path, ONRECORD_DATABASE_URL=url)
    assert done.returncode == 3
    assert "cannot reach the database" in done.stderr and "secret" not in done.stderr
