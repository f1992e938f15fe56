"""Locality, symmetry and shared histories: invariants 71 to 75 and 85 to 88 of the design. See docs/invariants.md."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    DAYS,
    LAWS,
    OF_ENCOUNTERS,
    PEOPLE,
    RATES,
    TABLES,
    busy,
    busy_run,
    calm_calendar,
    first_difference,
    fresh_block,
    law,
    laws,
    no_police,
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

from decrimsim.engine import Block, step_day
from decrimsim.law import Law
from decrimsim.population import circle_starts, make_people
from decrimsim.scenario import Scenario, vary, with_switches
from decrimsim.scenario.switches import SWITCHES
from decrimsim.tables import Columns, ReplicateTables, pack_laws, unpack_laws

SAME_STOPS = tuple(name for name in LAWS if name != "gold-standard")
NEVER = 10**9
ANSWERS = ("response", "packing", "service_avoidance")
"""Switches of how people answer to a law that has not found them."""


def circle_of(tables: ReplicateTables) -> dict[int, int]:
    """Return the circle of every person."""
    return dict(zip(tables.people["person"].tolist(), tables.people["circle"].tolist(), strict=True))


def first_days(tables: ReplicateTables, i: int, j: int) -> dict[str, dict[int, int]]:
    """Return for each table the first day on which two laws differ, by circle; circles without difference are left out."""
    circle, out = circle_of(tables), {}
    for name in OF_ENCOUNTERS:
        a, b = (rows_of(of_law(tables, law_)[name]) for law_ in (i, j))
        days: dict[int, int] = {}
        for person, day, *_ in a ^ b:
            days[circle[person]] = min(day, days.get(circle[person], NEVER))
        out[name] = days
    return out


@cache
def of_many() -> ReplicateTables:
    """Return the tables of the busy world with more people, so that some live on differently under any two laws."""
    return run(busy(), laws(), people=700)


@cache
def mdma_changed() -> tuple[Law, Law]:
    """Return two laws that differ in one number, for MDMA."""
    return law("nsw-deemed-supply"), law("nsw-deemed-supply").patch({"tables.traffickable.mdma": "0.3 g"})


def factors_of_groups(data: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return every table of factors by axis and category in the plain data of a scenario."""
    police = data["practice"]["police"]
    return data["police"]["stop_factor"], police["caution_factor"], police["notice_factor"], police["violence"]["group_factor"]


class TestNoAnticipation:
    """71, nearest form: laws take part from the first day, so what differs is what is asked; and 73: the light cone."""

    @pytest.mark.parametrize("other", SAME_STOPS[1:])
    def test_the_first_difference_of_a_circle_is_a_case(self, other: str) -> None:
        """Encounters and findings of a circle differ only on days after a case of the circle was answered differently."""
        days = first_days(of_many(), 0, LAWS.index(other))
        assert len(days["cases"]) > 10
        for table in ("encounters", "findings"):
            for circle, day in days[table].items():
                assert days["cases"].get(circle, NEVER) < day, f"{table} of circle {circle} differ on day {day} before any case"
        assert len(days["encounters"]) > 3

    @pytest.mark.parametrize("other", SAME_STOPS[1:])
    def test_nothing_differs_before_the_first_different_decision(self, other: str) -> None:
        j = LAWS.index(other)
        first = min(min(days.values(), default=NEVER) for days in first_days(busy_run(), 0, j).values())
        a, b = ({name: only(columns, columns["day"] < first) for name, columns in of_law(busy_run(), i).items()} for i in (0, j))
        assert first_difference(a, b) == ""
        today = [rows_of(of_law(busy_run(), i)["encounters"], "person", "day") for i in (0, j)]
        assert {event for event in today[0] if event[1] <= first} == {event for event in today[1] if event[1] <= first}
        assert first < DAYS

    def test_the_state_differs_only_where_a_case_did(self) -> None:
        """Rows of the engine: a circle has split only if some case of it was answered differently on that day or before."""
        block, circle = fresh_block(setup_of(busy(), laws())), circle_of(busy_run())
        n_circles, split_on = block.circles.n, dict[int, int]()
        for day in range(DAYS):
            step_day(block)
            first_person = block.people["person"][block.circles["first_person"]]
            for person in first_person[n_circles:].tolist():  # rows of circles beyond the first are copies
                split_on.setdefault(circle[person], day)
        cases: dict[int, int] = {}
        per_law = [rows_of(of_law(busy_run(), i)["cases"]) for i in range(len(LAWS))]
        for person, day, *_ in set.union(*per_law) - set.intersection(*per_law):
            cases[circle[person]] = min(day, cases.get(circle[person], NEVER))
        assert len(split_on) > 20
        for ring, day in split_on.items():
            assert cases.get(ring, NEVER) <= day

    def test_open_mode_never_differs_in_what_people_do(self) -> None:
        for other in SAME_STOPS[1:]:
            days = first_days(busy_run("open"), 0, LAWS.index(other))
            assert days["encounters"] == days["findings"] == {}
            assert days["cases"]


