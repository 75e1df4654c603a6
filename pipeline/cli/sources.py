"""`onrecord sources ...`: list, check, draft and try sources."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import AsJson, AsJsonLines, Config
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError, FileUnusable, OptionConflict
from pipeline.reasons import Reason
from pipeline.runtime.days import shown_moment

if TYPE_CHECKING:
    from pipeline.config.settings import Settings
    from pipeline.onboarding.dry_run import DryRun, DryRunReading

sources = typer.Typer(help="Sources, the publications that are crawled: list, add, test, health.", no_args_is_help=True)


@sources.command("list")
def list_sources(
    config: Config = None,
    unverified: Annotated[
        bool, typer.Option(help="Also list facts in each file that nobody has verified (--json always does).")
    ] = False,
    as_json: AsJsonLines = False,
) -> int:
    """List all sources: how each lists its articles, and whether it is enabled."""
    from pipeline.config.sources import load_sources

    found = load_sources(from_environment(config_dir=config)).values()
    if as_json:
        output.print_json_rows(source.model_dump(mode="json") for source in found)
        return 0
    for source in found:
        ways = ("feeds", "sitemaps", "listings", "json_lists")
        counts = ", ".join(f"{len(getattr(source, way))} {way}" for way in ways if getattr(source, way))
        state = "" if source.enabled else "  (off)"
        output.print_line(f"{source.id:<16} {source.language}  {source.title}  {source.home}  {counts}{state}")
        for fact in source.unverified if unverified else ():
            output.print_line(f"{'':<20} unverified: {fact}")
    return 0


@sources.command("check")
def check_sources(config: Config = None) -> int:
    """Validate every source file, and look for clashes between them."""
    from pipeline.config.sources import find_source_clashes, load_sources, missing_browser_message

    found = load_sources(from_environment(config_dir=config))
    wrong = find_source_clashes(found)
    missing = missing_browser_message({name: source for name, source in found.items() if source.enabled})
    wrong += [missing] if missing else []
    for problem in wrong:
        output.print_line(problem)
    on = sum(source.enabled for source in found.values())
    output.print_line(f"{len(found)} sources, {on} of them on: {f'{len(wrong)} problems' if wrong else 'all well'}")
    return 2 if wrong else 0


@sources.command("schema")
def print_schema() -> int:
    """Print the JSON Schema of a source file, for completion and validation in editors."""
    from pipeline.config.schema import schema_text

    output.print_line(schema_text().rstrip())
    return 0


@sources.command("new")
def new_source(
    url: Annotated[str, typer.Argument(help="The site's home page.")],
    name: Annotated[str | None, typer.Option("--id", help="The source's id; default: from the address.")] = None,
    config: Config = None,
) -> int:
    """Discover a site's feeds and sitemaps, and write a draft source file (to the configuration folder, or here)."""
    from pipeline.config.sources import load_source
    from pipeline.onboarding import discover

    settings = from_environment(config_dir=config)
    source_id = name or discover.id_of(url)
    folder = settings.config_dir / "sources" if settings.config_dir else Path.cwd()
    path = folder / f"{source_id}.yaml"
    if path.exists():
        raise FileUnusable(f"{path}: exists already; move it away, or give another --id", path=str(path))
    with tempfile.TemporaryDirectory(prefix="onrecord-") as temporary:
        findings = discover.discover_site(settings, url, Path(temporary))
    text = discover.draft_source_file(url, source_id, findings)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    for refused in findings.refused:
        output.print_line(f"no: {refused}")
    for it in [*findings.feeds, *findings.sitemaps]:
        output.print_line(f"found: {it.url}: {it.entries} addresses{', whole texts' if it.full_text else ''}")
    load_source(path)
    output.print_line(f"{path}: a draft; look it over, then: onrecord sources try {source_id}")
    output.print_line(f"no run reads it until it is switched on: onrecord sources enable {source_id}")
    return 0


SourceId = Annotated[str, typer.Argument(metavar="ID", help="The source.")]


@sources.command("enable")
def enable_source(source_id: SourceId, config: Config = None) -> int:
    """Switch a source on: every run reads it from now on."""
    return _switch(source_id, enabled=True, config=config)


@sources.command("disable")
def disable_source(source_id: SourceId, config: Config = None) -> int:
    """Switch a source off: only runs that name it read it."""
    return _switch(source_id, enabled=False, config=config)


@sources.command("pause")
def pause_source(
    source_id: SourceId,
    until: Annotated[str, typer.Option(help="A day (its beginning, in ONRECORD_TIMEZONE) or a moment.")],
    config: Config = None,
) -> int:
    """Let no scheduled run crawl a source until a date; a run that names it does."""
    from pipeline.runtime.days import start_of

    settings = from_environment(config_dir=config)
    moment = start_of(until, settings.timezone, name="--until")
    _pause(settings, source_id, moment)
    output.print_line(f"{source_id} is not crawled until {shown_moment(moment, settings.timezone)}")
    return 0


