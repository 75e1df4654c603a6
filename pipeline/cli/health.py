"""`onrecord sources health`: the health of each source, with its open incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import AsJson, Config, Sources, refuse_beside
from pipeline.config.settings import from_environment
from pipeline.config.sources import load_sources, require_sources
from pipeline.runtime.days import shown_moment

if TYPE_CHECKING:
    from pipeline.config.source import Source
    from pipeline.monitoring.source_status import Health
    from pipeline.queries.sources import SourceHealth


def health(
    source: Sources = None,
    accept: Annotated[
        str | None, typer.Option(help="Close this incident as the new normal: the source's baseline is learned anew.")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> int:
    """Show the health of each source: open incidents, new pages, the usual number. Exit code 1 if any is failing."""
    from pipeline.monitoring.check import accept_incident, check_health
    from pipeline.store.engine import open_store

    if accept is not None:
        refuse_beside("--accept", {"--source": source})
    settings = from_environment(config_dir=config)
    wanted = chosen_sources(load_sources(settings), source)
    now = datetime.now(UTC)
    with open_store(settings) as engine:
        if accept is not None:
            ended = accept_incident(engine, accept, now)
            if as_json:
                output.print_line(output.json_line({"accepted": accept, "source": ended.source_id}))
            else:
                output.print_line(f"{ended.source_id} counts as healthy; its baseline is learned anew from now on")
            return 0
        found = check_health(engine, settings, wanted, now=now)
    if as_json:
        output.print_line(output.json_line(as_object(found)))
    else:
        for line in as_text(found, settings.timezone):
            output.print_line(line)
    return 0 if found.is_ok else 1


def chosen_sources(known: dict[str, Source], wanted: list[str] | None) -> dict[str, Source]:
    """The sources named in ``wanted``, or all enabled ones if it is empty. ConfigError for an unknown id."""
    require_sources(known, wanted or ())
    return {name: it for name, it in known.items() if (name in wanted if wanted else it.enabled)}


def as_object(result: Health) -> dict[str, object]:
    """The object that ``--json`` prints."""
    return {
        "at": result.at,
        "well": result.is_ok,
        "overdue": result.overdue,
        "sources": {it.source.id: source_object(it) for it in result.sources},
        "letters_waiting": result.problems,
    }


def source_object(source_health: SourceHealth) -> dict[str, object]:
    """The health of a source as ``--json`` prints it."""
    from pipeline.runs.report import incident_object

    return {
        "last_run_at": source_health.last_run_at,
        "last_new_at": source_health.last_new_at,
        "new_24_hours": source_health.new,
        "usual_24_hours": None if source_health.usual is None else round(source_health.usual, 1),
        "incidents": [incident_object(it) for it in source_health.incidents],
        "warnings": source_health.warnings,
    }


def as_text(result: Health, zone: tzinfo) -> Iterator[str]:
    """The lines for people, sources with incidents first; times in ``zone``."""
    width = max((len(it.source.id) for it in result.sources), default=6)
    for it in sorted(result.sources, key=lambda it: not it.incidents):
        yield f"{it.source.id:<{width}}  {source_line(it, zone)}"
        for incident in it.incidents:
            yield f"{'':<{width}}    {incident.kind} since {shown_moment(incident.since, zone)}: {incident.detail}"
            yield f"{'':<{width}}    if it is like that from now on: onrecord sources health --accept {incident.id}"
        for warning in it.warnings:
            yield f"{'':<{width}}    warning: {warning}"
    if result.overdue:
        yield f"OVERDUE: {result.overdue}"
    for problem in result.problems:
        yield f"an e-mail to the ops mailbox is waiting: {problem}"
    troubled = sum(bool(it.incidents) for it in result.sources)
    yield f"{troubled} of {len(result.sources)} sources in trouble" if troubled else "no source in trouble"


def source_line(source_health: SourceHealth, zone: tzinfo) -> str:
    """The state of one source in one line, without its id."""
    if source_health.last_run_at is None:
        return (
            "not run yet"
            if not source_health.incidents
            else ", ".join(str(one.kind).upper() for one in source_health.incidents)
        )
    name = ", ".join(str(one.kind).upper() for one in source_health.incidents) or "well"
    usual = "" if source_health.usual is None else f" ({source_health.usual:.0f} usual)"
    last = f", the last {shown_moment(source_health.last_new_at, zone)}" if source_health.last_new_at else ""
    return f"{name:<8}  {source_health.new} new in 24 h{usual}{last}"
