"""Column types that replace what Postgres cannot store: NUL in text and JSON, and lone surrogates.

Each becomes U+FFFD, one character for one, so that offsets into the text stay valid. Done in the column types so that
no query can forget it: one malformed row must not fail a batch.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Dialect, Text, cast
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.types import TypeDecorator

from pipeline.ids import content_digest

KEY_BYTES = 2048
"""Longest key that is indexed as it is, in bytes of UTF-8. Postgres refuses b-tree entries over a third of a page
(2,704 bytes)."""

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def storable_text(value: str) -> str:
    """The text with unstorable characters replaced, of the same length."""
    return _UNFIT.sub("\ufffd", value)


def index_key(value: str) -> str:
    """The text if it is short enough to be indexed, else its beginning and a digest of the whole."""
    value = storable_text(value)
    raw = value.encode()
    if len(raw) <= KEY_BYTES:
        return value
    return raw[: KEY_BYTES - 32].decode(errors="ignore") + "#sha256-" + content_digest(value)


def clean_json(value: Any) -> Any:
    """The same value with every string in it cleaned, keys included."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable_text(str(name)): clean_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    return value


class CleanText(TypeDecorator[str]):
    """``text`` that accepts any Python string."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable_text(value)


class CleanJson(TypeDecorator[Any]):
    """``jsonb`` that accepts any JSON value."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return clean_json(value)


class TermVector(TypeDecorator[str]):
    """``tsvector`` given as its text form, ``'lemma':1,5 '=form':1``."""

    impl = TSVECTOR
    cache_ok = True

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[str]:
        return cast(bindparam, TSVECTOR)
