"""The demo, run once from outside, for every test that looks at what it left."""

from __future__ import annotations

import pytest
from program import DemoHome, onrecord


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoHome:
    home = tmp_path_factory.mktemp("demo") / "home"
    return DemoHome(home, onrecord("demo", "--home", home))
