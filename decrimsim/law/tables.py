"""Tables of limits: cells as they are written, and as alternatives that can be compared.

Level 2. A table is ``{substance: {form: alternatives}}``; a derived table ("ten days") is a base table times a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.words import ALIASES, FORMS
from decrimsim.units import format_ug, parse_quantity, parse_ug

GROSS, PURE, UNITS = "gross", "pure", "units"
MEASURES = (GROSS, PURE, UNITS)


@dataclass(frozen=True)
class Alternative:
    """One way in which an amount can pass a limit.

    measure          gross or pure micrograms, or whole dose units
    amount           the limit; None: unlimited
    unit_at_most_ug  heaviest unit that the limit of units allows, or None
    """

    measure: str
    amount: int | None
    unit_at_most_ug: int | None = None

    def __str__(self) -> str:
        if self.amount is None:
            return "unlimited"
        if self.measure == UNITS:
            heaviest = f" of at most {format_ug(self.unit_at_most_ug)}" if self.unit_at_most_ug is not None else ""
            return f"{self.amount} unit{'s' if self.amount != 1 else ''}{heaviest}"
        return format_ug(self.amount) + (" pure" if self.measure == PURE else "")


@dataclass(frozen=True)
class Cell:
    """The limits of one substance in one table.

    by_form  alternatives for every form of FORMS; passing one of them passes the limit
    unknown  why there is no number, or ""
    source   key of the source, or ""
    """

    by_form: dict[str, tuple[Alternative, ...]]
    unknown: str = ""
    source: str = ""


Table = dict[str, Cell]


def canonical_tables(tables: dict[str, Any], out: Complaints) -> dict[str, Any]:
    """Return raw tables with canonical substance names; complain about a substance written under two names."""
    done: dict[str, Any] = {}
    for name, rows in tables.items():
        done[name] = {}
        for substance, cell in rows.items():
            key = ALIASES.get(substance, substance)
            if key in done[name]:
                complain(out, ("tables", name, substance), substance, f"one row for {key!r}", f"{substance!r} is another name of {key!r}: keep one of them")
            done[name][key] = cell
    return done


def expand(data: dict[str, Any], out: Complaints) -> dict[str, dict[str, Any]]:
    """Return all raw tables of an undated law, derived ones filled in (a cell written in a derived table stays)."""
    tables: dict[str, dict[str, Any]] = {name: dict(rows) for name, rows in data.get("tables", {}).items()}
    notes = data.get("table_notes", {})
    done: set[str] = set()

    def fill(name: str, above: tuple[str, ...]) -> None:
        derive = notes.get(name, {}).get("derive")
        if derive is None or name in done:
            return None
        path, base = ("table_notes", name, "derive", "from"), derive["from"]
        if base in above or base == name:
            return complain(out, path, base, "a table that is not derived from this one")
        if base not in tables and base not in notes:
            return complain(out, path, base, "the name of a table", nearest(base, tables))
        fill(base, (*above, name))
        done.add(name)
        derived = {substance: _times(cell, derive["multiply"]) for substance, cell in tables.get(base, {}).items()}
        tables[name] = derived | tables.get(name, {})
        return None

    for name in notes:
        fill(name, ())
        if name not in tables:
            complain(out, ("table_notes", name), name, "the name of a table", nearest(name, tables))
    return tables


def effective_note(notes: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the basis and source of a table; a derived table has those of its base unless it names its own."""
    note = dict(notes.get(name, {}))
    seen = {name}
    while "derive" in note and note["derive"]["from"] not in seen:
        base = note.pop("derive")["from"]
        seen.add(base)
        note = {**notes.get(base, {}), **note}
    return note


def _times(cell: Any, factor: float) -> dict[str, Any]:
    """Return a raw cell times a number, rounded to whole micrograms; the heaviest allowed unit is not multiplied."""
    if not isinstance(cell, dict):
        return {"limit": _times_text(cell, factor)}
    done = {key: value for key, value in cell.items() if key not in ("quote", "unit_at_most")}
    if "limit" in done:
        done["limit"] = _times_text(done["limit"], factor)
    for key in ("any_exceeds", "by_form"):
        if key in done:
            done[key] = [_times(item, factor) for item in done[key]]
    return done


def _times_text(text: str, factor: float) -> str:
    quantity = parse_quantity(text)
    if quantity.is_unlimited:
        return "unlimited"
    amount = quantity.ug if quantity.ug is not None else quantity.units
    product = int((Decimal(str(factor)) * Decimal(amount or 0)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return format_ug(product) if quantity.ug is not None else f"{product} units"


def parse_table(name: str, rows: dict[str, Any], note: dict[str, Any], out: Complaints) -> Table:
    """Return a table of cells from raw rows that have the right shape."""
    return {substance: _parse_cell(cell, note, ("tables", name, substance), out) for substance, cell in rows.items()}


def _parse_cell(cell: Any, note: dict[str, Any], path: tuple[str, ...], out: Complaints) -> Cell:
    raw = cell if isinstance(cell, dict) else {"limit": cell}
    source = raw.get("source", note.get("source", ""))
    basis = raw.get("basis", note.get("basis", GROSS))
    if "all_must_exceed" in raw:
        complain(
            out,
            (*path, "all_must_exceed"),
            "all_must_exceed",
            "'limit', 'any_exceeds' or 'by_form'",
            "Limits that must all be exceeded together are planned for version 0.2",
        )
        return Cell({}, source=source)
    written = [key for key in ("limit", "any_exceeds", "unknown") if key in raw]
    if len(written) != 1:
        complain(
            out,
            path,
            " and ".join(written) or None,
            "exactly one of 'limit', 'any_exceeds' and 'unknown'",
            "Write 'unlimited' for no limit, 'unknown: why' if no number was found",
        )
        return Cell({}, source=source)
    if "unknown" in raw:
        return Cell({}, unknown=raw["unknown"], source=source)
    items = raw["any_exceeds"] if "any_exceeds" in raw else [{k: raw[k] for k in ("limit", "basis") if k in raw}]
    other = tuple(_parse_alternative(item, basis, path, out) for item in items)
    by_form = dict.fromkeys(FORMS, other)
    seen: set[str] = set()
    for i, item in enumerate(raw.get("by_form", [])):
        for form in item["forms"]:
            if form in seen:
                complain(out, (*path, "by_form", str(i), "forms"), form, "each form once")
            seen.add(form)
            by_form[form] = (_parse_alternative(item, basis, path, out),)
    return Cell(by_form, source=source)


def _parse_alternative(item: Any, basis: str, path: tuple[str, ...], out: Complaints) -> Alternative:
    raw = item if isinstance(item, dict) else {"limit": item}
    quantity = parse_quantity(raw["limit"])
    heaviest = parse_ug(raw["unit_at_most"]) if "unit_at_most" in raw else None
    if quantity.units is not None:
        return Alternative(UNITS, quantity.units, heaviest)
    if heaviest is not None:
        complain(out, path, raw["limit"], "a number of units beside 'unit_at_most'", "Write for example 'limit: 1 unit'")
    return Alternative(raw.get("basis", basis), quantity.ug)
