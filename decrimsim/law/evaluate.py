"""The slow twin: what a law says about one case, as plain ifs, with every rule used and its source.

Level 2. Nothing here is shared with compile.py but the rules themselves, so that a test can hold one against the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from decrimsim.errors import InputError, LawError
from decrimsim.law.routes import open_routes, treatment
from decrimsim.law.rules import Bound, Rules
from decrimsim.law.shape import Complaints
from decrimsim.law.tables import GROSS, MEASURES, UNITS, Alternative
from decrimsim.law.words import canonical
from decrimsim.units import Quantity, format_ug, parse_quantity, parse_ug

if TYPE_CHECKING:
    from decrimsim.law.model import Law


@dataclass(frozen=True)
class Lot:
    """All of one substance in one form: what was measured.

    purity  as known from a laboratory, or None; then the whole weight counts as pure
    """

    substance: str
    form: str
    gross_ug: int
    pure_ug: int
    units: int
    purity_known: bool = True
    units_known: bool = True

    def amount(self, measure: str) -> int:
        return self.gross_ug if measure == GROSS else self.units if measure == UNITS else self.pure_ug

    def __str__(self) -> str:
        parts = [format_ug(self.gross_ug)] if self.gross_ug else []
        parts += [f"{self.units} units"] if self.units else []
        return f"{' in '.join(parts)} of {self.substance}" + (f" ({self.form})" if self.form != "unspecified" else "")


@dataclass(frozen=True)
class Classification:
    """What a law says about what was found.

    tier          id of the highest tier that is reached
    effect        none, personal, indicative, presumption or conclusive
    offence       where the case starts on the amount alone: none, administrative, possession or supply
    routes        other ways that are open: caution, notice, panel
    treatment     none, voluntary or mandatory, as the law has it for this person
    is_regulated  False if the law covers nothing of what was found
    rules         every bound that was looked at: rule, amount, limit, passed, source
    unknowns      numbers and facts that are not known and might change the answer
    """

    law: str
    tier: str
    position: int
    effect: str
    offence: str
    routes: tuple[str, ...] = ()
    treatment: str = "none"
    is_regulated: bool = True
    rules: tuple[dict[str, Any], ...] = ()
    unknowns: tuple[str, ...] = ()
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text


def read_holdings(holdings: Mapping[str, Any]) -> tuple[Lot, ...]:
    """Return what was found, lots of one substance and form added up.

    Raises InputError for an unknown substance or a mapping that does not fit, QuantityError for an amount that cannot be read.
    """
    from decrimsim.law.schema import HOLDINGS

    if not isinstance(holdings, Mapping):
        raise InputError("this is not a holding.", where="holdings", got=holdings, wanted='a mapping such as {"heroin": "3 g"}')
    plain: dict[str, list[Any]] = {}
    for name, value in holdings.items():  # two names of one substance are one find
        items = value if isinstance(value, list) else [value]
        plain.setdefault(canonical(name), []).extend(str(v) if isinstance(v, Quantity) else v for v in items)
    out: Complaints = []
    HOLDINGS.check(plain, ("holdings",), out)
    if out:
        one = out[0]
        raise InputError(one.message, where=".".join(map(str, one.path)), got=one.got, wanted=one.wanted, hint=one.hint)
    lots: dict[tuple[str, str], Lot] = {}
    for substance, items in plain.items():
        for item in items:
            lot = _read_lot(substance, item)
            lots[substance, lot.form] = _add(lots[substance, lot.form], lot) if (substance, lot.form) in lots else lot
    return tuple(lot for lot in lots.values() if lot.gross_ug or lot.units or lot.pure_ug)


def _read_lot(substance: str, item: Any) -> Lot:
    raw = dict(item) if isinstance(item, Mapping) else {}
    if not raw:
        quantity = parse_quantity(item, f"holdings.{substance}")
        if quantity.is_unlimited:
            raise InputError("an amount that was found has an end.", where=f"holdings.{substance}", got=item, wanted="for example '3 g'")
        raw = {"units": quantity.units} if quantity.units is not None else {"g": item}
    gross = parse_ug(raw["g"], f"holdings.{substance}.g") if "g" in raw else 0
    purity = raw.get("purity")
    pure = gross if purity is None else int(Fraction(str(purity)) * gross)
    return Lot(substance, raw.get("form", "unspecified"), gross, pure, raw.get("units", 0), purity is not None, "units" in raw)


def _add(a: Lot, b: Lot) -> Lot:
    return Lot(
        a.substance,
        a.form,
        a.gross_ug + b.gross_ug,
        a.pure_ug + b.pure_ug,
        a.units + b.units,
        a.purity_known and b.purity_known,
        a.units_known and b.units_known,
    )


def classify(law: Law, holdings: Mapping[str, Any] | tuple[Lot, ...], facts: Mapping[str, Any]) -> Classification:
    """Return the classification of one case under one law."""
    lots = holdings if isinstance(holdings, tuple) else read_holdings(holdings)
    rules = law.rules
    assert rules is not None
    trace: list[dict[str, Any]] = []
    unknowns: list[str] = []
    position, regulated = 0, False
    for lot in lots:
        covered, tier = _tier_of_lot(rules, lot, trace, unknowns)
        regulated, position = regulated or covered, max(position, tier)
    if rules.method == "sum_mass":
        position = max(position, _tier_of_sum(rules, lots, trace))
    if rules.method == "sum_fractions":
        position = max(position, _tier_of_fractions(rules, lots, trace))
    tier_id = rules.tiers[position].id
    effect = rules.effects[tier_id]
    starts_as_supply = effect["type"] in ("presumption", "conclusive")
    offence = "none" if not regulated else effect["supply"] if starts_as_supply else effect["own_use"]
    done = Classification(
        law=law.name, tier=tier_id, position=position, effect=effect["type"], offence=offence, is_regulated=regulated,
        routes=open_routes(law.data, rules, lots, offence, facts, unknowns) if regulated else (), treatment=treatment(law.data, facts, unknowns),
        rules=tuple(trace), unknowns=tuple(dict.fromkeys(unknowns)),
    )  # fmt: skip
    return Classification(**{**done.__dict__, "text": _text(law, lots, done)})


def _tier_of_lot(rules: Rules, lot: Lot, trace: list[dict[str, Any]], unknowns: list[str]) -> tuple[bool, int]:
    """Return whether the law covers a lot, and the tier that the lot reaches alone."""
    if lot.substance not in rules.listed:
        return _tier_of_unlisted(rules, lot, trace, unknowns)
    reached = [_passes(rules, lot, t, trace, unknowns) for t in range(1, len(rules.tiers))]
    if rules.overlap == "lowest":
        reached = _without_jumps(reached)
    return True, max([0, *(t for t, by_measure in enumerate(reached, 1) if True in by_measure.values())])


def _without_jumps(reached: list[dict[str, bool]]) -> list[dict[str, bool]]:
    """Return what is reached if an amount that still fits a lower tier stays there."""
    done: list[dict[str, bool]] = []
    held_back: set[str] = set()
    for by_measure in reached:
        held_back |= {measure for measure, yes in by_measure.items() if not yes}
        done.append({measure: yes and measure not in held_back for measure, yes in by_measure.items()})
    return done


def _tier_of_unlisted(rules: Rules, lot: Lot, trace: list[dict[str, Any]], unknowns: list[str]) -> tuple[bool, int]:
    trace.append({"rule": f"{lot.substance} has no row: {rules.unlisted}", "amount": str(lot), "limit": "", "passed": False, "source": rules.unlisted_source})
    if rules.unlisted == "not_regulated":
        return False, 0
    if rules.unlisted == "court_expert":
        unknowns.append(f"the law has no number for {lot.substance}: an expert says what is usual, so the lowest tier is assumed")
        return True, 0
    if rules.unlisted == "any_trace_is_offence":
        for t, tier in enumerate(rules.tiers):
            if rules.effects[tier.id]["own_use"] == "possession":
                return True, t
        raise LawError("no tier of this law makes possession an offence.", where="unlisted_substance")
    return True, rules.position(rules.unlisted.removeprefix("tier:"))


def _passes(rules: Rules, lot: Lot, t: int, trace: list[dict[str, Any]], unknowns: list[str]) -> dict[str, bool]:
    """Return, by measure, whether a lot reaches tier t; a measure without a bound is left out."""
    upper, lower = rules.boundary(t)
    left = _beyond(rules, upper, lot, trace, unknowns)
    entered = _beyond(rules, lower, lot, trace, unknowns)
    found: dict[str, bool] = {}
    for measure in MEASURES:
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


def _beyond(rules: Rules, bound: Bound | None, lot: Lot, trace: list[dict[str, Any]], unknowns: list[str]) -> dict[str, bool]:
    """Return, by measure, whether a lot is outside an upper bound or inside a lower one."""
    if bound is None or lot.substance not in rules.tables[bound.table]:
        return {}
    cell = rules.tables[bound.table][lot.substance]
    if cell.unknown:
        unknowns.append(f"{bound.table} of {lot.substance} is not known: {cell.unknown}")
    found: dict[str, bool] = {}
    for one in cell.by_form.get(lot.form, ()):
        if one.measure == "pure" and not lot.purity_known:
            unknowns.append(f"the purity of {lot.substance} is not known: its whole weight is counted")
        if one.measure != UNITS and one.amount is not None and lot.units and not lot.gross_ug:
            unknowns.append(f"the weight of {lot.units} units of {lot.substance} is not known and is counted as nothing: give the weight too")
        if one.measure == UNITS and not lot.units_known:
            unknowns.append(f"the number of units of {lot.substance} is not known")
        for measure, yes in _compare(one, bound.op, lot):
            found[measure] = found.get(measure, False) or yes
        passed = any(yes for _, yes in _compare(one, bound.op, lot))
        trace.append({"rule": f"{bound.table} {bound.op} {one}", "amount": str(lot), "limit": str(one), "passed": passed, "source": cell.source})
    return found


def _compare(one: Alternative, op: str, lot: Lot) -> list[tuple[str, bool]]:
    if one.amount is None:
        return [(one.measure, False)]
    results = [(one.measure, _is_beyond(lot.amount(one.measure), op, one.amount))]
    if one.measure == UNITS and one.unit_at_most_ug is not None and op in ("<=", "<"):
        results.append((GROSS, _is_beyond(lot.gross_ug, op, one.amount * one.unit_at_most_ug)))
    return results


def _is_beyond(amount: int, op: str, limit: int) -> bool:
    if amount <= 0:
        return False
    if op == "<=":
        return not amount <= limit
    if op == "<":
        return not amount < limit
    if op == ">":
        return amount > limit
    return amount >= limit


def _tier_of_sum(rules: Rules, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the tier that the added weights of the group reach."""
    group = [lot for lot in lots if lot.substance in rules.summed]
    if not group:
        return 0
    total = Lot(rules.summed[0], "unspecified", sum(lot.gross_ug for lot in group), sum(lot.pure_ug for lot in group), 0)
    trace.append({"rule": "the weights of all substances are added", "amount": format_ug(total.gross_ug), "limit": "", "passed": False, "source": ""})
    return _tier_of_lot(rules, total, trace, [])[1]


