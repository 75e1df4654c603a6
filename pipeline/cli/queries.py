"""Commands that read the database: `articles report verify export`, and `db digest`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Connection

from pipeline.cli import output
from pipeline.cli.options import AsJson, Config, refuse_beside
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError, FileUnusable, OptionConflict, UnknownName
from pipeline.runtime import private_files
from pipeline.runtime.days import shown_day, shown_moment
from pipeline.runtime.escaping import safe_cell

if TYPE_CHECKING:
    from pipeline.operations.verification import ShownProof
    from pipeline.queries.rows import ArticleRow, StageBalance

RunId = Annotated[str | None, typer.Option("--run", help="Only what this run added; a run id.")]
ReportRun = Annotated[
    str | None, typer.Option("--run", help="A run id, or `all` runs together; default: the newest run.")
]


@contextmanager
def reading_connection() -> Iterator[Connection]:
    """A database connection for reading, in one snapshot, so that counts and lists agree during concurrent writes."""
    from pipeline.queries.snapshot import open_snapshot

    with open_snapshot(from_environment()) as connection:
        yield connection


def require_run(connection: Connection, run: str | None) -> None:
    """ConfigError if ``run`` is given and is not in the database."""
    from pipeline.queries.history import newest_run, run_by_id

    if run is not None and run_by_id(connection, run) is None:
        newest = newest_run(connection)
        hint = f"the newest is {newest.id}" if newest else "the store has no run yet"
        raise UnknownName(
            f"--run {run}: there is no such run; {hint}", kind="run", name=run, near=(newest.id,) if newest else ()
        )


def articles(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per line.")] = False,
    run: RunId = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="List articles that are translations of one another instead.")
    ] = False,
    config: Config = None,
) -> int:
    """List the newest version of every stored article."""
    from pipeline.config.sources import load_sources
    from pipeline.queries.articles import newest_versions, paired_editions

    if pairs:
        refuse_beside("--pairs", {"--jsonl": jsonl})
    elif config is not None:
        raise OptionConflict("--config is only used with --pairs; leave it out", options=("--config", "--pairs"))
    with reading_connection() as connection:
        require_run(connection, run)
        rows = newest_versions(connection, run)
        if pairs:
            output.print_json_rows(paired_editions(rows, load_sources(from_environment(config_dir=config))))
            return 0
        if jsonl:
            output.print_json_rows(article_object(row) for row in rows)
            return 0
        zone = from_environment().timezone
        for row in rows:
            day = shown_day(row.published_at, row.published_on, zone) or "no date"
            output.print_line(f"{day:<10}  {row.source:<16} {row.title}")
            output.print_line(f"    {row.url}")
    return 0


def article_object(row: ArticleRow) -> dict[str, object]:
    """The object that ``articles --jsonl`` prints: all of the row but ``published_on``."""
    return {field.name: getattr(row, field.name) for field in fields(row) if field.name != "published_on"}


def report(
    as_json: AsJson = False,
    urls: Annotated[
        bool,
        typer.Option(
            "--urls", help="Print JSON lines instead: feeds and robots.txt that failed, each URL with its outcome."
        ),
    ] = False,
    run: ReportRun = None,
) -> int:
    """Show the ledger of a run: items in and their outcomes, by source and stage, and whether the sums balance."""
    from pipeline.queries import ledger

    with reading_connection() as connection:
        if run != ledger.ALL_RUNS:
            require_run(connection, run)
        if run is not None and ledger.summed_up(connection, run):
            summary = f"the ledger of run {run} has been summed up by day; `onrecord report --run all` counts it"
            output.print_note(summary)
        if urls:
            output.print_json_rows(ledger.failed_documents(connection, run))
            output.print_json_rows(ledger.url_outcomes(connection, run))
            return 0
        rows = ledger.ledger_report(connection, run)
    if as_json:
        output.print_line(output.json_line([balance_object(row) for row in rows]))
        return 0
    for row in rows:
        summary = ", ".join(f"{number} {outcome}" for outcome, number in row.outcomes.items())
        balance = "" if row.balance == 0 else f"  OUT OF BALANCE by {row.balance}"
        output.print_line(f"{row.source or '-':<24} {row.stage:<8} {row.went_in:>6} in  {summary}{balance}")
    output.print_line("all balanced" if not any(row.balance for row in rows) else "SUMS DO NOT BALANCE")
    return 1 if any(row.balance for row in rows) else 0


def balance_object(row: StageBalance) -> dict[str, object]:
    """The object that ``report --json`` prints for a stage of a source."""
    return {
        "source": row.source,
        "stage": row.stage,
        "in": row.went_in,
        "outcomes": row.outcomes,
        "balance": row.balance,
    }


def verify(
    ids: Annotated[list[str] | None, typer.Argument(help="Quote, statement, version or article ids, or URLs.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every quote, version and archive file.")] = False,
) -> int:
    """Verify quotes against the archive: read the bytes again, check hashes, extract the text, compare."""
    from pipeline.operations.verification import verify_installation

    if not ids and not everything:
        raise ConfigError("name what to verify, or --all")
    if everything:
        refuse_beside("--all", {"an id": ids})
    settings = from_environment()
    result = verify_installation(settings, None if everything else ids)
    for shown in result.shown:
        for line in proof_lines(shown, settings.timezone):
            output.print_line(line)
    for problem in result.problems:
        output.print_line(f"BROKEN {problem}")
    if result.older_code:
        output.print_line(f"{result.older_code} versions were read by older code: their bytes and quotes were checked")
    output.print_line(
        f"{result.quotes} quotes in {result.versions} versions from {len(result.records)} archived records"
        f" and {result.files} archive files: " + (f"{len(result.problems)} BROKEN" if result.problems else "all proved")
    )
    return 1 if result.problems else 0


def proof_lines(shown: ShownProof, zone: tzinfo) -> Iterator[str]:
    """The proof of a version and its quotes as lines: hashes, archive record, positions of the quotes."""
    proof = shown.proof
    yield f"{'proved' if shown.proved else 'BROKEN'}  {proof.url}"
    yield f"    title     {' '.join(proof.title.split())}"
    yield f"    version   {proof.version_id}, first seen {shown_moment(proof.seen_at, zone)}"
    yield f"    sha256    {proof.text_sha256} of its text"
    read = "the text was read from it again" if shown.read_again else f"read by code version {proof.code_version}"
    yield f"    record    {proof.record.warc}, byte {proof.record.offset}, {proof.record.length} bytes; {read}"
    yield f"    sha256    {proof.record.sha256} of the record"
    if proof.locator:
        yield f"    entry     {proof.locator} of {proof.capture_url}"
    for quote in shown.quotes:
        yield f"    quote     {quote.id}, characters {quote.start} to {quote.end}"
        yield f"              {' '.join(proof.text[quote.start : quote.end].split())}"


def digest(as_json: AsJson = False) -> int:
    """Print a SHA-256 digest of each table's content. Equal digests: equal content."""
    from pipeline.store.admin.digest import table_digests

    with reading_connection() as connection:
        found = table_digests(connection)
    if as_json:
        output.print_line(output.json_line(found))
    else:
        for table, value in found.items():
            output.print_line(f"{value}  {table}")
    return 0


