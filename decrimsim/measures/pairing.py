"""What the shared people and luck are worth: correlation of two laws over replicates, and how much wider unpaired runs would be.

Level 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

NO_SPREAD, ONE_REPLICATE = "no spread between replicates", "one replicate has no spread"


@dataclass(frozen=True)
class Pairing:
    """How two laws move together over replicates.

    correlation     of the two laws' numbers; None where one of them does not vary
    variance_ratio  variance of the paired difference over the variance that independent runs would have; below 1 pairing helps
    reason          why something is None
    """

    correlation: float | None
    variance_ratio: float | None
    reason: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"correlation": self.correlation, "variance_ratio": self.variance_ratio, "pairing_reason": self.reason}


def pairing_of(new: Sequence[float], old: Sequence[float]) -> Pairing:
    """Return how the numbers of two laws (replicates,) move together."""
    n = len(new)
    if n < 2:
        return Pairing(None, None, ONE_REPLICATE)
    a, b = _deviations(new), _deviations(old)
    var_a, var_b = math.fsum(x * x for x in a), math.fsum(x * x for x in b)
    if not var_a + var_b:
        return Pairing(None, None, NO_SPREAD)
    ratio = math.fsum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / (var_a + var_b)
    if not var_a or not var_b:
        return Pairing(None, ratio, NO_SPREAD)
    both = math.fsum(x * y for x, y in zip(a, b, strict=True)) / math.sqrt(var_a * var_b)
    return Pairing(max(-1.0, min(1.0, both)), ratio)


def _deviations(values: Sequence[float]) -> list[float]:
    mean = math.fsum(values) / len(values)
    return [value - mean for value in values]
