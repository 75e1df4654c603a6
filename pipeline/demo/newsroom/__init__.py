"""The sample newsroom: five invented publications under reserved host names, served on loopback for demo and tests.

EVERYTHING IN IT IS FICTION: the publications, the articles, the countries, their offices and everybody who speaks. No
sentence here was ever said or published by anybody, and each page says so in its footer. Its ``config`` folder has all
that the pipeline knows of that world: sources, a roster and a beat in place of the shipped ones, and two watches.

    with Newsroom(FIRST_DAY).serve() as room:
        ...  # crawl with room.proxy_url as the HTTP proxy
        room.day = SECOND_DAY
        ...  # crawl again: new articles, edits, one page gone
"""

from __future__ import annotations

from pipeline.demo.newsroom.days import DAYS, FIRST_DAY, SECOND_DAY
from pipeline.demo.newsroom.server import Newsroom, Request
from pipeline.demo.newsroom.truth import (
    CONFIG,
    ExpectedOutcome,
    ExpectedStatement,
    article_text,
    expected_outcomes,
    expected_statements,
)

__all__ = [
    "CONFIG",
    "DAYS",
    "FIRST_DAY",
    "SECOND_DAY",
    "ExpectedOutcome",
    "ExpectedStatement",
    "Newsroom",
    "Request",
    "article_text",
    "expected_outcomes",
    "expected_statements",
]
