"""The morning and the market: who is free, who wants a dose, who buys, for whom and why.

Level 4. Steps of the day: they write columns.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import RECORDS, Block, Today
from decrimsim.engine.places import KIND_BITS
from decrimsim.engine.rows import ranges
from decrimsim.engine.schedule import CUSTODY, RECORD, SERVICE, WAKE
from decrimsim.kernels import behaviour
from decrimsim.schema import REASONS

I64 = npt.NDArray[np.int64]
BULK, SOCIAL, REMOTE, LOCKDOWN, RAID = (1 << i for i in range(len(REASONS)))
BUYS_MORE, STOPS_BUYING = 0, 1


def wake(block: Block) -> None:
    """Let what is due today begin or end: prison, release, services, convictions on record."""
    due = block.schedule.due(block.day)
    if not len(due["row"]):
        return
    people = block.people
    at = due["kind"] == CUSTODY
    rows, until = due["row"][at], due["value"][at]
    np.maximum.at(people["free_from"], rows, until.astype(np.int32))
    block.schedule.add(until, rows, WAKE, np.zeros_like(until))
    at = due["kind"] == SERVICE
    _begin_services(block, due["row"][at], due["value"][at])
    at = due["kind"] == RECORD
    np.add.at(people["records"], (due["row"][at], due["law"][at], RECORDS.index("convictions")), 1)
    supply = at & (due["value"] == 1)
    np.add.at(people["records"], (due["row"][supply], due["law"][supply], RECORDS.index("supply_convictions")), 1)
    refresh_use(block, np.unique(due["row"][due["kind"] != RECORD]))


def _begin_services(block: Block, rows: I64, stays: I64) -> None:
    """Let services begin; of two stays the one that lasts longer counts. A stay is first day out * 16 + kind of service."""
    people = block.people
    who, at = np.unique(rows, return_inverse=True)
    stay = people["service_until"][who].astype(np.int64) << KIND_BITS | people["service_kind"][who]
    np.maximum.at(stay, at, stays)
    people["service_until"][who], people["service_kind"][who] = stay >> KIND_BITS, stay & ((1 << KIND_BITS) - 1)
    block.schedule.add(stays >> KIND_BITS, rows, WAKE, np.zeros_like(stays))


def refresh_use(block: Block, rows: I64) -> None:
    """Set the chance of use today and on later days for some rows of people: none in custody, less in a service."""
    if not len(rows):
        return
    people, habits = block.people, block.habits
    at, which = ranges(people["first_habit"][rows], people["n_habits"][rows])
    usual = habits["p_use32"][at]
    in_service = (people["service_until"][rows] > block.day)[which]
    left_q16 = block.setup.use_left_q16[people["service_kind"][rows][which], habits["substance"][at]]
    usual = np.where(in_service, usual * left_q16 >> 16, usual)
    habits["p_now"][at] = np.where(block.is_free(rows)[which], usual, 0).astype(np.uint64)


def need(block: Block) -> None:
    """Decide who uses today and how much they want."""
    habits, setup = block.habits, block.setup
    uses = chance.low32(block.bits("day.use", habits["scramble"])) < habits["p_now"]
    at = np.flatnonzero(uses)
    draw = block.bits("day.dose", habits["scramble"][at])
    substance = habits["substance"][at].astype(np.int64)
    by = setup.by_substance
    habits["dose_today_ug"][at] = behaviour.dose(
        factor_q16=setup.dose_tables[(substance << 16) + chance.index16(draw)],
        usual_ug=habits["dose_ug"][at],
        is_binge=chance.low32(draw).astype(np.int64) < by["binge32"][substance],
        binge_q16=by["binge_q16"][substance],
        unit_ug=by["unit_ug"][substance],
    )
    nothing = np.zeros(0, np.int64)
    block.today = Today(needs=at, orders=nothing)


def buy(block: Block) -> None:
    """Buy: those short of a dose who do not leave it to a friend, those stocking up before a lockdown; some for friends; sellers restock."""
    habits, people, setup, day = block.habits, block.people, block.setup, block.day
    needs = block.today.needs
    wants = needs[habits["dose_today_ug"][needs] > habits["own_ug"][needs]]
    lockdown = setup.world.lockdown
    if lockdown and lockdown[0] <= day <= lockdown[1]:
        stockers = np.flatnonzero(people["stock_day"] == day)
        stockers = stockers[block.is_free(stockers)]
        wants = np.union1d(wants, ranges(people["first_habit"][stockers], people["n_habits"][stockers])[0])
        wants = wants[habits["p_use32"][wants] > 0]
    buyers = _reach_market(block, wants[~habits["by_friend"][wants]], 0)
    dealers = block.dealers()
    empty = dealers[habits["sale_ug"][dealers] < habits["sold_ug"][dealers]]
    empty = empty[block.is_free(habits["owner"][empty])]
    restocking = _reach_market(block, empty, 1)
    _open_purse(block, np.concatenate([buyers, restocking]))
    _buy_own(block, buyers)
    _restock(block, restocking)
    _buy_for_friends(block, buyers)


def _reach_market(block: Block, wants: I64, k: int) -> I64:
    """Return who of those who want to buy can today; people who stop buying during a raid do not."""
    habits, people, world = block.habits, block.people, block.setup.world
    owner = habits["owner"][wants]
    region = people["region"][owner]
    reached = chance.low32(block.bits("day.buy", habits["scramble"][wants], k)).astype(np.int64) < world.access32[block.day][region]
    if world.is_raid[block.day].any():
        reached &= ~(world.is_raid[block.day][region] & (people["raid_response"][owner] == STOPS_BUYING))
    buyers: I64 = wants[reached]
    return buyers


def _open_purse(block: Block, rows: I64) -> None:
    """Start today's purchases of some habits, and note that their people made a trip."""
    habits = block.habits
    habits["buy_day"][rows] = block.day
    habits["bought_own_ug"][rows] = 0
    habits["bought_sale_ug"][rows] = 0
    block.people["trip_day"][habits["owner"][rows]] = block.day


