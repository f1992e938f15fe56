"""Answers to the line of a law: the line is where the law says more, answers stay below it, and laws in one pass are each alone."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from command_line import run as run_command
from test_twin import assert_twins_agree
from worlds import LAWS, busy, coupled, first_difference, fresh_block, law, laws, of_law, plain, run, scenario_of, setup_of

import decrimsim as ds
from decrimsim import extras
from decrimsim.engine import Block, Setup
from decrimsim.engine.adapting import COLUMNS
from decrimsim.errors import InputError
from decrimsim.law import FORMS, Law
from decrimsim.law.ladder import NEVER
from decrimsim.law.lines import lines
from decrimsim.measures.responses import Responses
from decrimsim.scenario import Scenario
from decrimsim.scenario.adapting import RESPONSES
from decrimsim.testing.market import number, response
from decrimsim.world import ALL

ACTIVE = ("carry_less", "buy_smaller", "split_among_friends")


@cache
def answering(kind: str, *, packs: float = 0.0, aware: float = 1.0, mistaken: float = 0.0) -> Scenario:
    """Return the busy world in which people answer to the law."""
    data = plain(busy())
    data["people"]["response"] = response(kind, aware) | {"mistaken": number(mistaken)}
    data["market"]["packing"] = {"share": number(packs)} if packs else None
    return scenario_of(data)


def line_of(setup: Setup, one: Law) -> np.ndarray:
    """Return the lines (substances, forms) of one law."""
    compiled = setup.laws
    unit_ug = np.array([s.unit_ug for s in setup.world.substances])
    return lines(compiled, purity_q16=setup.world.purity_q16, unit_ug=unit_ug, is_counted=setup.world.counted)[compiled.names.index(one.name)]


@pytest.mark.parametrize("name", ["nsw-deemed-supply", "gold-standard", "portugal", "mexico", "conclusive"])
def test_a_law_says_more_at_its_line_and_not_a_microgram_below(name: str) -> None:
    """Against the law asked about single finds, for every substance and form of the world."""
    setup = setup_of(busy(), laws(name))
    compiled, world, found = setup.laws, setup.world, 0
    line = line_of(setup, law(name))
    for s, numbers in enumerate(world.substances):
        for f in numbers.forms:
            edge = int(line[s, f])
            amounts = [1, edge - 1, edge] if edge != NEVER else [1, 10**12]
            seen = []
            for ug in amounts:
                gross, pure, units = (np.zeros((1, world.n_substances), np.int64) for _ in range(3))
                gross[0, s], pure[0, s] = ug, ug * int(world.purity_q16[s, f]) >> 16
                units[0, s] = ug // numbers.unit_ug if world.counted[s, f] else 0
                tier = int(compiled.classify(gross, pure, units, np.full((1, world.n_substances), f, np.int8))[0, 0])
                seen.append((compiled.effect[0, tier] >= 3 and compiled.supply_offence[0, tier] == 1, int(compiled.own_use_offence[0, tier])))
            if edge == NEVER or not compiled.regulated[0, s]:
                assert seen[-1] == seen[0], FORMS[f]
            elif edge > 1:
                found += 1
                assert seen[1] == seen[0]
                assert seen[2][0] > seen[0][0] or seen[2][1] > seen[0][1]
    assert (found > 0) == (name not in ("gold-standard", "portugal")), "these two say the same of every amount for own use, and presume nothing"


@pytest.mark.parametrize("kind", ACTIVE)
@pytest.mark.parametrize("i", [0, 4])
def test_a_law_among_others_is_the_law_run_alone_where_people_answer_to_it(kind: str, i: int) -> None:
    world = answering(kind, packs=0.5, aware=0.5, mistaken=0.3)
    together = run(world, laws(), people=150, days=40)
    alone = run(world, laws(LAWS[i]), people=150, days=40)
    assert first_difference(of_law(together, i), of_law(alone, 0)) == ""
    assert [together.behaviour[name][i] for name in together.behaviour] == [alone.behaviour[name][0] for name in alone.behaviour]


def test_any_size_of_blocks_gives_the_same_answers() -> None:
    world = answering("buy_smaller", packs=0.5, aware=0.5, mistaken=0.3)
    whole, parts = (run(world, laws(*LAWS[:3]), people=200, days=30, block_people=size) for size in (20_000, 40))
    for i in range(3):
        assert first_difference(of_law(whole, i), of_law(parts, i)) == ""
    assert all(np.array_equal(whole.behaviour[name], parts.behaviour[name]) for name in whole.behaviour)


@pytest.mark.parametrize("kind", ["fixed", "unaware"])
def test_who_does_nothing_lives_as_in_a_world_that_does_not_ask(kind: str) -> None:
    a, b = (run(world, laws(*LAWS[:3]), people=200, days=30) for world in (answering(kind), busy()))
    for i in range(3):
        assert first_difference(of_law(a, i), of_law(b, i)) == ""


def test_nobody_packs_where_nobody_knows_the_line() -> None:
    a, b = (fresh_block(setup_of(answering(kind, packs=1.0), laws(LAWS[0]))) for kind in ("unaware", "fixed"))
    assert (a.habits["restock_ug"] >= b.habits["restock_ug"]).all()
    assert (a.habits["restock_ug"] > b.habits["restock_ug"]).any()


def test_a_switch_that_is_off_is_a_world_without_it() -> None:
    off = ds.with_switches(answering("carry_less", packs=0.5), {"response": False, "packing": False})
    a, b = (run(world, laws(*LAWS[:2]), people=200, days=30) for world in (off, busy()))
    for i in (0, 1):
        assert first_difference(of_law(a, i), of_law(b, i)) == ""


def test_in_open_mode_no_law_changes_what_people_do() -> None:
    block = fresh_block(setup_of(answering("carry_less", packs=1.0), laws(), mode="open"))
    assert block.people.n == block.n_first_people


def caps(block: Block, i: int) -> dict[str, np.ndarray]:
    """Return what people carry and buy at most under a law, beside their lines, for the habits of people who use."""
    habits = block.habits
    rows = np.flatnonzero(block.circles["laws"][block.people["circle"][habits["owner"]], i] & (habits["p_use32"] > 0))
    assert block.course.lines is not None
    line = block.course.lines[i][habits["substance"][rows], habits["form"][rows]]
    return {"rows": rows, "line": line} | {name: habits[name][rows] for name in COLUMNS}


def test_people_with_a_home_who_carry_less_carry_less_than_the_line() -> None:
    block = fresh_block(setup_of(answering("carry_less"), laws()))
    for i in range(len(LAWS)):
        found = caps(block, i)
        has_home = ~block.people["has_no_safe_home"][block.habits["owner"][found["rows"]]].astype(bool)
        far = (found["carry_ug"] == ALL) & (found["line"] > 2 * block.habits["size_ug"][found["rows"]])
        assert ((found["carry_ug"] < found["line"]) | (found["line"] == NEVER) | far)[has_home].all()
        assert (found["line"] == NEVER).all() or (found["carry_ug"][has_home] < found["line"][has_home]).mean() > 0.5
        assert (found["carry_ug"][~has_home] == ALL).all(), "who has no safe home has nowhere to leave it"


def test_people_who_buy_smaller_never_buy_the_line_at_once_unless_a_deal_or_a_dose_is_as_large() -> None:
    world = answering("buy_smaller")
    block = fresh_block(setup_of(world, laws(LAWS[0]), days=30))
    deal_ug = block.setup.by_substance["deal_ug"][block.habits["substance"]]
    assert block.course.lines is not None
    line = block.course.lines[0][block.habits["substance"], block.habits["form"]]
    for _ in range(30):
        for step in ds.engine.STEPS:
            if step.name == "buy":
                need = block.habits["dose_today_ug"] - block.habits["own_ug"]
            step.run(block)
            if step.name == "buy":
                bought = np.where(block.habits["buy_day"] == block.day, block.habits["bought_own_ug"], 0)
                need = np.maximum(need, block.habits["dose_today_ug"])
                assert (bought < np.maximum(np.maximum(line, deal_ug + 1), need + deal_ug)).all()
        block.day += 1


def test_buying_smaller_takes_more_purchases_and_splitting_takes_more_trips() -> None:
    strict = law(LAWS[0]).patch({f"tables.traffickable.{name}": "0.3 g" for name in ("mdma", "cocaine", "methamphetamine", "heroin")}).named("strict")
    done = {kind: run(answering(kind), [strict], people=400, days=50, mode="closed").behaviour for kind in RESPONSES}
    assert done["buy_smaller"]["purchases"][0] > done["fixed"]["purchases"][0]
    assert done["split_among_friends"]["trip_days"][0] > done["fixed"]["trip_days"][0]
    assert done["fixed"] == done["unaware"]


def test_suppliers_who_pack_carry_and_buy_in_less_than_the_line() -> None:
    block = fresh_block(setup_of(answering("fixed", packs=1.0), laws(LAWS[0])))
    habits = block.habits
    sells = np.flatnonzero(habits["restock_ug"] > 0)
    assert block.course.lines is not None
    line = block.course.lines[0][habits["substance"][sells], habits["form"][sells]]
    deal_ug = block.setup.by_substance["deal_ug"][habits["substance"][sells]]
    assert (habits["restock_ug"][sells] < np.maximum(line, deal_ug + 1)).all()
    home = ~block.people["has_no_safe_home"][habits["owner"][sells]].astype(bool)
    user = habits["p_use32"][sells] > 0
    carried = habits["carry_sale_ug"][sells] + np.where(user, np.minimum(habits["carry_ug"][sells], 2**60), 0)
    assert (carried < line)[home].all()


def test_lines_beyond_what_anybody_buys_split_no_circle() -> None:
    far = [
        law(LAWS[0]).patch({f"tables.traffickable.{name}": f"{kg} kg" for name in ("mdma", "cocaine", "methamphetamine", "heroin", "cannabis_herb")})
        for kg in (20, 30)
    ]
    for kind in ("buy_smaller", "split_among_friends"):
        block = fresh_block(setup_of(answering(kind), far))
        assert block.people.n == block.n_first_people, kind


def test_who_is_aware_and_how_wrong_does_not_depend_on_the_law() -> None:
    world = answering("carry_less", aware=0.5, mistaken=0.5)
    one, two = (fresh_block(setup_of(world, laws(name))) for name in ("nsw-deemed-supply", "conclusive"))
    assert all(np.array_equal(one.habits[name], two.habits[name]) for name in COLUMNS), "the two laws have the same line"


@cache
def side_by_side() -> tuple[Responses, ...]:
    """Return a small world's answers side by side."""
    return ds.responses(answering("fixed", packs=0.5), ["gold-standard"], people=150, days=30, replicates=1)


