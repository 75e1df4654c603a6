"""All settings: one table of the environment variables ``ONRECORD_*``, and the paths of an installation's files.

Reading, validation, ``onrecord config check`` and ``docs/configuration.md`` derive from it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config import variable_values
from pipeline.config.variables import Variable, setting
from pipeline.errors import ConfigError, FileUnusable
from pipeline.runtime.days import zone_called

SHIPPED = Path(__file__).parent


def _default_home() -> str:
    data = os.environ.get("XDG_DATA_HOME")
    return str((Path(data) if data else Path.home() / ".local/share") / "onrecord")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an installation. Paths are absolute; no file or folder is created here."""

    home: Path = setting(
        "ONRECORD_HOME",
        "Folder of archive, embedded database, spool and secrets",
        variable_values.absolute_path,
        default=_default_home,
        unset="`~/.local/share/onrecord`",
        check=variable_values.home_problem,
    )
    database_url: str | None = setting(
        "ONRECORD_DATABASE_URL",
        "A Postgres (15 to 18) of your own: `postgresql://USER:PASSWORD@HOST:PORT/NAME`",
        unset="the embedded one, in `HOME/pg`",
        check=variable_values.url_problem("postgres", "postgresql", "postgresql+psycopg"),
        secret=True,
    )
    config_dir: Path | None = setting(
        "ONRECORD_CONFIG",
        "Folder with your `sources/`, `speakers.yaml`, `watches.yaml`",
        variable_values.absolute_path,
        unset="none",
        check=variable_values.folder_problem,
    )
    only_sources: tuple[str, ...] = setting(
        "ONRECORD_ONLY_SOURCES",
        "Ids of the only sources that are on, such as `kremlin-ru,tass-ru`, whatever the files say",
        variable_values.names,
        default="",
        unset="those whose files say so",
    )
    contact: str | None = setting(
        "ONRECORD_CONTACT",
        "E-mail or web address shown to every server that is asked",
        unset="a live crawl is refused",
        check=variable_values.contact_problem,
    )
    timezone: ZoneInfo = setting(
        "ONRECORD_TIMEZONE",
        "Zone of the days and times in searches, e-mails and other output for people, such as `Europe/Berlin`",
        zone_called,
        default="Europe/Moscow",
    )
    ops_mail: str | None = setting(
        "ONRECORD_OPS_MAIL",
        "Mailbox that is notified when a run fails or a source is in trouble",
        unset="nobody is notified",
        check=variable_values.mailbox_problem,
    )
    ping_url: str | None = setting(
        "ONRECORD_PING_URL",
        "Address that is asked for after each run that ended well, so that a watchdog elsewhere notices when none does",
        unset="none",
        check=variable_values.url_problem("http", "https"),
        secret=True,
    )
    smtp_url: str | None = setting(
        "ONRECORD_SMTP_URL",
        "Mail server: `smtp://USER:PASSWORD@HOST:PORT`, with `?starttls=required` if no e-mail may leave unencrypted, "
        "or `smtps://` for TLS from the start",
        unset="e-mails go to `HOME/spool`",
        check=variable_values.mail_server_problem,
        secret=True,
    )
    mail_from: str = setting(
        "ONRECORD_MAIL_FROM",
        "Sender of the e-mails; one that cannot be delivered goes back there",
        default="onrecord@localhost",
        check=variable_values.sender_problem,
    )
    web_url: str | None = setting(
        "ONRECORD_WEB_URL",
        "Public address of `onrecord web`, such as `https://news.example/record`: e-mails link to its pages, by which "
        "readers also unsubscribe",
        unset="e-mails have no such links",
        check=variable_values.url_problem("http", "https"),
    )
    link_key: str | None = setting(
        "ONRECORD_LINK_KEY",
        "Key that signs unsubscribe links; needed where web service and runs do not share `HOME`",
        unset="one made on first use, in `HOME/secrets.env`",
        secret=True,
    )
    proxy: str | None = setting(
        "ONRECORD_PROXY",
        "Proxy that all requests go through",
        unset="none",
        check=variable_values.url_problem("http", "https"),
        secret=True,
    )
    """The proxy must then check resolved IP addresses itself (SSRF)."""
    web_password: str | None = setting(
        "ONRECORD_WEB_PASSWORD",
        "Password of the web pages, asked for by HTTP Basic sign-in with any user name; needed on any address but "
        "this machine's own",
        unset="only this machine can read them",
        check=variable_values.password_problem,
        secret=True,
    )
    archive_url: str | None = setting(
        "ONRECORD_ARCHIVE_URL",
        "Other storage that closed archive files are copied to, such as `s3://BUCKET/PREFIX`",
        unset="none",
        check=variable_values.storage_problem,
        secret=True,
    )
    archive_keep_days: float = setting(
        "ONRECORD_ARCHIVE_KEEP_DAYS",
        "Days that a copied archive file also stays here",
        variable_values.days_from_zero,
        default="7",
    )
    batch_items: int = setting(
        "ONRECORD_BATCH_ITEMS",
        "Approximate batch size: pages or versions that one Airflow task processes; a smaller number makes more tasks",
        variable_values.count_above_zero,
        default="500",
    )
    late_hours: float = setting(
        "ONRECORD_LATE_HOURS",
        "Hours after which the ops mailbox is notified that a daily run has not ended",
        variable_values.hours_above_zero,
        default="6",
    )
    ledger_keep_days: float = setting(
        "ONRECORD_LEDGER_KEEP_DAYS",
        "Days until `onrecord_maintenance` sums up a run's ledger by day",
        variable_values.days_from_zero,
        default="30",
    )

    airflow_keep_days: float = setting(
        "ONRECORD_AIRFLOW_KEEP_DAYS",
        "Days until `onrecord_maintenance` removes task logs, and runs in Airflow's own database",
        variable_values.days_from_zero,
        default="30",
    )
    spool_keep_days: float = setting(
        "ONRECORD_SPOOL_KEEP_DAYS",
        "Days until `onrecord_maintenance` removes an e-mail from `HOME/spool`",
        variable_values.days_from_zero,
        default="90",
    )

    @property
    def own_config(self) -> Path | None:
        """The user's configuration folder, if one is set. FileUnusable if it is not a folder."""
        if self.config_dir is not None and not self.config_dir.is_dir():
            raise FileUnusable(
                f"{self.config_dir}: no such folder (ONRECORD_CONFIG or --config)", path=str(self.config_dir)
            )
        return self.config_dir

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def postgres(self) -> Path:
        return self.home / "pg"


