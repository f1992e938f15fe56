"""Places in services under each law: how many there were, how many were bought with money moved from justice, who used them and who waited.

Level 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.measures.people import sums
from decrimsim.schema import SERVICE_KINDS
from decrimsim.tables import Table

Int = npt.NDArray[np.int64]
PLACES = ("places", "bought", "in_use", "waiting", "asked")
"""places, of those bought with money moved from justice, taken, people on the waiting list: as they stand in each period · asked: people who newly asked."""
FLOWS = ("asked",)


def place_sums(periods: Table) -> Int:
    """Return sums (laws, service kinds, PLACES + 1) over the periods of 28 days; the last is how many periods there were."""
    out = np.zeros((periods.n_laws, len(SERVICE_KINDS), len(PLACES) + 1), np.int64)
    columns = np.stack([*(periods[name].astype(np.int64) for name in PLACES), np.ones(len(periods), np.int64)], axis=1)
    flags = periods.flags()
    for kind in np.unique(periods["kind"]):
        is_kind = periods["kind"] == kind
        out[:, kind] = sums(columns[is_kind], flags[is_kind])
    return out
