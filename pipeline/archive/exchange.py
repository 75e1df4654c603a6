"""The values that are archived: a request with its response, or a request that failed."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import datetime

from pipeline.errors import OnrecordError
from pipeline.records import Disposition

OPEN = ".open"
"""Suffix of a file that is being written."""
WARC = ".warc.gz"
INDEX = ".cdxj"
"""Suffix of the index next to a closed file."""
STEP = 1 << 16
"""Bytes read or decompressed at once."""

Headers = tuple[tuple[str, str], ...]


@dataclass(eq=False)
class ArchiveError(OnrecordError):
    """A record of the archive is missing, damaged or changed. ``place``: its file, or URL, with the offset if known."""

    code = "archive"
    _: KW_ONLY
    place: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, body as received (after transfer decoding only)."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    body: bytes
    request_headers: Headers = ()
    reason: str = ""
    ip: str = ""

    def header(self, name: str) -> str:
        """The value of the first header of that name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A request without a response that could be kept (a timeout, an unknown host), with its outcome."""

    url: str
    fetched_at: datetime
    disposition: Disposition


@dataclass(frozen=True, slots=True)
class Original:
    """The record whose body an exchange repeats. ``digest`` is its WARC-Payload-Digest."""

    url: str
    fetched_at: datetime
    digest: str
