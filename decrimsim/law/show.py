"""What stands in a law, short and readable: tiers, tables with the paths to type, numbers, open questions, dates.

Level 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from decrimsim.errors import NotInForce, QuantityError
from decrimsim.law.dated import change_days
from decrimsim.law.derive import LISTS
from decrimsim.law.model import Law
from decrimsim.law.paths import derived_from, numbers_of
from decrimsim.law.tables import effective_note
from decrimsim.law.words import LOWER_OPS, UPPER_OPS
from decrimsim.units import parse_date, parse_quantity

WIDTH = 120
_EFFECTS = {
    "none": "the amount alone says nothing",
    "personal": "the amount counts as own use",
    "indicative": "the amount is one sign of supply among others",
    "presumption": "supply is presumed",
    "conclusive": "it is supply",
}
_OWN_USE = {"none": "own use is no offence", "administrative": "own use is an administrative offence", "possession": "own use is a crime"}


@dataclass(frozen=True)
class LawTable:
    """A table of a law: its path, what it is, what it is made from, and its amounts by path."""

    path: str
    title: str
    basis: str
    made_from: str
    amounts: dict[str, str]


def tables_of(law: Law) -> list[LawTable]:
    """Return the tables of a law with their amounts: the path to type, and the limit in words."""
    notes = law.data.get("table_notes", {})
    return [
        LawTable(
            f"tables.{name}",
            str(notes.get(name, {}).get("title", name.replace("_", " "))),
            str(effective_note(notes, name).get("basis", "gross")).replace("_", " "),
            derived_from(law.data, name),
            {f"tables.{name}.{substance}": _limit(cell) for substance, cell in rows.items()},
        )
        for name, rows in law.data["tables"].items()
    ]


def _limit(cell: Any) -> str:
    """Return a limit in words."""
    if isinstance(cell, str):
        return _amount(cell)
    if "unknown" in cell:
        return "not known"
    basis = f" {cell['basis'].replace('_', ' ')}" if "basis" in cell else ""
    parts = [_amount(cell["limit"]) + basis] if "limit" in cell else []
    for key, word in zip(LISTS[:2], (" or ", " and "), strict=True):
        parts += [word.join(_limit(one) for one in cell[key])] if key in cell else []
    parts += [f"{'/'.join(one['forms'])}: {_amount(one['limit'])}" for one in cell.get("by_form", ())]
    return "; ".join(parts)


def _amount(text: str) -> str:
    try:
        return str(parse_quantity(text))
    except QuantityError:
        return text


def law_text(law: Law) -> str:
    """Return a law as a page: what it says, and what may be typed to change it."""
    parts = [[f"{law.name}: {law.title} ({law.kind.replace('_', ' ')})", fill(law.summary, WIDTH)]]
    parts += [_dates(law), _tiers(law), _tables(law), _numbers(law), _questions(law)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def to_json(law: Law) -> dict[str, object]:
    """Return the same as plain data."""
    return {
        "id": law.id,
        "name": law.name,
        "title": law.title,
        "kind": law.kind,
        "summary": law.summary,
        "holds_from": holds(law)[0],
        "holds_until_before": holds(law)[1],
        "changes_on": days_of(law),
        "tiers": list(law.tiers),
        "tables": {table.path: table.amounts for table in tables_of(law)},
        "parameters": numbers_of(law.data),
        "open_questions": {
            f"interpretations.{name}.default": {"now": one["default"], "readings": list(one["options"])}
            for name, one in law.data.get("interpretations", {}).items()
        },
    }


def days_of(law: Law) -> list[str]:
    """Return every day on which some rule of a law changes, the earliest first."""
    return sorted(change_days({key: value for key, value in law.raw.items() if key != "cases"}))


def holds(law: Law) -> tuple[str, str]:
    """Return the day from which this version of a law holds, and the day of the next version; empty where the file names none."""
    date = "9999-12-31" if law.date is None else str(law.date)
    starts = [*days_of(law), *(period["from"] for period in law.raw.get("force", ()))]
    before, after = [day for day in starts if day <= date], [day for day in starts if day > date]
    return max(before, default=""), min(after, default="")


def version_text(law: Law) -> str:
    """Return from when to when a version holds, in words; empty for a law of one version without a date."""
    start, stop = holds(law)
    if not start or (law.date is None and not days_of(law)):
        return ""
    return f"the version that holds from {start}" + (f" until the day before {stop}" if stop else " on")


def _dates(law: Law) -> list[str]:
    days, said = days_of(law), version_text(law)
    lines = [f"Dates: this is {said}."] if said else []
    if days:
        lines.append(f"Rules change on {', '.join(days)}. Another version: write its day after the name, such as {_other(law, days)}")
    return lines


def _other(law: Law, days: list[str]) -> str:
    for day in [day for day in reversed(days) if day != holds(law)[0]] or days:
        try:
            law.at(day)
        except NotInForce:
            continue
        return f"{law.id}@{parse_date(day)}"
    return f"{law.id}@{days[-1]}"


def _tiers(law: Law) -> list[str]:
    lines = ["Tiers, the lowest first"]
    for tier in law.data["tiers"]:
        words = [f"{UPPER_OPS[tier['upper']['op']]} tables.{tier['upper']['table']}"] if "upper" in tier else []
        words += [f"{LOWER_OPS[tier['lower']['op']]} tables.{tier['lower']['table']}"] if "lower" in tier else []
        effect = law.data["effects"][tier["id"]]
        bounds = ", ".join(words) or ("any amount" if not law.has_threshold else "what is between the others" if tier is not law.data["tiers"][-1] else "more")
        lines.append(f"  {tier['id']}: {bounds}; {_EFFECTS[effect['type']]}; {_OWN_USE[effect['own_use']]}")
    return lines


def _tables(law: Law) -> list[str]:
    tables = tables_of(law)
    if not tables:
        return ["No tables: no amount makes a difference."]
    example = next((path for table in tables for path in table.amounts), tables[0].path)
    lines = [f"Tables. Type the path of an amount: --change {example}=5g, or curve WORLD {example} 1g 20g"]
    for table in tables:
        made = f", made from {table.made_from}" if table.made_from else ""
        lines.append(f"  {table.path}: {table.title} (weight: {table.basis}{made})")
        shown = ", ".join(f"{path.removeprefix(table.path)} {amount}" for path, amount in table.amounts.items())
        lines.append(fill(shown, WIDTH, initial_indent="    ", subsequent_indent="    "))
    return lines


def _numbers(law: Law) -> list[str]:
    lines = ["Numbers from which limits are made (--change and curve take them too)"]
    for path, value in numbers_of(law.data).items():
        one = law.data["parameters"][path.split(".")[1]]
        span = f" ({one['least']} to {one['most']})" if {"least", "most"} <= set(one) else ""
        lines.append(f"  {path}: {value} {one.get('unit', '')}".rstrip() + span + (f": {one['note']}" if "note" in one else ""))
    return lines if len(lines) > 1 else []


def _questions(law: Law) -> list[str]:
    return list(_question_lines(law)) if law.data.get("interpretations") else []


def _question_lines(law: Law) -> Iterator[str]:
    yield "Open questions, and how they may be read"
    for name, one in law.data["interpretations"].items():
        others = [answer for answer in one["options"] if answer != one["default"]]
        yield f"  {name}: {one['default']} (now), or {', '.join(others)}"
        if "note" in one:
            yield fill(" ".join(one["note"].split()), WIDTH, initial_indent="    ", subsequent_indent="    ")
        if others:
            yield f"    --change interpretations.{name}.default={others[0]}"
