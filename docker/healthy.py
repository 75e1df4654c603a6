#!/opt/onrecord/bin/python
"""For health checks: `healthy PART ...` ends as 0 if the api-server answers and calls these parts of Airflow healthy.

Airflow's own check (`airflow jobs check`) costs seconds of CPU each time.
"""

import json
import os
import sys
import urllib.request
from urllib.parse import urljoin

base = os.environ.get("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "http://127.0.0.1:8080/")
try:
    with urllib.request.urlopen(urljoin(base, "/api/v2/monitor/health"), timeout=10) as answer:
        found = json.load(answer)
except (OSError, ValueError) as error:
    sys.exit(f"the api-server does not answer: {error}")
ill = {part: found.get(part, {}) for part in sys.argv[1:] if found.get(part, {}).get("status") != "healthy"}
sys.exit(f"not healthy: {json.dumps(ill)}" if ill else 0)
