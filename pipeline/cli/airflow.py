"""`onrecord airflow ...`: run any Airflow command with our home, DAG folder, metadata database and secrets."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.keys import airflow_password_file
from pipeline.cli.processes import run_to_end
from pipeline.config.installation_secrets import installation_secret
from pipeline.config.settings import Settings, from_environment
from pipeline.errors import ConfigError
from pipeline.runtime import private_files

AUTH = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER"
PRELOADED = "import pipeline.runs.scheduler_tasks, airflow.__main__; airflow.__main__.main()"
"""Runs Airflow with the code of the tasks loaded. Scheduler and Celery worker fork a process for each task, which would
otherwise load it for 0.8 CPU seconds. An upgrade of onrecord takes effect when they are started again."""


def airflow(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> int:
    """Run any Airflow command with onrecord's DAGs, metadata database and secrets."""
    from pipeline.store.server import airflow_database

    settings = from_environment()
    home = settings.home / "airflow"
    private_files.make_folder(home)
    with airflow_database.airflow_database(settings) as metadata_url:
        environment = {**os.environ, **airflow_environment(settings, metadata_url)}
        migrate_once(home, metadata_url, environment)
        words = airflow_command(*(arguments or []))
        if airflow_database.configured_metadata_url():
            # No cleanup is needed after it, so replace this process: in a container signals then reach Airflow itself.
            sys.stdout.flush()
            os.execve(words[0], words, environment)
        return run_to_end(words, environment)


def airflow_command(*arguments: str) -> list[str]:
    """The command line that runs Airflow in this Python environment."""
    runs_tasks = arguments[:1] == ("scheduler",) or arguments[:2] == ("celery", "worker")
    return [sys.executable, *(("-c", PRELOADED) if runs_tasks else ("-m", "airflow")), *arguments]


def airflow_environment(settings: Settings, metadata_url: str) -> dict[str, str]:
    """Environment variables for an Airflow of this installation: on loopback, with its own login and secrets.

    Variables that the user has set are left out, except PYTHONPATH.
    """
    folder = dags_folder()
    path = os.pathsep.join(filter(None, (str(folder.parent), os.environ.get("PYTHONPATH"))))
    users = os.environ.get(f"{AUTH}_USERS") or "admin:admin"
    chosen = {
        "AIRFLOW_HOME": str(settings.home / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        f"{AUTH}_USERS": users,
        f"{AUTH}_ALL_ADMINS": "False",
        f"{AUTH}_PASSWORDS_FILE": str(
            airflow_password_file(settings, [it.split(":")[0].strip() for it in users.split(",")])
        ),
        "AIRFLOW__CORE__FERNET_KEY": installation_secret(settings, "AIRFLOW_FERNET_KEY"),
        "AIRFLOW__API__SECRET_KEY": installation_secret(settings, "AIRFLOW_API_SECRET"),
        "AIRFLOW__API_AUTH__JWT_SECRET": installation_secret(settings, "AIRFLOW_JWT_SECRET"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url,
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "ONRECORD_HOME": str(settings.home),
        "PYTHONPATH": path,
    }
    return {name: value for name, value in chosen.items() if name == "PYTHONPATH" or name not in os.environ}


def dags_folder() -> Path:
    """The folder of the DAG files, in the checkout or in the installed package. ConfigError if there is none."""
    found = importlib.util.find_spec("dags")
    if found is None or not found.submodule_search_locations:
        raise ConfigError("the package `dags` is not installed; install onrecord again")
    return Path(next(iter(found.submodule_search_locations))).absolute()


def migrate_once(home: Path, metadata_url: str, environment: dict[str, str]) -> None:
    """Migrate the metadata database to this Airflow's version, once per version and database.

    ConfigError if the migration fails.
    """
    import importlib.metadata

    wanted = f"{importlib.metadata.version('apache-airflow-core')} {metadata_url.rsplit('@', 1)[-1]}"
    stamp = home / "migrated"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    from pipeline.store.server import airflow_database

    with airflow_database.migration_lock(metadata_url):
        if stamp.exists() and stamp.read_text() == wanted:
            return
        done = subprocess.run(
            airflow_command("db", "migrate"), env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ConfigError(f"airflow db migrate failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
        stamp.write_text(wanted)
