"""What couples everybody under a law: exact for any laws beside it, any blocks, any number of workers; bounded; nothing in open mode."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import LAWS, PEOPLE, SEED, coupled, first_difference, laws, of_law, only, run, setup_of

import decrimsim as ds
from decrimsim.chance import Q16
from decrimsim.engine import block_slices
from decrimsim.engine.course import PERIOD
from decrimsim.engine.run import run_blocks
from decrimsim.kernels.couplings import next_effort
from decrimsim.population import circle_starts
from decrimsim.scenario import vary
from decrimsim.tables import ReplicateTables

DAYS = 2 * PERIOD + 5


@pytest.fixture(scope="module")
def together():
    return run(coupled(), laws(), days=DAYS)


@pytest.mark.parametrize("i", range(len(LAWS)))
def test_a_coupled_law_among_others_is_the_law_run_alone_bit_for_bit(together, i: int) -> None:
    alone = run(coupled(), laws(LAWS[i]), days=DAYS)
    assert first_difference(of_law(together, i), of_law(alone, 0)) == ""


@pytest.mark.parametrize("block_people", [45])
def test_any_blocks_share_one_course(together, block_people: int) -> None:
    parts = run(coupled(), laws(), days=DAYS, block_people=block_people)
    for i in range(len(LAWS)):
        assert first_difference(of_law(together, i), of_law(parts, i)) == ""


def test_workers_share_nothing_but_replicates() -> None:
    one, two = (ds.compare(coupled(), laws(*LAWS[1:3]), people=100, days=PERIOD + 10, replicates=2, workers=w, keep_tables=False) for w in (1, 2))
    assert str(one.to_json()) == str(two.to_json())


def test_a_longer_run_begins_with_the_shorter_one(together) -> None:
    shorter = run(coupled(), laws(), days=PERIOD + 3)
    assert len(shorter.periods) > 0
    for i in range(len(LAWS)):
        ours = {name: only(columns, columns["day"] < PERIOD + 3) for name, columns in of_law(together, i).items()}
        assert first_difference(ours, of_law(shorter, i)) == ""


def test_effort_moves_with_what_cases_cost_and_stays_within_its_bounds() -> None:
    """A law whose cases cost nearly nothing leaves hours for more stops; one whose cases cost much leaves fewer."""
    dear, cheap = (vary(coupled(), {"police.hours.summons": hours, "police.hours.arrest": hours, "police.hours.stop": 0.1}) for hours in (40.0, 0.1))
    effort = []
    for world in (dear, cheap):
        setup = setup_of(world, laws(LAWS[0]), days=2 * PERIOD)
        starts = circle_starts(setup.world, PEOPLE, SEED, 0)
        (block,) = run_blocks(setup, starts, block_slices(starts), 0)
        effort.append(int(block.course.effort_q16[0]))
        most = setup.officer_time.most_q16
        assert (1 << 32) // most <= effort[-1] <= most
    assert effort[0] < Q16 < effort[1]


def test_nothing_moves_in_open_mode() -> None:
    setup = setup_of(coupled(), laws(), days=2 * PERIOD, mode="open")
    starts = circle_starts(setup.world, PEOPLE, SEED, 0)
    (block,) = run_blocks(setup, starts, block_slices(starts), 0)
    assert (block.course.effort_q16 == Q16).all()
    assert not setup.is_coupled


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_ten_percent_more_or_fewer_people_who_use_move_counts_and_hardly_what_a_law_changes_per_1000(share: float) -> None:
    """Prevalence does not answer to the law, and capacities are per 1,000 people who use drugs: counts follow the people, shares stay.

    100 people bring 45 (gold standard) to 290 encounters, with a standard deviation of about 9 to 25; the bound of 0.08 of all is four or more of them,
    so that luck passes it for fewer than one seed in 10,000. A count that did not follow the people at all (ratio 1) is outside."""
    usual, other = prevalence(1_000), prevalence(round(1_000 * share))
    for i in range(2):
        stops = [len(of_law(tables, i)["encounters"]["day"]) for tables in (usual, other)]
        assert stops[1] / stops[0] == pytest.approx(share, abs=0.08)
        met = [len(set(of_law(tables, i)["cases"]["person"].tolist())) / len(tables.people["person"]) for tables in (usual, other)]
        assert met[1] == pytest.approx(met[0], abs=0.02)
    changes = [(len(of_law(tables, 1)["cases"]["day"]) - len(of_law(tables, 0)["cases"]["day"])) / len(tables.people["person"]) for tables in (usual, other)]
    assert changes[0] < 0
    assert changes[1] == pytest.approx(changes[0], rel=0.1)


@cache
def prevalence(people: int) -> ReplicateTables:
    """Return two periods of the coupled world with so many people, under the first law and the gold standard."""
    return run(coupled(), laws(LAWS[0], "gold-standard"), people=people, days=PERIOD + 12)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(Q16 // 20, Q16 * 20), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, Q16), st.integers(Q16, 20 * Q16))
def test_effort_is_bounded_and_moves_towards_the_hours_there_are(effort: int, used: int, available: int, response: int, most: int) -> None:
    now = np.array([min(max(effort, (1 << 32) // most), most)])
    after = next_effort(now, used_minutes=np.array([used]), available_minutes=available, response_q16=response, most_q16=most)
    assert (1 << 32) // most <= after[0] <= most
    if used > available:
        assert after[0] <= now[0]
    if 0 < used <= available:
        assert after[0] >= now[0] - 1
    if response == 0:
        assert after[0] == now[0]
