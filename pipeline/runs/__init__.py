"""Whole runs: the runner, the report, and entry points for a scheduler's tasks."""
