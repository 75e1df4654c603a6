"""Runs: their rows, ledger, notes and metric totals."""
