"""What a worker says, as JSON of the type that the function promises: its words are data and never run.

The worker has read hostile input, so the caller builds nothing from its answer but the known records.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal, get_type_hints

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, to_json

from pipeline.errors import ConfigError, Rejected
from pipeline.records import Outcome

_SURROGATE = re.compile("[\ud800-\udfff]")


class WorkerFault(RuntimeError):
    """A fault of ours in the worker: the name and message of what was raised there, its traceback as a note."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception on its way to the caller."""

    kind: Literal["rejected", "config", "fault"]
    message: str
    reason: str = ""
    outcome: Outcome = Outcome.ERROR
    trace: str = ""

    def as_error(self) -> Exception:
        if self.kind == "rejected":
            return Rejected(self.outcome, self.reason, self.message)
        if self.kind == "config":
            return ConfigError(self.message)
        fault = WorkerFault(self.message)
        fault.add_note(self.trace)
        return fault


_RAISED = TypeAdapter(Raised)


def _adapter(function: Callable[..., Any]) -> TypeAdapter[Any]:
    while isinstance(function, partial):
        function = function.func
    return _type_of(function)


@lru_cache(maxsize=64)
def _type_of(function: Callable[..., Any]) -> TypeAdapter[Any]:
    """What a function says it gives back. TypeError if it does not say."""
    hints = get_type_hints(function)
    if "return" not in hints:
        raise TypeError(f"{function.__qualname__} does not say what it returns: the answer could not be checked")
    return TypeAdapter(hints["return"])


def encode_result(function: Callable[..., Any], result: Any) -> bytes:
    """The result as JSON. Halves of surrogate pairs, which no UTF-8 holds, become U+FFFD, one for one."""
    adapter = _adapter(function)
    try:
        return adapter.dump_json(result, warnings=False)
    except PydanticSerializationError:
        return to_json(_cleaned(adapter.dump_python(result, mode="json", warnings=False)))


def decode_result(function: Callable[..., Any], answer: bytes) -> Any:
    """The result again. ValueError if the answer is not of the function's type."""
    return _adapter(function).validate_json(answer)


def encode_error(error: BaseException) -> bytes:
    if isinstance(error, Rejected):
        raised = Raised("rejected", error.detail, error.reason, error.outcome)
    elif isinstance(error, ConfigError):
        raised = Raised("config", str(error))
    else:
        trace = "".join(traceback.format_exception(error))
        raised = Raised("fault", f"{type(error).__name__}: {error}", trace=trace)
    return to_json(_cleaned(_RAISED.dump_python(raised, mode="json")))


def decode_error(answer: bytes) -> Exception:
    """The exception to raise. ValueError if the answer is none."""
    return _RAISED.validate_json(answer).as_error()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
