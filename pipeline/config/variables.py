"""All environment variables: meaning, default and validation. ``docs/configuration.md`` is generated from this list."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.config.numbers import NUMBERS
from pipeline.config.settings import setting_from_file
from pipeline.errors import ConfigError
from pipeline.runtime.days import zone_called

Check = Callable[[str], str]
"""A validator: gives back what is wrong with a value, empty if nothing is."""


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
        except ValueError:
            # The part that cannot be parsed may belong to a password, so it is not shown.
            return (
                "is no address: its host or port cannot be read (write @ : / ? # of a password as %40 %3A %2F %3F %23)"
            )
        if parts.scheme not in schemes or not parts.hostname:
            return f"must be an address that starts with {' or '.join(f'{it}://' for it in schemes)} and names a host"
        return ""

    return check


def _storage(value: str) -> str:
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


def _mail(value: str) -> str:
    return "" if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value) else "is no e-mail address such as ops@example.org"


def _sender(value: str) -> str:
    return _mail(parseaddr(value)[1])


def _contact(value: str) -> str:
    web = _address("http", "https")(value)
    return "must be an e-mail or web address, such as ops@example.org" if web and _mail(value) else ""


def _smtp(value: str) -> str:
    wrong = _address("smtp", "smtps")(value)
    return wrong or ("must end after host and port" if urlsplit(value).path not in ("", "/") else "")


def _home(value: str) -> str:
    path = Path(value).expanduser().absolute()
    nearest = next(it for it in (path, *path.parents) if it.exists())
    if not nearest.is_dir():
        return f"{nearest} is in the way: it is no folder"
    return "" if os.access(nearest, os.W_OK | os.X_OK) else f"{nearest} is not writable"


def _programs(value: str) -> str:
    return "" if (Path(value).expanduser() / "initdb").is_file() else "there is no program initdb in that folder"


def _moment(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "is no day or moment: write 2026-06-15 or 2026-06-15T12:00:00+00:00"
    return ""


def _zone(value: str) -> str:
    try:
        zone_called(value)
    except ConfigError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting. ``default``: in words. ``secret``: the value is never shown."""

    name: str
    meaning: str
    default: str
    check: Check = _any
    secret: bool = False


def _airflow(value: str) -> str:
    return (
        "" if re.match(r"[a-z0-9+]+://.", value) else "must be an address such as postgresql://USER:PASSWORD@HOST/NAME"
    )


_POSTGRES = _address("postgres", "postgresql", "postgresql+psycopg")

