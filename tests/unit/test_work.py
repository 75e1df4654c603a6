"""Work that remote bytes can cause grows with their number: nothing that is matched can be looked at again and again.

No time is asserted, which would fail on a busy machine. Each shape is large enough that a pattern which is quadratic in
it would take minutes, and the processor's time is limited: the system ends what runs on.
"""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Callable

import pytest

from pipeline.errors import Rejected
from pipeline.parsing.charset import decode_body, fix_double_encoding
from pipeline.parsing.feeds import read_feed, read_sitemap
from pipeline.parsing.feeds.finding import read_home, sitemaps_in_robots
from pipeline.parsing.urls import canonical_url, without_tracking
from pipeline.runtime.sandbox import Sandbox

MANY = 1_000_000
"""Characters; the pattern that was slowest before took 25 s for 1.8 million."""
SHAPES = {
    "cdata": "<![CDATA[",
    "doctype": "<!DOCTYPE ",
    "subset": "<!DOCTYPE x [",
    "comment": "<!--",
    "reference": "&a",
    "escaped tag": "&lt;p ",
    "tag": "<p ",
    "less": "<",
    "title": "<title type = ",
    "meta": "<meta charset ",
    "lines": "\n",
    "spaces": " ",
    "links": "<a href=/1>",
    "attributes": " a",
}
READ = (
    ("%s", read_sitemap),
    ("<rss><channel><item><title>%s</title></item></channel></rss>", read_feed),
    ("<html %s><body>", read_home),
)


def of_every_shape(unit: str) -> int:
    """How many documents of that shape were read or refused."""
    for frame, reader in READ:
        body = gzip.compress((frame % (unit * (MANY // len(unit)))).encode(), 1)
        with contextlib.suppress(Rejected):
            reader(body, base_url="https://news.example/")
    return len(READ)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    with Sandbox(cpu_seconds=10, wall_seconds=300) as found:
        yield found


@pytest.mark.parametrize("shape", SHAPES)
def test_documents_of_one_shape_over_and_over_are_read_or_refused(shape: str, sandbox: Sandbox) -> None:
    assert sandbox.call(of_every_shape, SHAPES[shape]) == len(READ)


ADDRESSES = [
    "https://news.example" + "/amp" * 400,
    "https://news.example/a" + ".amp" * 400 + ".html",
    "https://news.example/" + "-print" * 300 + ".htm",
    "https://news.example/?" + "utm_a=1&" * 200,
]


def of_every_address(times: int) -> int:
    return sum(len(canonical_url(f"{it}?{n}")) + len(without_tracking(it)) for n in range(times) for it in ADDRESSES)


def of_every_header(blanks: int) -> list[str]:
    space = " " * blanks
    decisions = [decode_body(b"\xff" * 9, f"text/html; charset{space}={space}!").decision]
    decisions.append(decode_body(f"<meta charset{space[:2000]}={space[:2000]}!>".encode() + b"\xff").decision)
    decisions.append(fix_double_encoding("Ð" * blanks)[:1])
    decisions.append(str(sitemaps_in_robots("\r" * blanks + "sitemap:" + space, "https://news.example/")))
    return decisions


@pytest.mark.parametrize(("work", "size"), [(of_every_address, 1_500), (of_every_header, 200_000)])
def test_addresses_headers_and_robots_files_cost_no_more_than_their_length(
    work: Callable[[int], object], size: int, sandbox: Sandbox
) -> None:
    assert sandbox.call(work, size)
