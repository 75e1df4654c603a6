"""The quote engine against the development gold: no figure may fall below its floor in ``floors.json``."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.config.speakers import shipped_roster
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from pipeline.quotes.tool import as_json

Document = dict[str, Any]
SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).resolve().parents[3] / "shared")
GOLD = SHARED / "eval" / "quotes"
FLOORS: dict[str, dict[str, float]] = json.loads((Path(__file__).parent / "floors.json").read_text())["quotes"]
TRANSCRIPT_TURNS = 3

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not GOLD.is_dir(), reason=f"the gold is not here: {GOLD} (set ONRECORD_SHARED)"),
]


def is_transcript(document: Document) -> bool:
    direct = [quote for quote in document["quotes"] if quote["type"] == "direct"]
    return document["id"].startswith("ru-kremlin") and len(direct) >= TRANSCRIPT_TURNS


SETS: dict[str, tuple[list[str], Callable[[Document], bool]]] = {
    "seed": (["en-kremlin-hand"], lambda document: "/seed-" in document["id"]),
    "en-kremlin": (["en-kremlin-hand", "en-tass-2024"], lambda document: True),
    "polnear-speech": (["polnear"], lambda document: True),
    "ru-news": (["ru-hand", "ru-kremlin-2025"], lambda document: not is_transcript(document)),
    "ru-transcripts": (["ru-kremlin-2025"], is_transcript),
    "adaq-ru": (["adaq-ru"], lambda document: True),
}


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_quotes", GOLD / "score_quotes.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def roster() -> RosterIndex:
    shipped = shipped_roster()
    return RosterIndex(shipped.speakers, shipped.offices)


def documents(name: str) -> dict[str, Document]:
    files, wanted = SETS[name]
    lines = [line for file in files for line in (GOLD / "dev" / f"{file}.jsonl").read_text("utf-8").splitlines()]
    listed = [json.loads(line) for line in lines]
    return {document["id"]: document for document in listed if wanted(document)}


def predicted(document: Document, roster: RosterIndex) -> Document:
    day = date.fromisoformat(document["date"][:10]) if document["date"] else None
    quotes = find_quotes(
        document["text"], roster=roster, lang=document["lang"], day=day, title=document["title"], as_of_today=True
    )
    return {"id": document["id"], "quotes": [as_json(quote) for quote in quotes]}


@pytest.mark.parametrize("name", SETS)
def test_no_figure_falls_below_its_floor(name: str, scorer: ModuleType, roster: RosterIndex) -> None:
    gold = documents(name)
    answers = {key: predicted(document, roster) for key, document in gold.items()}
    result = scorer.score(gold, answers, speech_only=name == "polnear-speech")
    reached = {
        "span": result["span"]["relaxed"]["f1"],
        "e2e": result["end_to_end"]["f1"],
        "named": result["speaker"]["named_recall"] or 0.0,
    }
    below = {
        figure: (round(100 * reached[figure], 1), floor)
        for figure, floor in FLOORS[name].items()
        if 100 * reached[figure] < floor
    }
    assert not below, f"{name}: (reached, floor) {below}"


def test_sentences_without_quotes_get_at_most_three(roster: RosterIndex) -> None:
    quoteless = [document for document in documents("adaq-ru").values() if not document["quotes"]]
    invented = [quote for document in quoteless for quote in predicted(document, roster)["quotes"]]
    assert quoteless
    assert len(invented) <= 3
