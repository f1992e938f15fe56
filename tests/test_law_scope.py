"""Whom a law covers is asked: the age and what must not be there, with 'not known' as a third answer."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from decrimsim.cli import app
from decrimsim.errors import InputError
from decrimsim.law import Law, load_law
from decrimsim.law.evaluate import Classification
from decrimsim.law.explain import explain_law
from decrimsim.law.model import build_law
from decrimsim.testing.laws import two_tiers

ADULTS = {"min_age": 18}
YOUNG = {"id": "young", "when": {"max_age": 17}}


def law_with(**parts: Any) -> Law:
    return build_law(two_tiers(limit="5 g", **parts))


def ask(law: Law, **facts: Any) -> Classification:
    return law.classify({"heroin": "1 g"}, facts=facts)


@pytest.mark.parametrize(("age", "covered"), [(17, False), (18, True), (80, True)])
def test_a_law_for_adults_covers_from_the_age_on(age: int, covered: bool) -> None:
    answer = ask(law_with(scope=ADULTS), age=age)
    assert (answer.is_covered, answer.is_regulated, answer.offence) == (covered, covered, "administrative" if covered else "none")


@pytest.mark.parametrize("facts", [{}, {"age": "unknown"}, {"age": None}])
def test_an_age_that_is_not_known_is_assumed_and_named(facts: dict[str, Any]) -> None:
    answer = ask(law_with(scope=ADULTS), **facts)
    assert answer.is_covered and answer.unknowns == ("age of the case not given",)
    assert "covers persons of 18 years and over, this is assumed" in str(answer)


def test_the_trace_says_what_was_asked_of_whom() -> None:
    assert "persons of 18 years and over, which this case is not" in str(ask(law_with(scope=ADULTS), age=17))
    assert "persons of 18 years and over, which this case is" in str(ask(law_with(scope=ADULTS), age=18))


@pytest.mark.parametrize(("nuisance", "covered", "named"), [(True, False, ()), (False, True, ()), ("unknown", True, ("nuisance of the case not given",))])
def test_what_must_not_be_there_has_three_answers(nuisance: Any, covered: bool, named: tuple[str, ...]) -> None:
    answer = ask(law_with(scope={"not_if": ["nuisance"]}), conditions={"nuisance": nuisance})
    assert (answer.is_covered, answer.unknowns) == (covered, named)


def test_an_exception_with_a_consequence_decides_in_place_of_the_scope() -> None:
    answer = ask(law_with(scope=ADULTS, exceptions=[{**YOUNG, "tier": "high"}]), age=16)
    assert (answer.tier, answer.offence, answer.is_covered) == ("high", "supply", True)


def test_an_exception_that_only_says_something_does_not_widen_the_scope() -> None:
    answer = ask(law_with(scope=ADULTS, exceptions=[{**YOUNG, "says": "the youth office is told"}]), age=16)
    assert (answer.is_covered, answer.exception) == (False, "young")


def test_an_exception_may_ask_for_a_condition() -> None:
    law = law_with(exceptions=[{"id": "nuisance", "when": {"conditions": {"nuisance": True}}, "tier": "high"}])
    tiers = [ask(law, conditions={"nuisance": flag}).tier for flag in (True, False)]
    assert tiers == ["high", "low"] and ask(law).unknowns == ("nuisance of the case not given",)


@pytest.mark.parametrize(("parts", "facts"), [({"scope": ADULTS}, {"age": 16}), ({"exceptions": [{**YOUNG, "covered": False}]}, {"age": 16})])
def test_an_answer_says_that_the_law_does_not_cover_the_case_whatever_leaves_it_out(parts: dict[str, Any], facts: dict[str, Any]) -> None:
    said = "the law does not cover this case, which is not to say that it is lawful"
    assert said in str(ask(law_with(**parts), **facts))
    assert said not in str(ask(law_with(**parts), age=30))


def test_a_third_report_of_somebody_whom_the_law_does_not_cover_orders_no_treatment() -> None:
    law = law_with(scope=ADULTS, repeat={"counter": "reports", "at": 3, "effect": "mandatory_treatment"})
    assert [ask(law, reports=3, age=age).treatment for age in (16, 30)] == [ask(law, reports=0, age=16).treatment, "mandatory"]


def test_a_drug_that_the_law_does_not_regulate_asks_no_age() -> None:
    answer = law_with(scope=ADULTS).classify({"mdma": "1 g"})
    assert answer.unknowns == () and "persons of" not in str(answer)


@pytest.mark.parametrize(
    ("scope", "facts", "change"),
    [
        (ADULTS, {"age": 30}, "age 17"),
        (ADULTS, {"age": 12}, "age 18"),
        ({"not_if": ["nuisance"]}, {"conditions": {"nuisance": False}}, "nuisance: yes"),
        ({"not_if": ["nuisance"]}, {"conditions": {"nuisance": True}}, "nuisance: no"),
    ],
)
def test_an_explanation_offers_the_fact_of_the_scope_that_flips_the_answer(scope: dict[str, Any], facts: dict[str, Any], change: str) -> None:
    told = [flip.change for flip in explain_law(law_with(scope=scope), {"heroin": "1 g"}, facts=facts).flips]
    assert change in told


def test_an_explanation_takes_unknown_for_an_answer() -> None:
    assert "age 17" in str(explain_law(law_with(scope=ADULTS), {"heroin": "1 g"}, facts={"age": "unknown", "cautions": "unknown"}))


def test_a_simulation_says_whom_it_takes_everybody_for() -> None:
    told = " ".join(law_with(scope={"min_age": 18, "not_if": ["nuisance"]}).not_simulated)
    assert "scope.min_age" in told and "18 years or older" in told and "there is no nuisance" in told


def test_a_simulation_says_that_everybody_is_old_enough_for_a_caution() -> None:
    assert any(text.startswith("routes.caution.min_age") for text in load_law("nsw-deemed-supply").not_simulated)


def test_the_age_of_a_caution_is_named_where_the_route_rests_on_it() -> None:
    law = load_law("nsw-deemed-supply")
    facts = {"cautions": 0, "notices": 0, "conviction": False, "supply_conviction": False}
    assert "age of the case not given" in law.classify({"cannabis": "1 g"}, facts=facts).unknowns
    assert law.classify({"cannabis": "1 g"}, facts={**facts, "age": 17}).routes == ()


def test_the_command_line_asks_for_facts() -> None:
    young = CliRunner().invoke(app, ["classify", "portugal", "heroin=0.5g", "--fact", "age=15"]).output
    assert "persons of 16 years and over, which this case is not" in young
    crime = CliRunner().invoke(app, ["classify", "mexico", "heroin=50mg", "--fact", "conditions.organised_crime=true"]).output
    assert "cases without organised crime, which this case is not" in crime


def test_a_fact_that_is_neither_known_nor_unknown_is_refused() -> None:
    with pytest.raises(InputError, match=r"facts\.age"):
        ask(law_with(scope=ADULTS), age="old")
