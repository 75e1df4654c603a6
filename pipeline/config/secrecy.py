"""What no other program needs to know: secrets in the environment, and in addresses that are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.config.variables import VARIABLES

_SETTINGS = frozenset(it.name for it in VARIABLES if it.secret)
_OF_TOOLS = re.compile(
    r"(PGPASSWORD|PGSSLPASSWORD"
    r"|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)"
    r"|OTEL_EXPORTER_OTLP_\w*HEADERS"
    r"|AIRFLOW__\w*(CONN|BACKEND|KEY|SECRET|PASSWORD|BROKER_URL)(_CMD|_SECRET)?|AIRFLOW_CONN_\w+)"
)
_USER_INFO = re.compile(r"(?<=://)([^/?#@\s]*):[^/?#\s]*(?=@)")
_PARAMETER = re.compile(r"(?i)(?<=[?&])([\w-]*(?:password|secret|token|key)[\w-]*)=[^&#\s]*")


def without_secrets(environment: Mapping[str, str], *, but: str = "") -> dict[str, str]:
    """The environment for a program that needs none of our secrets, except those whose names start with ``but``."""
    return {
        name: value
        for name, value in environment.items()
        if (but and name.startswith(but)) or not (name in _SETTINGS or _OF_TOOLS.fullmatch(name))
    }


def without_password(words: str) -> str:
    """A text in which no address shows its password, be it before the host or among its parameters."""
    return _PARAMETER.sub(r"\1=***", _USER_INFO.sub(r"\1:***", words))
