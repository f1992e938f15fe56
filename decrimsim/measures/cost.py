"""What events cost: whole minor currency units, linear in the unit costs, by the agency that pays.

Level 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.errors import ScenarioError
from decrimsim.kernels.costs import AGENCIES as AGENCIES
from decrimsim.kernels.costs import EVENTS as EVENTS
from decrimsim.kernels.costs import PAYS as PAYS
from decrimsim.scenario.model import Scenario
from decrimsim.units import minor


def unit_costs_minor(scenario: Scenario) -> list[int]:
    """Return the unit cost of each of EVENTS in minor units, each rounded once."""
    return [minor(scenario.costs.unit(name)) for name in EVENTS]


def costs_by_agency_minor(n_events: npt.NDArray[np.int64], unit_minor: list[int]) -> npt.NDArray[np.int64]:
    """Return costs (..., agencies) in minor units.

    n_events    (..., events)  how often each of EVENTS happened
    unit_minor  (events,)      minor units for one of each

    Raises ScenarioError when the total might not fit 63 bits.
    """
    most = int(n_events.max(initial=0)) * max(unit_minor, default=0) * len(EVENTS)
    if most >= 2**63:
        raise ScenarioError(
            "the unit costs are too large to add up exactly.",
            where="costs",
            got=max(unit_minor),
            hint="Write smaller unit costs, in major units of the currency",
        )
    each = n_events * np.asarray(unit_minor, np.int64)
    columns = [each[..., [i for i, event in enumerate(EVENTS) if PAYS[event] == agency]].sum(axis=-1) for agency in AGENCIES]
    return np.stack(columns, axis=-1)
