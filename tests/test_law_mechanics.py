"""Every mechanic of threshold laws (M1 to M39 of docs/laws.md): a small law that has it, and what follows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from decrimsim.errors import ConflictingRules, InputError, LawError, NoApplicableRule, NotInForce
from decrimsim.law import FORMS, Law, compile_laws, load_law
from decrimsim.law.evaluate import Classification
from decrimsim.law.model import build_law
from decrimsim.law.words import INDICATORS, RECORD
from decrimsim.testing.laws import plain_law, two_tiers

PAGE = (Path(__file__).parents[1] / "docs" / "laws.md").read_text(encoding="utf-8")
PERSONAL = {"type": "personal", "own_use": "administrative", "supply": "supply"}
PRESUMED = {"type": "presumption", "burden_on": "accused", "own_use": "possession", "supply": "supply"}
CRIME = {"type": "none", "own_use": "possession", "supply": "supply"}
ORDER = ["heroin", "cocaine", "mdma", "cannabis_herb", "methamphetamine", "ketamine", "mda", "opium"]


def fast(law: Law, **grams: float) -> str:
    """Return the tier of whole weights under the compiled law; pure as gross."""
    ug = np.array([[round(grams.get(name, 0) * 10**6) for name in ORDER]], np.int64)
    compiled = compile_laws([law], ORDER)
    tier = compiled.classify(ug, ug, np.zeros_like(ug), np.zeros(ug.shape, np.int8))[0, 0]
    name: str = compiled.tier_names[0][tier]
    return name


def both(law: Law, **grams: float) -> str:
    """Return the tier that the slow and the fast twin agree on."""
    slow = law.classify({name: f"{amount:.6f} g" for name, amount in grams.items()}).tier
    assert fast(law, **grams) == slow
    return slow


def two(limits: dict[str, Any], op: str = "<=", **parts: Any) -> Law:
    return build_law(two_tiers(op=op, **{"tables": {"line": limits}, **parts}))


def test_every_mechanic_has_a_section_on_the_page() -> None:
    headings = re.findall(r"^### (M.*)$", PAGE, re.MULTILINE)
    named = {int(number) for heading in headings for number in re.findall(r"M(\d+)", heading)}
    assert named == set(range(1, 40))
    sections = re.split(r"^### (?=M\d)", PAGE, flags=re.MULTILINE)[1:]
    assert all("Needed by" in section for section in sections)


def test_m1_status_decides_whether_there_is_a_law() -> None:
    force = [{"from": "2010-01-01", "to": "2013-07-31", "state": "in_force"}, {"from": "2013-08-01", "state": "annulled", "annulled": "ex_nunc"}]
    law = two({"heroin": "1 g"}, force=force)
    assert law.classify({"heroin": "1 g"}, "2013-07-31").tier == "low"
    with pytest.raises(NotInForce):
        law.at("2013-08-01")
    force[1]["annulled"] = "ex_tunc"
    with pytest.raises(NotInForce, match="as if it had never been valid"):
        two({"heroin": "1 g"}, force=force).at("2012-01-01")
    never = two({"heroin": "1 g"}, force=[{"from": "2006-01-01", "state": "not_commenced"}])
    with pytest.raises(NotInForce):
        never.at("2007-01-01")
    adopted = never.adopted("2027-01-01")
    assert adopted.at("2027-01-01").classify({"heroin": "2 g"}).tier == "high" and "adopted from 2027-01-01 on" in adopted.notes
    with pytest.raises(NotInForce):
        adopted.at("2026-12-31")


def test_m1_the_day_before_and_the_day_of_a_change_differ_by_what_changed() -> None:
    portugal = load_law("portugal")
    before, after = (portugal.classify({"heroin": "1.2 g"}, day) for day in ("2023-09-30", "2023-10-01"))
    assert (before.tier, before.offence, after.tier, after.offence) == ("excess", "possession", "excess", "administrative")


def test_m2_a_ruling_between_parties_changes_nothing_for_everybody() -> None:
    ruling = {"id": "amparo", "title": "granted to one person", "binds": "parties", "changes": [{"path": "tables.line.heroin", "to": "5 g"}]}
    law = two({"heroin": "1 g"}, precedents=[ruling])
    assert both(law, heroin=3) == "high" and both(law.granted("amparo"), heroin=3) == "low"
    assert any(text.startswith("precedents") for text in law.not_simulated)
    with pytest.raises(InputError, match="amparo"):
        law.granted("ampara")


@pytest.mark.parametrize("change", [{"path": "effects.any-amount.own_use", "to": "none"}, {"path": "effects.any-amount", "to": {**CRIME, "own_use": "none"}}])
def test_m2_a_ruling_grants_in_a_tier_of_any_name_and_whatever_grants_nothing_is_told(change: dict[str, Any]) -> None:
    one: dict[str, Any] = {"id": "one", "title": "A ruling", "binds": "parties"}
    parts: dict[str, Any] = {"tiers": [{"id": "any-amount"}], "effects": {"any-amount": CRIME}}
    law = build_law(plain_law(**parts, precedents=[one | {"changes": [change]}]))
    assert compile_laws([law], ["heroin"]).granted_own_use.tolist() == [[True]]
    assert law.granted("one").classify({"heroin": "1 g"}).offence == "none"
    idle = "'A ruling' leaves no tier without an offence of own use"
    assert not any(idle in text for text in law.not_simulated)
    for other in ({}, {"changes": [{"path": "effects.any-amount.max_prison_possession", "to": "1 year"}]}, {"binds": "persuasive", "changes": [change]}):
        assert any(idle in text for text in build_law(plain_law(**parts, precedents=[one | other])).not_simulated)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("governing_date", {"rule": "conduct", "milder_later_law": True}),  # M3
        ("concurrent", [{"law": "the federal law", "choice": "prosecutor"}]),  # M4
        ("scope", {"acts": ["possession"], "act_rules": {"use": {"rule": "lawful"}, "acquisition": {"rule": "covered", "table": "line"}}}),  # M5
        ("exceptions", [{"id": "child", "when": {"max_age": 17}, "covered": False}]),  # M6, M7, M8
        ("standard", {"kind": "functional", "words": "enough for ten people", "doses": 10, "operative": {"heroin": {"centre": "1 g", "spread": 2.5}}}),  # M16
        ("mixtures", {"rule": "whole_to_strictest"}),  # M18
        ("flows", [{"act": "acquisition", "per": "day", "limits": {"cannabis_herb": "25 g"}}]),  # M19
        ("premises", [{"per": "dwelling", "attribution": "occupier", "limits": {"cannabis_plant": "4 units"}}]),  # M20
        ("coercive_measures", {"arrest": "forbidden", "bail": "barred_in_highest_tier"}),  # M27
        ("deadlines", {"payment_days": 60, "early_payment": {"days": 15, "discount": 0.5}}),  # M28
        ("cultivation", {"rule": "lawful", "plants": 3, "per": "person"}),  # M36
        ("manufacture", {"rule": "offence"}),
        ("paraphernalia", {"rule": "lawful"}),
        ("review", {"months": 24, "triggers": [{"metric": "arrests", "op": ">", "value": 0.1, "action": "raise"}]}),  # M37
        ("transparency", {"publish": "quarterly", "fields": ["stops"]}),
        ("noncompliance", {"breach_of_order": "prison", "max_prison": "30 days"}),  # M31
    ],
)
def test_what_a_simulation_cannot_act_on_is_kept_and_told(key: str, value: Any) -> None:
    law = two({"heroin": "1 g"}, **{key: value})
    assert law.data[key] == value
    assert [text for text in law.not_simulated if text.startswith(f"{key}: ")]
    assert not two({"heroin": "1 g"}).not_simulated
    assert law.hash != two({"heroin": "1 g"}).hash


def test_m6_a_threshold_for_dependent_people_names_the_unknown() -> None:
    """Norway: the amount protects people who are dependent; where that is not known, the answer says so."""
    law = two({"heroin": "5 g"}, exceptions=[{"id": "not_dependent", "when": {"dependent": False}, "tier": "high"}])
    assert law.classify({"heroin": "1 g"}, facts={"dependent": True}).tier == "low"
    assert law.classify({"heroin": "1 g"}, facts={"dependent": False}).tier == "high"
    unknown = law.classify({"heroin": "1 g"})
    assert unknown.tier == "low" and unknown.unknowns == ("dependent of the case not given",)


def test_m7_the_exemption_does_not_hold_at_a_school() -> None:
    """British Columbia: 2.5 g in all; not at a school."""
    rows = dict.fromkeys(("heroin", "cocaine", "methamphetamine", "mdma"), "2.5 g")
    school = {"id": "school", "when": {"place": ["school", "airport"]}, "covered": False}
    law = two(rows, aggregate={"method": "sum_mass"}, exceptions=[school])
    assert both(law, heroin=2.5) == "low" and both(law, heroin=1.3, cocaine=1.3) == "high"
    street, at_school = (law.classify({"heroin": "2.5 g"}, facts={"place": place}) for place in ("street", "school"))
    assert street.is_covered and not at_school.is_covered and at_school.offence == "none" and "not to say that it is lawful" in str(at_school)


def test_m7_another_table_holds_at_home_and_near_a_school_something_is_said() -> None:
    tables = {"carried": {"cannabis_herb": "25 g"}, "at_home": {"cannabis_herb": "50 g"}}
    exceptions = [
        {"id": "home", "when": {"place": ["residence"]}, "tables": {"carried": "at_home"}},
        {"id": "near", "when": {"within_metres": {"school": 100}}, "says": "no use within sight of a school"},
        {"id": "day", "when": {"hours": [7, 20], "minors_present": True}, "says": "no use by day"},
    ]
    tiers = [{"id": "low", "upper": {"table": "carried", "op": "<="}}, {"id": "high"}]
    law = two({}, tables=tables, tiers=tiers, exceptions=exceptions)

    def ask(**facts: object) -> Classification:
        return law.classify({"cannabis_herb": "40 g"}, facts=facts)

    assert (ask(place="residence").tier, ask(place="street").tier) == ("low", "high")
    assert ask(place="street", metres_to={"school": 80}).exception == "near" and ask(place="street", metres_to={"school": 101}).exception == ""
    assert ask(place="street", hour=7, minors_present=True, metres_to={"school": 900}).exception == "day"
    assert ask(place="street", hour=20, minors_present=True, metres_to={"school": 900}).exception == ""
    assert "distance of the case not given" in ask(place="street").unknowns


def test_m8_a_shield_removes_liability_and_not_the_law() -> None:
    law = two({"heroin": "1 g"}, exceptions=[{"id": "treatment", "when": {"in_treatment": True}, "liability": "none"}])
    shielded = law.classify({"heroin": "2 g"}, facts={"in_treatment": True})
    assert (shielded.offence, shielded.is_covered, shielded.tier) == ("none", True, "high")
    assert law.classify({"heroin": "2 g"}, facts={"in_treatment": False}).offence == "supply"


def test_m9_a_default_row_holds_for_every_drug_without_its_own() -> None:
    """New Zealand: any other drug 56 g, at and over."""
    rows = {"heroin": "0.5 g", "other": {"limit": "56 g", "by_form": [{"forms": ["tablet"], "limit": "100 units"}]}}
    law = two(rows, "<", unlisted_substance={"rule": "default_row", "for": {"mda": "not_regulated", "opium": "tier:high"}})
    assert [both(law, ketamine=g) for g in (55.999999, 56)] == ["low", "high"]
    assert [both(law, heroin=g) for g in (0.499999, 0.5)] == ["low", "high"]
    assert law.classify({"ketamine": {"form": "tablet", "units": 100, "g": "1 g"}}).tier == "high"
    assert not law.classify({"mda": "90 g"}).is_regulated and both(law, opium=0.000001) == "high"
    assert law.patch({"tables.line.other": "10 g"}).classify({"ketamine": "10 g"}).tier == "high"


def test_m9_a_related_drug_takes_the_smallest_quantity_of_its_parents() -> None:
    law = two({"mdma": "0.5 g", "methamphetamine": "2 g"}, analogues={"mda": ["methamphetamine", "mdma"]})
    assert [both(law, mda=g) for g in (0.5, 0.500001)] == ["low", "high"]


def test_m9_pure_quantities_of_parents_are_compared_and_an_unknown_one_stays_unknown() -> None:
    """The example of the Australian Capital Territory: parents of 2 g and of 10 g, both pure, give 2 g."""
    parents = {"morphine": {"limit": "2 g", "basis": "pure"}, "methadone": {"limit": "10 g", "basis": "pure"}}
    law = two(parents, analogues={"codeine": ["methadone", "morphine"]})
    assert [law.classify({"codeine": {"g": g, "purity": 1.0}}).tier for g in ("2 g", "2.000001 g")] == ["low", "high"]
    unknown = two({**parents, "morphine": {"unknown": "not found"}}, analogues={"codeine": ["methadone", "morphine"]})
    assert "line of codeine is not known: not found" in unknown.classify({"codeine": "1 g"}).unknowns
    with pytest.raises(LawError, match="of one basis"):
        two({**parents, "morphine": "2 g"}, analogues={"codeine": ["methadone", "morphine"]})


def test_m10_czech_cannabis_is_over_only_if_both_limits_are() -> None:
    """More than 10 g and more than 1 g of THC; 12 g with 0.9 g is not."""
    law = two({"cannabis_herb": {"all_must_exceed": ["10 g", {"limit": "1 g", "basis": "pure"}]}})

    def tier(grams: str, purity: float) -> str:
        return law.classify({"cannabis_herb": {"g": grams, "purity": purity}}).tier

    assert [tier("12 g", 0.075), tier("12 g", 0.1), tier("10 g", 0.5), tier("10.000001 g", 0.5)] == ["low", "high", "low", "high"]
    gross = np.array([[12_000_000], [12_000_000], [10_000_000], [10_000_001]], np.int64)
    pure = np.array([[900_000], [1_200_000], [5_000_000], [5_000_000]], np.int64)
    fast = compile_laws([law], ["cannabis_herb"]).classify(gross, pure, np.zeros_like(gross), np.zeros(gross.shape, np.int8))
    assert fast[:, 0].tolist() == [0, 1, 0, 1]


def test_m11_dry_weight_salt_and_two_columns() -> None:
    rows = {
        "cannabis_herb": {"limit": "25 g", "basis": "dry"},
        "methamphetamine": {"limit": "6.2 g", "basis": "pure_salt", "salt": "hydrochloride", "base_share": 0.8},
        "heroin": {"any_exceeds": ["250 g", {"limit": "50 g", "basis": "pure"}]},
    }
    law = two(rows)
    assert law.classify({"cannabis_herb": {"g": "80 g", "dry": "20 g"}}).tier == "low"
    fresh = law.classify({"cannabis_herb": "80 g"})
    assert fresh.tier == "high" and "the dry weight of cannabis_herb is not known: its whole weight is counted" in fresh.unknowns
    assert [both(law, methamphetamine=g) for g in (4.96, 4.960001)] == ["low", "high"]
    assert [law.classify({"heroin": {"g": "200 g", "purity": p}}).tier for p in (0.25, 0.26)] == ["low", "high"]


def test_m12_a_margin_gives_the_person_the_benefit_of_the_doubt() -> None:
    """Spain: 3 g of heroin, 5 %: 3.1 g may be 2.945 g."""
    margin = {"error_margin": 0.05, "in_favour_of": "person"}
    law = two({"heroin": "3 g"}, measurement=margin)
    assert [both(law, heroin=g) for g in (3.1, 3.157894, 3.157895)] == ["low", "low", "high"]
    other = two({"heroin": "3 g"}, measurement={**margin, "in_favour_of": "state"})
    assert [both(other, heroin=g) for g in (2.857142, 2.857143)] == ["low", "high"]


@pytest.mark.parametrize(("direction", "last_low"), [("down", 3.099999), ("nearest", 3.049999), ("up", 3.0)])
def test_m12_weights_are_rounded_as_the_law_says(direction: str, last_low: float) -> None:
    law = two({"heroin": "3 g"}, measurement={"round": {"to": "0.1 g", "direction": direction}})
    assert [both(law, heroin=g) for g in (last_low, last_low + 0.000001)] == ["low", "high"]


def test_m12_a_purity_may_be_assumed() -> None:
    law = two({"heroin": {"limit": "3 g", "basis": "pure"}}, measurement={"if_unanalysed": {"heroin": 0.15}})
    found = law.classify({"heroin": "19 g"})
    assert found.tier == "low" and any("the law assumes 15%" in text for text in found.unknowns)
    assert law.classify({"heroin": {"g": "19 g", "purity": 0.5}}).tier == "high"


def test_m13_derived_tables_follow_their_base_by_substance_and_parameter() -> None:
    notes = {
        "ten": {"derive": {"from": "daily", "multiply": {"parameter": "days"}}},
        "italy": {"derive": {"from": "daily", "multiply": 3, "by_substance": {"heroin": 10, "cannabis": 20}, "round": {"to": "0.1 g", "direction": "down"}}},
    }
    parts: dict[str, Any] = {"tables": {"daily": {"heroin": "25 mg", "cannabis_herb": "25 mg", "mdma": "50 mg"}}, "table_notes": notes}
    tiers = [{"id": "low", "upper": {"table": "ten", "op": "<="}}, {"id": "high"}]
    law = two({}, **parts, tiers=tiers, parameters={"days": {"value": 10, "unit": "day", "least": 1, "most": 60}})
    assert [str(law.limits(f"tables.italy.{s}")) for s in ("heroin", "cannabis_herb", "mdma")] == ["200 mg", "500 mg", "100 mg"]
    assert both(law, heroin=0.25) == "low" and both(law, heroin=0.250001) == "high"
    assert both(law.patch({"parameters.days.value": 20}), heroin=0.5) == "low"
    with pytest.raises(LawError, match="from 1 to 60"):
        law.patch({"parameters.days.value": 61})


def test_m14_exact_values_gaps_and_overlaps() -> None:
    for op, last_low in (("<=", 1.0), ("<", 0.999999)):
        law = two({"heroin": "1 g"}, op)
        assert [both(law, heroin=g) for g in (last_low, last_low + 0.000001)] == ["low", "high"]
    assert law.classify({"heroin": "0 g"}).is_regulated is False and law.classify({}).tier == "low"
    tables = {"user": {"cannabis_herb": "10 g"}, "scale": {"cannabis_herb": "0.000001 g"}}
    tiers = [{"id": "low", "upper": {"table": "user", "op": "<="}}, {"id": "high", "lower": {"table": "scale", "op": ">="}}]
    with pytest.raises(ConflictingRules):
        two({}, tables=tables, tiers=tiers, overlap=None)
    ecuador = two({}, tables=tables, tiers=tiers, overlap="decider_chooses")
    found = ecuador.classify({"cannabis_herb": "8 g"})
    assert (found.tier, found.could_be) == ("low", "high") and any("the decider chooses" in text for text in found.unknowns)
    assert both(ecuador, cannabis_herb=8) == "low" and ecuador.classify({"cannabis_herb": "11 g"}).could_be == ""
    ukraine: dict[str, Any] = {"tables": {"small": {"heroin": "0.15 g"}, "large": {"heroin": "1.5 g"}}}
    bounds = [{"id": "low", "upper": {"table": "small", "op": "<="}}, {"id": "high", "lower": {"table": "large", "op": ">="}}]
    with pytest.raises(NoApplicableRule):
        two({}, **ukraine, tiers=bounds)
    assert both(two({}, **ukraine, tiers=bounds, gap_tier="low"), heroin=0.5) == "low"


def test_m14_an_answer_says_where_no_words_of_the_law_name_the_amount() -> None:
    text = "no words of the law name this amount"
    for name, gap, outside in (("ukraine", {"amphetamine": "0.5 g"}, {"amphetamine": "1.5 g"}), ("india", {"heroin": "5 g"}, {"heroin": "100 g"})):
        assert text in str(load_law(name).classify(gap))
        assert text not in str(load_law(name).classify(outside))


GAP: dict[str, Any] = {
    "tables": {"small": {"heroin": "1 g", "lsd": {"any_exceeds": ["1 g", "5 units"]}}, "large": {"heroin": "3 g", "lsd": {"any_exceeds": ["3 g", "9 units"]}}},
    "tiers": [{"id": "low", "upper": {"table": "small", "op": "<="}}, {"id": "high", "lower": {"table": "large", "op": ">="}}],
}


@pytest.mark.parametrize("gap_tier", ["low", "high"])
@pytest.mark.parametrize(
    ("holdings", "facts", "in_gap"),
    [
        ({"heroin": "2 g"}, {}, True),
        ({"heroin": "1 g"}, {}, False),
        ({"heroin": "3 g"}, {}, False),
        ({"lsd": {"g": "2 g", "units": 9}}, {}, False),  # the units reach the high tier by the words of the law
        ({"lsd": {"g": "2 g", "units": 7}}, {}, True),
        ({"heroin": "2 g"}, {"dependent": True}, False),  # an exception says which tier it is
        ({"heroin": "2 g"}, {"resident": False}, False),  # the law does not cover the case
        ({"heroin": "1 g"}, {"remote": True}, False),  # an exception whose own words sound like a gap
        ({"cocaine": "4 g"}, {}, True),  # as much as 2 g of heroin
    ],
)
def test_m14_an_amount_is_in_a_gap_only_where_no_words_lead_to_its_tier(gap_tier: str, holdings: Any, facts: dict[str, Any], in_gap: bool) -> None:
    exceptions = [
        {"id": "dependence", "when": {"dependent": True}, "tier": "low"},
        {"id": "visitors", "when": {"resident": False}, "covered": False},
        {"id": "far", "when": {"remote": True}, "says": "no words of the law name this amount of distance"},
    ]
    rule = {"method": "equivalence", "to": "heroin", "factors": {"heroin": 1, "cocaine": 0.5}}
    law = two({}, **GAP, gap_tier=gap_tier, exceptions=exceptions, aggregate=[{"method": "max_tier"}, rule], unlisted_substance="court_expert")
    known = {"dependent": False, "resident": True, "remote": False}
    assert law.classify(holdings, facts={**known, **facts}).is_in_gap is in_gap


def test_m14_an_amount_in_a_gap_beside_a_larger_one_decides_nothing() -> None:
    law = two({}, **GAP, gap_tier="low")
    assert law.classify({"heroin": "2 g"}).is_in_gap
    assert not law.classify({"heroin": "2 g", "lsd": {"g": "4 g"}}).is_in_gap


def test_m14_exactly_the_quantities_of_india_are_in_no_tier_without_a_tier_for_the_gap() -> None:
    india = load_law("india").at("2015-01-01")
    assert [india.classify({"heroin": g}).tier for g in ("4.999999 g", "5 g", "250 g", "250.000001 g")] == ["small", "between", "between", "commercial"]
    with pytest.raises(NoApplicableRule):
        india.patch({"gap_tier": None})


def test_m15_a_ladder_has_up_to_nine_tiers() -> None:
    ids = [f"t{i}" for i in range(9)]
    tables = {f"l{i}": {"heroin": f"{i} g"} for i in range(1, 9)}
    tiers = [{"id": ids[0]}, *({"id": ids[i], "lower": {"table": f"l{i}", "op": ">="}} for i in range(1, 9))]
    law = build_law(plain_law(tables=tables, tiers=tiers, effects=dict.fromkeys(ids, CRIME)))
    assert [both(law, heroin=g) for g in (0.5, 1, 4.5, 8)] == ["t0", "t1", "t4", "t8"]


FOUR = {"heroin": "1 g", "cocaine": "1.5 g", "methamphetamine": "1.5 g"}


def several(*rules: dict[str, Any], **parts: Any) -> Law:
    return two(FOUR, aggregate=[{"method": "max_tier"}, *rules], **parts)


def test_m17_act_three_kinds_whose_fractions_pass_two() -> None:
    law = several({"method": "sum_fractions", "table": "line", "op": ">", "limit": 2, "kinds": 3, "tier": "high"})
    assert both(law, heroin=0.7, cocaine=1.05, methamphetamine=1.05) == "high"  # 2.1
    assert both(law, heroin=0.7, cocaine=0.975, methamphetamine=0.975) == "low"  # exactly 2
    assert both(law, heroin=1, cocaine=1.5) == "low"  # two kinds


def test_m17_victoria_fractions_that_are_exactly_one() -> None:
    law = two(FOUR, "<", aggregate={"method": "sum_fractions"})
    assert both(law, heroin=0.5, cocaine=0.75) == "high" and both(law, heroin=0.499999, cocaine=0.75) == "low"


def test_m17_every_kind_inside_its_own_limit() -> None:
    law = several({"method": "sum_fractions", "table": "line", "op": ">", "limit": 1, "kinds": 2, "tier": "high", "each_within": True})
    tiers = [{"id": "low", "upper": {"table": "far", "op": "<="}}, {"id": "high"}]
    far = build_law({**law.raw, "tables": {**law.raw["tables"], "far": dict.fromkeys(FOUR, "9 g")}, "tiers": tiers})
    assert [both(far, heroin=g, cocaine=0.3) for g in (0.8, 0.9, 1.0, 1.000001)] == ["low", "high", "high", "low"]


def test_m17_a_group_has_one_limit() -> None:
    """Singapore: the drugs of the MDMA group together 10 g."""
    rows = {"mdma": "10 g", "mda": "10 g", "heroin": "2 g"}
    law = two(rows, groups={"mdma_group": ["mdma", "mda"]}, aggregate=[{"method": "max_tier"}, {"method": "group_sum", "groups": ["mdma_group"]}])
    assert both(law, mdma=5, mda=5) == "low" and both(law, mdma=5, mda=5.000001) == "high" and both(law, mdma=9, heroin=2) == "low"
    assert [both(law, heroin=g) for g in (2, 2.000001)] == ["low", "high"]


def test_m17_drugs_count_as_so_much_of_one() -> None:
    law = several({"method": "equivalence", "to": "heroin", "factors": {"cocaine": 0.2, "opium": 0.1}}, unlisted_substance="court_expert")
    assert both(law, heroin=0.5, opium=5) == "low" and both(law, heroin=0.5, opium=5.00001) == "high" and both(law, heroin=0.8, cocaine=1) == "low"


def test_m17_two_kinds_lose_the_exemption() -> None:
    """Peru: 2 g of cocaine and 1 g of cannabis, each lawful alone."""
    limits = {"cocaine": "2 g", "cannabis_herb": "8 g", "mdma": "0.25 g", "mda": "0.25 g"}
    law = two(limits, aggregate=[{"method": "max_tier"}, {"method": "kinds_exclude", "at_least": 2, "tier": "high"}])
    assert both(law, cocaine=2) == both(law, cannabis_herb=1) == "low" and both(law, cocaine=2, cannabis_herb=1) == "high"
    grouped = law.patch({"groups": {"g": ["mdma", "mda"]}, "aggregate.1.groups": ["g"]})
    assert both(grouped, mdma=0.1, mda=0.1) == "low" and both(law, mdma=0.1, mda=0.1) == "high"


def test_m17_variety_is_an_indicator() -> None:
    law = two(FOUR, effects={"low": CRIME, "high": PRESUMED}, aggregate=[{"method": "max_tier"}, {"method": "kinds_indicator", "at_least": 2}])
    one, both_kinds = law.classify({"heroin": "0.1 g"}), law.classify({"heroin": "0.1 g", "cocaine": "0.1 g"})
    assert (one.evidence, one.offence_on_evidence, both_kinds.evidence, both_kinds.offence_on_evidence) == (0, "possession", 1, "supply")
    held = np.array([[1, 0, 0], [1, 1, 0]], np.int64)
    counted = compile_laws([law], list(FOUR)).evidence(held, np.zeros_like(held), np.zeros((2, len(INDICATORS)), bool))
    assert counted[:, 0].tolist() == [0, 1]


def test_m21_direction_and_conditions_of_an_effect() -> None:
    user = {**PERSONAL, "of": "personal_use", "rebuttable": True}
    eligible = {**CRIME, "also": ["eligibility"], "eligibility": {"opens": "rehabilitation", "all_of": ["caught_in_the_act", "positive_test"]}}
    law = two({"heroin": "1 g"}, effects={"low": user, "high": eligible})
    assert law.classify({"heroin": "1 g"}, facts={"indicators": ["scales"]}).offence_on_evidence == "supply"
    assert two({"heroin": "1 g"}).classify({"heroin": "1 g"}, facts={"indicators": ["scales"]}).offence_on_evidence == "administrative"
    met = {"caught_in_the_act": True, "positive_test": True}
    assert law.classify({"heroin": "2 g"}, facts={"conditions": met}).opens == ("rehabilitation",)
    assert law.classify({"heroin": "2 g"}, facts={"conditions": {**met, "positive_test": False}}).opens == ()
    assert "positive test not given" in law.classify({"heroin": "2 g"}).unknowns
    assert {text.split(":")[0] for text in law.not_simulated} == {"effects.low.rebuttable", "effects.high.eligibility"}


def test_m22_burden_standard_and_scope_are_compiled() -> None:
    deemed = {**PRESUMED, "burden": "evidential", "standard": "reasonable_doubt", "scope": "whole", "also_rebutted_by": ["prescription"]}
    law = two({"heroin": "1 g"}, effects={"low": PERSONAL, "high": deemed})
    compiled = compile_laws([law], ["heroin"])
    assert compiled.burden_on_accused[0].tolist() == compiled.whole_holding[0].tolist() == [False, True] and compiled.standard[0].tolist() == [0, 4]
    assert [text.split(":")[0] for text in law.not_simulated] == ["effects.high.burden", "effects.high.standard"]


@pytest.mark.parametrize(
    ("rule", "found", "evidence", "offence"),
    [
        ({"mode": "listed", "supply": ["scales", "packets", "cash"], "min_independent": 2}, ["scales"], 1, "possession"),
        ({"mode": "listed", "supply": ["scales", "packets", "cash"], "min_independent": 2}, ["scales", "cash"], 2, "supply"),
        ({"mode": "listed", "supply": ["scales"]}, ["cash", "phones"], 0, "possession"),
        ({"mode": "conjunctive", "supply": ["scales", "cash"]}, ["scales", "phones"], 1, "possession"),
        ({"mode": "conjunctive", "supply": ["scales", "cash"]}, ["scales", "cash"], 2, "supply"),
        ({"mode": "free_evaluation", "excluded": ["quantity_alone"]}, ["quantity_alone"], 0, "possession"),
        ({"mode": "free_evaluation", "use": ["variety"]}, ["variety", "dependence"], 0, "possession"),
        ({}, ["phones"], 1, "supply"),
    ],
)
def test_m23_which_indicators_count(rule: dict[str, Any], found: list[str], evidence: int, offence: str) -> None:
    law = two({"heroin": "1 g"}, effects={"low": CRIME, "high": PRESUMED}, indicators=rule)
    slow = law.classify({"heroin": "1 g"}, facts={"indicators": found})
    assert (slow.evidence, slow.offence_on_evidence) == (evidence, offence)
    compiled, held = compile_laws([law], ["heroin"]), np.array([[10**6]], np.int64)
    flags = np.array([[name in found for name in INDICATORS]])
    counted = compiled.evidence(held, np.zeros_like(held), flags)
    assert counted[0, 0] == evidence and compiled.goes_up(np.zeros((1, 1), np.int16), counted)[0, 0] == (offence == "supply")


@pytest.mark.parametrize(("allowed", "low", "high"), [(None, "administrative", "supply"), (True, "supply", "supply"), (False, "administrative", "possession")])
def test_m24_whether_evidence_may_move_a_case_up(allowed: bool | None, low: str, high: str) -> None:
    overrides = None if allowed is None else {"up": {"allowed": allowed, "by": ["court"], "final": True}}
    law = two({"heroin": "1 g"}, effects={"low": PERSONAL, "high": {**CRIME, "type": "indicative"}}, overrides=overrides)
    assert [law.classify({"heroin": g}, facts={"indicators": ["scales"]}).offence_on_evidence for g in ("1 g", "2 g")] == [low, high]
    assert compile_laws([law], ["heroin"]).may_go_up[0].tolist() == [low == "supply", high == "supply"]


def test_m25_no_threshold_is_neither_zero_nor_unlimited() -> None:
    law = build_law(plain_law(effects={"any": CRIME}, unlisted_substance="tier:any"))
    assert not law.has_threshold and two({"heroin": "1 g"}).has_threshold
    assert both(law, heroin=0.000001) == both(law, heroin=1000) == "any" and law.classify({"heroin": "1 g"}).offence == "possession"


def test_m26_deciders_agree_with_their_powers_and_a_duty_is_compiled() -> None:
    police = {"stage": "street", "actor": "police", "may": ["no_action", "diversion"], "duty": "must", "applies_to": ["low"], "deadline_days": 7}
    law = two({"heroin": "1 g"}, deciders=[police])
    assert compile_laws([law, two({"heroin": "1 g"})], ["heroin"]).must_offer.tolist() == [True, False]
    with pytest.raises(LawError, match=r"powers\.police\.no_action"):
        law.patch({"powers.police.no_action": False})


def test_m29_and_m30_sanctions_in_index_units_of_the_day() -> None:
    units = {"penalty_unit": {"dated": {"2020-01-01": {"value_minor": 16000, "currency": "AUD"}, "2024-07-01": {"value_minor": 17000, "currency": "AUD"}}}}
    responses = [
        {"when": {"tier": ["low"], "max_age": 17}, "options": [{"type": "course"}]},
        {"when": {"tier": ["low"]}, "combine": "or", "options": [{"type": "fine", "amount": [0.5, 1], "unit": "penalty_unit", "waived_by": "session"}, {"type": "treatment", "nature": "voluntary"}]},
        {"options": [{"type": "prison", "from": "1 year", "to": "5 years"}, {"type": "corporal", "strokes": [3, 9]}, {"type": "fine", "amount": 601, "unit": "eur"}]},
    ]  # fmt: skip
    fine = {"limit": {"table": "line", "op": "<="}, "at_most": 2, "fine": {"amount": 1.5, "unit": "penalty_unit"}, "currency": "AUD", "unpaid": "debt"}
    law = two({"heroin": "1 g"}, index_units=units, responses=responses, routes={"notice": fine})
    adult = law.classify({"heroin": "1 g"}, "2024-06-30", facts={"age": 30})
    assert adult.sanctions == ("fine 0.5 to 1 penalty unit (80.00 to 160.00 AUD) waived by session", "treatment (voluntary)")
    assert law.classify({"heroin": "1 g"}, facts={"age": 17}).sanctions == ("course",)
    assert law.classify({"heroin": "2 g"}, facts={"age": 30}).sanctions == ("prison 1 year to 5 years", "corporal 3 to 9 strokes", "fine 601 eur")
    assert "age of the case not given" in law.classify({"heroin": "1 g"}).unknowns
    compiled = compile_laws([law.at("2024-06-30"), law.at("2024-07-01")], ["heroin"])
    assert compiled.max_fine_minor.tolist() == [[16000, 60100], [17000, 60100]] and adult.max_fine_minor == 16000
    assert compiled.notice_fine_minor.tolist() == [24000, 25500]


def test_m29_a_fine_in_a_unit_whose_worth_is_not_known_counts_as_nothing_and_says_so() -> None:
    unknown = {"penalty_unit": {"unknown": "not in the sources read"}}
    responses = [{"options": [{"type": "fine", "amount": [5, 20], "unit": "penalty_unit"}, {"type": "fine", "amount": 3, "unit": "eur"}]}]
    law = two({"heroin": "1 g"}, index_units=unknown, responses=responses)
    found = law.classify({"heroin": "1 g"})
    assert found.sanctions[0] == "fine 5 to 20 penalty unit (worth not known)" and found.max_fine_minor == 300
    assert "what a penalty unit is worth: not in the sources read" in found.unknowns
    assert compile_laws([law], ["heroin"]).max_fine_minor.tolist() == [[300, 300]]
    assert any(text.startswith("index_units.penalty_unit") for text in law.not_simulated)
    for wrong in ({}, {"value_minor": 100}, {"value_minor": 100, "currency": "AUD", "unknown": "x"}):
        with pytest.raises(LawError, match=r"index_units\.penalty_unit"):
            two({"heroin": "1 g"}, index_units={"penalty_unit": wrong})
    fine = {"limit": {"table": "line", "op": "<="}, "at_most": 2, "fine": {"amount": 1, "unit": "penalty_unit"}, "currency": "AUD", "unpaid": "debt"}
    with pytest.raises(LawError, match="whose worth is known"):
        two({"heroin": "1 g"}, index_units=unknown, routes={"notice": fine})


def test_m29_the_least_of_several_sanctions_is_the_mildest_that_is_known() -> None:
    terms = [{"from": "60 days", "to": "90 days"}, {"from": "10 days", "to": "30 days"}]
    kinds = ("compulsory_detention", "prison")
    responses = [{"when": {"tier": ["low"]}, "options": [{"type": kind, **term} for kind in kinds for term in terms]}]
    responses += [{"options": [{"type": "prison", "from": "1 year", "to": "3 years"}, {"type": "prison", "to": "6 months"}]}]
    responses[0]["options"] += [{"type": "fine", "amount": 5, "unit": "penalty_unit"}, {"type": "fine", "amount": [3, 9], "unit": "eur"}]
    law = two({"heroin": "1 g"}, responses=responses, index_units={"penalty_unit": {"unknown": "not in the sources read"}})
    compiled = compile_laws([law], ["heroin"])
    assert compiled.custody_least_days[0, 0, 0].tolist() == [10, 0] and compiled.custody_most_days[0, 0, 0, 0] == 90
    assert compiled.least_prison_days[0, :, 0].tolist() == [10, 0], "the second option of the high tier has no shortest term"
    assert compiled.least_fine_minor[0].tolist() == [300, 0], "a fine of unknown worth is not a fine of nothing"


def test_m31_what_follows_an_unpaid_notice_and_a_missed_panel() -> None:
    routes = {"panel": {"may_sanction": True, "no_show": "sanction"}}
    notice = {"limit": {"table": "line", "op": "<="}, "at_most": 2, "fine_minor": 100, "currency": "EUR", "unpaid": "court"}
    compiled = compile_laws([two({"heroin": "1 g"}, routes={**routes, "notice": notice})], ["heroin"])
    assert compiled.notice_unpaid.tolist() == [2] and compiled.panel_no_show.tolist() == [1]


@pytest.mark.parametrize(("rules", "code"), [({}, -1), ({"missed_session": "unknown"}, 0), ({"missed_session": "unknown", "breach_of_order": "charge"}, 2)])
def test_m31_a_rule_on_leaving_early_that_is_not_known_does_not_hide_one_that_is(rules: dict[str, str], code: int) -> None:
    assert compile_laws([two({"heroin": "1 g"}, noncompliance=rules)], ["heroin"]).drop_out.tolist() == [code]


@pytest.mark.parametrize(("days_ago", "offence"), [(364, "possession"), (365, "possession"), (366, "administrative")])
def test_m32_latvia_a_second_incident_within_a_year_is_a_crime(days_ago: int, offence: str) -> None:
    law = two({"cannabis_herb": "1 g"}, repeat={"counter": "incidents", "at": 2, "within_days": 365, "effect": "becomes_crime"})
    found = law.classify({"cannabis_herb": "1 g"}, facts={"previous": [{"kind": "incidents", "days_ago": days_ago}]})
    assert found.offence == offence
    assert "incidents of the person not given" in law.classify({"cannabis_herb": "1 g"}).unknowns
    assert compile_laws([law], ["heroin"]).repeat_at.tolist() == [0] and law.not_simulated[0].startswith("repeat: incidents")


def test_m32_vietnam_an_earlier_sanction_makes_any_amount_a_crime() -> None:
    rules = [
        {"counter": "sanctions", "at": 1, "present_counts": False, "effect": "becomes_crime"},
        {"counter": "reports", "at": 3, "effect": "mandatory_treatment"},
    ]
    law = two({"heroin": "0.1 g"}, "<", repeat=rules)
    earlier: list[dict[str, Any]] = [{"kind": "sanctions", "days_ago": 200}]
    assert [law.classify({"heroin": "0.05 g"}, facts={"previous": p}).offence for p in ([], earlier)] == ["administrative", "possession"]
    third = law.classify({"heroin": "0.05 g"}, facts={"previous": [{"kind": "reports", "days_ago": d} for d in (1, 2)]})
    assert third.repeat == ("mandatory_treatment",) and third.treatment == "mandatory"
    compiled = compile_laws([law], ["heroin"])
    assert compiled.repeat_at.tolist() == [3]


def test_m33_what_is_taken() -> None:
    rules = [{"drugs": "always"}, {"drugs": "never"}, {"drugs": "always", "from_tier": "high", "money": "if_linked"}, {"drugs": "discretionary"}]
    compiled = compile_laws([two({"heroin": "1 g"}, seizure=rule) for rule in rules], ["heroin"])
    assert compiled.seize.tolist() == [[True, True], [False, False], [False, True], [True, True]]


def test_m34_what_kind_of_record_is_left() -> None:
    expunge = {"how": "automatic", "after_months": 12, "covers": ["possession"], "retroactive": True}
    laws = [two({"heroin": "1 g"}, record=rule) for rule in (None, {"criminal_record": False, "register": "a register", "expunge": expunge})]
    assert [[law.classify({"heroin": g}).record for g in ("1 g", "2 g")] for law in laws] == [["none", "criminal"], ["administrative", "administrative"]]
    assert compile_laws(laws, ["heroin"]).record.tolist() == [[RECORD["none"], RECORD["criminal"]], [RECORD["administrative"]] * 2]


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, "not_supply"),
        ({"people": 2}, "not_supply"),
        ({"people": 5}, "supply"),
        ({"profit": True}, "supply"),
        ({"minors": True}, "supply"),
        ({"joint_use": False}, "supply"),
    ],
)
def test_m35_sharing_under_conditions(facts: dict[str, Any], answer: str) -> None:
    conditions = {"free": True, "adults_only": True, "joint_use": True, "max_people": 4}
    law = two({"heroin": "1 g"}, social_supply={"rule": "not_supply", "conditions": conditions})
    assert law.classify({"heroin": "1 g"}, facts={"sharing": facts}).sharing == answer
    mexico = two({"heroin": "1 g"})
    assert mexico.classify({"heroin": "1 g"}, facts={"sharing": facts}).sharing == "supply"
    assert compile_laws([law, mexico], ["heroin"]).sharing_is_supply.tolist() == [False, True]


def test_m39_unknowns_are_named_where_an_answer_rests_on_them() -> None:
    unknowns = [
        {"about": "effects.high.max_prison_supply", "reason": "sources differ"},
        {"about": "tables.line.heroin", "reason": "an older text has another number"},
        {"about": "exactly 30 g", "reason": "from 30 g, or more than 30 g"},
    ]
    law = two({"heroin": "1 g", "cocaine": {"unknown": "no number was found"}}, unknowns=unknowns)
    assert law.classify({"heroin": "1 g"}).unknowns == ("tables.line.heroin: an older text has another number", "exactly 30 g: from 30 g, or more than 30 g")
    assert law.classify({"heroin": "2 g"}).unknowns[0] == "effects.high.max_prison_supply: sources differ"
    assert law.classify({"cocaine": "9 g"}).unknowns[0] == "line of cocaine is not known: no number was found"
    assert law.classify({"cocaine": "9 g"}).tier == "low"


def test_a_fact_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match=r"facts\.agee.*'age'"):
        two({"heroin": "1 g"}).classify({"heroin": "1 g"}, facts={"agee": 20})


def test_laws_that_differ_in_a_rule_on_several_substances_are_not_equal() -> None:
    rule = {"method": "kinds_exclude", "at_least": 2, "tier": "high"}
    laws = [several(), several(rule), several(rule), several({**rule, "at_least": 3}), several({"method": "kinds_indicator", "at_least": 2})]
    compiled = compile_laws(laws, ORDER, FORMS)
    assert compiled.equal_rules(1, 2) and not any(compiled.equal_rules(1, i) for i in (0, 3, 4))


@pytest.mark.parametrize(("overlap", "tier"), [("lowest", 0), ("highest", 2)])
def test_m10_joint_limits_of_several_tiers_follow_the_overlap(overlap: str, tier: int) -> None:
    """7 g with 2.5 g pure passes the second pair of limits and not the first."""
    cells = [{"all_must_exceed": [gross, {"limit": pure, "basis": "pure"}]} for gross, pure in (("10 g", "1 g"), ("5 g", "2 g"))]
    tiers = [{"id": "a", "upper": {"table": "x", "op": "<="}}, {"id": "b", "upper": {"table": "y", "op": "<="}}, {"id": "c"}]
    tables = {"x": {"heroin": cells[0]}, "y": {"heroin": cells[1]}}
    law = build_law(plain_law(tables=tables, tiers=tiers, effects=dict.fromkeys("abc", CRIME), overlap=overlap))
    gross, pure = np.array([[7_000_000], [11_000_000]], np.int64), np.array([[2_500_000], [2_500_000]], np.int64)
    compiled = compile_laws([law], ["heroin"]).classify(gross, pure, np.zeros_like(gross), np.zeros(gross.shape, np.int8))
    slow = [law.classify({"heroin": {"g": g, "purity": p}}).position for g, p in (("7 g", 2.5 / 7), ("11 g", 0.25))]
    assert compiled[:, 0].tolist() == [tier, 2] and slow == [tier, 2]


def test_m12_and_m17_what_is_rounded_is_the_weight_and_not_the_equivalent() -> None:
    rule = {"method": "equivalence", "to": "heroin", "factors": {"cocaine": 0.2}}
    law = several(rule, measurement={"round": {"to": "1 g", "direction": "up"}, "error_margin": 0.5, "in_favour_of": "person"})
    assert both(law, heroin=1, cocaine=3) == "low"  # (1 + 0.2 x 3) / 2 = 0.8
    assert [both(law, heroin=0, cocaine=g) for g in (3, 3.000001)] == ["low", "high"]  # 4 / 2 is above 1.5
    assert both(law, heroin=2) == "low" and both(law, heroin=2, cocaine=0.000001) == "high"  # (2 + 0.2) / 2
