"""The unknowns on which an answer rests: an amount is tried at its extremes, and named if the tier would be another.

Level 2. Part of the slow twin.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from decrimsim.law.amounts import as_measured, passes, reached
from decrimsim.law.lots import Lot
from decrimsim.law.rules import Rules
from decrimsim.law.tables import UNITS
from decrimsim.units import LARGEST_UG, parse_quantity

MOST_UNITS = 10**6
_NEVER_COUNTED = ("powder", "crystal", "oil", "resin", "liquid")
Lots = tuple[Lot, ...]


def unknown_amounts(rules: Rules, lots: Lots, position: int) -> list[str]:
    """Return a text for each number of a case or a law that is not known and could make the tier another than ``position``."""
    found: list[str] = []
    for could_be in (_purity, _weight, _count, _dryness):
        found += _of_one_kind(rules, lots, position, could_be)
    for lot in lots:
        found += _numbers_of_the_law(rules, lot, position, len(lots) > 1)
    return found


CouldBe = Callable[[Rules, Lot], tuple[str, list[Lot]]]


def _of_one_kind(rules: Rules, lots: Lots, position: int, could_be: CouldBe) -> Iterator[str]:
    """Yield the texts of the lots of which one thing is not known and matters, each alone; or of all together if only that matters."""
    open_ = {i: made for i, lot in enumerate(lots) if (made := could_be(rules, lot))[1]}
    alone = [i for i, (_, others) in open_.items() if any(_moves(rules, lots, position, {i: other}) for other in others)]
    together = len(open_) > 1 and any(_moves(rules, lots, position, {i: others[end] for i, (_, others) in open_.items()}) for end in (0, -1))
    for i in alone or (list(open_) if together else []):
        yield open_[i][0]


def _moves(rules: Rules, lots: Lots, position: int, changed: dict[int, Lot]) -> bool:
    """Tell whether the tier is another one with other lots at some places."""
    return reached(rules, tuple(changed.get(i, lot) for i, lot in enumerate(lots)), []).position != position


def _purity(rules: Rules, lot: Lot) -> tuple[str, list[Lot]]:
    if lot.purity_known:
        return "", []
    assumed = rules.measured.purity.get(lot.substance)
    what = "its whole weight is counted" if assumed is None else f"the law assumes {float(assumed):.0%}"
    shares = [0] if assumed is None else [0, lot.gross_ug]
    return f"the purity of {lot.substance} is not known: {what}", [dataclasses.replace(lot, pure_ug=pure, purity_known=True) for pure in shares]


def _weight(rules: Rules, lot: Lot) -> tuple[str, list[Lot]]:
    if not lot.units or lot.gross_ug:
        return "", []
    heavy = dataclasses.replace(lot, gross_ug=LARGEST_UG, pure_ug=LARGEST_UG)
    return f"the weight of {lot.units} units of {lot.substance} is not known: only their number is held against the limits, so give the weight too", [heavy]


def unweighed(rules: Rules, lots: Lots, position: int) -> tuple[Lot, ...]:
    """Return the lots that were counted and not weighed although the next tier looks at weight alone: no tier can be told."""
    texts = set(_of_one_kind(rules, lots, position, _weight))
    return tuple(lot for lot in lots if (text := _weight(rules, lot)[0]) and text in texts and not _is_counted(rules, lot, position))


def _is_counted(rules: Rules, lot: Lot, position: int) -> bool:
    """Tell whether the next tier has a limit for the lot that counts units, so that the count is an answer."""
    above = [
        {
            one.measure
            for bound in rules.boundary(t)
            if bound and (cell := rules.tables[bound.table].get(lot.substance))
            for one in cell.by_form.get(lot.form, ())
        }
        for t in range(position + 1, len(rules.tiers))
    ]
    return UNITS in next(filter(None, above), set())


def _count(rules: Rules, lot: Lot) -> tuple[str, list[Lot]]:
    if lot.units_known or lot.form in _NEVER_COUNTED:
        return "", []
    return f"the number of units of {lot.substance} is not known", [dataclasses.replace(lot, units=MOST_UNITS)]


def _dryness(rules: Rules, lot: Lot) -> tuple[str, list[Lot]]:
    if lot.dry_ug is not None or not lot.gross_ug:
        return "", []
    return f"the dry weight of {lot.substance} is not known: its whole weight is counted", [dataclasses.replace(lot, dry_ug=0)]


def _numbers_of_the_law(rules: Rules, lot: Lot, position: int, several: bool) -> Iterator[str]:
    """Yield the limits that the law lacks for a lot, between the tier of the case and the next bound that the lot does not pass."""
    if lot.substance not in rules.listed:
        if rules.unlisted_rule(lot.substance) == "court_expert" and position < len(rules.tiers) - 1:
            yield f"the law has no number for {lot.substance}: an expert says what is usual, so the lowest tier is assumed"
        return
    for t in range(position + 1, len(rules.tiers)):
        for bound in rules.boundary(t):
            cell = rules.tables[bound.table].get(lot.substance) if bound else None
            if bound and cell and cell.unknown:
                yield f"{bound.table} of {lot.substance} is not known: {cell.unknown}"
        by_measure = passes(rules, as_measured(rules, lot), t, [])
        if by_measure and True not in by_measure.values() and not several:
            return  # a higher tier needs no less


_OFFENCE_OF = {"max_prison_possession": "possession", "max_prison_supply": "supply"}


def unknowns_of_the_law(data: dict[str, Any], rules: Rules, lots: Lots, tier: str, offences: set[str]) -> list[str]:
    """Return what the law file says is not known and bears on this case.

    tier      of the case; what is about other tiers, or a bound that is not next to it, is left out (a row that is missing is not)
    offences  that the case starts as or may become: a term of prison bears on its own offence only
    """
    return [
        f"{one['about']}: {one['reason']}"
        for one in data.get("unknowns", [])
        if _is_at(one, lots) and _bears_on(one["about"].split("."), rules, lots, tier, offences)
    ]


def _is_at(unknown: dict[str, Any], lots: Lots) -> bool:
    """Tell whether one of the amounts that an unknown is about was found, where it names amounts."""
    amounts = [parse_quantity(text) for text in unknown.get("at", [])]
    return not amounts or any(lot.gross_ug == one.ug or (one.units is not None and lot.units == one.units) for lot in lots for one in amounts)


def _bears_on(about: list[str], rules: Rules, lots: Lots, tier: str, offences: set[str]) -> bool:
    if about[0] == "effects" and len(about) > 1:
        return about[1] == tier and (len(about) < 3 or _OFFENCE_OF.get(about[2]) in (None, *offences))
    if about[0] == "tables" and len(about) > 1:
        if len(about) > 2 and about[2] not in {lot.substance for lot in lots}:
            return False
        has_row = len(about) < 3 or about[2] in rules.tables.get(about[1], {})
        return not has_row or (about[1] not in rules.ladder or _is_next_to(rules, about[1], rules.position(tier)))
    return True


def _is_next_to(rules: Rules, table: str, position: int) -> bool:
    """Tell whether a table bounds a tier from below or from above."""
    return any(bound and bound.table == table for t in (position, position + 1) if 0 < t < len(rules.tiers) for bound in rules.boundary(t))
