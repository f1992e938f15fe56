"""What people make of the line of the law in force: the answers are turned into columns, and the day knows no law.

Level 4. That happens before the first day, and again under a law that has revised its line. The line of a habit is the smallest
weight from which a law says more than for a small amount, as the person knows it. An answer changes some of COLUMNS; where it has
no effect it is no answer, so that laws whose lines lie beyond what a circle ever buys or carries stay together. A circle splits
once at such a time, by the joint answers of all its habits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.chance import Q16
from decrimsim.engine.rows import equal_rows, ranges
from decrimsim.engine.splitting import split
from decrimsim.kernels.behaviour import to_steps
from decrimsim.law.ladder import NEVER
from decrimsim.market_numbers import AWARE, MISTAKE, MISTAKEN, PACKS, ResponseNumbers
from decrimsim.schema import PERIOD, ROLES
from decrimsim.world import ALL

if TYPE_CHECKING:
    from decrimsim.engine.block import Block

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
COLUMNS = ("carry_ug", "carry_sale_ug", "afford_ug", "restock_ug", "split_ug")
"""What an answer may change: carried of the own stock and of the stock for sale, bought at once, bought in at once, carried home for all together."""
USUAL = {name: f"usual_{name}" for name in COLUMNS}
"""The same without an answer; columns of the habits where lines may be revised while people answer to them."""
USER_DEALER, COMMERCIAL = ROLES.index("user_dealer"), ROLES.index("commercial")


def learn(block: Block) -> None:
    """On the first day of a period, let people answer to lines that reviews have just put in force."""
    revised = block.course.is_revised
    if block.day % PERIOD == 0 and revised.any():
        adapt(block, revised)


def adapt(block: Block, revised: Bool | None = None) -> None:
    """Let people who know the line of the law in force answer to it; in open mode nobody does.

    revised  (laws,) only under these, from now on; None: under all, from the first day on
    """
    response = block.setup.world.market.response
    if response is None or block.setup.mode == "open" or not block.people.n:
        return
    draws = chance.Draws(block.setup.seed, block.replicate)
    people, habits = block.people, block.habits
    who = people["scramble"]
    is_aware = draws.under("people.awareness", who, response.aware32, AWARE)
    packs = draws.under("people.awareness", who, response.packs32, PACKS) & (people["role"] >= USER_DEALER)
    knows = np.flatnonzero(is_aware | packs)
    if revised is None:
        block.table["knows_line"][knows] = True
    at, which = ranges(people["first_habit"][knows], people["n_habits"][knows])
    line = _known_line(block, response, draws, at)
    values = _answers(block, response.kind, at, line, is_aware[knows][which], packs[knows][which])
    now = np.stack([habits[name][at] for name in COLUMNS], axis=1)[:, None, :]
    if revised is not None:
        values = np.where(revised[None, :, None], values, now)
    own_laws = block.circles["laws"][people["circle"][habits["owner"][at]]]
    changes = ((values != now).any(axis=2) & own_laws).any(axis=1)
    at, values = at[changes], values[changes]
    if not len(at):
        return
    _, number = equal_rows(values.reshape(-1, len(COLUMNS)))
    old_ring = people["circle"][habits["owner"][at]]
    first_habit = block.circles["first_habit"][old_ring].copy()
    habit, instance = split(block, old_ring, number.reshape(len(at), -1))
    law = block.circles["laws"][instance].argmax(axis=1)
    rows = at[habit] - first_habit[habit] + block.circles["first_habit"][instance]
    for c, name in enumerate(COLUMNS):
        block.habits[name][rows] = values[habit, law, c]


def _known_line(block: Block, response: ResponseNumbers, draws: chance.Draws, at: I64) -> I64:
    """Return the line (habits, laws) of some habits in ug as their people know it; NEVER where there is none."""
    habits, lines = block.habits, block.course.lines
    who = block.people["scramble"][habits["owner"][at]]
    is_wrong = draws.under("people.awareness", who, response.mistaken32, MISTAKEN)
    factor = np.where(is_wrong, response.mistake[chance.index16(draws.bits("people.awareness", who, MISTAKE))], Q16)[:, None]
    assert lines is not None
    line = lines[:, habits["substance"][at], habits["form"][at]].T
    known = np.minimum(factor, ALL // line) * line >> 16
    return np.where(line == NEVER, NEVER, np.maximum(known, 1))


def _answers(block: Block, kind: str, at: I64, line: I64, is_aware: Bool, packs: Bool) -> I64:
    """Return the columns (habits, laws, COLUMNS) that some habits have under each law.

    Who carries everything thinks of a line only where it lies below twice the most that they could want to buy at once; who buys
    for the circle, where it lies below that and everybody's usual purchase together.
    """
    habits, people = block.habits, block.people
    owner, substance = habits["owner"][at], habits["substance"][at]
    unit_ug, deal_ug = (block.setup.by_substance[name][substance][:, None] for name in ("unit_ug", "deal_ug"))
    below = np.where(line == NEVER, ALL, (line - 1) // unit_ug * unit_ug)
    in_deals = np.where(line == NEVER, ALL, np.maximum((line - 1) // deal_ug, 1) * deal_ug)
    usual = (USUAL[name] if USUAL[name] in habits else name for name in COLUMNS)
    carry, carry_sale, afford, restock, together = (habits[name][at][:, None] for name in usual)
    has_home, uses = ~people["is_homeless"][owner].astype(bool)[:, None], (habits["p_use32"][at] > 0)[:, None]
    most = _most(block, at)[:, None]
    answers = is_aware[:, None] & uses
    is_near = (carry < ALL) | (below < 2 * most)
    carry = np.where(answers & has_home & is_near & (kind == "carry_less"), np.minimum(carry, below), carry)
    afford = np.where(answers & (kind == "buy_smaller") & (in_deals < most), np.minimum(afford, in_deals), afford)
    friends = _of_friends(block, at)[:, None]
    leads = ~(habits["by_friend"][at] | habits["is_online"][at])[:, None] & (friends > 0)
    together = np.where(answers & leads & (kind == "split_among_friends") & (below < most + friends), below, together)
    sells = packs[:, None] & (restock > 0)
    carry_sale = np.where(sells & has_home, np.minimum(carry_sale, below), carry_sale)
    carry = np.where(sells & has_home & uses, np.minimum(carry, below - carry_sale), carry)
    restock = np.where(sells, np.minimum(restock, in_deals), restock)
    shape = (len(at), block.setup.n_laws)
    return np.stack([np.broadcast_to(column, shape) for column in (carry, carry_sale, afford, restock, together)], axis=2)


def _most(block: Block, at: I64) -> I64:
    """Return the most that people could want to buy at once for some habits (n,) whatever happens, in ug, the other's amount included."""
    habits, people, world = block.habits, block.people, block.setup.world
    owner, market = habits["owner"][at], block.setup.world.market
    deal_ug = block.setup.by_substance["deal_ug"][habits["substance"][at]]
    factors = [(people["region"][owner] == 1, world.remote_q16), (people["is_bulk_buyer"][owner].astype(bool), world.bulk_q16)]
    factors += [(people["is_stocker"][owner].astype(bool), world.lockdown_q16), (people["raid_response"][owner] == 0, world.raid_q16)]
    factors += [((people["buying_days"][owner] >> i & 1).astype(bool), rule.factor_q16) for i, rule in enumerate(market.buying_days)]
    factors += [((people["stocks_in_shortage"][owner] >> i & 1).astype(bool), rule.factor_q16) for i, rule in enumerate(market.shortages)]
    if market.online is not None:
        factors.append((habits["is_online"][at], market.online.factor_q16))
    size = habits["size_ug"][at]
    for applies, factor_q16 in factors:
        size = np.where(applies, size * max(factor_q16, Q16) >> 16, size)
    for_another = to_steps(habits["size_ug"][at] * market.cop_q16 >> 16, deal_ug) if market.cop32 is not None else 0
    return to_steps(size, deal_ug) + deal_ug + for_another


def _of_friends(block: Block, at: I64) -> I64:
    """Return the usual purchases of the substance of everybody else in the circle of some habits (n,), in ug."""
    habits, people, circles = block.habits, block.people, block.circles
    ring = people["circle"][habits["owner"][at]]
    friends, which = ranges(circles["first_habit"][ring], circles["n_habits"][ring])
    alike = (habits["substance"][friends] == habits["substance"][at[which]]) & (friends != at[which])
    total = np.zeros(len(at), np.int64)
    np.add.at(total, which[alike], habits["size_ug"][friends[alike]])
    return total
