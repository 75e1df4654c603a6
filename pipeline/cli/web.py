"""`onrecord web`: the pages and the API, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import Config
from pipeline.cli.up import WEB_PORT, stop_on_signals
from pipeline.config.installation_secrets import link_key
from pipeline.config.settings import Settings, from_environment
from pipeline.errors import MissingSetting, PortUnusable

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from uvicorn import Server

HOST = "127.0.0.1"
STOP_SECONDS = 5
"""How long answers that are being sent may take once the service is stopped."""


def web(
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own needs ONRECORD_WEB_PASSWORD.")
    ] = HOST,
    port: Annotated[int, typer.Option(help="Port to listen on; 0: any that is free.", min=0, max=65535)] = WEB_PORT,
    config: Config = None,
) -> int:
    """Serve the web pages, feeds and the API until Ctrl-C or SIGTERM."""
    from pipeline.store.engine import open_store

    settings = from_environment(config_dir=config)
    refuse_open_address(settings, host)
    with stop_on_signals(), listening_socket(host, port) as listener, open_store(settings) as engine:
        serve_pages(settings, engine, listener)
    return 0


def refuse_open_address(settings: Settings, host: str) -> None:
    """MissingSetting if others could reach that address and no password is set."""
    from pipeline.web.security import LOOPBACK

    if host not in LOOPBACK and not settings.web_password:
        raise MissingSetting(
            f"--host {host}: others could read everything without sign-in; set ONRECORD_WEB_PASSWORD, "
            "or listen on 127.0.0.1",
            setting="ONRECORD_WEB_PASSWORD",
        )


@contextmanager
def listening_socket(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there, for the length of the block. PortUnusable if the address or port cannot be used."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise PortUnusable(
            f"port {port} of {host} cannot be used ({error.strerror}); choose another: --port N", host=host, port=port
        ) from error
    with listener:
        yield listener


def serve_pages(settings: Settings, engine: Engine, listener: socket.socket) -> None:
    """Serve on that socket until a signal; prints the address once it is listened on."""
    try:
        _announcing_server(settings, engine, address_of(listener)).run(sockets=[listener])
    except KeyboardInterrupt:
        output.print_line("stopping")


def address_of(listener: socket.socket) -> str:
    """The address of the home page."""
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _announcing_server(settings: Settings, engine: Engine, address: str) -> Server:
    import uvicorn

    from pipeline.store.server.web_role import prepare_web_role
    from pipeline.web.app import make_app

    class AnnouncingServer(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            output.print_line(f"pages at {address}; Ctrl-C stops them")

    return AnnouncingServer(
        uvicorn.Config(
            make_app(
                settings,
                engine,
                password=settings.web_password,
                role=prepare_web_role(engine),
                link_key=link_key(settings),
            ),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            lifespan="off",
        )
    )
