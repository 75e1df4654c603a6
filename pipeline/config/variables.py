"""An environment variable as a setting: how its value is read, its default, and what is wrong with a value."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from pipeline.errors import ConfigError, FileUnusable, InvalidValue, OptionConflict

T = TypeVar("T")
Check = Callable[[str], str]
"""A validator: gives back what is wrong with a value, empty if nothing is."""


def any_text(_value: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Variable(Generic[T]):
    """One setting. ``parse`` raises ConfigError for a value that cannot be used at all; ``check`` is for the rest.

    What ``check`` finds is reported by `onrecord config check`; a command that needs the setting has its own message.
    """

    name: str
    meaning: str
    parse: Callable[[str], T]
    default: str | Callable[[], str] | None = None
    """The value if the variable is unset or empty, as it would be written there; None: then the setting is None."""
    unset: str = ""
    """What it means that the variable is unset, in words; empty: ``default`` is shown."""
    check: Check = any_text
    secret: bool = False
    """The value is never shown, and may be in the file that ``NAME_FILE`` names."""

    def value(self) -> T | None:
        """The value that the environment or the default gives. ConfigError if it cannot be parsed."""
        text = self._text()
        try:
            return None if text is None else self.parse(text)
        except ConfigError as error:
            raise InvalidValue(
                f"{self.name}{'' if self.secret else f'={text}'}: {error}",
                name=self.name,
                value="" if self.secret else str(text),
            ) from error

    def problem(self, text: str) -> str:
        """What is wrong with a value; empty if nothing is."""
        try:
            self.parse(text)
        except ConfigError as error:
            return str(error)
        return self.check(text)

    def if_unset(self) -> str:
        """What holds if the variable is unset, in words."""
        default = str(self.default)
        return self.unset or (default if default.isdecimal() else f"`{default}`")

    def _text(self) -> str | None:
        value = os.environ.get(self.name)
        file = os.environ.get(f"{self.name}_FILE") if self.secret else None
        if value and file:
            raise OptionConflict(
                f"{self.name} and {self.name}_FILE are both set; unset one of them",
                options=(self.name, f"{self.name}_FILE"),
            )
        if file:
            return setting_from_file(self.name, file)
        return value or (self.default() if callable(self.default) else self.default)


@overload
def setting(
    name: str,
    meaning: str,
    parse: Callable[[str], T] = ...,
    *,
    default: str | Callable[[], str],
    unset: str = ...,
    check: Check = ...,
) -> T: ...


@overload
def setting(
    name: str, meaning: str, parse: Callable[[str], T] = ..., *, unset: str, check: Check = ..., secret: bool = ...
) -> T | None: ...


def setting(name: str, meaning: str, parse: Callable[[str], Any] = str, **more: Any) -> Any:
    """A field of :class:`~pipeline.config.settings.Settings` that is read from an environment variable."""
    variable = Variable(name, meaning, parse, **more)
    return field(default_factory=lambda: _default_of(variable), metadata={"variable": variable})


def _default_of(variable: Variable[T]) -> T | None:
    default = variable.default() if callable(variable.default) else variable.default
    return None if default is None else variable.parse(default)


def setting_from_file(name: str, file: str) -> str:
    """The content of a secret's file, stripped. ConfigError if it cannot be read or is empty."""
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(
            f"{name}_FILE={file}: cannot be read: {getattr(error, 'strerror', error)}", path=file
        ) from error
    if not value:
        raise FileUnusable(f"{name}_FILE={file}: is empty; write the value of {name} into it", path=file)
    return value
