"""Paths of a law that may be changed: which there are, what to say about one that is not, and a changed law's name.

Level 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decrimsim.errors import InputError, nearest, printable
from decrimsim.law.shape import is_dated
from decrimsim.law.words import ALIASES

LONGEST_NAME = 40
"""characters that a column of a table has for a law"""
_BRANCHES = ("tables", "parameters", "effects", "routes", "powers", "interpretations", "table_notes")


def parts_of(path: str) -> list[str]:
    """Return the parts of a dotted path, substances by their canonical names."""
    parts = path.split(".")
    if parts[0] == "tables" and len(parts) >= 3:
        parts[2] = ALIASES.get(parts[2], parts[2])
    return parts


def unknown_path(path: str, part: str, known: Any) -> InputError:
    """Return the error for a path that leads nowhere."""
    return InputError(
        f"the law has nothing at {printable(path)!r}: {printable(part)!r} is not there.",
        where="patch",
        got=path,
        wanted="a dotted path such as 'tables.small.heroin'",
        hint=f"{nearest(part, known)} 'decrimsim law show LAW' lists the paths of a law".strip(),
    )


def numbers_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return {path: value} of the numbers from which a law makes its limits."""
    return {f"parameters.{name}.value": one["value"] for name, one in data.get("parameters", {}).items() if not is_dated(one) and "value" in one}


def derived_from(data: Mapping[str, Any], table: str) -> str:
    """Return the path of the number by which a table is multiplied, or nothing."""
    multiply = data.get("table_notes", {}).get(table, {}).get("derive", {}).get("multiply")
    return f"parameters.{multiply['parameter']}.value" if isinstance(multiply, dict) and "parameter" in multiply else ""


def refuse_branch(data: Mapping[str, Any], path: str, value: Any) -> None:
    """Raise InputError where one value is to stand for a whole table, or a mapping of such: the error names paths below it."""
    parts = parts_of(path)
    node: Any = data
    for part in parts:
        node = node.get(part) if isinstance(node, Mapping) else None
    if len(parts) > 2 or parts[0] not in _BRANCHES or value is None or isinstance(value, dict | list):
        return
    if node is None:
        raise unknown_path(path, parts[-1], data.get(parts[0], {}) if len(parts) == 2 else data)
    if not isinstance(node, Mapping):
        return
    number = derived_from(data, parts[1]) if parts[0] == "tables" and len(parts) == 2 else ""
    below = sorted(f"{path}.{name}.value" if path == "parameters" else f"{path}.{name}" for name in node)
    if parts[0] == "parameters" and len(parts) == 2:
        below = [f"{path}.value"]
    shown = ", ".join(below[:6]) + (" …" if len(below) > 6 else "")
    many = "a table: it has a limit for each substance" if parts[0] == "tables" and len(parts) == 2 else "not one value: there are others below it"
    hint = f"The whole table is made from one number: {number}={printable(value)} changes all of it. " if number else ""
    raise InputError(
        f"{printable(path)!r} is {many}.",
        where="patch",
        got=path,
        wanted=f"a path to one value: {shown}",
        hint=f"{hint}'decrimsim law show LAW' lists them all with their values",
    )


def refuse_family(tables: Mapping[str, Any], path: str) -> None:
    """Raise InputError for a name that stands for several substances of a law's tables: 'cannabis' is herb, resin, oil and plants."""
    parts = path.split(".")
    if parts[0] != "tables" or len(parts) < 3 or parts[2] not in ALIASES:
        return
    named = {name for rows in tables.values() for version in _versions(rows) for name in version}
    family = sorted(name for name in named if name.startswith(f"{parts[2]}_"))
    if len(family) > 1:
        meant = ALIASES[parts[2]]
        others = ", ".join(name for name in family if name != meant)
        typed = ".".join([*parts[:2], meant, *parts[3:]])
        raise InputError(
            f"{printable(parts[2])!r} stands for several substances in this law.",
            where="patch",
            got=path,
            wanted=f"the name of one of them; the others are {others}",
            hint=f"Did you mean {meant}? Type {typed}",
        )


def _versions(rows: Any) -> list[Mapping[str, Any]]:
    return [version for version in rows["dated"].values() if version] if is_dated(rows) else [rows]


def name_of_change(base: str, changes: Mapping[str, Any]) -> str:
    """Return what tables call a changed law: the law, and the first change as far as a column has room; more of them are counted."""
    (path, value), *more = changes.items()
    parts = [part for part in parts_of(path) if part not in ("value", "default")]
    shown = "no rule" if value is None else "other" if isinstance(value, dict | list) else " ".join(str(value).split())
    rest = f" and {len(more)} more" if more else ""
    short = [f"{base}, {'.'.join(parts[i:])}={shown}{rest}" for i in range(min(1, len(parts) - 1), len(parts))]
    return next((name for name in short if len(name) <= LONGEST_NAME), short[-1])


def summary_of_change(before: str, changes: Mapping[str, Any]) -> str:
    """Return the summary of a changed law: first what was changed, then what it was."""
    shown = [f"{path} is {'another rule' if isinstance(value, dict | list) else 'left out' if value is None else value}" for path, value in changes.items()]
    told = "; ".join(shown[:3]) + (f"; and {len(shown) - 3} changes more" if len(shown) > 3 else "")
    return f"Changed: {told}. Before the change: {before.strip()}"
