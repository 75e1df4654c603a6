"""Settings from the environment variables ``ONRECORD_*``, and the paths of an installation's files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config.numbers import NUMBERS
from pipeline.errors import ConfigError
from pipeline.runtime.days import zone_called

SHIPPED = Path(__file__).parent
MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an installation. Paths are absolute; no file or folder is created here."""

    home: Path
    database_url: str | None
    config_dir: Path | None
    contact: str | None
    ops_mail: str | None
    smtp_url: str | None
    """``smtp://user:password@host:port`` (``smtps`` for TLS from the start); None: e-mails go to the spool folder."""
    mail_from: str
    proxy: str | None
    """Egress proxy for all requests; the proxy must then check resolved IP addresses (SSRF)."""
    archive_url: str | None = None
    """Remote storage to which closed archive files are uploaded, such as ``s3://bucket/prefix``; None: no uploads."""
    archive_keep_days: float = 7.0
    """Days that an uploaded file is also kept locally."""
    late_hours: float = 6.0
    """Hours after which a daily run that has not ended is reported as overdue."""
    batch_items: int = 500
    """Pages or versions per task of a scheduled run."""
    ledger_keep_days: float = 30.0
    """Days after which a run's ledger is aggregated by day."""
    timezone: ZoneInfo = MOSCOW
    """The time zone of days and times in input and output."""

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def postgres(self) -> Path:
        return self.home / "pg"


def from_environment(*, home: Path | None = None, config_dir: Path | None = None) -> Settings:
    """The settings. ``home`` and ``config_dir``, if given, take precedence over the environment.

    ConfigError if a value is invalid.
    """
    env = os.environ
    data = env.get("XDG_DATA_HOME")
    default = (Path(data) if data else Path.home() / ".local/share") / "onrecord"
    chosen = home or Path(env.get("ONRECORD_HOME") or default)
    config = config_dir or (Path(env["ONRECORD_CONFIG"]) if env.get("ONRECORD_CONFIG") else None)
    return Settings(
        home=chosen.expanduser().absolute(),
        database_url=setting_value("ONRECORD_DATABASE_URL"),
        config_dir=config.expanduser().absolute() if config else None,
        contact=env.get("ONRECORD_CONTACT") or None,
        ops_mail=env.get("ONRECORD_OPS_MAIL") or None,
        smtp_url=setting_value("ONRECORD_SMTP_URL"),
        mail_from=env.get("ONRECORD_MAIL_FROM") or "onrecord@localhost",
        proxy=setting_value("ONRECORD_PROXY"),
        archive_url=setting_value("ONRECORD_ARCHIVE_URL"),
        archive_keep_days=_number("ONRECORD_ARCHIVE_KEEP_DAYS", 7.0),
        late_hours=_number("ONRECORD_LATE_HOURS", 6.0),
        batch_items=int(_number("ONRECORD_BATCH_ITEMS", 500)),
        ledger_keep_days=_number("ONRECORD_LEDGER_KEEP_DAYS", 30.0),
        timezone=_zone("ONRECORD_TIMEZONE"),
    )


def setting_value(name: str) -> str | None:
    """The value of a setting that may be secret: from the variable itself, or from the file in ``NAME_FILE``."""
    value, file = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value and file:
        raise ConfigError(f"{name} and {name}_FILE are both set; unset one of them")
    return setting_from_file(name, file) if file else value or None


def setting_from_file(name: str, file: str) -> str:
    """The content of a secret's file, stripped. ConfigError if it cannot be read or is empty."""
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}_FILE={file}: cannot be read: {getattr(error, 'strerror', error)}") from error
    if not value:
        raise ConfigError(f"{name}_FILE={file}: is empty; write the value of {name} into it")
    return value


def _number(name: str, default: float) -> float:
    value = os.environ.get(name) or f"{default:g}"
    wrong = NUMBERS[name](value)
    if wrong:
        raise ConfigError(f"{name}={value}: {wrong}")
    return float(value)


def _zone(name: str) -> ZoneInfo:
    value = os.environ.get(name)
    try:
        return zone_called(value) if value else MOSCOW
    except ConfigError as error:
        raise ConfigError(f"{name}: {error}") from error
