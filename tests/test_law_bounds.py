"""Every bound of every shipped law is held by one of its cases, and the check that says so finds what is missing."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from decrimsim.files import read_text
from decrimsim.law import Law, load_law, shipped_laws
from decrimsim.law.coverage import BoundCheck
from decrimsim.law.facts import facts_that_meet, fits
from decrimsim.law.model import build_law
from decrimsim.testing.laws import two_tiers

IDLE = {"nsw-deemed-supply": ("routes.notice.limit: notice_limit.mdma (unspecified) <= 750 mg",)}
"""bounds that no find can tell: from 0.75 g of MDMA powder on supply is deemed, so that no notice is open there in any case"""


@pytest.mark.parametrize("name", shipped_laws())
def test_every_bound_of_a_shipped_law_is_held_by_one_of_its_cases(name: str) -> None:
    law = load_law(name)
    found = law.check_bounds()
    assert found.uncovered == (), str(found)
    assert found.idle == IDLE.get(name, ())
    assert found.n > 0 or not law.has_threshold


def case(amount: Any, tier: str, **parts: Any) -> dict[str, Any]:
    return {"name": f"{amount} is {tier}", "holdings": {"heroin": amount}, "expect": {"tier": tier}, **parts}


AT, ABOVE = case("5 ug", "low"), case("6 ug", "high")


def small(*cases: dict[str, Any], **parts: Any) -> Law:
    return build_law(two_tiers(cases=list(cases), **parts))


def mistakes(found: BoundCheck) -> dict[str, tuple[str, ...]]:
    return {one.path: one.mistakes for one in found.uncovered}


def test_a_case_at_a_bound_and_one_beyond_it_hold_it() -> None:
    assert small(AT, ABOVE).check_bounds() == BoundCheck(2, ())


def test_a_bound_without_a_case_beyond_it_could_be_higher() -> None:
    assert mistakes(small(AT).check_bounds()) == {"tiers.low.upper: line.heroin <= 5 ug": ("one step up",)}


def test_a_bound_without_a_case_at_it_could_be_lower_or_turned_round() -> None:
    assert mistakes(small(ABOVE).check_bounds()) == {
        "tiers.low.upper": ("with its operator turned round",),
        "tiers.low.upper: line.heroin <= 5 ug": ("one step down",),
    }


def test_a_case_that_fails_holds_nothing() -> None:
    assert len(small(case("5 ug", "high"), ABOVE).check_bounds().uncovered) == 2


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"op": "<"},
        {"limit": "3 units"},
        {"limit": {"limit": "5 ug", "basis": "pure"}},
        {"limit": {"limit": "40 mg", "by_form": [{"forms": ["tablet", "capsule"], "limit": "1 unit", "unit_at_most": "200 mg"}]}},
        {"limit": {"any_exceeds": ["20 mg", "4 units"]}},
        {"limit": {"all_must_exceed": ["10 g", {"limit": "1 g", "basis": "pure"}]}},
        {"measurement": {"error_margin": 0.05, "in_favour_of": "person"}},
        {"measurement": {"round": {"to": "1 mg", "direction": "down"}}, "limit": "5 mg"},
        {"tables": {"line": {"heroin": "5 ug"}, "home": {"heroin": "9 ug"}}, "exceptions": [{"id": "home", "when": {"place": ["residence"]}, "tables": {"line": "home"}}]},
        {"tables": {"line": {"other": "5 ug", "heroin": "7 ug"}}, "unlisted_substance": "default_row"},
        {"aggregate": {"method": "kinds_exclude", "at_least": 2, "tier": "high"}, "tables": {"line": {"heroin": "5 ug", "cocaine": "7 ug"}}},
        {
            "aggregate": [{"method": "max_tier"}, {"method": "sum_fractions", "table": "line", "op": ">", "limit": 2, "kinds": 3, "tier": "high"}],
            "tables": {"line": {"heroin": "5 g", "cocaine": "7 g", "mdma": "2 g"}},
        },
    ],
)  # fmt: skip
def test_the_cases_that_are_proposed_hold_every_bound_once_they_are_pasted(parts: dict[str, Any]) -> None:
    first = small(**parts).check_bounds()
    assert first.uncovered
    lines = [line for one in first.uncovered for line in one.cases]
    pasted = read_text("cases:\n" + "".join(f"  {line}\n" for line in lines)).data["cases"]
    again = small(*pasted, **parts)
    assert again.run_cases() == []
    assert again.check_bounds().uncovered == ()


def test_a_bound_that_changes_on_a_day_is_two_and_needs_cases_of_both_versions() -> None:
    tables = {"line": {"dated": {"2001-01-01": {"heroin": "5 ug"}, "2010-01-01": {"heroin": "9 ug"}}}}
    new = [case("9 ug", "low", date="2012-01-01"), case("10 ug", "high", date="2012-01-01")]
    old = [case("5 ug", "low", date="2005-01-01"), case("6 ug", "high", date="2005-01-01")]
    (missing,) = small(*new, tables=tables).check_bounds().uncovered
    assert (missing.path, missing.version) == ("tiers.low.upper: line.heroin <= 5 ug", "2001-01-01")
    assert all('date: "2001-01-01"' in line for line in missing.cases)
    assert small(*new, *old, tables=tables).check_bounds().uncovered == ()


def test_a_bound_that_stays_is_one_bound_whatever_else_changes_on_a_day() -> None:
    low = {"type": "personal", "own_use": "none", "supply": "supply"}
    effects = two_tiers()["effects"] | {"low": {"dated": {"2001-01-01": low, "2010-01-01": {**low, "own_use": "administrative"}}}}
    assert small(case("5 ug", "low", date="2005-01-01"), case("6 ug", "high", date="2012-01-01"), effects=effects).check_bounds() == BoundCheck(2, ())


def test_the_limit_of_a_route_is_a_bound_of_its_own() -> None:
    notice = {"limit": {"table": "ticket", "op": "<="}, "at_most": 2, "fine_minor": 100, "currency": "AUD", "unpaid": "debt"}
    tables = {"line": {"heroin": "9 ug"}, "ticket": {"heroin": "5 ug"}}
    effects = {tier: {**effect, "own_use": "possession"} for tier, effect in two_tiers()["effects"].items()}
    law = small(case("9 ug", "low"), case("10 ug", "high"), tables=tables, effects=effects, routes={"notice": notice})
    missing = law.check_bounds()
    assert set(mistakes(missing)) == {"routes.notice.limit", "routes.notice.limit: ticket.heroin <= 5 ug", "routes.notice.at_most: 2"}
    assert any("routes: [notice]" in line for one in missing.uncovered for line in one.cases)


ROUTE = {"limit": {"table": "line", "op": "<="}, "at_most": 2, "min_age": 18}
COUNTS: dict[str, dict[str, Any]] = {
    "routes.caution.at_most: 2": {"routes": {"caution": ROUTE}},
    "routes.caution.min_age: 18": {"routes": {"caution": ROUTE}},
    "repeats.0.at: 3": {"repeat": {"counter": "reports", "at": 3, "effect": "mandatory_treatment"}},
    "repeats.0.within_days: 365": {"repeat": {"counter": "incidents", "at": 2, "within_days": 365, "effect": "raises_fine"}},
    "exceptions.0.when.max_age: 17": {"exceptions": [{"id": "minors", "when": {"max_age": 17}, "tier": "high"}]},
    "exceptions.0.when.min_age: 70": {"exceptions": [{"id": "old", "when": {"min_age": 70}, "liability": "none"}]},
    "exceptions.0.when.within_metres.school: 100": {"exceptions": [{"id": "school", "when": {"within_metres": {"school": 100}}, "says": "no use there"}]},
    "exceptions.0.when.hours.1: 20": {"exceptions": [{"id": "zone", "when": {"hours": [7, 20], "place": ["zone"]}, "says": "no use there"}]},
    "exceptions.0.when.previous.at_least: 2": {"exceptions": [{"id": "again", "when": {"previous": {"kind": "notices", "at_least": 2}}, "tier": "high"}]},
    "exceptions.0.when.previous.within_days: 30": {
        "exceptions": [{"id": "again", "when": {"previous": {"kind": "notices", "at_least": 2, "within_days": 30}}, "tier": "high"}]
    },
    "exceptions.0.when.min_age: 30": {"exceptions": [{"id": "nuisance", "when": {"min_age": 30, "conditions": {"nuisance": True}}, "tier": "high"}]},
}


WHENS: list[dict[str, Any]] = [
    {"hours": [7, 20]}, {"min_age": 18, "max_age": 21}, {"max_age": 17}, {"previous": {"kind": "notices", "at_least": 2, "within_days": 30}},
    {"within_metres": {"school": 100}}, {"conditions": {"nuisance": True}, "dependent": False}, {"place": ["home"], "act": ["possession"]},
]  # fmt: skip


@pytest.mark.parametrize("when", WHENS, ids=lambda when: "-".join(when))
def test_the_table_of_an_exception_is_a_bound_whatever_the_exception_asks_for(when: dict[str, Any]) -> None:
    assert fits(when, facts_that_meet(when))
    tables = {"line": {"heroin": "5 ug"}, "other": {"heroin": "9 ug"}}
    first = small(AT, ABOVE, tables=tables, exceptions=[{"id": "one", "when": when, "tables": {"line": "other"}}]).check_bounds()
    assert "exceptions.one.tables.line: other.heroin 9 ug" in mistakes(first)


@pytest.mark.parametrize("path", COUNTS)
def test_a_count_of_the_law_is_a_bound_that_its_proposed_cases_hold(path: str) -> None:
    effects = {tier: {**effect, "own_use": "possession"} for tier, effect in two_tiers()["effects"].items()}
    parts = {"effects": effects, **COUNTS[path]}
    first = small(AT, ABOVE, **parts).check_bounds()
    assert path in mistakes(first)
    pasted = read_text("cases:\n" + "".join(f"  {line}\n" for one in first.uncovered for line in one.cases)).data["cases"]
    again = small(AT, ABOVE, *pasted, **parts)
    assert again.run_cases() == []
    assert again.check_bounds().uncovered == ()


def test_a_notice_without_a_limit_of_number_has_no_count() -> None:
    law = small(AT, ABOVE, routes={"caution": {key: value for key, value in ROUTE.items() if key != "at_most"}})
    assert not any("at_most" in path for path in mistakes(law.check_bounds()))


def test_a_bound_that_no_find_can_tell_is_named_apart() -> None:
    tiers = [{"id": "low", "upper": {"table": "line", "op": "<="}}, {"id": "high"}, {"id": "top", "lower": {"table": "top", "op": ">="}}]
    effects = two_tiers()["effects"]
    law = small(
        case("2 ug", "low"), case("3 ug", "top"),
        tables={"line": {"heroin": "5 ug"}, "top": {"heroin": "3 ug"}}, tiers=tiers, effects={**effects, "top": effects["high"]},
    )  # fmt: skip
    found = law.check_bounds()
    assert "tiers.low.upper: line.heroin <= 5 ug" in found.idle
    assert "no find that was tried can tell this one apart" in str(found)


@pytest.mark.parametrize("path", ["tables.traffickable.ghb", "tables.commercial.dob", "tables.notice_limit.ketamine"])
def test_moving_a_number_in_the_file_is_noticed_like_moving_it_in_the_check(path: str) -> None:
    law = load_law("nsw-deemed-supply")
    ug = law.limits(path).ug
    assert ug is not None and law.patch({path: f"{ug + 1} ug"}).run_cases() != []


def test_the_text_counts_the_bounds_and_gives_a_line_to_paste() -> None:
    text = str(small(AT).check_bounds())
    assert text.startswith("2 bounds, 1 not covered by a case:")
    assert '- {name: "heroin, just above 5 ug", holdings: {heroin: "6 ug"}, expect: {tier: high, effect: presumption, offence: supply}}' in text


def test_taking_a_case_out_of_a_shipped_law_leaves_its_bound_without_one() -> None:
    raw = copy.deepcopy(load_law("portugal").raw)
    raw["cases"] = [one for one in raw["cases"] if one["holdings"] != {"methadone": "1 g"}]
    assert mistakes(build_law(raw).check_bounds()) == {"tiers.personal.upper: ten_days.methadone <= 1 g": ("one step down",)}
