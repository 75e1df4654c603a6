"""Whole runs: through all stages, their report, and the same as tasks of a scheduler."""
