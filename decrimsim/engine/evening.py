"""The evening: shares are handed out, stock is sold, friends help out, doses are used.

Level 4. Steps of the day: they write columns. Drugs move only inside a circle; sales go to an outside market.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.outlets import hand_over
from decrimsim.engine.rows import distinct, ranges
from decrimsim.engine.stock import SOCIAL
from decrimsim.kernels.behaviour import to_steps

I64 = npt.NDArray[np.int64]


def hand_out(block: Block) -> None:
    """Give friends and others what was bought for them, unless it was seized or one of them is held; the buyer keeps the rest."""
    hand_over(block)
    habits, people, circles = block.habits, block.people, block.circles
    friends = block.today.orders
    if not len(friends):
        return
    ring = people["circle"][habits["owner"][friends]]
    lead = circles["first_habit"][ring] + habits["order_from"][friends]
    gets = (habits["circle_ug"][lead] > 0) & block.is_free(habits["owner"][friends]) & block.is_free(habits["owner"][lead])
    order = habits["order_ug"][friends]
    habits["own_ug"][friends[gets]] += order[gets]
    habits["received_ug"][friends[gets]] += order[gets]
    np.subtract.at(habits["circle_ug"], lead[gets], order[gets])
    np.add.at(habits["given_ug"], lead[gets], order[gets])
    leaders = distinct(lead, habits.n)
    habits["own_ug"][leaders] += habits["circle_ug"][leaders]
    habits["circle_ug"][leaders] = 0
    habits["reasons"][leaders] &= ~SOCIAL
    habits["order_ug"][friends] = 0
    habits["order_from"][friends] = -1


def sell(block: Block) -> None:
    """Sell a day's amount from the stock of those who sell and are free."""
    habits = block.habits
    dealers = block.dealers()
    dealers = dealers[block.is_free(habits["owner"][dealers])]
    sold = np.minimum(habits["sale_ug"][dealers], habits["sold_ug"][dealers])
    habits["sale_ug"][dealers] -= sold
    habits["sold_total_ug"][dealers] += sold


def share(block: Block) -> None:
    """Let friends who use together help out: who runs out today gets what is missing from a friend with more than they need.

    The friend with the most to spare gives (the first of equals), each to one person a day (the first of those who ask).
    """
    habits, people, circles = block.habits, block.people, block.circles
    needs = block.today.needs
    short = needs[habits["own_ug"][needs] < habits["dose_today_ug"][needs]]
    short = short[block.is_free(habits["owner"][short])]
    short = short[chance.low32(block.bits("day.share", habits["scramble"][short])).astype(np.int64) < block.setup.world.share32]
    ring = people["circle"][habits["owner"][short]]
    friend, which = ranges(circles["first_habit"][ring], circles["n_habits"][ring])
    asks = short[which]
    spare = habits["own_ug"][friend] - habits["dose_today_ug"][friend]
    able = (spare > 0) & (habits["substance"][friend] == habits["substance"][asks]) & (friend != asks) & block.is_free(habits["owner"][friend])
    friend, asks, spare = friend[able], asks[able], spare[able]
    best = np.lexsort((friend, -spare, asks))
    friend, asks, spare = friend[best], asks[best], spare[best]
    _, first = np.unique(asks, return_index=True)
    friend, asks, spare = friend[first], asks[first], spare[first]
    _, first = np.unique(friend, return_index=True)
    friend, asks, spare = friend[first], asks[first], spare[first]
    gift = np.minimum(habits["dose_today_ug"][asks] - habits["own_ug"][asks], spare)
    habits["own_ug"][friend] -= gift
    habits["given_ug"][friend] += gift
    habits["own_ug"][asks] += gift
    habits["received_ug"][asks] += gift


def use(block: Block) -> None:
    """Use what was wanted today as far as the own stock goes; the rest is unmet need."""
    habits = block.habits
    needs = block.today.needs
    wanted = habits["dose_today_ug"][needs]
    habits["dose_today_ug"][needs] = 0
    free = block.is_free(habits["owner"][needs])
    needs, wanted = needs[free], wanted[free]
    used = np.minimum(wanted, habits["own_ug"][needs])
    habits["own_ug"][needs] -= used
    habits["used_ug"][needs] += used
    habits["unmet_ug"][needs] += wanted - used
    habits["n_unmet"][needs[used < wanted]] += 1
    habits["reasons"][needs[habits["own_ug"][needs] == 0]] = 0


def give(block: Block) -> None:
    """Let some people who bought today give some to the friend who has least of it: at most half, and each friend gets one gift.

    The friend with the least stock gets it (the first of equals), of those who use the substance and have less than a usual dose.
    """
    market, habits, people, circles = block.setup.world.market, block.habits, block.people, block.circles
    if not market.gift32:
        return
    givers = np.flatnonzero((habits["buy_day"] == block.day) & (habits["bought_own_ug"] > 0) & (habits["own_ug"] > 0))
    givers = givers[chance.low32(block.bits("day.gift", habits["scramble"][givers])).astype(np.int64) < market.gift32]
    givers = givers[block.is_free(habits["owner"][givers])]
    ring = people["circle"][habits["owner"][givers]]
    friend, which = ranges(circles["first_habit"][ring], circles["n_habits"][ring])
    giver = givers[which]
    able = (habits["substance"][friend] == habits["substance"][giver]) & (friend != giver) & (habits["p_use32"][friend] > 0)
    able &= (habits["own_ug"][friend] < habits["dose_ug"][friend]) & block.is_free(habits["owner"][friend])
    friend, giver = friend[able], giver[able]
    friend, giver = _first_of_each(friend, giver, np.lexsort((friend, habits["own_ug"][friend], giver)), giver)
    friend, giver = _first_of_each(friend, giver, np.lexsort((giver, friend)), friend)
    unit_ug = block.setup.by_substance["unit_ug"][habits["substance"][giver]]
    wanted = to_steps(habits["dose_ug"][friend] * market.gift_q16 >> 16, unit_ug)
    gift = np.minimum(wanted, (habits["own_ug"][giver] >> 1) // unit_ug * unit_ug)
    habits["own_ug"][giver] -= gift
    habits["given_ug"][giver] += gift
    habits["own_ug"][friend] += gift
    habits["received_ug"][friend] += gift


def _first_of_each(friend: I64, giver: I64, order: I64, by: I64) -> tuple[I64, I64]:
    """Return pairs in an order, of which only the first of each value of `by` is kept."""
    _, first = np.unique(by[order], return_index=True)
    return friend[order[first]], giver[order[first]]
