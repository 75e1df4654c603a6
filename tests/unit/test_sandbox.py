"""What happens in the sandbox stays there: a call that breaks a limit is refused, the next one is served."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from pipeline.errors import Rejected
from pipeline.records import Outcome
from pipeline.sandbox import Sandbox


def double(number: int) -> int:
    return number * 2


def whose(_: int) -> int:
    return os.getpid()


def refuse(reason: str) -> None:
    raise Rejected(Outcome.NOT_ARTICLE, reason, "with a detail")


def stumble() -> None:
    raise KeyError("a fault of ours")


class Unpicklable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} {two}")


def stumble_oddly() -> None:
    raise Unpicklable(1, 2)


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


def echo(payload: bytes) -> bytes:
    return payload


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
    assert (caught.value.outcome, caught.value.reason, caught.value.detail) == (
        Outcome.NOT_ARTICLE,
        "soft-404",
        "with a detail",
    )


def test_a_fault_of_ours_is_raised_as_it_is(sandbox: Sandbox) -> None:
    before = sandbox.call(whose, 0)
    with pytest.raises(KeyError, match="a fault of ours"):
        sandbox.call(stumble)
    assert sandbox.call(whose, 0) == before


def test_an_error_that_cannot_travel_is_told_by_name(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="Unpicklable: 1 2"):
        sandbox.call(stumble_oddly)


def test_endless_work_ends_at_the_cpu_limit_and_the_next_call_is_served(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected) as caught:
        sandbox.call(spin)
    assert (caught.value.outcome, caught.value.reason) == (Outcome.ERROR, "parse-cpu")
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
    assert caught.value.reason == "parse-memory"
    assert sandbox.call(double, 2) == 4


def test_a_call_that_hangs_ends_at_the_wall_limit() -> None:
    with Sandbox(wall_seconds=5) as box:
        assert box.call(double, 1) == 2
        start = time.monotonic()
        with pytest.raises(Rejected) as caught:
            box.call(sleep_long)
        assert caught.value.reason == "parse-timeout"
        assert time.monotonic() - start < 10
        assert box.call(double, 3) == 6


def test_a_crash_is_refused_and_the_worker_replaced(sandbox: Sandbox) -> None:
    with pytest.raises(Rejected) as caught:
        sandbox.call(crash)
    assert caught.value.reason == "parse-crash"
    assert sandbox.call(double, 4) == 8


def test_prints_of_the_function_do_not_garble_answers(sandbox: Sandbox) -> None:
    assert sandbox.call(chatter, "noise\n" * 100) == "noise\n" * 100
    assert sandbox.call(double, 5) == 10


def test_large_pages_travel_both_ways(sandbox: Sandbox) -> None:
    payload = os.urandom(1 << 20) * 12
    assert sandbox.call(echo, payload) == payload


def test_closing_leaves_no_worker_behind() -> None:
    with Sandbox() as box:
        worker = box.call(whose, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a busy worker ends at its CPU limit")
def test_the_worker_dies_with_its_parent() -> None:
    script = (
        "import os, signal, sys\nfrom pipeline.sandbox import Sandbox\nbox = Sandbox()\n"
        "print(box.call(os.getpid), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    worker = int(done.stdout)
    for _ in range(50):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the worker outlived its parent by 2.5 s")
