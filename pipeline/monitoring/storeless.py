"""Tell the ops mailbox of a trouble while the database is away: a file in the home remembers it."""

from __future__ import annotations

from datetime import datetime

import structlog

from pipeline import ids
from pipeline.alerts import ops, ops_installation
from pipeline.alerts.channels.email import transport_for
from pipeline.config.settings import Settings
from pipeline.runtime import private_files
from pipeline.store.runs.installation_incidents import Trouble

log = structlog.get_logger()

FOLDER = "notified"


def tell_without_store(settings: Settings, trouble: Trouble, *, now: datetime) -> None:
    """Send the e-mail at once, unless the file says that it was sent. If that fails, the next failure tries again."""
    if not settings.ops_mail:
        return
    name = ids.content_digest(trouble.kind.value, trouble.subject)
    mark = settings.home / FOLDER / name
    if mark.exists():
        return
    subject, text = ops_installation.trouble_email(trouble, now, settings.timezone)
    try:
        transport_for(settings).send(ops.ops_message(settings, f"o2.{name}.{now:%Y%m%d%H%M}", subject, text, now))
    except Exception as error:
        log.error("ops_mail_failed", trouble=trouble.kind.value, error=str(error), exc_info=ops.is_unforeseen(error))
        return
    private_files.make_folder(mark.parent)
    mark.write_text(f"{trouble.kind.value} {trouble.subject}\n", encoding="utf-8")


def end_without_store(settings: Settings, now: datetime) -> list[tuple[str, str, str]]:
    """Forget what was sent while the database was away; id, subject and text of an e-mail for each."""
    ended = []
    for mark in sorted((settings.home / FOLDER).glob("*")):
        what = mark.read_text(encoding="utf-8").strip()
        text = f"The database can be reached again since {now:%Y-%m-%d %H:%M} UTC. What was reported is over: {what}.\n"
        ended.append((f"over.{mark.name}.{now:%Y%m%d%H%M}", "onrecord: over: the database can be reached again", text))
        mark.unlink()
    return ended
