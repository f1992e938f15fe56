"""People, circles and habits: who lives here, what they use, buy, sell and carry."""

from __future__ import annotations

from dataclasses import dataclass, field

from decrimsim import chance
from decrimsim.law import FORMS
from decrimsim.scenario import Scenario
from decrimsim.scenario.people import Dealing, Substance
from decrimsim.schema import REGIONS, ROLES
from twin.luck import Luck, beta32, factor, lognormal, times, whole_steps

EVERYTHING = 2**62
"""More than anybody holds: who carries so much carries all."""
HABITS_PER_PERSON = 64
MOST_AFFORDABLE_UG = 10**12
NEVER = -1


@dataclass
class Habit:
    """One substance that a person uses or sells, with stocks and the grams account, in micrograms."""

    person: Person
    substance: int
    form: int
    p_use32: int
    dose_ug: int
    size_ug: int
    afford_ug: int
    low_ug: int
    carry_ug: int
    restock_ug: int
    sold_a_day_ug: int
    own_ug: int
    sale_ug: int
    is_left_to_friends: bool
    """the person does not buy this substance: a friend in the circle does"""
    circle_ug: int = 0
    """bought for friends today and not yet handed out"""
    wanted_ug: int = 0
    """wanted today"""
    buy_day: int = NEVER
    bought_own_ug: int = 0
    bought_sale_ug: int = 0
    order_ug: int = 0
    """what a friend bought for this habit today"""
    order_from: Habit | None = None
    reasons: set[str] = field(default_factory=set)
    is_online: bool = False
    """bought by parcel, not on trips"""
    parcel_ug: int = 0
    parcel_day: int = NEVER
    """when the parcel on its way comes home, or gets lost"""
    other_ug: int = 0
    """bought today for somebody outside the circle and not yet handed over"""
    carry_sale_ug: int = 0
    """how much of the stock for sale is taken along at most"""
    together_ug: int = EVERYTHING
    """how much the person carries home at most for all together; beyond it friends fetch their own"""
    usual: dict[str, int] = field(default_factory=dict)
    """what an answer to the line may change, without the answer"""
    delivered_ug: int = 0
    lost_ug: int = 0
    bought_ug: int = 0
    received_ug: int = 0
    used_ug: int = 0
    given_ug: int = 0
    sold_ug: int = 0
    seized_ug: int = 0
    unmet_ug: int = 0

    @property
    def identity(self) -> int:
        """Who draws, in draws of a habit."""
        return self.person.id * HABITS_PER_PERSON + self.substance


@dataclass
class Person:
    """One person. The last lines change in the run, everything above is fixed."""

    id: int
    circle: Circle
    role: str
    has_no_safe_home: bool
    is_represented: bool
    had_conviction: bool
    is_bulk_buyer: bool
    is_stocker: bool
    raid_response: str
    carries: str
    stock_day: int
    main_substance: int
    categories: dict[str, str]
    """category on every equity axis"""
    is_dependent: bool = False
    habits: list[Habit] = field(default_factory=list)
    widest: dict[str, int] = field(default_factory=dict)
    """largest chance of each channel that the person may come to have, once somebody asked"""
    trip_day: int = NEVER
    free_from: int = 0
    """first day out of custody"""
    service_until: int = 0
    """first day out of a service"""
    service_kind: int = 0
    is_alive: bool = True
    infections: set[str] = field(default_factory=set)
    waits_for: str | None = None
    """the kind of service on whose waiting list the person is"""
    services: list[tuple[int, int, int]] = field(default_factory=list)
    """services to come and gone: (first day, first day out, kind)"""
    plans: list[tuple[int, str, int]] = field(default_factory=list)
    """what is due: (day, 'custody', until), (day, 'conviction' or 'cleared', 1 for supply), (day, 'job' or 'home', 0)"""
    cautions: int = 0
    notices: int = 0
    reports: int = 0
    convictions: int = 0
    supply_convictions: int = 0
    job_losses: int = 0
    home_losses: int = 0
    is_homeless: bool = False
    knows_line: bool = False
    """has no safe home today"""
    past: list[tuple[str, int]] = field(default_factory=list)
    """what rules on repeats count: (counter, day)"""
    buying_days: set[str] = field(default_factory=set)
    """names of the days on which the person buys by habit"""
    stocks_up_in: set[int] = field(default_factory=set)
    """shortages in which the person buys larger amounts, by their place in the scenario"""

    @property
    def region(self) -> str:
        return self.circle.region

    def is_free(self, day: int) -> bool:
        """Tell whether the person is out of custody."""
        return self.is_alive and self.free_from <= day


@dataclass
class Circle:
    """Friends who share."""

    id: int
    region: str
    people: list[Person] = field(default_factory=list)

    @property
    def habits(self) -> list[Habit]:
        """All habits of the circle, person by person, then by substance."""
        return [habit for person in self.people for habit in person.habits]


