"""The line as a test for supply: right and wrong calls at four stages, scored by two truths.

Level 5. The simulation knows what a holding was for; officials see the amount and the evidence. A holding counts by its
main purpose. All counts are whole numbers of cases.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.law import CompiledLaws
from decrimsim.measures import rows
from decrimsim.measures.holdings import united
from decrimsim.measures.people import sums
from decrimsim.schema import EFFECTS, PURPOSES, SHARED, SOLD
from decrimsim.tables import Table

Int = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

TRUTHS = ("law", "guide")
"""law: sale, and sharing or holding for another where the law in force counts sharing as supply · guide: sale for profit only."""
CALL_STAGES = ("amount", "police", "prosecutor", "court")
"""amount: the law lets the amount point at supply · police treat it as supply · the charge is supply · convicted of supply."""
CALLS = ("true_positive", "false_positive", "false_negative", "true_negative")
RATIO_EDGES: F64 = 2.0 ** (np.arange(-24, 25) / 2)
"""Amount over line, two bins to a doubling; 1 is an edge, so the law's own line is a point of the curve."""
NEVER_SHARE = 2.0**61


def truths(purpose: Int, sharing_is_supply: Bool | None) -> list[Bool | None]:
    """Return for each of TRUTHS which cases (cases, laws) are supply; None for 'law' where its rule on sharing is not known.

    purpose            (cases, laws)  main purpose, index into PURPOSES
    sharing_is_supply  (laws,)
    """
    sale, shared = (np.isin(purpose, [PURPOSES.index(name) for name in names]) for names in (SOLD, SHARED))
    by_law = None if sharing_is_supply is None else sale | (shared & sharing_is_supply)
    return [by_law, purpose == PURPOSES.index("profit")]


def calls(cases: Table, truth: list[Bool | None], member: Bool) -> npt.NDArray[np.int32]:
    """Return counts of cases (laws, groups, truths, call stages, CALLS); zeros for a truth that is not known.

    member  (cases, groups)  the person of the case belongs to the group
    """
    flags, stages = cases.flags(), rows.supply_stages(cases.columns)[:, 1:]
    n_groups, n_stages = member.shape[1], len(CALL_STAGES)
    out = np.zeros((cases.n_laws, n_groups, len(TRUTHS), n_stages, len(CALLS)), np.int32)
    weights = np.concatenate([member, *(member * stages[:, [i]] for i in range(n_stages))], axis=1)
    for t, is_supply in enumerate(truth):
        if is_supply is None:
            continue
        for is_true, hit, miss in ((is_supply, 0, 2), (~is_supply, 1, 3)):
            total = sums(weights, flags & is_true).reshape(cases.n_laws, 1 + n_stages, n_groups)
            called = total[:, 1:].transpose(0, 2, 1)
            out[:, :, t, :, hit] = called
            out[:, :, t, :, miss] = total[:, :1].transpose(0, 2, 1) - called
    return out


def amount_over_line(findings: Table, cases: Table, laws: CompiledLaws) -> F64:
    """Return how far each case (cases, laws) is above the law's line: largest amount over the line of its substance, in whatever the line is measured.

    The line is the smallest amount that may point at supply; where a substance has none, the ratio is 0.
    """
    lines = lines_of(laws)
    substance, form = findings["substance"].astype(np.int64), findings["form"].astype(np.int64)
    ratio = np.zeros((len(findings), findings.n_laws))
    for column, line in lines.items():
        at = line[:, substance, form].T
        ratio = np.maximum(ratio, np.where(at < NEVER_SHARE, findings[column].astype(np.float64)[:, None] / np.maximum(at, 1), 0.0))
    together: F64 = united(np.where(findings.flags(), ratio, 0.0), findings, cases, np.maximum).astype(np.float64)
    return together


def lines_of(laws: CompiledLaws) -> dict[str, F64]:
    """Return by measured column the smallest amount (laws, substances, forms) from which the amount may point at supply; 2**62 for never."""
    exists = np.arange(laws.effect.shape[1]) < laws.n_tiers[:, None]
    points: Bool = np.asarray((laws.effect >= EFFECTS.index("indicative")) & exists)
    least = {"measured_ug": laws.min_gross_ug, "pure_ug": laws.min_pure_ug, "units": laws.min_units}
    return {name: np.where(points[:, :, None, None], amounts, 2**62).min(axis=1).astype(np.float64) for name, amounts in least.items()}


def twice_wins(score: F64, is_supply: Bool, flags: Bool) -> Int:
    """Return (laws, 3): twice the Mann–Whitney count (supply scores above other: 2, equal: 1), supply cases, other cases."""
    out = np.zeros((flags.shape[1], 3), np.int64)
    for law in range(flags.shape[1]):
        mine, truth = score[flags[:, law], law], is_supply[flags[:, law], law]
        other = np.sort(mine[~truth])
        below = np.searchsorted(other, mine[truth], side="left")
        not_above = np.searchsorted(other, mine[truth], side="right")
        out[law] = (below + not_above).sum(), truth.sum(), len(other)
    return out


def histograms(score: F64, is_supply: Bool, flags: Bool) -> npt.NDArray[np.int32]:
    """Return counts of cases (laws, 2, bins of RATIO_EDGES) by amount over line: other cases, then supply."""
    n_bins, n_laws = len(RATIO_EDGES) + 1, flags.shape[1]
    row, law = np.nonzero(flags)
    at = np.searchsorted(RATIO_EDGES, score[row, law], side="right")
    cell = (law * 2 + is_supply[row, law]) * n_bins + at
    return np.bincount(cell, minlength=n_laws * 2 * n_bins).reshape(n_laws, 2, n_bins).astype(np.int32)


def has_line(laws: CompiledLaws) -> Bool:
    """Return whether each law (laws,) has a line at all."""
    some = np.stack([(line < NEVER_SHARE).any(axis=(1, 2)) for line in lines_of(laws).values()])
    return np.asarray(some.any(axis=0))
