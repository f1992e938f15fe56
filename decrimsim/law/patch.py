"""Changes of a law by dotted path, and the bounds that a changed bound pushes along.

Level 2. Everything works on copies.
"""

from __future__ import annotations

import copy
from typing import Any

from decrimsim.law.derive import LISTS
from decrimsim.law.paths import parts_of, refuse_branch, refuse_family, unknown_path
from decrimsim.law.rules import Rules
from decrimsim.law.shape import is_dated
from decrimsim.law.tables import Alternative, Cell, effective_note
from decrimsim.law.words import FORMS
from decrimsim.units import parse_quantity

PATCH_SOURCE = {"title": "a change made for a comparison, not a source", "href": "none", "confidence": "low"}


def set_path(raw: dict[str, Any], data: dict[str, Any], path: str, value: Any, source: str) -> None:
    """Set (or with None remove) the value at a path of a raw law, in every dated version that the path meets.

    raw   the law as written, changed in place
    data  the same law undated, tables filled in; a cell of a derived table is taken from here first
    """
    parts = parts_of(path)
    refuse_family(data["tables"], path)
    refuse_branch(data, path, value)
    if parts[0] == "substances" and value is not None:
        raw.setdefault("substances", {})
    if parts[0] == "tables" and len(parts) >= 3:
        _own_cell(raw, data, parts)
        if len(parts) == 3 and isinstance(value, str):
            value = {"limit": value, "source": source}
    _set(raw, parts, value, path, 0)


def _own_cell(raw: dict[str, Any], data: dict[str, Any], parts: list[str]) -> None:
    """Make sure that a derived table holds its own copy of the cell that is about to change."""
    table, substance = parts[1], parts[2]
    if table not in data["tables"]:
        raise unknown_path(".".join(parts), table, data["tables"])
    if is_dated(raw["tables"]) or is_dated(raw["tables"].get(table)):
        return
    rows = raw["tables"].setdefault(table, {})
    if substance not in rows and substance in data["tables"][table]:
        rows[substance] = copy.deepcopy(data["tables"][table][substance])
    if len(parts) > 3 and isinstance(rows.get(substance), str):
        rows[substance] = {"limit": rows[substance]}


def _set(node: Any, parts: list[str], value: Any, path: str, at: int) -> None:
    if is_dated(node):
        for version in node["dated"].values():
            if version is not None:
                _set(version, parts, value, path, at)
        return
    key: str | int = parts[at]
    if isinstance(node, list):
        if not parts[at].isdigit() or int(parts[at]) >= len(node):
            raise unknown_path(path, parts[at], map(str, range(len(node))))
        key = int(parts[at])
    elif not isinstance(node, dict):
        raise unknown_path(path, parts[at], ())
    if at == len(parts) - 1:
        if value is not None:
            node[key] = copy.deepcopy(value)
        elif isinstance(node, dict):
            node.pop(key, None)
        else:
            node.pop(int(key))
        return
    if isinstance(node, dict) and key not in node:
        raise unknown_path(path, parts[at], node)
    _set(node[key], parts, value, path, at + 1)


def pushed_cells(rules: Rules, data: dict[str, Any], path: str) -> dict[str, Any]:
    """Return {path: cell} for every bound that the changed bound at path has passed.

    rules  of the changed law, read before any pushing
    """
    parts = parts_of(path)
    if parts[0] != "tables" or len(parts) < 3 or parts[1] not in rules.ladder:
        return {}
    table, substance = parts[1], parts[2]
    changed = rules.tables[table].get(substance)
    if changed is None or changed.unknown or changed.all_of:
        return {}
    order = list(rules.ladder)
    moved: dict[str, Any] = {}
    for other in order:
        cell = rules.tables[other].get(substance)
        if other == table or cell is None or cell.unknown or cell.all_of or substance not in data["tables"][other]:
            continue
        upwards = order.index(other) > order.index(table)
        new = _pushed(data["tables"][other][substance], cell, changed, upwards, effective_note(data.get("table_notes", {}), other))
        if new is not None:
            moved[f"tables.{other}.{substance}"] = new
    return moved


def _pushed(raw: Any, cell: Cell, line: Cell, upwards: bool, note: dict[str, Any]) -> dict[str, Any] | None:
    """Return a raw cell moved to at least (upwards) or at most the changed cell, or None if it need not move."""
    written: dict[str, Any] = copy.deepcopy(raw) if isinstance(raw, dict) else {"limit": raw}
    moved = False
    named = {form for item in written.get("by_form", []) for form in item["forms"]}
    others = [form for form in FORMS if form not in named]
    places = [(item, item["forms"]) for item in written.get("by_form", [])] + ([(written, others)] if "limit" in written else [])
    places += [(item, others) for item in written.get("any_exceeds", []) if isinstance(item, dict)]
    for place, forms in places:
        new = _text_if_passed(place["limit"], place.get("basis", written.get("basis", note.get("basis", "gross"))), forms, line, upwards)
        if new is not None:
            place["limit"], moved = new, True
    for i, item in enumerate(written.get("any_exceeds", [])):
        if isinstance(item, str):
            new = _text_if_passed(item, written.get("basis", note.get("basis", "gross")), others, line, upwards)
            if new is not None:
                written["any_exceeds"][i], moved = new, True
    if not moved:
        return None
    return {key: value for key, value in written.items() if key not in ("quote", "confidence")} | {"source": "patch"}


def _text_if_passed(text: str, basis: str, forms: list[str], line: Cell, upwards: bool) -> str | None:
    """Return the changed limit as a text if it has passed this one, else None."""
    quantity = parse_quantity(text)
    measures = ("gross", "pure", "units") if quantity.is_unlimited else ("units",) if quantity.units is not None else (basis,)
    own = quantity.units if quantity.units is not None else quantity.ug
    targets = [one for form in forms for one in line.by_form.get(form, ()) if one.measure in measures]
    if not targets:
        return None
    pick = max if upwards else min
    target = pick(targets, key=_size)
    mine = float("inf") if own is None else own
    passed = _size(target) > mine if upwards else _size(target) < mine
    return str(Alternative("gross" if target.measure == "pure" else target.measure, target.amount)) if passed else None


def _size(one: Alternative) -> float:
    return float("inf") if one.amount is None else one.amount


def forms_dropped(raw_before: Any, value: Any) -> bool:
    """Tell whether a plain limit replaces a cell that had alternatives or limits by form."""
    return isinstance(value, str) and isinstance(raw_before, dict) and not set(LISTS).isdisjoint(raw_before)


def value_at(data: dict[str, Any], path: str) -> Any:
    """Return the raw value at a dotted path. Raises InputError for a path that leads nowhere."""
    node: Any = data
    for part in parts_of(path):
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            known = node if isinstance(node, dict) else map(str, range(len(node))) if isinstance(node, list) else ()
            raise unknown_path(path, part, known)
    return node
