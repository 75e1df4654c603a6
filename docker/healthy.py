#!/opt/onrecord/bin/python
"""For health checks: `healthy PART ...` ends as 0 if the api-server answers and calls these parts of Airflow healthy.

Airflow's own check (`airflow jobs check`) costs seconds of CPU each time. `healthy :9464` ends as 0 if somebody listens
on that port of this container.
"""

import json
import os
import socket
import sys
import urllib.request
from urllib.parse import urljoin


def listens(port: str) -> str | int:
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=10).close()
    except OSError as error:
        return f"nobody listens on port {port}: {error}"
    return 0


def works(parts: list[str]) -> str | int:
    base = os.environ.get("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "http://127.0.0.1:8080/")
    try:
        with urllib.request.urlopen(urljoin(base, "/api/v2/monitor/health"), timeout=10) as answer:
            found = json.load(answer)
    except (OSError, ValueError) as error:
        return f"the api-server does not answer: {error}"
    ill = {part: found.get(part, {}) for part in parts if found.get(part, {}).get("status") != "healthy"}
    return f"not healthy: {json.dumps(ill)}" if ill else 0


first = sys.argv[1] if len(sys.argv) > 1 else ""
sys.exit(listens(first[1:]) if first.startswith(":") else works(sys.argv[1:]))
