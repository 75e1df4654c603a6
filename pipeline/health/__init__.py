"""Is a source well? What its runs brought is held against its own rhythm and its ``expect:``; pure, reaches nothing.

:func:`learn` makes a habit of a source's observations, :func:`judge` says of the newest one what is wrong by kind,
and :func:`decide` turns that into what is to become of its incidents.
"""

from __future__ import annotations

from pipeline.health.baseline import Habits, learn
from pipeline.health.evaluate import judge
from pipeline.health.incidents import Close, Incident, Intent, Open, Update, decide
from pipeline.health.observation import (
    Document,
    DocumentState,
    Kind,
    Mask,
    Observation,
    Symptom,
    Verdict,
    fault_of_ours,
)

__all__ = [
    "Close",
    "Document",
    "DocumentState",
    "Habits",
    "Incident",
    "Intent",
    "Kind",
    "Mask",
    "Observation",
    "Open",
    "Symptom",
    "Update",
    "Verdict",
    "decide",
    "fault_of_ours",
    "judge",
    "learn",
]
