"""The slow twin of amounts: which tier was reached, as plain ifs, with every bound that was looked at.

Level 2. Nothing here is shared with compile.py but the rules themselves, so that a test can hold one against the other.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from decrimsim.errors import LawError
from decrimsim.law.lots import Lot
from decrimsim.law.rules import Bound, Rules
from decrimsim.law.several import Several
from decrimsim.law.tables import GROSS, MEASURES, UNITS, Alternative
from decrimsim.units import format_ug

_ALL = "all"  # a limit of which every alternative must be passed


@dataclass(frozen=True)
class Reached:
    """What amounts reach: whether the law covers any of them, the highest tier, and whether that is so although no words of the law name an amount."""

    is_regulated: bool
    position: int
    is_in_gap: bool = False


_NOTHING = Reached(is_regulated=False, position=0)


def reached(rules: Rules, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> Reached:
    """Return what the amounts of one case reach, each alone and all together."""
    lots = tuple(as_measured(rules, lot) for lot in lots)
    alone = [_tier_of_lot(rules, lot, trace) for lot in lots]
    every = [*alone, *(_tier_of_several(rules, rule, lots, trace) for rule in rules.several)]
    position = max((one.position for one in every), default=0)
    return Reached(any(one.is_regulated for one in alone), position, any(one.is_in_gap for one in every if one.position == position))


def as_measured(rules: Rules, lot: Lot) -> Lot:
    """Return a lot as this law reads it: with the purity that it assumes, and rounded."""
    measured = rules.measured
    if not lot.purity_known and lot.substance in measured.purity:
        share = measured.purity[lot.substance]
        lot = dataclasses.replace(lot, pure_ug=int(share * lot.gross_ug), purity_known=True)
    dry = None if lot.dry_ug is None else measured.rounded(lot.dry_ug)
    return dataclasses.replace(lot, gross_ug=measured.rounded(lot.gross_ug), pure_ug=measured.rounded(lot.pure_ug), dry_ug=dry)


def _tier_of_lot(rules: Rules, lot: Lot, trace: list[dict[str, Any]]) -> Reached:
    """Return what a lot reaches alone."""
    if lot.substance not in rules.listed:
        return _tier_of_unlisted(rules, lot, trace)
    reached = [passes(rules, lot, t, trace) for t in range(1, len(rules.tiers))]
    if rules.overlap == "lowest":
        reached = _without_jumps(reached)
    tier = max([0, *(t for t, by_measure in enumerate(reached, 1) if True in by_measure.values())])
    is_in_gap = _has_no_words(rules, lot, tier, {measure for measure, yes in reached[tier - 1].items() if yes} if tier else set())
    if is_in_gap:
        _note(trace, f"no words of the law name this amount: such a gap belongs to {rules.gap_tier}", str(lot), "", True)
    return Reached(True, tier, is_in_gap)


def _has_no_words(rules: Rules, lot: Lot, tier: int, measures: set[str]) -> bool:
    """Tell whether a lot is in a tier only because it fits the words of none.

    measures  by which it reaches the tier
    """
    if not rules.gap_tier:
        return False
    below = _gaps(rules, lot, tier) if tier else set()
    above = _gaps(rules, lot, tier + 1) if tier + 1 < len(rules.tiers) else set()
    return rules.has_no_words(tier, lot.substance) or bool(above) or bool(measures and measures <= below)


def _gaps(rules: Rules, lot: Lot, t: int) -> set[str]:
    """Return the measures by which a lot is outside the tier t-1 and not yet in tier t."""
    upper, lower = rules.boundary(t)
    left, entered = _beyond(rules, upper, lot, []), _beyond(rules, lower, lot, [])
    return {measure for measure in left if left[measure] and not entered.get(measure, True)}


def _without_jumps(reached: list[dict[str, bool]]) -> list[dict[str, bool]]:
    """Return what is reached if an amount that still fits a lower tier stays there."""
    done: list[dict[str, bool]] = []
    held_back: set[str] = set()
    for by_measure in reached:
        held_back |= {measure for measure, yes in by_measure.items() if not yes}
        done.append({measure: yes and measure not in held_back for measure, yes in by_measure.items()})
    return done


def _tier_of_unlisted(rules: Rules, lot: Lot, trace: list[dict[str, Any]]) -> Reached:
    rule = rules.unlisted_rule(lot.substance)
    trace.append({"rule": f"{lot.substance} has no row: {rule}", "amount": str(lot), "limit": "", "passed": False, "source": rules.unlisted_source})
    if rule in ("not_regulated", "default_row"):
        return Reached(False, 0)
    if rule == "court_expert":
        return Reached(True, 0)
    if rule == "any_trace_is_offence":
        for t, tier in enumerate(rules.tiers):
            if rules.effects[tier.id]["own_use"] == "possession":
                return Reached(True, t)
        raise LawError("no tier of this law makes possession an offence.", where="unlisted_substance")
    return Reached(True, rules.position(rule.removeprefix("tier:")))


def passes(rules: Rules, lot: Lot, t: int, trace: list[dict[str, Any]]) -> dict[str, bool]:
    """Return, by measure, whether a lot reaches tier t; a measure without a bound is left out."""
    upper, lower = rules.boundary(t)
    left = _beyond(rules, upper, lot, trace)
    entered = _beyond(rules, lower, lot, trace)
    found: dict[str, bool] = {}
    for measure in (*MEASURES, _ALL):
        if measure in left and measure in entered:
            if left[measure] and entered[measure]:
                found[measure] = True
            elif left[measure]:  # between the tiers
                found[measure] = rules.gap_tier == rules.tiers[t].id
            elif entered[measure]:  # in both tiers
                found[measure] = rules.overlap == "highest"
            else:
                found[measure] = False
        elif measure in left:
            found[measure] = left[measure]
        elif measure in entered:
            found[measure] = entered[measure]
    return found


def _beyond(rules: Rules, bound: Bound | None, lot: Lot, trace: list[dict[str, Any]]) -> dict[str, bool]:
    """Return, by measure, whether a lot is outside an upper bound or inside a lower one."""
    if bound is None or lot.substance not in rules.tables[bound.table]:
        return {}
    cell = rules.tables[bound.table][lot.substance]
    found: dict[str, bool] = {}
    every: list[bool] = []
    for one in cell.by_form.get(lot.form, ()):
        results = _compare(rules, one, bound.op, lot)
        for measure, yes in results:
            found[measure] = found.get(measure, False) or yes
        every.append(any(yes for _, yes in results))
        trace.append(
            {"rule": f"{bound.table} {bound.op} {one}", "amount": str(lot), "limit": str(one), "passed": every[-1], "source": cell.source, "table": bound.table}
        )
    return {_ALL: all(every)} if lot.form in cell.all_of else found


def _compare(rules: Rules, one: Alternative, op: str, lot: Lot) -> list[tuple[str, bool]]:
    if one.amount is None:
        return [(one.measure, False)]
    results = [(one.measure, _is_beyond(_counted(rules, one, lot), op, one.amount))]
    if one.measure == UNITS and one.unit_at_most_ug is not None and op in ("<=", "<"):
        results.append((GROSS, _is_beyond(lot.gross_ug * rules.measured.factor, op, one.amount * one.unit_at_most_ug)))
    return results


def _counted(rules: Rules, one: Alternative, lot: Lot) -> Fraction:
    """Return the amount that is compared with a limit: units as they are, weights after the margin of measurement."""
    if one.measure == UNITS:
        return Fraction(lot.units)
    weight = lot.dry_ug if one.basis == "dry" and lot.dry_ug is not None else lot.amount(one.measure)
    return weight * rules.measured.factor


def _is_beyond(amount: Fraction, op: str, limit: int) -> bool:
    if amount <= 0:
        return False
    if op == "<=":
        return not amount <= limit
    if op == "<":
        return not amount < limit
    if op == ">":
        return amount > limit
    return amount >= limit


def _tier_of_several(rules: Rules, rule: Several, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> Reached:
    """Return what a rule on several substances gives."""
    if rule.method == "sum_mass":
        return _tier_of_sum(rules, rules.group(rule), lots, trace)
    if rule.method == "group_sum":
        return max((_tier_of_sum(rules, group, lots, trace) for group in rule.groups), key=lambda one: (one.position, one.is_in_gap), default=_NOTHING)
    if rule.method == "equivalence":
        return _tier_of_equivalents(rules, rule, lots, trace)
    if rule.method == "sum_fractions":
        return Reached(True, _tier_of_fraction_sum(rules, rule, lots, trace) if rule.table else _tier_of_fractions(rules, rule, lots, trace))
    if rule.method == "kinds_exclude":
        kinds = count_kinds(rules, rule, lots)
        _note(trace, f"at least {rule.at_least} kinds are in the tier {rule.tier}", str(kinds), str(rule.at_least), kinds >= rule.at_least)
        return Reached(True, rules.position(rule.tier) if kinds >= rule.at_least else 0)
    return _NOTHING


def count_kinds(rules: Rules, rule: Several, lots: tuple[Lot, ...]) -> int:
    """Return how many kinds of drugs with a row were found; a group counts once."""
    return len({rule.kind_of(lot.substance) for lot in lots if lot.substance in rules.group(rule) and (lot.gross_ug or lot.units)})


def _note(trace: list[dict[str, Any]], rule: str, amount: str, limit: str, passed: bool) -> None:
    trace.append({"rule": rule, "amount": amount, "limit": limit, "passed": passed, "source": ""})


def _tier_of_sum(rules: Rules, names: tuple[str, ...], lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> Reached:
    """Return what the added weights of a group reach."""
    group = [lot for lot in lots if lot.substance in names]
    if not group:
        return _NOTHING
    total = Lot(names[0], "unspecified", sum(lot.gross_ug for lot in group), sum(lot.pure_ug for lot in group), 0)
    _note(trace, f"the weights of {', '.join(names)} are added", format_ug(total.gross_ug), "", False)
    return _tier_of_lot(rules, total, trace)


def _tier_of_equivalents(rules: Rules, rule: Several, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> Reached:
    """Return what all amounts reach when each is counted as so much of one substance."""
    group = [lot for lot in lots if lot.substance in rule.factors]
    gross = sum((rule.factors[lot.substance] * lot.gross_ug for lot in group), Fraction(0))
    pure = sum((rule.factors[lot.substance] * lot.pure_ug for lot in group), Fraction(0))
    if not group:
        return _NOTHING
    _note(trace, f"everything is counted as {rule.to}", format_ug(int(gross)), "", False)
    total = Lot(rule.to, "unspecified", gross, pure, 0)  # type: ignore[arg-type]
    return _tier_of_lot(rules, total, [])


def _tier_of_fractions(rules: Rules, rule: Several, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the highest tier for which the amounts, each as a fraction of its own limit, add up to one."""
    highest = 0
    for t in range(1, len(rules.tiers)):
        bound = next(b for b in rules.boundary(t) if b is not None)
        fractions = [_fraction(rules, bound.table, lot) for lot in lots if lot.substance in rules.group(rule)]
        total = sum((f for f in fractions if f is not None), Fraction(0))
        passed = None in fractions or (total > 1 if bound.op in ("<=", ">") else total >= 1)
        _note(trace, f"fractions of {bound.table} are added", f"{float(total):.4g}", "1", passed)
        if passed:
            highest = t
    return highest


