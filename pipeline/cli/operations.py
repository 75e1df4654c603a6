"""`onrecord ops ...`: back up, restore and take down data, and show the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import AsJsonLines, Config
from pipeline.cli.typed import decode_argument
from pipeline.config.settings import from_environment
from pipeline.runtime.days import shown_moment, start_of

if TYPE_CHECKING:
    from pipeline.queries.incidents import ListedIncident

operations = typer.Typer(
    help="Operate an installation: incidents, backup, restore, takedown, audit log, metrics.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="The backup: one tar file.")]


@operations.command()
def backup(file: File, config: Config = None) -> int:
    """Back up database, archive, spool and configuration to one tar file, each part with its SHA-256."""
    from pipeline.operations.backup import write_backup
    from pipeline.store.audit import add_audit_entry
    from pipeline.store.engine import open_store

    settings = from_environment(config_dir=config)
    with open_store(settings) as engine:
        saved = write_backup(engine, settings, file)
        with engine.begin() as connection:
            add_audit_entry(connection, "backup", str(file.absolute()), detail={"digest": saved.digest})
    output.print_line(f"{file}: {saved.files} files, {saved.size:,} bytes, {saved.rows:,} rows, digest {saved.digest}")
    output.print_line("Secrets are not in it: keep secrets.env and the settings of the environment elsewhere.")
    return 0


@operations.command()
def restore(file: File) -> int:
    """Restore a backup into an empty database and an empty home, all of it or nothing, after checking the file."""
    from pipeline.operations.backup import RESTORED_CONFIG, restore_backup
    from pipeline.store.audit import add_audit_entry
    from pipeline.store.engine import open_store

    settings = from_environment()
    with open_store(settings, migrated=False) as engine:
        saved = restore_backup(engine, settings, file)
        with engine.begin() as connection:
            add_audit_entry(connection, "restore", str(file.absolute()), detail={"digest": saved.digest})
    output.print_line(
        f"restored {saved.files} files, {saved.rows:,} rows; the digest is that of the backup: {saved.digest}"
    )
    configured = settings.home / RESTORED_CONFIG
    if configured.exists():
        output.print_line(
            f"The configuration lies in {configured}: move it where you keep it, and set ONRECORD_CONFIG."
        )
    output.print_line("To prove every quote: onrecord verify --all")
    return 0


@operations.command()
def takedown(
    url: Annotated[str, typer.Argument(help="An address of the article: as listed, asked for or canonical.")],
    reason: Annotated[str, typer.Option(help="Who asked for it and why; stays in the audit log.")],
    config: Config = None,
) -> int:
    """Redact an article for good: its text leaves database, archive and spool; a record that it existed stays."""
    from pipeline.operations.takedown import take_down_article
    from pipeline.store.engine import open_store

    settings = from_environment(config_dir=config)
    with open_store(settings) as engine:
        done = take_down_article(engine, settings, decode_argument(url), decode_argument(reason))
    output.print_line(
        f"{url}: taken down: {done.articles} articles, {done.addresses} addresses, {done.records} archived records, "
        f"{done.letters} e-mails in the spool"
    )
    output.print_line("Older backups, e-mails that were sent and exports still have its words.")
    return 0


@operations.command("incidents")
def list_incidents(
    days: Annotated[float, typer.Option(min=0, help="Also those that were over in the last so many days.")] = 0,
    as_json: AsJsonLines = False,
) -> int:
    """List what is wrong, with sources and with the installation itself. Exit code 1 if anything is, unless snoozed."""
    from pipeline.queries.incidents import listed_incidents
    from pipeline.queries.snapshot import open_snapshot

    settings = from_environment()
    now = datetime.now(UTC)
    with open_snapshot(settings) as connection:
        found = listed_incidents(connection, after=now - timedelta(days=days) if days else None)
    if as_json:
        output.print_json_rows(found)
    else:
        for it in found:
            output.print_line(incident_line(it, settings.timezone))
        if not found:
            output.print_line("nothing is wrong")
    loud = [it for it in found if it.closed_at is None and (it.snoozed_until is None or it.snoozed_until <= now)]
    return 1 if loud else 0


def incident_line(incident: ListedIncident, zone: tzinfo) -> str:
    """An incident as lines of text, with times in ``zone``."""
    over = f", over {shown_moment(incident.closed_at, zone)}" if incident.closed_at else ""
    snoozed = f", snoozed until {shown_moment(incident.snoozed_until, zone)}" if incident.snoozed_until else ""
    head = f"{incident.id}  {incident.kind}  {incident.subject}  since {shown_moment(incident.opened_at, zone)}"
    return f"{head}{over}{snoozed}\n    {' '.join(incident.detail.split())}"


@operations.command("snooze")
def snooze_incident(
    incident: Annotated[str, typer.Argument(help="Its id, from `onrecord ops incidents`.")],
    until: Annotated[str, typer.Option(help="A day (its beginning, in ONRECORD_TIMEZONE) or a moment.")],
) -> int:
    """Keep an open incident silent until a date: it fails no run, and one e-mail comes if it is still open then."""
    from pipeline.monitoring.check import snooze_until
    from pipeline.store.engine import open_store

    settings = from_environment()
    moment = start_of(until, settings.timezone, name="--until")
    with open_store(settings) as engine:
        snooze_until(engine, incident, moment, now=datetime.now(UTC))
    output.print_line(f"{incident} is silent until {shown_moment(moment, settings.timezone)}")
    return 0


@operations.command()
def audit(as_json: AsJsonLines = False) -> int:
    """Show the audit log: what was done to this installation, by whom, when and why."""
    from pipeline.queries.history import audit_entries
    from pipeline.queries.snapshot import open_snapshot

    settings = from_environment()
    with open_snapshot(settings) as connection:
        if as_json:
            output.print_json_rows(audit_entries(connection))
            return 0
        for entry in audit_entries(connection):
            reason = f": {entry.reason}" if entry.reason else ""
            when = shown_moment(entry.at, settings.timezone)
            output.print_line(f"{when}  {entry.who}  {entry.act} {entry.subject}{reason}")
    return 0
