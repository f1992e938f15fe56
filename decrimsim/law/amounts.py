"""The slow twin of amounts: which tier was reached, as plain ifs, with every bound that was looked at.

Level 2. Nothing here is shared with compile.py but the rules themselves, so that a test can hold one against the other.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

from decrimsim.errors import LawError
from decrimsim.law.lots import Lot
from decrimsim.law.rules import Bound, Rules
from decrimsim.law.several import Several
from decrimsim.law.tables import GROSS, MEASURES, UNITS, Alternative
from decrimsim.units import format_ug

_GAP = "no words of the law name this amount"
_ALL = "all"  # a limit of which every alternative must be passed


def reached(rules: Rules, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> tuple[bool, int]:
    """Return whether the law covers anything found, and the highest tier that is reached."""
    lots = tuple(as_measured(rules, lot) for lot in lots)
    position, regulated = 0, False
    for lot in lots:
        covered, tier = _tier_of_lot(rules, lot, trace)
        regulated, position = regulated or covered, max(position, tier)
    for rule in rules.several:
        position = max(position, _tier_of_several(rules, rule, lots, trace))
    return regulated, position


def as_measured(rules: Rules, lot: Lot) -> Lot:
    """Return a lot as this law reads it: with the purity that it assumes, and rounded."""
    measured = rules.measured
    if not lot.purity_known and lot.substance in measured.purity:
        share = measured.purity[lot.substance]
        lot = dataclasses.replace(lot, pure_ug=int(share * lot.gross_ug), purity_known=True)
    dry = None if lot.dry_ug is None else measured.rounded(lot.dry_ug)
    return dataclasses.replace(lot, gross_ug=measured.rounded(lot.gross_ug), pure_ug=measured.rounded(lot.pure_ug), dry_ug=dry)


def _tier_of_lot(rules: Rules, lot: Lot, trace: list[dict[str, Any]]) -> tuple[bool, int]:
    """Return whether the law covers a lot, and the tier that the lot reaches alone."""
    if lot.substance not in rules.listed:
        return _tier_of_unlisted(rules, lot, trace)
    reached = [passes(rules, lot, t, trace) for t in range(1, len(rules.tiers))]
    if rules.overlap == "lowest":
        reached = _without_jumps(reached)
    tier = max([0, *(t for t, by_measure in enumerate(reached, 1) if True in by_measure.values())])
    if rules.has_no_words(tier, lot.substance):
        _note_gap(rules, lot, trace)
    return True, tier


def _without_jumps(reached: list[dict[str, bool]]) -> list[dict[str, bool]]:
    """Return what is reached if an amount that still fits a lower tier stays there."""
    done: list[dict[str, bool]] = []
    held_back: set[str] = set()
    for by_measure in reached:
        held_back |= {measure for measure, yes in by_measure.items() if not yes}
        done.append({measure: yes and measure not in held_back for measure, yes in by_measure.items()})
    return done


def _tier_of_unlisted(rules: Rules, lot: Lot, trace: list[dict[str, Any]]) -> tuple[bool, int]:
    rule = rules.unlisted_rule(lot.substance)
    trace.append({"rule": f"{lot.substance} has no row: {rule}", "amount": str(lot), "limit": "", "passed": False, "source": rules.unlisted_source})
    if rule in ("not_regulated", "default_row"):
        return False, 0
    if rule == "court_expert":
        return True, 0
    if rule == "any_trace_is_offence":
        for t, tier in enumerate(rules.tiers):
            if rules.effects[tier.id]["own_use"] == "possession":
                return True, t
        raise LawError("no tier of this law makes possession an offence.", where="unlisted_substance")
    return True, rules.position(rule.removeprefix("tier:"))


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
                _note_gap(rules, lot, trace)
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


def _tier_of_several(rules: Rules, rule: Several, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the tier that a rule on several substances gives."""
    if rule.method == "sum_mass":
        return _tier_of_sum(rules, rules.group(rule), lots, trace)
    if rule.method == "group_sum":
        return max((_tier_of_sum(rules, group, lots, trace) for group in rule.groups), default=0)
    if rule.method == "equivalence":
        return _tier_of_equivalents(rules, rule, lots, trace)
    if rule.method == "sum_fractions":
        return _tier_of_fraction_sum(rules, rule, lots, trace) if rule.table else _tier_of_fractions(rules, rule, lots, trace)
    if rule.method == "kinds_exclude":
        kinds = count_kinds(rules, rule, lots)
        _note(trace, f"at least {rule.at_least} kinds are in the tier {rule.tier}", str(kinds), str(rule.at_least), kinds >= rule.at_least)
        return rules.position(rule.tier) if kinds >= rule.at_least else 0
    return 0


def count_kinds(rules: Rules, rule: Several, lots: tuple[Lot, ...]) -> int:
    """Return how many kinds of drugs with a row were found; a group counts once."""
    return len({rule.kind_of(lot.substance) for lot in lots if lot.substance in rules.group(rule) and (lot.gross_ug or lot.units)})


def _note(trace: list[dict[str, Any]], rule: str, amount: str, limit: str, passed: bool) -> None:
    trace.append({"rule": rule, "amount": amount, "limit": limit, "passed": passed, "source": ""})


def _note_gap(rules: Rules, lot: Lot, trace: list[dict[str, Any]]) -> None:
    _note(trace, f"{_GAP}: such a gap belongs to {rules.gap_tier}", str(lot), "", True)


def is_in_gap(trace: list[dict[str, Any]]) -> bool:
    """Return whether something that was looked at fits the words of no tier, or of none but the one for gaps."""
    return any(one["rule"].startswith(_GAP) for one in trace)


def _tier_of_sum(rules: Rules, names: tuple[str, ...], lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the tier that the added weights of a group reach."""
    group = [lot for lot in lots if lot.substance in names]
    if not group:
        return 0
    total = Lot(names[0], "unspecified", sum(lot.gross_ug for lot in group), sum(lot.pure_ug for lot in group), 0)
    _note(trace, f"the weights of {', '.join(names)} are added", format_ug(total.gross_ug), "", False)
    return _tier_of_lot(rules, total, trace)[1]


def _tier_of_equivalents(rules: Rules, rule: Several, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the tier that all amounts reach when each is counted as so much of one substance."""
    group = [lot for lot in lots if lot.substance in rule.factors]
    gross = sum((rule.factors[lot.substance] * lot.gross_ug for lot in group), Fraction(0))
    pure = sum((rule.factors[lot.substance] * lot.pure_ug for lot in group), Fraction(0))
    if not group:
        return 0
    _note(trace, f"everything is counted as {rule.to}", format_ug(int(gross)), "", False)
    total = Lot(rule.to, "unspecified", gross, pure, 0)  # type: ignore[arg-type]
    return _tier_of_lot(rules, total, [])[1]


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
