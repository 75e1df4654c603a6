"""Secrets are made once, whoever asks first, and however many ask at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pipeline.cli.keys import airflow_password_file
from pipeline.config.installation_secrets import installation_secret
from pipeline.config.settings import Settings

NAMES = [f"KEY_{number}" for number in range(20)]
ASK = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
from pipeline.config.installation_secrets import installation_secret
from pipeline.config.settings import from_environment
settings = from_environment(home=Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps({name: installation_secret(settings, name) for name in sys.argv[2:]}))
"""


def test_processes_that_ask_at_once_are_told_the_same(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(home), *NAMES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(12)
    ]
    for one in asking:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in asking:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    answers = [json.loads(one.communicate(timeout=60)[0]) for one in asking]
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == len(NAMES)
    path = home / "secrets.env"
    assert dict(line.split("=", 1) for line in path.read_text().splitlines()) == answers[0]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_somebody_wrote_into_the_file_stays(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "secrets.env").write_text("# ours\nMINE=a=b")
    made = installation_secret(settings, "NEW")
    assert installation_secret(settings, "MINE") == "a=b"
    assert (settings.home / "secrets.env").read_text() == f"# ours\nMINE=a=b\nNEW={made}\n"


def test_each_user_has_a_password_of_their_own(settings: Settings) -> None:
    path = airflow_password_file(settings, ["admin", "anna"])
    found = json.loads(path.read_text())
    assert found == {
        "admin": installation_secret(settings, "AIRFLOW_ADMIN_PASSWORD"),
        "anna": installation_secret(settings, "AIRFLOW_ANNA_PASSWORD"),
    }
    assert len(set(found.values())) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(json.loads(airflow_password_file(settings, ["anna"]).read_text())) == ["anna"]