def unqueued() -> Scenario:
    """Return the busy world without queues of prosecutors and courts, which couple everybody under a law."""
    return with_switches(busy(), {"prosecutor_queue": False, "court_queue": False})


@cache
def lived_unqueued() -> ReplicateTables:
    """Return the tables of that world under two laws that differ for MDMA."""
    return run(unqueued(), mdma_changed(), people=900)


class TestOneDrug:
    """72."""

    def test_circles_that_never_hold_the_drug_live_the_same(self) -> None:
        tables = lived_unqueued()
        setup = setup_of(unqueued(), mdma_changed(), days=0)
        starts = circle_starts(setup.world, 900, setup.seed, 0)
        people = make_people(setup.world, unqueued(), starts, slice(0, len(starts) - 1), setup.seed, 0)
        mdma = list(busy().substances).index("mdma")
        users = people.person[people.habits["owner"][people.habits["substance"] == mdma].astype(np.int64)]
        touched = {circle_of(tables)[person] for person in users.tolist()}
        days = first_days(tables, 0, 1)
        assert all(set(by_circle) <= touched for by_circle in days.values())
        assert days["cases"]
        assert len(touched) < len(starts) - 1

    def test_a_case_that_comes_first_in_differing_holds_the_drug(self) -> None:
        tables = lived_unqueued()
        circle, mdma = circle_of(tables), list(busy().substances).index("mdma")
        findings = of_law(tables, 0)["findings"]
        with_mdma = rows_of(only(findings, findings["substance"] == mdma), "person", "day")
        a, b = (rows_of(of_law(tables, i)["cases"]) for i in (0, 1))
        first = first_days(tables, 0, 1)["cases"]
        for person, day, *_ in a ^ b:
            if first[circle[person]] == day:
                assert (person, day) in with_mdma


class TestNoContact:
    """74."""

    def test_circles_that_nobody_found_live_as_without_police(self) -> None:
        """Every column of their habits after 120 days, in one row under all laws, against a world without police."""
        calm = with_switches(nsw(), {name: False for name, switch in SWITCHES.items() if switch.couples} | dict.fromkeys(ANSWERS, False))
        quiet = {f"police.{rate}": 0.0 for rate in RATES if f"police.{rate}" in dict(calm.parameters())}
        watched, alone = (one_block(setup_of(world, laws(), days=120), 800) for world in (calm, vary(calm, quiet)))
        found = {int(person) for part in watched.log["cases"] for person in part["person"]}
        circle = {int(person): int(ring) for person, ring in zip(watched.table["person"], watched.table["circle"], strict=True)}
        untouched = ~np.isin(watched.table["circle"], [circle[person] for person in found])
        rows = np.flatnonzero(untouched[watched.people["person"]])
        assert len(rows) == untouched.sum() > 400
        assert watched.people.n > 800
        habits = np.isin(watched.habits["owner"], rows)
        same = np.isin(alone.habits["owner"], np.flatnonzero(untouched))
        for name in watched.habits.names():
            assert np.array_equal(watched.habits[name][habits], alone.habits[name][same]), name


