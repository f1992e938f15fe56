"""Queues of prosecutors and courts: what a scenario says of their capacity, as whole numbers, and what waits under each law.

Level 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.chance import Q16, q16
from decrimsim.kernels.couplings import next_backlog, queue_days
from decrimsim.scenario.courts import Queue
from decrimsim.scenario.model import Scenario
from decrimsim.schema import NEGOTIATION, PERIOD, PROSECUTOR, QUEUES

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Office:
    """What an office can deal with. Its work is counted in 1/65536 of a case before prosecutors, or of a hearing."""

    capacity_q16: int
    """in a period, for every 1,000 people"""
    opening_days: int
    longest_days: int
    contested_q16: int
    """what a contested case takes; any other takes one"""

    def capacity_of(self, n_people: int) -> int:
        """Return the work of a period (in 1/65536) for so many people, at least the smallest part of one."""
        return max(self.capacity_q16 * n_people // 1000, 1)


def offices(scenario: Scenario) -> dict[str, Office]:
    """Return what the scenario says of the capacity of prosecutors and courts, by schema.QUEUES; nothing of those it does not limit."""
    practice = scenario.practice
    described: dict[str, tuple[Queue | None, int]] = {
        "prosecutor": (practice.prosecutor_queue, Q16),
        "court": (practice.queue, q16(practice.queue.contested.value) if practice.queue else Q16),
    }
    return {
        name: Office(
            capacity_q16=q16(queue.capacity.value),
            opening_days=min(round(queue.opening.value), round(queue.longest.value)),
            longest_days=round(queue.longest.value),
            contested_q16=contested_q16,
        )
        for name, (queue, contested_q16) in described.items()
        if queue is not None
    }


def asked_q16(name: str, office: Office, cases: dict[str, Any]) -> I64:
    """Return the work (cases,) that cases ask of an office: one for each that reaches prosecutors; at court one for a charge, more or less if contested."""
    if name == "prosecutor":
        return np.where(cases["prosecutor"] >= PROSECUTOR.index("dropped"), Q16, 0)
    charged = cases["prosecutor"] >= PROSECUTOR.index("charge_possession")
    return np.where(cases["negotiation"] == NEGOTIATION.index("contested"), office.contested_q16, charged * Q16)


@dataclass
class Waiting:
    """What waits at the offices under each law."""

    offices: dict[str, Office]
    n_people: int
    n_laws: int
    backlog_q16: I64 = field(init=False)
    """(laws, queues) work that waits, in 1/65536"""
    days: I64 = field(init=False)
    """(laws, queues) days that a new case waits behind it"""

    def __post_init__(self) -> None:
        self.backlog_q16, self.days = (np.zeros((self.n_laws, len(QUEUES)), np.int64) for _ in range(2))
        for name, office in self.offices.items():
            self.backlog_q16[:, QUEUES.index(name)] = office.opening_days * office.capacity_of(self.n_people) // PERIOD
            self.days[:, QUEUES.index(name)] = office.opening_days

    def close(self, asked: I64) -> None:
        """End a period in which new cases asked for so much work (laws, queues): what cannot be dealt with waits."""
        for name, office in self.offices.items():
            at, capacity_q16 = QUEUES.index(name), office.capacity_of(self.n_people)
            self.backlog_q16[:, at] = next_backlog(self.backlog_q16[:, at], asked_q16=asked[:, at], capacity_q16=capacity_q16)
            self.days[:, at] = queue_days(self.backlog_q16[:, at], capacity_q16=capacity_q16, period_days=PERIOD, longest_days=office.longest_days)
