"""Two runs over the same ground: the second waits, or says who is at work."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import OperationalError

from pipeline.store.locks import Held, one_at_a_time
from pipeline.store.schema import locks


def test_the_second_says_who_holds_the_ground(engine: Engine) -> None:
    with (
        one_at_a_time(engine, ["gazette"], holder="onrecord run 17"),
        pytest.raises(Held, match=r"onrecord run 17.*gazette"),
        one_at_a_time(engine, ["gazette"], holder="second", wait_seconds=0),
    ):
        pass


def test_the_second_waits_until_the_first_is_done(engine: Engine) -> None:
    order: list[str] = []

    def second() -> None:
        with one_at_a_time(engine, ["b", "a"], holder="second", wait_seconds=30):
            order.append("second")

    with one_at_a_time(engine, ["a", "b"], holder="first"):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.7)
        order.append("first")
    waiting.join(30)
    assert order == ["first", "second"]


def test_runs_over_other_ground_do_not_wait(engine: Engine) -> None:
    with (
        one_at_a_time(engine, ["a"], holder="first"),
        one_at_a_time(engine, ["b"], holder="second", wait_seconds=0),
    ):
        pass


def test_the_ground_is_free_again_after_a_failure(engine: Engine) -> None:
    with pytest.raises(RuntimeError), one_at_a_time(engine, ["a"], holder="first"):
        raise RuntimeError
    with one_at_a_time(engine, ["a"], holder="second", wait_seconds=0):
        pass


def test_a_lock_whose_session_is_gone_is_free_at_once(engine: Engine) -> None:
    other = create_engine(engine.url)
    stack = ExitStack()
    stack.enter_context(one_at_a_time(other, ["a"], holder="killed"))
    with engine.begin() as connection:
        pid = connection.scalar(select(locks.c.pid))
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        while connection.scalar(text("SELECT 1 FROM pg_stat_get_activity(:pid)"), {"pid": pid}):
            connection.execute(text("SELECT pg_stat_clear_snapshot(), pg_sleep(0.02)"))
    with one_at_a_time(engine, ["a"], holder="second", wait_seconds=0):
        pass
    with pytest.raises(OperationalError):
        stack.close()
    other.dispose()


def test_a_process_number_that_is_used_again_holds_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        mine = "pg_backend_pid(), now() - interval '1 day'"
        for name, server in (("restarted", "now()"), ("reused", "pg_postmaster_start_time()")):
            connection.execute(
                text(
                    "INSERT INTO onrecord.locks (name, pid, session_start, server_start, since) "
                    f"VALUES ('{name}', {mine}, {server}, now())"
                )
            )
        connection.commit()
        with one_at_a_time(engine, ["reused", "restarted"], holder="second", wait_seconds=0):
            pass


def test_many_who_want_one_lock_have_it_one_after_the_other(engine: Engine) -> None:
    at_work, most = [0], [0]

    def work() -> None:
        with one_at_a_time(engine, ["a"], holder="one of many"):
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            at_work[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work) for _ in range(24)]:
            done.result(60)
    assert most == [1]
    with engine.connect() as connection:
        assert connection.execute(select(locks)).all() == []


def test_who_waits_says_so_at_once(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        one_at_a_time(engine, ["a"], holder="onrecord run 17"),
        pytest.raises(Held),
        one_at_a_time(engine, ["a"], holder="second", wait_seconds=0.1),
    ):
        pass
    said = "".join(capsys.readouterr())
    assert said.count("run_waits") == 1 and f"onrecord run 17 (process {os.getpid()} on " in said
