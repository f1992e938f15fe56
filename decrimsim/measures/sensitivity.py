"""How the answer moves when one input goes to the low and to the high end of its range.

Level 5: what experiments fill in and reports print.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.measures.parts import is_seen
from decrimsim.statistics import Estimate


@dataclass(frozen=True)
class SensitivityRow:
    """One input moved alone: the answer at the low end and at the high end of its range."""

    path: str
    low: str
    value: str
    high: str
    grade: str
    at_low: float
    at_high: float
    change: Estimate | None = None
    """the answer at the high end less that at the low end, with the error within the run"""

    @property
    def is_seen(self) -> bool:
        """Whether the two ends differ by more than noise, as far as the noise is known."""
        return self.swing > 0 if self.change is None else is_seen(self.change)

    @property
    def swing(self) -> float:
        """How far the answer moves between the two ends."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Sensitivity:
    """The answer (people per 1,000, a difference from the baseline) at best estimates, and with each input at its ends.

    law      the law that is compared with the baseline
    measure  what the answer counts, in plain words
    base     the answer at best estimates
    """

    law: str
    measure: str
    base: float
    rows: tuple[SensitivityRow, ...]
    baseline: str = ""

    def by_swing(self) -> tuple[SensitivityRow, ...]:
        """Return the rows, the largest swing first."""
        return tuple(sorted(self.rows, key=lambda row: (-row.swing, row.path)))

    def unseen(self) -> tuple[str, ...]:
        """Return the inputs of which no swing is seen at this size."""
        return tuple(row.path for row in self.rows if not row.is_seen)

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        rows = [
            {"path": r.path, "low": r.low, "value": r.value, "high": r.high, "grade": r.grade, "at_low": r.at_low, "at_high": r.at_high}
            | {"change": r.change and r.change.to_json(), "is_seen": r.is_seen}
            for r in self.by_swing()
        ]
        return {"law": self.law, "baseline": self.baseline, "measure": self.measure, "base": self.base, "rows": rows}
