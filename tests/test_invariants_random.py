"""The accounts, prefixes and shared histories once more, in random worlds under random laws: 3, 9, 20, 21, 22, 27, 40, 85 and 87.

The worlds push parameters to nothing, everything and the ends of their ranges; the laws have any tiers, limits and routes.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_invariants_accounts import IN_FLOWS, OUT_FLOWS, STOCKS, assert_grams_add_up, stocks_at_start
from twin.some_laws import random_laws
from worlds import end_day, first_difference, fresh_block, law, of_law, only, run, setup_of

from decrimsim.engine import STEPS
from decrimsim.law import Law
from decrimsim.scenario import Scenario
from decrimsim.testing.scenarios import small_scenarios

DAYS = 30
"""Long enough for a period of 28 days to end, so that queues, places and officers' hours follow from what was counted."""
some_laws = st.lists(
    random_laws() | st.sampled_from(("nsw-deemed-supply", "portugal", "mexico", "gold-standard", "conclusive")).map(law), min_size=2, max_size=3
)
people = st.integers(1, 30)
seeds = st.integers(0, 2**63 - 1)


@settings(max_examples=15)
@given(scenario=small_scenarios(days=DAYS), laws=some_laws, n=people, seed=seeds, mode=st.sampled_from(("closed", "open")))
def test_accounts_of_random_worlds_add_up_after_every_step(scenario: Scenario, laws: list[Law], n: int, seed: int, mode: str) -> None:
    block = fresh_block(setup_of(scenario, laws, days=DAYS, seed=seed, mode=mode), n)
    start, flows = stocks_at_start(block), ("bought_ug", "received_ug", "given_ug", "used_ug", "sold_total_ug")
    for _ in range(DAYS):
        for step in STEPS:
            step.run(block)
            habits = block.habits
            assert_grams_add_up(block, start)
            assert all((habits[name] >= 0).all() for name in (*STOCKS, *IN_FLOWS, *OUT_FLOWS, "unmet_ug"))
            pool = block.people["circle"][habits["owner"]] * 64 + habits["substance"]
            assert np.array_equal(*(np.bincount(pool, habits[name]).astype(np.int64) for name in ("given_ug", "received_ug")))
            if step.name == "deliver":  # a parcel that was ordered before comes home all the same
                held = np.flatnonzero(~block.is_free(habits["owner"]))
                before = {name: habits[name][held].copy() for name in flows}
        assert all(np.array_equal(block.habits[name][held], before[name]) for name in flows)
        carried = np.zeros((n, len(laws)), np.int64)
        np.add.at(carried, block.people["person"], block.circles["laws"][block.people["circle"]].astype(np.int64))
        assert (carried == 1).all()
        end_day(block)


@settings(max_examples=15)
@given(scenario=small_scenarios(days=DAYS), laws=some_laws, n=people, seed=seeds, mode=st.sampled_from(("closed", "open")))
def test_random_laws_together_are_each_alone_in_any_blocks(scenario: Scenario, laws: list[Law], n: int, seed: int, mode: str) -> None:
    together = run(scenario, laws, people=n, days=DAYS, seed=seed, mode=mode, block_people=7)
    assert len(together.periods) > 0 or mode == "open" or scenario.services is None
    for i, one in enumerate(laws):
        assert first_difference(of_law(together, i), of_law(run(scenario, [one], people=n, days=DAYS, seed=seed, mode=mode), 0)) == ""


@settings(max_examples=10)
@given(scenario=small_scenarios(days=DAYS), laws=some_laws, n=people, seed=seeds, days=st.integers(0, DAYS))
def test_random_worlds_begin_with_their_shorter_runs(scenario: Scenario, laws: list[Law], n: int, seed: int, days: int) -> None:
    short, long = (run(scenario, laws, people=n, days=horizon, seed=seed) for horizon in (days, DAYS))
    for i in range(len(laws)):
        assert first_difference(of_law(short, i), {name: only(columns, columns["day"] < days) for name, columns in of_law(long, i).items()}) == ""
