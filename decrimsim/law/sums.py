"""The fast twin of rules that need more than one amount: sums, fractions, kinds, and limits that must all be passed.

Level 2. Each rule is made for one law and answers for n cases at once. Fractions are added in float64; only sums so near
the limit that rounding could decide are added again exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from decrimsim.law.ladder import NEVER, Scale, joint_edge, starts
from decrimsim.law.measured import Measurement
from decrimsim.law.rules import Rules
from decrimsim.law.several import Several
from decrimsim.law.tables import GROSS, MEASURES, PURE

UNUSED = -1
_NEAR = 1e-9

Int64 = npt.NDArray[np.int64]
Int16 = npt.NDArray[np.int16]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cases:
    """What was found in n cases: gross, pure, units as they were measured (3, n, S), the same rounded, and forms (n, S)."""

    found: Int64
    rounded: Int64
    form: npt.NDArray[np.int8]

    @property
    def held(self) -> Bool:
        """Whether anything of a substance was found (n, S)."""
        answer: Bool = (self.found[0] > 0) | (self.found[2] > 0)
        return answer


class TierRule(Protocol):
    """Says which tier n cases reach."""

    def tiers(self, cases: Cases) -> Int16:
        """Return the tier of every case (n,), 0 where the rule says nothing."""


def contents(rule: object) -> tuple[Any, ...]:
    """Return everything a rule is made of as plain values, so that two rules can be compared."""
    values = [getattr(rule, f.name) for f in fields(rule)]  # type: ignore[arg-type]
    return (type(rule).__name__, *((v.shape, v.tobytes()) if isinstance(v, np.ndarray) else repr(v) for v in values))


def rounded(measured: Measurement, ug: Int64) -> Int64:
    """Return weights as the scales of a law show them."""
    step = measured.step_ug
    if measured.direction == "up":
        return -(-ug // step) * step
    return (2 * ug + step) // (2 * step) * step if measured.direction == "nearest" else ug // step * step


def tier_rules(rules: Rules, names: tuple[str, ...], forms: tuple[str, ...]) -> tuple[TierRule, ...]:
    """Return every rule of a law that one ladder for each substance cannot hold."""
    made: list[TierRule] = []
    for rule in rules.several:
        if rule.method == "sum_mass":
            made += _sum(rules, rules.group(rule), names)
        elif rule.method == "group_sum":
            made += [one for group in rule.groups for one in _sum(rules, group, names)]
        elif rule.method == "equivalence":
            made.append(_equivalents(rules, rule, names))
        elif rule.method == "sum_fractions":
            made += [_fraction_sum(rules, rule, names, forms)] if rule.table else _fractions(rules, rule, names, forms)
        elif rule.method == "kinds_exclude":
            made.append(KindRule(kind_matrix(rules, rule, names), rule.at_least, rules.position(rule.tier)))
    joint = _joint(rules, names, forms)
    return (*made, joint) if joint.used.any() else tuple(made)


@dataclass(frozen=True, eq=False)
class SumRule:
    """Weights are added: weight (S,) in 1/per of what counts, starts (2, T) for gross and pure, NEVER where unused."""

    weight: Int64
    starts: Int64

    def tiers(self, cases: Cases) -> Int16:
        done = np.zeros(cases.form.shape[0], np.int16)
        for m in (0, 1):
            total = cases.rounded[m].astype(object) @ self.weight.astype(object) if self._is_large(cases.rounded[m]) else cases.rounded[m] @ self.weight
            reached = np.where(np.asarray(total[:, None] >= self.starts[m][None, :], bool), np.arange(self.starts.shape[1]), 0)
            done = np.maximum(done, reached.max(axis=1).astype(np.int16))
        return done

    def _is_large(self, amounts: Int64) -> bool:
        return bool(amounts.size) and float(amounts.max()) * float(self.weight.sum()) > 2.0**61


def _sum(rules: Rules, group: tuple[str, ...], names: tuple[str, ...]) -> list[TierRule]:
    weight = np.array([int(name in group) for name in names], np.int64)
    return [SumRule(weight, _starts(rules, group[0], 1))] if weight.any() and group[0] in rules.listed else []


def _equivalents(rules: Rules, rule: Several, names: tuple[str, ...]) -> SumRule:
    per = math.lcm(*(factor.denominator for factor in rule.factors.values()))
    return SumRule(np.array([int(rule.factors.get(name, Fraction(0)) * per) for name in names], np.int64), _starts(rules, rule.to, per))


def _starts(rules: Rules, substance: str, per: int) -> Int64:
    found = starts(rules, substance, "unspecified", Scale(rules.measured, rounded=False, per=per))
    return np.array([[NEVER if start is None else start for start in found[m]] for m in (GROSS, PURE)], np.int64)


@dataclass(frozen=True, eq=False)
class KindRule:
    """So many kinds are a tier: kinds (S, K) says which substance is which kind."""

    kinds: Bool
    at_least: int
    tier: int

    def tiers(self, cases: Cases) -> Int16:
        return np.where(count_kinds(self.kinds, cases.held) >= self.at_least, self.tier, 0).astype(np.int16)


def count_kinds(kinds: Bool, held: Bool) -> Int64:
    """Return how many kinds (S, K) are among what is held (n, S)."""
    answer: Int64 = ((held.astype(np.int64) @ kinds.astype(np.int64)) > 0).sum(axis=1)
    return answer


def kind_matrix(rules: Rules, rule: Several, names: tuple[str, ...], table: str = "") -> Bool:
    """Return which substance (S) is which kind (K); substances that do not count are of no kind."""
    counted = [name for name in names if name in rules.group(rule) and (not table or name in rules.tables[table])]
    kinds = list(dict.fromkeys(rule.kind_of(name) for name in counted))
    return np.array([[name in counted and rule.kind_of(name) == kind for kind in kinds] for name in names], np.bool_).reshape(len(names), len(kinds))


@dataclass(frozen=True, eq=False)
class FractionRule:
    """Amounts as fractions of their limits are added.

    limit        (3, S, F)  by measure (gross, pure, units), substance and form; -1: none
    total        the sum that is asked for; strict: more than it
    factor       what the margin leaves of a weight
    kinds        (S, K); at_least so many of them, each inside its own limit if each_within
    tier         that is reached
    """

    limit: Int64
    total: Fraction
    strict: bool
    factor: Fraction
    kinds: Bool
    at_least: int
    each_within: bool
    tier: int

    def tiers(self, cases: Cases) -> Int16:
        columns = np.arange(cases.form.shape[1])
        limits = self.limit[:, columns, cases.form]
        factor = np.array([float(self.factor), float(self.factor), 1.0])[:, None, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where((limits == UNUSED) | (cases.rounded == 0), 0.0, cases.rounded * factor / limits)
        largest = share.max(axis=0)
        sums = largest.sum(axis=1)
        passed = sums > float(self.total) if self.strict else sums >= float(self.total)
        within = (largest <= 1).all(axis=1)
        close = np.abs(sums - float(self.total)) < _NEAR
        if self.each_within:
            close |= (np.abs(largest - 1) < _NEAR).any(axis=1)
        for row in np.flatnonzero(close):
            exact = [self._exact(cases.rounded[:, row, s], limits[:, row, s]) for s in columns]
            if None not in exact:
                known = [e for e in exact if e is not None]
                passed[row] = sum(known) > self.total if self.strict else sum(known) >= self.total
                within[row] = all(e <= 1 for e in known)
        enough = count_kinds(self.kinds, cases.held) >= self.at_least
        return np.where(passed & enough & (within | (not self.each_within)), self.tier, 0).astype(np.int16)

    def _exact(self, amounts: Int64, limits: Int64) -> Fraction | None:
        """Return the largest fraction (3,) exactly; None for more than a limit of zero."""
        if any(a > 0 and x == 0 for a, x in zip(amounts, limits, strict=True)):
            return None
        factors = (self.factor, self.factor, Fraction(1))
        return max((Fraction(int(a), int(x)) * f for a, x, f in zip(amounts, limits, factors, strict=True) if x > 0), default=Fraction(0))


def _limits(rules: Rules, rule: Several, table: str, names: tuple[str, ...], forms: tuple[str, ...]) -> Int64:
    limit = np.full((len(MEASURES), len(names), len(forms)), UNUSED, np.int64)
    for s, name in enumerate(names):
        cell = rules.tables[table].get(name) if name in rules.group(rule) else None
        for f, form in enumerate(forms):
            for one in cell.by_form.get(form, ()) if cell else ():
                m = MEASURES.index(one.measure)
                if one.amount is not None:
                    limit[m, s, f] = one.amount if limit[m, s, f] == UNUSED else min(limit[m, s, f], one.amount)
    return limit


def _fractions(rules: Rules, rule: Several, names: tuple[str, ...], forms: tuple[str, ...]) -> list[TierRule]:
    """Return one rule for each tier, for fractions that are added at every tier."""
    made: list[TierRule] = []
    for t in range(1, len(rules.tiers)):
        bound = next(b for b in rules.boundary(t) if b is not None)
        limit = _limits(rules, rule, bound.table, names, forms)
        nothing = np.zeros((len(names), 0), np.bool_)
        made.append(FractionRule(limit, Fraction(1), bound.op in ("<=", ">"), rules.measured.factor, nothing, 0, False, t))
    return made


def _fraction_sum(rules: Rules, rule: Several, names: tuple[str, ...], forms: tuple[str, ...]) -> FractionRule:
    kinds = kind_matrix(rules, rule, names, rule.table)
    limit = _limits(rules, rule, rule.table, names, forms)
    return FractionRule(limit, rule.limit, rule.op == ">", rules.measured.factor, kinds, rule.kinds, rule.each_within, rules.position(rule.tier))


@dataclass(frozen=True, eq=False)
class JointRule:
    """Limits of which every alternative must be passed.

    least    (T, 3, S, F)  smallest amount by tier, measure, substance and form; 0 where a measure does not matter
    used     (T, S, F)     there is such a limit
    climbs   True: a tier is reached only if the lower ones are
    """

    least: Int64
    used: Bool
    climbs: bool

    def tiers(self, cases: Cases) -> Int16:
        done = np.zeros(cases.form.shape[0], np.int16)
        columns = np.arange(cases.form.shape[1])
        open_ = np.ones(cases.form.shape, np.bool_)
        for t in range(1, self.used.shape[0]):
            used = self.used[t][columns, cases.form]
            passed = (cases.found >= self.least[t][:, columns, cases.form]).all(axis=0)
            if self.climbs:
                open_ &= passed | ~used
            done[(used & passed & open_).any(axis=1)] = t
        return done


def _joint(rules: Rules, names: tuple[str, ...], forms: tuple[str, ...]) -> JointRule:
    shape = (len(rules.tiers), len(names), len(forms))
    least, used = np.zeros((shape[0], len(MEASURES), *shape[1:]), np.int64), np.zeros(shape, np.bool_)
    for t in range(1, len(rules.tiers)):
        upper, lower = rules.boundary(t)
        for s, name in enumerate(names):
            for f, form in enumerate(forms):
                edge = joint_edge(rules, upper, name, form) or joint_edge(rules, lower, name, form)
                used[t, s, f] = bool(edge)
                for measure, amount in edge.items():
                    least[t, MEASURES.index(measure), s, f] = amount
    return JointRule(least, used, rules.overlap == "lowest")
