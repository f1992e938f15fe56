"""The same laws under every answer that people might give to their line, or under every strategy of police: the structural spread, never averaged.

Level 5: what trials fill in and reports print.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.schema import BEHAVIOUR
from decrimsim.statistics import NOT_SEEN


@dataclass(frozen=True)
class ResponseRow:
    """One alternative.

    people     (laws,) people with the cut, per 1,000
    behaviour  (laws, behaviour) schema.BEHAVIOUR, per person and year
    """

    kind: str
    people: tuple[float, ...]
    behaviour: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Responses:
    """People with a cut under each law and each alternative.

    laws     keys of the laws, the baseline first
    measure  what is counted, in plain words
    """

    laws: tuple[str, ...]
    cut: str
    measure: str
    rows: tuple[ResponseRow, ...]

    def spread(self, law: int) -> tuple[float, float]:
        """Return the lowest and the highest number of people under a law, over all alternatives."""
        numbers = [row.people[law] for row in self.rows]
        return min(numbers), max(numbers)

    def spread_text(self, law: int) -> str:
        """Return the spread as text; where all alternatives give the same number, that no difference was seen is all that it says."""
        low, high = self.spread(law)
        return NOT_SEEN if low == high else f"{low:,.2f} to {high:,.2f}"

    def change_spread(self, law: int) -> tuple[float, float]:
        """Return the lowest and the highest change from the baseline under one and the same alternative."""
        numbers = [row.people[law] - row.people[0] for row in self.rows]
        return min(numbers), max(numbers)

    def changes_sign(self, law: int) -> bool:
        """Tell whether a law does better than the baseline under some alternative and worse under another."""
        low, high = self.change_spread(law)
        return low < 0 < high

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        laws = {
            key: {
                "people": {row.kind: row.people[i] for row in self.rows},
                "spread": list(self.spread(i)),
                "change_spread": list(self.change_spread(i)),
                "changes_sign": self.changes_sign(i),
                "behaviour": {row.kind: dict(zip(BEHAVIOUR, row.behaviour[i], strict=True)) for row in self.rows},
            }
            for i, key in enumerate(self.laws)
        }
        return {"cut": self.cut, "measure": self.measure, "laws": laws}

    def __str__(self) -> str:
        """Return a table: laws down, answers across, the spread last."""
        width = max(len("under each law"), *map(len, self.laws))
        kinds = [row.kind.replace("_", " ") for row in self.rows]
        head = "  ".join([f"{'under each law':{width}}", *(f"{kind:>{max(8, len(kind))}}" for kind in kinds), f"{'spread':>21}"])
        lines = [self.measure, head, "-" * len(head)]
        for i, key in enumerate(self.laws):
            cells = [f"{row.people[i]:>{max(8, len(kind))}.2f}" for row, kind in zip(self.rows, kinds, strict=True)]
            lines.append("  ".join([f"{key:{width}}", *cells, f"{self.spread_text(i):>21}"]) + ("  changes sign" if self.changes_sign(i) else ""))
        return "\n".join(lines)
