"""Commands for those who look after an installation's data: `backup restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import output
from pipeline.cli.runs import Config
from pipeline.config.settings import from_environment

File = Annotated[Path, typer.Argument(help="The backup: one tar file.")]


def add_to(app: typer.Typer) -> None:
    for command in (backup, restore):
        app.command()(command)


def backup(file: File, config: Config = None) -> int:
    """Save the database, the archive, the spool and the configuration to one file, each part with its SHA-256."""
    from pipeline import backup as saving
    from pipeline.store.engine import connect

    settings = from_environment(config_dir=config)
    with connect(settings) as engine:
        saved = saving.backup(engine, settings, file)
    output.say(f"{file}: {saved.files} files, {saved.size:,} bytes, {saved.rows:,} rows, digest {saved.digest}")
    output.say("Secrets are not in it: keep secrets.env and the settings of the environment elsewhere.")
    return 0


def restore(file: File) -> int:
    """Put a backup into an empty database and an empty home. The file is checked first; then all of it or nothing."""
    from pipeline import backup as saving
    from pipeline.store.engine import connect

    settings = from_environment()
    with connect(settings, migrated=False) as engine:
        saved = saving.restore(engine, settings, file)
    output.say(f"restored {saved.files} files, {saved.rows:,} rows; the digest is that of the backup: {saved.digest}")
    configured = settings.home / saving.RESTORED_CONFIG
    if configured.exists():
        output.say(f"The configuration lies in {configured}: move it where you keep it, and set ONRECORD_CONFIG.")
    output.say("To prove every quote: onrecord verify --all")
    return 0
