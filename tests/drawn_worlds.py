"""Worlds drawn from the ranges of a shipped one, for tests that ask in how many of them a pattern holds.

Not a test file.
"""

from __future__ import annotations

import functools

from scipy.stats import qmc

import decrimsim as ds
from decrimsim.parameters import Amount
from decrimsim.scenario import Scenario, free_parameters

N_WORLDS = 16


@functools.cache
def drawn_worlds(name: str) -> tuple[Scenario, ...]:
    """Return 16 worlds, each one point of a Latin hypercube over every parameter that can move alone."""
    scenario = ds.load(name)
    moved = free_parameters(scenario)
    worlds = []
    for point in qmc.LatinHypercube(d=len(moved), seed=1).random(N_WORLDS):
        changes: dict[str, float | str] = {}
        for (path, parameter), share in zip(moved, point, strict=True):
            low, high = parameter.number("low"), parameter.number("high")
            number = float(low + share * (high - low))
            changes[path] = f"{round(number)} ug" if isinstance(parameter, Amount) else number
        worlds.append(ds.vary(scenario, changes))
    return tuple(worlds)