def _tier_of_fractions(rules: Rules, lots: tuple[Lot, ...], trace: list[dict[str, Any]]) -> int:
    """Return the highest tier for which the amounts, each as a fraction of its own limit, add up to one."""
    highest = 0
    for t in range(1, len(rules.tiers)):
        bound = next(b for b in rules.boundary(t) if b is not None)
        fractions = [_fraction(rules, bound, lot) for lot in lots]
        total = sum((f for f in fractions if f is not None), Fraction(0))
        passed = None in fractions or (total > 1 if bound.op in ("<=", ">") else total >= 1)
        trace.append({"rule": f"fractions of {bound.table} are added", "amount": f"{float(total):.4g}", "limit": "1", "passed": passed, "source": ""})
        if passed:
            highest = t
    return highest


def _fraction(rules: Rules, bound: Bound, lot: Lot) -> Fraction | None:
    """Return a lot as a fraction of its limit; None for more than a limit of zero."""
    if lot.substance not in rules.tables[bound.table]:
        return Fraction(0)
    largest = Fraction(0)
    for one in rules.tables[bound.table][lot.substance].by_form.get(lot.form, ()):
        if one.amount == 0 and lot.amount(one.measure) > 0:
            return None
        if one.amount:
            largest = max(largest, Fraction(lot.amount(one.measure), one.amount))
    return largest


