"""Sources on one host are found, however they are linked."""

from __future__ import annotations

from pipeline.config.hosts import sharing_hosts
from pipeline.config.source import Source


def source(name: str, *hosts: str) -> Source:
    return Source.model_validate(
        {
            "id": name,
            "title": name,
            "language": "en",
            "home": f"https://{hosts[0]}/",
            "feeds": [f"https://{host}/feed.xml" for host in hosts],
        }
    )


def test_sources_on_one_host_are_together_and_others_apart() -> None:
    made = [source("ru", "www.mid.example"), source("a", "a.example"), source("en", "mid.example:443"),
            source("fr", "mid.example"), source("b", "b.example")]  # fmt: skip
    assert sharing_hosts(made) == [["a"], ["ru", "en", "fr"], ["b"]]


def test_a_source_on_two_hosts_joins_those_on_either() -> None:
    made = [source("x", "x.example"), source("y", "y.example"), source("both", "x.example", "y.example")]
    assert sharing_hosts(made) == [["x", "y", "both"]]
