"""E-mail: sent to an SMTP server, or written to the spool folder if none is set."""

from __future__ import annotations

from pipeline.alerts.channels.email.faults import Transport
from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.alerts.channels.email.spool import SpoolTransport
from pipeline.config.settings import Settings


def transport_for(settings: Settings) -> Transport:
    """SMTP if ``ONRECORD_SMTP_URL`` is set, else the spool folder. Raises ConfigError for an invalid URL."""
    return SmtpTransport(settings.smtp_url) if settings.smtp_url else SpoolTransport(settings.spool)
