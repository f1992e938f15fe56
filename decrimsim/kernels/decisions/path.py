"""Asking for decisions, and keeping who was asked with what chance.

Level 2. Kernel.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.schema import EFFECTS, LINE, STAGES

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

_PLACE = {stage: i for i, stage in enumerate(STAGES)}
CONCLUSIVE, PRESUMPTION = EFFECTS.index("conclusive"), EFFECTS.index("presumption")
NONE, ADMINISTRATIVE, POSSESSION, SUPPLY = range(len(LINE))


class Path:
    """Asks for decisions and keeps who was asked, with what chance."""

    def __init__(self, u: F64) -> None:
        self.u = u
        self.p = np.zeros(u.shape)
        self.asked = np.zeros(u.shape, bool)

    def ask(self, stage: str, p: F64 | float, eligible: Bool) -> Bool:
        """Return who of the eligible (pairs,) gets a yes with chance p; a stage may be asked again of other pairs."""
        if not eligible.any():
            return np.zeros(len(eligible), bool)
        i = _PLACE[stage]
        self.p[i] = np.where(eligible, np.minimum(p, 1.0), self.p[i])
        self.asked[i] |= eligible
        yes: Bool = eligible & (self.u[i] < self.p[i])
        return yes
