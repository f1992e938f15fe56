"""Morning, market and evening: who is free, who wants a dose, who buys, who shares, who uses."""

from __future__ import annotations

from decrimsim import chance
from decrimsim.scenario import Scenario
from decrimsim.scenario.people import Substance
from decrimsim.schema import SERVICES
from twin.luck import Luck, factor, lognormal, times, whole_steps
from twin.people import Circle, Habit, Person


def substance_of(scenario: Scenario, habit: Habit) -> Substance:
    """Return the section of the scenario about a habit's substance."""
    return list(scenario.substances.values())[habit.substance]


def in_lockdown(scenario: Scenario, day: int) -> bool:
    """Tell whether a lockdown is in force."""
    lockdown = scenario.market.lockdown
    return lockdown is not None and lockdown.start_day <= day <= lockdown.end_day


def in_raid(scenario: Scenario, region: str, day: int) -> bool:
    """Tell whether a crackdown goes on in a region."""
    return any(raid.region == region and raid.start_day <= day <= raid.end_day for raid in scenario.market.raids)


def wake(person: Person, day: int) -> None:
    """Let begin what is due today: prison, a service, a conviction that goes on record."""
    for due, what, value in person.plans:
        if due != day:
            continue
        if what == "custody":
            person.free_from = max(person.free_from, value)
        else:
            person.convictions += 1
            person.supply_convictions += value
    for begins, until, kind in person.services:
        if begins == day:
            person.service_until, person.service_kind = max((person.service_until, person.service_kind), (until, kind))


def p_use_today32(scenario: Scenario, habit: Habit, day: int) -> int:
    """Return the chance of use today, in 2**-32: none in custody, less in a service."""
    if not habit.person.is_free(day):
        return 0
    if habit.person.service_until > day:
        return times(habit.p_use32, factor(1) - factor(avoided_in_service(scenario, habit)))
    return habit.p_use32


def avoided_in_service(scenario: Scenario, habit: Habit) -> float:
    """Return the share of use that a person's service avoids: by its kind, and only of the substances that it is for."""
    if scenario.services is None:
        return scenario.practice.referral.use_reduction.value
    kind = scenario.services.kinds[SERVICES[habit.person.service_kind]]
    is_for_it = not kind.substances or list(scenario.substances)[habit.substance] in kind.substances
    return kind.use_reduction.value if is_for_it else 0.0


def need(scenario: Scenario, habit: Habit, day: int, luck: Luck) -> None:
    """Decide whether a person wants to use today, and how much: whole units, at least one; more on a binge."""
    habit.wanted_ug = 0
    if luck.number32("day.use", habit.identity, day) >= p_use_today32(scenario, habit, day):
        return
    substance = substance_of(scenario, habit)
    wanted = times(habit.dose_ug, lognormal(substance.dose_sd_days.value, luck.quantile("day.dose", habit.identity, day)))
    if luck.happens(substance.binge.p.value, "day.dose", habit.identity, day):
        wanted = times(wanted, factor(substance.binge.factor.value))
    habit.wanted_ug = whole_steps(wanted, substance.unit.ug)


def buy(scenario: Scenario, circle: Circle, day: int, luck: Luck) -> None:
    """Let those who run short or stock up buy, sellers restock, and some buyers buy for friends as well."""
    buyers = [h for h in circle.habits if wants_to_buy(scenario, h, day) and reaches_market(scenario, h, day, luck, k=0)]
    restocking = [h for h in circle.habits if wants_to_restock(h, day) and reaches_market(scenario, h, day, luck, k=1)]
    for habit in [*buyers, *restocking]:
        habit.buy_day, habit.bought_own_ug, habit.bought_sale_ug = day, 0, 0
        habit.person.trip_day = day
    for habit in buyers:
        buy_own(scenario, habit, day)
    for habit in restocking:
        habit.sale_ug += habit.restock_ug
        habit.bought_sale_ug = habit.restock_ug
        habit.bought_ug += habit.restock_ug
    buy_for_friends(scenario, circle, buyers, day, luck)


def wants_to_buy(scenario: Scenario, habit: Habit, day: int) -> bool:
    """Tell whether the stock does not cover today's dose, or this is the day of stocking up; some leave buying to a friend."""
    is_short = habit.wanted_ug > habit.own_ug
    stocks_up = scenario.market.lockdown is not None and habit.person.stock_day == day and habit.person.is_free(day)
    return (is_short or stocks_up) and habit.p_use32 > 0 and not habit.is_left_to_friends


def wants_to_restock(habit: Habit, day: int) -> bool:
    """Tell whether a person who sells has less left than a day's sales."""
    return habit.restock_ug > 0 and habit.sale_ug < habit.sold_a_day_ug and habit.person.is_free(day)


def reaches_market(scenario: Scenario, habit: Habit, day: int, luck: Luck, k: int) -> bool:
    """Tell whether a person who wants to buy can do so today; some stop buying while a raid goes on nearby."""
    region = habit.person.region
    if in_raid(scenario, region, day) and habit.person.raid_response == "stop":
        return False
    access = getattr(scenario.market.access, region).value
    if in_lockdown(scenario, day) and scenario.market.lockdown is not None:
        access = access * scenario.market.lockdown.access.value
    return luck.happens(min(access, 1.0), "day.buy", habit.identity, day, k)


