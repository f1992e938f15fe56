"""Mesa at the edge: the engine as a ``mesa.Model``, one day a step, several laws at once.

Level 8. People stay arrays: ``model.people()`` is a table of them. Needs ``pip install 'decrimsim[mesa]'``.

>>> from decrimsim.mesa import ThresholdModel
>>> model = ThresholdModel("nsw", ["gold-standard"], people=200, days=10, seed=1)
>>> model.run_model()
>>> sorted(model.datacollector.get_model_vars_dataframe().columns)[:2]
['found: gold-standard', 'found: nsw-deemed-supply']
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import mesa
import numpy as np
from mesa.datacollection import DataCollector

import decrimsim as ds

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("stops", "found", "charged", "charged_supply", "in_custody")


class ThresholdModel(mesa.Model):  # type: ignore[misc]
    """A population living under several laws at once, seen by Mesa.

    scenario  a scenario, a shipped name or a path
    laws      candidate laws besides the scenario's own; its candidates when None
    people    simulated people; a single block, so keep it under about 100,000
    days      horizon; ``running`` turns False after it
    seed      whole number; the same as ``seed`` in ``decrimsim.compare``, replicate 0
    rng       Mesa's other name for a seed
    """

    def __init__(
        self,
        scenario: ds.Scenario | str | Path = "nsw",
        laws: Sequence[ds.Law | str] | None = None,
        *,
        people: int = 1_000,
        days: int = 365,
        seed: int | None = None,
        rng: Any = None,
        mode: Literal["closed", "open"] = "closed",
    ) -> None:
        super().__init__(seed=seed if seed is not None else rng)
        self.scenario_ = scenario if isinstance(scenario, ds.Scenario) else ds.load(scenario)
        chosen = self.scenario_.candidates if laws is None else laws
        self.laws = [law if isinstance(law, ds.Law) else ds.load_law(law) for law in (self.scenario_.baseline, *chosen)]
        number = seed if seed is not None else rng if isinstance(rng, int) else self.random.randrange(2**63)
        self.setup = ds.make_setup(self.scenario_, self.laws, days=days, seed=number, mode=mode)
        self.block = ds.one_block(self.setup, people)
        self.totals = np.zeros((len(COUNTS), len(self.laws)), np.int64)
        reporters = {f"{count}: {law.id}": partial(_total, count=i, law=j) for i, count in enumerate(COUNTS) for j, law in enumerate(self.laws)}
        self.datacollector = DataCollector(model_reporters=reporters)

    def step(self) -> None:
        """Live one day under all laws, then collect."""
        seen = {name: len(rows) for name, rows in self.block.log.items()}
        ds.step_day(self.block)
        for rows in self.block.log["encounters"][seen["encounters"] :]:
            self.totals[0] += rows["laws"].sum(axis=0)
            self.totals[1] += rows["laws"][rows["is_found"]].sum(axis=0)
        for rows in self.block.log["cases"][seen["cases"] :]:
            charged = rows["prosecutor"] >= ds.schema.PROSECUTOR.index("charge_possession")
            supply = rows["prosecutor"] == ds.schema.PROSECUTOR.index("charge_supply")
            self.totals[2] += rows["laws"][charged].sum(axis=0)
            self.totals[3] += rows["laws"][supply].sum(axis=0)
        held = self.block.people["free_from"] > self.block.day
        self.totals[4] = self.block.circles["laws"][self.block.people["circle"][held]].sum(axis=0)
        self.datacollector.collect(self)
        self.running = self.block.day < self.setup.days

    def run_model(self) -> None:
        """Step to the horizon."""
        while self.running and self.block.day < self.setup.days:
            self.step()

    def people(self) -> pd.DataFrame:
        """Return the people as a table, one row each, with the names of codes."""
        import pandas as pd

        frame = pd.DataFrame(ds.people_table(self.block.table))
        for column in ds.schema.PEOPLE:
            if column.codes:
                frame[column.name] = [column.codes[code] for code in frame[column.name]]
        return frame


def _total(model: ThresholdModel, count: int, law: int) -> int:
    return int(model.totals[count, law])
