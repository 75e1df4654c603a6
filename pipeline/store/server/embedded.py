"""The embedded PostgreSQL: created on first use, shared by all our processes, stopped by the last one.

Its users are not counted: each holds a shared ``flock`` on the file ``users`` while it lives, so the kernel releases
that of a killed process. A process that leaves and can then lock the file exclusively was the last, and stops the
server. A server left running by a killed last user is found, used and stopped by the next process.
"""

from __future__ import annotations

import fcntl
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import psutil
import psycopg
import structlog

from pipeline.errors import StoreUnreachable
from pipeline.runtime import file_locks, private_files
from pipeline.runtime.private_files import write_secret
from pipeline.store.server import binaries, cluster, roles, server_process

log = structlog.get_logger()

NAME = roles.OWNER
"""Name of the database."""
LAYOUT = 3
"""Version of the roles' layout, as ``roles`` arranges them; layout 1, where the owner was a superuser, had no
number."""
MEMORY_SHARE = 4
"""Each process of the server may use at most one part in so many of the machine's memory: analysts can set work_mem."""
START_SECONDS = 60.0
TURN_SECONDS = 300.0
"""Seconds to wait for another process that starts or stops the server; each of these steps has limits of its own."""
USE_SECONDS = 30.0
"""Seconds to wait for the shared lock on ``users``, which is taken only if something else has locked the file."""
PORT_TRIES = 5
"""Checks, 0.1 s apart, before a port in use is given up for another."""
LOG_BYTES = 10_000_000
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": ".",  # the data folder itself, by a relative path: socket paths end at 107 bytes
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: a crash of the machine may lose all data."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ``hold`` is this process's shared lock as a user; :func:`leave_server` releases it."""

    root: Path
    port: int
    password: str
    analyst_password: str
    hold: IO[bytes]

    def url(self, database: str = NAME, *, analyst: bool = False) -> str:
        """Address of a database for the owner's login, or the analysts'; with the password."""
        user, password = (roles.ANALYST, self.analyst_password) if analyst else (roles.OWNER, self.password)
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}?sslmode=disable"


@contextmanager
def use(root: Path, *, durable: bool = True) -> Iterator[Server]:
    """The server in ``root``, running for the length of the block; the last block to end stops it."""
    server = ensure(root, durable=durable)
    try:
        yield server
    finally:
        leave_server(server)


def ensure(root: Path, *, durable: bool = True) -> Server:
    """The server in ``root``, created and started if necessary; in use until :func:`leave_server` or the process's end.

    Any number of processes may call this at once. Raises :class:`StoreUnreachable` with what to do.
    """
    root = root.expanduser().absolute()
    with _turn(root):
        if not (root / "data" / "PG_VERSION").exists():
            cluster.initialise_cluster(root, port=_free_port(), durable=durable)
        cluster.check_major(root)
        # A file handle for each call: two uses in one process count as two users.
        hold = file_locks.open_lock_file(root / "users")
        try:
            file_locks.acquire_lock(hold, root / "users", fcntl.LOCK_SH, limit=USE_SECONDS)
            known = json.loads((root / "credentials.json").read_text())
            server = Server(root, known["port"], known["password"], known["analyst_password"], hold)
            running = _ours(server)
            if not running:
                server = _start(server, durable=durable)
            if known.get("layout") != LAYOUT:
                roles.arrange_roles(root, server.port, server.url("postgres"), server.password)
                _remember(root, layout=LAYOUT)
            elif not running:
                _set_analysts_back(server)
            return server
        except BaseException:
            hold.close()
            if not _used(root):
                server_process.stop_server_process(root)  # it may have started, and no other process would stop it
            raise


def _set_analysts_back(server: Server) -> None:
    # Imported here because loading it takes longer than checking that a server runs.
    from pipeline.store.admin import analyst_login

    try:
        analyst_login.set_back(server.root, server.port, server.analyst_password)
    except StoreUnreachable as error:
        log.warning("postgres_analyst_limits_not_set", reason=str(error))  # nothing else needs the superuser


def leave_server(server: Server) -> bool:
    """Release this use of the server; true if it was the last one and the server was stopped."""
    with _turn(server.root):
        if server.hold.closed:
            return False
        fcntl.flock(server.hold, fcntl.LOCK_UN)
        server.hold.close()
        if _used(server.root):
            return False
        try:
            return server_process.stop_server_process(server.root)
        except KeyboardInterrupt:
            server_process.stop_server_process(server.root)
            raise