def make_circles(scenario: Scenario, n_people: int, luck: Luck) -> list[Circle]:
    """Return the circles of a population; the last one is cut where the population ends."""
    circles: list[Circle] = []
    sizes, shares = [int(size) for size in scenario.people.circle_size], [p.value for p in scenario.people.circle_size.values()]
    n = 0
    while n < n_people:
        circle = Circle(len(circles), "remote" if luck.happens(scenario.people.remote.value, "people.circle", len(circles)) else "urban")
        size = sizes[luck.pick(shares, "people.circle_size", circle.id)]
        circle.people = [make_person(scenario, who, circle, luck) for who in range(n, min(n + size, n_people))]
        find_providers(circle)
        circles.append(circle)
        n += size
    return circles


def find_providers(circle: Circle) -> None:
    """Make people buy for themselves where nobody in the circle who uses a substance buys it."""
    provided = {habit.substance for habit in circle.habits if not habit.is_left_to_friends and not habit.is_online and habit.p_use32 > 0}
    for habit in circle.habits:
        habit.is_left_to_friends &= habit.substance in provided and not habit.is_online


def make_person(scenario: Scenario, who: int, circle: Circle, luck: Luck) -> Person:
    """Return one person with their habits."""
    people, carrying = scenario.people, scenario.carrying
    had_conviction = luck.happens(people.prior_conviction.value, "people.record", who)
    had_supply = had_conviction and luck.happens(people.prior_supply_conviction.value, "people.record", who, k=1)
    is_stocker = luck.happens(people.lockdown_stocker.value, "people.response", who, k=1)
    raid, style = people.raid_response, (carrying.dose_only.value, carrying.some.value)
    person = Person(
        id=who,
        circle=circle,
        role=ROLES[luck.pick(role_shares(scenario), "people.role", who)],
        has_no_safe_home=luck.happens(people.no_safe_home.value, "people.home", who),
        is_represented=luck.happens(people.represented.value, "people.lawyer", who),
        had_conviction=had_conviction,
        is_bulk_buyer=luck.happens(people.bulk_buyer.value, "people.response", who),
        is_stocker=is_stocker,
        raid_response=("buy_more", "stop", "same")[
            luck.pick([raid.buy_more.value, raid.stop.value, 1 - raid.buy_more.value - raid.stop.value], "people.response", who, k=2)
        ],
        carries=("dose", "some", "all")[luck.pick([*style, 1 - style[0] - style[1]], "people.carrying", who)],
        stock_day=stock_day(scenario, who, luck) if is_stocker else NEVER,
        main_substance=main_substance(scenario, who, circle, luck),
        categories={
            axis: list(shares)[luck.pick([p.value for p in shares.values()], "people.axis", who, k=a)] for a, (axis, shares) in enumerate(people.axes.items())
        },
        convictions=int(had_conviction),
        supply_convictions=int(had_supply),
        past=[("convictions", -1)] if had_conviction else [],
    )
    person.is_homeless = person.has_no_safe_home
    calendar = scenario.market.calendar
    for k, (name, rule) in enumerate(calendar.buying_days.items() if calendar is not None else ()):
        if luck.happens(rule.share.value, "people.calendar", who, k=k):
            person.buying_days.add(name)
    for k, shortage in enumerate(scenario.market.shortages):
        if luck.happens(shortage.stockers.value, "people.shortage", who, k=k):
            person.stocks_up_in.add(k)
    for s, substance in enumerate(scenario.substances.values()):
        also = person.role != "commercial" and luck.happens(substance.also.value, "people.substance", who, k=2 + s)
        if s == person.main_substance or also:
            person.habits.append(make_habit(scenario, person, s, luck))
            person.is_dependent |= person.habits[-1].p_use32 > 0 and is_dependent(substance, person, s, luck)
    return person


def role_shares(scenario: Scenario) -> list[float]:
    """Return the shares of the roles in the order of ROLES; everybody without another role is a consumer."""
    roles = scenario.people.roles
    others = [roles.social_supplier.value, roles.user_dealer.value, roles.commercial.value]
    return [1 - sum(others), *others]


def main_substance(scenario: Scenario, who: int, circle: Circle, luck: Luck) -> int:
    """Return the substance a person uses most: the circle's, or one of their own."""
    shares = [substance.main.value for substance in scenario.substances.values()]
    if luck.happens(scenario.people.same_main.value, "people.substance", who):
        return luck.pick(shares, "people.circle", circle.id, k=1)
    return luck.pick(shares, "people.substance", who, k=1)


def stock_day(scenario: Scenario, who: int, luck: Luck) -> int:
    """Return the day between the announcement and the start of a lockdown on which a person stocks up."""
    lockdown = scenario.market.lockdown
    if lockdown is None:
        return NEVER
    return lockdown.announced_day + times(luck.quantile("people.response", who, k=3), lockdown.start_day - lockdown.announced_day + 1)


def use_type(substance: Substance, who: int, s: int, luck: Luck) -> int:
    """Return the kind of use: 0 is the heaviest."""
    return luck.pick([kind.share.value for kind in substance.types.values()], "habit.type", who, k=s)


def is_dependent(substance: Substance, person: Person, s: int, luck: Luck) -> bool:
    """Tell whether a person is dependent on a substance; only people of the first use type may be."""
    return use_type(substance, person.id, s, luck) == 0 and luck.happens(substance.dependent.value, "habit.dependence", person.id, k=s)


