"""`onrecord archive`: list, verify, extract and export the archived raw pages. Needs no database."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError, FileUnusable, Rejected, UnknownName
from pipeline.stages.context import end_of

if TYPE_CHECKING:
    from pipeline.archive import Archive

archive = typer.Typer(help="The archive of raw pages (WARC files): list, check, get, package.", no_args_is_help=True)

Source = Annotated[str | None, typer.Option(help="Only this source's files.")]
DECODED_LIMIT = 64 << 20
"""Bytes of a decoded body that `extract` prints at most."""


@archive.command("list")
def list_archive(
    source: Source = None,
    urls: Annotated[bool, typer.Option("--urls", help="List every capture instead, as JSON lines.")] = False,
) -> int:
    """List the WARC files with the number of captures in each, or every capture."""
    warc_archive = open_archive()
    require_source(warc_archive, source)
    if urls:
        return print_captures(warc_archive, source)
    captures: Counter[str] = Counter(warc_file.name for warc_file, _ in warc_archive.index_lines())
    warc_files = [it for it in warc_archive.warc_files() if source in (None, it.name.partition("/")[0])]
    for volume in warc_files:
        if volume.open:
            state = "open: being written, or left by a stopped run and closed by the next"
        else:
            state = f"{captures[volume.name]:>6} captures" + (
                "" if volume.local_path else ", only on the other storage"
            )
        output.print_line(f"{volume.name}  {state}")
    output.print_line(f"{len(warc_files)} files, {sum(captures[it.name] for it in warc_files)} captures")
    return 0


def print_captures(warc_archive: Archive, source: str | None) -> int:
    output.print_json_rows(
        {
            "url": line.url,
            "fetched_at": line.fetched_at,
            "status": line.status,
            "mime": line.mime,
            "file": warc_file.name,
            "offset": line.offset,
            "length": line.length,
            "sha256": line.sha256,
        }
        for warc_file, line in warc_archive.index_lines()
        if source in (None, warc_file.name.partition("/")[0])
    )
    return 0


@archive.command("check")
def check_archive(
    names: Annotated[list[str] | None, typer.Argument(help="Files as `list` shows them; none: all.")] = None,
) -> int:
    """Check the integrity of the closed files: checksums, digests, completeness, index."""
    from pipeline.archive import ArchiveError

    warc_archive = open_archive()
    warc_files = {it.name: it for it in warc_archive.warc_files()}
    missing = [name for name in names or () if name not in warc_files]
    if missing:
        raise UnknownName(
            f"{', '.join(missing)}: no such file in the archive; `onrecord archive list` shows all",
            kind="archive-file",
            name=missing[0],
        )
    broken, closed = 0, 0
    for name in names or sorted(warc_files):
        if warc_files[name].open:
            output.print_line(f"open    {name}: not checked")
            continue
        closed += 1
        try:
            problems = [f"record at byte {it.offset}: {it.problem}" for it in warc_archive.verify(warc_files[name])]
        except ArchiveError as error:
            problems = [str(error)]
        broken += bool(problems)
        for problem in problems:
            output.print_line(f"BROKEN  {name}: {problem}")
    output.print_line(f"{closed} files: " + (f"{broken} BROKEN" if broken else "all well"))
    return 1 if broken else 0


@archive.command("get")
def get_response(
    url: Annotated[str, typer.Argument(help="The URL that answered, after redirects.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The newest response up to then, a day or a moment.")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="The body as received, still compressed if it came so.")] = False,
    headers: Annotated[bool, typer.Option("--headers", help="Print status and headers before the body.")] = False,
) -> int:
    """Print an archived response: its body as bytes, on a terminal as text with control characters escaped."""
    from pipeline.parsing.content_encoding import decode_content

    found = open_archive().extract(url, end_of(as_of) if as_of else None)
    coding = ", ".join(value for name, value in found.headers if name.lower() == "content-encoding")
    try:
        body = found.body if raw else decode_content(found.body, coding, limit=DECODED_LIMIT)
    except Rejected as error:
        raise ConfigError(f"{url}: {error}; --raw gives the body as it was received") from error
    if headers:
        lines = [f"HTTP/1.1 {found.status} {found.reason}".rstrip(), *(f"{name}: {it}" for name, it in found.headers)]
        body = "".join(f"{line}\r\n" for line in [*lines, ""]).encode() + body
    if sys.stdout.isatty():
        output.print_line(body.decode("utf-8", "replace").replace("\r\n", "\n"))
        return 0
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()
    return 0


@archive.command("package")
def package_archive(
    wacz: Annotated[Path, typer.Option(help="The file to write.", dir_okay=False)],
    source: Source = None,
) -> int:
    """Package the closed files as one WACZ file for replay tools such as pywb and ReplayWeb.page."""
    if not wacz.absolute().parent.is_dir():
        raise FileUnusable(f"{wacz}: there is no folder {wacz.absolute().parent}", path=str(wacz))
    warc_archive = open_archive()
    require_source(warc_archive, source)
    pages = warc_archive.export(wacz, source=source, now=datetime.now(UTC))
    output.print_line(f"{wacz}: {pages} pages, {wacz.stat().st_size} bytes")
    return 0


def require_source(warc_archive: Archive, source: str | None) -> None:
    """ConfigError if ``source`` has no file in the archive and is not in the configuration."""
    from pipeline.config.sources import load_sources, require_sources

    if source is None or any(it.name.partition("/")[0] == source for it in warc_archive.warc_files()):
        return
    require_sources(load_sources(from_environment()), [source])


def open_archive() -> Archive:
    """The archive of this installation."""
    from pipeline.archive import Archive

    settings = from_environment()
    return Archive(settings.archive, settings.archive_url)
