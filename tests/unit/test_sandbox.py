"""What happens in the sandbox stays there: a call that breaks a limit is refused, the next one is served.

A worker's death is no verdict: the call is made again in a new worker, and only then given up with a reason of its own.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, Rejected
from pipeline.records import Article, Outcome, Post
from pipeline.runtime.sandbox import UNANSWERED, Sandbox, WorkerFault, confinement_steps, worker


def double(number: int) -> int:
    return number * 2


def whose(_: int) -> int:
    return os.getpid()


def refuse(reason: str) -> None:
    raise Rejected(Outcome.NOT_ARTICLE, reason, "with a detail")


def stumble() -> None:
    raise KeyError("a fault of ours")


def misconfigure() -> None:
    raise ConfigError("page.html: no such file")


def spin() -> None:
    while True:
        pass


def burn(seconds: float) -> float:
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass
    return seconds


def hoard() -> int:
    return len(b"x" * (4 << 30))


def sleep_long() -> None:
    time.sleep(60)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def chatter(text: str) -> str:
    sys.stdout.write(text)
    sys.stdout.flush()
    os.write(1, text.encode())
    return text


def echo(payload: str) -> str:
    return payload


_used: list[int] = []
"""What has been left behind in this process; empty in a new worker."""


def use() -> None:
    _used.append(1)


def die_if_used() -> int:
    if _used:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def hoard_if_used() -> int:
    return hoard() if _used else os.getpid()


def sleep_if_used() -> int:
    if _used:
        time.sleep(60)
    return os.getpid()


def remember(number: int) -> None:
    _used.append(number)


def remembered() -> list[int]:
    return _used


def stumble_at_start() -> None:
    raise KeyError("no such table")


def article() -> Article:
    at = datetime(2026, 6, 15, 9, 30, 0, 250_000, tzinfo=UTC)
    return Article(
        "https://mill.example/1",
        "Мельница",
        "Слова\nещё",
        "ru",
        at,
        "15.06.2026",
        flags=("live",),
        posts=(Post(0, 5, at),),
    )


def broken_text() -> Article:
    return Article("https://mill.example/2", "half \ud83d", "a\udc00b", "en", posts=(Post(0, 3, None, "\ud800"),))


def promise_a_number() -> int:
    return "forty"  # type: ignore[return-value]


def say_nothing_of_the_result(number):  # type: ignore[no-untyped-def]
    return number


@dataclass
class Bomb:
    """Makes a file where it is unpickled."""

    path: str

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return Path(self.path).touch, ()  # type: ignore[return-value]


def lie(said: bytes) -> int:
    """Writes an answer of its own to every pipe there is."""
    for descriptor in range(3, 20):
        with contextlib.suppress(OSError):
            os.write(descriptor, worker.HEADER.pack(worker.RESULT, len(said)) + said)
    return 1


def boast(length: int) -> int:
    for descriptor in range(3, 20):
        with contextlib.suppress(OSError):
            os.write(descriptor, worker.HEADER.pack(worker.RESULT, length))
    return 1


def variables() -> list[str]:
    return sorted(os.environ)


def reach(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError as error:
        return type(error).__name__
    return "reached"


def run_a_program() -> str:
    try:
        subprocess.run([sys.executable, "-c", ""], check=True)
    except OSError as error:
        return type(error).__name__
    return "run"


def write(path: str) -> str:
    try:
        Path(path).write_text("x", encoding="utf-8")
    except OSError as error:
        return type(error).__name__
    return "written"


def keep_for_a_moment(text: str) -> str:
    with tempfile.TemporaryFile("w+") as file:
        file.write(text)
        file.seek(0)
        return file.read()


def folder_of() -> str:
    return tempfile.gettempdir()


def environment_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return type(error).__name__


def stop(pid: int) -> str:
    try:
        os.kill(pid, signal.SIGCONT)
    except OSError as error:
        return type(error).__name__
    return "sent"


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The workers that are started, in order."""
    found: list[int] = []

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            found.append(self.pid)

    monkeypatch.setattr("pipeline.runtime.sandbox.box.subprocess.Popen", Counted)
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(cpu_seconds=1, memory_bytes=1 << 30, wall_seconds=8) as box:
        yield box


def test_the_result_comes_back(sandbox: Sandbox) -> None:
    assert sandbox.call(double, 21) == 42


def test_one_worker_serves_many_calls_in_under_a_millisecond_each(sandbox: Sandbox) -> None:
    first = sandbox.call(whose, 0)
    start = time.process_time()
    assert {sandbox.call(whose, n) for n in range(300)} == {first}
    assert first != os.getpid()
    assert (time.process_time() - start) / 300 < 0.001


def test_a_refusal_passes_through_with_its_reason(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected) as caught:
        sandbox.call(refuse, "soft-404")
    assert (caught.value.disposition.outcome, caught.value.disposition.reason, caught.value.disposition.detail) == (
        Outcome.NOT_ARTICLE,
        "soft-404",
        "with a detail",
    )


