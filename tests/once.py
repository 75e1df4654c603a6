"""What takes long to make and is only looked at: made by the first worker of xdist that asks, for all of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.runtime import file_locks

WAIT_SECONDS = 900.0
"""Seconds another worker may take to make it."""


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that ``make`` has filled. Whoever wants to change anything copies it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, made = base / f"once-{name}", base / f"once-{name}.made"
    with file_locks.exclusive_lock(base / f"once-{name}.lock", limit=WAIT_SECONDS):
        if not made.exists():
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
