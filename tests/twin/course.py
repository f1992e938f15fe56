"""What everybody under a law shares: officers' hours, added up over 28 days and felt in the next 28."""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.scenario import Scenario
from twin.justice import Case
from twin.luck import WHOLE, factor
from twin.police import Encounter


def minutes(hours: float) -> int:
    """Return whole minutes."""
    return round(hours * 60)


@dataclass
class Course:
    """The state of one law's police between periods."""

    scenario: Scenario
    n_people: int
    is_felt: bool
    """False in open mode, where nothing feeds back"""
    effort: int = WHOLE
    minutes: int = 0

    def count(self, encounter: Encounter, case: Case | None) -> None:
        """Add what an encounter and its case took of the officers' time."""
        hours = self.scenario.police.hours
        if hours is None:
            return
        self.minutes += minutes(hours.stop.value) + (minutes(hours.search.value) if encounter.is_searched else 0)
        if case is not None:
            self.minutes += minutes(getattr(hours, "warning" if case.police == "no_action" else case.police).value)

    def end_period(self) -> None:
        """Compare the time used with the time there is, and move the effort of the next period towards using it up."""
        hours, used, self.minutes = self.scenario.police.hours, self.minutes, 0
        if hours is None or not self.is_felt:
            return
        most = factor(hours.most.value)
        least = 2**32 // most
        available = minutes(hours.available.value) * self.n_people // 1000
        target = self.effort * available // used if used else most
        target = min(max(target, least), most)
        moved = self.effort + ((target - self.effort) * factor(hours.response.value) >> 16)
        self.effort = min(max(moved, least), most)