class TestGroups:
    """75."""

    def test_groups_without_coefficients_are_labels_only(self) -> None:
        """Other groups, other shares: not one event changes."""
        data = plain(busy())
        for factors in factors_of_groups(data):
            factors.clear()
        blind = run(scenario_of(data), laws())
        share = data["people"]["axes"]["gender"]["men"]
        data["people"]["axes"] = {"eye_colour": {"brown": share | {"value": 0.8, "range": [0.1, 0.9]}, "other": share | {"value": 0.2, "range": [0.1, 0.9]}}}
        renamed = run(scenario_of(data), laws())
        for i in range(len(LAWS)):
            assert first_difference(of_law(blind, i), of_law(renamed, i)) == ""
        assert first_difference(of_law(blind, 0), of_law(busy_run(), 0)) != ""

    def test_names_of_groups_and_their_order_in_factors_mean_nothing(self) -> None:
        data = plain(busy())
        axes, factors = data["people"]["axes"], factors_of_groups(data)
        data["people"]["axes"] = {f"axis_{axis}": {f"is_{category}": share for category, share in shares.items()} for axis, shares in axes.items()}
        for factor in factors:
            renamed = {f"axis_{axis}": {f"is_{category}": value for category, value in by.items()} for axis, by in reversed(factor.items())}
            factor.clear()
            factor.update(renamed)
        other = run(scenario_of(data), laws())
        for i in range(len(LAWS)):
            assert first_difference(of_law(other, i), of_law(busy_run(), i)) == ""


@cache
def few_alone(name: str) -> ReplicateTables:
    """Return a short run of few people under one law."""
    return run(busy(), laws(name), people=50, days=25)


class TestSharedHistories:
    """85 to 88: the promise of the engine."""

    @pytest.mark.parametrize("mode", ["closed", "open"])
    @pytest.mark.parametrize("i", range(len(LAWS)), ids=LAWS)
    def test_a_law_among_others_is_the_law_run_alone_bit_for_bit(self, i: int, mode: str) -> None:
        assert first_difference(of_law(busy_run(mode), i), of_law(run(busy(), laws(LAWS[i]), mode=mode), 0)) == ""

    @settings(max_examples=7)
    @given(
        names=st.lists(st.sampled_from(LAWS), min_size=2, max_size=6),
        seed=st.integers(0, 2**63 - 1),
        world=st.sampled_from(("busy", "calm")),
        people=st.integers(1, 100),
    )
    def test_any_laws_in_any_order_any_seed(self, names: list[str], seed: int, world: str, people: int) -> None:
        scenario = busy() if world == "busy" else calm_calendar()
        together = run(scenario, laws(*names), people=people, days=35, seed=seed)
        alone = {name: of_law(run(scenario, laws(name), people=people, days=35, seed=seed), 0) for name in set(names)}
        for i, name in enumerate(names):
            assert first_difference(of_law(together, i), alone[name]) == "", f"{name} at {i} of {names}"

    def test_state_of_a_law_among_others_is_its_state_alone(self) -> None:
        """Every column of people and habits, records of that law included, after every tenth day."""
        together, alone = fresh_block(setup_of(busy(), laws()), 120), [fresh_block(setup_of(busy(), laws(name)), 120) for name in LAWS]
        for day in range(DAYS):
            for block in (together, *alone):
                step_day(block)
            if day % 10 == 9:
                for i, block in enumerate(alone):
                    assert _state(together, i) == _state(block, 0), f"{LAWS[i]}, day {day}"

    def test_order_and_company_of_laws_change_no_result(self) -> None:
        order = ("mexico", "conclusive", "nsw-deemed-supply", "portugal")
        other = run(busy(), laws(*order))
        for i, name in enumerate(order):
            assert first_difference(of_law(other, i), of_law(busy_run(), LAWS.index(name))) == ""

    def test_names_of_laws_change_no_result_and_equal_laws_share_every_row(self) -> None:
        twins = run(busy(), [law("mexico"), law("mexico").named("another name"), law("portugal")])
        assert all(np.array_equal(getattr(twins, name).is_true(0), getattr(twins, name).is_true(1)) for name in TABLES)
        assert first_difference(of_law(twins, 1), of_law(busy_run(), LAWS.index("mexico"))) == ""

    @pytest.mark.parametrize("n_laws", [63, 64, 65, 130])
    def test_more_laws_than_bits_in_a_word(self, n_laws: int) -> None:
        many = [LAWS[(3 * i) % len(LAWS)] for i in range(n_laws)]
        tables = run(busy(), laws(*many), people=50, days=25)
        for i in {0, n_laws // 2, n_laws - 2, n_laws - 1}:
            assert first_difference(of_law(tables, i), of_law(few_alone(many[i]), 0)) == ""

    @settings(max_examples=40)
    @given(flags=st.integers(1, 200).flatmap(lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=1, max_size=5)))
    def test_sets_of_laws_survive_packing(self, flags: list[list[bool]]) -> None:
        assert unpack_laws(pack_laws(np.array(flags)), len(flags[0])).tolist() == flags

    def test_every_person_and_law_stand_in_one_row_every_day(self) -> None:
        block = fresh_block(setup_of(busy(), laws()))
        for _ in range(DAYS):
            step_day(block)
            carried = np.zeros((PEOPLE, len(LAWS)), np.int64)
            np.add.at(carried, block.people["person"], block.circles["laws"][block.people["circle"]].astype(np.int64))
            assert (carried == 1).all(), f"day {block.day}"
            assert block.circles["laws"].any(axis=1).all(), "a row that is true under no law"
        assert block.people.n > 2 * PEOPLE

    def test_rows_stand_where_they_say(self) -> None:
        """Positions of circles, people and habits agree after all splits; a circle's people share its laws."""
        block = one_block(setup_of(busy(), laws()), 120)
        circles, people, habits = block.circles, block.people, block.habits
        for ring in range(circles.n):
            mine = slice(int(circles["first_person"][ring]), int(circles["first_person"][ring] + circles["n_people"][ring]))
            own = slice(int(circles["first_habit"][ring]), int(circles["first_habit"][ring] + circles["n_habits"][ring]))
            assert (people["circle"][mine] == ring).all()
            assert (people["circle"][habits["owner"][own]] == ring).all()
        for person in range(people.n):
            own = slice(int(people["first_habit"][person]), int(people["first_habit"][person] + people["n_habits"][person]))
            assert (habits["owner"][own] == person).all()
        assert np.array_equal(np.bincount(habits["owner"], minlength=people.n), people["n_habits"])

    def test_laws_that_answer_alike_never_split_a_row(self) -> None:
        """Equal rules under two names; a rule for a drug nobody has; a fine, which changes money and nothing that is lived."""
        base = law("nsw-deemed-supply")
        alike = [base, base.named("another name"), base.patch({"tables.traffickable.ketamine": "1 g"}), base.patch({"routes.notice.fine_minor": 12_300})]
        block = one_block(setup_of(busy(), alike))
        assert (block.people.n, block.habits.n) == (block.n_first_people, block.n_first_habits)

    def test_a_find_without_consequences_splits_no_row(self) -> None:
        """A law under which nobody is stopped, and one that stops, finds and leaves everything as it is, live the same."""
        world = vary(
            no_police(), {"police.street": 50.0, "police.trip_factor": 0.0, "police.supply_suspicion.street": 0.0, "practice.referral.police.offer": 0.0}
        )
        data = plain(world)
        for row in data["practice"]["police"]["belief"].values():
            for cell in row.values():
                cell |= {"value": 0.0, "range": [0.0, 0.5]}
        gold = law("gold-standard")
        tables = run(scenario_of(data), [gold, gold.patch({"powers.police.stop_for_possession": True})])
        assert len(tables.cases.for_law(1)["day"]) > 100
        assert len(tables.encounters.for_law(0)["day"]) == 0
        assert tables.rows == PEOPLE


