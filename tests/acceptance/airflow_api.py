"""Airflow's pages, asked as a user would."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

DAGS = {"onrecord_collect", "onrecord_daily", "onrecord_reprocess", "onrecord_maintenance"}


class Api:
    """What answers on a port of this machine; whoever has logged in is known from then on."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""

    def ask(self, path: str, body: object = None, method: str | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}

    def log_in(self, user: str, password: str) -> int:
        """The status of the answer."""
        status, answer = self.ask("/auth/token", {"username": user, "password": password})
        self.token = str(answer.get("access_token", ""))
        return status

    def dags(self) -> set[object]:
        """Those it shows; asked until all are parsed, a minute at most."""
        found: set[object] = set()
        for _ in range(60):
            status, answer = self.ask("/api/v2/dags")
            assert status == 200
            found = {dag["dag_id"] for dag in answer["dags"]}
            if found >= DAGS:
                break
            time.sleep(1)
        return found
