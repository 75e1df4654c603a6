"""The web service as readers meet it: uvicorn on a port of this machine, in a thread of the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from sqlalchemy import Engine

from pipeline.config.settings import Settings
from pipeline.store.server.web_role import prepare_web_role
from pipeline.web.app import make_app


@contextmanager
def serving_pages(
    settings: Settings,
    engine: Engine,
    *,
    password: str | None = None,
    link_key: str | None = None,
    query_seconds: float = 10.0,
) -> Iterator[httpx.Client]:
    """A client whose base URL is the service's, for the length of the block."""
    role = prepare_web_role(engine)
    assert role is not None
    app = make_app(settings, engine, password=password, role=role, link_key=link_key, query_seconds=query_seconds)
    started = threading.Event()

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Announcing(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert started.wait(60)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
