"""What couples everybody under a law: exact for any laws beside it, any blocks, any number of workers; bounded; nothing in open mode."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import LAWS, PEOPLE, SEED, coupled, first_difference, laws, of_law, run, setup_of

import decrimsim as ds
from decrimsim.chance import Q16
from decrimsim.engine import block_slices
from decrimsim.engine.course import PERIOD
from decrimsim.engine.run import run_blocks
from decrimsim.kernels.couplings import next_effort
from decrimsim.population import circle_starts
from decrimsim.scenario import vary

DAYS = 3 * PERIOD + 5


@pytest.fixture(scope="module")
def together():
    return run(coupled(), laws(), days=DAYS)


@pytest.mark.parametrize("i", range(len(LAWS)))
def test_a_coupled_law_among_others_is_the_law_run_alone_bit_for_bit(together, i: int) -> None:
    alone = run(coupled(), laws(LAWS[i]), days=DAYS)
    assert first_difference(of_law(together, i), of_law(alone, 0)) == ""


@pytest.mark.parametrize("block_people", [40, 111])
def test_any_blocks_share_one_course(together, block_people: int) -> None:
    parts = run(coupled(), laws(), days=DAYS, block_people=block_people)
    for i in range(len(LAWS)):
        assert first_difference(of_law(together, i), of_law(parts, i)) == ""


def test_workers_share_nothing_but_replicates() -> None:
    one, two = (ds.compare(coupled(), laws(*LAWS[1:3]), people=120, days=60, replicates=2, workers=w, keep_tables=False) for w in (1, 2))
    assert str(one.to_json()) == str(two.to_json())


def test_a_longer_run_begins_with_the_shorter_one(together) -> None:
    shorter = run(coupled(), laws(), days=PERIOD + 3)
    for i in range(len(LAWS)):
        ours = {name: {k: v[t["day"] < PERIOD + 3] for k, v in t.items()} for name, t in of_law(together, i).items() if name != "people" and "day" in t}
        theirs = of_law(shorter, i)
        for name, columns in ours.items():
            assert all(np.array_equal(columns[k], theirs[name][k]) for k in columns), name


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
