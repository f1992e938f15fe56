"""A small comparison with made-up events in the shipped world, for tests of reports and files: no engine needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from fake_tables import FakeLaw, fake_tables

from decrimsim.comparison import Comparison, Curve
from decrimsim.measures import measure
from decrimsim.measures.sensitivity import Sensitivity, SensitivityRow
from decrimsim.scenario import Scenario, load_scenario
from decrimsim.tables import ReplicateTables

LAWS = (
    FakeLaw("old", "old", "The law as it stands"),
    FakeLaw("new", "new", "A proposal", notes=("moved",)),
    FakeLaw("other", "other", "Another proposal", not_simulated=("appeals",)),
)
SENSITIVITY = Sensitivity(
    "new",
    "net change in people charged with supply, per 1,000",
    -1.5,
    (SensitivityRow("police.street", "0.1", "0.2", "0.5", "D", -2.0, 0.25), SensitivityRow("police.ignore", "0", "0.1", "0.2", "B", -1.6, -1.4)),
)


@cache
def nsw() -> Scenario:
    """Return the shipped world."""
    return load_scenario("nsw")


@cache
def events(n_laws: int, n_people: int, n_replicates: int) -> tuple[ReplicateTables, ...]:
    """Return made-up tables that fit the shipped world."""
    scenario = nsw()
    axes = {axis: len(shares) for axis, shares in scenario.people.axes.items()}
    return tuple(fake_tables(n_people, n_laws, n_people, replicate, axes, len(scenario.substances)) for replicate in range(n_replicates))


def fake_comparison(laws: Sequence[Any] = LAWS, n_people: int = 300, n_replicates: int = 3, **changes: Any) -> Comparison:
    """Return a comparison of made-up events under the laws."""
    tables = events(len(laws), n_people, n_replicates)
    measures = tuple(measure(one, nsw(), len(laws)) for one in tables)
    settings: dict[str, Any] = {"people": n_people, "days": 365, "replicates": n_replicates, "seed": 1, "mode": "closed", "tables": tables}
    return Comparison(laws=tuple(laws), measures=measures, **{"scenario": nsw()} | settings | changes)


def fake_curve() -> Curve:
    """Return a curve with three points."""
    laws = [LAWS[0], *(FakeLaw(f"old-{i}", f"limit {i} g", "The law with another limit") for i in (1, 2, 10))]
    return Curve(
        comparison=fake_comparison(laws, tables=None), path="tables.traffickable.mdma", points=[("1 g", 1_000_000), ("2 g", 2_000_000), ("10 g", 10_000_000)]
    )