def _tier_of_fraction_sum(rules: Rules, rule: Several, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the tier of a rule that adds fractions of one table, if there are enough kinds and enough of them."""
    counted = [lot for lot in lots if lot.substance in rules.group(rule) and lot.substance in rules.tables[rule.table] and (lot.gross_ug or lot.units)]
    fractions = [_fraction(rules, rule.table, lot) for lot in counted]
    kinds = len({rule.kind_of(lot.substance) for lot in counted})
    total = sum((f for f in fractions if f is not None), Fraction(0))
    passed = None in fractions or (total > rule.limit if rule.op == ">" else total >= rule.limit)
    passed = passed and kinds >= rule.kinds and not (rule.each_within and any(f is None or f > 1 for f in fractions))
    _note(
        trace, f"fractions of {rule.table}, with at least {rule.kinds} kinds, {rule.op} {float(rule.limit):g}", f"{float(total):.4g}", str(rule.limit), passed
    )
    return rules.position(rule.tier) if passed else 0


def _fraction(rules: Rules, table: str, lot: Lot) -> Fraction | None:
    """Return a lot as a fraction of its limit; None for more than a limit of zero."""
    if lot.substance not in rules.tables[table]:
        return Fraction(0)
    largest = Fraction(0)
    for one in rules.tables[table][lot.substance].by_form.get(lot.form, ()):
        amount = _counted(rules, one, lot)
        if one.amount == 0 and amount > 0:
            return None
        if one.amount:
            largest = max(largest, amount / one.amount)
    return largest
