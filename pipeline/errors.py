"""What can go wrong: exceptions with a message for people, and a code and fields for programs.

``docs/errors.md`` lists them; ``onrecord config page errors`` makes it.
"""

from __future__ import annotations

import copyreg
import errno
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from pipeline.records import Disposition, Outcome

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers of a disk, or of a user's share of it, that is full."""


@dataclass(eq=False)
class OnrecordError(Exception):
    """A command could not finish its work. Its message is written for the user, who is shown it without a traceback."""

    code: ClassVar[str] = "failed"
    """Names the kind of error for programs; never changes. Each class has its own."""
    exit_code: ClassVar[int] = 1

    message: str

    def __str__(self) -> str:
        return self.message

    @property
    def fields(self) -> dict[str, Any]:
        """What the error is about, by name, without its message."""
        return {name: value for name, value in vars(self).items() if name != "message" and not name.startswith("_")}

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle: by default an exception loses its keyword arguments on the way to another process."""
        return copyreg.__newobj__, (type(self), *self.args), dict(vars(self))  # type: ignore[attr-defined]


class ConfigError(OnrecordError):
    """Configuration or usage is wrong. The message names file, line and field and says what to do."""

    code = "configuration"
    exit_code = 2


class UsageError(ConfigError):
    """The command line cannot be parsed: an unknown command or option, or a value of the wrong type."""

    code = "usage"


@dataclass(eq=False)
class OptionConflict(ConfigError):
    """Options that do not go together, or one that needs another which is missing."""

    code = "option-conflict"
    _: KW_ONLY
    options: tuple[str, ...]


@dataclass(eq=False)
class InvalidValue(ConfigError):
    """A value that an option, parameter or setting does not take, such as a day that is none."""

    code = "invalid-value"
    _: KW_ONLY
    name: str
    value: str


class SearchTooLong(ConfigError):
    """A search, or the words of a watch, has more characters or words than are taken; the message has both numbers."""

    code = "search-too-long"


@dataclass(eq=False)
class UnknownName(ConfigError):
    """Nothing is called that. ``kind``: run, source, speaker, statement, watch, incident, role or archive-file."""

    code = "unknown-name"
    _: KW_ONLY
    kind: str
    name: str
    near: tuple[str, ...] = ()
    """Names that may have been meant."""


@dataclass(eq=False)
class MissingSetting(ConfigError):
    """A setting that the command needs is not set."""

    code = "missing-setting"
    _: KW_ONLY
    setting: str


@dataclass(eq=False)
class FileUnusable(ConfigError):
    """A file or folder that was named is missing, or cannot be read or written."""

    code = "file-unusable"
    _: KW_ONLY
    path: str


@dataclass(eq=False)
class InvalidFile(ConfigError):
    """The content of a configuration file is wrong; the message has a line for each problem."""

    code = "invalid-file"
    _: KW_ONLY
    path: str


@dataclass(eq=False)
class PortUnusable(ConfigError):
    """A server cannot listen on this port: it is taken, or the address is not of this machine."""

    code = "port-unusable"
    _: KW_ONLY
    host: str
    port: int


@dataclass(eq=False)
class StoreUnreachable(OnrecordError):
    """No usable database; the message says how to get one. ``database``: its address or folder, if one was found."""

    code = "store-unreachable"
    exit_code = 3
    _: KW_ONLY
    database: str | None = None


class QueryTooSlow(OnrecordError):
    """A question of the web pages takes longer to answer than is allowed: ask for fewer days, a speaker or a source."""

    code = "query-too-slow"


@dataclass(eq=False)
class HomeUnusable(OnrecordError):
    """The disk is full, or the folder may not be written to. What was finished is stored."""

    code = "home-unusable"
    exit_code = 3
    _: KW_ONLY
    path: str | None


@dataclass(eq=False)
class Interrupted(OnrecordError):
    """Ctrl-C or a signal ended the command; the next run continues from there. Exit code 143 for SIGTERM."""

    code = "interrupted"
    exit_code = 130
    _: KW_ONLY
    signal: str


class Rejected(OnrecordError):
    """One item is left out or has failed; the batch continues, and the ledger gets the ``disposition``."""

    code = "item-rejected"
    disposition: Disposition

    def __init__(self, outcome: Outcome, reason: str, detail: str = "") -> None:
        super().__init__(f"{outcome}: {reason}" + (f" ({detail})" if detail else ""))
        self.disposition = Disposition(outcome, reason, detail)


@dataclass(eq=False)
class TransportError(OnrecordError):
    """An e-mail could not be sent. ``permanent``: a retry cannot help."""

    code = "email-not-sent"
    _: KW_ONLY
    permanent: bool


class TooManyFailures(OnrecordError):
    """More items of a batch failed than the stage allows; all other items are done and recorded."""

    code = "too-many-failures"


@dataclass(eq=False)
class ArchiveDamaged(OnrecordError):
    """The nightly proof found something that is not as it was stored. ``items``: what is to be proved again."""

    code = "archive-damaged"
    _: KW_ONLY
    items: tuple[str, ...]
