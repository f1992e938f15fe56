"""Tables of limits: cells as they are written, and as alternatives that can be compared.

Level 2. A table is ``{substance: {form: alternatives}}``; a derived table ("ten days") is a base table times a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.derive import add_analogues, factor_of, round_half_up, times
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.words import ALIASES, BASES, FORMS
from decrimsim.units import format_ug, parse_quantity, parse_ug

GROSS, PURE, UNITS = "gross", "pure", "units"
MEASURES = (GROSS, PURE, UNITS)


@dataclass(frozen=True)
class Alternative:
    """One way in which an amount can pass a limit.

    measure          gross or pure micrograms, or whole dose units
    amount           the limit; None: unlimited
    unit_at_most_ug  heaviest unit that the limit of units allows, or None
    basis            the basis as the law names it, where it is not the measure: dry, net, pure_salt, ...
    """

    measure: str
    amount: int | None
    unit_at_most_ug: int | None = None
    basis: str = ""

    def __str__(self) -> str:
        if self.amount is None:
            return "unlimited"
        if self.measure == UNITS:
            heaviest = f" of at most {format_ug(self.unit_at_most_ug)}" if self.unit_at_most_ug is not None else ""
            return f"{self.amount} unit{'s' if self.amount != 1 else ''}{heaviest}"
        said = f" ({self.basis.replace('_', ' ')})" if self.basis else ""
        return format_ug(self.amount) + (" pure" if self.measure == PURE else "") + said


@dataclass(frozen=True)
class Cell:
    """The limits of one substance in one table.

    by_form  alternatives for every form of FORMS; passing one of them passes the limit
    all_of   forms of which every alternative must be passed
    unknown  why there is no number, or ""
    source   key of the source, or ""
    """

    by_form: dict[str, tuple[Alternative, ...]]
    unknown: str = ""
    source: str = ""
    all_of: frozenset[str] = frozenset()


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
    """Return all raw tables of an undated law: derived ones filled in (a cell written in one stays), related drugs given their parents' row."""
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
        derived = {}
        for substance, cell in tables.get(base, {}).items():
            factor = factor_of(derive, substance, data, ("table_notes", name, "derive"), out)
            if factor is not None:
                derived[substance] = times(cell, factor, derive.get("round"))
        tables[name] = derived | tables.get(name, {})
        return None

    for name in notes:
        fill(name, ())
        if name not in tables:
            complain(out, ("table_notes", name), name, "the name of a table", nearest(name, tables))
    add_analogues(tables, data.get("analogues", {}), out)
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


def parse_table(name: str, rows: dict[str, Any], note: dict[str, Any], out: Complaints) -> Table:
    """Return a table of cells from raw rows that have the right shape."""
    return {substance: _parse_cell(cell, note, ("tables", name, substance), out) for substance, cell in rows.items()}


def _parse_cell(cell: Any, note: dict[str, Any], path: tuple[str, ...], out: Complaints) -> Cell:
    raw = cell if isinstance(cell, dict) else {"limit": cell}
    source = raw.get("source", note.get("source", ""))
    basis = {"basis": raw.get("basis", note.get("basis", GROSS)), **{key: raw[key] for key in ("base_share",) if key in raw}}
    written = [key for key in ("limit", "any_exceeds", "all_must_exceed", "unknown") if key in raw]
    if len(written) != 1:
        complain(
            out,
            path,
            " and ".join(written) or None,
            "exactly one of 'limit', 'any_exceeds', 'all_must_exceed' and 'unknown'",
            "Write 'unlimited' for no limit, 'unknown: why' if no number was found",
        )
        return Cell({}, source=source)
    if "unknown" in raw:
        return Cell({}, unknown=raw["unknown"], source=source)
    items = [{"limit": raw["limit"]}] if "limit" in raw else raw[written[0]]
    other = tuple(_parse_alternative(item, basis, path, out) for item in items)
    by_form = dict.fromkeys(FORMS, other)
    seen: set[str] = set()
    for i, item in enumerate(raw.get("by_form", [])):
        for form in item["forms"]:
            if form in seen:
                complain(out, (*path, "by_form", str(i), "forms"), form, "each form once")
            seen.add(form)
            by_form[form] = (_parse_alternative(item, basis, path, out),)
    if "all_must_exceed" in raw:
        if len({one.measure for one in other}) < len(other) or any(one.unit_at_most_ug is not None or one.amount is None for one in other):
            complain(out, (*path, "all_must_exceed"), raw["all_must_exceed"], "limits of different kinds (gross weight, pure weight, units), each a number")
        return Cell(by_form, source=source, all_of=frozenset(FORMS) - seen)
    return Cell(by_form, source=source)


def _parse_alternative(item: Any, basis: dict[str, Any], path: tuple[str, ...], out: Complaints) -> Alternative:
    raw = {**basis, **(item if isinstance(item, dict) else {"limit": item})}
    quantity = parse_quantity(raw["limit"])
    heaviest = parse_ug(raw["unit_at_most"]) if "unit_at_most" in raw else None
    if quantity.units is not None:
        return Alternative(UNITS, quantity.units, heaviest)
    if heaviest is not None:
        complain(out, path, raw["limit"], "a number of units beside 'unit_at_most'", "Write for example 'limit: 1 unit'")
    measure = PURE if BASES[raw["basis"]] == PURE else GROSS
    said = "" if raw["basis"] in (GROSS, PURE) else raw["basis"]
    amount = quantity.ug
    if "base_share" in raw:
        if raw["basis"] != "pure_salt":
            complain(out, path, raw["base_share"], "'base_share' only beside 'basis: pure_salt'")
        amount = amount and round_half_up(Decimal(str(raw["base_share"])) * amount)
    return Alternative(measure, amount, basis=said)
