"""Statements and speakers: saved, searched, shown and exported."""