def export(
    as_csv: Annotated[
        bool, typer.Option("--csv/--jsonl", help="Comma-separated values for a spreadsheet, or JSON lines.")
    ] = True,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: stdout.")] = None,
    run: RunId = None,
) -> int:
    """Export every quote with its speaker, source and proof, as CSV or JSON lines.

    In CSV, cells that a spreadsheet could take for a formula are made text.
    """
    from pipeline.queries.export import exported_quotes
    from pipeline.queries.rows import ExportedQuote

    columns = [column.name for column in fields(ExportedQuote)]
    with reading_connection() as connection:
        require_run(connection, run)
        try:
            with private_files.as_the_user_wants():
                encoding = "utf-8-sig" if as_csv else "utf-8"
                target = out.open("w", encoding=encoding, newline="") if out else sys.stdout
        except OSError as error:
            raise FileUnusable(f"{out}: cannot be written: {error.strerror}", path=str(out)) from error
        try:
            found = exported_quotes(connection, run)
            if as_csv:
                writer = csv.writer(target)
                writer.writerow(columns)
                writer.writerows([safe_cell(getattr(quote, column)) for column in columns] for quote in found)
            else:
                target.writelines(f"{output.json_line(quote)}\n" for quote in found)
        finally:
            if out:
                target.close()
    return 0
