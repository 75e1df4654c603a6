"""What is archived: one request and how it was answered, or that it was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import OnrecordError
from pipeline.records import Outcome

OPEN = ".open"
"""Ends the name of a file that is being written."""
WARC = ".warc.gz"
INDEX = ".cdxj"
"""Ends the name of the index beside a closed file."""
STEP = 1 << 16
"""Bytes read or unpacked at once."""

Headers = tuple[tuple[str, str], ...]


class ArchiveError(OnrecordError):
    """A record is missing or is not what was written; the message names file and offset."""


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
    """A request that brought no response that could be kept, and the outcome it had: a time-out, no such host."""

    url: str
    fetched_at: datetime
    outcome: Outcome
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """The record whose body an exchange repeats. ``digest`` is its WARC-Payload-Digest."""

    url: str
    fetched_at: datetime
    digest: str
