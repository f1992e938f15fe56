"""What day it is for the market: paydays and other days on which people buy by habit, and shortages.

Level 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def buying_bits(block: Block) -> int:
    """Return the bits of the buying days that today is."""
    return sum(1 << i for i, rule in enumerate(block.setup.world.market.buying_days) if rule.is_on(block.day))


def buying_day_factors(block: Block, people: I64) -> list[tuple[Bool, int]]:
    """Return for each buying day that today is: which of some rows of people (n,) keep it, and the factor of their purchases."""
    kept = block.people["buying_days"][people]
    rules = enumerate(block.setup.world.market.buying_days)
    return [((kept >> i & 1).astype(bool), rule.factor_q16) for i, rule in rules if rule.is_on(block.day)]


def access_in_shortage(block: Block, habits: I64, p32: I64) -> I64:
    """Return the chance of getting the substance (n,) in 2**-32, of the chance of reaching the market."""
    for shortage in block.setup.world.market.shortages:
        if shortage.is_on(block.day):
            is_short = block.habits["substance"][habits] == shortage.substance
            p32 = np.where(is_short, np.minimum(p32 * shortage.access_q16 >> 16, chance.ONE_32), p32)
    return p32


def shortage_factors(block: Block, habits: I64) -> list[tuple[Bool, int]]:
    """Return for each shortage that lasts: for which of some habits (n,) people stock up, and the factor of their purchases."""
    found: list[tuple[Bool, int]] = []
    for i, shortage in enumerate(block.setup.world.market.shortages):
        if shortage.is_on(block.day):
            stocks = (block.people["stocks_in_shortage"][block.habits["owner"][habits]] >> i & 1).astype(bool)
            found.append((stocks & (block.habits["substance"][habits] == shortage.substance), shortage.factor_q16))
    return found
