"""Who belongs to which group: equity axes, region, role and main substance. Groups of one kind split the people without rest.

Level 5.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from decrimsim.scenario.model import Scenario
from decrimsim.schema import REGIONS, ROLES

Columns = Mapping[str, npt.NDArray[np.generic]]
EVERYBODY = ("everybody", "everybody")


def kinds(scenario: Scenario) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return for each kind of group its column in the table of people and its categories, in code order."""
    fixed = {"region": ("region", REGIONS), "role": ("role", ROLES), "main substance": ("main_substance", tuple(scenario.substances))}
    axes = {f"{axis} (axis)" if axis in fixed else axis: (f"axis:{axis}", tuple(shares)) for axis, shares in scenario.people.axes.items()}
    return {**axes, **fixed}


def labels(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Return (kind, category) of every group; the first is everybody."""
    return (EVERYBODY, *((kind, category) for kind, (_, categories) in kinds(scenario).items() for category in categories))


def membership(people: Columns, scenario: Scenario) -> npt.NDArray[np.bool_]:
    """Return flags (people, groups): the person belongs to the group; the first group holds everybody."""
    n_people = len(people["person"])
    columns = [np.ones((n_people, 1), bool)]
    for column, categories in kinds(scenario).values():
        columns.append(np.asarray(people[column])[:, None] == np.arange(len(categories))[None, :])
    return np.concatenate(columns, axis=1)
