"""A law under which sharing is not supply: milder in court for people who bought for friends, the same for everybody else (invariant 54)."""

from __future__ import annotations

import numpy as np
from worlds import where

import decrimsim as ds
from decrimsim.engine import run_replicate
from decrimsim.schema import VERDICT


def test_exempting_sharing_convicts_a_subset_and_touches_only_those_who_shared() -> None:
    """Open mode, negotiation and plea off, so that every supply charge under the presumption is contested."""
    world = ds.vary(
        ds.with_switches(ds.load("nsw"), {"police_hours": False}),
        {
            "police.street": 20.0,
            "police.purchase": 200.0,
            "practice.court.plead_supply.presumption": 0.0,
            "practice.court.plead_down.presumption": 0.0,
            "practice.court.custody_uplift": 0.0,
            "practice.court.rebut": 0.9,
            "market.group_purchase.consumer": 0.9,
        },
    )
    strict = ds.load_law("nsw-deemed-supply").patch({"tables.traffickable.cannabis_herb": "2 g"})
    exempt = strict.patch({"social_supply.rule": "not_supply"})
    tables = run_replicate(ds.make_setup(world, [strict, exempt], days=60, seed=2, mode="open"), 3_000, 0)
    convicted = []
    for law in (0, 1):
        cases = tables.cases.for_law(law)
        convicted.append(where(cases, cases["verdict"] == VERDICT.index("supply")))
    freed = convicted[0] - convicted[1]
    assert convicted[1] < convicted[0]
    assert len(freed) > 5
    found = tables.findings.for_law(0)
    shared = (found["circle_ug"] > 0) | (found["other_ug"] > 0)  # bought together, or for others
    assert freed <= where(found, shared)
    assert np.array_equal(tables.encounters.flags()[:, 0], tables.encounters.flags()[:, 1])
