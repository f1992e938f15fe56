"""Mesh size: the quantity of a substance at which a contact with that find has an even chance to end with a cut.

Level 5. Finds are counted in bins of equal ratio, four to a doubling, so that what is kept does not grow with people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim.measures.holdings import united
from decrimsim.measures.isotonic import first_even, rising_shares
from decrimsim.schema import CUTS
from decrimsim.tables import Table

if TYPE_CHECKING:
    from decrimsim.measures.summary import Summary

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

BINS_A_DOUBLING = 4
EDGES_UG: Int = np.rint(2.0 ** (np.arange(13 * BINS_A_DOUBLING, 28 * BINS_A_DOUBLING) / BINS_A_DOUBLING)).astype(np.int64)
"""(bins,) where each bin but the first begins: 8.2 mg to 226 g; the last bin has no upper end, the first takes all below."""
N_BINS = len(EDGES_UG) + 1
MESH_CUTS = CUTS[1:]
"""A find is always a contact, so that cut has no mesh."""
NO_FINDS, NEVER_EVEN = "no finds of the substance", "under half at every amount found"


def mesh_counts(findings: Table, cases: Table, cuts: dict[str, Bool], n_substances: int) -> npt.NDArray[np.int32]:
    """Return counts (laws, substances, bins, 1 + mesh cuts): lots found in the bin, and those whose case sets each cut.

    cuts  (cases,) rows that set each cut
    """
    n_laws = findings.n_laws
    out = np.zeros((n_laws, n_substances, N_BINS, 1 + len(MESH_CUTS)), np.int32)
    at_bin = np.searchsorted(EDGES_UG, findings["measured_ug"], side="right")
    cell = findings["substance"].astype(np.int64) * N_BINS + at_bin
    flags = findings.flags()
    for i, cut in enumerate(("found", *MESH_CUTS)):
        seen = flags if cut == "found" else flags & united(cases.flags() & cuts[cut][:, None], cases, findings, np.logical_or).astype(bool)
        row, law = np.nonzero(seen)
        counts = np.bincount(law * (n_substances * N_BINS) + cell[row], minlength=n_laws * n_substances * N_BINS)
        out[:, :, :, i] = counts.reshape(n_laws, n_substances, N_BINS)
    return out


@dataclass(frozen=True)
class Mesh:
    """The mesh of one substance at one cut under one law.

    at_least_ug, below_ug  ends of the bin in which the chance becomes even; None with a reason where it never does
    is_smallest            the chance is even already in the smallest amounts that were found
    n_finds                lots found, all replicates
    """

    substance: str
    cut: str
    at_least_ug: int | None
    below_ug: int | None
    is_smallest: bool
    n_finds: int
    reason: str | None

    def to_json(self) -> dict[str, object]:
        """Return plain data, amounts in grams."""
        return {
            "at_least_g": None if self.at_least_ug is None else self.at_least_ug / 1e6,
            "below_g": None if self.below_ug is None else self.below_ug / 1e6,
            "is_smallest_found": self.is_smallest,
            "finds": self.n_finds,
            "reason": self.reason,
        }


def mesh_of(counts: npt.NDArray[np.integer], substance: str, cut: str) -> Mesh:
    """Return the mesh from counts (bins, 1 + mesh cuts), added up over replicates."""
    of, yes = counts[:, 0].tolist(), counts[:, 1 + MESH_CUTS.index(cut)].tolist()
    n = sum(of)
    at = first_even(rising_shares(yes, of))
    if at is None:
        return Mesh(substance, cut, None, None, False, n, NEVER_EVEN if n else NO_FINDS)
    low = int(EDGES_UG[at - 1]) if at else 0
    high = int(EDGES_UG[at]) if at < len(EDGES_UG) else None
    return Mesh(substance, cut, low, high, not any(of[:at]), n, None)


def meshes(summary: Summary, law: int) -> list[Mesh]:
    """Return the mesh of every substance at every cut but contact under a law, from the finds of all replicates."""
    counts = np.stack([m.details.mesh[law] for m in summary.measures]).sum(axis=0, dtype=np.int64)
    return [mesh_of(counts[s], name, cut) for s, name in enumerate(summary.scenario.substances) for cut in MESH_CUTS]
