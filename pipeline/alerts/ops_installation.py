"""E-mails on the installation itself: when something is wrong, when it is over, and after a snooze."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from pipeline.alerts.mime import header_text
from pipeline.alerts.rendering import TEXT
from pipeline.store.runs.installation_incidents import InstallationIncident, InstallationKind, Trouble


@dataclass(frozen=True, slots=True)
class Guidance:
    """What an e-mail says of a kind of trouble, beside what was seen."""

    title: str
    """The subject line; ``{}`` is the subject of the incident."""
    missed: str
    todo: str
    look: tuple[tuple[str, str], ...]
    """Commands or places, and what they show."""


DOCTOR = ("onrecord doctor", "what the installation itself lacks")
GUIDANCE = {
    InstallationKind.RUN_FAILED: Guidance(
        "a run failed: {}",
        "What failed is named above; everything else of the run was done.",
        "The next run tries again what can be tried again.",
        (("onrecord report", "what each source and stage of the newest run did"), DOCTOR),
    ),
    InstallationKind.NOT_OPENED: Guidance(
        "{} runs cannot begin",
        "Nothing is crawled, processed or sent by these runs as long as this lasts. The next run that begins takes "
        "up what waits.",
        "Correct what the reason names. No restart is needed: the next run reads the configuration again.",
        (("onrecord config check", "all that is wrong with settings and files"), DOCTOR),
    ),
    InstallationKind.TASK_FAILED: Guidance(
        "the task {} failed",
        "What this task does was not done. No other task waits for it in vain; its next run does it.",
        "Read its log. If it fails every time, clear it in Airflow when the reason is gone.",
        (DOCTOR,),
    ),
    InstallationKind.ARCHIVE_DAMAGED: Guidance(
        "the archive is not what was written",
        "What is named cannot be proved at present. The proof runs every night over a sample, and over what is "
        "named here.",
        "Restore the files from a backup or from the remote storage; docs/runbook.md, An archive file is damaged.",
        (("onrecord verify --all", "everything that cannot be proved"), DOCTOR),
    ),
    InstallationKind.DAG_BROKEN: Guidance(
        "Airflow cannot read {}",
        "The runs of this DAG are not started, or by its last good version.",
        "Install onrecord again, or correct the file if it is your own.",
        (("onrecord airflow dags list-import-errors", "the whole message"),),
    ),
    InstallationKind.SCHEDULER_STILL: Guidance(
        "Airflow's {} stands still",
        "No run is started, or none gets on, as long as this lasts. The runs that follow take up what waits.",
        "Restart it: `onrecord up` again, or its container.",
        (("HOME/airflow/logs/up", "the logs of Airflow's parts"), DOCTOR),
    ),
    InstallationKind.DISK_NEARLY_FULL: Guidance(
        "the disk of {} is nearly full",
        "Nothing yet. When it is full, runs end half-way; what is stored stays whole.",
        "Make room, or move the archive: docs/runbook.md, The disk is full.",
        (("onrecord doctor", "how much is free, and what takes how much"),),
    ),
    InstallationKind.DAILY_LATE: Guidance(
        "the daily run of {} is late",
        "Date sitemaps and archives of that day are not read yet. Runs of the DAG onrecord_collect go on, and a daily "
        "run that comes later reads that day as well.",
        "See whether the DAG is paused, in which task its run stands, or which run it waits for.",
        (("the DAG onrecord_daily in Airflow's web page", "whether it is paused, and where its run stands"), DOCTOR),
    ),
}


def trouble_email(trouble: Trouble | InstallationIncident, at: datetime, zone: tzinfo = UTC) -> tuple[str, str]:
    """Subject and text of the e-mail on something that is wrong with the installation since ``at``."""
    guidance = GUIDANCE[trouble.kind]
    title = guidance.title.format(header_text(trouble.subject, 100))
    text = TEXT.get_template("ops_trouble.txt.j2").render(
        title=title,
        detail=_lines(trouble.detail),
        guidance=guidance,
        link=trouble.link,
        at=at,
        zone=zone,
    )
    return header_text(f"onrecord: {title}"), text


def over_email(ended: Sequence[InstallationIncident], at: datetime, zone: tzinfo = UTC) -> tuple[str, str]:
    """Subject and text of the one e-mail on incidents that are over at ``at``."""
    titles = [incident_title(it) for it in ended]
    text = TEXT.get_template("ops_over.txt.j2").render(
        ended=[(title, it.opened_at, header_text(it.detail, 300)) for title, it in zip(titles, ended, strict=True)],
        at=at,
        zone=zone,
    )
    more = f" and {len(ended) - 1} more" if len(ended) > 1 else ""
    return header_text(f"onrecord: over: {titles[0]}{more}"), text


def incident_title(incident: InstallationIncident | Trouble) -> str:
    """The incident in one short line."""
    return GUIDANCE[incident.kind].title.format(header_text(incident.subject, 100))


def _lines(text: str) -> list[str]:
    return [header_text(line, 1000) for line in text.splitlines()[:60] if line.strip()]