@sources.command("resume")
def resume_source(source_id: SourceId, config: Config = None) -> int:
    """Let scheduled runs crawl a paused source again."""
    _pause(from_environment(config_dir=config), source_id, None)
    output.print_line(f"{source_id} is crawled when it is due")
    return 0


def _pause(settings: Settings, source_id: str, until: datetime | None) -> None:
    from pipeline.config.sources import load_sources, require_sources
    from pipeline.runs.due import set_pause
    from pipeline.store.engine import open_store

    known = load_sources(settings)
    require_sources(known, [source_id])
    with open_store(settings) as engine:
        set_pause(engine, known[source_id], until, now=datetime.now(UTC))


def _switch(source_id: str, *, enabled: bool, config: Path | None) -> int:
    from pipeline.onboarding.switch import switch_source

    path = switch_source(from_environment(config_dir=config), source_id, enabled=enabled)
    output.print_line(f"{source_id} is {'on' if enabled else 'off'}: {path}")
    return 0


@sources.command("try")
def try_source(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source.")],
    pages: Annotated[int, typer.Option(min=0, max=200, help="How many pages to request.")] = 10,
    day: Annotated[str | None, typer.Option(help="Crawl as a run over this past day would (YYYY-MM-DD).")] = None,
    replay: Annotated[Path | None, typer.Option(help="Read this WARC file instead of the web.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="With --replay: the web as it was then, a day or a moment.")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> int:
    """Dry run: crawl a few pages of a source and show what would be kept and why. Stores and sends nothing."""
    from pipeline.config.sources import load_sources, missing_browser_message, require_sources
    from pipeline.onboarding.dry_run import day_of, dry_run_source
    from pipeline.stages.context import Replay

    settings = from_environment(config_dir=config)
    known = load_sources(settings)
    require_sources(known, [source_id])
    source = known[source_id]
    if (missing := missing_browser_message({source_id: source})) and replay is None:
        raise ConfigError(missing)
    if as_of and replay is None:
        raise OptionConflict("--as-of needs --replay FILE", options=("--as-of", "--replay"))
    recorded = Replay.of(replay, as_of) if replay else None
    window = day_of(day, source) if day else None
    with tempfile.TemporaryDirectory(prefix="onrecord-") as temporary:
        trial = dry_run_source(settings, source, Path(temporary), pages=pages, replay=recorded, day=window)
    return _print_trial_json(trial) if as_json else _print_trial(trial, settings.timezone)


def _print_trial_json(trial: DryRun) -> int:
    failures = trial.failures()
    documents = [
        {"url": it.url, "kind": it.kind, "outcome": it.outcome, "reason": it.reason, "listed": trial.listed(it)}
        for it in trial.crawl.documents
    ]
    found = {
        "source": trial.source.id,
        "documents": documents,
        "readings": [it.as_json() for it in trial.readings],
        "shares": trial.shares(),
        "failures": failures,
    }
    output.print_line(output.json_line(found))
    return 1 if failures else 0


def _print_trial(trial: DryRun, zone: tzinfo) -> int:
    for document in trial.crawl.documents:
        detail = f"  {document.detail}" if document.detail else ""
        listed = f"  {trial.listed(document)} addresses" if trial.listed(document) else ""
        output.print_line(f"{document.kind:<8} {document.outcome}/{document.reason}{listed}  {document.url}{detail}")
    unread = 0
    for reading in trial.readings:
        if reading.reason == Reason.MAX_PAGES:
            unread += 1
        else:
            _print_reading(reading, zone)
    if unread:
        output.print_line(f"... and {unread} addresses more that were not asked for (--pages)")
    if trial.readings:
        output.print_line(", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in trial.shares().items()))
    failures = trial.failures()
    for failure in failures:
        output.print_line(f"FAILED: {failure}")
    return 1 if failures else 0


def _print_reading(reading: DryRunReading, zone: tzinfo) -> None:
    because = f"  ({reading.because})" if reading.because else ""
    output.print_line(f"\n{reading.outcome}/{reading.reason}  {reading.url}{because}")
    article = reading.article
    if article is None:
        return
    moment = shown_moment(article.published_at, zone) if article.published_at else "no time"
    flags = f"  [{', '.join(article.flags)}]" if article.flags else ""
    key = f"  edition key {reading.edition_key}" if reading.edition_key else ""
    output.print_line(f"    {article.title or 'no title'}")
    output.print_line(
        f"    {moment} (as written: {article.published_raw or '-'})  "
        f"{len(article.text)} characters by {article.extractor}"
    )
    if flags or key:
        output.print_line(f"   {flags}{key}")
