"""People, their habits and the market, as a scenario file describes them.

Level 3.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from decrimsim.parameters import Amount, DaysPer28, Exponent, LogSd, Minutes, Model, Money, People, Probability, Ratio
from decrimsim.scenario.adapting import Response
from decrimsim.scenario.buying import MOST_RULES, Calendar, Copping, Day, Gifts, Online, Packing, Shortage, Substitution
from decrimsim.schema import REGIONS

Shares = dict[str, Probability]


def check_shares(shares: Shares, what: str) -> None:
    """Raise ValueError unless the shares add up to 1 within 1e-9."""
    total = sum(share.value for share in shares.values())
    if abs(total - 1) > 1e-9:
        raise ValueError(f"the shares of {what} add up to {total:.10g}, not to 1")


class Roles(Model):
    """Habitual roles; everybody else is a consumer."""

    social_supplier: Probability
    """buys for friends, without gain"""
    user_dealer: Probability
    """sells to pay for own use"""
    commercial: Probability
    """sells for profit"""


class RaidResponse(Model):
    """What people do while raids go on nearby; everybody else changes nothing."""

    buy_more: Probability
    """buy larger amounts, less often"""
    stop: Probability
    """buy nothing for the time"""


class PeopleSection(Model):
    """Who lives in the scenario."""

    represents: People
    """how many people who use drugs the simulated population stands for"""
    axes: dict[str, Shares]
    """equity axes, any number, any categories; the first category is the reference group"""
    remote: Probability
    """circles that live in remote places"""
    circle_size: Shares
    """how many friends share, the person included: '1', '2', ..."""
    same_main: Probability
    """members of a circle whose main substance is the circle's"""
    roles: Roles
    no_safe_home: Probability
    represented: Probability
    """would have their own lawyer in court"""
    prior_conviction: Probability
    """had a drug conviction before the first day"""
    prior_supply_conviction: Probability
    """of those, a conviction for supply"""
    bulk_buyer: Probability
    """habitually buys big for the discount"""
    lockdown_stocker: Probability
    """stocks up when a lockdown is announced"""
    raid_response: RaidResponse
    response: Response | None = None
    """what people do about the line of the law in force"""

    @model_validator(mode="after")
    def _check(self) -> PeopleSection:
        for axis, shares in self.axes.items():
            if not shares:
                raise ValueError(f"the axis {axis!r} has no categories")
            if len(shares) > 100:
                raise ValueError(f"the axis {axis!r} has {len(shares)} categories, and at most 100 are possible")
            check_shares(shares, f"the axis {axis!r}")
        check_shares(self.circle_size, "circle_size")
        for size in self.circle_size:
            if not size.isdigit() or not 1 <= int(size) <= 50:
                raise ValueError(f"circle_size {size!r} is not a whole number of people from 1 to 50")
        if self.roles.social_supplier.value + self.roles.user_dealer.value + self.roles.commercial.value > 1:
            raise ValueError("the roles add up to more than 1")
        if self.raid_response.buy_more.value + self.raid_response.stop.value > 1:
            raise ValueError("the raid responses add up to more than 1")
        return self


class UseType(Model):
    """A kind of use: daily, regular, occasional."""

    share: Probability
    days: DaysPer28
    """mean days of use in every 28"""
    concentration: Ratio
    """how alike people of this type are: use days are beta-binomial with this a + b"""
    from_friends: Probability
    """people of this type who do not buy it themselves, as long as a friend in the circle does"""

    @model_validator(mode="after")
    def _check(self) -> UseType:
        if self.concentration.value <= 0:
            raise ValueError("concentration must be more than 0")
        return self


class Binge(Model):
    """Days on which far more than usual is used."""

    p: Probability
    """share of use days"""
    factor: Ratio
    """times the usual amount"""


class Price(Model):
    """Price, discount and what people can pay."""

    gram: Money
    """price of one gram bought alone"""
    exponent: Exponent
    """total price ~ grams^exponent: below 1 a quantity discount"""
    purse: Money
    """the most that a person pays in one purchase, median over people"""
    purse_sd: LogSd


class Dealing(Model):
    """Stock of people who sell this substance."""

    restock: Amount
    """bought in at a time, median"""
    restock_sd: LogSd
    sold_a_day: Ratio
    """share of a restock sold in a day"""


