"""Health of a source: its newest observation compared with its learned baseline and its ``expect:``. Pure, without I/O.

:func:`learn_baseline` learns a baseline from a source's observations, :func:`evaluate_source` finds the symptoms in the
newest one by kind, and :func:`decide_intents` says which incidents to open, update or close.
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
