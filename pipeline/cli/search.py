"""`onrecord search`: find quotes by words, speaker, source, day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from sqlalchemy import Connection

from pipeline.cli import output
from pipeline.cli.options import AsJson
from pipeline.cli.typed import decode_argument
from pipeline.config.settings import from_environment
from pipeline.errors import InvalidValue, OptionConflict, UnknownName, UsageError
from pipeline.runtime.days import shown_day, start_of

if TYPE_CHECKING:
    from pipeline.queries.rows import SearchPage

ZONED = ": YYYY-MM-DD in the zone of ONRECORD_TIMEZONE, or a moment"


def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="Words in any form; '\"in quotes\"' for exact forms in a row, CAPITALS for an acronym, or between "
            "alternatives, -word to exclude."
        ),
    ] = None,
    speaker: Annotated[
        str | None, typer.Option(help="Id, or part of a name, or a full name in the other script.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Source id.")] = None,
    start: Annotated[str | None, typer.Option("--from", help=f"Published on this day or later{ZONED}.")] = None,
    end: Annotated[str | None, typer.Option("--to", help=f"Published before this day{ZONED}.")] = None,
    lang: Annotated[Literal["en", "ru"] | None, typer.Option(help="Language of the quotes.")] = None,
    stance: Annotated[
        Literal["said", "denied", "asked", "hypothetical", "reported", "all"],
        typer.Option(help="Whether the speaker said, denied, asked or supposed the words; `reported`: others say so."),
    ] = "said",
    phrase: Annotated[bool, typer.Option("--phrase", help="Take all words as exact forms in a row.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Hits on a page.")] = 50,
    page: Annotated[int, typer.Option(min=1, max=1_000_000, help="Which page of hits.")] = 1,
    as_json: AsJson = False,
) -> int:
    """Search the quotes. A word, English or Russian, is found in all its forms.

    The count is of all hits, not of those shown. With --json: one object with `question`, `total`, `hits` and more.
    """
    from pipeline.queries.rows import SearchQuestion
    from pipeline.queries.search import search_quotes
    from pipeline.queries.snapshot import open_snapshot

    settings = from_environment()
    zone = settings.timezone
    since, until = window_of_days(start, end, zone)
    question = SearchQuestion(
        words=asked_words([decode_argument(word) for word in (*(words or ()), *context.args)], phrase=phrase),
        speaker=decode_argument(speaker) if speaker is not None else None,
        source=source,
        start=since,
        end=until,
        lang=lang,
        stance=None if stance == "all" else stance,
    )
    with open_snapshot(settings) as connection:
        require_source(connection, question.source)
        require_speaker(connection, question.speaker)
        found = search_quotes(connection, question, limit=limit, offset=(page - 1) * limit)
    if found.unanalysed:
        output.print_note(
            f"{found.unanalysed} quotes are not searched: an upgrade was stopped before it had analysed them. "
            "`onrecord db upgrade` goes on with it"
        )
    if as_json:
        days = {"from": start, "to": end, "lang": lang, "stance": stance}
        given = {"words": question.words, "speaker": question.speaker, "source": source, **days}
        output.print_line(output.json_line(page_as_json(found, given, page, limit, zone)))
    else:
        print_page(found, page, limit, zone)
    return 0


def window_of_days(start: str | None, end: str | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """The moments of --from and --to, days in the given zone; InvalidValue if the end is not later than the start."""
    since = start_of(start, zone, name="--from") if start else None
    until = start_of(end, zone, name="--to") if end else None
    if since and until and since >= until:
        raise InvalidValue(
            f"--from {start} --to {end}: the end must be later than the start", name="--to", value=str(end)
        )
    return since, until


def page_as_json(
    found: SearchPage, question: Mapping[str, object], page: int, limit: int, zone: tzinfo
) -> dict[str, object]:
    """What --json prints: the question as it was given, the count of all hits, and those of the page."""
    return {
        "question": question,
        "timezone": str(zone),
        "asked_at": datetime.now(UTC),
        "total": found.total,
        "page": page,
        "limit": limit,
        "too_common": (),  # no word is; the key is kept for those who read it
        "hits": found.hits,
    }


def print_page(found: SearchPage, page: int, limit: int, zone: tzinfo) -> None:
    """Print the hits of a page, each with its source, and how many there are in all."""
    for hit in found.hits:
        when = shown_day(hit.published_at, hit.published_on, zone) or "no date"
        about = ", ".join([when, hit.source, *stance_line(hit.stance, hit.claimant)])
        output.print_line(f"{hit.speaker_name or 'unknown'} ({about}): {hit.quote}")
        statement = f"statement {hit.statement_id}" if hit.statement_id else "no statement yet"
        output.print_line(f"    {hit.url}  {statement}")
    output.print_line(count_line(found, page, limit, zone))


def asked_words(given: Sequence[str], *, phrase: bool) -> str:
    """The search query from the words of a command line. ConfigError for unknown options and for ``*``."""
    for word in given:
        if word.startswith("--"):
            raise UsageError(f"{word}: no such option; `onrecord search --help` lists all")
        if "*" in word:
            raise InvalidValue(
                f"{word}: * has no meaning here; a word is found in all its forms without it", name="words", value=word
            )
    words = " ".join(given)
    if not phrase:
        return words
    bare = words.replace('"', " ").strip()
    if not bare:
        raise OptionConflict("--phrase: there are no words to take as a phrase", options=("--phrase",))
    return f'"{bare}"'


def stance_line(stance: str, claimant: str | None) -> list[str]:
    """The line with the stance of a quote and who claims a denied one; no line for the stance ``said``."""
    if stance == "said":
        return []
    return [f"{stance}, claimed by {claimant}" if claimant else stance]


def count_line(found: SearchPage, page: int, limit: int, zone: tzinfo) -> str:
    """The number of hits and which of them are shown, or why there are none."""
    if found.total == 0:
        return "nothing found"
    first = (page - 1) * limit + 1
    days = f"days are those of {zone}"
    if not found.hits:
        return f"{found.total} found, none of them on page {page}; {days}"
    last = first + len(found.hits) - 1
    if len(found.hits) == found.total:
        return f"{found.total} found; {days}"
    more = f" (--page {page + 1} shows the next)" if found.next_offset is not None else ""
    return f"{first} to {last} of {found.total} found{more}; {days}"


def require_source(connection: Connection, source: str | None) -> None:
    """ConfigError if ``source`` is given and no run has ever read it."""
    from pipeline.queries.sources import has_source

    if source is not None and not has_source(connection, source):
        raise UnknownName(
            f"--source {source}: no run has read such a source; `onrecord sources list` shows all",
            kind="source",
            name=source,
        )


def require_speaker(connection: Connection, speaker: str | None) -> None:
    """ConfigError if ``speaker`` is given and is blank, or neither in the roster nor in any quote."""
    from pipeline.queries.speakers import called_nearly, is_called

    if speaker is not None and not speaker.strip():
        raise UnknownName(
            "--speaker: a roster id or part of a name is missing; leave the option out for all speakers",
            kind="speaker",
            name=speaker,
        )
    if speaker is not None and not is_called(connection, speaker):
        near = tuple(called_nearly(connection, speaker))
        hint = f"; did you mean {', '.join(near)}?" if near else ", in the roster or in any quote"
        raise UnknownName(f"--speaker {speaker}: nobody is called that{hint}", kind="speaker", name=speaker, near=near)
