"""Print the result of the demo: ledger, newest statements, what to try next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.progress import progress_bars
from pipeline.config.settings import Settings
from pipeline.demo.run import DemoResult
from pipeline.queries.rows import StatementView
from pipeline.queries.snapshot import open_snapshot
from pipeline.queries.statements import newest_statements
from pipeline.runs.report import RunReport
from pipeline.runtime.days import shown_moment
from pipeline.runtime.escaping import escape_control_characters
from pipeline.stage_result import counts_as_text
from pipeline.stages.context import Progress

SHOWN = 12
"""Statements the demo prints."""
CLIPPED = 150
"""Characters of a statement the demo prints."""


@contextmanager
def bars_of(day: date) -> Iterator[Progress]:
    """Print a heading for the day and give its progress bars."""
    Console(stderr=True).print(Text(f"{day:%A, %d %B %Y}", style="bold"))
    with progress_bars() as progress:
        yield progress


def print_demo(done: DemoResult, settings: Settings) -> int:
    """Print ledger, newest statements and what to try next; gives back the highest exit code of the days."""
    console = Console()
    for day, report in zip(done.days, done.reports, strict=True):
        console.print(ledger_table(f"The ledger of {day:%d %B %Y}", report))
        for failure in report.failures:
            console.print(Text(escape_control_characters(f"FAILED: {failure}"), style="red"))
    with open_snapshot(settings) as connection:
        shown = newest_statements(connection, SHOWN)
    console.print(Text("\nThe newest statements", style="bold"))
    for statement in shown:
        console.print(statement_lines(statement, settings.timezone))
    show_next(console, done, settings)
    return max(report.exit_code for report in done.reports)


def ledger_table(title: str, report: RunReport) -> Table:
    """A run's ledger: how the addresses of each source ended, and the totals."""
    table = Table(title=title, title_justify="left", title_style="bold", caption_justify="left")
    table.add_column("source")
    table.add_column("found", justify="right")
    table.add_column("how they ended")
    for source, it in report.sources.items():
        outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(it.outcomes.items()))
        table.add_row(source, str(it.discovered), outcomes)
    table.caption = counts_as_text(report.counts)
    return table


def statement_lines(statement: StatementView, zone: tzinfo) -> Text:
    """A statement as lines: speaker and words, then its first report with the time in ``zone``."""
    words = statement.text if len(statement.text) <= CLIPPED else statement.text[:CLIPPED].rsplit(" ", 1)[0] + " …"
    lines = Text()
    lines.append(escape_control_characters(statement.speaker_name or "speaker unknown"), style="bold cyan")
    lines.append(escape_control_characters(f"  {' '.join(words.split())}\n"))
    for report in statement.reports[:1]:
        when = shown_moment(report.published_at, zone) if report.published_at else "no date"
        more = f", also in {len(statement.reports) - 1} more" if len(statement.reports) > 1 else ""
        lines.append(escape_control_characters(f"    {when}  {report.source_title}{more}  {report.url}"), style="dim")
    return lines


def show_next(console: Console, done: DemoResult, settings: Settings) -> None:
    """Print whether anything changed (if the demo was run again), and commands to try next."""
    digest = done.digest_after[:16]
    if not done.first:
        console.print(
            Text(
                f"\nRun again: something changed, digest {done.digest_before[:16]} → {digest}"
                if done.changed
                else f"\nRun again: nothing changed (digest {digest})",
                style="bold",
            )
        )
    home = settings.home
    email_count = len(list(settings.spool.glob("*.eml"))) if settings.spool.is_dir() else 0
    where = f"{email_count} e-mails in {settings.spool}" if not settings.smtp_url else "e-mails sent over SMTP"
    console.print(Text(f"\n{where}\nLook next:", style="bold"))
    for command in (
        "web                                     # as pages: question, statement, proof",
        "search lamp --speaker lukyan-sadkov",
        "report",
        "verify --all",
        "export --csv --out quotes.csv",
        "db shell --role analyst",
    ):
        console.print(Text(f"    ONRECORD_HOME={home} .venv/bin/onrecord {command}"), soft_wrap=True)
