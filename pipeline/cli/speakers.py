"""`onrecord speakers ...`: check the roster, and list who is missing from it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import tzinfo
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import AsJsonLines, Config, refuse_beside
from pipeline.config.settings import from_environment
from pipeline.language.person_names import base_id, person_id, without_fathers_name
from pipeline.language.ru.name_forms import romanised_name
from pipeline.language.spelling import is_cyrillic, without_marks

if TYPE_CHECKING:
    from pipeline.config.speaker import RosterConfig
    from pipeline.queries.rows import RosterProposal

speakers = typer.Typer(help="The roster of speakers: check it, find who is missing.", no_args_is_help=True)


@speakers.command("check")
def check_speakers(
    notes: Annotated[
        bool, typer.Option("--notes", help="Also list what is no clash but may be wrong: gaps, unlike spellings.")
    ] = False,
    gap_days: Annotated[
        int, typer.Option(min=1, max=100_000, help="With --notes: days without a holder of an office that are a gap.")
    ] = 365,
    config: Config = None,
) -> int:
    """Find clashes in the roster: two holders of one office, one name for two people, a name missing in a language."""
    from pipeline.config.speakers import load_roster
    from pipeline.config.speakers_check import find_roster_clashes
    from pipeline.config.speakers_notes import find_roster_notes

    roster = load_roster(from_environment(config_dir=config))
    found = find_roster_clashes(roster)
    for line in found + (find_roster_notes(roster, gap_days) if notes else []):
        output.print_line(line)
    have = f"{output.number_of('speaker', len(roster.speakers))}, {output.number_of('office', len(roster.offices))}"
    output.print_line(f"{have}: {output.number_of('clash', len(found), 'clashes') if found else 'no clashes'}")
    return 1 if found else 0


def missing_from(roster: RosterConfig, proposals: Sequence[RosterProposal]) -> list[RosterProposal]:
    """The proposals that the roster does not name, in either script."""
    named = {name for it in roster.speakers for lang in ("en", "ru") for name in it.all_names(lang)}
    ids = {person_id(name) for name in named}
    return [it for it in proposals if it.name not in named and (it.id is None or base_id(it.id) not in ids)]


@speakers.command("proposed")
def proposed_speakers(
    at_least: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Only people with at least this many quotes.")
    ] = 2,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="List at most this many.")] = 50,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="Print entries for speakers.yaml instead, of people named in full.")
    ] = False,
    as_json: AsJsonLines = False,
    config: Config = None,
) -> int:
    """List people who are quoted by name but are not in the roster, the most quoted first.

    The roster is that of the last run, and that of the configuration as it is now.
    """
    from pipeline.config.speakers import load_roster
    from pipeline.queries.snapshot import open_snapshot
    from pipeline.queries.speakers import roster_proposals

    if as_yaml:
        refuse_beside("--yaml", {"--json": as_json})
    settings = from_environment(config_dir=config)
    roster = load_roster(settings)
    with open_snapshot(settings) as connection:
        found = missing_from(roster, roster_proposals(connection, at_least, limit + len(roster.speakers)))[:limit]
    if as_yaml:
        print_entries([one for one in found if one.id is not None], {speaker.id for speaker in roster.speakers})
        return 0
    for one in found:
        if as_json:
            output.print_line(output.json_line(one))
            continue
        for line in proposal_lines(one, settings.timezone):
            output.print_line(line)
    if not found and not as_json:
        output.print_line(f"nobody outside the roster is quoted by name {at_least} times or more")
    elif not as_json:
        output.print_line("to add one, paste what --yaml prints; see docs/add-a-speaker.md")
    return 0


def proposal_lines(one: RosterProposal, zone: tzinfo) -> Iterator[str]:
    """A person as lines: names, id, offices as printed, how often, where and when."""
    others = [name for name in one.names if name != one.name]
    called = f"{one.name} ({', '.join(others)})" if others else one.name
    yield f"{called}: {one.quotes} quotes in {one.articles} articles of {', '.join(one.sources)}"
    if one.id is not None:
        yield f"    {one.id}" + (f"; {'; '.join(one.offices)}" if one.offices else "")
    days = f"{one.first_day} to {one.last_day}" if one.first_day else f"seen on {one.last_seen.astimezone(zone).date()}"
    yield f"    {days}: {shorten(one.example, 100, placeholder=' ...')}"


def print_entries(found: Sequence[RosterProposal], taken: Collection[str]) -> None:
    """Print entries that can be pasted into a speakers.yaml; what has to be checked is a comment."""
    output.print_line("speakers:" if found else "# nobody outside the roster is quoted often enough by a full name")
    for one in found:
        for line in entry_lines(one, taken):
            output.print_line(line)


def entry_lines(one: RosterProposal, taken: Collection[str]) -> Iterator[str]:
    """An entry of a speakers.yaml as lines."""
    ru = without_fathers_name(one.name_ru) if one.name_ru else None
    en = without_fathers_name(one.name_en or romanised_name(ru or one.name))
    further = {lang: [name for name in one.names if is_cyrillic(name) is (lang == "ru")] for lang in ("en", "ru")}
    names = {
        lang: [name for name in listed if name not in (en, ru) and "." not in name] for lang, listed in further.items()
    }
    sure, gender = _gender(one)
    slug = _slug(en)
    yield f"  # {one.quotes} quotes in {one.articles} articles of {', '.join(one.sources)}"
    yield f"  # first and last day: {one.first_day}, {one.last_day}"
    for office in one.offices:
        yield f"  # as printed: {' '.join(office.split())}"
    yield f"  - id: {slug if slug not in taken else f'{slug}-2'}"
    yield f"    gender: {gender}" + ("" if sure else "  # check")
    yield f"    en: {_quoted(en)}" + ("" if one.name_en else "  # check: from the Russian name")
    yield f"    ru: {_quoted(ru or en)}" + ("" if ru else "  # check: no Russian name was printed")
    if any(names.values()):
        listed = ", ".join(f"{lang}: [{', '.join(map(_quoted, some))}]" for lang, some in names.items() if some)
        yield f"    names: {{{listed}}}"


def _quoted(name: str) -> str:
    """A name as YAML reads it back, whatever is in it."""
    return json.dumps(name, ensure_ascii=False)


def _slug(name: str) -> str:
    plain = without_marks(name.casefold())
    return "-".join(re.findall("[a-z0-9]+", plain)) or "name"


def _gender(one: RosterProposal) -> tuple[bool, str]:
    """``m`` or ``f`` as the name shows it, and whether it does."""
    from pipeline.quotes.languages.detection import PACKS

    for lang, name in (("ru", one.name_ru), ("en", one.name_en)):
        if name and (gender := PACKS[lang].gender_of(name.split())) is not None:
            return True, gender
    return False, "m"
