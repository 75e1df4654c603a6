"""Failures of runs: of which an e-mail was sent before, and an e-mail on those that are new.

Runs of one family are compared with each other: `run` and the DAG's runs are one, daily runs another, since they read
other documents.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pipeline.alerts import ops
from pipeline.config.settings import Settings
from pipeline.health import Kind
from pipeline.monitoring import emails, installation
from pipeline.store.alerts import ops_mail
from pipeline.store.alerts.ops_mail import OpsEmail
from pipeline.store.crawl import incidents
from pipeline.store.runs import installation_incidents
from pipeline.store.runs.installation_incidents import InstallationKind, Trouble

CAUSES = frozenset({Kind.BLOCKED, Kind.UNREACHABLE, Kind.FEED_MOVED, Kind.SILENT})
"""Kinds of incidents of a source that explain why it brought nothing."""
FAMILIES = {"run": "collect"}
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class EndedRun:
    """What a run that has ended failed in. ``now``: its clock, or the real time of a replay."""

    id: str
    command: str
    now: datetime
    crawled: Collection[str]
    empty: Mapping[str, str]
    """The sources that brought nothing, and why."""
    failures: Sequence[str]
    """All other failures."""
    known: Sequence[str] = ()
    """Failures of which an e-mail was sent before, and that do not count."""
    link: str = ""

    @property
    def family(self) -> str:
        return FAMILIES.get(self.command, self.command)


def notified_before(
    connection: Connection, command: str, source_ids: Sequence[str], *, before: datetime
) -> dict[str, str]:
    """Those of the sources with an open incident of which an e-mail was sent before this moment, or that is snoozed.

    Each with the incident in words.
    """
    found: dict[str, str] = {}
    of_sources = incidents.incidents_of_sources(connection, source_ids, after=before)
    for source_id, more in of_sources.items():
        for it in more:
            open_before = it.closed_at is None and it.opened_at < before and it.kind in CAUSES
            email_id = f"opened.{it.id}"
            if open_before and _is_notified(connection, email_id, it.snoozed_until, before):
                found[source_id] = f"{it.kind}, incident of {it.opened_at:%Y-%m-%d}"
    family = FAMILIES.get(command, command)
    for one in installation.open_ones(connection, InstallationKind.RUN_FAILED):
        source_id = one.subject.removeprefix(f"{family}: source ")
        notified = one.opened_at < before and _is_notified(connection, one.email_id, one.snoozed_until, before)
        if source_id in source_ids and notified:
            found.setdefault(source_id, f"incident of {one.opened_at:%Y-%m-%d}")
    return found


def _is_notified(connection: Connection, email_id: str, snoozed_until: datetime | None, now: datetime) -> bool:
    return emails.is_snoozed(snoozed_until, now) or bool(ops_mail.sent_ops_emails(connection, [email_id]))


def failure_notification(connection: Connection, source_id: str) -> str:
    """Id of the e-mail that says that runs fail by this source; empty if none was sent."""
    ones = installation.open_ones(connection, InstallationKind.RUN_FAILED)
    email_ids = [it.email_id for it in ones if it.subject.endswith(f": source {source_id}")]
    return next(iter(sorted(ops_mail.sent_ops_emails(connection, email_ids))), "")


def note_ended_run(connection: Connection, settings: Settings, run: EndedRun) -> None:
    """Open an incident for each new failure, with one e-mail on all of them; close those of failures that are gone."""
    explained = _explained(connection, run)
    troubles = [
        *(
            Trouble(InstallationKind.RUN_FAILED, f"{run.family}: source {source}", f"{source}: {why}", run.link)
            for source, why in run.empty.items()
            if source not in explained
        ),
        *(
            Trouble(InstallationKind.RUN_FAILED, f"{run.family}: {_key(failure)}", failure, run.link)
            for failure in run.failures
        ),
    ]
    email_id = f"failed.{run.id}"
    opened = installation_incidents.open_incidents(
        connection, troubles, at=run.now, email_id=email_id if settings.ops_mail else ""
    )
    if opened and settings.ops_mail:
        again = {it.detail for it in troubles} - {it.detail for it in opened}
        subject, text = ops.run_failure_email(
            settings,
            run.id,
            [it.detail for it in opened],
            known=[*run.known, *sorted(again)],
            link=run.link,
            now=run.now,
        )
        ops_mail.add_ops_email(connection, OpsEmail(email_id, subject, text, run.now))
    _close_what_is_gone(connection, settings, run, {it.subject for it in troubles}, explained)


def _explained(connection: Connection, run: EndedRun) -> set[str]:
    """The sources that brought nothing and have an incident of their own, which tells it."""
    found = incidents.incidents_of_sources(connection, list(run.empty), after=run.now)
    return {source for source, more in found.items() if any(it.closed_at is None and it.kind in CAUSES for it in more)}


def _close_what_is_gone(
    connection: Connection, settings: Settings, run: EndedRun, failing: set[str], explained: set[str]
) -> None:
    standing = installation.open_ones(connection, InstallationKind.RUN_FAILED)
    ours = [it for it in standing if it.subject.startswith(f"{run.family}: ") and it.subject not in failing]
    silently, gone = [], []
    for it in ours:
        tail = it.subject.removeprefix(f"{run.family}: ")
        source = tail.removeprefix("source ") if tail.startswith("source ") else ""
        if source in explained:
            silently.append(it.id)
        elif not source or source in run.crawled:
            gone.append(it)
    tasks = installation.open_ones(connection, InstallationKind.TASK_FAILED)
    gone += [it for it in tasks if it.subject.startswith(f"{run.family}.report")]
    installation_incidents.close_incidents(connection, silently, at=run.now)
    installation.heal(connection, settings, gone, now=run.now)


def _key(failure: str) -> str:
    """A failure without its numbers, which change from run to run while it is the same."""
    return re.sub(r"\d+", "N", failure)[:LONGEST_SUBJECT]
