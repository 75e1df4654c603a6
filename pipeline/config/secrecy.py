"""Keep secrets private: remove them from the environment of child processes, and passwords from shown addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.config.settings import VARIABLES

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
    """The environment without secret variables, except those whose names start with ``but``."""
    return {
        name: value
        for name, value in environment.items()
        if (but and name.startswith(but)) or not (name in _SETTINGS or _OF_TOOLS.fullmatch(name))
    }


def without_password(words: str) -> str:
    """The text with the password of each address masked, both before the host and in query parameters."""
    return _PARAMETER.sub(r"\1=***", _USER_INFO.sub(r"\1:***", words))
