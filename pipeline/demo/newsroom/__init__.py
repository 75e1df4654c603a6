"""The sample newsroom: five invented publications under reserved host names, served on loopback for demo and tests.

EVERYTHING IN IT IS FICTION. The publications, the articles and the treaty they speak of are invented by this project.
Real public offices and the names of those who hold them appear as speakers only so that the quote engine and the roster
have something to resolve; no sentence here was ever said or published by anybody. Each page says so in its footer.

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
