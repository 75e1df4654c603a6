"""The reasons of outcomes come from one list: what is stored and reported follows from no literal elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.reasons import Reason, http_reason

ROOT = Path(__file__).parents[2]
CALLS = {"Rejected", "Refused", "Disposition", "LedgerEntry"}
"""What is made with a reason among its arguments."""


def written_reasons() -> Iterator[str]:
    """Place and text of each literal in the place of a reason."""
    for folder in ("pipeline", "crawlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                    place = 4 if node.func.id == "LedgerEntry" else 1
                    reason = node.args[place] if len(node.args) > place else None
                    if isinstance(reason, ast.Constant | ast.JoinedStr | ast.IfExp) and "Reason." not in ast.unparse(
                        reason
                    ):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(reason)}"


def test_no_reason_is_written_where_it_is_given() -> None:
    assert list(written_reasons()) == []


def test_every_reason_is_one_short_word_and_given_somewhere() -> None:
    paths = [path for folder in ("pipeline", "crawlers") for path in (ROOT / folder).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    for reason in [*Reason, http_reason(403)]:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", reason)
    unused = [reason.name for reason in Reason if not re.search(rf"\bReason\.{reason.name}\b", text)]
    assert not unused
