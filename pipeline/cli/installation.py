"""Commands for the first steps: `demo doctor version`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import Config, refuse_beside
from pipeline.config.settings import from_environment


def doctor(config: Config = None) -> int:
    """Check that everything needed is there, and say how to fix what is not."""
    from pipeline.operations.doctor import diagnose_installation

    checks = diagnose_installation(from_environment(config_dir=config))
    for check in checks:
        output.print_line(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}")
    return 0 if all(check.ok for check in checks) else 1


def demo(
    home: Annotated[Path, typer.Option(help="Where the demo keeps its database, archive and e-mails.")] = Path(".demo"),
    serve: Annotated[bool, typer.Option("--serve", help="Then serve its web pages until Ctrl-C.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the pages of --serve.", min=0, max=65535)] = None,
) -> int:
    """Run all five stages on the bundled sample newsroom. Needs no set-up and no network."""
    from pipeline.cli.demo import bars_of, print_demo
    from pipeline.demo.run import run_demo, settings_for

    settings = settings_for(from_environment(), home)
    if not serve:
        refuse_beside("no --serve", {"--port": port})
        return print_demo(run_demo(settings, bars=bars_of), settings)
    from pipeline.cli.up import WEB_PORT, stop_on_signals
    from pipeline.cli.web import HOST, listening_socket, serve_pages
    from pipeline.store.engine import open_store

    # The port and the database are held meanwhile: what is promised at the end can be kept.
    with listening_socket(HOST, WEB_PORT if port is None else port) as listener, open_store(settings) as engine:
        code = print_demo(run_demo(settings, bars=bars_of), settings)
        with stop_on_signals():
            serve_pages(settings, engine, listener)
    return code


def version() -> int:
    """Print the version of onrecord, of its extraction and of its quote engine."""
    output.print_line(f"onrecord {code_version()}")
    return 0


def code_version() -> str:
    from importlib.metadata import version as installed

    from pipeline import extraction, quotes

    return f"{installed('onrecord')} (extraction {extraction.VERSION}, quotes {quotes.VERSION})"
