"""The compose files: whole, and told apart from half-filled ones. test_containers.py starts what they name."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from deployment import COMPOSE, config, prepared

pytestmark = pytest.mark.skipif(
    shutil.which(COMPOSE) is None, reason="reads compose files with docker-compose: apt-get install docker-compose"
)
LOCAL = ("compose.yaml",)
CELERY = ("compose.yaml", "compose.celery.yaml")


@pytest.mark.parametrize("files", [LOCAL, CELERY])
def test_every_service_is_pinned_fenced_in_and_logs_within_limits(files: tuple[str, ...], tmp_path: Path) -> None:
    done = config(prepared(tmp_path), *files)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services.keys() >= {"postgres", "migrate", "api-server", "scheduler", "dag-processor", "triggerer", "mail"}
    for name, service in services.items():
        assert re.search(r":[^:]*(\d|local)", service["image"]), name
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["restart"] in (("no",) if name in ("migrate", "cli") else ("unless-stopped",)), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if service["image"].startswith("onrecord"):
            assert service["read_only"] and not service.get("cap_add") and not service.get("user"), name
    assert [name for name, it in services.items() if it.get("ports")] == ["api-server", "grafana", "web"]


def test_secrets_are_made_once_and_nowhere_in_the_settings(tmp_path: Path) -> None:
    docker = prepared(tmp_path)
    secrets = {path.name: path.read_text() for path in (docker / "secrets").iterdir()}
    assert (docker / "secrets").stat().st_mode & 0o777 == 0o700
    named = {name for file in CELERY for name in yaml.safe_load((docker / file).read_text())["secrets"]}
    assert named == secrets.keys()
    words = re.findall(r"\b[0-9a-f]{48}\b", "".join(secrets.values()))
    assert len(set(words)) == len(words) == 6
    shown = config(docker, *CELERY).stdout + (docker / ".env").read_text()
    assert not [word for word in words if word in shown]
    (docker / ".env").write_text("MINE=1\n")
    subprocess.run([docker / "setup.sh"], check=True, stdout=subprocess.DEVNULL)
    assert {path.name: path.read_text() for path in (docker / "secrets").iterdir()} == secrets
    assert (docker / ".env").read_text() == "MINE=1\n"


@pytest.mark.parametrize("name", ["ONRECORD_CONTACT", "ONRECORD_MAIL_FROM", "MAIL_DOMAIN"])
def test_what_is_not_filled_in_is_named(name: str, tmp_path: Path) -> None:
    docker = prepared(tmp_path)
    lines = (docker / ".env").read_text().splitlines()
    (docker / ".env").write_text("\n".join(f"{name}=" if it.startswith(f"{name}=") else it for it in lines))
    done = config(docker, *LOCAL)
    assert done.returncode == 1
    assert "run ./setup.sh and set it in .env" in done.stderr


def test_no_setting_is_passed_that_there_is_not(tmp_path: Path) -> None:
    from pipeline.config.settings import VARIABLES

    services = yaml.safe_load(config(prepared(tmp_path), *CELERY).stdout)["services"]
    passed = {name for it in services.values() for name in it.get("environment", {}) if name.startswith("ONRECORD_")}
    assert {name.removesuffix("_FILE") for name in passed} <= {it.name for it in VARIABLES}
