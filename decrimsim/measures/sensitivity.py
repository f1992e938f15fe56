"""How the answer moves when one input goes to the low and to the high end of its range.

Level 5: what experiments fill in and reports print.
"""

from __future__ import annotations

from dataclasses import dataclass


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

    @property
    def swing(self) -> float:
        """How far the answer moves between the two ends."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Sensitivity:
    """The answer (people per 1,000, a difference from the baseline) at best estimates, and with each input at its ends.

    law      key of the law that is compared with the baseline
    measure  what the answer counts, in plain words
    base     the answer at best estimates
    """

    law: str
    measure: str
    base: float
    rows: tuple[SensitivityRow, ...]

    def by_swing(self) -> tuple[SensitivityRow, ...]:
        """Return the rows, the largest swing first."""
        return tuple(sorted(self.rows, key=lambda row: (-row.swing, row.path)))

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        rows = [
            {"path": r.path, "low": r.low, "value": r.value, "high": r.high, "grade": r.grade, "at_low": r.at_low, "at_high": r.at_high}
            for r in self.by_swing()
        ]
        return {"law": self.law, "measure": self.measure, "base": self.base, "rows": rows}
