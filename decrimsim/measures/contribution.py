"""What each mechanism contributes: the world with it, less the world with it alone turned off.

Level 5: what experiments fill in and reports print.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.measures.parts import is_seen
from decrimsim.statistics import Estimate


@dataclass(frozen=True)
class ContributionRow:
    """What one mechanism adds to one measure.

    measure  one of parts.MEASURES
    base     what it adds under the baseline
    law      the candidate under which it moves the measure most
    under    what it adds under that law
    change   what it adds to the difference of that law from the baseline
    flips    without it that difference has the other sign
    """

    name: str
    title: str
    measure: str
    base: Estimate
    law: str
    under: Estimate
    change: Estimate
    flips: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether more than noise is seen under the baseline or under the law."""
        return is_seen(self.base) or is_seen(self.under)


@dataclass(frozen=True)
class Contribution:
    """What every mechanism that works adds to what it works on, and to people with some cuts.

    size  how much was simulated, in words
    off   mechanisms that are off
    idle  mechanisms that are on and do nothing, since another that they need is off
    """

    baseline: str
    size: str
    rows: tuple[ContributionRow, ...]
    off: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()

    def seen(self) -> tuple[ContributionRow, ...]:
        """Return the rows that are more than noise."""
        return tuple(row for row in self.rows if row.is_seen)

    def unseen(self) -> tuple[str, ...]:
        """Return the mechanisms of which nothing is seen at this size."""
        return tuple(dict.fromkeys(row.name for row in self.rows if row.name not in {seen.name for seen in self.seen()}))

    def to_json(self) -> dict[str, object]:
        """Return plain data; contributions are the number with the mechanism less the number without it."""
        rows = [
            {
                "switch": row.name,
                "title": row.title,
                "measure": row.measure,
                "to_baseline": row.base.to_json(),
                "law": row.law,
                "to_law": row.under.to_json(),
                "to_change": row.change.to_json(),
                "is_seen": row.is_seen,
                "changes_sign": row.flips,
            }
            for row in self.rows
        ]
        return {"baseline": self.baseline, "size": self.size, "rows": rows, "not_seen": list(self.unseen()), "off": list(self.off), "idle": list(self.idle)}
