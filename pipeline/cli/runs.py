"""Commands that start runs: `run`, and `stage ...` for each of the five stages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import AsJson, Config, From, Sources, To
from pipeline.cli.progress import progress_bars
from pipeline.config.settings import from_environment
from pipeline.errors import InvalidValue, OptionConflict
from pipeline.records import Stage, Window
from pipeline.runtime.days import start_of
from pipeline.stages.context import Replay

if TYPE_CHECKING:
    from pipeline.runs.report import RunReport

stages = typer.Typer(help="Run a single stage on everything that it has not processed yet.", no_args_is_help=True)


def window_of(start: str | None, end: str | None) -> Window | None:
    """The window of --from and --to; a day means its first moment.

    ConfigError if one of them is no day or moment, or if only one is given.
    """
    first = None if start is None else start_of(start, name="--from")
    last = None if end is None else start_of(end, name="--to")
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise OptionConflict("--from and --to belong together", options=("--from", "--to"))
    try:
        return Window(first, last)
    except ValueError as error:
        raise InvalidValue(f"--from {start} --to {end}: {error}", name="--to", value=str(end)) from error


def run(
    start: From = None,
    end: To = None,
    source: Sources = None,
    replay: Annotated[
        Path | None, typer.Option(help="Read this WARC file, or folder of WARC files, instead of the web.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="With --replay: the web as it was then, a day (its end, UTC) or a moment."),
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> int:
    """Crawl the sources now and process what is new: extract, find quotes, link, send alerts."""
    from pipeline.runs import runner

    settings = from_environment(config_dir=config)
    if as_of and replay is None:
        raise OptionConflict("--as-of needs --replay FILE", options=("--as-of", "--replay"))
    replayed = Replay.of(replay, as_of) if replay else None
    plan = runner.RunPlan("run", source_ids=source, window=window_of(start, end), replay=replayed)
    with progress_bars(quiet=as_json) as progress, runner.open_run(settings, plan, progress=progress) as opened:
        report = runner.perform_run(opened)
    return print_report(report, as_json=as_json)


def print_report(report: RunReport, *, as_json: bool) -> int:
    """Print the report of a run and return its exit code."""
    if as_json:
        output.print_line(output.json_line(report.as_json()))
    else:
        output.print_line(report.as_text())
    return report.exit_code


STAGE_HELP = {
    Stage.CRAWL: "Fetch what the sources list now into the archive. --from and --to are only recorded with the run.",
    Stage.EXTRACT: "Extract articles from the archived pages that were not extracted yet.",
    Stage.QUOTE: "Find quotes in the article versions that were not searched yet.",
    Stage.LINK: "Put the sentences of new quotes into statements: one for each thing said.",
    Stage.ALERT: "Match new statements against the watches, and send e-mails.",
}
OF_ALL_SOURCES = (Stage.LINK, Stage.ALERT)
"""Stages that compare what all sources bring: they have no option --source."""


def stage_command(stage: Stage) -> Callable[..., int]:
    """The command that runs only one stage."""

    def for_sources(
        start: From = None, end: To = None, source: Sources = None, as_json: AsJson = False, config: Config = None
    ) -> int:
        return run_stage(stage, window_of(start, end), source, as_json, config)

    def for_all(start: From = None, end: To = None, as_json: AsJson = False, config: Config = None) -> int:
        return run_stage(stage, window_of(start, end), None, as_json, config)

    return for_all if stage in OF_ALL_SOURCES else for_sources


def run_stage(
    stage: Stage, window: Window | None, source_ids: list[str] | None, as_json: bool, config: Path | None
) -> int:
    """Run one stage, print the report and return its exit code."""
    from pipeline.runs import runner

    settings = from_environment(config_dir=config)
    plan = runner.RunPlan(str(stage), source_ids=source_ids, window=window)
    with progress_bars(quiet=as_json) as progress, runner.open_run(settings, plan, progress=progress) as opened:
        report = runner.perform_run(opened, stages=(stage,))
    return print_report(report, as_json=as_json)


for _stage in Stage:
    stages.command(str(_stage), help=STAGE_HELP[_stage])(stage_command(_stage))
