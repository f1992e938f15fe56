"""Determinism, replay and scheduling: invariants 1, 2, 3, 6, 8 to 13, 15 and 19 of the design. See docs/invariants.md."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    DAYS,
    LAWS,
    OF_ENCOUNTERS,
    PEOPLE,
    TABLES,
    busy,
    busy_run,
    digest,
    end_day,
    first_difference,
    fresh_block,
    law,
    laws,
    nsw,
    of_law,
    one_block,
    only,
    plain,
    rows_of,
    run,
    scenario_of,
    setup_of,
)

from decrimsim.engine import STEPS, Block, block_slices, run_block, run_replicate, step_day
from decrimsim.engine.run import block_tables, join
from decrimsim.population import circle_starts, make_people
from decrimsim.scenario import vary
from decrimsim.tables import Columns, ReplicateTables


def same_for_every_law(a: ReplicateTables, b: ReplicateTables, n_laws: int = len(LAWS)) -> str:
    """Return where the tables of two runs differ, law by law, or nothing."""
    for i in range(n_laws):
        where = first_difference(of_law(a, i), of_law(b, i))
        if where:
            return f"law {i}: {where}"
    return ""


class TestReplay:
    """1, 6, 19."""

    def test_the_same_run_has_the_same_state_after_every_day(self) -> None:
        runs = []
        for _ in range(2):
            block, digests = fresh_block(setup_of(busy(), laws()), 150), []
            for _ in range(DAYS):
                step_day(block)
                digests.append(digest(block))
            runs.append(digests)
        assert runs[0] == runs[1]
        assert len(set(runs[0])) == DAYS

    def test_someone_who_looks_on_changes_nothing(self) -> None:
        setup = setup_of(busy(), laws())
        looked: list[int] = []
        quiet, watched = one_block(setup), one_block(setup, on_day=looked.append)
        assert digest(quiet) == digest(watched)
        assert looked == list(range(DAYS))

    def test_two_simulations_taken_in_turns_do_not_disturb_each_other(self) -> None:
        setups = [setup_of(busy(), laws()), setup_of(nsw(), laws("portugal", "mexico"), seed=9, mode="open")]
        alone = [digest(one_block(setup)) for setup in setups]
        blocks = [fresh_block(setup) for setup in setups]
        for _ in range(DAYS):
            for block in blocks:
                step_day(block)
        assert [digest(block) for block in blocks] == alone

    def test_the_global_generators_are_not_touched(self) -> None:
        before = random.getstate(), np.random.get_state()[1].tobytes()  # noqa: NPY002
        run(busy(), laws(), days=20)
        assert before == (random.getstate(), np.random.get_state()[1].tobytes())  # noqa: NPY002

    def test_a_day_is_its_steps_in_their_order(self) -> None:
        setup = setup_of(busy(), laws())
        whole, stepwise = fresh_block(setup), fresh_block(setup)
        for _ in range(30):
            step_day(whole)
            for step in STEPS:
                step.run(stepwise)
            end_day(stepwise)
        assert digest(whole) == digest(stepwise)


class TestSchedulingOfWork:
    """2, 3, 8, 13: blocks and replicates are the units of parallel work."""

    @pytest.mark.parametrize(("block_people", "people", "days"), [(1, 60, 30), (7, 120, 45), (100, PEOPLE, DAYS)])
    @pytest.mark.parametrize("mode", ["closed", "open"])
    def test_any_size_of_blocks_gives_the_same_tables(self, mode: str, block_people: int, people: int, days: int) -> None:
        whole = busy_run(mode) if (people, days) == (PEOPLE, DAYS) else run(busy(), laws(), people=people, days=days, mode=mode)
        assert len(whole.cases) > 100
        assert same_for_every_law(run(busy(), laws(), people=people, days=days, mode=mode, block_people=block_people), whole) == ""

    def test_one_circle_a_block_gives_the_same_people(self) -> None:
        small, whole = run(busy(), laws(), block_people=1, days=1), run(busy(), laws(), days=1)
        assert {name: column.tobytes() for name, column in small.people.items()} == {name: column.tobytes() for name, column in whole.people.items()}

    def test_blocks_cover_every_circle_once(self) -> None:
        starts = circle_starts(setup_of(busy(), laws(), days=0).world, 500, 1, 0)
        for block_people in (1, 3, 50, 1000):
            covered = [circle for part in block_slices(starts, block_people) for circle in range(part.start, part.stop)]
            assert covered == list(range(len(starts) - 1))

    def test_the_order_in_which_blocks_are_worked_off_changes_nothing(self) -> None:
        setup = setup_of(busy(), laws())
        starts = circle_starts(setup.world, PEOPLE, setup.seed, 0)
        parts = block_slices(starts, 45)
        done: dict[int, ReplicateTables] = {}
        for i in [*range(1, len(parts), 2), *reversed(range(0, len(parts), 2))]:
            done[i] = block_tables(run_block(setup, starts, parts[i], 0))
        joined = join([done[i] for i in range(len(parts))], 0, setup.n_laws)
        assert len(parts) >= 6
        assert same_for_every_law(joined, busy_run()) == ""

    def test_a_replicate_alone_is_the_replicate_among_others_in_any_order(self) -> None:
        setup = setup_of(busy(), laws("portugal", "nsw-deemed-supply"), days=30)
        forwards = [run_replicate(setup, 100, r) for r in (0, 1, 2)]
        backwards = [run_replicate(setup, 100, r) for r in (2, 1, 0)][::-1]
        alone = run_replicate(setup_of(busy(), laws("portugal", "nsw-deemed-supply"), days=30), 100, 1)
        assert all(same_for_every_law(a, b, 2) == "" for a, b in zip(forwards, backwards, strict=True))
        assert same_for_every_law(alone, forwards[1], 2) == ""

    def test_a_circle_made_alone_is_the_circle_made_among_others(self) -> None:
        setup = setup_of(busy(), laws(), days=0)
        starts = circle_starts(setup.world, PEOPLE, 1, 0)
        whole = make_people(setup.world, setup.scenario, starts, slice(0, len(starts) - 1), 1, 0)
        for circle in (0, 3, len(starts) - 2):
            part = make_people(setup.world, setup.scenario, starts, slice(circle, circle + 1), 1, 0)
            mine = slice(int(starts[circle]), int(starts[circle + 1]))
            assert all(np.array_equal(column, whole.columns[name][mine]) for name, column in part.columns.items())
            habits = np.isin(whole.habits["owner"], np.arange(mine.start, mine.stop))
            assert all(np.array_equal(column, whole.habits[name][habits]) for name, column in part.habits.items() if name != "owner")


class TestPrefixes:
    """9 and 10: a longer run begins with the shorter one; more people leave the others as they are."""

    @pytest.mark.parametrize("days", [1, 25, 45])
    def test_a_longer_run_begins_with_the_days_of_the_shorter(self, days: int) -> None:
        """The lockdown and the crackdowns lie partly behind the shorter horizon: nothing may look ahead to them."""
        short = run(busy(), laws(), days=days)
        for i in range(len(LAWS)):
            cut = {name: only(columns, columns["day"] < days) for name, columns in of_law(busy_run(), i).items()}
            assert first_difference(of_law(short, i), cut) == ""
        assert len(short.encounters)

    def test_the_state_of_a_longer_run_passes_through_that_of_the_shorter(self) -> None:
        short = one_block(setup_of(busy(), laws(), days=20))
        long = fresh_block(setup_of(busy(), laws(), days=DAYS))
        for _ in range(20):
            step_day(long)
        assert digest(long) == digest(short)

    @settings(max_examples=5)
    @given(people=st.integers(1, PEOPLE - 1))
    def test_adding_people_leaves_the_others_as_they_are(self, people: int) -> None:
        """All but the last circle, which the end of the population may cut in two."""
        fewer, more = run(busy(), laws(), people=people), busy_run()
        whole = more.people["person"] < fewer.people["person"][fewer.people["circle"] == fewer.people["circle"][-1]].min()
        n = int(whole.sum())
        assert all(np.array_equal(column[:n], more.people[name][:n]) for name, column in fewer.people.items())
        for i in range(len(LAWS)):
            a, b = (
                {name: only(columns, columns["person"] < n) for name, columns in of_law(tables, i).items() if name in OF_ENCOUNTERS} for tables in (fewer, more)
            )
            assert first_difference(a, b, OF_ENCOUNTERS) == ""


class TestWhatNeverHappensChangesNothing:
    """11 and 15."""

    def test_a_drug_that_nobody_uses(self) -> None:
        data = plain(busy())
        data["substances"]["ketamine"] = data["substances"]["cocaine"] | {"main": data["substances"]["heroin"]["main"] | {"value": 0.0, "range": [0.0, 0.1]}}
        data["substances"]["ketamine"]["also"] = data["substances"]["ketamine"]["main"]
        assert same_for_every_law(run(scenario_of(data), laws()), busy_run()) == ""

    def test_a_rule_for_a_drug_that_is_not_in_this_world(self) -> None:
        changed = law("nsw-deemed-supply").patch({"tables.traffickable.ketamine": "1 g"})
        assert changed.hash != law("nsw-deemed-supply").hash
        assert first_difference(of_law(run(busy(), [changed]), 0), of_law(busy_run(), 0)) == ""

    def test_a_crackdown_without_effect(self) -> None:
        quiet = vary(busy(), {"market.raids": (), "people.raid_response.buy_more": 0.0, "people.raid_response.stop": 0.0})
        vain = vary(busy(), {"police.raid_factor": 1.0, "market.raid_factor": 1.0, "people.raid_response.buy_more": 0.0, "people.raid_response.stop": 0.0})
        assert same_for_every_law(run(quiet, laws()), run(vain, laws())) == ""

    def test_an_axis_without_coefficients(self) -> None:
        data = plain(busy())
        share = data["people"]["axes"]["gender"]["men"] | {"value": 0.5, "range": [0.4, 0.6]}
        data["people"]["axes"]["eye_colour"] = {"brown": share, "other": share}
        other = run(scenario_of(data), laws())
        assert same_for_every_law(other, busy_run()) == ""
        assert len(np.unique(other.people["axis:eye_colour"])) == 2

    def test_the_unit_in_which_a_scenario_is_written(self) -> None:
        data = plain(busy())
        data["substances"]["mdma"]["dose"]["value"] = "500 mg"
        data["substances"]["mdma"]["unit"] |= {"value": "250000 ug", "range": ["200 mg", "0.35 g"]}
        data["substances"]["cannabis_herb"]["commercial"]["restock"]["value"] = "0.45 kg"
        assert plain(scenario_of(data)) != plain(busy())
        assert same_for_every_law(run(scenario_of(data), laws()), busy_run()) == ""

    def test_the_unit_in_which_a_law_is_written(self) -> None:
        grams = law("nsw-deemed-supply").patch({"tables.traffickable.mdma": "1 g", "tables.small.heroin": "0.002 kg"})
        milligrams = law("nsw-deemed-supply").patch({"tables.traffickable.mdma": "1000 mg", "tables.small.heroin": "2000000 ug"})
        tables = run(busy(), [grams, milligrams])
        assert first_difference(of_law(tables, 0), of_law(tables, 1)) == ""
        assert first_difference(of_law(tables, 0), of_law(busy_run(), 0)) != ""


class TestSeeds:
    """12."""

    def test_another_seed_or_replicate_is_another_world(self) -> None:
        seen: dict[bytes, tuple[int, int]] = {}
        for seed in (0, 1, 2, 3, 2**63 - 1):
            for replicate in (0, 1, 2, 3):
                block: Block = fresh_block(setup_of(busy(), laws("portugal"), days=1, seed=seed), 60, replicate)
                step_day(block)
                state = block.habits["own_ug"].tobytes()
                assert state not in seen, f"seed and replicate {(seed, replicate)} live the life of {seen[state]}"
                seen[state] = (seed, replicate)

    def test_seeds_and_replicates_share_no_encounters(self) -> None:
        """Of about 1,200 encounters at 18,000 possible times and ways, 50 to 80 coincide by luck; the same run shares all."""
        base = rows_of(of_law(busy_run(), 0)["encounters"], "person", "day")
        for other in (run(busy(), laws("nsw-deemed-supply"), seed=2), run(busy(), laws("nsw-deemed-supply"), replicate=1)):
            shared = base & rows_of(of_law(other, 0)["encounters"], "person", "day")
            assert len(shared) < 0.25 * len(base)


def test_the_tables_under_test_are_not_empty() -> None:
    """Equality of empty tables says nothing: the busy world fills all of them under every law."""
    for i in range(len(LAWS)):
        columns: dict[str, Columns] = of_law(busy_run(), i)
        assert all(len(columns[name]["day"]) >= 80 for name in OF_ENCOUNTERS)
    assert busy_run().rows > 2 * PEOPLE


@pytest.mark.parametrize("mode", ["closed", "open"])
@pytest.mark.parametrize(("people", "days"), [(0, 10), (10, 0), (0, 0), (1, 5)])
def test_nobody_and_no_days_are_worlds_too(people: int, days: int, mode: str) -> None:
    tables = run(busy(), laws(), people=people, days=days, mode=mode)
    assert len(tables.people["person"]) == people
    assert tables.rows >= people
    assert all(tables.people[name].dtype == column.dtype for name, column in busy_run().people.items())
    for name in TABLES:
        assert (getattr(tables, name)["day"] < days).all()
        assert {column: values.dtype for column, values in getattr(tables, name).columns.items()} == {
            column: values.dtype for column, values in getattr(busy_run(), name).columns.items()
        }
