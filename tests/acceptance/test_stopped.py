"""A run stopped in any of its stages, by Ctrl-C or by force, and run again leaves what an undisturbed one leaves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from program import ENTRY, ROOT, left, onrecord
from sqlalchemy import Engine, text

from pipeline.config.settings import Settings, from_environment
from pipeline.store.admin import digest
from pipeline.store.engine import open_store
from tests.integration.crawling import Answer, Asked, Site, serving
from tests.integration.postbox import Postbox, served

PAGES = 8
STOP_AT = 3
"""Which item of a stage is under way when the run is stopped."""
HOLD = f"""
CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT count(*) FROM onrecord.outcomes WHERE stage = NEW.stage) >= {STOP_AT} THEN PERFORM pg_sleep(120); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE INSERT ON onrecord.outcomes
    FOR EACH ROW WHEN (NEW.stage = '%s') EXECUTE FUNCTION public.hold();
"""
HELD = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
LET_GO = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
    "DROP FUNCTION public.hold() CASCADE",
)


def page_of(number: int, published: datetime) -> bytes:
    """An article in which the spokesman is quoted, also with words that every other article has as well."""
    filler = "".join(
        f"<p>The council of harbour {number} met in room {line} and spoke of lamps for hours.</p>" for line in range(9)
    )
    return (
        f"<html><head><title>Lamp {number}</title>"
        f'<meta property="article:published_time" content="{published.isoformat()}"></head><body><article>'
        f"<h1>Lamp {number} stays lit</h1>{filler}"
        f"<p>“Harbour {number} will keep all of its lamps burning through this winter,” Lukyan Sadkov said.</p>"
        f"<p>“Every ship that asks for light shall have it without delay,” Sadkov added.</p>"
        "</article></body></html>"
    ).encode()


class Gate:
    """Holds the answer to one page from the moment somebody asks for it."""

    def __init__(self) -> None:
        self.closed = False
        self.asked = threading.Event()
        self.opened = threading.Event()

    def pass_through(self, answer: Answer) -> Answer:
        if self.closed:
            self.asked.set()
            self.opened.wait(60)
        return answer


@dataclass
class Harbour:
    """A site with fresh news, a mailbox, and homes whose database is there already."""

    site: Site
    box: Postbox
    config: Path
    empty: Path
    gate: Gate = field(default_factory=Gate)

    def home(self, folder: Path) -> Path:
        self.box.emails.clear()
        return Path(shutil.copytree(self.empty, folder / "home"))

    def environment(self, home: Path) -> dict[str, str]:
        given = {
            "HOME": home,
            "CONFIG": self.config,
            "CONTACT": "crawler@harbour.example",
            "SMTP_URL": self.box.url,
        }
        return {f"ONRECORD_{name}": str(value) for name, value in given.items()}

    def run(self, home: Path) -> subprocess.CompletedProcess[str]:
        return onrecord("run", "--source", "harbour", **self.environment(home))

    def begin(self, home: Path) -> subprocess.Popen[str]:
        """The same in a process group of its own, on its way."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
        return subprocess.Popen(
            [sys.executable, "-c", ENTRY, "run", "--source", "harbour"],
            cwd=ROOT,
            env=bare | self.environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def held_page(self) -> Iterator[None]:
        """While a page is not answered; the block may wait for ``gate.asked``."""
        self.gate.asked.clear()
        self.gate.opened.clear()
        self.gate.closed = True
        try:
            yield
        finally:
            self.gate.closed = False
            self.gate.opened.set()


def settings_of(home: Path) -> Settings:
    return replace(from_environment(), home=home, database_url=None)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    folder = tmp_path_factory.mktemp("harbour")
    published = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    with serving() as site, served() as box:
        config = folder / "config"
        (config / "sources").mkdir(parents=True)
        (config / "sources" / "harbour.yaml").write_text(
            f"id: harbour\ntitle: The harbour paper\nlanguage: en\nhome: {site.url('/')}\n"
            f'feeds: [{site.url("/feed")}]\nallow_addresses: ["127.0.0.1:{site.port}"]\nrelevance: all\n'
            "politeness: {delay: 0, timeout: 60}\n",
            encoding="utf-8",
        )
        (config / "speakers.yaml").write_text(
            "standalone: true\nspeakers: [{id: lukyan-sadkov, gender: m, en: Lukyan Sadkov, ru: Лукьян Садков}]",
            encoding="utf-8",
        )
        (config / "watches.yaml").write_text(
            "watches: [{id: spokesman, title: Spokesman, address: reader@harbour.example, speakers: [lukyan-sadkov]}]",
            encoding="utf-8",
        )
        made = Harbour(site, box, config, folder / "empty")
        for number in range(PAGES):
            site.answers[f"/{number}"] = Answer(page_of(number, published))
        gated = site.answers[f"/{STOP_AT}"]
        assert isinstance(gated, Answer)

        def behind_gate(asked: Asked) -> Answer:
            return made.gate.pass_through(gated)

        site.answers[f"/{STOP_AT}"] = behind_gate
        site.feed("/feed", [site.url(f"/{number}") for number in range(PAGES)])
        with open_store(settings_of(made.empty)):
            pass
        yield made


@dataclass(frozen=True)
class Left:
    """What a run leaves: the digest of the store by table, and the e-mails that arrived."""

    digest: dict[str, str]
    mails: dict[str, str]


def left_by(harbour: Harbour, engine: Engine) -> Left:
    with engine.connect() as connection:
        found = digest.table_digests(connection)
    return Left(found, {str(mail["Message-ID"]): str(mail["Subject"]) for mail in harbour.box.emails})


@pytest.fixture(scope="module")
def calm(harbour: Harbour, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What an undisturbed run leaves."""
    home = harbour.home(tmp_path_factory.mktemp("calm"))
    done = harbour.run(home)
    assert done.returncode == 0, done.stdout + done.stderr
    with open_store(settings_of(home)) as engine:
        left = left_by(harbour, engine)
    # What all articles share makes them one occasion.
    assert [subject.endswith(f", and {PAGES} more") for subject in left.mails.values()] == [True]
    assert len(harbour.box.emails) == 1
    return left


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        pytest.param(signal.SIGINT, 130, "interrupted; the next run goes on", marks=pytest.mark.slow),
        (signal.SIGTERM, 143, "stopped by SIGTERM; the next run goes on"),
        pytest.param(signal.SIGHUP, 130, "stopped by SIGHUP; the next run goes on", marks=pytest.mark.slow),
    ],
)
def test_a_signal_ends_a_run_at_once_leaves_no_process_and_the_next_run_goes_on(
    harbour: Harbour, calm: Left, tmp_path: Path, number: int, code: int, words: str
) -> None:
    home = harbour.home(tmp_path)
    with harbour.held_page():
        process = harbour.begin(home)
        assert harbour.gate.asked.wait(60)
        started = psutil.Process(process.pid).children(recursive=True)
        started.append(psutil.Process(int((home / "pg" / "data" / "postmaster.pid").read_text().split()[0])))
        os.kill(process.pid, number)
        if number == signal.SIGTERM:
            # the page is never answered: nobody waits for a crawl that hangs; a signal that comes twice changes nothing
            time.sleep(0.5)
            os.kill(process.pid, signal.SIGHUP)
        else:
            harbour.gate.opened.set()
        output, _ = process.communicate(timeout=60)
    assert process.returncode == code, output
    assert words in output and "Traceback" not in output
    assert left(started, 0) == []
    with open_store(settings_of(home)) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT exit_code FROM onrecord.runs")) == 130
    again = harbour.run(home)
    assert again.returncode == 0, again.stdout + again.stderr
    with open_store(settings_of(home)) as engine:
        assert left_by(harbour, engine) == calm
    assert len(harbour.box.emails) == len(calm.mails)


def test_killed_while_crawling(harbour: Harbour, calm: Left, tmp_path: Path) -> None:
    home = harbour.home(tmp_path)
    with harbour.held_page():
        process = harbour.begin(home)
        assert harbour.gate.asked.wait(60)
        kill(process)
    again = harbour.run(home)
    assert again.returncode == 0, again.stdout + again.stderr
    with open_store(settings_of(home)) as engine:
        assert left_by(harbour, engine) == calm
    assert len(harbour.box.emails) == len(calm.mails)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["extract", "quote", "link", "alert"])
def test_killed_in_a_later_stage(stage: str, harbour: Harbour, calm: Left, tmp_path: Path) -> None:
    home = harbour.home(tmp_path)
    with open_store(settings_of(home)) as engine:
        with engine.begin() as connection:
            connection.execute(text(HOLD % stage))
        process = harbour.begin(home)
        wait_until_held(engine, process)
        kill(process)
        let_go(engine)
        again = harbour.run(home)
        assert again.returncode == 0, again.stdout + again.stderr
        assert left_by(harbour, engine) == calm
    times = Counter(str(mail["Message-ID"]) for mail in harbour.box.emails)
    twice = [name for name, number in times.items() if number > 1]
    assert len(twice) <= (1 if stage == "alert" else 0), "only the e-mail that was under way may come again"


@pytest.mark.slow
def test_a_power_cut_takes_the_database_as_well(harbour: Harbour, calm: Left, tmp_path: Path) -> None:
    home = harbour.home(tmp_path)
    with open_store(settings_of(home)) as engine:
        with engine.begin() as connection:
            connection.execute(text(HOLD % "quote"))
        process = harbour.begin(home)
        wait_until_held(engine, process)
        kill(process)
        postmaster = int((home / "pg" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
    with open_store(settings_of(home)) as engine, engine.begin() as connection:
        connection.execute(text(LET_GO[1]))
    again = harbour.run(home)
    assert again.returncode == 0, again.stdout + again.stderr
    with open_store(settings_of(home)) as engine:
        assert left_by(harbour, engine) == calm


def test_two_runs_at_once_end_well_and_do_the_work_once(harbour: Harbour, calm: Left, tmp_path: Path) -> None:
    home = harbour.home(tmp_path)
    both = [harbour.begin(home) for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    with open_store(settings_of(home)) as engine:
        assert left_by(harbour, engine) == calm
    assert len(harbour.box.emails) == len(calm.mails)


def test_a_run_that_loses_its_workers_leaves_what_an_undisturbed_one_leaves(
    harbour: Harbour, calm: Left, tmp_path: Path
) -> None:
    """As when the system is short of memory, or a parser crashes: the worker of a stage is killed, its run is not."""
    home = harbour.home(tmp_path)
    with open_store(settings_of(home)) as engine:
        with engine.begin() as connection:
            hold = (HOLD % "quote").replace("= 'quote'", "IN ('extract', 'quote')")
            connection.execute(text(hold.replace(">=", "=").replace("120", "10")))
        process = harbour.begin(home)
        for _ in ("extract", "quote"):
            wait_until_held(engine, process)
            kill_workers(process)
            wait_until_let_go(engine)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        assert left_by(harbour, engine) == calm


def kill_workers(process: subprocess.Popen[str]) -> None:
    """Kill the sandbox's workers of a run's own stages."""
    children = psutil.Process(process.pid).children()
    workers = [it for it in children if "pipeline.runtime.sandbox.worker" in " ".join(command(it))]
    assert workers, "no worker has begun"
    for worker in workers:
        worker.kill()


def command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def kill(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


def wait_until_let_go(engine: Engine) -> None:
    end = time.monotonic() + 90
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(HELD):
            assert time.monotonic() < end, "still held"
            time.sleep(0.1)


def wait_until_held(engine: Engine, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 90
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(HELD):
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.02)


def let_go(engine: Engine) -> None:
    """What the kernel does for a dead client sooner or later; then nothing holds the next run."""
    for statement in LET_GO:
        with engine.begin() as connection:
            connection.execute(text(statement))
