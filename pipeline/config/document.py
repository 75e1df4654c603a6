"""Read a YAML file into a pydantic model; every error names file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.config.scan import LOADER, check_yaml_limits, read_config_text
from pipeline.errors import InvalidFile


def read_yaml(path: Path) -> tuple[Any, yaml.Node | None]:
    """The file's value and its node tree. ConfigError if it cannot be read, is not YAML or exceeds a limit."""
    text = read_config_text(path)
    loader = None
    try:
        check_yaml_limits(text, path)
        loader = LOADER(text)
        node = loader.get_single_node()
        value = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise InvalidFile(f"{where}: not valid YAML: {error.problem or error.context}", path=str(path)) from error
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise InvalidFile(f"{path}:{line}: not valid YAML: {error.reason}", path=str(path)) from error
    except yaml.YAMLError as error:
        raise InvalidFile(f"{path}: not valid YAML: {error}", path=str(path)) from error
    except ValueError as error:
        raise InvalidFile(f"{path}: a value cannot be read: {error}", path=str(path)) from error
    finally:
        if loader is not None:
            loader.dispose()
    return value, node


def line_of(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """The line (from 1) of the value at ``path``; that of its nearest parent if it is missing."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                return line
            node, line = found[1], found[0].start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def load_model(model: type[BaseModel], path: Path) -> Any:
    """The file as an instance of ``model``. ConfigError names every invalid field."""
    value, node = read_yaml(path)
    return validate_model(model, value, path, node)


def validate_model(
    model: type[BaseModel], value: Any, path: Path, node: yaml.Node | None, at: tuple[int | str, ...] = ()
) -> Any:
    """``value``, found at ``at`` in the file, as an instance of ``model``. ConfigError names every invalid field."""
    if not isinstance(value, dict):
        raise InvalidFile(
            f"{path}:{line_of(node, at)}: expected fields with values, found {type(value).__name__}", path=str(path)
        )
    try:
        return model.model_validate(value)
    except ValidationError as error:
        lines = [describe_problem(problem, path, node, at) for problem in error.errors()]
        raise InvalidFile("\n".join(lines), path=str(path)) from error


def describe_problem(problem: Any, path: Path, node: yaml.Node | None, at: tuple[int | str, ...]) -> str:
    """One validation error of pydantic as ``file:line: field: what is wrong``."""
    where = tuple(problem["loc"])
    field = ".".join(str(step) for step in where) or "(whole file)"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "tuple_type":
        message = "must be a list: [one, two]"
    if problem["type"] == "extra_forbidden":
        message = "unknown field; is it misspelt?"
    given = problem.get("input")
    shown = f" (found {given!r})" if isinstance(given, str | int | float | bool) else ""
    return f"{path}:{line_of(node, at + where)}: {field}: {message}{shown}"