def _state(block: Block, i: int) -> dict[str, Any]:
    """Return what is true of people and habits under one law, by identity; positions and other laws' records are left out."""
    rows = np.flatnonzero(block.circles["laws"][block.people["circle"], i])
    rows = rows[np.argsort(block.people["person"][rows])]
    habits = np.flatnonzero(block.circles["laws"][block.people["circle"], i][block.habits["owner"]])
    habits = habits[np.argsort(block.habits["scramble"][habits])]
    columns: dict[str, Any] = {
        name: block.people[name][rows].tobytes() for name in block.people.names() if name not in ("circle", "first_habit", "records", "strikes", "waiting")
    }
    columns["waiting"] = block.people["waiting"][rows, i].tobytes()
    columns["records"] = block.people["records"][rows, i].tobytes()
    rules, kept = int((block.setup.laws.strike_effect[i] > 0).sum()), int(block.setup.laws.strike_earlier[i].max(initial=0))
    columns["strikes"] = block.people["strikes"][rows, i, :rules, :kept].tobytes()  # other laws' rules may need more room
    columns |= {f"habit {name}": block.habits[name][habits].tobytes() for name in block.habits.names() if name != "owner"}
    return columns


def test_grouped_rows_are_unique_and_true_under_some_law() -> None:
    for name in TABLES:
        table = getattr(busy_run(), name)
        columns: Columns = table.columns
        assert len(rows_of(columns)) == len(table)
        assert table.flags().any(axis=1).all()
