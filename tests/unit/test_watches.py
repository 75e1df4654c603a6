"""watches.yaml: every mistake names file, line and field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config.settings import from_environment
from pipeline.config.watches import load_watches, read_watches
from pipeline.errors import ConfigError

ROSTER = {"mira-holt", "dmitry-peskov"}


def written(folder: Path, text: str) -> Path:
    path = folder / "watches.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_watches_are_an_empty_list(tmp_path: Path) -> None:
    assert load_watches(from_environment(home=tmp_path), ROSTER) == []


def test_a_watch_of_ones_own_is_added(tmp_path: Path) -> None:
    written(
        tmp_path,
        "watches:\n"
        "  - {id: b, address: r@пример.рф, words: [truce]}\n"
        "  - {id: a, address: r@localhost, speakers: [mira-holt], lang: ru}\n",
    )
    watches = load_watches(replace(from_environment(home=tmp_path), config_dir=tmp_path), ROSTER)
    assert [(one.id, one.title, one.speakers, one.words, one.lang) for one in watches] == [
        ("a", "a", ("mira-holt",), (), "ru"),
        ("b", "b", (), ("truce",), None),
    ]


@pytest.mark.parametrize("text", ["", "watches:\n", "watches: []\n", "# nothing\n"])
def test_an_empty_file_is_no_mistake(tmp_path: Path, text: str) -> None:
    assert read_watches(written(tmp_path, text), ROSTER) == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            "{id: a, address: r@example.org, speakers: [mira-hold]}",
            "speakers.0: no speaker has the id 'mira-hold'; did you mean 'mira-holt'?",
        ),
        ("{id: a, address: r@example.org, speakers: [xyz]}", "add the speaker to speakers.yaml first"),
        ("{id: a, address: r@example.org}", "needs speakers or words"),
        ("{id: a, address: nobody, words: [x]}", "address: not an e-mail address"),
        ("{id: a, address: 'r@exa mple.org', words: [x]}", "address: not an e-mail address"),
        ("{id: a, address: 'r@example.org, s@example.org', words: [x]}", "address: not an e-mail address"),
        ("{id: a, address: 'читатель@example.org', words: [x]}", "address: not an e-mail address"),
        ("{id: a, address: r@example.org, words: ['!?']}", "words.0: has no word in it"),
        ("{id: a, address: r@example.org, words: [x, '_']}", "words.1: has no word in it"),
        (
            "{id: a, address: r@example.org, words: [x, " + "y " * 201 + "]}",
            "words.1: the search has 201 words, and at most",
        ),
        ("{id: a, address: r@example.org, words: [" + "y" * 2001 + "]}", "words.0: the search has 2001 characters"),
        ("{id: a, address: r@example.org, words: [x or -y]}", "words.0: names only what must be missing"),
        ("{id: A B, address: r@example.org, words: [x]}", "id:"),
        ("{id: a, adress: r@example.org, words: [x]}", "adress: unknown field"),
        ("{id: a, address: r@example.org, words: [x], lang: de}", "lang:"),
    ],
)
def test_a_mistake_names_file_line_and_field(tmp_path: Path, entry: str, message: str) -> None:
    path = written(tmp_path, f"# mine\nwatches:\n  - {entry}\n")
    with pytest.raises(ConfigError) as failure:
        read_watches(path, ROSTER)
    assert f"{path}:3: watches.0" in str(failure.value)
    assert message in str(failure.value)


def test_the_same_id_twice_is_a_mistake(tmp_path: Path) -> None:
    one = "  - {id: a, address: r@example.org, words: [x]}\n"
    with pytest.raises(ConfigError, match=r":3: watches\.1\.id: 'a' stands twice"):
        read_watches(written(tmp_path, "watches:\n" + one + one), ROSTER)
