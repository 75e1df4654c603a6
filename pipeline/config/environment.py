"""The environment as a whole: what is wrong with its settings, and the page that documents them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pipeline.config.settings import VARIABLES
from pipeline.config.variables import Variable, setting_from_file
from pipeline.errors import ConfigError


def environment_problems(environment: Mapping[str, str]) -> Iterator[str]:
    """One message for each problem with the settings, with its name: invalid values, and unknown names."""
    known = {it.name: it for it in VARIABLES}
    files = {f"{it.name}_FILE": it for it in VARIABLES if it.secret}
    for name in sorted(environment):
        if not name.startswith("ONRECORD_"):
            continue
        if name in files:
            yield from _wrong_file(files[name], environment)
            continue
        if name not in known:
            near = get_close_matches(name, known, n=1)
            yield f"{name}: no such setting" + (
                f"; did you mean {near[0]}?" if near else "; docs/configuration.md lists all"
            )
            continue
        value = environment[name]
        wrong = known[name].problem(value) if value else ""
        if wrong:
            yield f"{name}{'' if known[name].secret else f'={value}'}: {wrong}"


def _wrong_file(variable: Variable[Any], environment: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a setting whose value is in a file (``NAME_FILE``)."""
    name, file = f"{variable.name}_FILE", environment[f"{variable.name}_FILE"]
    if not file:
        return
    if environment.get(variable.name):
        yield f"{name}: {variable.name} is set as well; unset one of them"
        return
    try:
        wrong = variable.problem(setting_from_file(variable.name, file))
    except ConfigError as error:
        yield str(error)
        return
    if wrong:
        yield f"{name}={file}: what it says {wrong}"


def configuration_page() -> str:
    """The text of ``docs/configuration.md``: a table of all settings."""
    rows = [f"| `{it.name}` | {it.meaning} | {it.if_unset()} |" for it in VARIABLES]
    files = ", ".join(f"`{it.name}`" for it in VARIABLES if it.secret)
    return "\n".join([_HEAD, *rows, _TAIL.replace("{files}", files)])


_HEAD = """# Configuration

Made by `onrecord config page`; a test holds it against the code. `onrecord config check` names what is
wrong with yours.

## Environment

| setting | what it is for | if unset |
|---|---|---|"""
_TAIL = """
A secret may stand in a file instead, such as a Docker secret: put `_FILE` after the setting's name and give the file's
path. That goes for {files}.

Storage keys (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`) and Airflow's own settings
(`AIRFLOW__SECTION__KEY`) are read under the names that those tools give them, and so is where traces go
(`OTEL_EXPORTER_OTLP_ENDPOINT` and its like: [watching it](observability.md)).

## Files

In the folder that `ONRECORD_CONFIG` (or `--config`) names; each entry is added to the shipped ones, or replaces one
by id. `beat.yaml` replaces the shipped one whole, and so does a `speakers.yaml` that says `standalone: true`.

| file | what it holds | how to check it alone |
|---|---|---|
| `sources/ID.yaml` | one publication: [add-a-source](add-a-source.md) | `onrecord sources check` |
| `speakers.yaml` | people, bodies and offices by date: [add-a-speaker](add-a-speaker.md) | `onrecord speakers check` |
| `watches.yaml` | watches: who gets alerts on which speakers and words | `onrecord watches test` |
| `beat.yaml` | words by which an article is on the beat | `onrecord config check` |
"""
