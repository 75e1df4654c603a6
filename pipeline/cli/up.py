"""`onrecord up`: run all parts of Airflow and the web pages on one machine, with its database, until stopped."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.airflow import AUTH, airflow_command, airflow_environment, migrate_once
from pipeline.cli.keys import airflow_password_file
from pipeline.cli.processes import ServiceProcesses
from pipeline.config.secrecy import without_secrets
from pipeline.config.settings import REPLAY, Settings, from_environment
from pipeline.crawling.process import with_project
from pipeline.errors import ConfigError, OnrecordError, PortUnusable
from pipeline.runtime import file_locks, private_files

if TYPE_CHECKING:
    from pipeline.monitoring.airflow_watch import AirflowWatch

API = "api-server"
SCHEDULER = "scheduler"
AFTER_API = ((SCHEDULER, "--skip-serve-logs"), ("dag-processor",), ("triggerer", "--skip-serve-logs"))
"""Parts that are started after the api-server, because tasks report to it. Log servers are off: all parts share one
disk, and the log servers would listen on all addresses."""
PARTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")
USER = "admin"
WEB, WEB_PORT = "web", 8090
START_SECONDS = 180.0
LOOK_EVERY = 60.0
LARGEST_LOG = 16 << 20
RESTARTS, RESTARTS_WITHIN = 3, 600.0
"""Parts that have ended are restarted at most this many times within this many seconds; then `up` fails."""


def up(
    port: Annotated[int, typer.Option(help="Port of Airflow, on 127.0.0.1.", min=1, max=65535)] = 8080,
    web_port: Annotated[
        int, typer.Option(help="Port of the pages of `onrecord web`, on 127.0.0.1.", min=1, max=65535)
    ] = WEB_PORT,
) -> int:
    """Run all parts of Airflow, with a login, and the web pages on this machine, until Ctrl-C or SIGTERM."""
    from pipeline.monitoring.airflow_watch import AirflowWatch
    from pipeline.store.engine import open_store
    from pipeline.store.server import airflow_database

    settings = from_environment()
    home = settings.home / "airflow"
    private_files.make_folder(home)
    with (
        stop_on_signals(),
        exclusive_home(home),
        airflow_database.airflow_database(settings) as metadata_url,
        open_store(settings) as engine,
    ):
        check_free(port, "--port")
        check_free(web_port, "--web-port")
        environment = {**os.environ, **environment_of(settings, metadata_url, port)}
        migrate_once(home, metadata_url, environment)
        children = ServiceProcesses(settings.home)
        try:
            start_web(children, settings, web_port)
            run_airflow_parts(children, settings, environment, port, AirflowWatch(engine, settings, metadata_url))
        except KeyboardInterrupt:
            output.print_line("stopping")
            return 0
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            children.stop(last=API)
    return 0


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """In the block, SIGTERM and SIGHUP raise KeyboardInterrupt like Ctrl-C, so that all cleanup is done."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def exclusive_home(home: Path) -> Iterator[None]:
    """Hold a lock on the home for the duration of the block. ConfigError if another `onrecord up` holds it."""
    lock = home / "up.lock"
    with file_locks.open_lock_file(lock) as file:
        try:
            file_locks.acquire_lock(file, lock, fcntl.LOCK_EX, limit=0)
        except file_locks.FileHeld as error:
            who = file_locks.lock_holder(lock)
            raise ConfigError(
                f"another `onrecord up` is at work in {home}: {who}; stop it, or set ONRECORD_HOME"
            ) from error
        yield


