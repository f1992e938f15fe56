"""The legal cases of the shipped laws: all pass, and what a failing one tells. That they hold every bound is in test_law_bounds."""

from __future__ import annotations

import copy

import pytest

from decrimsim.errors import LawError
from decrimsim.law import compile_laws, load_law, shipped_laws
from decrimsim.law.model import build_law
from decrimsim.schema import SANCTIONS

FIRST = ("gold-standard", "mexico", "nsw-burden-on-state", "nsw-deemed-supply", "portugal")
SHIPPED = tuple(shipped_laws())


def test_the_first_five_laws_are_shipped() -> None:
    assert set(FIRST) <= set(SHIPPED) and len(SHIPPED) >= 83


@pytest.mark.parametrize("name", SHIPPED)
def test_every_case_of_a_shipped_law_passes(name: str) -> None:
    law = load_law(name)
    assert law.raw["cases"]
    assert law.run_cases() == []


def test_changing_any_number_of_a_main_table_fails_a_case() -> None:
    law = load_law("nsw-deemed-supply")
    for table in ("small", "traffickable", "indictable", "commercial"):
        for substance in ("heroin", "mdma", "cannabis_herb"):
            path = f"tables.{table}.{substance}"
            assert law.patch({path: f"{law.limits(path).ug + 1} ug"}).run_cases() != []  # type: ignore[operator]


def test_a_failing_case_tells_what_was_expected_and_shows_the_trace() -> None:
    raw = copy.deepcopy(load_law("portugal").raw)
    raw["cases"] = [{"name": "wrong on purpose", "date": "2015-01-01", "holdings": {"heroin": "1 g"}, "expect": {"tier": "excess"}}]
    (text,) = build_law(raw).run_cases()
    assert "'wrong on purpose': expected tier 'excess', got 'personal'" in text
    assert "1 g of heroin is within ten_days <= 1 g  [lei30]" in text


def test_a_case_that_expects_an_error_fails_without_one_and_one_that_does_not_fails_with_one() -> None:
    raw = copy.deepcopy(load_law("portugal").raw)
    raw["cases"] = [
        {"name": "in force", "date": "2015-01-01", "holdings": {"heroin": "1 g"}, "expect": {"error": "not_in_force"}},
        {"name": "not in force", "date": "1999-01-01", "holdings": {"heroin": "1 g"}, "expect": {"tier": "personal"}},
    ]
    first, second = build_law(raw).run_cases()
    assert "expected not_in_force, got the tier 'personal'" in first
    assert "was not in force on 1999-01-01" in second


def test_a_number_without_a_source_is_refused_in_an_enacted_law_and_allowed_in_a_proposal() -> None:
    raw = copy.deepcopy(load_law("portugal").raw)
    del raw["table_notes"]["daily"]["source"]
    with pytest.raises(LawError, match="this number has no source"):
        build_law(raw)
    raw["kind"] = "proposal"
    assert build_law(raw).kind == "proposal"


@pytest.mark.parametrize("name", FIRST)
def test_every_shipped_law_says_what_is_not_simulated(name: str) -> None:
    law = load_law(name)
    assert any(text.startswith("indicators: ") for text in law.not_simulated)
    assert all(text.split(": ")[0].split(".")[0] in law.data for text in law.not_simulated)


def test_the_gold_standard_makes_no_amount_an_offence() -> None:
    found = load_law("gold-standard").classify({"heroin": "500 g", "kratom": "1 kg", "mdma": {"form": "tablet", "units": 900}})
    assert (found.effect, found.offence, found.routes, found.is_regulated) == ("none", "none", (), True)


def test_portugal_before_and_after_october_2023_differ_only_in_the_offence_above_ten_days() -> None:
    before, after = load_law("portugal@2023-09-30"), load_law("portugal@2023-10-01")
    different = {key for key in before.data if before.data[key] != after.data[key]}
    assert different == {"effects"}
    assert before.data["effects"]["personal"] == after.data["effects"]["personal"]
    changed = {key for key in before.data["effects"]["excess"] if before.data["effects"]["excess"][key] != after.data["effects"]["excess"].get(key)}
    assert changed == {"own_use", "source", "max_prison_possession"}


def test_every_sanction_of_a_simulation_but_deportation_is_in_a_shipped_law() -> None:
    compiled = compile_laws([load_law(name) for name in shipped_laws()], ["heroin"])
    found = {kind for i, kind in enumerate(SANCTIONS) if (compiled.sanctions >> i & 1).any()}
    assert found == set(SANCTIONS) - {"deportation"}


def test_the_days_of_arrest_in_china_are_those_of_the_source() -> None:
    compiled = compile_laws([load_law("china")], ["heroin"])
    assert (compiled.custody_least_days[0, 0, 0, 1], compiled.custody_most_days[0, 0, 0, 1]) == (10, 15)
