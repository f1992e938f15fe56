"""Reading scenarios: a file becomes a frozen, validated Scenario, or an error that names every mistake and its place.

Level 3.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from decrimsim.errors import ScenarioError, nearest, printable
from decrimsim.files import Document, Path_, read_document
from decrimsim.scenario.base import with_base
from decrimsim.scenario.find import scenario_path
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.shape import field_names, type_at

MAX_LINES = 100


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return the scenario of a shipped name such as 'nsw', or of a file such as 'my-state.yaml' or './folder/my-state.yaml'.

    Raises FileError where there is no such file or it is not safe plain data, and ScenarioError, one line a mistake,
    where its content is wrong.

    >>> load_scenario("nsw").id
    'nsw'
    """
    path = scenario_path(name_or_path)
    return scenario_of(read_document(path), path)


def scenario_of(document: Document, path: Path | None = None) -> Scenario:
    """Return the scenario that a document describes, with all that it takes over from the one it is based on.

    path  the file that the document was read from, if any
    Raises ScenarioError with every mistake and its place.
    """
    whole = with_base(document, path)
    return validated(whole.data, whole.where, whole.places)


def validated(data: Any, where: Callable[[Path_], str], places: Mapping[Path_, object]) -> Scenario:
    """Return the scenario of plain data.

    data    dictionaries, lists, texts and numbers, as in the file
    where   says the place of a path, for error messages
    places  known paths
    Raises ScenarioError.
    """
    try:
        return Scenario.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise _scenario_error(error, data, where, places) from None


def _scenario_error(error: ValidationError, data: Any, where: Callable[[Path_], str], places: Mapping[Path_, object]) -> ScenarioError:
    lines: list[str] = []
    details = error.errors(include_url=False)
    for detail in details:
        path, text = _sentence(detail, data, places)
        lines.append(f"{where(path)}: {text}")
    if len(lines) > MAX_LINES:
        lines[MAX_LINES:] = [f"… and {len(lines) - MAX_LINES} more."]
    out = ScenarioError("\n".join(lines))
    out.where = where(_sentence(details[0], data, places)[0])
    return out


def _sentence(detail: ErrorDetails, data: Any, places: Mapping[Path_, object]) -> tuple[Path_, str]:
    """Return the path of a mistake and what to say about it."""
    path, kind, got = detail["loc"], detail["type"], detail["input"]
    context = detail.get("ctx", {})
    name = str(path[-1]) if path else "the file"
    if kind == "extra_forbidden":
        return path, f"the key {printable(name)!r} is not known. {nearest(name, field_names(path[:-1]))}"
    if kind == "missing" and path and isinstance(path[-1], int):
        return path[:-1], f"the list is too short (got {_shown(got)}). Wanted for example [0.1, 0.4]."
    if kind == "missing":
        return path, f"the key {name!r} is missing. {_example(path)}".strip()
    if kind == "value_error":
        return _named_path(path, str(context["error"]), places)
    if kind == "literal_error":
        hint = nearest(str(got), re.findall(r"'([^']*)'", context["expected"]))
        return (
            path,
            f"{'this unit' if name == 'unit' else 'this'} is not possible (got {_shown(got)}). Wanted {context['expected']}. {hint if hint.startswith('Did') else ''}".strip(),
        )
    if kind in ("model_type", "model_attributes_type", "dict_type") or kind.startswith("dataclass"):
        wanted = "keys and values, for example {value: 0.2, range: [0.1, 0.4], ...}" if "value" in field_names(path) else "keys and values"
        return path, f"this is not a section (got {_shown(got)}). Wanted {wanted}."
    message = detail["msg"].removeprefix("Input should be ").removeprefix("Input should ")
    if kind == "string_pattern_mismatch":
        message = {"id": "small letters, digits and hyphens, for example my-state", "currency": "three capital letters, for example AUD"}.get(name, message)
    plain = {
        "float_type": "a number",
        "float_parsing": "a number",
        "int_type": "a whole number",
        "string_type": "a text, in quotation marks if it looks like a number",
        "tuple_type": "a list in [ ]",
    }
    return path, f"this cannot be used (got {_shown(got)}). Wanted {plain.get(kind, message)}."


def _named_path(path: Path_, message: str, places: Mapping[Path_, object]) -> tuple[Path_, str]:
    """Return the path that a message of a whole-file check begins with, and the rest of the message."""
    first, _, rest = message.partition(" ")
    named: Path_ = tuple(int(part) if part.isdigit() and (*path, part) not in places else part for part in first.split("."))
    if not path and "." in first and any(named[: i + 1] in places for i in range(len(named))):
        path, message = named, rest
    return path, message if message.endswith((".", "?")) else f"{message}."


def _shown(got: Any) -> str:
    if isinstance(got, dict):
        return "keys and values"
    if isinstance(got, list):
        return "a list"
    return printable(repr(got))


def _example(path: Path_) -> str:
    """Return what to write for a missing key of a parameter."""
    unit = typing.get_args(type_at(Scenario, (*path[:-1], "unit")))
    examples = {
        "unit": f"Write unit: {unit[0]}." if unit else "",
        "source": "Write the key of a source, or source: assumption.",
        "grade": "Write grade: A, B, C or D.",
        "range": "Write for example range: [0.1, 0.4].",
    }
    return examples.get(str(path[-1]), "") if "value" in field_names(path[:-1]) else ""
