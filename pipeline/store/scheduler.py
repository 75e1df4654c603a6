"""Where Airflow keeps its own tables: a second database in the embedded server, or one of the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from pipeline.config.settings import Settings
from pipeline.store import embedded

NAME = "airflow"


@contextmanager
def airflow_database(settings: Settings) -> Iterator[str]:
    """The address of Airflow's metadata database, kept up for the length of the block.

    ``ONRECORD_AIRFLOW_DATABASE_URL`` if set; else the database ``airflow`` in the embedded server, made if missing.
    """
    given = os.environ.get("ONRECORD_AIRFLOW_DATABASE_URL")
    if given:
        yield given
        return
    with embedded.use(settings.postgres) as server:
        _make(server.url())
        yield server.url(NAME)


def _make(server_url: str) -> None:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": NAME}):
                connection.execute(text(f'CREATE DATABASE "{NAME}"'))
    finally:
        engine.dispose()
