"""Services: what there is, for how many, for whom, what it costs and does, and how people come to it.

Level 3.
"""

from __future__ import annotations

from pydantic import model_validator

from decrimsim.errors import nearest
from decrimsim.parameters import Days, Model, Money, PerThousandPeople, Probability, Ratio
from decrimsim.schema import SERVICE_KINDS


class ServiceKind(Model):
    """One kind of service."""

    places: PerThousandPeople
    """people whom it can hold at once"""
    first_free: Probability
    """chance of a free place in the first period, before a law's own counts say more"""
    duration: Days
    """stay of those who finish; who drops out leaves at some time before"""
    finish: Probability
    """keeps going to the end, of those who start"""
    place_day: Money
    """cost of one place for a day, used or not"""
    use_reduction: Probability
    """use days avoided while in it, of the substances that it is for"""
    overdose_reduction: Probability
    """deaths from overdose avoided while in it, where health is simulated"""
    infection_reduction: Probability
    """infections with HIV and hepatitis C avoided while in it, where health is simulated"""
    share: Ratio
    """weight among the kinds that suit a person"""
    only_dependent: bool = False
    """for people who are dependent only"""
    substances: tuple[str, ...] = ()
    """for people who use one of these; empty: for everybody who uses anything"""


class Avoidance(Model):
    """People who stay away from a service out of fear of police, by what the law makes of a small amount for own use."""

    none: Probability
    administrative: Probability
    criminal: Probability


class SelfEntry(Model):
    """People who seek a service of their own accord, in every 28 days."""

    dependent: Probability
    other: Probability
    avoidance: Avoidance | None = None


class Redirection(Model):
    """Money moved from justice to services.

    After each period of 28 days, what a law's own cases cost police, prosecution, courts and prisons is compared with a budget.
    Of what is left, a share buys places for the next period.
    """

    budget: Money
    """justice budget for 1,000 people who use drugs and 28 days"""
    share: Probability
    """part of what is left of it that is moved to services"""


class Services(Model):
    """Kinds of services with their places, and how people come to them."""

    kinds: dict[str, ServiceKind]
    start: Probability
    """turns up, of those for whom a place is free"""
    self_entry: SelfEntry | None = None
    redirection: Redirection | None = None

    @model_validator(mode="after")
    def _check(self) -> Services:
        for name in self.kinds:
            if name not in SERVICE_KINDS:
                raise ValueError(f"services.kinds.{name} is not a kind of service. {nearest(name, SERVICE_KINDS)}")
        if not self.kinds:
            raise ValueError("services need at least one kind")
        return self
