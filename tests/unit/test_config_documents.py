"""A mistake in a YAML file is told with file, line and field, never with a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config.sources import load_source
from pipeline.config.speakers import read_roster
from pipeline.config.watches import read_watches
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
    with pytest.raises(ConfigError) as refusal:
        load_source(path)
    assert f"{path}:{line}: {field}:" in str(refusal.value)


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


def bomb(levels: int = 12) -> str:
    """Each list holds the one before nine times; ten lines stand for billions of values."""
    lines = ["x-a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"x-a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


Reader = Callable[[Path], object]
READERS: tuple[Reader, ...] = (load_source, read_roster, lambda path: read_watches(path, ()))


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (bomb(), 6, "aliases"),
        ("top:\n" + "".join(f"{'  ' * n}a:\n" for n in range(1, 80)), 41, "inside one another"),
        ("top: " + "[" * 100_000 + "]" * 100_000, 1, "inside one another"),
        ("a: 1\nb: {c: 1,\n d: &x [*x]}\n", 3, "inside what it names"),
        ("a: 1\nb: 2\na: 3\n", 3, "a: stands in line 1 already"),
        ("a: {b: 1, b: 2}\n", 1, "b: stands in line 1 already"),
        ("a: &k {x: 1}\nb: {<<: *k, <<: *k}\n", 2, "<<: stands"),
        ("a: 1\nb: *nowhere\n", 2, "undefined alias"),
        ("a: 1\nb: \x01\n", 2, "not valid YAML"),
    ],
)
def test_a_file_that_would_cost_without_end_is_refused_at_once_with_its_line(
    tmp_path: Path, read: Reader, text: str, line: int, words: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=words) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{path}:{line}:")
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize("read", READERS)
def test_a_file_of_another_charset_or_without_end_is_refused(tmp_path: Path, read: Reader) -> None:
    path = tmp_path / "mill.yaml"
    path.write_bytes("id: mill\ntitle: Мельница\n".encode("cp1251"))
    with pytest.raises(ConfigError, match=rf"{path.name}:2: cannot be read: it is not UTF-8"):
        read(path)
    path.write_bytes("id: mill\n".encode("utf-16"))
    with pytest.raises(ConfigError, match=rf"{path.name}:1: cannot be read: it is not UTF-8"):
        read(path)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match="larger than 8 MiB"):
        read(path)


def test_aliases_within_reason_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("title: The Mill", "title: &name The Mill") + "notes: *name\n")
    assert load_source(path).notes == "The Mill"


def test_many_entries_are_compared_once_each(tmp_path: Path) -> None:
    entry = "- {id: w%d, address: reader@example.org, words: [ice]}\n"
    many = "".join(entry % n for n in range(2_000))
    path = written(tmp_path, f"watches:\n{many}{entry % 7}")
    with pytest.raises(ConfigError, match=rf"{path.name}:2002: watches.2000.id: 'w7' stands twice"):
        read_watches(path, ())
