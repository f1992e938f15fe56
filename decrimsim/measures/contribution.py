"""What each mechanism contributes: the answer with it, and with it alone turned off.

Level 5: what experiments fill in and reports print.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ContributionRow:
    """One mechanism turned off alone: people with the cut under the baseline, and the net change under the law."""

    name: str
    title: str
    base_without: float
    change_without: float


@dataclass(frozen=True)
class Contribution:
    """People with a cut under the baseline and the net change under a law, with everything on and with each mechanism off.

    law      key of the law that is compared with the baseline
    measure  what is counted, in plain words
    base     people with the cut under the baseline
    change   people with the cut under the law, less those under the baseline
    """

    law: str
    measure: str
    base: float
    change: float
    rows: tuple[ContributionRow, ...]

    def by_size(self) -> tuple[ContributionRow, ...]:
        """Return the rows, the largest contribution first."""
        return tuple(sorted(self.rows, key=lambda row: (-max(abs(self.base - row.base_without), abs(self.change - row.change_without)), row.name)))

    def to_json(self) -> dict[str, object]:
        """Return plain data; contributions are the answer with the mechanism less the answer without it."""
        rows = [
            {"switch": r.name, "title": r.title, "to_baseline": self.base - r.base_without, "to_change": self.change - r.change_without} for r in self.by_size()
        ]
        return {"law": self.law, "measure": self.measure, "baseline": self.base, "change": self.change, "rows": rows}
