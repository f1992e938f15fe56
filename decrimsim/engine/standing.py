"""What stands for or against a person beside the record, and what the law makes of it: facts for the deciders.

Level 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from decrimsim.chance import Q16
from decrimsim.engine.records import RECORDS
from decrimsim.engine.strikes import BIT, effects_of
from decrimsim.law import CompiledLaws
from decrimsim.schema import QUEUES

if TYPE_CHECKING:
    from decrimsim.engine.block import Block

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Standing:
    """One entry a pair of a find and a law (pairs,).

    repeats                what earlier cases add, as bits of strikes.BIT
    prosecutor_queue_days  the wait in the prosecutors' queue
    queue_days             the wait in the court's queue
    """

    repeats: I64
    prosecutor_queue_days: I64
    queue_days: I64
    is_dependent: Bool
    keeps_job: Bool
    keeps_home: Bool

    def key(self) -> I64:
        """Return what makes laws differ about a find (pairs, 5)."""
        return np.stack([self.repeats, self.prosecutor_queue_days, self.queue_days, self.keeps_job * 1, self.keeps_home * 1], axis=1)

    def at(self, pairs: I64) -> Standing:
        """Return some of the pairs."""
        return Standing(**{name: column[pairs] for name, column in vars(self).items()})


def standing_of(block: Block, rows: I64, law: I64) -> Standing:
    """Return what stands beside the record of people (pairs,) under laws (pairs,)."""
    people = block.people
    records, waits = people["records"][rows, law], block.course.waiting.days[law]
    return Standing(
        repeats=effects_of(block, rows, law),
        prosecutor_queue_days=waits[:, QUEUES.index("prosecutor")],
        queue_days=waits[:, QUEUES.index("court")],
        is_dependent=people["is_dependent"][rows].astype(bool),
        keeps_job=records[:, RECORDS.index("job_losses")] == 0,
        keeps_home=~people["has_no_safe_home"][rows].astype(bool) & (records[:, RECORDS.index("home_losses")] == 0),
    )


def standing_facts(laws: CompiledLaws, standing: Standing, law: I64, tier: I64, regulated: Bool) -> dict[str, Any]:
    """Return the entries of Facts that rest on earlier cases, sanctions, rulings and the queues."""

    def due(effect: str) -> Bool:
        return regulated & ((standing.repeats & BIT[effect]) > 0)

    return {
        "is_dependent": standing.is_dependent,
        "may_assess": laws.may_assess[law],
        "can_be_granted": regulated & laws.granted_own_use[law, tier],
        "is_repeat_crime": due("becomes_crime"),
        "is_repeat_fine": due("raises_fine"),
        "is_repeat_undiverted": due("ends_diversion"),
        "is_repeat_arrest": due("short_prison"),
        "is_repeat_mandatory": due("mandatory_treatment"),
        "repeat_prison_days": laws.repeat_prison_days[law, tier].astype(np.int64),
        "largest_fine_minor": laws.max_fine_minor[law, tier].astype(np.int64),
        "least_fine_minor": laws.least_fine_minor[law, tier].astype(np.int64),
        "least_prison_days": laws.least_prison_days[law, tier].astype(np.int64),
        "most_prison_days": laws.most_prison_days[law, tier].astype(np.int64),
        "must_imprison": laws.must_imprison[law, tier],
        "sanctions": np.where(regulated[:, None], laws.sanctions[law, tier], 0).astype(np.int64),
        "custody_least_days": laws.custody_least_days[law, tier].astype(np.int64),
        "custody_most_days": laws.custody_most_days[law, tier].astype(np.int64),
        "early_discount_q16": np.rint(laws.early_discount[law] * Q16).astype(np.int64),
        "prosecutor_queue_days": standing.prosecutor_queue_days,
        "queue_days": standing.queue_days,
        "keeps_job": standing.keeps_job,
        "keeps_home": standing.keeps_home,
    }
