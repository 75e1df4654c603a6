"""What another user of the machine finds of an installation: closed doors, and no secret on anybody's command line."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pipeline.config.settings import Settings
from pipeline.errors import ConfigError
from pipeline.runtime import file_locks, private_files
from pipeline.store.engine import open_store, sqlalchemy_url
from pipeline.store.server import embedded
from pipeline.store.server.database_url import psql_session

ROOT = Path(__file__).parents[2]
AS_ANOTHER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
another_user = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="becomes another user, which only root may"
)


@pytest.fixture
def home() -> Iterator[Path]:
    """An installation's folder as it was made before: anybody can enter it and read what lies there."""
    before = os.umask(0o022)
    folder = Path(tempfile.mkdtemp(prefix="onrecord-test-", dir="/tmp"))
    folder.chmod(0o755)
    home = folder / "home"
    for name in ("spool/one.eml", "archive/gazette/a.warc.gz", "airflow/logs/up/api.log", "pg/lock", "notes.txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("for reader@example.org")
    try:
        yield home
    finally:
        os.umask(before)
        shutil.rmtree(folder)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def as_another(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*AS_ANOTHER, *words], capture_output=True, text=True, check=False)


def test_the_next_command_closes_a_folder_that_was_open(home: Path, settings: Settings) -> None:
    (home / "elsewhere").symlink_to("/etc/hostname")
    (home / "spool" / "link").symlink_to("/etc/hostname")
    before = mode(Path("/etc/hostname"))
    with open_store(replace(settings, home=home)):
        (home / "spool" / "new.eml").write_text("x")
        (home / "crawl" / "run").mkdir(parents=True)
    assert {mode(it) for it in (home, home / "spool", home / "archive" / "gazette", home / "crawl" / "run")} == {0o700}
    files = ("spool/one.eml", "spool/new.eml", "archive/gazette/a.warc.gz", "airflow/logs/up/api.log", "pg/lock")
    assert {mode(home / it) for it in files} == {0o600}
    assert mode(home / "notes.txt") == 0o644  # not of our making
    assert mode(Path("/etc/hostname")) == before


def test_what_was_closed_stays_as_it_is(home: Path) -> None:
    private_files.close_to_others(home)
    (home / "spool" / "one.eml").chmod(0o400)
    private_files.close_to_others(home)
    assert mode(home / "spool" / "one.eml") == 0o400


def test_a_folder_that_a_group_shares_on_purpose_stays_the_groups(home: Path) -> None:
    for path in (home, home / "spool"):
        path.chmod(0o2775)
    (home / "spool" / "one.eml").chmod(0o664)
    private_files.close_to_others(home)
    (home / "spool" / "new.eml").write_text("x")
    assert (mode(home), mode(home / "spool")) == (0o2770, 0o2770)
    assert mode(home / "spool" / "one.eml") == mode(home / "spool" / "new.eml") == 0o660


def test_a_folder_of_everybody_is_not_taken_from_them(home: Path) -> None:
    home.chmod(0o1777)
    private_files.close_to_others(home)
    assert mode(home) == 0o1777
    assert (mode(home / "spool"), mode(home / "spool" / "one.eml")) == (0o700, 0o600)
    assert private_files.is_open_to_others(home)


def test_what_somebody_exports_has_the_rights_of_their_other_files(home: Path, tmp_path: Path) -> None:
    private_files.close_to_others(home)
    with private_files.as_the_user_wants():
        (tmp_path / "export.csv").write_text("x")
    (home / "spool" / "new.eml").write_text("x")
    assert mode(tmp_path / "export.csv") & 0o077 != 0 or private_files._first_mask == 0o077
    assert mode(home / "spool" / "new.eml") == 0o600


@another_user
def test_another_user_reads_no_mail_and_takes_no_lock(home: Path) -> None:
    mail, lock = home / "spool" / "one.eml", home / "pg" / "lock"
    assert as_another("cat", mail).stdout == "for reader@example.org"
    private_files.close_to_others(home)
    assert as_another("cat", mail).returncode != 0
    assert "Permission denied" in as_another("sh", "-c", f"exec 9< {lock}; flock -n -x 9").stderr
    with embedded.use(home / "pg", durable=False):
        found = as_another("find", home)
        assert "Permission denied" in found.stderr and len(found.stdout.splitlines()) <= 1
    assert {mode(home / "pg" / name) for name in ("users", "lock", "credentials.json", "postgres.log")} == {0o600}