class Substance(Model):
    """How one substance is used, bought and sold."""

    forms: dict[str, Probability]
    """forms in which it is bought, with shares"""
    main: Probability
    """circles whose main substance it is"""
    also: Probability
    """people with another main substance who use this one too"""
    types: dict[str, UseType]
    dose: Amount
    """used on a day of use, median over people"""
    dose_sd_people: LogSd
    """between people"""
    dose_sd_days: LogSd
    """between the days of one person"""
    binge: Binge
    unit: Amount
    """smallest amount: the mass of a pill, or the step in which powder is divided"""
    counted_forms: tuple[str, ...] = ()
    """forms sold in dose units of that mass: tablet, capsule, blotter"""
    deal: Amount
    """step in which it is sold"""
    purchase: Ratio
    """usual purchase in days of use, median over people"""
    purchase_sd: LogSd
    price: Price
    purity: Probability
    """share of the weight that is active"""
    dependent: Probability
    """dependent among people of the first use type"""
    odour: Probability
    """an officer nearby notices the smell"""
    user_dealer: Dealing
    commercial: Dealing

    @model_validator(mode="after")
    def _check(self) -> Substance:
        check_shares(self.forms, "forms")
        check_shares({name: kind.share for name, kind in self.types.items()}, "types")
        if self.deal.ug % self.unit.ug:
            raise ValueError(f"the deal of {self.deal.value} is not a whole number of units of {self.unit.value}")
        unknown = set(self.counted_forms) - set(self.forms)
        if unknown:
            raise ValueError(f"counted_forms names {sorted(unknown)}, which is not among the forms")
        return self


class Lockdown(Model):
    """A lockdown in the period: days counted from the first day, 0."""

    announced_day: Day
    start_day: Day
    end_day: Day
    stock_factor: Ratio
    """purchase of those who stock up, against their usual one, on announcement and while it lasts"""
    access: Ratio
    """chance of reaching the market, against usual"""
    public_time: Ratio
    """time spent in public, against usual"""

    @model_validator(mode="after")
    def _check(self) -> Lockdown:
        if not self.announced_day <= self.start_day <= self.end_day:
            raise ValueError("announced_day, start_day and end_day must follow each other")
        return self


class Raid(Model):
    """A crackdown in one region for some days."""

    region: Literal["urban", "remote"]
    start_day: Day
    end_day: Day

    @model_validator(mode="after")
    def _check(self) -> Raid:
        if self.start_day > self.end_day:
            raise ValueError("start_day must not come after end_day")
        return self


class ByRegion(Model):
    """One chance for each region."""

    urban: Probability
    remote: Probability


class MinutesByRegion(Model):
    """Minutes for each region."""

    urban: Minutes
    remote: Minutes


class Market(Model):
    """Buying: access, reasons for larger purchases, buying for friends."""

    access: ByRegion
    """someone who wants to buy can, on a given day"""
    remote_factor: Ratio
    """purchase in remote places against the usual one"""
    bulk_factor: Ratio
    """purchase of people who buy big for the discount"""
    lockdown: Lockdown | None = None
    raids: tuple[Raid, ...] = ()
    raid_factor: Ratio
    """purchase during a raid of those who then buy larger amounts"""
    group_purchase: GroupPurchase
    """someone buys for the circle as well"""
    share_at_use: Probability
    """someone who runs out on a day of use gets what is missing from a friend in the circle who has more than they need today"""
    calendar: Calendar | None = None
    shortages: tuple[Shortage, ...] = Field(default=(), max_length=MOST_RULES)
    substitution: Substitution | None = None
    purity_by_form: dict[str, Shares] | None = None
    """by substance and form, where it differs from the substance's own"""
    online: Online | None = None
    copping: Copping | None = None
    gifts: Gifts | None = None
    packing: Packing | None = None


class GroupPurchase(Model):
    """Chance that a purchase is also made for friends who are running low."""

    consumer: Probability
    social_supplier: Probability
    user_dealer: Probability
    commercial: Probability
    running_low: Ratio
    """friends take part whose stock is below this many of their usual doses"""


class Carrying(Model):
    """What people have on them in public, and for how long."""

    dose_only: Probability
    """people who carry a dose"""
    some: Probability
    """people who carry several doses; the rest carry all"""
    some_doses: Ratio
    """how many doses that is"""
    p_carry: Probability
    """chance of having anything along at a moment in public"""
    public_minutes: MinutesByRegion
    """in public in a day"""
    no_safe_home_minutes: Minutes
    """in public in a day, people with no safe home"""
    trip_minutes: MinutesByRegion
    """way home with a purchase"""

    @model_validator(mode="after")
    def _check(self) -> Carrying:
        if self.dose_only.value + self.some.value > 1:
            raise ValueError("dose_only and some add up to more than 1")
        return self


Market.model_rebuild()
assert REGIONS == ("urban", "remote")
__all__ = ["Carrying", "Market", "PeopleSection", "Substance"]