def make_habit(scenario: Scenario, person: Person, s: int, luck: Luck) -> Habit:
    """Return a habit with its sizes and its stock on the first day."""
    substance = list(scenario.substances.values())[s]
    who, unit_ug, deal_ug = person.id, substance.unit.ug, substance.deal.ug
    dose_ug = max(times(substance.dose.ug, lognormal(substance.dose_sd_people.value, luck.quantile("habit.dose", who, k=s))), 1)
    usual_ug = times(dose_ug, factor(substance.purchase.value))
    size_ug = whole_steps(times(usual_ug, lognormal(substance.purchase_sd.value, luck.quantile("habit.purchase", who, k=s))), deal_ug)
    afford_ug = affordable(substance, who, s, luck)
    restock_ug, sold_a_day_ug = dealing(substance, person, s, luck)
    only_sells = person.role == "commercial"
    kind = list(substance.types.values())[use_type(substance, who, s, luck)]
    p_use32 = beta32(kind.days.value / 28, kind.concentration.value, luck.quantile("habit.use_days", who, k=s))
    own_ug = times(min(size_ug, afford_ug), luck.quantile("habit.stock", who, k=s)) // unit_ug * unit_ug
    forms = [FORMS.index(form) for form in substance.forms]
    return Habit(
        person=person,
        substance=s,
        form=forms[luck.pick([p.value for p in substance.forms.values()], "habit.form", who, k=s)],
        p_use32=0 if only_sells else p_use32,
        dose_ug=dose_ug,
        size_ug=size_ug,
        afford_ug=afford_ug,
        low_ug=times(dose_ug, factor(scenario.market.group_purchase.running_low.value)),
        carry_ug=usual_carry(scenario, person, dose_ug, unit_ug),
        restock_ug=restock_ug,
        sold_a_day_ug=sold_a_day_ug,
        own_ug=0 if only_sells else own_ug,
        sale_ug=times(restock_ug, luck.quantile("habit.stock", who, k=s + HABITS_PER_PERSON)) // unit_ug * unit_ug,
        is_left_to_friends=luck.happens(kind.from_friends.value, "habit.source", who, k=s),
        is_online=not only_sells and p_use32 > 0 and buys_online(scenario, who, s, luck),
        carry_sale_ug=sold_a_day_ug,
    )


def buys_online(scenario: Scenario, who: int, s: int, luck: Luck) -> bool:
    """Tell whether a person buys a substance by parcel."""
    online, name = scenario.market.online, list(scenario.substances)[s]
    return online is not None and name in online.shares and luck.happens(online.shares[name].value, "habit.online", who, k=s)


def affordable(substance: Substance, who: int, s: int, luck: Luck) -> int:
    """Return the most that a purse buys at total price = gram price x grams^exponent, in whole deals, at least one."""
    price = substance.price
    median_ug = MOST_AFFORDABLE_UG
    if price.gram.value > 0:
        median_ug = min(round((price.purse.value / price.gram.value) ** (1 / price.exponent.value) * 1e6), MOST_AFFORDABLE_UG)
    purse_ug = times(median_ug, lognormal(price.purse_sd.value / price.exponent.value, luck.quantile("habit.purse", who, k=s)))
    return max(purse_ug // substance.deal.ug, 1) * substance.deal.ug


def dealing(substance: Substance, person: Person, s: int, luck: Luck) -> tuple[int, int]:
    """Return how much a person who sells buys in at a time, and sells in a day; they sell their main substance only."""
    sections: dict[str, Dealing] = {"user_dealer": substance.user_dealer, "commercial": substance.commercial}
    if person.role not in sections or s != person.main_substance:
        return 0, 0
    section = sections[person.role]
    restock_ug = whole_steps(times(section.restock.ug, lognormal(section.restock_sd.value, luck.quantile("habit.dealing", person.id, k=s))), substance.deal.ug)
    return restock_ug, whole_steps(times(restock_ug, factor(section.sold_a_day.value)), substance.unit.ug)


def usual_carry(scenario: Scenario, person: Person, dose_ug: int, unit_ug: int) -> int:
    """Return how much of the own stock a person has along when they have anything along."""
    if person.has_no_safe_home or person.carries == "all":
        return EVERYTHING
    doses = factor(scenario.carrying.some_doses.value) if person.carries == "some" else factor(1)
    return whole_steps(times(dose_ug, doses), unit_ug)


def people_rows(scenario: Scenario, circles: list[Circle]) -> list[tuple[object, ...]]:
    """Return the table of people: the columns of the schema, then one code for each axis."""
    rows: list[tuple[object, ...]] = []
    for circle in circles:
        for p in circle.people:
            fixed = (p.id, circle.id, REGIONS.index(p.region), ROLES.index(p.role), p.is_dependent, p.has_no_safe_home, p.is_represented, p.had_conviction)
            axes = [list(shares).index(p.categories[axis]) for axis, shares in scenario.people.axes.items()]
            rows.append((*fixed, len(p.habits), p.main_substance, p.knows_line, *axes))
    return sorted(rows)


assert chance.TABLE == 65_536
