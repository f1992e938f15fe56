"""What must follow when a parameter is varied: tables of belief stay in order, deals stay whole.

Level 3. Works on the plain data of a scenario, before it is validated again.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from decrimsim.units import format_ug, parse_ug

TABLES = ("practice.police.belief", "practice.prosecutor.belief", "practice.court.prove_supply")
ROWS = ("personal", "none", "indicative", "presumption")
COLUMNS = ("n0", "n1", "n2", "n3")

Cell = tuple[int, int]


def keep_tables_in_order(data: dict[str, Any], named: Set[str]) -> None:
    """Move the cells of the tables of belief so that no chance of supply falls down or to the right.

    data   plain data of a scenario, changed in place
    named  dotted paths that were given; of two of them that contradict each other the one further down or right is raised,
           and all other cells move only as far as these need
    """
    for table in TABLES:
        fixed = {(r, c) for r, row in enumerate(ROWS) for c, column in enumerate(COLUMNS) if f"{table}.{row}.{column}" in named}
        if not fixed:
            continue
        cells = data
        for part in table.split("."):
            cells = cells[part]
        values = {(r, c): float(cells[row][column]["value"]) for r, row in enumerate(ROWS) for c, column in enumerate(COLUMNS)}
        for (r, c), value in ordered(values, fixed).items():
            _set(cells[ROWS[r]][COLUMNS[c]], value)


def ordered(values: dict[Cell, float], fixed: Set[Cell]) -> dict[Cell, float]:
    """Return the table nearest to the given one in which nothing falls with the row or the column.

    values  chance by (row, column), in order but for the fixed cells
    fixed   cells that keep their value, unless another fixed cell above or to the left is higher
    """
    kept = {cell: max(values[other] for other in fixed if _before(other, cell)) for cell in fixed}
    out = dict(kept)
    for cell in values.keys() - fixed:
        lowest = max((value for other, value in kept.items() if _before(other, cell)), default=0.0)
        highest = min((value for other, value in kept.items() if _before(cell, other)), default=1.0)
        out[cell] = min(max(values[cell], lowest), highest)
    return out


def keep_deals_whole(data: dict[str, Any], named: Set[str], units_in_deal: Mapping[str, int]) -> None:
    """Make every deal a whole number of units again where the unit or the deal was given.

    data           plain data of a scenario, changed in place
    named          dotted paths that were given
    units_in_deal  by substance, before the change: kept when only the unit was given; a given deal is rounded, to at least one
    """
    for name, substance in data["substances"].items():
        if named & {f"substances.{name}.unit", f"substances.{name}.deal"}:
            unit, deal = (parse_ug(substance[key]["value"]) for key in ("unit", "deal"))
            units = max(1, round(deal / unit)) if f"substances.{name}.deal" in named else units_in_deal[name]
            _set_ug(substance["deal"], units * unit)


def _before(cell: Cell, other: Cell) -> bool:
    """Tell whether the first cell may not be higher than the second."""
    return cell[0] <= other[0] and cell[1] <= other[1]


def _set(parameter: dict[str, Any], value: float) -> None:
    low, high = parameter["range"]
    parameter["value"], parameter["range"] = value, [min(low, value), max(high, value)]


def _set_ug(amount: dict[str, Any], ug: int) -> None:
    low, high = (parse_ug(end) for end in amount["range"])
    if ug != parse_ug(amount["value"]):
        amount["value"], amount["range"] = format_ug(ug), [format_ug(min(low, ug)), format_ug(max(high, ug))]
