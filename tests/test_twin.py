"""The engine and its slow twin say the same, in every row and every column of every table.

The twin (tests/twin) is written apart from the engine, one person at a time; see docs/model.md for what both implement.
"""

from __future__ import annotations

import ast
import functools
import json
import operator
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twin import ACCOUNT, TwinResult, simulate
from twin.some_laws import law_of_everything, law_of_notices, law_of_reports, law_of_reviews, law_of_sanctions, random_laws
from worlds import law as shipped
from worlds import nsw

from decrimsim import schema
from decrimsim.engine import Block, make_setup, run_block, run_replicate
from decrimsim.law import Law
from decrimsim.population import circle_starts
from decrimsim.scenario import Scenario, effective, load_scenario, shipped_scenarios, vary
from decrimsim.scenario.adapting import RESPONSES
from decrimsim.tables import ReplicateTables
from decrimsim.testing.market import response
from decrimsim.testing.scenarios import busy, scenarios_with, small_scenarios

TABLES = schema.EVENT_TABLES
SHIPPED = ("nsw-deemed-supply", "nsw-burden-on-state", "gold-standard", "portugal", "mexico")
ENGINE_ACCOUNT = tuple("sold_total_ug" if name == "sold_ug" else name for name in ACCOUNT)
Mode = Literal["closed", "open"]
Rows = list[tuple[Any, ...]]


@lru_cache
def busy_nsw() -> Scenario:
    return busy(nsw(), days=45)


@lru_cache
def many_laws() -> list[Law]:
    """Return the shipped laws, those made for these tests, and the first once more under another name."""
    made = law_of_everything(), law_of_reports(), law_of_notices(), law_of_sanctions()
    return [*map(shipped, SHIPPED), *made, shipped(SHIPPED[0]).named("again")]


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


def laws_of(world: Scenario) -> list[Law]:
    """Return the laws that a shipped world compares."""
    return [shipped(law) for law in (world.baseline, *world.candidates)]


@lru_cache
def busy_twins(mode: Mode) -> list[TwinResult]:
    """Return what the twin says of the busy world under the laws of MANY, after the engine said the same of all in one pass."""
    return assert_twins_agree(busy_nsw(), many_laws(), people=50, days=45 if mode == "closed" else 30, seed=3, mode=mode, replicate=2)


@lru_cache
def reviewed_twins() -> list[TwinResult]:
    """Return what the twin says over several periods under a law that revises itself, and others."""
    laws = [law_of_reviews(), law_of_everything(), shipped("gold-standard")]
    return assert_twins_agree(busy_nsw(), laws, people=40, days=120, seed=6, mode="closed")


@pytest.mark.parametrize("mode", ["closed", "open"])
@pytest.mark.parametrize("seed", [1, 2**62])
def test_the_twins_agree_on_new_south_wales_under_the_shipped_laws(seed: int, mode: Mode) -> None:
    twins = assert_twins_agree(nsw(), [*map(shipped, SHIPPED)], people=60, days=50, seed=seed, mode=mode)
    assert twins[0].tables["encounters"]


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if name != "nsw"])
def test_the_twins_agree_on_every_other_shipped_world_made_busy(name: str) -> None:
    """Under all laws of the world: what differs between worlds are numbers, substances, forms and groups."""
    world = load_scenario(name)
    twins = assert_twins_agree(busy(world, days=30), laws_of(world), people=40, days=30, seed=9, mode="closed")
    assert len(twins[0].tables["cases"]) > 20


@pytest.mark.parametrize("name", ["portugal", "mexico"])
def test_the_twins_agree_on_a_world_of_panels_and_one_of_reports(name: str) -> None:
    """As shipped but for more stops, under the law of the land and the first other one."""
    world = vary(load_scenario(name), {"police.street": 30.0})
    twins = assert_twins_agree(world, laws_of(world)[:2], people=120, days=60, seed=3, mode="closed")
    assert twins[0].tables["cases"]


@pytest.mark.parametrize("mode", ["closed", "open"])
def test_many_laws_in_one_pass_equal_each_law_alone_in_the_twin(mode: Mode) -> None:
    twins = busy_twins(mode)
    assert twins[0].tables == twins[-1].tables
    assert len({str(twin.tables["cases"]) for twin in twins}) == len(twins) - 1
    stocks_differ = len({str(twin.accounts) for twin in twins}) > 1
    assert stocks_differ == (mode == "closed")
    for law, twin in zip(many_laws(), twins, strict=True):
        assert len(twin.tables["cases"]) > (20 if law.id == "gold-standard" else 100), law.id


