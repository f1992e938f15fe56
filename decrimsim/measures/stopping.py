"""How many replicates: from a pilot, or in batches until the interval is narrow enough. Never because it excludes zero.

Level 5. A rule that stops when zero falls outside the interval finds differences that are not there; this one looks at
the width only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from decrimsim.errors import InputError, nearest, printable
from decrimsim.measures.replicate import ReplicateMeasures
from decrimsim.schema import CUTS
from decrimsim.statistics import Estimate, difference_of

PILOT, BATCH = 30, 10


@dataclass(frozen=True)
class Precision:
    """How narrow the 95 % interval of the net change in people with a cut shall be, for every law, per 1,000 people.

    absolute  half width that is always narrow enough
    relative  share of the size of the change that is narrow enough as well
    cut       the cut whose net change is looked at
    cap       most replicates
    pilot     replicates before the first look; the scenario's or the caller's replicates where they are more
    rule      'batches': ten more until narrow enough; 'pilot': as many as the spread of the pilot asks for, once
    """

    absolute: float
    relative: float = 0.0
    cut: str = "supply"
    cap: int = 1_000
    pilot: int = PILOT
    rule: str = "batches"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.absolute) and self.absolute > 0):
            raise InputError("the precision is not above 0.", where="precision", got=self.absolute, wanted="people per 1,000, for example 0.5")
        if not (math.isfinite(self.relative) and 0 <= self.relative < 1):
            raise InputError("the relative precision does not fit.", where="precision.relative", got=self.relative, wanted="a share from 0 to below 1")
        if self.cut not in CUTS:
            raise InputError(f"there is no cut {printable(self.cut)!r}.", where="precision.cut", got=self.cut, hint=nearest(self.cut, CUTS))
        if self.rule not in ("batches", "pilot"):
            raise InputError(f"there is no rule {printable(self.rule)!r}.", where="precision.rule", got=self.rule, wanted="'batches' or 'pilot'")
        if self.pilot < 2 or self.cap < self.pilot:
            raise InputError("the pilot and the cap do not fit.", where="precision.cap", got=self.cap, wanted=f"a cap of at least {max(self.pilot, 2)}")

    def next_count(self, measures: Sequence[ReplicateMeasures]) -> int:
        """Return how many replicates there shall be in all, given those that are done; as many as are done: enough."""
        done = len(measures)
        if done < self.pilot:
            return self.pilot
        per_1000 = 1000 / max(measures[0].n_people, 1)
        changes = [self._change(measures, law).times(per_1000) for law in range(measures[0].n_laws)]
        if all(is_narrow(one, self.absolute, self.relative) for one in changes) or done >= self.cap:
            return done
        if self.rule == "batches":
            return min(done + BATCH, self.cap)
        if done > self.pilot:
            return done
        asked = [replicates_for((one.mcse or 0.0) * math.sqrt(done), self.target(one)) for one in changes]
        return min(max(done, *asked), self.cap)

    def target(self, change: Estimate) -> float:
        """Return the half width that is narrow enough for a change."""
        return max(self.absolute, self.relative * abs(change.mean))

    def _change(self, measures: Sequence[ReplicateMeasures], law: int) -> Estimate:
        at = CUTS.index(self.cut)
        return difference_of([float(m.widening.n_flag[law, at]) for m in measures], [float(m.widening.n_flag[m.baseline, at]) for m in measures])


def replicates_for(sd: float, target: float) -> int:
    """Return how many replicates give a half width of target when replicates have the standard deviation sd."""
    return math.ceil((1.96 * sd / target) ** 2)


def is_narrow(estimate: Estimate, absolute: float, relative: float) -> bool:
    """Return whether the half width is at most the larger of absolute and relative times the size of the mean."""
    if estimate.ci is None:
        return False
    return (estimate.ci[1] - estimate.ci[0]) / 2 <= max(absolute, relative * abs(estimate.mean))
