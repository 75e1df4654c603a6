"""The exceptions that callers in several packages handle. Their messages are shown to the user."""

from __future__ import annotations

import errno

from pipeline.records import Disposition, Outcome

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers of a disk, or of a user's share of it, that is full."""


class OnrecordError(Exception):
    """Base of every error whose message is written for the user, who is shown it without a traceback."""


class ConfigError(OnrecordError):
    """Configuration or usage is wrong; the message names file, line and field and says what to do. Exit code 2."""


class StoreUnreachable(OnrecordError):
    """No usable database; the message says how to get one. Exit code 3."""


class Rejected(OnrecordError):
    """One item is left out or has failed; the batch continues, and the ledger gets the ``disposition``."""

    def __init__(self, outcome: Outcome, reason: str, detail: str = "") -> None:
        super().__init__(f"{outcome}: {reason}" + (f" ({detail})" if detail else ""))
        self.disposition = Disposition(outcome, reason, detail)

    def __reduce__(self) -> tuple[type[Rejected], tuple[Outcome, str, str]]:
        """For pickle: a page is read in another process, and its rejection must arrive with all fields."""
        return type(self), (self.disposition.outcome, self.disposition.reason, self.disposition.detail)


class TransportError(OnrecordError):
    """An e-mail could not be sent. ``permanent`` means that a retry cannot help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class TooManyFailures(OnrecordError):
    """More items of a batch failed than the stage allows; all other items are done and recorded. Exit code 1."""
