"""Passwords of Airflow's users, in the file that its login reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.config.installation_secrets import installation_lock, installation_secret
from pipeline.config.settings import Settings
from pipeline.runtime.private_files import write_secret


def airflow_password_file(settings: Settings, users: Iterable[str]) -> Path:
    """Write Airflow's password file and give back its path.

    The passwords are in ``secrets.env``; that of ``anna`` is ``AIRFLOW_ANNA_PASSWORD``.
    """
    path = settings.home / "airflow" / "passwords.json"
    wanted = json.dumps({user: installation_secret(settings, f"AIRFLOW_{user.upper()}_PASSWORD") for user in users})
    with installation_lock(settings.home, "secrets"):
        if not path.exists() or path.read_text() != wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_secret(path, wanted)
    return path
