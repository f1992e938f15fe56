"""The evening: shares are handed out, stock is sold, friends help out, doses are used.

Level 4. Steps of the day: they write columns. Drugs move only inside a circle; sales go to an outside market.
"""

from __future__ import annotations

import numpy as np

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.market import SOCIAL
from decrimsim.engine.rows import ranges


def hand_out(block: Block) -> None:
    """Give friends what was bought for them, unless it was seized or one of them is held; the buyer keeps the rest."""
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
    leaders = np.unique(lead)
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
    habits["reasons"][needs[habits["own_ug"][needs] == 0]] = 0
