"""Review clauses as a simulation reads them: what is measured, from which value on, and what then changes.

Level 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from decrimsim.law.mechanics import REVIEWS_IN, WHERE_THE_WORLD_HAS
from decrimsim.schema import REVIEW_METRICS

ALL_LINES = "thresholds"
DIRECTIONS = ("raise", "lower")
PER_MILLION = 1_000_000


@dataclass(frozen=True)
class Trigger:
    """A condition and what it does.

    metric     one of REVIEW_METRICS
    op         >, >=, < or <=
    value_ppm  the value in millionths
    parameter  the law's parameter that is multiplied; '' for every table that bounds a tier
    is_up      the amounts rise; else they fall
    """

    metric: str
    op: str
    value_ppm: int
    parameter: str
    is_up: bool

    def is_met(self, n: int, of: int) -> bool:
        """Tell whether n of so many meet the condition: never where there was nothing to count."""
        share, value = n * PER_MILLION, self.value_ppm * of
        return of > 0 and {">": share > value, ">=": share >= value, "<": share < value, "<=": share <= value}[self.op]


@dataclass(frozen=True)
class Review:
    """A review every so many months.

    raise_by  factor by which amounts change, or None where the law does not say
    """

    months: int
    triggers: tuple[Trigger, ...]
    raise_by: float | None

    def is_due(self, day: int, days: int) -> bool:
        """Tell whether a review falls into the days before a day (the number of days gone by), of which there are so many."""
        return day * 12 // (365 * self.months) > (day - days) * 12 // (365 * self.months)


def read_review(data: dict[str, Any]) -> Review | None:
    """Return the review of an undated law, or None where no review that can be simulated stands in it."""
    clause = data.get("review", {})
    triggers = tuple(one for raw in clause.get("triggers", []) if (one := _trigger(data, raw)) is not None)
    if "months" not in clause or not triggers:
        return None
    return Review(int(clause["months"]), triggers, float(clause["raise_by"]) if "raise_by" in clause else None)


def _trigger(data: dict[str, Any], raw: dict[str, Any]) -> Trigger | None:
    """Return a trigger that can be simulated, or None."""
    direction, _, what = raw["action"].partition("_")
    is_known = what == ALL_LINES or what in data.get("parameters", {})
    if raw["metric"] not in REVIEW_METRICS or direction not in DIRECTIONS or not is_known:
        return None
    return Trigger(raw["metric"], raw["op"], round(raw["value"] * PER_MILLION), "" if what == ALL_LINES else what, direction == "raise")


def not_simulated_reviews(data: dict[str, Any]) -> list[str]:
    """Return a text for each part of a review clause that a simulation does not act on, or not in every world."""
    clause = data.get("review")
    if not clause:
        return []
    triggers = clause.get("triggers", [])
    if "months" not in clause or not triggers:
        return ["review: the clause is kept; without months and triggers the simulation changes nothing"]
    found = [f"review: revisions are simulated {WHERE_THE_WORLD_HAS}{REVIEWS_IN}"] if read_review(data) else []
    return found + [f"review: {one['metric']} leading to {one['action']} is kept and not simulated" for one in triggers if _trigger(data, one) is None]
