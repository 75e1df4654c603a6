"""`onrecord health`: how the sources are, what is wrong with them and since when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.runs import AsJson, Config, Sources
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError
from pipeline.runtime.days import shown_moment

if TYPE_CHECKING:
    from pipeline.config.source import Source
    from pipeline.monitoring.source_status import Health, SourceHealth


def add_to(app: typer.Typer) -> None:
    app.command()(health)


def health(
    source: Sources = None,
    accept: Annotated[
        str | None, typer.Option(help="End this incident: the source is like that now, and is learned anew.")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> int:
    """How each source is: open incidents, new pages, what is usual. Exit code 1 if any is in trouble."""
    from pipeline.config.sources import load_sources
    from pipeline.monitoring import check as checks
    from pipeline.store import audit
    from pipeline.store.engine import connect

    settings = from_environment(config_dir=config)
    wanted = chosen(load_sources(settings), source)
    now = datetime.now(UTC)
    with connect(settings) as engine:
        if accept is not None:
            ended = checks.accept(engine, accept, now)
            with engine.begin() as connection:
                audit.note(connection, "accept", accept, detail={"source": ended.source_id})
            output.say(f"{ended.source_id} is taken to be well as it is; what it brings is learned from now on")
            return 0
        found = checks.check(engine, settings, wanted, now=now)
    if as_json:
        output.say(json.dumps(as_object(found), ensure_ascii=False, default=output.plain))
    else:
        for line in as_text(found, settings.timezone):
            output.say(line)
    return 0 if found.well else 1


def chosen(known: dict[str, Source], wanted: list[str] | None) -> dict[str, Source]:
    """The sources asked for; all enabled ones if none is named."""
    missing = [name for name in wanted or [] if name not in known]
    if missing:
        raise ConfigError(f"no source {', '.join(missing)}; `onrecord sources list` shows all")
    return {name: it for name, it in known.items() if (name in wanted if wanted else it.enabled)}


def as_object(found: Health) -> dict[str, object]:
    """What ``--json`` prints."""
    return {
        "at": found.at,
        "well": found.well,
        "overdue": found.overdue,
        "sources": {it.source.id: it.as_json() for it in found.sources},
        "letters_waiting": found.problems,
    }


def as_text(found: Health, zone: tzinfo) -> Iterator[str]:
    """Those in trouble first, then the others, a line each; times in ``zone``."""
    width = max((len(it.source.id) for it in found.sources), default=6)
    for it in sorted(found.sources, key=lambda it: not it.incidents):
        yield f"{it.source.id:<{width}}  {state(it, zone)}"
        for incident in it.incidents:
            yield f"{'':<{width}}    {incident.kind} since {shown_moment(incident.since, zone)}: {incident.detail}"
            yield f"{'':<{width}}    if it is like that from now on: onrecord health --accept {incident.id}"
        for warning in it.warnings:
            yield f"{'':<{width}}    warning: {warning}"
    if found.overdue:
        yield f"OVERDUE: {found.overdue}"
    for problem in found.problems:
        yield f"a letter to the ops mailbox waits: {problem}"
    troubled = sum(bool(it.incidents) for it in found.sources)
    yield f"{troubled} of {len(found.sources)} sources in trouble" if troubled else "no source in trouble"


def state(it: SourceHealth, zone: tzinfo) -> str:
    """The line of one source."""
    if it.last_run_at is None:
        return "not run yet" if not it.incidents else ", ".join(str(one.kind).upper() for one in it.incidents)
    name = ", ".join(str(one.kind).upper() for one in it.incidents) or "well"
    usual = "" if it.usual is None else f" ({it.usual:.0f} usual)"
    last = f", the last {shown_moment(it.last_new_at, zone)}" if it.last_new_at else ""
    return f"{name:<8}  {it.new} new in 24 h{usual}{last}"