def test_a_fault_of_ours_comes_back_with_its_traceback_and_costs_no_worker(sandbox: Sandbox) -> None:
    before = sandbox.call(whose, 0)
    with pytest.raises(WorkerFault, match="KeyError: 'a fault of ours'") as caught:
        sandbox.call(stumble)
    assert "in stumble" in caught.value.__notes__[0]
    assert sandbox.call(whose, 0) == before


def test_an_error_written_for_the_user_stays_one(sandbox: Sandbox) -> None:
    with pytest.raises(ConfigError, match=r"page\.html: no such file"):
        sandbox.call(misconfigure)


def test_endless_work_ends_at_the_cpu_limit_and_the_next_call_is_served(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected) as caught:
        sandbox.call(spin)
    assert (caught.value.disposition.outcome, caught.value.disposition.reason) == (Outcome.ERROR, "parse-cpu")
    assert sandbox.call(double, 1) == 2


def test_the_cpu_budget_is_new_for_each_call(sandbox: Sandbox) -> None:
    before = sandbox.call(whose, 0)
    for _ in range(4):
        sandbox.call(burn, 0.6)
    assert sandbox.call(whose, 0) == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_greed_for_memory_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected) as caught:
        sandbox.call(hoard)
    assert caught.value.disposition.reason == "parse-memory"
    assert sandbox.call(double, 2) == 4


def test_a_call_that_hangs_ends_at_the_wall_limit() -> None:
    with Sandbox(wall_seconds=0.5) as box:
        with pytest.raises(Rejected) as caught:
            box.call(sleep_long)
        assert caught.value.disposition.reason == "parse-timeout"
        assert caught.value.disposition.reason in UNANSWERED
        assert box.call(double, 3) == 6


def test_prints_of_the_function_do_not_garble_answers(sandbox: Sandbox) -> None:
    assert sandbox.call(chatter, "noise\n" * 100) == "noise\n" * 100
    assert sandbox.call(double, 5) == 10


def test_large_pages_travel_both_ways(sandbox: Sandbox) -> None:
    payload = "Ветер 🌬 " * (1 << 19)
    assert sandbox.call(echo, payload) == payload


