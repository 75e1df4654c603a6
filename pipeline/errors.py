"""The errors that mean something to the whole pipeline."""

from __future__ import annotations

import errno

from pipeline.records import Outcome

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers of a disk, or of a user's share of it, that is full."""


class OnrecordError(Exception):
    """Base of every error whose message is written for the user, who is shown it without a traceback."""


class ConfigError(OnrecordError):
    """Configuration or usage is wrong; the message names file, line and field and says what to do. Exit code 2."""


class StoreUnreachable(OnrecordError):
    """No usable database; the message says how to get one. Exit code 3."""


class Rejected(OnrecordError):
    """This one item is not for us; the batch goes on and the ledger keeps the outcome and its short reason.

    ``outcome`` is one of the outcomes of a URL, ``reason`` a short word of the contract (``soft-404``,
    ``no-text``, ``truncated`` ...), ``detail`` anything that helps a person to find out why.
    """

    def __init__(self, outcome: Outcome, reason: str, detail: str = "") -> None:
        super().__init__(f"{outcome}: {reason}" + (f" ({detail})" if detail else ""))
        self.outcome = outcome
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Rejected], tuple[Outcome, str, str]]:
        """Pickle: a page is read in another process, and its rejection must come back whole."""
        return type(self), (self.outcome, self.reason, self.detail)


class TransportError(OnrecordError):
    """A message could not be handed over. ``permanent`` means that trying again cannot help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class TooManyFailures(OnrecordError):
    """More items of a batch failed than the stage allows; everything else is done and recorded. Exit code 1."""
