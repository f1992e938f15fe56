"""Queues of prosecutors and courts: what they cannot deal with in a period waits, first come first served."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from decrimsim.scenario import Scenario
from decrimsim.scenario.courts import Queue
from twin.justice import Case
from twin.luck import WHOLE, factor

PERIOD = 28


@dataclass
class Waiting(ABC):
    """Work is counted in 1/65536; without a section nothing waits."""

    scenario: Scenario
    people: int
    asked: int = 0
    waiting: int = field(init=False, default=0)
    days: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if self.section is not None:
            self.days = min(round(self.section.opening.value), round(self.section.longest.value))
            self.waiting = self.days * self.capacity // PERIOD

    @property
    @abstractmethod
    def section(self) -> Queue | None:
        """What the scenario says."""

    @abstractmethod
    def work(self, case: Case) -> int:
        """Return what a new case asks for."""

    @property
    def capacity(self) -> int:
        """What is dealt with in a period."""
        assert self.section is not None
        return max(factor(self.section.capacity.value) * self.people // 1000, 1)

    def take(self, case: Case) -> None:
        """Note what a new case asks for."""
        if self.section is not None:
            self.asked += self.work(case)

    def close(self, day: int, *, has_feedback: bool) -> None:
        """End a period after a day, if it is its last: deal with what can be dealt with; the rest waits."""
        if self.section is None or (day + 1) % PERIOD:
            return
        if has_feedback:
            self.waiting = max(self.waiting + self.asked - self.capacity, 0)
            self.days = min(self.waiting * PERIOD // self.capacity, round(self.section.longest.value))
        self.asked = 0


class ProsecutorQueue(Waiting):
    """Every case that police proceeded against is one."""

    @property
    def section(self) -> Queue | None:
        return self.scenario.practice.prosecutor_queue

    def work(self, case: Case) -> int:
        return WHOLE if case.prosecutor != "not_reached" else 0


class CourtQueue(Waiting):
    """A charge asks for one hearing, a contested one for as many as the world says."""

    @property
    def section(self) -> Queue | None:
        return self.scenario.practice.queue

    def work(self, case: Case) -> int:
        if not case.is_charged:
            return 0
        contested = self.scenario.practice.queue
        assert contested is not None
        return factor(contested.contested.value) if case.negotiation == "contested" else WHOLE
