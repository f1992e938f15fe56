"""What a full report shows besides the results: the widest inputs, what each mechanism contributes, how people might answer to the law and police might work, and a curve.

Level 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from decrimsim.measures.contribution import Contribution
from decrimsim.measures.responses import Responses
from decrimsim.measures.sensitivity import Sensitivity

if TYPE_CHECKING:
    from decrimsim.report.curve import CurveData
    from decrimsim.report.exposure import ExposureData


@dataclass(frozen=True)
class Extras:
    """Whatever was computed of these; empty where it was not."""

    sensitivity: Sequence[Sensitivity] = ()
    contributions: Contribution | None = None
    responses: Sequence[Responses] = ()
    strategies: Sequence[Responses] = ()
    curve: CurveData | None = None
    exposure: ExposureData | None = None
    swaps: Sequence[str] = ()
    """sentences on what the stop rates of the first group of an axis would change for the others"""

    def to_json(self) -> dict[str, object]:
        """Return what was computed as plain data; the curve is a file of its own."""
        from decrimsim.report.exposure import exposure_json

        data: dict[str, object] = {}
        if self.sensitivity:
            data["sensitivity"] = [one.to_json() for one in self.sensitivity]
        if self.contributions:
            data["contributions"] = self.contributions.to_json()
        if self.exposure is not None:
            data["exposure"] = exposure_json(self.exposure)
        if self.swaps:
            data["swaps"] = list(self.swaps)
        if self.responses:
            data["responses"] = [one.to_json() for one in self.responses]
        if self.strategies:
            data["strategies"] = [one.to_json() for one in self.strategies]
        return data
