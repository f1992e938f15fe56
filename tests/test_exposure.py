"""Exposure free of enforcement: nothing is written, every count equals a slow twin, and lines give exact falling steps."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from command_line import run
from worlds import busy

import decrimsim as ds
from decrimsim.engine import STEPS, Block, Setup, make_setup, one_block
from decrimsim.law import Law, load_law
from decrimsim.law.evaluate import classify
from decrimsim.law.lots import Lot
from decrimsim.law.words import FORMS
from decrimsim.measures.exposure import WHO, WHY, Exposure, run_exposure
from decrimsim.report.exposure import ExposureData, exposure_tables
from decrimsim.schema import REASONS
from decrimsim.statistics import MONTE_CARLO_ONLY

DAYS, PEOPLE = 25, 50
LAWS = ("nsw-deemed-supply", "portugal", "mexico", "gold-standard")
POINTS = ("indicative", "presumption", "conclusive")


@cache
def laws() -> tuple[Law, ...]:
    return tuple(load_law(law) for law in LAWS)


@cache
def setup() -> Setup:
    return make_setup(busy(), list(laws()), days=DAYS, seed=2, mode="open")


@cache
def counted() -> Exposure:
    return run_exposure(setup(), setup().laws, PEOPLE, 0)


def without_police(look=None) -> Block:
    """Return a block after its days without police; look is called in their place with what was bought today."""
    block = one_block(setup(), PEOPLE)
    for _ in range(DAYS):
        before = block.habits["bought_ug"].copy()
        for step in STEPS:
            if step.name != "police":
                step.run(block)
            elif look:
                look(block, block.habits["bought_ug"] - before)
        block.day += 1
    return block


def is_above(law: Law, lots: list[tuple[int, int, int]]) -> bool:
    """Return what the slow twin of the law says of lots (substance, form, micrograms)."""
    names, world, by = list(busy().substances), setup().world, setup().by_substance
    found = []
    for substance, form, ug in lots:
        units = ug // int(by["unit_ug"][substance]) if world.counted[substance, form] else 0
        pure = ug * int(world.purity_q16[substance, form]) >> 16
        found.append(Lot(names[substance], FORMS[form], ug, pure, units))
    result = classify(law, tuple(found), {})
    return result.is_regulated and result.effect in POINTS


@cache
def slow() -> dict[str, np.ndarray]:
    """Return days and purchases above the lines, person by person."""
    days, all_days = np.zeros((len(LAWS), len(WHO), len(WHY)), int), np.zeros((len(WHO), len(WHY)), int)
    bought, all_bought = np.zeros_like(days), np.zeros_like(all_days)
    ever: list[set[int]] = [set() for _ in LAWS]

    def columns(bits: int) -> list[int]:
        reasons = [1 + i for i in range(len(REASONS)) if bits >> i & 1]
        return [0, *(reasons or [len(WHY) - 1])]

    def look(block: Block, purchases: np.ndarray) -> None:
        h = block.habits
        for person in range(block.people.n):
            who = int(block.people["role"][person] >= 2)
            first, n = int(block.people["first_habit"][person]), int(block.people["n_habits"][person])
            lots, bits = [], 0
            for at in range(first, first + n):
                stock = int(h["own_ug"][at] + h["circle_ug"][at] + h["sale_ug"][at] + h["other_ug"][at])
                kind = (int(h["substance"][at]), int(h["form"][at]))
                if stock:
                    lots.append((*kind, stock))
                    bits |= int(h["reasons"][at])
                if purchases[at]:
                    all_bought[who, columns(int(h["reasons"][at]))] += 1
                    for law, one in enumerate(laws()):
                        if is_above(one, [(*kind, int(purchases[at]))]):
                            bought[law, who, columns(int(h["reasons"][at]))] += 1
            all_days[who, columns(bits)] += 1
            for law, one in enumerate(laws()):
                if lots and is_above(one, lots):
                    days[law, who, columns(bits)] += 1
                    ever[law].add(person)

    without_police(look)
    return {"days_above": days, "person_days": all_days, "purchases_above": bought, "purchases": all_bought, "ever": np.array([len(one) for one in ever])}


def test_looking_on_writes_nothing():
    looked, alone = one_block(setup(), PEOPLE), without_police()
    from decrimsim.measures.exposure import _record

    _record(looked, setup().laws)
    for name in alone.habits.names():
        assert (looked.habits[name] == alone.habits[name]).all(), name


@pytest.mark.parametrize("name", ["days_above", "person_days", "purchases_above", "purchases"])
def test_counts_equal_the_slow_twin(name):
    assert (getattr(counted(), name) == slow()[name]).all()


def test_people_ever_above_equal_the_slow_twin():
    assert (counted().ever_above.sum(axis=1) == slow()["ever"]).all()


def test_days_of_everybody_are_people_times_days():
    assert (counted().person_days[:, 0] == counted().people * DAYS).all()
    assert counted().people.sum() == PEOPLE


def test_steps_count_every_purchase_and_never_rise():
    steps = counted().steps["purchases"]
    assert steps.count.sum() == counted().purchases[:, 0].sum()
    for substance in range(len(busy().substances)):
        amounts, above = steps.falling(substance)
        assert (np.diff(amounts) > 0).all()
        assert (np.diff(above) < 0).all()
        for ug, n in zip(amounts.tolist()[::7], above.tolist()[::7], strict=True):
            assert steps.above(ug, substance) == n
            assert steps.above(ug + 1, substance) < n


def test_steps_by_reason_are_parts_of_all():
    steps = counted().steps["days"]
    for substance in range(len(busy().substances)):
        parts = [steps.above(1, substance, why) for why in WHY]
        assert max(parts) == parts[0]
        assert parts[0] == sum(steps.above(1, substance, who=who) for who in WHO)


def test_a_lower_line_puts_more_days_at_risk_and_a_law_without_a_line_none():
    base = load_law("nsw-deemed-supply")
    lines = [base.patch({"tables.traffickable.cannabis_herb": text}) for text in ("50 g", "5 g")]
    found = run_exposure(setup(), make_setup(busy(), [*lines, load_law("gold-standard")], days=DAYS, seed=2, mode="open").laws, PEOPLE, 0)
    assert (found.days_above[1] >= found.days_above[0]).all()
    assert found.days_above[1].sum() > found.days_above[0].sum()
    assert not found.days_above[2].any()


def test_the_front_door_prints_plots_and_gives_plain_data():
    found = ds.exposure("nsw", ["portugal"], people=150, days=15, replicates=2, progress=False)
    assert isinstance(found.data, ExposureData)
    json.dumps(found.to_json(), allow_nan=False)
    assert "Days above the line" in repr(found)
    assert found.plot("cannabis_herb").get_xlabel() == "cannabis herb, g"
    share = found.steps("cannabis_herb")["share"]
    assert (share.diff().dropna() <= 0).all()
    assert 0 < share.max() <= 1


def test_nobody_has_undefined_shares_with_a_reason():
    row = ds.exposure("nsw", [], people=0, days=5, replicates=1, progress=False).to_json()["rows"][0]
    assert row["time_at_risk"] is None
    assert row["time_at_risk_reason"] == "no day of this kind"


def test_a_run_of_nobody_prints_no_table_of_dashes_and_says_so():
    alone = ds.exposure("nsw", [], people=0, days=5, replicates=1, progress=False)
    swapped = ds.swap("nsw", [], axis="indigenous", people=0, days=5, replicates=1, progress=False)
    for text in (repr(alone), repr(swapped)):
        assert "No people were simulated" in text
        assert "–" not in text and "---" not in text
    result = ds.compare("nsw", ["portugal"], people=50, days=5, replicates=1, progress=False)
    assert 'id="exposure"' not in replace(result, exposed=alone).to_html()


def test_shares_without_intervals_stand_beside_what_they_rest_on():
    found = ds.exposure("nsw", [], people=50, days=10, replicates=2, progress=False)
    assert MONTE_CARLO_ONLY not in repr(found)
    counts = {block["title"]: block["rows"][1]["of"] for block in exposure_tables(found.data)}
    assert sum(int(text.replace(",", "")) for text in counts.values()) == 50 * 10 * 2


def test_exposure_stands_in_the_report_and_in_saved_results(tmp_path):
    result = ds.compare("nsw", ["portugal"], people=150, days=15, replicates=2, progress=False)
    exposed = result.exposure(people=100, replicates=1)
    lines = ds.swap("nsw", [], axis="indigenous", people=500, days=10, replicates=2, progress=False).lines()
    full = replace(result, exposed=exposed, swaps=tuple(lines))
    page = full.to_html()
    assert 'id="exposure"' in page
    assert "with the rates of" in page
    saved = json.loads((full.save(tmp_path / "run") / "results.json").read_text("utf-8"))
    assert saved["exposure"]["rows"]
    assert full.exposure() is full.exposed


@pytest.mark.parametrize(
    "words",
    [
        ["exposure", "nsw", "--law", "portugal", "--people", "100", "--days", "8", "--replicates", "1", "--workers", "1"],
        ["uncertainty", "nsw", "--law", "portugal", "--draws", "2", "--people", "80", "--days", "8", "--replicates", "2", "--workers", "1"],
        ["swap", "nsw", "indigenous", "--law", "portugal", "--people", "80", "--days", "8", "--replicates", "2", "--workers", "1"],
        ["compare", "nsw", "--law", "portugal", "--people", "80", "--days", "8", "--workers", "1", "--precision", "1000"],
    ],
)
def test_commands_print_one_json_object(capsys, monkeypatch, words):
    status, out, error = run(capsys, monkeypatch, *words, "--json")
    assert status == 0, error
    assert isinstance(json.loads(out), dict)
