"""`onrecord show` and `onrecord explain`: a statement with its reports, and why each of them belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Connection

from pipeline.cli import output
from pipeline.cli.options import AsJson
from pipeline.cli.queries import reading_connection
from pipeline.cli.search import stance_line
from pipeline.cli.typed import decode_argument
from pipeline.config.settings import from_environment
from pipeline.errors import UnknownName
from pipeline.runtime.days import shown_day

if TYPE_CHECKING:
    from pipeline.queries.rows import ReportLink, StatementReport, StatementView


def show(
    statement: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Statement id, as in e-mails and hits of `search`; or the id or full name of a person."
        ),
    ],
    as_json: AsJson = False,
) -> int:
    """Show a statement: its speaker, its words, and every article that reports it. Former ids lead to it too.

    Of a person: names, offices as printed, number of quotes, publications, first and last day.
    """
    from pipeline.queries.statements import current_statement_id, load_statement_views

    statement = decode_argument(statement)
    with reading_connection() as connection:
        found = current_statement_id(connection, statement.strip())
        if found is None and show_people(connection, statement.strip(), as_json=as_json):
            return 0
        if found is None:
            raise unknown_statement(statement)
        (view,) = load_statement_views(connection, [found])
    if as_json:
        output.print_line(output.json_line(view))
        return 0
    for line in statement_lines(view, from_environment().timezone):
        output.print_line(line)
    return 0


def show_people(connection: Connection, name: str, *, as_json: bool) -> bool:
    """Print the people whom an id or a name means, one after another; False if it means nobody who is quoted."""
    from pipeline.cli.speakers import proposal_lines
    from pipeline.queries.speakers import ids_called, person_profiles

    found = person_profiles(connection, ids_called(connection, name))
    if as_json:
        output.print_json_rows(found)
        return bool(found)
    for one in found:
        for line in proposal_lines(one, from_environment().timezone):
            output.print_line(line)
    return bool(found)


def unknown_statement(name: str) -> UnknownName:
    """The error for an id that no statement has or had."""
    return UnknownName(f"no statement {name}; `onrecord search` shows ids", kind="statement", name=name)


def statement_lines(view: StatementView, zone: tzinfo) -> Iterator[str]:
    """A statement and its reports as lines, the first published first; days in ``zone``."""
    yield from heading_lines(view)
    for report in view.reports:
        yield report_line(report, zone)
        yield f"    {' '.join(f'{report.before} {report.quote} {report.after}'.split())}"
        yield f"    {report.how}, {report.score:.2f}, characters {report.start} to {report.end} of {report.quote_id}"
        yield f"    {report.url}"


def heading_lines(view: StatementView) -> Iterator[str]:
    """Speaker, stance and words of a statement, and where its proof is."""
    stance = "".join(f" [{line}]" for line in stance_line(view.stance, view.claimant))
    yield f"{view.speaker_name or 'speaker unknown'}{stance}: {' '.join(view.text.split())}"
    yield f"    statement {view.id}, {view.type}, confidence {view.confidence:.2f}; proof: onrecord verify {view.id}"


def report_line(report: StatementReport, zone: tzinfo) -> str:
    """When, where and under which headline a report was published."""
    day = shown_day(report.published_at, report.published_on, zone) or "no date"
    return f"{day:<10}  {report.source_title}: {report.title}"


def explain(
    statement: Annotated[str, typer.Argument(metavar="ID", help="Statement id, present or former.")],
    as_json: AsJson = False,
) -> int:
    """Show why each report belongs to a statement: which words repeat which, how, and how alike they are.

    Also shows what is alike and yet another statement, and what differs.
    """
    from pipeline.queries.statements import current_statement_id, links_within, load_statement_views

    with reading_connection() as connection:
        found = current_statement_id(connection, decode_argument(statement).strip())
        if found is None:
            raise unknown_statement(statement)
        (view,) = load_statement_views(connection, [found], every_report=True)
        links = links_within(connection, found)
    if as_json:
        output.print_line(output.json_line({"statement": view, "links": links}))
        return 0
    for line in explanation_lines(view, links, from_environment().timezone):
        output.print_line(line)
    return 0


def explanation_lines(view: StatementView, links: list[ReportLink], zone: tzinfo) -> Iterator[str]:
    """The statement, its reports, the links between them, and those to what is apart from it."""
    yield from heading_lines(view)
    for report in view.reports:
        yield report_line(report, zone)
        how = "the earliest report" if report.how == "founding" else f"{report.how}, {report.score:.2f}"
        yield f"    {how}; quote {report.quote_id}, characters {report.start} to {report.end}"
        yield f"    {' '.join(report.quote.split())}"
    for link in links:
        yield ""
        if link.kind == "apart":
            yield f"apart ({link.why} differs), {link.score:.2f}, from statement {link.other_statement_id}"
        else:
            yield f"{link.kind}, {link.score:.2f}, by version {link.code_version} of the code"
        yield f"    quote {link.quote_id}, characters {link.start} to {link.end}: {' '.join(link.words.split())}"
        other = f"characters {link.other_start} to {link.other_end}"
        yield f"    quote {link.other_quote_id}, {other}: {' '.join(link.other_words.split())}"
