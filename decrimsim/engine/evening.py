"""The evening: shares are handed out, stock is sold, doses are used.

Level 4. Steps of the day: they write columns. Drugs move only inside a circle; sales go to an outside market.
"""

from __future__ import annotations

import numpy as np

from decrimsim.engine.block import Block


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
