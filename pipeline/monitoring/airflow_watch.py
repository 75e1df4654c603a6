"""Watch over Airflow from outside of it: parts that give no sign of life, DAG files that cannot be imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pipeline.config.secrecy import without_password
from pipeline.config.settings import Settings
from pipeline.errors import OnrecordError
from pipeline.monitoring import emails, installation
from pipeline.store.runs.installation_incidents import InstallationKind, Trouble
from pipeline.store.server.airflow_database import import_errors

log = structlog.get_logger()

SILENT_FOR = timedelta(minutes=5)
"""How long a part may be silent; a restart takes less."""
PARTS = {"scheduler": "scheduler", "dag_processor": "DAG processor"}
LONGEST_DETAIL = 4000
HEALTHY = "healthy"


@dataclass(slots=True)
class AirflowWatch:
    """Remembers since when each part of Airflow is silent. ``metadata_url``: Airflow's database."""

    engine: Engine
    settings: Settings
    metadata_url: str
    silent_since: dict[str, datetime] = field(default_factory=dict)

    def look(self, statuses: Mapping[str, str] | None, now: datetime) -> None:
        """Tell what is wrong now and was not notified, and what is over. ``statuses``: of the parts; None: no answer.

        Errors are only logged: whoever watches must not fall with what it watches.
        """
        try:
            broken = [
                Trouble(InstallationKind.DAG_BROKEN, file, message[-LONGEST_DETAIL:])
                for file, message in import_errors(self.metadata_url).items()
            ]
            with self.engine.begin() as connection:
                for kind, troubles in (
                    (InstallationKind.SCHEDULER_STILL, self._silent_parts(statuses, now)),
                    (InstallationKind.DAG_BROKEN, broken),
                ):
                    installation.keep_in_step(connection, self.settings, kind, troubles, now=now)
                installation.check_disks(connection, self.settings, now)
            emails.deliver_ops_emails(self.engine, self.settings, now=now)
        except (OnrecordError, OSError, SQLAlchemyError) as error:
            log.error("airflow_not_watched", error=without_password(str(error)))

    def _silent_parts(self, statuses: Mapping[str, str] | None, now: datetime) -> list[Trouble]:
        found = []
        for part, name in PARTS.items():
            if statuses is not None and statuses.get(part) == HEALTHY:
                self.silent_since.pop(part, None)
                continue
            since = self.silent_since.setdefault(part, now)
            if now - since >= SILENT_FOR:
                said = "Airflow's API does not answer" if statuses is None else f"its state is {statuses.get(part)}"
                detail = f"No sign of life since {since:%Y-%m-%d %H:%M} UTC: {said}."
                found.append(Trouble(InstallationKind.SCHEDULER_STILL, name, detail))
        return found
