"""How police work is organised: strategies, hours, venues; violence, bribes, training, guidelines, cells.

Level 3. Every section here may be left out; what is left out does not happen.
"""

from __future__ import annotations

from pydantic import model_validator

from decrimsim.parameters import Amount, ByOffence, Days, Hours, Model, Money, PerPersonYear, Probability, Ratio


class OfficerHours(Model):
    """Officers have hours: what each step of a case takes decides how many people they can stop.

    After each period of 28 days, the hours that a law's own cases took are compared with the hours there are; stops and observed
    purchases of the next period change in proportion, as far as ``response`` says and within ``most`` either way.
    """

    available: Hours
    """officer hours spent on drugs per 1,000 people who use drugs and 28 days"""
    response: Ratio
    """how far effort follows: 0 not at all, 1 until the hours are used up"""
    most: Ratio
    """the most by which effort grows, and the inverse of the most by which it shrinks"""
    stop: Hours
    search: Hours
    warning: Hours
    """a find that ends in nothing or in a warning"""
    caution: Hours
    notice: Hours
    panel: Hours
    """a report to a panel"""
    summons: Hours
    arrest: Hours

    @model_validator(mode="after")
    def _check(self) -> OfficerHours:
        if self.response.value > 1:
            raise ValueError("response must be at most 1: effort that makes up for all the hours that are left")
        if not 1 <= self.most.value <= 20:
            raise ValueError("most must lie between 1 and 20")
        return self


class Strategy(Model):
    """One way of policing: how much each kind of contact is worked against usual."""

    title: str
    warrant: Ratio
    street: Ratio
    dog: Ratio
    trip: Ratio
    purchase: Ratio
    no_safe_home: Ratio
    """stops of people with no safe home, on top of what they meet anyway: where police go is not where everybody is"""
    discretion: Ratio
    """chance that a find is ignored, ends in a warning or a caution, against usual: targets lower it; at most 1"""
    stands_down: bool
    """suspicion of use or possession is no reason to stop anyone, whatever the law allows"""

    @model_validator(mode="after")
    def _check(self) -> Strategy:
        if self.discretion.value > 1:
            raise ValueError("discretion must be at most 1")
        return self


class Strategies(Model):
    """Named strategies, of which one is in force."""

    chosen: str
    known: dict[str, Strategy]

    @model_validator(mode="after")
    def _check(self) -> Strategies:
        if self.chosen not in self.known:
            raise ValueError(f"the strategy {self.chosen!r} is not among the known ones: {', '.join(self.known)}")
        return self

    @property
    def in_force(self) -> Strategy:
        """The chosen strategy."""
        return self.known[self.chosen]


class VisitRate(Model):
    """Checks at such places, by region."""

    urban: PerPersonYear
    remote: PerPersonYear


class Venue(Model):
    """Checks at events, or on trains, buses and roads."""

    checks: VisitRate
    p_carry: Probability
    """someone checked there has something along"""
    supply_suspicion: Probability
    """share of checks that rest on suspicion of supply"""
    search: Probability
    """searched when nothing points at drugs"""
    search_cue: Probability
    """searched when an odour points at drugs"""
    find: Probability
    """a search finds a substance that is there"""


class Violence(Model):
    """Violence and abuse by officers, as recorded by nobody but this simulation."""

    stop: Probability
    """at a stop without a search"""
    search: Probability
    """at a stop with a search"""
    arrest: Probability
    """at an arrest, on top"""
    group_factor: dict[str, dict[str, Ratio]]
    """against the reference group, by axis and category; groups not named: 1"""


class Training(Model):
    """Officers trained to tell use from supply and to treat groups alike."""

    trained: Probability
    """a case is handled by a trained officer"""
    belief_factor: Ratio
    """their chance of treating a find as supply where at most one kind of evidence of supply was seen, against others; at most 1"""
    disparity: Ratio
    """how much of the difference between groups in cautions and notices is left: 1 all of it, 0 none"""

    @model_validator(mode="after")
    def _check(self) -> Training:
        if self.belief_factor.value > 1 or self.disparity.value > 1:
            raise ValueError("belief_factor and disparity must be at most 1")
        return self


class Guidelines(Model):
    """Guidelines beside the statute: amounts that officers are told to take for own use unless there is much evidence of supply."""

    followed: Probability
    """an officer follows them"""
    limits: dict[str, Amount]
    """gross weight up to which, by substance; a substance that is not named has no guideline"""
    evidence: Ratio
    """kinds of evidence of supply from which on the guideline does not hold"""


class Bribery(Model):
    """Payments demanded or offered instead of a case."""

    demanded: ByOffence
    """a payment comes up, by what the officer takes the find for"""
    paid: Probability
    amount: Money
    """what is paid"""
    drugs_kept: Probability
    """the person keeps the drugs after paying"""


class HoldingCell(Model):
    """Detention before charge: people who are arrested are held for a time, whatever follows."""

    held: ByOffence
    days: Days
    """rounded to whole days, at least one"""