def test_the_twins_agree_on_laws_that_revise_themselves_and_on_queues_over_several_periods() -> None:
    twins = reviewed_twins()
    assert len(twins[0].tables["revisions"]) > 3
    assert [twin.tables["revisions"] for twin in twins[1:]] == [[], []]
    assert all(len(twin.tables["periods"]) == 32 for twin in twins)


@pytest.mark.parametrize("kind", RESPONSES)
def test_the_twins_agree_on_every_answer_to_the_law(kind: str) -> None:
    """Everybody knows the line and half of the suppliers pack below it; an answer that is one makes other purchases, finds or both."""
    answering, fixed = (answers(one) for one in (kind, "fixed"))
    twins = assert_twins_agree(answering, [shipped(SHIPPED[0]), law_of_everything()], people=40, days=20, seed=11, mode="closed")
    unmoved = [simulate(fixed, law, 40, 20, 11, 0, "closed") for law in (shipped(SHIPPED[0]), law_of_everything())]
    assert any(twin.accounts != other.accounts for twin, other in zip(twins, unmoved, strict=True)) == (kind != "fixed")


@lru_cache
def answers(kind: str) -> Scenario:
    """Return the busy world in which everybody who knows the line answers in one way."""
    data = busy_nsw().model_dump(mode="json", by_alias=True)
    data["people"]["response"] = response(kind, 1.0)
    return Scenario.model_validate_json(json.dumps(data))


def test_the_twins_agree_on_amounts_that_sit_on_a_limit() -> None:
    """The limits are what the scales said: in open mode every law sees the same finds, so each limit has a find exactly on it."""
    exact = vary(busy_nsw(), {"police.weighing_sd": 0.0})
    measured = [c.name for c in schema.FINDINGS].index("measured_ug")
    found = simulate(exact, law_of_everything(), 40, 25, 4, 0, "open").tables["findings"]
    drugs = Counter(row[:2] for row in found)
    seen = sorted({row[measured] for row in found if drugs[row[:2]] == 1})
    limits = [seen[len(seen) * share // 10] for share in (2, 4, 6, 8)]
    laws = [law_of_everything(op, [f"{ug} ug" for ug in limits]).named(name) for op, name in ((">=", "from"), (">", "beyond"))]
    twins = assert_twins_agree(exact, laws, people=40, days=25, seed=4, mode="open")
    assert len({row[measured] for row in twins[0].tables["findings"]} & set(limits)) == 4
    tier = [c.name for c in schema.CASES].index("tier")
    tiers = [[row[tier] for row in twin.tables["cases"]] for twin in twins]
    lower = [(a, b) for a, b in zip(*tiers, strict=True) if a != b]
    assert all(b == a - 1 for a, b in lower)
    assert {a for a, _ in lower} == {1, 2, 3, 4}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.data())
def test_the_twins_agree_on_random_worlds_and_random_laws(data: st.DataObject) -> None:
    days = data.draw(st.integers(5, 40), label="days")
    scenario = data.draw(small_scenarios(days=days), label="scenario")
    laws = data.draw(st.lists(st.one_of(random_laws(), st.sampled_from(SHIPPED).map(shipped)), min_size=1, max_size=3), label="laws")
    people, seed = data.draw(st.integers(1, 24), label="people"), data.draw(st.integers(0, 2**63 - 1), label="seed")
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
    """Return the rows on which both programs agreed above, in worlds and under laws in which everything can happen."""
    twins = [*busy_twins("closed"), *reviewed_twins()]
    return {name: [row for twin in twins for row in twin.tables[name]] for name in schema.TABLES}


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


def test_every_number_varies_and_every_sanction_falls() -> None:
    """A column that always says the same would be equal in two programs of which one forgets it."""
    rows = everything_that_happened()
    always = {
        f"{table}.{column.name}" for table, columns in schema.TABLES.items() for i, column in enumerate(columns) if len({row[i] for row in rows[table]}) < 2
    }
    assert always == set()
    sanctions = [c.name for c in schema.CASES].index("sanctions")
    bits = functools.reduce(operator.or_, (row[sanctions] for row in rows["cases"]))
    assert [name for i, name in enumerate(schema.SANCTIONS) if not bits >> i & 1] == []


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
