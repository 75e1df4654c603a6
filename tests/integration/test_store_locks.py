"""Two runs over the same ground: the second waits, or says who is at work."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import Engine

from pipeline.store.locks import Held, one_at_a_time


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
