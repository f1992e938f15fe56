"""What events cost: whole minor currency units, linear in the unit costs, by the agency that pays.

Level 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.errors import ScenarioError
from decrimsim.scenario.model import Scenario
from decrimsim.units import minor

PAYS = {
    "stop": "police",
    "search": "police",
    "find": "police",
    "arrest": "police",
    "caution": "police",
    "notice": "police",
    "panel": "services",
    "prosecution": "prosecution",
    "court": "courts",
    "hearing": "courts",
    "detention_day": "custody",
    "prison_day": "custody",
    "community_order": "custody",
    "referral": "services",
    "service": "services",
    "assessment": "services",
    "appeal": "courts",
    "licence_loss": "police",
    "registration": "police",
    "urine_tests": "police",
    "compulsory_day": "custody",
    "corporal": "custody",
    "deportation": "custody",
}
"""Which agency pays for which unit cost; panels sit with the services, community orders with corrections."""
EVENTS = tuple(PAYS)
OF_SANCTIONS = ("assessment", "appeal", "licence_loss", "registration", "urine_tests", "compulsory_day", "corporal", "deportation")
"""Events whose unit cost stands in the optional section costs.sanctions; without it they cost nothing."""
AGENCIES = ("police", "prosecution", "courts", "custody", "services")


def unit_costs_minor(scenario: Scenario) -> list[int]:
    """Return the unit cost of each of EVENTS in minor units, each rounded once."""
    return [_unit_minor(scenario, name) for name in EVENTS]


def _unit_minor(scenario: Scenario, event: str) -> int:
    section = scenario.costs.sanctions if event in OF_SANCTIONS else scenario.costs
    return 0 if section is None else minor(getattr(section, event).value)


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