class TestSideBySide:
    def test_every_alternative_stands_alone_and_is_never_averaged(self) -> None:
        for table in side_by_side():
            assert [row.kind for row in table.rows] == list(RESPONSES)
            low, high = table.spread(0)
            assert low == min(row.people[0] for row in table.rows)
            assert high == max(row.people[0] for row in table.rows)
        assert any(table.spread(0)[0] < table.spread(0)[1] for table in side_by_side())

    def test_a_row_is_the_run_in_which_people_answer_so(self) -> None:
        kind = "carry_less"
        alone = ds.compare(answering(kind, packs=0.5), ["gold-standard"], people=150, days=30, replicates=1, keep_tables=False)
        table = side_by_side()[0]
        row = table.rows[RESPONSES.index(kind)]
        assert row.people[0] == pytest.approx(alone.summary.with_cut(0, table.cut).mean / 150 * 1000)

    def test_the_table_is_plain_data_and_plain_words(self) -> None:
        table = side_by_side()[0]
        assert "split among friends" in str(table)
        data = table.to_json()
        assert set(data["laws"]) == set(table.laws)  # type: ignore[call-overload]

    def test_a_world_that_says_nothing_about_it_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"people\.response"):
            ds.responses(busy(), ["gold-standard"], people=20, days=5, replicates=1)

    def test_the_report_shows_every_answer_and_the_spread(self) -> None:
        comparison = ds.compare(answering("fixed"), ["gold-standard"], people=60, days=10, replicates=1, keep_tables=False)
        page = replace(comparison, responses=side_by_side()).to_html()
        assert "If people answer to the law" in page
        low, high = side_by_side()[0].spread(0)
        assert f"{low:,.2f} to {high:,.2f}" in page
        assert "If people answer to the law" not in comparison.to_html()

    def test_a_full_report_has_them_where_the_world_describes_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Everything else that a full report shows is left out here; it is the same call for the same people, days and laws."""
        for name in ("sensitivity", "contributions", "strategies", "_swaps"):
            monkeypatch.setattr(extras, name, lambda *_, **__: ())
        monkeypatch.setattr(extras, "live_without_police", lambda *_, **__: None)
        world = answering("fixed", packs=0.5).model_copy(update={"curve": None})
        comparison = ds.compare(world, ["gold-standard"], people=60, days=10, replicates=1, keep_tables=False)
        full = ds.with_report_extras(comparison)
        assert full.responses == ds.responses(world, ["gold-standard"], people=60, days=10, replicates=1)
        assert [row.kind for row in full.responses[0].rows] == list(RESPONSES)
        silent = replace(comparison, scenario=ds.with_switches(world, {"response": False}))
        assert ds.with_report_extras(silent).responses == ()

    def test_the_command_line_runs_them_side_by_side(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        tiny = ("--law", "gold-standard", "--people", "60", "--days", "10", "--replicates", "1", "--workers", "1")
        outs = []
        for more in ((), ("--json",)):
            status, out, _ = run_command(capsys, monkeypatch, "responses", "nsw", *tiny, *more)
            assert status == 0
            outs.append(out)
        assert "carry less" in outs[0]
        table = json.loads(outs[1])["responses"][0]
        assert set(table["laws"]["gold-standard"]["people"]) == set(RESPONSES)


@pytest.mark.parametrize("kind", ["carry_less", "buy_smaller", "split_among_friends"])
def test_people_answer_to_a_line_that_a_review_has_changed(kind: str) -> None:
    """The reference simulator agrees, beside a law that is never revised; and once the line has changed its people hold other caps."""
    data = plain(coupled())
    data["people"]["response"] = response(kind, 0.7)
    world = scenario_of(data)
    triggers = [{"metric": "share_of_user_finds_above_threshold", "op": ">=", "value": 0.0, "action": "lower_thresholds"}]
    reviewed, constant = law(LAWS[0]).patch({"review": {"months": 1, "raise_by": 3.0, "triggers": triggers}}).named("reviewed"), law(LAWS[0])
    assert_twins_agree(world, [reviewed, constant], people=40, days=66, seed=11, mode="closed")
    block = ds.one_block(ds.make_setup(world, [reviewed, constant], days=60, seed=11, mode="closed"), 150)
    for _ in range(57):
        ds.step_day(block)
    column = {"carry_less": "carry_ug", "buy_smaller": "afford_ug", "split_among_friends": "split_ug"}[kind]
    assert block.course.lines is not None
    assert (block.course.lines[0] < block.course.lines[1]).any()
    revised, written = (capped(block, i, column) for i in (0, 1))
    assert revised.sum() < written.sum()


def capped(block: Block, i: int, column: str) -> np.ndarray:
    """Return a column of the habits under a law, what is not capped as nothing."""
    of_law = block.circles["laws"][block.people["circle"][block.habits["owner"]], i]
    found = np.sort(block.habits[column][of_law])
    return np.minimum(found, 10**9)
