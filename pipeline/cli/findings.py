"""Commands that show what is in the store: `articles report verify digest search export`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from pipeline import private
from pipeline.cli import output
from pipeline.cli.runs import AsJson, Config, From, To
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError

RunId = Annotated[str | None, typer.Option("--run", help="Only what this run brought.")]
ReportRun = Annotated[str | None, typer.Option("--run", help="This run instead of the newest, or `all` of them.")]


def add_to(app: typer.Typer) -> None:
    for command in (articles, report, verify, digest, search, export):
        app.command()(command)


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for looking, not for changing."""
    from pipeline.store.engine import connect

    with connect(from_environment()) as engine, engine.connect() as connection:
        yield connection


def require_run(connection: Connection, run: str | None) -> None:
    """ConfigError if a run is named and the store has none of that id."""
    from pipeline.store import runs

    if run is not None and runs.run(connection, run) is None:
        newest = runs.latest_run(connection)
        hint = f"the newest is {newest}" if newest else "the store has no run yet"
        raise ConfigError(f"--run {run}: there is no such run; {hint}")


def articles(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per line.")] = False,
    run: RunId = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Instead: articles that are one another's editions.")] = False,
    config: Config = None,
) -> int:
    """The newest version of every kept article."""
    from pipeline.config.sources import load_sources
    from pipeline.stages.editions import paired
    from pipeline.store.articles import newest_versions

    if config is not None and not pairs:
        raise ConfigError("--config is only used with --pairs; leave it out")
    with reading() as connection:
        require_run(connection, run)
        rows = newest_versions(connection, run)
        if pairs:
            output.say_rows(paired(rows, load_sources(from_environment(config_dir=config))))
            return 0
        if jsonl:
            output.say_rows(rows)
            return 0
        for row in rows:
            output.say(f"{str(row['published_at'] or '')[:10]:<10}  {row['source']:<16} {row['title']}")
            output.say(f"    {row['url']}")
    return 0


def report(
    as_json: AsJson = False,
    urls: Annotated[bool, typer.Option("--urls", help="One JSON line per URL with its final outcome.")] = False,
    run: ReportRun = None,
) -> int:
    """The ledger: per source and stage what went in and how it ended."""
    from pipeline.store import ledger

    with reading() as connection:
        if run != ledger.ALL:
            require_run(connection, run)
        if run is not None and ledger.summed_up(connection, run):
            told = f"the ledger of run {run} has been summed up by day; `onrecord report --run all` counts it"
            typer.echo(told, err=True)
        if urls:
            output.say_rows(ledger.url_outcomes(connection, run))
            return 0
        rows = ledger.report(connection, run)
    if as_json:
        output.say(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        told = ", ".join(f"{number} {outcome}" for outcome, number in row["outcomes"].items())
        balance = "" if row["balance"] == 0 else f"  OUT OF BALANCE by {row['balance']}"
        output.say(f"{row['source'] or '-':<24} {row['stage']:<8} {row['in']:>6} in  {told}{balance}")
    output.say("all balanced" if not any(row["balance"] for row in rows) else "SUMS DO NOT BALANCE")
    return 1 if any(row["balance"] for row in rows) else 0


def verify(
    ids: Annotated[list[str] | None, typer.Argument(help="Quote, statement, version or article ids, or URLs.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every quote, version and archive file.")] = False,
) -> int:
    """Prove quotes: re-read the archived bytes, hash them, extract the text again, compare."""
    from pipeline import verification
    from pipeline.store.engine import connect

    if not ids and not everything:
        raise ConfigError("name what to verify, or --all")
    settings = from_environment()
    with connect(settings) as engine, engine.connect() as connection:
        names = None if everything else ids
        result = verification.verify(connection, settings.archive, names, away=settings.archive_url)
    for problem in result.problems:
        output.say(f"BROKEN {problem}")
    if result.older_code:
        output.say(f"{result.older_code} versions were read by older code: their bytes and quotes were checked")
    output.say(
        f"{result.quotes} quotes in {result.versions} versions from {len(result.records)} archived records"
        f" and {result.files} archive files: " + (f"{len(result.problems)} BROKEN" if result.problems else "all proved")
    )
    return 1 if result.problems else 0


def digest(as_json: AsJson = False) -> int:
    """One SHA-256 per table over its content; equal digests mean that nothing changed."""
    from pipeline.store import digest as digests

    with reading() as connection:
        found = digests.digest(connection)
    if as_json:
        output.say(json.dumps(found))
    else:
        for table, value in found.items():
            output.say(f"{value}  {table}")
    return 0


def search(
    words: Annotated[list[str], typer.Argument(help='Words in any form; "quoted" for a phrase, -word to exclude.')],
    speaker: Annotated[str | None, typer.Option(help="Roster id or part of a name.")] = None,
    source: Annotated[str | None, typer.Option(help="Source id.")] = None,
    start: From = None,
    end: To = None,
    lang: Annotated[str | None, typer.Option(help="en or ru.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> int:
    """Find quotes by words in any form, English or Russian, each with its source."""
    from pipeline.stages.run import start_of
    from pipeline.store.search import search as find

    with reading() as connection:
        hits = find(
            connection,
            " ".join(words),
            speaker=speaker,
            source=source,
            start=start_of(start) if start else None,
            end=start_of(end) if end else None,
            lang=lang,
            limit=limit,
        )
        if as_json:
            output.say(json.dumps([dict(hit) for hit in hits], ensure_ascii=False, default=output.plain))
            return 0
        shown = 0
        for hit in hits:
            shown += 1
            when = f"{hit['published_at']:%Y-%m-%d}" if hit["published_at"] else "no date"
            output.say(f"{hit['speaker_name'] or 'unknown'} ({when}, {hit['source']}): {hit['quote']}")
            output.say(f"    {hit['url']}")
    output.say(f"{shown} found" if shown else "nothing found")
    return 0


def export(
    _as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values: the form it has anyway.")] = True,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: stdout.")] = None,
    run: RunId = None,
) -> int:
    """Every quote with its speaker, source and proof, for a spreadsheet. Cells that could be formulas are made text."""
    from pipeline.store.export import COLUMNS, rows

    with reading() as connection:
        require_run(connection, run)
        with private.as_the_user_wants():
            target = out.open("w", encoding="utf-8-sig", newline="") if out else sys.stdout
        try:
            writer = csv.writer(target)
            writer.writerow(COLUMNS)
            writer.writerows(rows(connection, run))
        finally:
            if out:
                target.close()
    return 0
