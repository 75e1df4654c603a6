"""Encode a worker's result or error as JSON and decode it by the function's return type.

The worker has read hostile input, so its answer is validated as data: no pickle, and only known types are built.
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
    """An unexpected exception in the worker, a bug of ours: its name and message, with its traceback as a note."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception in the form that is sent to the caller."""

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
    """The adapter for a function's return annotation. TypeError if it has none."""
    hints = get_type_hints(function)
    if "return" not in hints:
        raise TypeError(f"{function.__qualname__} does not say what it returns: the answer could not be checked")
    return TypeAdapter(hints["return"])


def encode_result(function: Callable[..., Any], result: Any) -> bytes:
    """The result as JSON. Lone surrogates, which UTF-8 cannot encode, become U+FFFD, one for one."""
    adapter = _adapter(function)
    try:
        return adapter.dump_json(result, warnings=False)
    except PydanticSerializationError:
        return to_json(_cleaned(adapter.dump_python(result, mode="json", warnings=False)))


def decode_result(function: Callable[..., Any], answer: bytes) -> Any:
    """Decode a result. ValueError if the answer is not of the function's return type."""
    return _adapter(function).validate_json(answer)


def encode_error(error: BaseException) -> bytes:
    if isinstance(error, Rejected):
        end = error.disposition
        raised = Raised("rejected", end.detail, end.reason, end.outcome)
    elif isinstance(error, ConfigError):
        raised = Raised("config", str(error))
    else:
        trace = "".join(traceback.format_exception(error))
        raised = Raised("fault", f"{type(error).__name__}: {error}", trace=trace)
    return to_json(_cleaned(_RAISED.dump_python(raised, mode="json")))


def decode_error(answer: bytes) -> Exception:
    """The exception to raise in the caller. ValueError if the answer is not an encoded exception."""
    return _RAISED.validate_json(answer).as_error()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
