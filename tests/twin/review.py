"""Reviews: a law that measures its own results and changes its own amounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from decrimsim.law import Law
from decrimsim.law.review import revised
from decrimsim.law.review_clause import Review, Trigger, read_review
from decrimsim.scenario import Scenario
from decrimsim.schema import REVIEW_METRICS
from twin.justice import Case
from twin.luck import factor

PERIOD = 28


@dataclass
class Reviewed:
    """The law in force, the cases since its last review, and the revisions so far."""

    scenario: Scenario
    law: Law
    cases: list[Case] = field(default_factory=list)
    rows: list[tuple[object, ...]] = field(default_factory=list)
    has_new_line: bool = False
    """the amounts changed at the end of yesterday"""

    @property
    def review(self) -> Review | None:
        """The review clause as written, if reviews are simulated."""
        return read_review(self.law.data) if self.scenario.practice.review is not None else None


def close(state: Reviewed, day: int) -> None:
    """End the period of which a day is the last: hold the review if it falls into this period, and put other amounts in force."""
    review, practice = state.review, state.scenario.practice.review
    if review is None or practice is None:
        return
    reviews_so_far, reviews_before = ((days * 12) // (review.months * 365) for days in (day + 1, day + 1 - PERIOD))
    if reviews_so_far == reviews_before:
        return
    by = practice.raise_by.value if review.raise_by is None else review.raise_by
    for trigger in review.triggers:
        n, of = measure(trigger.metric, state.cases)
        if of >= max(round(practice.least_cases.value), 1) and holds(trigger, n, of):
            state.law, state.has_new_line = revised(state.law, trigger, by), True
            state.rows.append((day, REVIEW_METRICS.index(trigger.metric), n, of, factor(by if trigger.is_up else 1 / by)))
    state.cases = []


def measure(metric: str, cases: list[Case]) -> tuple[int, int]:
    """Return how many cases meet a metric, and of how many."""
    if metric == "share_of_users_charged_supply":
        charged = [case for case in cases if case.prosecutor == "charge_supply"]
        return sum(is_of_user(case) for case in charged), len(charged)
    mine = [case for case in cases if is_of_user(case)]
    if metric == "share_of_user_arrests_above_threshold":
        mine = [case for case in mine if case.police == "arrest"]
    return sum(case.says.effect in ("indicative", "presumption", "conclusive") for case in mine), len(mine)


def is_of_user(case: Case) -> bool:
    """Tell whether the person does not sell."""
    return case.find.person.role in ("consumer", "social_supplier")


def holds(trigger: Trigger, n: int, of: int) -> bool:
    """Tell whether n of so many pass the limit."""
    share, limit = n * 1_000_000, trigger.value_ppm * of
    if trigger.op == ">":
        return share > limit
    if trigger.op == ">=":
        return share >= limit
    return share < limit if trigger.op == "<" else share <= limit
