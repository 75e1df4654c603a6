"""Every setting of the environment: what it is for, what stands if it is unset, and what is wrong with a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

Check = Callable[[str], str]
"""Says what is wrong with a value; empty if nothing is."""


def _any(_value: str) -> str:
    return ""


def _folder(value: str) -> str:
    return "" if Path(value).expanduser().is_dir() else "there is no such folder"


def _exists(value: str) -> str:
    return "" if Path(value).expanduser().exists() else "there is no such file or folder"


def _address(*schemes: str) -> Check:
    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError as error:
            return f"is no address: {error}"
        if parts.scheme not in schemes or not parts.hostname:
            return f"must be an address that starts with {' or '.join(f'{it}://' for it in schemes)} and names a host"
        return ""

    return check


def _storage(value: str) -> str:
    return "" if re.match(r"[a-z0-9+]+://.", value) else "must be an address such as s3://BUCKET/PREFIX"


def _mail(value: str) -> str:
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+", value) else "is no e-mail address such as ops@example.org"


def _days(value: str) -> str:
    try:
        days = float(value)
    except ValueError:
        days = -1.0
    return "" if 0 <= days < float("inf") else "must be a number of days, such as 7"


def _hours(value: str) -> str:
    try:
        hours = float(value)
    except ValueError:
        hours = 0.0
    return "" if 0 < hours < float("inf") else "must be a number of hours above zero, such as 6"


def _count(value: str) -> str:
    fine = value.isascii() and value.isdecimal() and int(value) > 0
    return "" if fine else "must be a whole number above zero, such as 500"


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting. ``default`` in words; ``secret``: its value is never shown."""

    name: str
    meaning: str
    default: str
    check: Check = _any
    secret: bool = False


_POSTGRES = _address("postgres", "postgresql", "postgresql+psycopg")

VARIABLES = (
    Variable("ONRECORD_HOME", "Folder of archive, embedded database, spool and secrets", "`~/.local/share/onrecord`"),
    Variable(
        "ONRECORD_DATABASE_URL",
        "A Postgres (15 to 18) of your own: `postgresql://USER:PASSWORD@HOST:PORT/NAME`",
        "the embedded one, in `HOME/pg`",
        _POSTGRES,
        secret=True,
    ),
    Variable("ONRECORD_CONFIG", "Folder with your `sources/`, `speakers.yaml`, `watches.yaml`", "none", _folder),
    Variable(
        "ONRECORD_CONTACT", "E-mail or web address shown to every server that is asked", "a live crawl is refused"
    ),
    Variable("ONRECORD_OPS_MAIL", "Mailbox told when a run fails or a source is in trouble", "nobody is told", _mail),
    Variable(
        "ONRECORD_SMTP_URL",
        "Mail server: `smtp://USER:PASSWORD@HOST:PORT`, `smtps://` for TLS from the start",
        "letters go to `HOME/spool`",
        _address("smtp", "smtps"),
        secret=True,
    ),
    Variable("ONRECORD_MAIL_FROM", "Sender of letters", "`onrecord@localhost`"),
    Variable("ONRECORD_PROXY", "Proxy that all requests go through", "none", _address("http", "https"), secret=True),
    Variable(
        "ONRECORD_ARCHIVE_URL",
        "Other storage that closed archive files are copied to, such as `s3://BUCKET/PREFIX`",
        "none",
        _storage,
        secret=True,
    ),
    Variable("ONRECORD_ARCHIVE_KEEP_DAYS", "Days that a copied archive file also stays here", "7", _days),
    Variable(
        "ONRECORD_BATCH_ITEMS",
        "Pages or versions that one of Airflow's tasks extracts or finds quotes in, about; fewer make more tasks",
        "500",
        _count,
    ),
    Variable(
        "ONRECORD_LATE_HOURS",
        "Hours after which the ops mailbox is told that Airflow's daily run has not ended",
        "6",
        _hours,
    ),
    Variable(
        "ONRECORD_LEDGER_KEEP_DAYS", "Days until `onrecord_maintenance` sums up a run's ledger by day", "30", _days
    ),
    Variable(
        "ONRECORD_AIRFLOW_DATABASE_URL",
        "Metadata database of Airflow",
        "the database `airflow` in the embedded server",
        _any,
        secret=True,
    ),
    Variable("ONRECORD_REPLAY", "WARC file or folder that Airflow's crawls read instead of the web", "none", _exists),
    Variable("ONRECORD_AS_OF", "What the web was then, for `ONRECORD_REPLAY`: day or moment", "all of it"),
    Variable("ONRECORD_PG_BIN", "Folder of PostgreSQL's programs for the embedded server", "the wheel's", _folder),
    Variable(
        "ONRECORD_BROWSER", "Program of the browser for sources with `browser: true`", "playwright's own", _exists
    ),
)


def problems(environment: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the settings, a line each that names the setting: bad values, and names that are none."""
    known = {it.name: it for it in VARIABLES}
    for name in sorted(environment):
        if not name.startswith("ONRECORD_"):
            continue
        if name not in known:
            near = get_close_matches(name, known, n=1)
            yield f"{name}: no such setting" + (
                f"; did you mean {near[0]}?" if near else "; docs/configuration.md lists all"
            )
            continue
        value = environment[name]
        wrong = known[name].check(value) if value else ""
        if wrong:
            yield f"{name}{'' if known[name].secret else f'={value}'}: {wrong}"


def page() -> str:
    """``docs/configuration.md``: every setting, from the same list that they are checked by."""
    rows = [f"| `{it.name}` | {it.meaning} | {it.default} |" for it in VARIABLES]
    return "\n".join([_HEAD, *rows, _TAIL])


_HEAD = """# Configuration

Made by `onrecord config page`; a test holds it against the code. `onrecord config check` names what is
wrong with yours.

## Environment

| setting | what it is for | if unset |
|---|---|---|"""
_TAIL = """
Storage keys (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`) and Airflow's own settings
(`AIRFLOW__SECTION__KEY`) are read under the names that those tools give them.

## Files

In the folder that `ONRECORD_CONFIG` (or `--config`) names; each entry is added to the shipped ones, or replaces one
by id; `beat.yaml` replaces the shipped one whole.

| file | what it holds | how to check it alone |
|---|---|---|
| `sources/ID.yaml` | one publication: [add-a-source](add-a-source.md) | `onrecord sources check` |
| `speakers.yaml` | people, bodies and offices by date: [add-a-speaker](add-a-speaker.md) | `onrecord speakers check` |
| `watches.yaml` | who wants to know what | `onrecord watch test` |
| `beat.yaml` | words by which an article is on the beat | `onrecord config check` |
"""
