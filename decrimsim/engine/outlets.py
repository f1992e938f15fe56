"""Other ways than the own trip: parcels, and buying for somebody outside the circle.

Level 4. Steps of the day: they write columns.
"""

from __future__ import annotations

import numpy as np

from decrimsim import chance
from decrimsim.engine.block import NEVER_DAY, Block
from decrimsim.engine.stock import BULK, COPPING, ONLINE, add_to_own
from decrimsim.kernels.behaviour import purchase, to_steps


def deliver(block: Block) -> None:
    """Bring the parcels that are due today home, but for those that are lost or intercepted on the way."""
    online, habits = block.setup.world.market.online, block.habits
    if online is None:
        return
    at = np.flatnonzero(habits["parcel_day"] == block.day)
    if not len(at):
        return
    size = habits["parcel_ug"][at]
    is_lost = chance.low32(block.bits("day.parcel", habits["scramble"][at], 1)).astype(np.int64) < online.lost32
    habits["bought_ug"][at] += size
    habits["lost_ug"][at[is_lost]] += size[is_lost]
    home = at[~is_lost]
    add_to_own(block, home, size[~is_lost], ONLINE | np.where(block.people["is_bulk_buyer"][habits["owner"][home]], BULK, 0))
    habits["parcel_ug"][at] = 0
    habits["parcel_day"][at] = NEVER_DAY


def order_online(block: Block) -> None:
    """Let people who buy online order what runs low, unless a parcel is on its way."""
    online, habits, people = block.setup.world.market.online, block.habits, block.people
    if online is None:
        return
    at = block.online_habits()
    at = at[(habits["parcel_day"][at] == NEVER_DAY) & (habits["own_ug"][at] < habits["dose_ug"][at] * online.low_q16 >> 16)]
    at = at[block.is_free(habits["owner"][at])]
    everybody = np.ones(len(at), bool)
    habits["parcel_ug"][at] = purchase(
        usual_ug=habits["size_ug"][at],
        factors_q16=[(people["is_bulk_buyer"][habits["owner"][at]].astype(bool), block.setup.world.bulk_q16), (everybody, online.factor_q16)],
        missing_ug=np.zeros(len(at), np.int64),
        afford_ug=habits["afford_ug"][at],
        deal_ug=block.setup.by_substance["deal_ug"][habits["substance"][at]],
    )
    habits["parcel_day"][at] = block.day + online.delay_days[chance.index16(block.bits("day.parcel", habits["scramble"][at], 0))]
    habits["n_purchases"][at] += 1


def buy_for_others(block: Block, buyers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    """Let some buyers buy for somebody outside the circle as well; they hold it until the evening."""
    market, habits = block.setup.world.market, block.habits
    if market.cop32 is None:
        return
    p32 = market.cop32[block.people["role"][habits["owner"][buyers]]]
    at = buyers[chance.low32(block.bits("day.cop", habits["scramble"][buyers])).astype(np.int64) < p32]
    deal_ug = block.setup.by_substance["deal_ug"][habits["substance"][at]]
    size = np.minimum(to_steps(habits["size_ug"][at] * market.cop_q16 >> 16, deal_ug), habits["afford_ug"][at])
    habits["other_ug"][at] = size
    habits["bought_ug"][at] += size
    habits["reasons"][at] |= COPPING


def hand_over(block: Block) -> None:
    """Give what was bought for others away, unless it was seized; people who are held keep what is left as their own."""
    habits = block.habits
    if block.setup.world.market.cop32 is None:
        return
    at = np.flatnonzero(habits["other_ug"] > 0)
    size = habits["other_ug"][at]
    goes = block.is_free(habits["owner"][at])
    habits["delivered_ug"][at[goes]] += size[goes]
    habits["own_ug"][at[~goes]] += size[~goes]
    habits["other_ug"][at] = 0
    bought = np.flatnonzero(habits["reasons"] & COPPING)
    habits["reasons"][bought] &= ~COPPING