def _text(law: Law, lots: tuple[Lot, ...], done: Classification) -> str:
    """Return the classification as sentences a person can check line by line."""
    lines = [f"{law.title}" + (f", as it stood on {law.date}" if law.date else "")]
    lines += [f"  found: {', '.join(map(str, lots)) or 'nothing'}"]
    lines += [_rule_line(r) for r in done.rules]
    lines += [f"  tier: {done.tier}; effect of the amount: {done.effect}; the case starts as: {done.offence}"]
    lines += [f"  open routes: {', '.join(done.routes)}"] if done.routes else []
    lines += [f"  treatment: {done.treatment}"] if done.treatment != "none" else []
    lines += [f"  not known: {unknown}" for unknown in done.unknowns]
    cited = dict.fromkeys(r["source"] for r in done.rules if r["source"])
    lines += [f"  [{key}] {law.sources[key]['title']}" for key in cited if key in law.sources]
    return "\n".join(lines)


def _rule_line(rule: dict[str, Any]) -> str:
    """Return a line such as '  3 g of heroin is above small <= 1 g  [dmta]'."""
    text, is_upper = str(rule["rule"]), " <" in str(rule["rule"])
    if not rule["limit"]:
        told = f"{rule['amount']}: {text}"
    elif is_upper:
        told = f"{rule['amount']} is {'above' if rule['passed'] else 'within'} {text}"
    else:
        told = f"{rule['amount']} {'reaches' if rule['passed'] else 'does not reach'} {text}"
    return f"  {told}" + (f"  [{rule['source']}]" if rule["source"] else "")
