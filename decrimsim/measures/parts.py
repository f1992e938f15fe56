"""What happened to each part of the circles of friends, in one replicate: how the parts differ tells the luck within it.

Level 5. Circles draw by themselves and have little to do with each other, so parts are as good as small replicates and cost nothing.
Where a mechanism couples everybody (a queue, officers' hours, places) they share it, and the error told from parts is somewhat too small.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.measures.indicators import INDICATORS, counted_rows
from decrimsim.measures.people import Met, positions, sums
from decrimsim.measures.replicate import count_by_group
from decrimsim.scenario.model import Scenario
from decrimsim.schema import BEHAVIOUR, CUTS, OUTCOMES, PARTS
from decrimsim.statistics import Estimate, mean_of
from decrimsim.tables import ReplicateTables
from decrimsim.units import MINOR_PER_MAJOR

F64 = npt.NDArray[np.float64]
OF_ENTRIES = ("voluntary_access", "avoided_services")
OF_HEALTH = tuple(name for name in INDICATORS if name.endswith("_incidence") or name == "overdose_deaths")
CUT_MEASURES = tuple(f"people_{cut}" for cut in CUTS)
MEASURES = (*CUT_MEASURES, *OUTCOMES, *BEHAVIOUR, *OF_ENTRIES, *OF_HEALTH)
"""people with each cut, outcomes, behaviour, people who begin a service of their own accord or stay away out of fear, harms to health"""


def part_values(tables: ReplicateTables, scenario: Scenario, days: int) -> F64:
    """Return MEASURES of each part under each law (parts, laws, measures), so that their mean is that of the replicate.

    Per 1,000 people, behaviour per person and year, money in major units.
    """
    people = tables.people
    n, part = len(people["person"]), people["circle"] % PARTS
    member = part[:, None] == np.arange(PARTS)
    counts = count_by_group(tables, scenario, member, Met.of(tables.encounters), Met.of(tables.cases))
    found: list[npt.NDArray[Any]] = [counts.flags.astype(np.float64), counts.outcomes.astype(np.float64)]
    found[1][:, :, OUTCOMES.index("cost")] /= MINOR_PER_MAJOR
    found.append(tables.behaviour_of_parts.transpose(1, 0, 2) * (365 / max(days, 1) / 1000))
    more = []
    for table, is_row in counted_rows(tables, (*OF_ENTRIES, *OF_HEALTH)):
        of_row = member[positions(people["person"], table["person"].astype(np.int64))]
        more.append(sums(of_row & is_row[:, None], table.flags()))
    found.append(np.stack(more, axis=-1).astype(np.float64))
    return np.asarray(np.concatenate(found, axis=-1).transpose(1, 0, 2) * (PARTS * 1000 / max(n, 1)), np.float64)


def estimate_of(values: F64) -> Estimate:
    """Return the mean of the values of parts (parts of all replicates,), with the error that their spread tells; no parts differ, no error."""
    return mean_of(values.tolist())


def is_seen(estimate: Estimate) -> bool:
    """Tell whether a contribution is more than noise: its interval leaves out zero."""
    return estimate.mean != 0 and estimate.is_clear
