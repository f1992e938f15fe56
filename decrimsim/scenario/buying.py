"""More of the market: the calendar, shortages, other ways to get drugs, and how suppliers pack.

Level 3. Every section may be left out of a scenario file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from decrimsim.errors import nearest
from decrimsim.parameters import Days, LogSd, Model, Probability, Ratio

Day = Annotated[int, Field(ge=0, le=1_000_000)]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MOST_RULES = 32


class BuyingDay(Model):
    """A day that comes back, on which some people buy whether they run short or not, such as payday."""

    first_day: Day
    every: Annotated[int, Field(ge=1, le=28)]
    """days from one to the next"""
    share: Probability
    """people who buy on it as a habit of its own, when less than a usual purchase is left"""
    factor: Ratio
    """their purchase on that day, against the usual one"""


class Calendar(Model):
    """Weekdays and paydays."""

    first_weekday: Weekday
    """weekday of the first day of the run, day 0"""
    weekend: tuple[Weekday, ...]
    """days of the week on which use is concentrated"""
    weekend_use: dict[str, Ratio]
    """by substance, chance of use on such a day against other days; the mean over seven days stays. Substances not named: 1"""
    buying_days: Annotated[dict[str, BuyingDay], Field(max_length=MOST_RULES)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> Calendar:
        if len(set(self.weekend)) < len(self.weekend):
            raise ValueError("a day of the weekend stands twice")
        if not 1 <= len(self.weekend) <= 6:
            raise ValueError("the weekend must have from 1 to 6 days")
        return self


class Shortage(Model):
    """A time in which one substance is hard to get."""

    substance: str
    start_day: Day
    end_day: Day
    access: Ratio
    """chance of getting it, against usual"""
    stockers: Probability
    """people who buy larger amounts when they do get it"""
    stock_factor: Ratio
    """their purchase, against the usual one"""

    @model_validator(mode="after")
    def _check(self) -> Shortage:
        if self.start_day > self.end_day:
            raise ValueError("start_day must not come after end_day")
        return self


class Substitution(Model):
    """Who cannot get a substance uses another instead."""

    p: Probability
    """someone who wanted to buy and could not leaves the substance for that day and uses another that they have a habit of"""


class Online(Model):
    """Buying online: parcels come home after some days, without a trip."""

    shares: dict[str, Probability]
    """by substance, people who buy it online; substances not named: nobody"""
    factor: Ratio
    """an order, against the usual purchase"""
    running_low: Ratio
    """they order when less than so many usual doses are left"""
    delay: Days
    """from the order to the parcel, median; at least one day"""
    delay_sd: LogSd
    lost: Probability
    """a parcel is lost or intercepted on the way"""


class Copping(Model):
    """Chance that a purchase is also made for somebody outside the circle, by habitual role."""

    consumer: Probability
    social_supplier: Probability
    user_dealer: Probability
    commercial: Probability
    factor: Ratio
    """amount bought for the other, against the buyer's usual purchase"""


class Gifts(Model):
    """Gifts inside the circle beyond sharing at use."""

    p: Probability
    """someone who bought today gives some to the friend in the circle who has least"""
    doses: Ratio
    """the gift, in usual doses of the friend; never more than half of what the giver has left"""


class Packing(Model):
    """Suppliers who pack below the line of the law in force."""

    share: Probability
    """people who sell, and buy in and carry just less than the line as they know it"""


def check_names(
    calendar: Calendar | None,
    shortages: tuple[Shortage, ...],
    online: Online | None,
    purity_by_form: Mapping[str, Mapping[str, Probability]] | None,
    forms: Mapping[str, Mapping[str, Probability]],
) -> None:
    """Raise ValueError for a substance or a form that the scenario does not have.

    forms  by substance, its forms
    """
    named = [(f"market.calendar.weekend_use.{name}", name) for name in (calendar.weekend_use if calendar else ())]
    named += [(f"market.shortages.{i}.substance", shortage.substance) for i, shortage in enumerate(shortages)]
    named += [(f"market.online.shares.{name}", name) for name in (online.shares if online else ())]
    named += [(f"market.purity_by_form.{name}", name) for name in (purity_by_form or ())]
    for where, name in named:
        if name not in forms:
            raise ValueError(f"{where} names {name!r}, which is not a substance of this scenario. {nearest(name, forms)}")
    for name, by_form in (purity_by_form or {}).items():
        for form in by_form:
            if form not in forms[name]:
                raise ValueError(f"market.purity_by_form.{name} names the form {form!r}, in which it is not bought. {nearest(form, forms[name])}")
