"""The line of a law: from which weight on it says more than for a small amount.

Level 2. The line is that of one substance in one form found alone. "More" is a presumption or a conclusion of supply, or a more
serious offence of own use (an offence where there was none, a crime where there was an administrative offence).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.law.compile import CompiledLaws
from decrimsim.law.ladder import NEVER
from decrimsim.law.sums import Cases, rounded
from decrimsim.law.words import EFFECT

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
ENDLESS_UG = 10**14
"""100 tonnes: a line beyond it is none."""


def lines(laws: CompiledLaws, *, purity_q16: Int64, unit_ug: Int64, is_counted: Bool) -> Int64:
    """Return the smallest gross weight (L, S, F) in ug from which each law says more, NEVER where it never does.

    purity_q16  (S, F)  active share of the weight, in 1/65536
    unit_ug     (S,)    weight of a dose unit
    is_counted  (S, F)  sold in dose units
    """
    first = _first_tier(laws)
    pure = np.where(laws.min_pure_ug <= ENDLESS_UG, -(-(np.minimum(laws.min_pure_ug, ENDLESS_UG) << 16) // np.maximum(purity_q16, 1)), NEVER)
    pure = np.where(purity_q16 > 0, pure, NEVER)
    unit = unit_ug[:, None]
    units = np.where(is_counted & (laws.min_units <= ENDLESS_UG // unit), np.minimum(laws.min_units, ENDLESS_UG // unit) * unit, NEVER)
    start = np.minimum(np.minimum(laws.min_gross_ug, pure), units)
    tiers = np.arange(start.shape[1])[None, :, None, None]
    line = np.where(tiers >= first[:, None, None, None], start, NEVER).min(axis=1)
    for law, start_of_law in _together(laws, first, purity_q16, unit_ug, is_counted):
        line[law] = np.minimum(line[law], start_of_law)
    line[~laws.regulated] = NEVER
    found: Int64 = np.where(line > ENDLESS_UG, NEVER, line)
    return found


def _first_tier(laws: CompiledLaws) -> Int64:
    """Return the lowest tier (L,) that says more than the lowest one; the number of tiers where none does."""
    presumed = (laws.effect >= EFFECT["presumption"]) & (laws.supply_offence == 1)
    says_more = (laws.own_use_offence > laws.own_use_offence[:, :1]) | (presumed & ~presumed[:, :1])
    says_more &= np.arange(says_more.shape[1]) < laws.n_tiers[:, None]
    first: Int64 = np.where(says_more.any(axis=1), says_more.argmax(axis=1), says_more.shape[1])
    return first


def _together(laws: CompiledLaws, first: Int64, purity_q16: Int64, unit_ug: Int64, is_counted: Bool) -> list[tuple[int, Int64]]:
    """Return for each law with rules for several amounts the smallest weights (S, F) at which these rules say more, by bisection."""
    n_substances, n_forms = purity_q16.shape
    s, f = (axis.ravel() for axis in np.indices((n_substances, n_forms)))
    form = np.zeros((len(s), n_substances), np.int8)
    form[np.arange(len(s)), s] = f
    found: list[tuple[int, Int64]] = []
    for law, measured, rules in laws.together:
        low, high = np.zeros(len(s), np.int64), np.full(len(s), ENDLESS_UG + 1)
        while (high - low > 1).any():
            middle = (low + high) // 2
            amounts = np.zeros((3, len(s), n_substances), np.int64)
            amounts[:, np.arange(len(s)), s] = middle, middle * purity_q16[s, f] >> 16, np.where(is_counted[s, f], middle // unit_ug[s], 0)
            weights = amounts if measured.step_ug == 1 else np.stack([rounded(measured, amounts[0]), rounded(measured, amounts[1]), amounts[2]])
            reached = np.max([rule.tiers(Cases(amounts, weights, form)) for rule in rules], axis=0) >= first[law]
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        found.append((law, high.reshape(n_substances, n_forms)))
    return found
