"""Sanctions besides sentences, earlier cases, panels' second appointments, payment, and what a record does.

Level 3. Every section is optional; a world that does not describe one is a world without it.
"""

from __future__ import annotations

from decrimsim.parameters import ByOffence, Days, LogSd, Model, Money, Probability, Ratio
from decrimsim.schema import SANCTIONS


class Sanctions(Model):
    """How often what the law allows besides notices and sentences is imposed. What the law does not allow never is."""

    fine: Probability
    """an administrative fine that is not a notice"""
    licence_loss: Probability
    registration: Probability
    """on the register of police or of health authorities"""
    urine_tests: Probability
    """an order to be tested"""
    compulsory_detention: Probability
    """detention that is called rehabilitation"""
    administrative_arrest: Probability
    corporal: Probability
    deportation: Probability
    compulsory_days: Days
    """median; within the law's own terms where they are written"""
    compulsory_days_sd: LogSd
    arrest_days: Days
    arrest_days_sd: LogSd
    licence_days: Days
    """without the licence"""
    registration_days: Days
    """on the register"""
    test_days: Days
    """under the order to be tested"""
    fine_place: Probability
    """where in the law's range a fine lies: 0 the lowest, 1 the highest"""


class RepeatRules(Model):
    """Earlier cases count as the law's rules on repeats say, within their windows, where officials know of them."""

    known: Probability
    """officials know of the earlier cases and apply the rule"""


class Appointments(Model):
    """A second appointment for people who missed the panel."""

    again: Probability
    """one is given"""
    attend: Probability
    """it is kept"""


class Payment(Model):
    """Paying a notice: by ability, at a discount where the law has one, or in parts."""

    hardship_factor: Ratio
    """chance of paying at once for people without a safe home or who lost their job, against others"""
    plan: Probability
    """who does not pay at once gets a plan to pay in parts"""
    kept: Probability
    """the plan is kept"""


class RecordEffects(Model):
    """What a conviction does beyond the sentence: stops as of people with a conviction, a job and a home lost."""

    job_loss: ByOffence
    home_loss: ByOffence
    """the person has no safe home any more: longer in public, with everything along"""
    income: Ratio
    """what the purse affords after the loss of the job, against before; at most 1"""


class Expungement(Model):
    """Records that a law clears: from before the reform, and after its own number of months."""

    on_request: Probability
    """a person asks for it, where the law clears a record on request only"""


class SanctionCosts(Model):
    """Unit costs of sanctions besides sentences, of assessments and appeals, to the public purse."""

    assessment: Money
    appeal: Money
    licence_loss: Money
    registration: Money
    urine_tests: Money
    """all the tests of one order"""
    compulsory_day: Money
    corporal: Money
    deportation: Money


assert set(SANCTIONS) - {"capital"} <= set(Sanctions.model_fields)