AIRFLOW_DATABASE_URL = Variable(
    "ONRECORD_AIRFLOW_DATABASE_URL",
    "Metadata database of Airflow",
    str,
    unset="the database `airflow` in the embedded server",
    check=variable_values.airflow_database_problem,
    secret=True,
)
REPLAY = Variable(
    "ONRECORD_REPLAY",
    "WARC file or folder that Airflow's crawls read instead of the web",
    Path,
    unset="none",
    check=variable_values.path_problem,
)
AS_OF = Variable(
    "ONRECORD_AS_OF",
    "What the web was then, for `ONRECORD_REPLAY`: day or moment",
    str,
    unset="all of it",
    check=variable_values.moment_problem,
)
PG_BIN = Variable(
    "ONRECORD_PG_BIN",
    "Folder of PostgreSQL's programs for the embedded server",
    Path,
    unset="the wheel's",
    check=variable_values.programs_problem,
)
BROWSER = Variable(
    "ONRECORD_BROWSER",
    "Program of the browser for sources with `browser: true`",
    str,
    unset="playwright's own",
    check=variable_values.path_problem,
)

COLLECT_CRON = Variable(
    "ONRECORD_COLLECT_CRON",
    "Cron line (UTC) of the DAG `onrecord_collect`, which crawls the sources that are due then",
    str,
    default="*/10 * * * *",
    check=variable_values.cron_problem,
)
DAILY_CRON = Variable(
    "ONRECORD_DAILY_CRON",
    "Cron line (UTC, once a day, before 21:00) of the DAG `onrecord_daily`",
    str,
    default="0 0 * * *",
    check=variable_values.cron_problem,
)
MAINTENANCE_CRON = Variable(
    "ONRECORD_MAINTENANCE_CRON",
    "Cron line (Moscow) of the DAG `onrecord_maintenance`",
    str,
    default="30 5 * * *",
    check=variable_values.cron_problem,
)
CRAWLS_AT_ONCE = Variable(
    "ONRECORD_CRAWLS_AT_ONCE",
    "Most crawl tasks of one scheduled run, each for some of the sources",
    variable_values.count_above_zero,
    default="4",
)

_OF_SETTINGS: dict[str, Variable[Any]] = {field.name: field.metadata["variable"] for field in fields(Settings)}
VARIABLES: tuple[Variable[Any], ...] = (
    *_OF_SETTINGS.values(),
    COLLECT_CRON,
    DAILY_CRON,
    MAINTENANCE_CRON,
    CRAWLS_AT_ONCE,
    AIRFLOW_DATABASE_URL,
    REPLAY,
    AS_OF,
    PG_BIN,
    BROWSER,
)
"""All settings, in the order of the page. The last ones are read only where they are needed."""


def usable_settings() -> Settings:
    """The settings, with the default of each whose value cannot be parsed: for whoever has to report just that."""
    found: dict[str, Any] = {}
    for field, variable in _OF_SETTINGS.items():
        with suppress(ConfigError):
            found[field] = variable.value()
    return Settings(**found)


def from_environment(*, home: Path | None = None, config_dir: Path | None = None) -> Settings:
    """The settings. ``home`` and ``config_dir``, if given, take precedence over the environment.

    ConfigError if a value cannot be parsed.
    """
    given = {"home": home, "config_dir": config_dir}

    def value_of(field: str, variable: Variable[Any]) -> Any:
        path = given.get(field)
        return path.expanduser().absolute() if path else variable.value()

    return Settings(**{field: value_of(field, variable) for field, variable in _OF_SETTINGS.items()})
