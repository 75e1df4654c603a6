"""A mistake in a YAML file is told with file, line and field, never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.sources import load_source
from pipeline.errors import ConfigError

GOOD = """\
id: mill
title: The Mill
language: en
home: https://mill.example/
feeds:
  - https://mill.example/rss.xml
"""


def written(folder: Path, text: str, name: str = "mill.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_feed_may_be_written_as_its_address_alone(tmp_path: Path) -> None:
    source = load_source(written(tmp_path, GOOD))
    assert source.feeds[0].url == "https://mill.example/rss.xml"
    assert source.allowed_hosts() == ("mill.example",)


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("language: en", "language: english"), 3, "language"),
        (("title: The Mill", "titel: The Mill"), 2, "titel"),
        (("https://mill.example/rss.xml", "file:///etc/passwd"), 6, "feeds.0.url"),
        (("home: https://mill.example/", "home: mill.example"), 4, "home"),
        (("title: The Mill", "title: The Mill\nselectors:\n  - body: 7"), 4, "selectors.0.body"),
        (("title: The Mill", "title: The Mill\ndates: {zone: Moscow}"), 3, "dates.zone"),
    ],
)
def test_a_wrong_value_is_named_by_file_line_and_field(
    tmp_path: Path, change: tuple[str, str], line: int, field: str
) -> None:
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(ConfigError) as told:
        load_source(path)
    assert f"{path}:{line}: {field}:" in str(told.value)


@pytest.mark.parametrize("text", ["id: [mill\n", "id: mill\n\ttitle: x\n", "&a [*a", "id: !!python/object:os.x {}\n"])
def test_what_is_no_yaml_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=rf"{path.name}:\d+"):
        load_source(path)


@pytest.mark.parametrize("text", ["", "just words\n", "- a\n- b\n"])
def test_a_file_without_fields_is_told_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="expected fields with values"):
        load_source(written(tmp_path, text))


def test_a_file_that_is_not_utf8_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "mill.yaml"
    path.write_bytes(GOOD.replace("The Mill", "Мельница").encode("cp1251"))
    with pytest.raises(ConfigError, match="cannot be read"):
        load_source(path)


def test_the_file_must_be_called_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make them agree"):
        load_source(written(tmp_path, GOOD, "other.yaml"))
