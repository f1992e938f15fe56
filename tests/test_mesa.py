"""The Mesa adapter shows the engine's own numbers."""

from __future__ import annotations

import pytest

import decrimsim as ds
from decrimsim.mesa import ThresholdModel


@pytest.fixture(scope="module")
def model() -> ThresholdModel:
    model = ThresholdModel("nsw", ["gold-standard"], people=600, days=40, seed=3)
    model.run_model()
    return model


def test_the_adapter_counts_what_a_comparison_counts(model: ThresholdModel) -> None:
    result = ds.compare("nsw", ["gold-standard"], people=600, days=40, replicates=1, seed=3)
    last = model.datacollector.get_model_vars_dataframe().iloc[-1]
    for law in ("nsw-deemed-supply", "gold-standard"):
        outcomes = result.to_json()["laws"][law]["outcomes"]  # type: ignore[index]
        assert last[f"stops: {law}"] == outcomes["stops"]["mean"]
        assert last[f"found: {law}"] == outcomes["found"]["mean"]
        assert last[f"charged_supply: {law}"] == outcomes["charges_supply"]["mean"]
    assert last["stops: nsw-deemed-supply"] > last["stops: gold-standard"] > 0


def test_the_model_steps_a_day_at_a_time_and_stops_at_the_horizon(model: ThresholdModel) -> None:
    assert model.steps == 40
    assert not model.running
    assert len(model.datacollector.get_model_vars_dataframe()) == 40


def test_people_are_a_table_with_words(model: ThresholdModel) -> None:
    people = model.people()
    assert len(people) == 600
    assert set(people["region"]) <= set(ds.schema.REGIONS)


def test_mesas_names_for_a_seed_both_work() -> None:
    one = ThresholdModel("nsw", [], people=50, days=5, seed=0)
    other = ThresholdModel("nsw", [], people=50, days=5, rng=0)
    assert one.setup.seed == other.setup.seed == 0
