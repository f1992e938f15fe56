"""The own stock of a habit, and the reasons why so much is held.

Level 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.engine.block import Block
from decrimsim.schema import REASONS

I64 = npt.NDArray[np.int64]
BULK, SOCIAL, REMOTE, LOCKDOWN, RAID, ONLINE, PAYDAY, SHORTAGE, COPPING = (1 << i for i in range(len(REASONS)))


def add_to_own(block: Block, rows: I64, size: I64, flags: I64 | int) -> None:
    """Add amounts to the own stock of some habits, with their reasons; earlier reasons stay with what is left of the stock."""
    habits = block.habits
    habits["reasons"][rows] = np.where(habits["own_ug"][rows] > 0, habits["reasons"][rows], 0) | flags
    habits["own_ug"][rows] += size
