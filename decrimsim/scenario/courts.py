"""What courts and prosecutors do beyond the plain path: assessment, conditions, lawyers, rulings, ranges, appeal, the queue.

Level 3. Every section is optional; a world that does not describe one is a world without it.
"""

from __future__ import annotations

from pydantic import model_validator

from decrimsim.parameters import ByOffence, Count, Days, Model, Probability, Ratio


class Assessment(Model):
    """A trained medical professional sees the person, where the law lets a decider rely on it.

    The finding of dependence or own use lowers the belief in supply and raises diversion, and counts as evidence of own use in court.
    """

    police: Probability
    """police have a person found with drugs assessed"""
    prosecutor: Probability
    """the prosecutor does, of those not assessed before"""
    court: Probability
    """a contested hearing does, of those not assessed before"""
    finds_dependent: Probability
    """own use is found, of people who are dependent"""
    finds_other: Probability
    """the same of people who are not"""
    belief_factor: Ratio
    """chance of being treated as a supplier after such a finding, against none; at most 1"""
    divert_factor: Ratio
    """chance of diversion after such a finding, against none"""

    @model_validator(mode="after")
    def _check(self) -> Assessment:
        if self.belief_factor.value > 1:
            raise ValueError("belief_factor must be at most 1: a finding of own use never points at supply")
        return self


class DiversionConditions(Model):
    """What a conditional diversion asks, where the law makes it conditional. The guide forbids both conditions."""

    plea: Probability
    """a plea of guilty is asked"""
    abstinence: Probability
    """abstinence is asked"""
    breach: Probability
    """a condition other than abstinence is breached"""
    breach_abstinence: Probability
    """a condition is breached where abstinence was asked"""
    convict: Probability
    """a breach ends in conviction where no plea was given; where one was, it always does"""
    delay: Days
    """from the diversion to the end of a breached case"""


class Representation(Model):
    """What a lawyer changes besides the verdict."""

    duty_lawyer: Probability
    """a person charged without a lawyer of their own gets one on duty"""
    rebut_factor: Ratio
    """chance of rebutting a presumption with any lawyer, against none"""
    plead_factor: Ratio
    """chance of pleading guilty as charged with any lawyer, against none; at most 1"""

    @model_validator(mode="after")
    def _check(self) -> Representation:
        if self.plead_factor.value > 1:
            raise ValueError("plead_factor must be at most 1: a lawyer makes nobody plead guilty more often here")
        return self


class PoliceReports(Model):
    """Hearings in which the court sees police reports only, so that evidence of own use does not count."""

    share: Probability


class Precedent(Model):
    """A ruling that binds its parties only may be granted to others who ask for it."""

    granted: Probability
    """a person charged with possession is granted it, where it would leave no offence"""


class SentencingRange(Model):
    """The law's own shortest and longest terms bound the days of prison."""

    kept: Probability
    """a court keeps to them"""


class Appeal(Model):
    """People convicted by a court may appeal; a successful appeal removes the conviction and ends prison."""

    file: ByOffence
    succeed: ByOffence
    """an appeal that was filed succeeds"""
    delay: Days
    """from the verdict to the appeal's decision"""


class Queue(Model):
    """An office has a capacity: what it cannot deal with waits, first come first served, and every new case waits behind it.

    After each period of 28 days the work that a law's own cases asked for is compared with the capacity; the rest is carried over.
    """

    capacity: Count
    """cases before prosecutors, or hearings, per 1,000 people who use drugs and 28 days"""
    opening: Days
    """wait on the first day"""
    longest: Days
    """the longest wait that the queue adds"""

    @model_validator(mode="after")
    def _check(self) -> Queue:
        if self.capacity.value <= 0:
            raise ValueError("capacity must be more than nothing")
        return self


class CourtQueue(Queue):
    """A court's hearings."""

    contested: Ratio
    """hearings that a contested case takes; every other charge takes one"""
