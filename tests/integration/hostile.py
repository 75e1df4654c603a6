"""The hostile test bed, which is not part of the project, as a server of the test's own; and what is out of bounds."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawling import ROOT

BED = Path(os.environ.get("ONRECORD_SHARED") or ROOT.parent / "shared") / "hostile" / "hostile_server.py"


@dataclass(frozen=True)
class Bed:
    """Where the bed listens; ``canary`` is the port of the service inside that nobody may reach."""

    port: int
    canary: int

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(self.url(path), timeout=10) as answer:
            return json.load(answer)

    def canary_hits(self) -> list[Any]:
        found: list[Any] = self.ask("/__stats")["canary"]
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[Bed]:
    bed = Bed(free_port(), free_port())
    command = [sys.executable, str(BED), "--port", str(bed.port), "--canary-port", str(bed.canary)]
    server = subprocess.Popen([*command, "--max-seconds", "600", "--body-seconds", "20"], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(b"READY")
        yield bed
    finally:
        server.terminate()
        server.wait()


_HOSTS = (
    "127.66.66.66", "2135048770", "0x7f424242", "0X7F424242", "0177.0102.0102.0102", "017720441102", "127.4342338",
    "127.66.16962", "0x7f.0x42.0x42.0x42", "127.66.66.66.", "127.066.066.066", "127.1", "127.0.1", "127.0.0.1", "0",
    "0.0.0.0", "[::1]", "[::]", "[::ffff:127.66.66.66]", "[::ffff:7f42:4242]", "[::127.66.66.66]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::7f42:4242]", "[2002:7f42:4242::]", "[fe80::1%25eth0]", "localhost",
    "LOCALHOST", "localhost.", "localhost.localdomain", "a.localhost", "ip6-localhost", "１２７.66.66.66",
    "①②⑦.66.66.66", "127。66。66。66", "user@127.66.66.66", "user:pass@127.66.66.66", "kremlin.ru@127.0.0.1",
    "kremlin.ru%40127.0.0.1", "kremlin.ru:80@127.66.66.66", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254",
    "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "metadata.google.internal", "printer.local",
    "router.lan", "intranet",
)  # fmt: skip


def inside(canary: int) -> list[str]:
    """Addresses that lead inside, or nowhere, in every disguise we know of; those of the bed's canary would be seen."""
    return [
        *(f"http://{host}:{canary}/?form={number}" for number, host in enumerate(_HOSTS)),
        f"https://127.66.66.66:{canary}/?form=tls",
        f"//127.66.66.66:{canary}/?form=schemeless",
        f"http:\\\\127.66.66.66:{canary}\\?form=backslash",
        f"http:/\\127.66.66.66:{canary}/?form=mixed",
        f"http:///127.66.66.66:{canary}/?form=three",
        f"http://127.66.66.66\t:{canary}/?form=tab",
        f"http://127.66.66.66:{canary}#@kremlin.ru/",
        f"http://127.66.66.66:{canary}?@kremlin.ru/",
        f"http://127.66.66.66:0{canary}/?form=port",
        "http://127.0.0.1:22/", "http://127.0.0.1:6379/", "http://127.0.0.1:0/", "http://127.0.0.1:99999999/",
        "file:///etc/hostname", "file://localhost/etc/hostname", "FILE:///etc/passwd", "ftp://127.0.0.1/x",
        "gopher://127.0.0.1:6379/_INFO", "data:text/html,<p>x</p>", "javascript:alert(1)", "jar:http://127.0.0.1!/x",
        "dict://127.0.0.1:11211/stats", "ldap://127.0.0.1/", "s3://bucket/key", "http://[", "http://", "http://:80/",
    ]  # fmt: skip
