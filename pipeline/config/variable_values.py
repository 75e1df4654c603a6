"""Read and check the values of environment variables.

A parser raises ConfigError, a check gives back what is wrong with the value (empty if nothing is).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import ConfigError


def absolute_path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def days_from_zero(value: str) -> float:
    number = _number(value)
    if not 0 <= number < float("inf"):
        raise ConfigError("must be a number of days, such as 7")
    return number


def hours_above_zero(value: str) -> float:
    number = _number(value)
    if not 0 < number < float("inf"):
        raise ConfigError("must be a number of hours above zero, such as 6")
    return number


def count_above_zero(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise ConfigError("must be a whole number above zero, such as 500")
    return int(value)


def names(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))


def cron_problem(value: str) -> str:
    from croniter import croniter

    good = len(value.split()) == 5 and croniter.is_valid(value)
    return "" if good else "is no cron line of five fields such as */10 * * * *"


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return -1.0


def folder_problem(value: str) -> str:
    return "" if Path(value).expanduser().is_dir() else "there is no such folder"


def path_problem(value: str) -> str:
    return "" if Path(value).expanduser().exists() else "there is no such file or folder"


def url_problem(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            # The part that cannot be parsed may belong to a password, so it is not shown.
            return (
                "is no address: its host or port cannot be read (write @ : / ? # of a password as %40 %3A %2F %3F %23)"
            )
        if parts.scheme not in schemes or not parts.hostname:
            return f"must be an address that starts with {' or '.join(f'{it}://' for it in schemes)} and names a host"
        return ""

    return check


def storage_problem(value: str) -> str:
    scheme = re.match(r"([a-z0-9+]+)://.", value)
    if scheme is None:
        return "must be an address such as s3://BUCKET/PREFIX"
    import fsspec

    try:
        fsspec.get_filesystem_class(scheme.group(1))
    except (ImportError, ValueError) as error:
        hint = "; S3 needs the extra: pip install 'onrecord[s3]'" if isinstance(error, ImportError) else ""
        return f"{error}{hint}"
    return ""


def mailbox_problem(value: str) -> str:
    return "" if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value) else "is no e-mail address such as ops@example.org"


def sender_problem(value: str) -> str:
    return mailbox_problem(parseaddr(value)[1])


def contact_problem(value: str) -> str:
    web = url_problem("http", "https")(value)
    return "must be an e-mail or web address, such as ops@example.org" if web and mailbox_problem(value) else ""


def mail_server_problem(value: str) -> str:
    wrong = url_problem("smtp", "smtps")(value)
    if wrong:
        return wrong
    parts = urlsplit(value)
    known = {"smtp": ("", "starttls=required"), "smtps": ("",)}[parts.scheme]
    if parts.path not in ("", "/") or parts.query not in known:
        return "must end after host and port, or, with smtp://, in ?starttls=required"
    return ""


def home_problem(value: str) -> str:
    path = Path(value).expanduser().absolute()
    nearest = next(it for it in (path, *path.parents) if it.exists())
    if not nearest.is_dir():
        return f"{nearest} is in the way: it is no folder"
    return "" if os.access(nearest, os.W_OK | os.X_OK) else f"{nearest} is not writable"


def programs_problem(value: str) -> str:
    return "" if (Path(value).expanduser() / "initdb").is_file() else "there is no program initdb in that folder"


def moment_problem(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "is no day or moment: write 2026-06-15 or 2026-06-15T12:00:00+00:00"
    return ""


def airflow_database_problem(value: str) -> str:
    known = re.match(r"[a-z0-9+]+://.", value)
    return "" if known else "must be an address such as postgresql://USER:PASSWORD@HOST/NAME"


def password_problem(value: str) -> str:
    return "" if len(value) >= 12 else "is too short: at least 12 characters"
