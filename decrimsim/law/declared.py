"""Names of substances that a law declares beside those of the common list.

Level 2. Every other part of a law may use a declared name as it uses one of the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from decrimsim.law.shape import Complaints, complain, is_dated
from decrimsim.law.words import ALIASES, DEFAULT_ROW, SUBSTANCES

_OUTSIDE = ("substances", "cases", "sources", "id", "title", "summary")


def declared_names(raw: Any) -> tuple[str, ...]:
    """Return the names that raw data declare under 'substances', on whatever day; none for data of another shape."""
    return tuple(dict.fromkeys(name for rows in _versions(raw.get("substances") if isinstance(raw, dict) else None) for name in rows))


def names_of_changes(changes: Any) -> tuple[str, ...]:
    """Return the names that the changes of a patch file declare; none for data of another shape."""
    found: list[str] = []
    for item in changes if isinstance(changes, list) else ():
        head, _, name = str(item.get("path")).partition(".") if isinstance(item, dict) else ("", "", "")
        if head == "substances":
            found += [name.partition(".")[0]] if name else declared_names({"substances": item.get("to")})
    return tuple(found)


def _versions(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every dated version of a mapping, and the mapping itself if it is not dated."""
    if is_dated(node):
        for version in node["dated"].values() if isinstance(node["dated"], dict) else ():
            yield from _versions(version)
    elif isinstance(node, dict):
        yield {key: value for key, value in node.items() if isinstance(key, str)}


def lint_declared(raw: dict[str, Any], out: Complaints) -> None:
    """Complain about a declared name that the common list has, and about one that no rule uses."""
    used = set(_words({key: value for key, value in raw.items() if key not in _OUTSIDE}))
    for name in declared_names(raw):
        path = ("substances", name)
        if name in SUBSTANCES or name in ALIASES:
            known = f"{name!r} is known already" if name in SUBSTANCES else f"{name!r} is known already as {ALIASES[name]!r}"
            complain(out, path, name, "a name that the common list of substances does not have", f"{known}: leave it out here and use it")
        elif name == DEFAULT_ROW:
            complain(out, path, name, f"another name, since the row {DEFAULT_ROW!r} of a table is that of all other substances")
        elif name not in used:
            complain(out, path, name, "a name that a rule of this law uses", f"Give {name!r} a row in a table, or leave it out here")


def _words(node: Any) -> Iterator[str]:
    """Yield every key and every text of plain data."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _words(value)
    elif isinstance(node, list):
        for item in node:
            yield from _words(item)