def check_free(port: int, option: str) -> None:
    """ConfigError if the port cannot be used on 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortUnusable(
                f"port {port} of 127.0.0.1 cannot be used ({error.strerror}); choose another: {option} N",
                host="127.0.0.1",
                port=port,
            ) from error


def environment_of(settings: Settings, metadata_url: str, port: int) -> dict[str, str]:
    """Airflow's environment variables for one machine. Those for security cannot be overridden by the user's own."""
    address = f"http://127.0.0.1:{port}"
    chosen = {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": str(not may_crawl(settings)),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    ours = {
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        f"{AUTH}_USERS": f"{USER}:admin",
        f"{AUTH}_ALL_ADMINS": "False",
        f"{AUTH}_PASSWORDS_FILE": str(airflow_password_file(settings, [USER])),
    }
    free = {name: value for name, value in chosen.items() if name not in os.environ}
    return {**airflow_environment(settings, metadata_url), **free, **ours}


def start_web(children: ServiceProcesses, settings: Settings, port: int) -> None:
    """Start `onrecord web`; prints its address, which answers some seconds later."""
    logs = settings.home / "airflow" / "logs" / "up"
    logs.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "web", "--port", str(port)]
    children.start(WEB, command, with_project(os.environ), logs / f"{WEB}.log")
    output.print_line(f"pages: http://127.0.0.1:{port}/")


def may_crawl(settings: Settings) -> bool:
    """Whether a scheduled crawl can run: it needs a contact address, or a replay."""
    return bool(settings.contact or REPLAY.value())


def run_airflow_parts(
    children: ServiceProcesses, settings: Settings, environment: dict[str, str], port: int, watch: AirflowWatch
) -> None:
    """Start the parts, print the address once all are healthy, and supervise them. OnrecordError if one fails."""
    logs = settings.home / "airflow" / "logs" / "up"
    began = time.monotonic()
    output.print_line("starting Airflow")
    # Tasks run in the scheduler's children; the other parts do not need our secrets, only Airflow's.
    bare = without_secrets(environment, but="AIRFLOW_")
    children.start(API, airflow_command(API), bare, logs / f"{API}.log")
    wait_for(children, port, (), began, logs)
    for name, *options in AFTER_API:
        chosen = environment if name == SCHEDULER else bare
        children.start(name, airflow_command(name, *options), chosen, logs / f"{name}.log")
    wait_for(children, port, PARTS, began, logs)
    output.print_line(f"Airflow is up after {time.monotonic() - began:.0f} s: http://127.0.0.1:{port}")
    output.print_line(f"log in as {USER}; the password is AIRFLOW_ADMIN_PASSWORD in {settings.home / 'secrets.env'}")
    if not may_crawl(settings):
        output.print_line(
            "new DAGs stay paused: a live crawl needs ONRECORD_CONTACT; set it, start again, and unpause them"
        )
    output.print_line("Ctrl-C stops it")
    watch_over(children, logs, lambda: watch.look(airflow_health(port), datetime.now(UTC)))


def watch_over(children: ServiceProcesses, logs: Path, look: Callable[[], None]) -> None:
    """Supervisor: restart parts that end, and ``look`` once a minute. OnrecordError after too many ends (RESTARTS)."""
    ends: deque[float] = deque(maxlen=RESTARTS)
    looked = time.monotonic()
    while True:
        if time.monotonic() - looked >= LOOK_EVERY:
            looked = time.monotonic()
            shorten_logs(logs)
            look()
        gone = children.ended()
        if gone is not None:
            if len(ends) == RESTARTS and time.monotonic() - ends[0] < RESTARTS_WITHIN:
                check_alive(children, logs)
            ends.append(time.monotonic())
            output.print_line(
                f"{part_called(gone)} has ended, and is started again; what it said is in {logs / f'{gone}.log'}"
            )
            children.restart(gone)
        time.sleep(0.5)


def part_called(name: str) -> str:
    """What a message calls a part."""
    return "the web service" if name == WEB else f"Airflow's {name}"


def shorten_logs(folder: Path) -> None:
    """Move what a log has beyond LARGEST_LOG into a file beside it, in place of the one before.

    The parts append to their logs, and go on at the new end.
    """
    for path in folder.glob("*.log"):
        if path.stat().st_size > LARGEST_LOG:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)


def wait_for(children: ServiceProcesses, port: int, parts: tuple[str, ...], began: float, logs: Path) -> None:
    """Wait until the api-server answers and reports the parts as healthy. OnrecordError after START_SECONDS."""
    while True:
        check_alive(children, logs)
        found = airflow_health(port)
        if found is not None and all(found.get(part) == "healthy" for part in parts):
            return
        if time.monotonic() - began > START_SECONDS:
            status = "it does not answer" if found is None else json.dumps(found)
            raise OnrecordError(f"Airflow is not healthy after {START_SECONDS:.0f} s: {status}; its logs are in {logs}")
        time.sleep(0.25)


def check_alive(children: ServiceProcesses, logs: Path) -> None:
    """OnrecordError, with the end of its log, if a part has ended."""
    gone = children.ended()
    if gone is None:
        return
    lines = (logs / f"{gone}.log").read_text(errors="replace").strip().splitlines()[-15:]
    raise OnrecordError("\n".join([f"{part_called(gone)} has ended; the end of {logs / f'{gone}.log'}:", *lines]))


def airflow_health(port: int) -> dict[str, str] | None:
    """The status of each of Airflow's parts; None while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5) as answer:
            found = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return None
    if not isinstance(found, dict):
        return None
    return {part: str(report.get("status")) for part, report in found.items() if isinstance(report, dict)}