VARIABLES = (
    Variable(
        "ONRECORD_HOME", "Folder of archive, embedded database, spool and secrets", "`~/.local/share/onrecord`", _home
    ),
    Variable(
        "ONRECORD_DATABASE_URL",
        "A Postgres (15 to 18) of your own: `postgresql://USER:PASSWORD@HOST:PORT/NAME`",
        "the embedded one, in `HOME/pg`",
        _POSTGRES,
        secret=True,
    ),
    Variable("ONRECORD_CONFIG", "Folder with your `sources/`, `speakers.yaml`, `watches.yaml`", "none", _folder),
    Variable(
        "ONRECORD_CONTACT",
        "E-mail or web address shown to every server that is asked",
        "a live crawl is refused",
        _contact,
    ),
    Variable(
        "ONRECORD_TIMEZONE",
        "Zone of the days and times in searches, e-mails and other output for people, such as `Europe/Berlin`",
        "`Europe/Moscow`",
        _zone,
    ),
    Variable("ONRECORD_OPS_MAIL", "Mailbox told when a run fails or a source is in trouble", "nobody is told", _mail),
    Variable(
        "ONRECORD_SMTP_URL",
        "Mail server: `smtp://USER:PASSWORD@HOST:PORT`, `smtps://` for TLS from the start",
        "letters go to `HOME/spool`",
        _smtp,
        secret=True,
    ),
    Variable(
        "ONRECORD_MAIL_FROM",
        "Sender of letters; mail that cannot be delivered goes back there",
        "`onrecord@localhost`",
        _sender,
    ),
    Variable("ONRECORD_PROXY", "Proxy that all requests go through", "none", _address("http", "https"), secret=True),
    Variable(
        "ONRECORD_ARCHIVE_URL",
        "Other storage that closed archive files are copied to, such as `s3://BUCKET/PREFIX`",
        "none",
        _storage,
        secret=True,
    ),
    Variable(
        "ONRECORD_ARCHIVE_KEEP_DAYS",
        "Days that a copied archive file also stays here",
        "7",
        NUMBERS["ONRECORD_ARCHIVE_KEEP_DAYS"],
    ),
    Variable(
        "ONRECORD_BATCH_ITEMS",
        "Pages or versions that one of Airflow's tasks extracts or finds quotes in, about; fewer make more tasks",
        "500",
        NUMBERS["ONRECORD_BATCH_ITEMS"],
    ),
    Variable(
        "ONRECORD_LATE_HOURS",
        "Hours after which the ops mailbox is told that a daily run has not ended",
        "6",
        NUMBERS["ONRECORD_LATE_HOURS"],
    ),
    Variable(
        "ONRECORD_LEDGER_KEEP_DAYS",
        "Days until `onrecord_maintenance` sums up a run's ledger by day",
        "30",
        NUMBERS["ONRECORD_LEDGER_KEEP_DAYS"],
    ),
    Variable(
        "ONRECORD_AIRFLOW_DATABASE_URL",
        "Metadata database of Airflow",
        "the database `airflow` in the embedded server",
        _airflow,
        secret=True,
    ),
    Variable("ONRECORD_REPLAY", "WARC file or folder that Airflow's crawls read instead of the web", "none", _exists),
    Variable("ONRECORD_AS_OF", "What the web was then, for `ONRECORD_REPLAY`: day or moment", "all of it", _moment),
    Variable("ONRECORD_PG_BIN", "Folder of PostgreSQL's programs for the embedded server", "the wheel's", _programs),
    Variable(
        "ONRECORD_BROWSER", "Program of the browser for sources with `browser: true`", "playwright's own", _exists
    ),
)


def environment_problems(environment: Mapping[str, str]) -> Iterator[str]:
    """One message for each problem with the settings, with its name: invalid values, and unknown names."""
    known = {it.name: it for it in VARIABLES}
    files = {f"{it.name}_FILE": it for it in VARIABLES if it.secret}
    for name in sorted(environment):
        if not name.startswith("ONRECORD_"):
            continue
        if name in files:
            yield from _wrong_file(files[name], environment)
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


def _wrong_file(variable: Variable, environment: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a setting whose value is in a file (``NAME_FILE``)."""
    name, file = f"{variable.name}_FILE", environment[f"{variable.name}_FILE"]
    if not file:
        return
    if environment.get(variable.name):
        yield f"{name}: {variable.name} is set as well; unset one of them"
        return
    try:
        wrong = variable.check(setting_from_file(variable.name, file))
    except ConfigError as error:
        yield str(error)
        return
    if wrong:
        yield f"{name}={file}: what it says {wrong}"


def configuration_page() -> str:
    """The text of ``docs/configuration.md``: a table of all settings."""
    rows = [f"| `{it.name}` | {it.meaning} | {it.default} |" for it in VARIABLES]
    files = ", ".join(f"`{it.name}`" for it in VARIABLES if it.secret)
    return "\n".join([_HEAD, *rows, _TAIL.replace("{files}", files)])


_HEAD = """# Configuration

Made by `onrecord config page`; a test holds it against the code. `onrecord config check` names what is
wrong with yours.

## Environment

| setting | what it is for | if unset |
|---|---|---|"""
_TAIL = """
A secret may stand in a file instead, such as a Docker secret: put `_FILE` after the setting's name and give the file's
path. That goes for {files}.

Storage keys (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`) and Airflow's own settings
(`AIRFLOW__SECTION__KEY`) are read under the names that those tools give them, and so is where traces go
(`OTEL_EXPORTER_OTLP_ENDPOINT` and its like: [watching it](observability.md)).

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
