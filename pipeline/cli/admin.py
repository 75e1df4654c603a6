"""Commands for administrators: `db doctor sources speakers watch demo version`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import shorten
from typing import Annotated

import typer
from sqlalchemy import Engine

from pipeline.cli import output
from pipeline.cli.runs import Config
from pipeline.cli.sources import sources
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError

database = typer.Typer(help="The database: bring it up to date, show its address, open a shell.", no_args_is_help=True)
speakers = typer.Typer(help="The roster.", no_args_is_help=True)
watch = typer.Typer(help="Who is told of what.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(database, name="db")
    app.add_typer(sources, name="sources")
    app.add_typer(speakers, name="speakers")
    app.add_typer(watch, name="watch")
    for command in (doctor, demo, version):
        app.command()(command)


@database.command()
def upgrade() -> int:
    """Bring the database's tables to this version of onrecord."""
    from pipeline.store import migrate
    from pipeline.store.engine import open_store

    with open_store(from_environment(), migrated=False) as engine:
        migrate.upgrade_database(engine)
        output.print_line(f"database is at {migrate.current_revision(engine)}")
    return 0


Role = Annotated[
    str | None,
    typer.Option(help="`analyst`: read-only, sees the analyst views only; `superuser`: of the embedded server."),
]


@database.command()
def url(role: Role = None) -> int:
    """The database's address, password included: for psql, a notebook, a dashboard."""
    from pipeline.store.server.database_url import SUPERUSER_ROLE, open_database_address

    settings = from_environment()
    if role == SUPERUSER_ROLE:
        raise ConfigError("the superuser's address holds for a session only: onrecord db shell --role superuser")
    with open_database_address(settings, role) as found:
        output.print_line(found)
        if not settings.database_url:
            output.print_note("(the embedded server runs only while a command uses it: keep `onrecord db shell` open)")
    return 0


@database.command()
def shell(role: Role = None) -> int:
    """A psql session; ends when you leave it."""
    from pipeline.store import audit
    from pipeline.store.engine import open_store
    from pipeline.store.server.database_url import ANALYST_ROLE, open_database_address, psql_session

    settings = from_environment()
    with open_database_address(settings, role) as found:
        if role != ANALYST_ROLE:
            with open_store(settings, migrated=False) as engine:
                audit.add_audit_entry_if_possible(engine, "db shell", f"as the {role or 'owner of the tables'}")
        with psql_session(found) as (words, environment):
            return subprocess.run(words, env=environment, check=False).returncode


@speakers.command("check")
def check_speakers(config: Config = None) -> int:
    """Find clashes in the roster: two holders of one office, one name for two people, a missing script."""
    from pipeline.config.speakers import load_roster
    from pipeline.config.speakers_check import find_roster_clashes

    roster = load_roster(from_environment(config_dir=config))
    found = find_roster_clashes(roster)
    for clash in found:
        output.print_line(clash)
    output.print_line(f"{len(roster.speakers)} speakers, {len(roster.offices)} offices: {len(found) or 'no'} clashes")
    return 1 if found else 0


@speakers.command("proposed")
def proposed_speakers(
    at_least: Annotated[int, typer.Option(min=1, help="Only who is quoted so often.")] = 2,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    config: Config = None,
) -> int:
    """List who is quoted by name and not in the roster, the most quoted first."""
    from pipeline.store.engine import open_store
    from pipeline.store.statements.speakers import roster_proposals

    settings = from_environment(config_dir=config)
    with open_store(settings) as engine, engine.connect() as connection:
        found = roster_proposals(connection, at_least, limit)
    for one in found:
        if as_json:
            output.print_line(json.dumps({**asdict(one), "last_seen": one.last_seen.isoformat()}, ensure_ascii=False))
            continue
        output.print_line(f"{one.name}: {one.quotes} quotes in {one.articles} articles of {', '.join(one.sources)}")
        day = one.last_seen.astimezone(settings.timezone).date()
        output.print_line(f"    last on {day}: {shorten(one.example, 100, placeholder=' ...')}")
    if not found and not as_json:
        output.print_line(f"nobody outside the roster is quoted by name {at_least} times or more")
    elif not as_json:
        output.print_line("to add one, see docs/add-a-speaker.md")
    return 0


@watch.command("test")
def test_watch(
    file: Annotated[Path | None, typer.Argument(help="A watches file; default: the one in use.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 7,
    config: Config = None,
) -> int:
    """Show what the watches would have told in the last days, and one letter. Sends nothing."""
    from pipeline.alerts.messages import Sender
    from pipeline.config.speakers import load_roster
    from pipeline.config.watches import load_watches, read_watches
    from pipeline.onboarding.watch_preview import preview_watches
    from pipeline.store.engine import open_store

    settings = from_environment(config_dir=config)
    known = {speaker.id for speaker in load_roster(settings).speakers}
    watches = read_watches(file, known) if file else load_watches(settings, known)
    with open_store(settings) as engine:
        head = Sender(zone=settings.timezone)
        return preview_watches(
            engine, watches, newest_moment(engine), output.escaping_stream(sys.stdout), days=days, sender=head
        )


@watch.command()
def resend(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of watches; none: all.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days back; what is older is no news.")] = 3,
    config: Config = None,
) -> int:
    """Have the next run send mails that ended dead: after a fault of the mail server, of settings or of onrecord."""
    from pipeline.store import audit
    from pipeline.store.alerts import dead_mail
    from pipeline.store.engine import open_store

    now = datetime.now(UTC)
    with open_store(from_environment(config_dir=config)) as engine, engine.begin() as connection:
        unknown = dead_mail.unknown_watches(connection, names or ())
        if unknown:
            raise ConfigError(f"no watch {', '.join(unknown)} has been in use; `onrecord watch test` shows all")
        again = dead_mail.resend_dead_alerts(connection, since=now - timedelta(days=days), now=now, only=names or None)
        if again:
            audit.add_audit_entry(
                connection, "watch resend", ", ".join(names or ["all"]), detail={"alerts": len(again)}
            )
    output.print_line(f"{len(again)} alerts of the last {days} days wait again; the next `onrecord run` sends them")
    return 0


def newest_moment(engine: Engine) -> datetime:
    """The clock of the newest run, from which "the last days" are counted back; real time if nothing has run."""
    from pipeline.store.runs import runs

    with engine.connect() as connection:
        latest = runs.latest_run(connection)
        row = runs.run_row(connection, latest) if latest else None
    return row["clock"] if row else datetime.now(UTC)


def doctor(config: Config = None) -> int:
    """Look whether everything needed is there, and say how to mend what is not."""
    from pipeline.operations.doctor import diagnose_installation

    checks = diagnose_installation(from_environment(config_dir=config))
    for check in checks:
        output.print_line(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}")
    return 0 if all(check.ok for check in checks) else 1


def demo(
    home: Annotated[Path, typer.Option(help="Where the demo keeps its database, archive and letters.")] = Path(".demo"),
) -> int:
    """The main job on the bundled sample newsroom: crawl, extract, quote, link, alert, with nothing to set up."""
    from pipeline.cli import demo as show
    from pipeline.demo import run as sample

    settings = sample.settings_for(from_environment(), home)
    done = sample.run_demo(settings, bars=show.bars_of)
    return show.print_demo(done, settings)


def version() -> int:
    """The version of onrecord and of the parts whose results are stored."""
    output.print_line(f"onrecord {code_version()}")
    return 0


def code_version() -> str:
    from importlib.metadata import version as installed

    from pipeline import extraction, quotes

    return f"{installed('onrecord')} (extraction {extraction.VERSION}, quotes {quotes.VERSION})"