def _buy_own(block: Block, buyers: I64) -> None:
    """Buy for own use: the usual purchase, changed by the reasons that hold today."""
    habits, people, world = block.habits, block.people, block.setup.world
    owner = habits["owner"][buyers]
    region = people["region"][owner]
    is_bulk = people["is_bulk_buyer"][owner].astype(bool)
    is_remote = region == 1
    lockdown = world.lockdown
    in_lockdown = lockdown is not None and lockdown[0] <= block.day <= lockdown[2]
    is_stocking = people["is_stocker"][owner].astype(bool) & in_lockdown
    is_raid = world.is_raid[block.day][region] & (people["raid_response"][owner] == BUYS_MORE)
    factors = [(is_remote, world.remote_q16), (is_bulk, world.bulk_q16), (is_stocking, world.lockdown_q16), (is_raid, world.raid_q16)]
    size = behaviour.purchase(
        usual_ug=habits["size_ug"][buyers],
        factors_q16=factors,
        missing_ug=habits["dose_today_ug"][buyers] - habits["own_ug"][buyers],
        afford_ug=habits["afford_ug"][buyers],
        deal_ug=block.setup.by_substance["deal_ug"][habits["substance"][buyers]],
    )
    flags = is_bulk * BULK + is_remote * REMOTE + is_stocking * LOCKDOWN + is_raid * RAID
    habits["reasons"][buyers] = np.where(habits["own_ug"][buyers] > 0, habits["reasons"][buyers], 0) | flags
    habits["own_ug"][buyers] += size
    habits["bought_own_ug"][buyers] = size
    habits["bought_ug"][buyers] += size


def _restock(block: Block, rows: I64) -> None:
    """Buy in for sale."""
    habits = block.habits
    size = habits["restock_ug"][rows]
    habits["sale_ug"][rows] += size
    habits["bought_sale_ug"][rows] = size
    habits["bought_ug"][rows] += size


def _buy_for_friends(block: Block, buyers: I64) -> None:
    """Let some buyers buy for friends in the circle who run low; they hold everybody's share on the way home."""
    habits, people, circles = block.habits, block.people, block.circles
    owner = habits["owner"][buyers]
    ring = people["circle"][owner]
    p32 = block.setup.world.group32[people["role"][owner]]
    for_all = (chance.low32(block.bits("day.group", habits["scramble"][buyers])).astype(np.int64) < p32) & (circles["n_people"][ring] > 1)
    if not for_all.any():
        return
    one_each = ring[for_all] * 64 + habits["substance"][buyers[for_all]]
    _, at = np.unique(one_each, return_index=True)
    leaders = buyers[for_all][at]
    ring = people["circle"][habits["owner"][leaders]]
    friends, which = ranges(circles["first_habit"][ring], circles["n_habits"][ring])
    lead = leaders[which]
    joins = (habits["substance"][friends] == habits["substance"][lead]) & (habits["own_ug"][friends] < habits["low_ug"][friends])
    bought = (habits["buy_day"][friends] == block.day) & (habits["bought_own_ug"][friends] > 0)
    joins &= ~bought & (habits["p_now"][friends] > 0)
    friends, lead = friends[joins], lead[joins]
    if not len(friends):
        return
    share = np.minimum(habits["size_ug"][friends], habits["afford_ug"][friends])
    habits["order_ug"][friends] = share
    habits["order_from"][friends] = lead - circles["first_habit"][people["circle"][habits["owner"][lead]]]
    np.add.at(habits["circle_ug"], lead, share)
    np.add.at(habits["bought_ug"], lead, share)
    habits["reasons"][np.unique(lead)] |= SOCIAL
    block.today.orders = friends
