"""Other ways than a charge: cautions, notices, panels and treatment, for one case.

Level 2. Part of the slow twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from decrimsim.law.rules import Rules
from decrimsim.law.words import ANY_NUMBER

if TYPE_CHECKING:
    from decrimsim.law.evaluate import Lot


def open_routes(data: dict[str, Any], rules: Rules, lots: tuple[Lot, ...], offence: str, facts: Mapping[str, Any], unknowns: list[str]) -> tuple[str, ...]:
    """Return the routes that the law opens for a case.

    Facts that are not given are counted as none, and an adult is assumed; those on which an open route rests are reported.
    """
    routes, found = data.get("routes", {}), []
    for name, earlier, exclusion in (("caution", "cautions", "conviction"), ("notice", "notices", "supply_conviction")):
        route = routes.get(name)
        may = offence == "possession" or (name == "notice" and offence == "administrative" and "panel" not in routes)
        if route is None or not may or not _within(rules, route["limit"], lots):
            continue
        asked = [(earlier, facts.get(earlier, 0) < route.get("at_most", ANY_NUMBER))]
        asked += [(exclusion, not facts.get(exclusion, False))] if route.get("excluded_by") else []
        asked += [("age", facts.get("age", 999) >= route["min_age"])] if "min_age" in route else []
        if all(is_met for _, is_met in asked):
            unknowns += [f"{fact.replace('_', ' ')} of the {'case' if fact == 'age' else 'person'} not given" for fact, _ in asked if fact not in facts]
            found.append(name)
    if "panel" in routes and offence == "administrative":
        found.append("panel")
    return tuple(found)


def _within(rules: Rules, limit: Mapping[str, str], lots: tuple[Lot, ...]) -> bool:
    """Tell whether every lot is inside the limit of a route; a substance without a row is not."""
    for lot in lots:
        cell = rules.tables[limit["table"]].get(lot.substance)
        if cell is None or cell.unknown:
            return False
        for one in cell.by_form[lot.form]:
            if one.amount is not None and not (lot.gross_ug <= one.amount if limit["op"] == "<=" else lot.gross_ug < one.amount):
                return False
    return bool(lots)


def treatment(data: dict[str, Any]) -> str:
    """Return whether treatment is offered or ordered to everybody: none, voluntary or mandatory."""
    if not data["referral"]["offer"]:
        return "none"
    return "mandatory" if data["referral"]["nature"] == "mandatory" else "voluntary"
