"""Numbers that would outgrow 64 bits are refused before anything is simulated; numbers just below agree with the slow twin."""

from __future__ import annotations

import dataclasses
import json

import pytest
from test_twin import assert_twins_agree
from twin.some_laws import law_of_everything
from worlds import busy

import decrimsim as ds
from decrimsim.bounds import prove_bounds
from decrimsim.world import compile_world


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"market.remote_factor": 1e4, "market.bulk_factor": 1e4, "market.raid_factor": 1e4}, "factors of market"),
        ({"substances.heroin.commercial.restock": "500 kg", "substances.heroin.commercial.restock_sd": 3.0}, "substances.heroin"),
        ({"substances.mdma.dose": "1 kg", "substances.mdma.dose_sd_people": 3.0}, "substances.mdma"),
    ],
)
def test_amounts_that_could_outgrow_the_numbers_are_refused(changes: dict[str, float | str], where: str) -> None:
    world = ds.vary(busy(), changes)
    with pytest.raises(ds.ScenarioError, match="the numbers allow") as caught:
        ds.make_setup(world, [ds.load_law("nsw-deemed-supply")], days=60, seed=1, mode="closed")
    assert where in str(caught.value)


def test_police_effort_beyond_what_can_be_counted_is_refused() -> None:
    world = compile_world(busy(), 60)
    prove_bounds(busy(), world)
    with pytest.raises(ds.ScenarioError, match="police effort"):
        prove_bounds(busy(), dataclasses.replace(world, effort_max_q16=world.effort_max_q16 * 10**6))


@pytest.mark.parametrize("name", ["methamphetamine", "heroin"])
def test_a_steep_price_and_a_wide_purse_agree_with_the_slow_twin(name: str) -> None:
    world = ds.vary(busy(), {f"substances.{name}.price.exponent": 0.2, f"substances.{name}.price.purse_sd": 2.0})
    assert_twins_agree(world, [law_of_everything()], people=60, days=30, seed=2**63 - 1, mode="closed")


def test_too_many_categories_are_refused() -> None:
    data = ds.load("nsw").model_dump(mode="json", by_alias=True)
    share = {"value": 0.005, "range": [0.001, 0.01], "unit": "probability", "source": "assumption", "grade": "D"}
    data["people"]["axes"]["postcode"] = {f"p{i}": share for i in range(200)}
    with pytest.raises(ValueError, match="at most 100"):
        ds.Scenario.model_validate_json(json.dumps(data))
