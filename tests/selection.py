"""Which tests run, and where.

All but those marked ``slow`` run; ``--all`` adds these, and so does naming their file or a ``-m`` that speaks of them.
With ``-n`` each file runs in one worker, long ones first. The files of one of ``CHAINS`` share a worker: each starts
many processes, and more than two such files side by side wait for each other until they run out of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

CHAINS = tuple(
    tuple(f"tests/acceptance/test_{name}.py" for name in names)
    for names in (("containers", "up"), ("workers", "cluster"))
)
"""Those of a chain run one after another, in one worker; the chains side by side."""
LONG = (
    *chain.from_iterable(zip(*CHAINS, strict=True)),
    "tests/integration/test_dags.py",
    "tests/acceptance/test_contracts.py",
    "tests/acceptance/test_stopped.py",
    "tests/quality/test_health.py",
    "tests/acceptance/test_full_disk.py",
    "tests/acceptance/test_upkeep.py",
    "tests/integration/test_retention.py",
    "tests/acceptance/test_runbook.py",
    "tests/acceptance/test_faults.py",
    "tests/integration/test_quarantine.py",
    "tests/integration/test_crawl_live.py",
    "tests/integration/test_discovery.py",
    "tests/integration/test_archive_storage.py",
    "tests/integration/test_health_run.py",
)
"""More than half a minute of CPU each, in the order they begin in; all others follow in the order of their names."""
LEFT_OUT = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", dest="all_tests", help="run the tests that are marked slow, too")


def _named(config: pytest.Config) -> set[Path]:
    """Files of which all is wanted, since they were asked for by name."""
    given = (config.invocation_params.dir / it.partition("::")[0] for it in config.args)
    return {it.resolve() for it in given if it.is_file()}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    rank = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda it: rank.get(it.nodeid.partition("::")[0], len(rank)))
    if config.option.all_tests or "slow" in config.option.markexpr:
        return
    named = _named(config)
    left_out = [it for it in items if it.get_closest_marker("slow") and it.path not in named]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [it for it in items if it not in set(left_out)]
    config.stash[LEFT_OUT] = len(left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = len(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of ``--dist loadfile``."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return next((names[0] for names in CHAINS if file in names), file)

    return Scheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Each worker of xdist has collected the same."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    yield
    number = config.stash.get(LEFT_OUT, 0)
    if number:
        terminalreporter.write_line(
            f"{number} slow tests were left out (containers, whole Airflow installations, series of kills):"
            " `./dev test --all` runs them, `./dev test FILE` those of a file",
            yellow=True,
        )
