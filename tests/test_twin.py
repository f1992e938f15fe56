"""The engine and its slow twin say the same, in every row and every column of every table.

The twin (tests/twin) is written apart from the engine, one person at a time; see docs/model.md for what both implement.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twin import ACCOUNT, TwinResult, simulate
from twin.some_laws import law_of_everything, law_of_notices, law_of_reports, law_of_reviews, law_of_sanctions, random_laws

from decrimsim import schema
from decrimsim.engine import Block, make_setup, run_block, run_replicate
from decrimsim.law import Law, load_law
from decrimsim.population import circle_starts
from decrimsim.scenario import Scenario, effective, load_scenario, shipped_scenarios, vary
from decrimsim.tables import ReplicateTables
from decrimsim.testing.scenarios import busy, scenarios_with, small_scenarios

TABLES = schema.EVENT_TABLES
SHIPPED = ("nsw-deemed-supply", "nsw-burden-on-state", "gold-standard", "portugal", "mexico")
ENGINE_ACCOUNT = tuple("sold_total_ug" if name == "sold_ug" else name for name in ACCOUNT)
Mode = Literal["closed", "open"]
Rows = list[tuple[Any, ...]]


@lru_cache
def nsw() -> Scenario:
    return load_scenario("nsw")


@lru_cache
def busy_nsw() -> Scenario:
    return busy(nsw(), days=45)


@lru_cache
def shipped(law: str) -> Law:
    return load_law(law)


def people_rows(tables: ReplicateTables) -> Rows:
    return sorted(zip(*(column.tolist() for column in tables.people.values()), strict=True))


def engine_rows(tables: ReplicateTables, table: str, law: int) -> Rows:
    columns = getattr(tables, table).for_law(law)
    return list(zip(*(columns[column.name].tolist() for column in schema.TABLES[table]), strict=True))


def engine_accounts(block: Block, law: int) -> Rows:
    """Return the account of every habit in the history that is true under a law."""
    is_true = block.circles["laws"][:, law]
    owner = block.habits["owner"]
    at = is_true[block.people["circle"][owner]].nonzero()[0]
    person = block.people["person"][owner[at]]
    columns = [person, block.habits["substance"][at], *(block.habits[name][at] for name in ENGINE_ACCOUNT)]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def assert_same_rows(what: str, engine: Rows, twin: Rows) -> None:
    different = next(((a, b) for a, b in zip(engine, twin, strict=False) if a != b), None)
    assert different is None, f"{what}: the first row that differs\n  engine {different[0]}\n  twin   {different[1]}"
    assert len(engine) == len(twin), f"{what}: {len(engine)} rows in the engine, {len(twin)} in the twin"


def assert_twins_agree(scenario: Scenario, laws: list[Law], *, people: int, days: int, seed: int, mode: Mode, replicate: int = 0) -> list[TwinResult]:
    """Run K laws in one pass of the engine and each alone in the twin; return what the twin says."""
    scenario = effective(scenario)
    setup = make_setup(scenario, laws, days=days, seed=seed, mode=mode)
    tables = run_replicate(setup, people, replicate)
    starts = circle_starts(setup.world, people, seed, replicate)
    block = run_block(setup, starts, slice(0, len(starts) - 1), replicate)
    simulated = effective(scenario)  # the twin knows no switches
    twins = [simulate(simulated, law, people, days, seed, replicate, mode) for law in laws]
    for i, twin in enumerate(twins):
        assert_same_rows(f"{laws[i].name}, people", people_rows(tables), twin.tables["people"])
        for table in TABLES:
            assert_same_rows(f"{laws[i].name}, {mode}, seed {seed}, {table}", engine_rows(tables, table, i), twin.tables[table])
        assert_same_rows(f"{laws[i].name}, {mode}, seed {seed}, accounts", engine_accounts(block, i), twin.accounts)
    return twins


@pytest.mark.parametrize("mode", ["closed", "open"])
@pytest.mark.parametrize("law", SHIPPED)
def test_the_twins_agree_on_new_south_wales_under_each_shipped_law(law: str, mode: Mode) -> None:
    for seed in (1, 7, 2**62):
        assert_twins_agree(nsw(), [shipped(law)], people=60, days=60, seed=seed, mode=mode)


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if name != "nsw"])
def test_the_twins_agree_on_every_other_shipped_world_made_busy(name: str) -> None:
    """Under all laws of the world: what differs between worlds are numbers, substances, forms and groups."""
    world = load_scenario(name)
    laws = [shipped(law) for law in (world.baseline, *world.candidates)]
    twins = assert_twins_agree(busy(world, days=30), laws, people=40, days=30, seed=9, mode="closed")
    assert len(twins[0].tables["cases"]) > 20


@pytest.mark.parametrize("name", ["portugal", "mexico"])
def test_the_twins_agree_on_a_world_of_panels_and_one_of_reports(name: str) -> None:
    world = load_scenario(name)
    laws = [shipped(law) for law in (world.baseline, *world.candidates)]
    twins = assert_twins_agree(world, laws, people=120, days=120, seed=3, mode="closed")
    assert twins[0].tables["encounters"]


@pytest.mark.parametrize("mode", ["closed", "open"])
@pytest.mark.parametrize("law", SHIPPED)
def test_the_twins_agree_on_a_busy_world_under_each_shipped_law(law: str, mode: Mode) -> None:
    twins = assert_twins_agree(busy_nsw(), [shipped(law)], people=60, days=60, seed=3, mode=mode, replicate=2)
    assert len(twins[0].tables["cases"]) > (30 if law == "gold-standard" else 200)


@pytest.mark.parametrize("mode", ["closed", "open"])
def test_many_laws_in_one_pass_equal_each_law_alone_in_the_twin(mode: Mode) -> None:
    laws = [*map(shipped, SHIPPED), law_of_everything(), law_of_reports(), law_of_notices(), law_of_sanctions(), shipped(SHIPPED[0]).named("again")]
    twins = assert_twins_agree(busy_nsw(), laws, people=45, days=45, seed=5, mode=mode)
    assert twins[0].tables == twins[-1].tables
    assert len({str(twin.tables["cases"]) for twin in twins}) == len(laws) - 1
    stocks_differ = len({str(twin.accounts) for twin in twins}) > 1
    assert stocks_differ == (mode == "closed")


def test_the_twins_agree_on_laws_that_revise_themselves_and_on_queues_over_several_periods() -> None:
    laws = [law_of_reviews(), law_of_everything(), shipped("gold-standard")]
    twins = assert_twins_agree(busy_nsw(), laws, people=45, days=120, seed=6, mode="closed")
    assert len(twins[0].tables["revisions"]) > 3
    assert [twin.tables["revisions"] for twin in twins[1:]] == [[], []]
    assert all(len(twin.tables["periods"]) == 32 for twin in twins)


def test_the_twins_agree_on_amounts_that_sit_on_a_limit() -> None:
    exact = vary(busy_nsw(), {"police.weighing_sd": 0.0})
    twins = assert_twins_agree(exact, [law_of_everything(), law_of_everything(op=">").named("beyond")], people=60, days=45, seed=4, mode="closed")
    measured = [c.name for c in schema.FINDINGS].index("measured_ug")
    on_a_limit = {row[measured] for row in twins[0].tables["findings"]} & {300_000, 1_000_000, 3_000_000, 10_000_000}
    assert len(on_a_limit) >= 3
    assert twins[0].tables["cases"] != twins[1].tables["cases"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_the_twins_agree_on_random_worlds_and_random_laws(data: st.DataObject) -> None:
    days = data.draw(st.integers(5, 40), label="days")
    scenario = data.draw(small_scenarios(days=days), label="scenario")
    laws = data.draw(st.lists(st.one_of(random_laws(), st.sampled_from(SHIPPED).map(shipped)), min_size=1, max_size=4), label="laws")
    people, seed = data.draw(st.integers(1, 30), label="people"), data.draw(st.integers(0, 2**63 - 1), label="seed")
    assert_twins_agree(scenario, laws, people=people, days=days, seed=seed, mode=data.draw(st.sampled_from(("closed", "open")), label="mode"))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(small_scenarios(days=25, is_certain=True), random_laws(), st.integers(0, 99), st.sampled_from(("closed", "open")))
def test_the_twins_agree_where_every_probability_is_nought_or_one(scenario: Scenario, law: Law, seed: int, mode: Mode) -> None:
    assert_twins_agree(scenario, [law, law_of_everything()], people=25, days=25, seed=seed, mode=mode)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    scenarios_with(
        busy_nsw(),
        {"market.share_at_use": st.floats(0, 1), "police.find.street": st.sampled_from((0.0, 1.0)), "substances.mdma.dose": st.sampled_from(("low", "4 g"))},
    )
)
def test_the_twins_agree_where_some_parameters_are_drawn(scenario: Scenario) -> None:
    assert_twins_agree(scenario, [shipped(SHIPPED[0])], people=30, days=30, seed=8, mode="closed")


@pytest.mark.parametrize(("people", "days"), [(0, 5), (5, 0), (1, 1)])
def test_the_twins_agree_on_next_to_nothing(people: int, days: int) -> None:
    assert_twins_agree(busy_nsw(), [law_of_everything()], people=people, days=days, seed=1, mode="closed")


@lru_cache
def everything_that_happened() -> dict[str, Rows]:
    """Return the rows of the twin over worlds and laws in which everything can happen."""
    rows: dict[str, Rows] = {name: [] for name in schema.TABLES}
    for law in (law_of_everything(), law_of_reports(), law_of_notices(), law_of_sanctions(), law_of_reviews(), shipped(SHIPPED[0])):
        for seed in (1, 2, 3):
            twin = simulate(busy_nsw(), law, 60, 60, seed, 0, "closed")
            for name in rows:
                rows[name] += twin.tables[name]
    return rows


CODED = [(table, column.name) for table, columns in schema.TABLES.items() for column in columns if column.codes]


@pytest.mark.parametrize(("table", "column"), CODED)
def test_every_code_of_the_schema_happens_so_that_equality_is_not_empty(table: str, column: str) -> None:
    names = [c.name for c in schema.TABLES[table]]
    codes = schema.TABLES[table][names.index(column)].codes
    seen = {row[names.index(column)] for row in everything_that_happened()[table]}
    assert {code for i, code in enumerate(codes) if i not in seen} == set()


def test_every_stage_purpose_and_reason_happens_and_every_flag_is_both_true_and_false() -> None:
    rows = everything_that_happened()
    stage = [c.name for c in schema.DECISIONS].index("stage")
    assert {schema.STAGES[row[stage]] for row in rows["decisions"]} == set(schema.STAGES)
    names = [c.name for c in schema.FINDINGS]
    for purpose in schema.PURPOSES:
        assert any(row[names.index(f"{purpose}_ug")] > 0 for row in rows["findings"]), purpose
    for i, reason in enumerate(schema.REASONS):
        assert any(row[names.index("reasons")] >> i & 1 for row in rows["findings"]), reason
    for table, columns in schema.TABLES.items():
        for i, column in enumerate(columns):
            if column.dtype == "bool":
                assert {row[i] for row in rows[table]} == {True, False}, f"{table}.{column.name}"


def test_grams_are_conserved_in_the_twin_and_every_flow_happens() -> None:
    first = {row[:2]: sum(row[2:6]) for row in simulate(busy_nsw(), law_of_everything(), 60, 0, 1, 0, "closed").accounts}
    accounts = simulate(busy_nsw(), law_of_everything(), 60, 45, 1, 0, "closed").accounts
    for person, substance, own, circle, sale, other, bought, received, used, gave, sold, seized, delivered, lost, _ in accounts:
        assert first[person, substance] + bought + received == own + circle + sale + other + used + gave + sold + seized + delivered + lost
    totals = dict(zip(ACCOUNT, (sum(column) for column in list(zip(*accounts, strict=True))[2:]), strict=True))
    assert totals["given_ug"] == totals["received_ug"]
    assert totals.pop("circle_ug") == totals.pop("other_ug") == 0
    assert all(total > 0 for total in totals.values())


def test_the_twin_shares_nothing_with_the_engine_but_draws_names_and_readers() -> None:
    allowed = {"chance", "units", "schema", "parameters", "scenario", "law"}
    not_of_law = {"compile", "responses", "consequences", "ladder", "fractions"}
    for path in sorted((Path(__file__).parent / "twin").glob("*.py")):
        if path.name == "some_laws.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [node.module] if isinstance(node, ast.ImportFrom) and node.module else [a.name for a in node.names] if isinstance(node, ast.Import) else []
            )
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            for parts in (module.split(".") for module in modules):
                assert parts[0] != "numpy", path.name
                if parts[0] == "decrimsim":
                    assert set(parts[1:2] or names) <= allowed, f"{path.name}: {parts}"
                    assert not_of_law.isdisjoint(parts) and not {n for n in names if "ompile" in n}, f"{path.name}: {parts}"
