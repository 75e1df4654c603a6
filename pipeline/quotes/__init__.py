"""Who said what: ``find_quotes`` turns a text into quotes, each with its speaker."""

from __future__ import annotations

from pipeline.quotes.engine import find_quotes

VERSION = "15"
"""Raised whenever the same text can give other quotes."""

__all__ = ["VERSION", "find_quotes"]