HOLD = """
import fcntl, sys
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A lock file, and the process that holds it through a descriptor for reading."""
    path = tmp_path / "lock"
    path.touch()
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield path, process.pid
        process.kill()


def test_whoever_waits_for_a_lock_says_for_whom_and_gives_up(
    holder: tuple[Path, int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pid = holder
    monkeypatch.setattr(file_locks, "SILENT_SECONDS", 0.0)
    who = rf"process {pid} \(python.*, user \w+\)"
    with (
        pytest.raises(file_locks.FileHeld, match=rf"{path} is locked by {who}.*end that process"),
        file_locks.exclusive_lock(path, limit=0.1),
    ):
        pass
    said = capsys.readouterr()
    assert (said.out + said.err).count("lock_waits") == 1 and f"process {pid}" in said.out + said.err


@pytest.mark.skipif(shutil.which("flock") is None, reason="takes the lock with util-linux' flock")
def test_a_lock_that_was_left_to_a_shell_names_the_shell(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    words = ["sh", "-c", f"exec 9< {path}; flock -x 9; echo held; read wait"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None and shell.stdout.readline() == "held\n"
        assert f"process {shell.pid} (" in file_locks.lock_holder(path)
        shell.kill()


def test_a_command_that_cannot_have_its_turn_ends_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pg").mkdir()
    monkeypatch.setattr(embedded, "TURN_SECONDS", 0.1)
    with (tmp_path / "pg" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(file_locks.FileHeld, match=rf"pg/lock is locked by process {os.getpid()}"):
            embedded.ensure(tmp_path / "pg")


def test_a_shell_shows_no_password_to_those_who_look_at_processes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings.database_url
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    password = str(sqlalchemy_url(settings.database_url).password)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ONRECORD_HOME": str(settings.home),
        "ONRECORD_DATABASE_URL": settings.database_url,
        "ONRECORD_SMTP_URL": "smtp://me:mailsecret@mail.example",
    }
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "db", "shell"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as shell:  # type: ignore[call-overload]
        found: list[psutil.Process] = []
        while not found and shell.poll() is None:
            found = [it for it in psutil.Process(shell.pid).children() if it.name() == "psql"]
            time.sleep(0.05)
        words, variables = " ".join(found[0].cmdline()), " ".join(found[0].environ().values())
        out, err = shell.communicate("SELECT 'in as ' || current_user;\n\\c\nSELECT 'again';\n", timeout=60)
    assert "in as" in out and "again" in out, err
    assert "dbname" in words and password not in words + variables
    assert "mailsecret" not in variables
    assert not list(tmp_path.glob("onrecord-*"))


@pytest.mark.parametrize("password", [r"co:lon", r"back\slash", "sp ace", "quo'te", "ünï", "per%cent&=?/@"])
def test_any_password_opens_the_session(settings: Settings, password: str) -> None:
    url = sqlalchemy_url(settings.database_url or "").set(drivername="postgresql", password=password)
    with psql_session(url.render_as_string(hide_password=False)) as (words, environment):
        file = dict(it.split("=", 1) for it in words[1].split(" ") if "=" in it)["passfile"].strip("'")
        held = Path(file).read_text(encoding="utf-8").removeprefix("*:*:*:*:").rstrip("\n")
        assert mode(Path(file)) == 0o600 and mode(Path(file).parent) == 0o700
    assert held.replace("\\:", ":").replace("\\\\", "\\") == password
    assert password not in " ".join(words) and password not in environment.values()


def test_the_password_of_a_key_is_no_argument_either() -> None:
    address = "postgresql://me:first@db.example/news?sslmode=verify-full&sslpassword=second"
    with psql_session(address) as (words, environment):
        assert "first" not in words[1] and "second" not in words[1] and "sslmode=verify-full" in words[1]
        assert "sslpassword=second" in Path(environment["PGSERVICEFILE"]).read_text()


@pytest.mark.parametrize("name", ["notes.txt", "notes.txt/home", "notes.txt/home/pg"])
def test_a_folder_that_cannot_be_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("no folder")
    with pytest.raises(ConfigError, match=f"{name}: cannot be made a folder: .*; set ONRECORD_HOME"):
        private_files.make_folder(tmp_path / name)
