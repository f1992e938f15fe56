"""Who cannot get a substance uses another that they have a habit of.

Level 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.doses import dose_today
from decrimsim.engine.rows import ranges

I64 = npt.NDArray[np.int64]


def substitute(block: Block, failed: I64) -> I64:
    """Let some people who wanted a dose and could not buy leave it for today and use another habit; return the habits used instead.

    failed  habits whose people wanted to buy today and could not reach the market
    The other habit is the one most often used among those that want nothing today, the first of equals.
    """
    habits, people = block.habits, block.people
    failed = failed[habits["dose_today_ug"][failed] > habits["own_ug"][failed]]
    draws = chance.low32(block.bits("day.substitute", habits["scramble"][failed])).astype(np.int64)
    failed = failed[draws < block.setup.world.market.substitute32]
    owner = habits["owner"][failed]
    other, which = ranges(people["first_habit"][owner], people["n_habits"][owner])
    able = (habits["dose_today_ug"][other] == 0) & (habits["p_use32"][other] > 0)
    other, which = other[able], which[able]
    best = np.lexsort((other, -habits["p_use32"][other], which))
    _, first = np.unique(which[best], return_index=True)
    chosen, left = np.unique(other[best[first]]), failed[which[best[first]]]
    habits["unmet_ug"][left] += habits["dose_today_ug"][left]
    habits["n_unmet"][left] += 1
    habits["dose_today_ug"][left] = 0
    habits["dose_today_ug"][chosen] = dose_today(block, chosen)
    block.today.needs = np.union1d(np.setdiff1d(block.today.needs, left), chosen)
    return chosen
