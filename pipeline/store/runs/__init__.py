"""Runs, their ledger and state, and what all of them add up to."""