def test_closing_leaves_no_worker_behind() -> None:
    with Sandbox() as box:
        ended = box.call(whose, 0)
        folder = Path(box.call(folder_of))
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(ended, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a busy worker ends at its CPU limit")
def test_the_worker_dies_with_its_parent() -> None:
    script = (
        "import os, signal\nfrom pipeline.runtime.sandbox import Sandbox\nfrom test_sandbox import whose\n"
        "print(Sandbox().call(whose, 0), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    orphan = int(done.stdout)
    for _ in range(50):
        try:
            os.kill(orphan, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the worker outlived its parent by 2.5 s")


@pytest.mark.parametrize("function", [die_if_used, hoard_if_used, sleep_if_used])
def test_what_befalls_a_worker_is_tried_again_in_a_new_one(function: Callable[[], int]) -> None:
    with Sandbox(wall_seconds=2) as box:
        box.call(use)
        before = box.call(whose, 0)
        assert box.call(function) not in (before, os.getpid())


def test_an_input_that_kills_two_workers_is_given_up_and_the_next_is_served(starts: list[int]) -> None:
    with Sandbox() as box:
        with pytest.raises(Rejected) as caught:
            box.call(crash)
        assert (caught.value.disposition.outcome, caught.value.disposition.reason) == (Outcome.ERROR, "parse-crash")
        assert len(starts) == 2
        assert box.call(double, 4) == 8


@pytest.mark.parametrize("function", [spin, hoard])
def test_a_limit_that_is_broken_in_a_new_worker_is_broken_for_good(
    function: Callable[[], object], starts: list[int]
) -> None:
    if function is hoard and sys.platform != "linux":
        pytest.skip("only Linux bounds the address space")
    with Sandbox(cpu_seconds=1) as box, pytest.raises(Rejected) as caught:
        box.call(function)
    assert caught.value.disposition.reason not in UNANSWERED
    assert len(starts) == 1


def test_a_worker_killed_between_two_calls_is_replaced(sandbox: Sandbox) -> None:
    os.kill(sandbox.call(whose, 0), signal.SIGKILL)
    assert sandbox.call(double, 6) == 12


def test_nothing_is_lost_while_workers_are_killed_at_any_moment(starts: list[int]) -> None:
    """While they start, wait or answer, but never two for one call."""
    over = threading.Event()
    results: list[tuple[int, int]] = []

    def kill_one_for_a_call() -> None:
        moments, at = random.Random(7), -2
        while not over.wait(moments.uniform(0.0, 0.5)):
            # A worker that is killed right after its answer fails the next call, which must not meet a second kill.
            if starts and at + 1 < len(results):
                at = len(results)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(starts[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill_one_for_a_call)
    killer.start()
    try:
        with Sandbox() as box:
            while len(starts) < 6:
                results.append((len(results), box.call(double, len(results))))
    finally:
        over.set()
        killer.join()
    assert results == [(n, 2 * n) for n in range(len(results))]


def test_a_worker_killed_while_it_starts_is_started_again(starts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.runtime.sandbox.box._START_PAUSES", (0.0, 0.0, 0.0))
    real = Sandbox._start

    def start(box: Sandbox) -> None:
        if len(starts) < 2:
            timer = threading.Timer(0.0, lambda: os.kill(starts[-1], signal.SIGKILL))
            monkeypatch.setattr("pipeline.runtime.sandbox.box._write", lambda *_: (timer.start(), timer.join()))
            try:
                real(box)
            finally:
                monkeypatch.setattr("pipeline.runtime.sandbox.box._write", write_as_it_is)
        else:
            real(box)

    from pipeline.runtime.sandbox.box import _write as write_as_it_is

    monkeypatch.setattr(Sandbox, "_start", start)
    with Sandbox() as box:
        assert box.call(double, 7) == 14
    assert len(starts) == 3


def test_where_no_worker_can_be_started_that_is_said_and_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def refused(*_: object, **__: object) -> None:
        tries.append(1)
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("pipeline.runtime.sandbox.box.subprocess.Popen", refused)
    monkeypatch.setattr("pipeline.runtime.sandbox.box._START_PAUSES", (0.0, 0.0, 0.0))
    with Sandbox() as box:
        for _ in range(3):
            with pytest.raises(Rejected, match="Cannot allocate memory") as caught:
                box.call(double, 1)
            assert caught.value.disposition.reason == "no-worker"
            assert caught.value.disposition.reason in UNANSWERED
        assert len(tries) == 3
        monkeypatch.undo()
        monkeypatch.setattr(box, "_no_start_until", 0.0)
        assert box.call(double, 7) == 14, "it is tried again after a while"


def test_every_new_worker_is_prepared() -> None:
    with Sandbox(prepare=partial(remember, 5)) as box:
        assert box.call(remembered) == [5]
        os.kill(box.call(whose, 0), signal.SIGKILL)
        assert box.call(remembered) == [5]


def test_a_preparation_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.runtime.sandbox.box._START_PAUSES", (0.0,))
    with Sandbox(prepare=stumble_at_start) as box, pytest.raises(Rejected, match="no such table"):
        box.call(double, 1)


def test_records_come_back_equal(sandbox: Sandbox) -> None:
    assert sandbox.call(article) == article()


def test_halves_of_letters_come_back_as_one_replacement_each(sandbox: Sandbox) -> None:
    found = sandbox.call(broken_text)
    assert (found.title, found.text, found.posts[0].published_raw) == ("half \ufffd", "a\ufffdb", "\ufffd")


def test_a_result_of_another_type_than_promised_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected) as caught:
        sandbox.call(promise_a_number)
    assert caught.value.disposition.reason == "parse-crash"
    with pytest.raises(WorkerFault, match="does not say what it returns"):
        sandbox.call(say_nothing_of_the_result, 1)


def test_nothing_that_a_worker_says_is_run(sandbox: Sandbox, tmp_path: Path) -> None:
    made = tmp_path / "made"
    with pytest.raises(Rejected) as caught:
        sandbox.call(lie, pickle.dumps((False, Bomb(str(made)))))
    assert caught.value.disposition.reason == "parse-crash"
    assert not made.exists()
    assert sandbox.call(double, 8) == 16


def test_an_answer_without_end_is_not_waited_for(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected, match="bytes, more than"):
        sandbox.call(boast, 1 << 60)


def test_a_worker_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://u:secret@db.example/x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with Sandbox() as box:
        seen = box.call(variables)
    assert "PATH" in seen
    assert not [name for name in seen if name.startswith(("ONRECORD", "AWS", "PG", "AIRFLOW"))]


def test_a_worker_reaches_no_network_program_file_or_process_where_the_system_allows(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    held = sandbox.call(confinement_steps)
    assert "limits" in held or sys.platform != "linux"
    with socket.create_server(("127.0.0.1", 0)) as server:
        if "network" in held:
            assert sandbox.call(reach, server.getsockname()[1]) == "PermissionError"
            assert sandbox.call(run_a_program) == "PermissionError"
            assert sandbox.call(stop, os.getpid()) == "PermissionError"
    if "files" in held:
        assert sandbox.call(write, str(tmp_path / "x")) == "PermissionError"
    assert sandbox.call(keep_for_a_moment, "needed by models") == "needed by models"
    if {"files", "privileges"} <= set(held):
        assert sandbox.call(environment_of, os.getpid()) == "PermissionError"
    assert sandbox.call(double, 9) == 18
