"""Is a source well? What its runs brought is held against its own rhythm and its ``expect:``; pure, reaches nothing.

:func:`learn` makes a habit of a source's observations, :func:`judge` says of the newest one what is wrong by kind,
and :func:`decide` turns that into what is to become of its incidents.
"""

from __future__ import annotations

from pipeline.health.baseline import Baseline, learn_baseline
from pipeline.health.evaluate import evaluate_source
from pipeline.health.incidents import Close, Incident, Intent, Open, Update, decide_intents
from pipeline.health.observation import (
    DocumentObservation,
    DocumentState,
    HealthVerdict,
    Kind,
    Mask,
    Observation,
    Symptom,
    fault_of_ours,
)

__all__ = [
    "Baseline",
    "Close",
    "DocumentObservation",
    "DocumentState",
    "HealthVerdict",
    "Incident",
    "Intent",
    "Kind",
    "Mask",
    "Observation",
    "Open",
    "Symptom",
    "Update",
    "decide_intents",
    "evaluate_source",
    "fault_of_ours",
    "learn_baseline",
]
