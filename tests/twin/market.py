"""Morning, market and evening: who is free, who wants a dose, who buys, who shares, who uses."""

from __future__ import annotations

from decrimsim import chance
from decrimsim.scenario import Scenario
from decrimsim.scenario.buying import WEEKDAYS
from decrimsim.scenario.people import Substance
from decrimsim.schema import SERVICES
from twin.luck import Luck, factor, lognormal, times, whole_steps
from twin.people import EVERYTHING, NEVER, Circle, Habit, Person


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


def wake(scenario: Scenario, person: Person, day: int) -> None:
    """Let begin what is due today: prison, a service, a conviction that goes on or off record, the loss of a job or a home."""
    for due, what, value in person.plans:
        if due != day:
            continue
        if what == "custody":
            person.free_from = max(person.free_from, value)
        elif what == "conviction":
            person.convictions += 1
            person.supply_convictions += value
            person.past.append(("convictions", day))
        elif what == "cleared":
            person.convictions -= 1
            person.supply_convictions -= value
        elif what == "home":
            person.is_homeless = True
            for habit in person.habits:
                habit.carry_ug = habit.usual["carry_ug"] = EVERYTHING
        elif what == "job" and scenario.practice.records is not None:
            left = min(factor(scenario.practice.records.income.value), factor(1))
            for habit in person.habits:
                deal_ug = substance_of(scenario, habit).deal.ug
                for now in (habit.__dict__, habit.usual):
                    now["afford_ug"] = max(times(now["afford_ug"], left) // deal_ug, 1) * deal_ug
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
    if luck.number32("day.use", habit.identity, day) < on_this_weekday(scenario, habit, p_use_today32(scenario, habit, day), day):
        want(scenario, habit, day, luck)


def on_this_weekday(scenario: Scenario, habit: Habit, mean32: int, day: int) -> int:
    """Return the chance of use today where use is concentrated on some weekdays; the mean over seven days stays.

    On n days of the weekend the chance is 7 r / (n r + 7 - n) times the mean, at a ratio r; on the others what is left for them.
    It gives way where one of the two would be below 0 or above 1.
    """
    calendar = scenario.market.calendar
    if calendar is None:
        return mean32
    ratio = calendar.weekend_use[name_of(scenario, habit)].value if name_of(scenario, habit) in calendar.weekend_use else 1.0
    n = len(calendar.weekend)
    weekend32 = times(mean32, factor(7 * ratio / (n * ratio + 7 - n)))
    if 7 * mean32 - n * weekend32 > (7 - n) * 2**32:
        weekend32 = -(-(7 * mean32 - (7 - n) * 2**32) // n)
    weekend32 = min(weekend32, 2**32, 7 * mean32 // n)
    today = WEEKDAYS[(WEEKDAYS.index(calendar.first_weekday) + day) % 7]
    return weekend32 if today in calendar.weekend else (7 * mean32 - n * weekend32) // (7 - n)


def name_of(scenario: Scenario, habit: Habit) -> str:
    """Return the name of a habit's substance."""
    return list(scenario.substances)[habit.substance]


def want(scenario: Scenario, habit: Habit, day: int, luck: Luck) -> None:
    """Say how much is wanted today."""
    substance = substance_of(scenario, habit)
    wanted = times(habit.dose_ug, lognormal(substance.dose_sd_days.value, luck.quantile("day.dose", habit.identity, day)))
    if luck.happens(substance.binge.p.value, "day.dose", habit.identity, day):
        wanted = times(wanted, factor(substance.binge.factor.value))
    habit.wanted_ug = whole_steps(wanted, substance.unit.ug)


def buy(scenario: Scenario, circle: Circle, day: int, luck: Luck) -> None:
    """Let those who run short or stock up buy, sellers restock, and some buyers buy for friends as well."""
    for habit in circle.habits:
        order_online(scenario, habit, day, luck)
    wanting = [h for h in circle.habits if wants_to_buy(scenario, h, day)]
    buyers = [h for h in wanting if reaches_market(scenario, h, day, luck, k=0)]
    instead = substitute(scenario, [h for h in wanting if h not in buyers], day, luck)
    more = [h for h in instead if h not in wanting and wants_to_buy(scenario, h, day) and reaches_market(scenario, h, day, luck, k=0)]
    buyers = [h for h in circle.habits if h in buyers or h in more]
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
    for habit in buyers:
        buy_for_another(scenario, habit, day, luck)
    buy_for_friends(scenario, circle, buyers, day, luck)


def substitute(scenario: Scenario, failed: list[Habit], day: int, luck: Luck) -> list[Habit]:
    """Let some who wanted a dose and could not buy leave it and use the habit that they use most among those that want nothing today."""
    if scenario.market.substitution is None:
        return []
    pairs = []
    for habit in failed:
        if habit.wanted_ug > habit.own_ug and luck.happens(scenario.market.substitution.p.value, "day.substitute", habit.identity, day):
            others = [h for h in habit.person.habits if h.wanted_ug == 0 and h.p_use32 > 0]
            if others:
                pairs.append((habit, max(others, key=lambda h: h.p_use32)))
    for habit, _ in pairs:
        habit.unmet_ug += habit.wanted_ug
        habit.wanted_ug = 0
    for _, other in pairs:
        want(scenario, other, day, luck)
    return [other for _, other in pairs]


def order_online(scenario: Scenario, habit: Habit, day: int, luck: Luck) -> None:
    """Order a parcel when less than so many usual doses are left and none is on its way."""
    online = scenario.market.online
    if online is None or not habit.is_online or habit.parcel_day != NEVER or not habit.person.is_free(day):
        return
    if habit.own_ug < times(habit.dose_ug, factor(online.running_low.value)):
        size = times(habit.size_ug, factor(scenario.market.bulk_factor.value)) if habit.person.is_bulk_buyer else habit.size_ug
        habit.parcel_ug = min(whole_steps(times(size, factor(online.factor.value)), substance_of(scenario, habit).deal.ug), habit.afford_ug)
        in_65536ths = times(factor(online.delay.value), lognormal(online.delay_sd.value, luck.quantile("day.parcel", habit.identity, day)))
        habit.parcel_day = day + min(max(in_65536ths >> 16, 1), chance.LONGEST)


def deliver(scenario: Scenario, habit: Habit, day: int, luck: Luck) -> None:
    """Bring a parcel home that is due today, unless it is lost or intercepted."""
    online = scenario.market.online
    if online is None or habit.parcel_day != day:
        return
    habit.bought_ug += habit.parcel_ug
    if luck.happens(online.lost.value, "day.parcel", habit.identity, day, k=1):
        habit.lost_ug += habit.parcel_ug
    else:
        why = {"online", "bulk"} if habit.person.is_bulk_buyer else {"online"}
        habit.reasons = habit.reasons | why if habit.own_ug > 0 else why
        habit.own_ug += habit.parcel_ug
    habit.parcel_ug, habit.parcel_day = 0, NEVER


def buy_for_another(scenario: Scenario, habit: Habit, day: int, luck: Luck) -> None:
    """Buy for somebody outside the circle as well, and hold it until the evening."""
    copping = scenario.market.copping
    if copping is not None and luck.happens(getattr(copping, habit.person.role).value, "day.cop", habit.identity, day):
        size = whole_steps(times(habit.size_ug, factor(copping.factor.value)), substance_of(scenario, habit).deal.ug)
        habit.other_ug = min(size, habit.afford_ug)
        habit.bought_ug += habit.other_ug
        habit.reasons.add("copping")


def hand_over(habit: Habit, day: int) -> None:
    """Give what was bought for another away, unless it was seized; who is held keeps what is left."""
    if habit.person.is_free(day):
        habit.delivered_ug += habit.other_ug
    else:
        habit.own_ug += habit.other_ug
    habit.other_ug = 0
    habit.reasons.discard("copping")


def wants_to_buy(scenario: Scenario, habit: Habit, day: int) -> bool:
    """Tell whether the stock does not cover today's dose, or this is the day of stocking up, or a day on which the person buys by habit.

    Some leave buying to a friend, some buy online.
    """
    if habit.p_use32 == 0 or habit.is_left_to_friends or habit.is_online:
        return False
    is_short = habit.wanted_ug > habit.own_ug
    stocks_up = scenario.market.lockdown is not None and habit.person.stock_day == day
    by_habit = bool(buying_days(scenario, habit.person, day)) and habit.own_ug < habit.size_ug
    return is_short or ((stocks_up or by_habit) and habit.person.is_free(day))


def buying_days(scenario: Scenario, person: Person, day: int) -> list[float]:
    """Return the factors of the buying days that today is, of those that a person keeps."""
    if scenario.market.calendar is None:
        return []
    rules = scenario.market.calendar.buying_days.items()
    return [r.factor.value for name, r in rules if name in person.buying_days and day >= r.first_day and (day - r.first_day) % r.every == 0]


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
    p32 = chance.chance32(min(access, 1.0))
    for shortage in scenario.market.shortages:
        if shortage.substance == name_of(scenario, habit) and shortage.start_day <= day <= shortage.end_day:
            p32 = min(times(p32, factor(shortage.access.value)), 2**32)
    return luck.number32("day.buy", habit.identity, day, k) < p32


def reasons_to_buy_more(scenario: Scenario, habit: Habit, day: int) -> list[tuple[str, float]]:
    """Return the reasons that hold today for another amount than usual, with their factors, in the order in which they apply."""
    market, person, reasons = scenario.market, habit.person, []
    if person.region == "remote":
        reasons.append(("remote", market.remote_factor.value))
    if person.is_bulk_buyer:
        reasons.append(("bulk", market.bulk_factor.value))
    if market.lockdown is not None and person.is_stocker and market.lockdown.announced_day <= day <= market.lockdown.end_day:
        reasons.append(("lockdown", market.lockdown.stock_factor.value))
    if in_raid(scenario, person.region, day) and person.raid_response == "buy_more":
        reasons.append(("raid", market.raid_factor.value))
    reasons += [("payday", number) for number in buying_days(scenario, person, day)]
    for k, shortage in enumerate(market.shortages):
        if shortage.substance == name_of(scenario, habit) and shortage.start_day <= day <= shortage.end_day and k in person.stocks_up_in:
            reasons.append(("shortage", shortage.stock_factor.value))
    return reasons


def buy_own(scenario: Scenario, habit: Habit, day: int) -> None:
    """Buy for own use: the usual size times the reasons, in whole deals, no more than the purse allows, but enough for today."""
    deal_ug = substance_of(scenario, habit).deal.ug
    size, reasons = habit.size_ug, reasons_to_buy_more(scenario, habit, day)
    for _, number in reasons:
        size = times(size, factor(number))
    deals_for_today = -(-max(habit.wanted_ug - habit.own_ug, 0) // deal_ug)
    size = max(min(whole_steps(size, deal_ug), habit.afford_ug), deals_for_today * deal_ug)
    if habit.own_ug == 0:
        habit.reasons = set()
    habit.reasons |= {reason for reason, _ in reasons}
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
        taking_part = []
        for friend in circle.habits:
            runs_low = friend.own_ug < friend.low_ug and not (friend.buy_day == day and friend.bought_own_ug > 0) and p_use_today32(scenario, friend, day) > 0
            if friend.substance == leader.substance and runs_low:
                taking_part.append((friend, min(friend.size_ug, friend.afford_ug)))
        together_ug = leader.bought_own_ug + leader.other_ug + sum(share_ug for _, share_ug in taking_part)
        for friend, share_ug in taking_part:
            if together_ug > leader.together_ug:
                fetch(friend, share_ug, day)
            else:
                friend.order_ug, friend.order_from = share_ug, leader
                leader.circle_ug += share_ug
                leader.bought_ug += share_ug
                leader.reasons.add("social_supply")


def fetch(friend: Habit, share_ug: int, day: int) -> None:
    """Let a friend go along and carry the own share home."""
    if friend.buy_day != day:
        friend.buy_day, friend.bought_sale_ug = day, 0
    friend.person.trip_day = day
    if friend.own_ug == 0:
        friend.reasons = set()
    friend.own_ug += share_ug
    friend.bought_own_ug = share_ug
    friend.bought_ug += share_ug


def hand_out(circle: Circle, day: int) -> None:
    """Give friends and others what was bought for them, unless it was seized or one of the two is held; the buyer keeps the rest."""
    for habit in circle.habits:
        hand_over(habit, day)
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


def give(scenario: Scenario, circle: Circle, day: int, luck: Luck) -> None:
    """Let some who bought today give some to the friend who has least of it (the first of equals), as they all stand before any gift.

    Friends who use it and have less than a usual dose come into question; each gets one gift, of the first who gives; at most half goes.
    """
    if scenario.market.gifts is None:
        return
    gifts: dict[int, tuple[Habit, Habit, int]] = {}
    for giver in circle.habits:
        bought = giver.buy_day == day and giver.bought_own_ug > 0 and giver.own_ug > 0
        if not bought or not giver.person.is_free(day) or not luck.happens(scenario.market.gifts.p.value, "day.gift", giver.identity, day):
            continue
        friends = [h for h in circle.habits if h is not giver and h.substance == giver.substance and h.p_use32 > 0]
        friends = [h for h in friends if h.own_ug < h.dose_ug and h.person.is_free(day)]
        if friends:
            friend, unit_ug = min(friends, key=lambda h: h.own_ug), substance_of(scenario, giver).unit.ug
            gift_ug = whole_steps(times(friend.dose_ug, factor(scenario.market.gifts.doses.value)), unit_ug)
            gifts.setdefault(friend.identity, (giver, friend, min(gift_ug, giver.own_ug // 2 // unit_ug * unit_ug)))
    for giver, friend, gift_ug in gifts.values():
        giver.own_ug -= gift_ug
        giver.given_ug += gift_ug
        friend.own_ug += gift_ug
        friend.received_ug += gift_ug


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
