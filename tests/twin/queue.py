"""The court's queue: what it cannot hear in a period waits, first come first served."""

from __future__ import annotations

from dataclasses import dataclass, field

from decrimsim.scenario import Scenario
from twin.justice import Case
from twin.luck import WHOLE, factor

PERIOD = 28


@dataclass
class CourtQueue:
    """Hearings are counted in 1/65536; without a section nothing waits."""

    scenario: Scenario
    people: int
    asked: int = 0
    waiting: int = field(init=False, default=0)
    days: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        section = self.scenario.practice.queue
        if section is not None:
            self.days = min(round(section.opening.value), round(section.longest.value))
            self.waiting = self.days * self.capacity // PERIOD

    @property
    def capacity(self) -> int:
        """Hearings in a period."""
        assert self.scenario.practice.queue is not None
        return max(factor(self.scenario.practice.queue.capacity.value) * self.people // 1000, 1)

    def take(self, case: Case) -> None:
        """Note the hearings that a new case asks for."""
        section = self.scenario.practice.queue
        if section is not None and case.is_charged:
            self.asked += factor(section.contested.value) if case.negotiation == "contested" else WHOLE

    def close(self, day: int, *, has_feedback: bool) -> None:
        """End a period after a day, if it is its last: hear what can be heard; the rest waits."""
        section = self.scenario.practice.queue
        if section is None or (day + 1) % PERIOD:
            return
        if has_feedback:
            self.waiting = max(self.waiting + self.asked - self.capacity, 0)
            self.days = min(self.waiting * PERIOD // self.capacity, round(section.longest.value))
        self.asked = 0