def stop_embedded_server(root: Path) -> bool:
    """Stop the server in ``root`` even if it is in use; false if none was running."""
    with _turn(root.expanduser().absolute()):
        return server_process.stop_server_process(root)


@contextmanager
def _turn(root: Path) -> Iterator[None]:
    """Allow only one process at a time to start or stop the server."""
    private_files.make_folder(root, 0o700)
    with file_locks.exclusive_lock(root / "lock", limit=TURN_SECONDS):
        yield


def _used(root: Path) -> bool:
    with file_locks.open_lock_file(root / "users") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ours(server: Server) -> bool:
    """Whether the server that answers is this cluster; the port may have been taken by another."""
    if not server_process.is_running(server.root / "data"):
        return False
    for connected in (
        lambda: psycopg.connect(server.url("postgres"), connect_timeout=5, autocommit=True),
        lambda: roles.superuser_connection(
            server.root, server.port, "postgres"
        ),  # a new server has only this role so far
    ):
        try:
            with connected() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
            return row is not None and Path(row[0]) == server.root / "data"
        except (psycopg.Error, StoreUnreachable):
            continue
    return False


def _start(server: Server, *, durable: bool) -> Server:
    data = server.root / "data"
    if server_process.is_stopping(data):
        server_process.stop_server_process(server.root)  # we hold the lock, so nobody else stops it: it hangs
    deadline = time.monotonic() + START_SECONDS
    port_tries = PORT_TRIES
    while time.monotonic() < deadline:
        if server_process.is_running(data):
            launched = True  # started by a process that was killed meanwhile, or recovering from a crash
        elif port_tries and _port_taken(server.port):
            # The backends of a killed server take a moment to end; another program may keep the port for good.
            port_tries -= 1
            launched = False
        else:
            if not port_tries:
                server, port_tries = _move_to_free_port(server), PORT_TRIES
            (data / "postmaster.pid").unlink(missing_ok=True)
            launched = _launch(server, durable=durable)
        if launched and _answers(server, deadline):
            _limit_memory(server.root / "data")
            log.info("postgres_started", folder=str(server.root), port=server.port)
            return server
        if not server_process.is_running(data) and server_process.out_of_room(server.root):
            raise StoreUnreachable(
                f"the database in {server.root} cannot start: its disk is full. {cluster.MAKE_ROOM}",
                database=str(server.root),
            )
        time.sleep(0.1)
    tail = server_process.log_tail(server.root)
    raise StoreUnreachable(
        f"the database in {server.root} did not start within {START_SECONDS:.0f} s:\n{tail}", database=str(server.root)
    )


def _launch(server: Server, *, durable: bool) -> bool:
    journal = server.root / "postgres.log"
    if journal.exists() and journal.stat().st_size > LOG_BYTES:
        journal.replace(journal.with_suffix(".log.old"))
    settings = SETTINGS | ({} if durable else HASTY) | {"port": str(server.port)}
    settings["hba_file"] = str(roles.write_rules(server.root)).replace("'", "''")
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    # Without pg_ctl's own wait, which polls every 100 ms only.
    done = binaries.run_program("pg_ctl", "-D", server.root / "data", "-W", "-l", journal, "-o", options, "start")
    return done.returncode == 0


def _answers(server: Server, deadline: float) -> bool:
    """Wait until a starting server accepts queries; false once its postmaster is gone."""
    data = server.root / "data"
    while time.monotonic() < deadline:
        if _ours(server):
            return True
        if not server_process.is_running(data):
            # pg_ctl returns before the postmaster has written its file; look twice.
            time.sleep(0.1)
            if not server_process.is_running(data):
                return False
        time.sleep(0.02)
    return False


def _port_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _move_to_free_port(server: Server) -> Server:
    port = _free_port()
    _remember(server.root, port=port)
    return replace(server, port=port)


def _remember(root: Path, **more: int) -> None:
    """Add to the file with the server's port and passwords."""
    known = json.loads((root / "credentials.json").read_text()) | more
    write_secret(root / "credentials.json", json.dumps(known))


def _limit_memory(data: Path) -> None:
    """Limit the server's memory, so that too large a query fails instead of the kernel killing the server."""
    limit = psutil.virtual_memory().total // MEMORY_SHARE
    with suppress(AttributeError, OSError, psutil.Error):  # not on every system
        psutil.Process(server_process.server_pid(data)).rlimit(psutil.RLIMIT_DATA, (limit, limit))
