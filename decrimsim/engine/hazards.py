"""Health as whole numbers: chances in a period of 28 days.

Level 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.chance import Q16, q16
from decrimsim.engine.places import ServiceNumbers
from decrimsim.scenario.model import Scenario
from decrimsim.schema import PERIOD, SERVICES

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Hazards:
    """Chances in 2**-32 for a period, factors in 1/65536."""

    overdose32: I64
    """(substances,)"""
    injects32: I64
    release_days: int
    release_q16: int
    had_hiv32: int
    had_hepatitis_c32: int
    hiv32: int
    hepatitis_c32: int
    tuberculosis32: int
    custody_q16: int
    overdose_left_q16: I64
    """(services,) while in a service, against usual"""
    infection_left_q16: I64


def in_period32(a_year: float) -> int:
    """Return the chance in 2**-32 that something happens at least once in a period, for a rate a year."""
    return chance.chance32(1 - math.exp(-a_year * PERIOD / 365))


def hazards(scenario: Scenario, services: ServiceNumbers | None) -> Hazards | None:
    """Return health as numbers, or None where the scenario says nothing of it."""
    health = scenario.health
    if health is None:
        return None
    harms = [health.harms.get(name) for name in scenario.substances]
    usual = np.full(len(SERVICES), Q16, np.int64)
    return Hazards(
        overdose32=np.array([in_period32(harm.overdose.value) if harm else 0 for harm in harms], np.int64),
        injects32=np.array([chance.chance32(harm.injects.value) if harm else 0 for harm in harms], np.int64),
        release_days=round(health.release_days.value),
        release_q16=q16(health.release_factor.value),
        had_hiv32=chance.chance32(health.hiv.prevalence.value),
        had_hepatitis_c32=chance.chance32(health.hepatitis_c.prevalence.value),
        hiv32=in_period32(health.hiv.incidence.value),
        hepatitis_c32=in_period32(health.hepatitis_c.incidence.value),
        tuberculosis32=in_period32(health.tuberculosis.incidence.value),
        custody_q16=q16(health.tuberculosis.custody_factor.value),
        overdose_left_q16=services.overdose_left_q16 if services else usual,
        infection_left_q16=services.infection_left_q16 if services else usual,
    )
