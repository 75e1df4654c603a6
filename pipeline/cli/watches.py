"""`onrecord watches ...`: preview the alerts of watches, and send failed ones again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import Config
from pipeline.config.settings import from_environment
from pipeline.errors import UnknownName

watches = typer.Typer(help="Watches, which send alerts by e-mail: preview, send again.", no_args_is_help=True)


@watches.command("test")
def test_watch(
    file: Annotated[Path | None, typer.Argument(help="A watches file; default: the one in use.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 7,
    config: Config = None,
) -> int:
    """Dry run: show which alerts the watches would have raised lately, and one e-mail. Sends nothing."""
    from pipeline.alerts.messages import Sender
    from pipeline.config.speakers import load_roster
    from pipeline.config.watches import load_watches, read_watches
    from pipeline.onboarding.watch_preview import preview_watches
    from pipeline.queries.history import newest_run
    from pipeline.queries.snapshot import open_snapshot

    settings = from_environment(config_dir=config)
    known = {speaker.id for speaker in load_roster(settings).speakers}
    configured = read_watches(file, known) if file else load_watches(settings, known)
    with open_snapshot(settings) as connection:
        # The last days are counted back from the clock of the newest run: in a replay that is the replayed day.
        newest = newest_run(connection)
        now = newest.clock if newest else datetime.now(UTC)
        shown = output.escaping_stream(sys.stdout)
        return preview_watches(connection, configured, now, shown, days=days, sender=Sender(zone=settings.timezone))


@watches.command()
def resend(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of watches; none: all.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 3,
    config: Config = None,
) -> int:
    """Put dead letters, e-mails that could not be delivered, back into the outbox; the next run sends them."""
    from pipeline.config.speakers import load_roster
    from pipeline.config.watches import load_watches
    from pipeline.store import audit
    from pipeline.store.alerts import dead_mail
    from pipeline.store.engine import open_store

    now = datetime.now(UTC)
    settings = from_environment(config_dir=config)
    configured = [it.id for it in load_watches(settings, {speaker.id for speaker in load_roster(settings).speakers})]
    with open_store(settings) as engine, engine.begin() as connection:
        unknown = dead_mail.unknown_watches(connection, names or ())
        if unknown:
            hint = f"the configuration has {', '.join(configured) or 'none'}"
            raise UnknownName(
                f"no watch {', '.join(unknown)} has been in use; {hint}",
                kind="watch",
                name=unknown[0],
                near=tuple(configured),
            )
        again = dead_mail.resend_dead_alerts(connection, since=now - timedelta(days=days), now=now, only=names or None)
        if again:
            audit.add_audit_entry(
                connection, "watch resend", ", ".join(names or ["all"]), detail={"alerts": len(again)}
            )
    output.print_line(
        f"{len(again)} alerts of the last {days} days are in the outbox again; the next `onrecord run` sends them"
    )
    return 0
