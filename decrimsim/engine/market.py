"""The morning and the market: who is free, who wants a dose, who buys, for whom and why.

Level 4. Steps of the day: they write columns.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block, Today
from decrimsim.engine.doses import dose_today
from decrimsim.engine.outlets import buy_for_others, order_online
from decrimsim.engine.places import KIND_BITS
from decrimsim.engine.records import lose_home, lose_job, put_on_record, take_off_record
from decrimsim.engine.rows import distinct, ranges
from decrimsim.engine.schedule import CUSTODY, HOME, JOB, RECORD, SERVICE, UNRECORD, WAKE
from decrimsim.engine.seasons import access_in_shortage, buying_bits, buying_day_factors, shortage_factors
from decrimsim.engine.stock import BULK, LOCKDOWN, PAYDAY, RAID, REMOTE, SHORTAGE, SOCIAL, add_to_own
from decrimsim.engine.substitution import substitute
from decrimsim.kernels import behaviour

I64 = npt.NDArray[np.int64]
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
    for kind, step in ((RECORD, put_on_record), (UNRECORD, take_off_record)):
        at = due["kind"] == kind
        if at.any():
            step(block, due["row"][at], due["law"][at], due["value"][at] == 1)
    for kind, lose in ((JOB, lose_job), (HOME, lose_home)):
        rows = due["row"][due["kind"] == kind]
        if len(rows):
            lose(block, rows)
    refresh_use(block, np.unique(due["row"][due["kind"] <= SERVICE]))


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
    habits = block.habits
    uses = chance.low32(block.bits("day.use", habits["scramble"])) < _p_today(block)
    at = np.flatnonzero(uses)
    habits["dose_today_ug"][at] = dose_today(block, at)
    block.today = Today(needs=at, orders=np.zeros(0, np.int64))


def _p_today(block: Block) -> chance.U64:
    """Return the chance of use today (habits,) in 2**-32: the one of now, moved towards the weekend where there is a calendar."""
    weekend, p_now = block.setup.world.market.weekend, block.habits["p_now"]
    if weekend is None:
        return p_now
    return behaviour.on_weekday(
        p32=p_now.astype(np.int64),
        factor_q16=weekend.factor_q16[block.habits["substance"]],
        is_weekend=weekend.is_weekend[block.day % 7],
        n_weekend=weekend.n_days,
    ).astype(np.uint64)


def buy(block: Block) -> None:
    """Buy: those short of a dose who do not leave it to a friend, those whose day for it is; some for others; sellers restock."""
    habits = block.habits
    order_online(block)
    wants = makes_trips(block, distinct(np.concatenate([_short(block, block.today.needs), _on_their_day(block)]), habits.n))
    buyers = _reach_market(block, wants, 0)
    if block.setup.world.market.substitute32:
        others = substitute(block, np.setdiff1d(wants, buyers, assume_unique=True))
        more = _reach_market(block, np.setdiff1d(makes_trips(block, _short(block, others)), wants), 0)
        buyers = distinct(np.concatenate([buyers, more]), habits.n)
    dealers = block.dealers()
    empty = dealers[habits["sale_ug"][dealers] < habits["sold_ug"][dealers]]
    empty = empty[block.is_free(habits["owner"][empty])]
    restocking = _reach_market(block, empty, 1)
    _open_purse(block, np.concatenate([buyers, restocking]))
    _buy_own(block, buyers)
    _restock(block, restocking)
    buy_for_others(block, buyers)
    _buy_for_friends(block, buyers)


def _short(block: Block, habits: I64) -> I64:
    """Return which of some habits have less in stock than is wanted today."""
    return habits[block.habits["dose_today_ug"][habits] > block.habits["own_ug"][habits]]


def makes_trips(block: Block, wants: I64) -> I64:
    """Return which of some habits are used and bought on trips by the people themselves."""
    habits = block.habits
    return wants[~habits["by_friend"][wants] & ~habits["is_online"][wants] & (habits["p_use32"][wants] > 0)]


def _on_their_day(block: Block) -> I64:
    """Return the habits of people who stock up before a lockdown today, and those running low of people who buy on this day by habit."""
    habits, people, world, day = block.habits, block.people, block.setup.world, block.day
    lockdown, found = world.lockdown, np.zeros(0, np.int64)
    if lockdown and lockdown[0] <= day <= lockdown[1]:
        stockers = np.flatnonzero(people["stock_day"] == day)
        found = ranges(people["first_habit"][stockers], people["n_habits"][stockers])[0]
    today = buying_bits(block)
    if today:
        keepers = np.flatnonzero(people["buying_days"] & today)
        at = ranges(people["first_habit"][keepers], people["n_habits"][keepers])[0]
        found = np.concatenate([found, at[habits["own_ug"][at] < habits["size_ug"][at]]])
    return found[block.is_free(habits["owner"][found])]


def _reach_market(block: Block, wants: I64, k: int) -> I64:
    """Return who of those who want to buy can today; people who stop buying during a raid do not."""
    habits, people, world = block.habits, block.people, block.setup.world
    owner = habits["owner"][wants]
    region = people["region"][owner]
    p32 = access_in_shortage(block, wants, world.access32[block.day][region])
    reached = chance.low32(block.bits("day.buy", habits["scramble"][wants], k)).astype(np.int64) < p32
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
    make_trip(block, habits["owner"][rows])


def make_trip(block: Block, people: I64) -> None:
    """Note that some rows of people go out to buy today, and count the day once."""
    going = distinct(people[block.people["trip_day"][people] != block.day], block.people.n)
    block.people["trip_day"][going] = block.day
    block.people["n_trips"][going] += 1


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
    of_day, of_shortage = buying_day_factors(block, owner), shortage_factors(block, buyers)
    factors += [*of_day, *of_shortage]
    size = behaviour.purchase(
        usual_ug=habits["size_ug"][buyers],
        factors_q16=factors,
        missing_ug=habits["dose_today_ug"][buyers] - habits["own_ug"][buyers],
        afford_ug=habits["afford_ug"][buyers],
        deal_ug=block.setup.by_substance["deal_ug"][habits["substance"][buyers]],
    )
    flags = is_bulk * BULK + is_remote * REMOTE + is_stocking * LOCKDOWN + is_raid * RAID
    for bit, some in ((PAYDAY, of_day), (SHORTAGE, of_shortage)):
        for applies, _ in some:
            flags |= applies * bit
    take_home(block, buyers, size, flags)


def take_home(block: Block, rows: I64, size: I64, flags: I64 | int) -> None:
    """Add a purchase to the own stock of some habits, with its reasons."""
    habits = block.habits
    add_to_own(block, rows, size, flags)
    habits["bought_own_ug"][rows] = size
    habits["bought_ug"][rows] += size
    habits["n_purchases"][rows] += 1


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
    friends, lead, share = _too_much_for_one(block, friends, lead, share)
    habits["order_ug"][friends] = share
    habits["order_from"][friends] = lead - circles["first_habit"][people["circle"][habits["owner"][lead]]]
    np.add.at(habits["circle_ug"], lead, share)
    np.add.at(habits["bought_ug"], lead, share)
    habits["reasons"][distinct(lead, habits.n)] |= SOCIAL
    block.today.orders = friends


def _too_much_for_one(block: Block, friends: I64, lead: I64, share: I64) -> tuple[I64, I64, I64]:
    """Let friends fetch their own shares where the buyer would carry more than they dare to; return the orders that are left."""
    habits = block.habits
    leaders, of_order = np.unique(lead, return_inverse=True)
    total = habits["bought_own_ug"][leaders] + habits["other_ug"][leaders]
    np.add.at(total, of_order, share)
    fetch = (total > habits["split_ug"][leaders])[of_order]
    if fetch.any():
        own, size = friends[fetch], share[fetch]
        fresh = own[habits["buy_day"][own] != block.day]
        habits["buy_day"][fresh] = block.day
        habits["bought_sale_ug"][fresh] = 0
        make_trip(block, habits["owner"][own])
        take_home(block, own, size, 0)
    return friends[~fetch], lead[~fetch], share[~fetch]
