"""Exposure to a line, free of enforcement: run, print, plot.

Level 7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from decrimsim.engine import Setup, make_setup
from decrimsim.law import CompiledLaws, Law, compile_laws
from decrimsim.measures.classifier import NEVER_SHARE, lines_of
from decrimsim.measures.exposure import Exposure as Counted
from decrimsim.measures.exposure import run_exposure
from decrimsim.measures.summary import LawLike, law_keys
from decrimsim.report.exposure import ExposureData
from decrimsim.runners import run_all
from decrimsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class Exposure:
    """What people hold and buy when nobody is stopped, against the lines of laws: print it, plot it."""

    data: ExposureData

    def __repr__(self) -> str:
        from decrimsim.report.exposure import exposure_text

        return exposure_text(self.data)

    def to_pandas(self) -> pd.DataFrame:
        """Return a row for each law, who and why: shares of days, people and purchases above the line."""
        import pandas as pd

        from decrimsim.report.exposure import exposure_rows

        return pd.DataFrame(exposure_rows(self.data))

    def to_json(self) -> dict[str, object]:
        """Return plain data; undefined shares are null beside a reason."""
        from decrimsim.report.exposure import exposure_json

        return exposure_json(self.data)

    def steps(self, substance: str, what: str = "days", why: str = "all") -> pd.DataFrame:
        """Return the exact step function of a line: amounts in grams and the share of days, purchases or peaks at or above each."""
        import pandas as pd

        amounts, shares = self.data.steps(substance, what, why)
        return pd.DataFrame({"at_least_g": [ug / 1e6 for ug in amounts], "share": shares})

    def plot(self, substance: str, what: str = "days", ax: Axes | None = None) -> Axes:
        """Draw the step functions by reason, with the lines of the laws; return the axes."""
        from decrimsim.report.exposure import plot_exposure

        return plot_exposure(self.data, substance, what=what, ax=ax)


@dataclass(frozen=True)
class _Pass:
    setup: Setup
    laws: CompiledLaws
    people: int


def live_without_police(
    scenario: Scenario,
    laws: Sequence[LawLike],
    *,
    people: int,
    days: int,
    replicates: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Exposure:
    """Return the exposure of people without police to the lines of laws, which are complete; options are whole numbers that fit."""
    whole = [cast(Law, law) for law in laws]
    compiled = compile_laws(whole, list(scenario.substances))
    task = _Pass(make_setup(scenario, whole[:1], days=days, seed=seed, mode="open"), compiled, people)
    found: dict[int, Counted] = {}
    for i, one in run_all(_one, task, range(replicates), workers):
        found[i] = one
        if progress:
            progress(len(found), replicates)
    keys = law_keys(whole)
    lines = lines_of(compiled)["measured_ug"].min(axis=2)
    as_ug = tuple(tuple(int(line) if line < NEVER_SHARE else None for line in row) for row in lines.tolist())
    labels = tuple(law.name if law.name != law.id else key for law, key in zip(whole, keys, strict=True))
    counted = tuple(found[i] for i in range(replicates))
    return Exposure(ExposureData(scenario.id, keys, labels, tuple(scenario.substances), as_ug, counted, people, days, seed))


def _one(task: _Pass, replicate: int) -> Counted:
    return run_exposure(task.setup, task.laws, task.people, replicate)
