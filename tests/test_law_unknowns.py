"""An answer names the unknowns on which it rests, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from decrimsim.law import Law, load_law
from decrimsim.law.model import build_law
from decrimsim.testing.laws import two_tiers

NO_EFFECT = {"type": "none", "own_use": "possession", "supply": "supply"}


def unknowns(law: Law, found: dict[str, Any], **facts: Any) -> tuple[str, ...]:
    return law.classify(found, facts=facts).unknowns


def pure(limit: str = "5 g", **parts: Any) -> Law:
    return build_law(two_tiers(limit={"limit": limit, "basis": "pure"}, **parts))


@pytest.mark.parametrize(("g", "named"), [("4 g", False), ("5 g", False), ("5.1 g", True)])
def test_the_purity_matters_only_where_the_whole_weight_is_over_the_limit(g: str, named: bool) -> None:
    assert any("purity" in text for text in unknowns(pure(), {"heroin": g})) is named


@pytest.mark.parametrize(("g", "named"), [("4 g", False), ("6 g", True)])
def test_a_purity_that_the_law_assumes_matters_only_where_another_could_pass(g: str, named: bool) -> None:
    law = pure(measurement={"if_unanalysed": {"heroin": 0.5}})
    assert any("the law assumes 50%" in text for text in unknowns(law, {"heroin": g})) is named


def test_two_purities_that_matter_only_together_are_both_named() -> None:
    limits = {name: {"limit": "5 g", "basis": "pure"} for name in ("heroin", "mdma")}
    law = build_law(two_tiers(tables={"line": limits}, aggregate={"method": "sum_fractions"}))
    assert len(unknowns(law, {"heroin": "6 g", "mdma": "6 g"})) == 2


@pytest.mark.parametrize(("form", "named"), [("unspecified", True), ("tablet", True), ("powder", False), ("crystal", False)])
def test_nobody_counts_units_of_a_powder(form: str, named: bool) -> None:
    law = build_law(two_tiers(limit={"any_exceeds": ["5 g", "3 units"]}))
    assert any("number of units" in text for text in unknowns(law, {"heroin": {"form": form, "g": "1 g"}})) is named


def test_the_number_of_units_does_not_matter_where_the_weight_is_over_already() -> None:
    law = build_law(two_tiers(limit={"any_exceeds": ["5 g", "3 units"]}))
    assert unknowns(law, {"heroin": "6 g"}) == ()


def test_the_weight_of_counted_units_does_not_matter_where_their_number_is_over_already() -> None:
    law = build_law(two_tiers(limit={"any_exceeds": ["5 g", "3 units"]}))
    assert unknowns(law, {"heroin": {"form": "tablet", "units": 4}}) == ()
    assert any("weight of 2 units" in text for text in unknowns(law, {"heroin": {"form": "tablet", "units": 2}}))


def three_steps(second: Any, third: Any) -> Law:
    tables = {"first": {"heroin": "1 g"}, "second": {"heroin": second}, "third": {"heroin": third}}
    tiers = [{"id": "a"}, *({"id": tier, "lower": {"table": table, "op": ">="}} for tier, table in zip("bcd", tables, strict=True))]
    return build_law(two_tiers(tables=tables, tiers=tiers, effects=dict.fromkeys("abcd", NO_EFFECT)))


NOT_FOUND = {"unknown": "not found"}


@pytest.mark.parametrize(("g", "named"), [("0.5 g", 0), ("1 g", 2)])
def test_a_limit_that_was_not_found_matters_only_above_the_bound_before_it(g: str, named: int) -> None:
    assert len(unknowns(three_steps(NOT_FOUND, NOT_FOUND), {"heroin": g})) == named


@pytest.mark.parametrize(("g", "named"), [("2 g", 1), ("9 g", 0)])
def test_a_limit_that_was_not_found_does_not_matter_above_the_next_one(g: str, named: int) -> None:
    assert len(unknowns(three_steps(NOT_FOUND, "9 g"), {"heroin": g})) == named


def test_what_an_expert_would_say_does_not_matter_beside_a_drug_in_the_highest_tier() -> None:
    law = build_law(two_tiers(limit="5 g", unlisted_substance="court_expert"))
    assert len(unknowns(law, {"mdma": "1 g"})) == 1 and unknowns(law, {"mdma": "1 g", "heroin": "6 g"}) == ()


def test_a_term_of_prison_that_was_not_found_matters_for_its_own_offence_only() -> None:
    terms = [{"about": f"effects.{tier}.max_prison_{offence}", "reason": "not found"} for tier in ("low", "high") for offence in ("possession", "supply")]
    law = build_law(two_tiers(limit="5 g", unknowns=terms))
    assert unknowns(law, {"heroin": "1 g"}) == ()
    assert unknowns(law, {"heroin": "6 g"}) == ("effects.high.max_prison_supply: not found",)


def test_a_doubt_about_one_amount_is_named_for_that_amount_only() -> None:
    law = build_law(two_tiers(limit="5 g", unknowns=[{"about": "tables.line.heroin", "at": ["5 g"], "reason": "sources differ on exactly 5 g"}]))
    assert [len(unknowns(law, {"heroin": g})) for g in ("4.999999 g", "5 g", "5.000001 g")] == [0, 1, 0]


def test_a_doubt_about_a_bound_is_named_on_both_sides_of_it_only() -> None:
    raw = three_steps("5 g", "9 g").raw
    law = build_law({**raw, "unknowns": [{"about": "tables.third.heroin", "reason": "sources differ"}]})
    assert [len(unknowns(law, {"heroin": g})) for g in ("0.5 g", "2 g", "6 g", "10 g")] == [0, 0, 1, 1]


def test_a_doubt_whether_a_drug_has_a_row_is_named_whatever_its_tier() -> None:
    raw = three_steps("5 g", "9 g").raw
    law = build_law({**raw, "unlisted_substance": "tier:d", "unknowns": [{"about": "tables.first.mdma", "reason": "the row was not found"}]})
    assert unknowns(law, {"mdma": "1 g"}) == ("tables.first.mdma: the row was not found",)


def test_earlier_incidents_matter_only_where_they_would_change_something() -> None:
    law = build_law(two_tiers(limit="5 g", repeat={"counter": "sanctions", "at": 2, "effect": "becomes_crime"}))
    assert unknowns(law, {"heroin": "1 g"}) == ("sanctions of the person not given",) and unknowns(law, {"heroin": "6 g"}) == ()


def test_a_route_that_is_closed_anyway_asks_for_nothing_more() -> None:
    law = load_law("nsw-deemed-supply")
    named = unknowns(law, {"cannabis": "1 g"}, cautions=9, notices=9)
    assert not any("conviction" in text or "age" in text for text in named)


def test_an_exception_that_changes_nothing_here_asks_for_nothing() -> None:
    law = build_law(two_tiers(limit="5 g", exceptions=[{"id": "school", "when": {"place": ["school"]}, "tier": "high"}]))
    assert unknowns(law, {"heroin": "1 g"}) == ("place of the case not given",) and unknowns(law, {"heroin": "6 g"}) == ()


def test_what_an_exception_merely_says_matters_where_there_is_an_offence() -> None:
    exceptions = [{"id": "school", "when": {"place": ["school"]}, "says": "a course instead of a fine"}]
    effects = {"low": {**NO_EFFECT, "own_use": "none"}, "high": NO_EFFECT}
    law = build_law(two_tiers(limit="5 g", exceptions=exceptions, effects=effects))
    assert unknowns(law, {"heroin": "1 g"}) == () and unknowns(law, {"heroin": "6 g"}) == ("place of the case not given",)


def test_where_sources_differ_each_is_a_reading_and_the_answer_says_so() -> None:
    mexico, victoria = load_law("mexico"), load_law("victoria")
    assert any(text.startswith("effects.above.max_prison_possession") for text in mexico.classify({"heroin": "1 g"}).unknowns)
    assert mexico.reading("term_of_article_477", "three_to_ten_months").data["effects"]["above"]["max_prison_possession"] == "10 months"
    pure = victoria.reading("commercial_quantity_of_heroin", "pure")
    assert [law.classify({"heroin": {"g": "260 g", "purity": 0.5}}).tier for law in (victoria, pure)] == ["commercial", "traffickable"]
    for resin in ("5 g", "4 g"):
        assert bool(load_law("netherlands").classify({"cannabis_resin": resin}).unknowns) == (resin == "5 g")
