"""Laws that add fractions: 0.5 of one limit and 0.5 of another make one.

Level 2. Fractions are added in float64; only sums so near one that rounding could decide are added again exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from decrimsim.law.rules import Rules
from decrimsim.law.tables import MEASURES

UNUSED = -1
_NEAR = 1e-9

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FractionRule:
    """The limits of a law that adds fractions.

    limit   (T, 3, S, F)  limit by tier, measure (gross, pure, units), substance and form; -1: none
    strict  (T,)          True: reached above one; False: reached at one
    """

    limit: Int64
    strict: npt.NDArray[np.bool_]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FractionRule) and np.array_equal(self.limit, other.limit) and np.array_equal(self.strict, other.strict)


def fraction_rule(rules: Rules, substances: tuple[str, ...], forms: tuple[str, ...]) -> FractionRule:
    """Return the limits of a law whose method is sum_fractions."""
    n_tiers = len(rules.tiers)
    limit = np.full((n_tiers, len(MEASURES), len(substances), len(forms)), UNUSED, np.int64)
    strict = np.zeros(n_tiers, np.bool_)
    for t in range(1, n_tiers):
        bound = next(b for b in rules.boundary(t) if b is not None)
        strict[t] = bound.op in ("<=", ">")
        for s, substance in enumerate(substances):
            cell = rules.tables[bound.table].get(substance)
            for f, form in enumerate(forms):
                for one in cell.by_form.get(form, ()) if cell else ():
                    m = MEASURES.index(one.measure)
                    if one.amount is not None:
                        limit[t, m, s, f] = one.amount if limit[t, m, s, f] == UNUSED else min(limit[t, m, s, f], one.amount)
    return FractionRule(limit, strict)


def fraction_tiers(rule: FractionRule, gross_ug: Int64, pure_ug: Int64, units: Int64, form: npt.NDArray[np.int8]) -> npt.NDArray[np.int16]:
    """Return the highest tier (n,) whose limits the amounts (n, S), as fractions, add up to."""
    amounts = np.stack([gross_ug, pure_ug, units])
    tiers = np.zeros(gross_ug.shape[0], np.int16)
    columns = np.arange(gross_ug.shape[1])
    for t in range(1, rule.strict.size):
        limits = rule.limit[t][:, columns, form]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where((limits == UNUSED) | (amounts == 0), 0.0, amounts / limits)
        total = share.max(axis=0).sum(axis=1)
        passed = total > 1 if rule.strict[t] else total >= 1
        for row in np.flatnonzero(np.abs(total - 1) < _NEAR):
            exact = _exact(amounts[:, row], limits[:, row])
            passed[row] = exact > 1 if rule.strict[t] else exact >= 1
        tiers[passed] = t
    return tiers


def _exact(amounts: Int64, limits: Int64) -> Fraction:
    """Return the exact sum over substances of the largest fraction; amounts and limits are (3, S)."""
    largest = [
        max((Fraction(int(a), int(x)) for a, x in zip(amounts[:, s], limits[:, s], strict=True) if x > 0), default=Fraction(0)) for s in range(amounts.shape[1])
    ]
    return sum(largest, Fraction(0))
