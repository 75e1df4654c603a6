"""`onrecord watches ...`: preview the alerts of watches, and send failed ones again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import Config
from pipeline.config.settings import from_environment
from pipeline.errors import UnknownName
from pipeline.runtime.days import shown_day

if TYPE_CHECKING:
    from pipeline.alerts.messages import Sender
    from pipeline.onboarding.watch_preview import WatchPreview

watches = typer.Typer(help="Watches, which send alerts by e-mail: preview, send again.", no_args_is_help=True)


@watches.command("test")
def test_watch(
    file: Annotated[Path | None, typer.Argument(help="A watches file; default: the one in use.")] = None,
    days: Annotated[int, typer.Option(min=1, max=36_500, help="How many days back.")] = 7,
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
    if not configured:
        output.print_line("No watch is defined. Put one into watches.yaml in the folder that ONRECORD_CONFIG names.")
        return 0
    with open_snapshot(settings) as connection:
        # The last days are counted back from the clock of the newest run: in a replay that is the replayed day.
        newest = newest_run(connection)
        now = newest.clock if newest else datetime.now(UTC)
        preview = preview_watches(connection, configured, now - timedelta(days=days))
    output.print_line(f"{preview.seen} statements were first seen in the last {days} days. Nothing is sent.")
    sender = Sender(zone=settings.timezone)
    for one in preview.watches:
        for line in watch_lines(one, sender):
            output.print_line(line)
    example = next((one for one in preview.watches if one.newest), None)
    if example is not None:
        output.print_line(example_email(example, sender, now))
    return 0


def watch_lines(preview: WatchPreview, sender: Sender) -> Iterator[str]:
    """What one watch would have raised, as lines; days in the zone of ``sender``."""
    from pipeline.alerts.subjects import subject_of

    watch, number = preview.watch, preview.matches
    wanted = ", ".join([*watch.speakers, *(f"“{phrase}”" for phrase in watch.words)])
    yield f"\n{watch.id} ({wanted}) for {watch.address}: {number} statements, in about {preview.emails} e-mails"
    if preview.in_summary:
        yield f"  {preview.in_summary} of them in a daily summary"
    if preview.too_old:
        yield f"  {preview.too_old} more are older than 30 days or have no date, and would not be sent"
    if number > len(preview.newest):
        yield f"  the last {len(preview.newest)}:"
    for view in preview.newest:
        day = shown_day(view.first_published_at, view.first_published_on, sender.zone) or "no date   "
        yield f"  {day}  {subject_of([view])}"
        yield from (f"              {report.url}" for report in view.reports[:1])


def example_email(preview: WatchPreview, sender: Sender, now: datetime) -> str:
    """The e-mail on the newest statement that the watch would have raised, as text."""
    from pipeline.alerts.messages import email_of, example_content

    email = email_of(example_content(preview.newest[-1:], preview.watch, sender, now), sender)
    head = f"To: {email.recipient}\nSubject: {email.subject}"
    return f"\nAn e-mail would look like this:\n\n{head}\n\n{email.text}".removesuffix("\n")


@watches.command()
def resend(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of watches; none: all.")] = None,
    days: Annotated[int, typer.Option(min=1, max=36_500, help="How many days back.")] = 3,
    config: Config = None,
) -> int:
    """Put dead letters, e-mails that could not be delivered, back into the outbox; the next run sends them."""
    from pipeline.config.speakers import load_roster
    from pipeline.config.watches import load_watches
    from pipeline.store import audit
    from pipeline.store.alerts import outbox
    from pipeline.store.engine import open_store

    now = datetime.now(UTC)
    settings = from_environment(config_dir=config)
    configured = [it.id for it in load_watches(settings, {speaker.id for speaker in load_roster(settings).speakers})]
    with open_store(settings) as engine, engine.begin() as connection:
        unknown = outbox.unknown_watches(connection, names or ())
        if unknown:
            hint = f"the configuration has {', '.join(configured) or 'none'}"
            raise UnknownName(
                f"no watch {', '.join(unknown)} has been in use; {hint}",
                kind="watch",
                name=unknown[0],
                near=tuple(configured),
            )
        again = outbox.resend_dead_alerts(connection, since=now - timedelta(days=days), now=now, only=names or None)
        if again:
            audit.add_audit_entry(
                connection, "watch resend", ", ".join(names or ["all"]), detail={"alerts": len(again)}
            )
    output.print_line(
        f"{len(again)} alerts of the last {days} days are in the outbox again; the next `onrecord run` sends them"
    )
    return 0