def reasons_to_buy_more(scenario: Scenario, person: Person, day: int) -> dict[str, float]:
    """Return the reasons that hold today for another amount than usual, with their factors, in the order in which they apply."""
    market, reasons = scenario.market, {}
    if person.region == "remote":
        reasons["remote"] = market.remote_factor.value
    if person.is_bulk_buyer:
        reasons["bulk"] = market.bulk_factor.value
    if market.lockdown is not None and person.is_stocker and market.lockdown.announced_day <= day <= market.lockdown.end_day:
        reasons["lockdown"] = market.lockdown.stock_factor.value
    if in_raid(scenario, person.region, day) and person.raid_response == "buy_more":
        reasons["raid"] = market.raid_factor.value
    return reasons


def buy_own(scenario: Scenario, habit: Habit, day: int) -> None:
    """Buy for own use: the usual size times the reasons, in whole deals, no more than the purse allows, but enough for today."""
    deal_ug = substance_of(scenario, habit).deal.ug
    size, reasons = habit.size_ug, reasons_to_buy_more(scenario, habit.person, day)
    for number in reasons.values():
        size = times(size, factor(number))
    deals_for_today = -(-max(habit.wanted_ug - habit.own_ug, 0) // deal_ug)
    size = max(min(whole_steps(size, deal_ug), habit.afford_ug), deals_for_today * deal_ug)
    if habit.own_ug == 0:
        habit.reasons = set()
    habit.reasons |= set(reasons)
    habit.own_ug += size
    habit.bought_own_ug = size
    habit.bought_ug += size


def buy_for_friends(scenario: Scenario, circle: Circle, buyers: list[Habit], day: int, luck: Luck) -> None:
    """Let one buyer of each substance buy for the friends who run low, and hold everybody's share on the way home."""
    if len(circle.people) == 1:
        return
    leaders: dict[int, Habit] = {}
    for habit in buyers:
        p = getattr(scenario.market.group_purchase, habit.person.role).value
        if luck.happens(p, "day.group", habit.identity, day):
            leaders.setdefault(habit.substance, habit)
    for leader in leaders.values():
        for friend in circle.habits:
            runs_low = friend.own_ug < friend.low_ug and not (friend.buy_day == day and friend.bought_own_ug > 0) and p_use_today32(scenario, friend, day) > 0
            if friend.substance == leader.substance and runs_low:
                share_ug = min(friend.size_ug, friend.afford_ug)
                friend.order_ug, friend.order_from = share_ug, leader
                leader.circle_ug += share_ug
                leader.bought_ug += share_ug
                leader.reasons.add("social_supply")


def hand_out(circle: Circle, day: int) -> None:
    """Give friends what was bought for them, unless it was seized or one of the two is held; the buyer keeps the rest."""
    orders = [(friend, friend.order_from) for friend in circle.habits if friend.order_from is not None]
    was_seized = {id(leader) for _, leader in orders if leader.circle_ug == 0}
    for friend, leader in orders:
        if id(leader) not in was_seized and friend.person.is_free(day) and leader.person.is_free(day):
            friend.own_ug += friend.order_ug
            friend.received_ug += friend.order_ug
            leader.circle_ug -= friend.order_ug
            leader.given_ug += friend.order_ug
        leader.reasons.discard("social_supply")
        friend.order_ug, friend.order_from = 0, None
    for habit in circle.habits:
        habit.own_ug += habit.circle_ug
        habit.circle_ug = 0


def share(scenario: Scenario, circle: Circle, day: int, luck: Luck) -> None:
    """Let friends who use together help out those who run out today.

    Everybody asks the friend with the most to spare (the first of equals) at the same time; a friend gives to the first who asks.
    """
    p = scenario.market.share_at_use.value
    gifts: dict[int, tuple[Habit, Habit, int]] = {}
    for asks in circle.habits:
        missing_ug = asks.wanted_ug - asks.own_ug
        if missing_ug <= 0 or not asks.person.is_free(day) or not luck.happens(p, "day.share", asks.identity, day):
            continue
        friends = [h for h in circle.habits if h is not asks and h.substance == asks.substance and h.person.is_free(day) and h.own_ug > h.wanted_ug]
        if friends:
            friend = max(friends, key=lambda h: h.own_ug - h.wanted_ug)
            gifts.setdefault(friend.identity, (friend, asks, min(missing_ug, friend.own_ug - friend.wanted_ug)))
    for friend, asks, gift_ug in gifts.values():
        friend.own_ug -= gift_ug
        friend.given_ug += gift_ug
        asks.own_ug += gift_ug
        asks.received_ug += gift_ug


def sell(habit: Habit, day: int) -> None:
    """Sell a day's amount to the outside market."""
    if habit.restock_ug > 0 and habit.person.is_free(day):
        sold = min(habit.sale_ug, habit.sold_a_day_ug)
        habit.sale_ug -= sold
        habit.sold_ug += sold


def use(habit: Habit, day: int) -> None:
    """Use what was wanted today as far as the own stock goes; the rest is unmet need."""
    if habit.person.is_free(day):
        used = min(habit.wanted_ug, habit.own_ug)
        habit.own_ug -= used
        habit.used_ug += used
        habit.unmet_ug += habit.wanted_ug - used
        if habit.wanted_ug > 0 and habit.own_ug == 0:
            habit.reasons = set()
    habit.wanted_ug = 0


assert chance.ONE_32 == 2**32
