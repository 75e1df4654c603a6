"""The extractor as a tool: one file, or the files of a manifest, without store, network or configuration."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from pipeline.errors import FileUnusable, OnrecordError, Rejected
from pipeline.extraction import VERSION, extract_article
from pipeline.extraction.document import MAX_BYTES
from pipeline.reasons import Reason
from pipeline.records import Article, Outcome, Page
from pipeline.runtime.escaping import escape_control_characters
from pipeline.runtime.sandbox import Sandbox

NO_URL = "http://unknown.invalid/unknown/page"
"""Stands in where a page's address is not known."""


def text_of_file(path: Path, url: str | None = None) -> dict[str, object]:
    """The article in a file of HTML, gzipped or not, as ``url, title, lang, date, text ...``. Raises Rejected.

    ConfigError if the file cannot be read.
    """
    return as_fields(article_of_file(path, url), known_url=url is not None)


def article_of_file(path: Path, url: str | None) -> Article:
    """The article in a file of HTML, gzipped or not. Raises Rejected; ConfigError if the file cannot be read."""
    return extract_article(Page(url or NO_URL, _body(path)))


def as_fields(article: Article, *, known_url: bool = True) -> dict[str, object]:
    """An article as JSON values; times in ISO 8601, UTC."""
    return {
        "url": article.url if known_url else None,
        "title": article.title,
        "lang": article.lang,
        "date": _iso(article.published_at),
        "date_raw": article.published_raw,
        "modified": _iso(article.modified_at),
        "text": article.text,
        "extractor": article.extractor,
        "encoding": article.encoding,
        "flags": list(article.flags),
        "posts": [
            {"start": post.start, "end": post.end, "date": _iso(post.published_at), "date_raw": post.published_raw}
            for post in article.posts
        ],
        "version": VERSION,
    }


def run_manifest(manifest: Path, out: Path, errors: TextIO) -> int:
    """Read every page that a manifest names and write the predictions; 0 if all were tried, else 1.

    ``manifest``: one JSON object per line with ``id``, ``file`` (relative to the manifest's folder) and, if known,
    ``url``. ``out``: ``{"version", "seconds", "output": {id: {"articleBody", "title", "date", "lang"}}}``; seconds are
    those spent reading pages. A page that fails gives ``""`` and a line on ``errors``; so does a line that is no page.
    """
    output: dict[str, dict[str, str | None] | str] = {}
    seconds = 0.0
    untried = 0
    with Sandbox() as sandbox:
        for row in _rows(manifest, errors):
            if row is None:
                untried += 1
                continue
            start = time.perf_counter()
            output[row["id"]] = _prediction(sandbox, manifest.parent / row["file"], row.get("url"), row["id"], errors)
            seconds += time.perf_counter() - start
    document = {"version": VERSION, "seconds": round(seconds, 3), "output": output}
    try:
        out.write_text(escape_control_characters(json.dumps(document, ensure_ascii=False)) + "\n", encoding="utf-8")
    except OSError as error:
        raise FileUnusable(f"{out}: cannot be written: {error.strerror}", path=str(out)) from error
    return 1 if untried else 0


def _rows(manifest: Path, errors: TextIO) -> Iterator[dict[str, str] | None]:
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(f"{manifest}: cannot be read: {error}", path=str(manifest)) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            usable = isinstance(row["id"], str) and isinstance(row["file"], str)
        except (ValueError, KeyError, TypeError):
            usable = False
        if not usable:
            errors.write(f"{manifest}:{number}: not a JSON object with id and file\n")
        yield row if usable else None


def _prediction(
    sandbox: Sandbox, path: Path, url: str | None, name: str, errors: TextIO
) -> dict[str, str | None] | str:
    try:
        article = sandbox.call(article_of_file, path, url)
    except OnrecordError as error:
        errors.write(f"{name}: {error}\n")
        return ""
    date = _iso(article.published_at)
    return {"articleBody": article.text, "title": article.title, "date": date, "lang": article.lang}


def _body(path: Path) -> bytes:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path}: cannot be read: {error.strerror}", path=str(path)) from error
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(path) as stream:
            body = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Rejected(Outcome.ERROR, Reason.TRUNCATED, f"{path}: gzip: {error}") from error
    return body


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
