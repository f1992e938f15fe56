"""What is particular in laws of the Americas, Asia and the Pacific; cases and flipped bounds of all laws are in test_law_cases."""

from __future__ import annotations

import pytest

from decrimsim.law import load_law

WITHOUT_THRESHOLD = ("argentina", "chile", "costa-rica", "myanmar", "northern-territory", "tasmania")


@pytest.mark.parametrize("name", WITHOUT_THRESHOLD)
def test_a_law_without_a_number_has_no_threshold_and_says_so(name: str) -> None:
    law = load_law(name)
    assert law.run_cases() == []
    assert not law.has_threshold
    assert law.classify({"heroin": "1 kg"}).tier == law.classify({"heroin": "1 mg"}).tier


@pytest.mark.parametrize("name", ["colombia", "commonwealth-australia", "oregon", "thailand-before-2022", "victoria"])
def test_every_reading_of_a_law_can_be_chosen(name: str) -> None:
    law = load_law(name)
    assert law.raw["interpretations"]
    for question, reading in law.raw["interpretations"].items():
        others = [law.reading(question, option) for option in reading["options"] if option != reading["default"]]
        assert others
        assert all(other.data != law.data for other in others)


def test_thailand_cut_the_pills_from_five_to_one() -> None:
    pills = {"methamphetamine": {"form": "tablet", "units": 3, "g": "0.27 g"}}
    assert load_law("thailand@2024-06-17").classify(pills).tier == "presumed_use"
    assert load_law("thailand@2024-06-18").classify(pills).tier == "above"


def test_the_territory_went_from_pure_drug_to_whole_mixture() -> None:
    street = {"heroin": {"g": "6 g", "purity": 0.2}}
    assert load_law("act-trafficable@2014-04-16").classify(street).tier == "possession"
    assert load_law("act-trafficable@2014-04-17").classify(street).tier == "trafficable"


def test_an_amount_that_ecuador_admits_for_own_use_is_inside_the_lowest_scale_of_supply_too() -> None:
    found = {"cannabis_herb": "8 g"}
    assert load_law("ecuador-user-table@2018-01-01").classify(found).tier == "admissible"
    assert load_law("ecuador-supply-scales@2018-01-01").classify(found).tier == "minimum"


def test_who_was_sanctioned_before_commits_a_crime_with_any_amount_in_vietnam() -> None:
    law, little = load_law("vietnam"), {"heroin": "0.001 g"}
    assert law.classify(little, facts={"previous": []}).offence == "administrative"
    assert law.classify(little, facts={"previous": [{"kind": "sanctions", "days_ago": 100}]}).offence == "possession"


def test_a_ruling_between_parties_is_the_law_only_for_who_was_granted_it() -> None:
    argentina, mexico = load_law("argentina"), load_law("mexico")
    assert argentina.classify({"cannabis_herb": "1 g"}).offence == "possession"
    assert argentina.granted("arriola").classify({"cannabis_herb": "1 g"}).offence == "none"
    assert mexico.granted("amparo").classify({"cannabis_herb": "14.26 g"}).offence == "none"
