"""How much is wanted on a day of use.

Level 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.kernels import behaviour

I64 = npt.NDArray[np.int64]


def dose_today(block: Block, at: I64) -> I64:
    """Return what is wanted today of some habits (n,) in ug, if they are used."""
    habits, setup = block.habits, block.setup
    draw = block.bits("day.dose", habits["scramble"][at])
    substance = habits["substance"][at].astype(np.int64)
    by = setup.by_substance
    return behaviour.dose(
        factor_q16=setup.dose_tables[(substance << 16) + chance.index16(draw)],
        usual_ug=habits["dose_ug"][at],
        is_binge=chance.low32(draw).astype(np.int64) < by["binge32"][substance],
        binge_q16=by["binge_q16"][substance],
        unit_ug=by["unit_ug"][substance],
    )
