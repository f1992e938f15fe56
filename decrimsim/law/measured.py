"""What a law makes of a measured amount before it looks at a limit: rounding, then a margin, then a purity that is assumed.

Level 2. Everything is exact: amounts are whole micrograms, the margin is a fraction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from decrimsim.law.words import ALIASES
from decrimsim.units import parse_ug


@dataclass(frozen=True)
class Measurement:
    """How amounts are read.

    factor     what is left of a weight after the margin: 0.95 for 5 % in favour of the person
    step_ug    weights are rounded to whole steps; 1: not rounded
    direction  down, up or nearest (a half upwards)
    purity     purity that is assumed for a substance if it was not analysed
    """

    factor: Fraction = Fraction(1)
    step_ug: int = 1
    direction: str = "down"
    purity: dict[str, Fraction] = field(default_factory=dict)

    def rounded(self, ug: int) -> int:
        """Return a weight as the scales of this law show it."""
        if self.direction == "up":
            return -(-ug // self.step_ug) * self.step_ug
        if self.direction == "nearest":
            return (2 * ug + self.step_ug) // (2 * self.step_ug) * self.step_ug
        return ug // self.step_ug * self.step_ug

    def smallest(self, rounded_ug: int) -> int:
        """Return the smallest weight that is rounded to at least so much (at least one microgram)."""
        steps = -(-rounded_ug // self.step_ug)
        if self.direction == "up":
            return max(1, (steps - 1) * self.step_ug + 1)
        if self.direction == "nearest":
            return max(1, -(-(2 * steps - 1) * self.step_ug // 2))
        return max(1, steps * self.step_ug)


def read_measurement(raw: dict[str, Any]) -> Measurement:
    """Return the measurement that the key 'measurement' describes."""
    margin = Fraction(str(raw.get("error_margin", 0)))
    rounding = raw.get("round", {"to": "1 ug", "direction": "down"})
    return Measurement(
        factor=1 + margin if raw.get("in_favour_of") == "state" else 1 - margin,
        step_ug=max(1, parse_ug(rounding["to"])),
        direction=rounding["direction"],
        purity={ALIASES.get(s, s): Fraction(str(share)) for s, share in raw.get("if_unanalysed", {}).items()},
    )
