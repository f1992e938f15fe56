"""The court's queue: what a scenario says of a court's capacity, as whole numbers.

Level 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.chance import Q16, q16
from decrimsim.scenario.model import Scenario
from decrimsim.schema import NEGOTIATION, PROSECUTOR

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CourtTime:
    """A court's capacity. Hearings are counted in 1/65536."""

    capacity_q16: int
    """in a period, for every 1,000 people"""
    contested_q16: int
    opening_days: int
    longest_days: int

    def capacity_of(self, n_people: int) -> int:
        """Return the hearings of a period (in 1/65536) for so many people, at least the smallest part of one."""
        return max(self.capacity_q16 * n_people // 1000, 1)

    def asked_q16(self, prosecutor: I64, negotiation: I64) -> I64:
        """Return the hearings that cases (cases,) ask for: one for a charge, more or less for one that is contested."""
        charged = prosecutor >= PROSECUTOR.index("charge_possession")
        return np.where(negotiation == NEGOTIATION.index("contested"), self.contested_q16, charged * Q16)


def court_time(scenario: Scenario) -> CourtTime | None:
    """Return what the scenario says of the court's capacity, or None where it says nothing."""
    queue = scenario.practice.queue
    if queue is None:
        return None
    return CourtTime(
        capacity_q16=q16(queue.capacity.value),
        contested_q16=q16(queue.contested.value),
        opening_days=min(round(queue.opening.value), round(queue.longest.value)),
        longest_days=round(queue.longest.value),
    )
