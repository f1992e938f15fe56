"""Limits that follow from other limits: times a number, by substance, rounded; related drugs take their parents' smallest row.

Level 2. Works on raw cells, so that what follows can be shown, patched and checked like what is written.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.words import ALIASES
from decrimsim.units import format_ug, parse_quantity, parse_ug

_ROUNDINGS = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "nearest": ROUND_HALF_UP}
LISTS = ("any_exceeds", "all_must_exceed", "by_form")


def factor_of(derive: dict[str, Any], substance: str, data: dict[str, Any], path: tuple[str, ...], out: Complaints) -> float | None:
    """Return the number by which the limit of a substance is multiplied; None (and a complaint) if the law names none."""
    by_substance = {ALIASES.get(name, name): number for name, number in derive.get("by_substance", {}).items()}
    if substance in by_substance:
        return float(by_substance[substance]) if isinstance(by_substance[substance], float) else by_substance[substance]
    if "multiply" not in derive:
        complain(out, path, None, f"'multiply', or a number for {substance!r} under 'by_substance'")
        return None
    factor = derive["multiply"]
    if not isinstance(factor, dict):
        return factor  # type: ignore[no-any-return]
    known = data.get("parameters", {})
    if factor["parameter"] not in known:
        complain(out, (*path, "multiply", "parameter"), factor["parameter"], "the name of a parameter", nearest(factor["parameter"], known))
        return None
    return known[factor["parameter"]]["value"]  # type: ignore[no-any-return]


def round_half_up(number: Decimal) -> int:
    """Return the nearest whole number, a half upwards."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def times(cell: Any, factor: float, rounding: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a raw cell times a number, rounded to whole micrograms; the heaviest allowed unit is not multiplied."""
    done: dict[str, Any] = with_limits(
        cell, lambda text: multiplied(text, Decimal(str(factor)), rounding), without=("quote", "unit_at_most"), plain=lambda text: {"limit": text}
    )
    return done


def with_limits(cell: Any, change: Callable[[str], str], *, without: tuple[str, ...], plain: Callable[[str], Any] = str) -> Any:
    """Return a raw cell with every limit in it changed.

    without  keys that do not hold for the new limits
    plain    what a cell becomes that is a limit and nothing else
    """
    if not isinstance(cell, dict):
        return plain(change(cell))
    done = {key: value for key, value in cell.items() if key not in without}
    if "limit" in done:
        done["limit"] = change(done["limit"])
    for key in LISTS:
        if key in done:
            done[key] = [with_limits(item, change, without=without, plain=plain) for item in done[key]]
    return done


def multiplied(text: str, factor: Decimal, rounding: dict[str, str] | None = None, *, least: int = 0, most_ug: int | None = None) -> str:
    """Return a limit times a number, as text.

    least    smallest number of micrograms, or of units
    most_ug  largest weight, or None
    """
    quantity = parse_quantity(text)
    if quantity.is_unlimited:
        return "unlimited"
    if quantity.ug is None:
        return f"{max(round_half_up(factor * (quantity.units or 0)), least)} units"
    step = max(1, parse_ug(rounding["to"])) if rounding else 1
    direction = _ROUNDINGS[rounding["direction"]] if rounding else ROUND_HALF_UP
    ug = max(int((factor * quantity.ug / step).to_integral_value(rounding=direction)) * step, least)
    return format_ug(ug if most_ug is None else min(ug, most_ug))


def add_analogues(tables: dict[str, dict[str, Any]], analogues: dict[str, Any], out: Complaints) -> None:
    """Give every related drug without a row of its own the smallest row of its parents, in place."""
    for name, parents in analogues.items():
        substance = ALIASES.get(name, name)
        for table, rows in tables.items():
            found = [rows[parent] for parent in (ALIASES.get(p, p) for p in parents) if parent in rows]
            if substance in rows or not found:
                continue
            unknown = next((cell for cell in found if isinstance(cell, dict) and "unknown" in cell), None)
            if unknown is not None:  # whether it is the smallest cannot be seen
                rows[substance] = unknown
                continue
            sizes = [_plain_ug(cell) for cell in found]
            if len(found) > 1 and (None in sizes or len({_basis(cell) for cell in found}) > 1):
                wanted = f"parents with one plain weight each, of one basis, in the table {table!r}, so that the smallest can be seen"
                complain(out, ("analogues", name), name, wanted)
            rows[substance] = found[min(range(len(found)), key=lambda i: sizes[i] or 0)]


def _basis(cell: Any) -> str:
    return str(cell.get("basis", "")) if isinstance(cell, dict) else ""


def _plain_ug(cell: Any) -> int | None:
    """Return the one weight of a raw cell, or None if it says more than that."""
    raw = cell if isinstance(cell, dict) else {"limit": cell}
    if set(raw) & {*LISTS, "unit_at_most", "base_share"}:
        return None
    return parse_quantity(raw["limit"]).ug
