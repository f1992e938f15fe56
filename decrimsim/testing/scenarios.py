"""Hypothesis strategies for scenarios: small worlds in which much happens, and worlds with some parameters drawn.

Level 8: for tests only. Everything starts from a shipped scenario, so that every section is there and named as in its file.

>>> from hypothesis import given
>>> @given(small_scenarios(days=20))
... def test_runs(scenario): ...
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from decrimsim.parameters import (
    Amount,
    Days,
    DaysPer28,
    Exponent,
    Hours,
    LogSd,
    Minutes,
    Money,
    Param,
    PerPersonYear,
    PerThousandHours,
    PerThousandPurchases,
    Probability,
    Ratio,
)
from decrimsim.scenario import Scenario, free_parameters, load_scenario, vary
from decrimsim.scenario.adapting import RESPONSES
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import REGIONS
from decrimsim.testing.market import busy_market, keep_substances, response

__all__ = ["busy", "extremes", "scenarios_with", "small_scenarios", "with_more_mechanisms"]

BUSY: dict[str, float] = {
    "people.no_safe_home": 0.2, "people.prior_conviction": 0.3, "people.prior_supply_conviction": 0.4, "people.bulk_buyer": 0.3,
    "people.lockdown_stocker": 0.5, "people.remote": 0.3, "people.same_main": 0.7,
    "market.access.remote": 0.7, "market.group_purchase.consumer": 0.6, "carrying.p_carry": 0.6,
    "carrying.trip_minutes.urban": 60.0, "carrying.trip_minutes.remote": 120.0,
    "police.street": 40.0, "police.dog.urban": 25.0, "police.dog.remote": 15.0, "police.purchase": 80.0,
    "police.warrant.consumer": 10.0, "police.warrant.social_supplier": 15.0, "police.warrant.user_dealer": 25.0, "police.warrant.commercial": 40.0,
    "police.search.street": 0.6, "police.search.trip": 0.7, "police.search.dog": 0.7, "police.weighing_sd": 0.05,
    "evidence.scales.consumer": 0.3, "evidence.packets.consumer": 0.25, "evidence.cash.consumer": 0.2,
    "police.no_safe_home_factor": 1.2, "police.prior_factor": 1.3, "carrying.no_safe_home_minutes": 200.0,
    "practice.police.ignore": 0.1, "practice.police.warn": 0.15, "practice.police.caution": 0.3, "practice.police.notice": 0.7, "practice.police.panel": 0.8,
    "practice.prosecutor.drop.possession": 0.15, "practice.prosecutor.drop.supply": 0.15, "practice.prosecutor.divert": 0.25,
    "practice.prosecutor.delay": 3.0, "practice.court.delay": 6.0, "practice.court.custody_delay": 0.6,
    "practice.court.bail_refused.possession": 0.3, "practice.court.bail_refused.supply": 0.5,
    "practice.court.withdraw.possession": 0.15, "practice.court.withdraw.supply": 0.15, "practice.court.plead_possession": 0.4,
    "practice.sentencing.possession.prison": 0.25, "practice.sentencing.possession.days": 5.0, "practice.sentencing.possession.community": 0.3,
    "practice.sentencing.possession.fine": 0.6, "practice.sentencing.supply.0.prison": 0.4, "practice.sentencing.supply.0.days": 8.0,
    "practice.sentencing.supply.1.days": 15.0, "practice.sentencing.supply.0.community": 0.4, "practice.sentencing.supply.0.fine": 0.6,
    "practice.notice.paid": 0.25, "practice.notice.delay": 4.0, "practice.panel.attend": 0.6, "practice.panel.sanction": 0.4, "practice.panel.delay": 3.0,
    "practice.referral.police.offer": 0.5, "practice.referral.police.accept": 0.6, "practice.referral.caution.accept": 0.6,
    "practice.referral.notice.accept": 0.4, "practice.referral.court.offer": 0.5, "practice.referral.wait": 2.0, "practice.referral.duration": 6.0,
    "practice.referral.use_reduction": 0.5,
    "practice.assessment.police": 0.3, "practice.assessment.prosecutor": 0.3, "practice.assessment.court": 0.5,
    "practice.diversion_conditions.plea": 0.5, "practice.diversion_conditions.abstinence": 0.5, "practice.diversion_conditions.breach": 0.5,
    "practice.diversion_conditions.convict": 0.5, "practice.diversion_conditions.delay": 5.0,
    "practice.representation.duty_lawyer": 0.5, "practice.representation.plead_factor": 0.7,
    "practice.precedent.granted": 0.4, "practice.sentencing_range.kept": 0.8,
    "practice.appeal.file.possession": 0.6, "practice.appeal.file.supply": 0.6, "practice.appeal.succeed.possession": 0.5, "practice.appeal.succeed.supply": 0.5,
    "practice.appeal.delay": 3.0, "practice.review.least_cases": 2.0, "practice.prosecutor_queue.capacity": 500.0, "practice.prosecutor_queue.opening": 1.0, "practice.queue.capacity": 300.0, "practice.queue.opening": 2.0,
    "practice.sanctions.licence_loss": 0.5, "practice.sanctions.deportation": 0.05, "practice.sanctions.compulsory_days": 8.0,
    "practice.sanctions.arrest_days": 3.0, "practice.payment.plan": 0.5, "practice.appointments.again": 0.6,
    "practice.records.job_loss.possession": 0.5, "practice.records.job_loss.supply": 0.6,
    "practice.records.home_loss.possession": 0.4, "practice.records.home_loss.supply": 0.5, "practice.expungement.on_request": 0.5,
}  # fmt: skip
"""Far more police than anywhere, short delays, and every choice of officials made often."""
BUSY_SERVICES: dict[str, float] = {
    "services.start": 0.8, "services.self_entry.dependent": 0.7, "services.self_entry.other": 0.5, "services.self_entry.avoidance.none": 0.1,
    "services.self_entry.avoidance.administrative": 0.3, "services.self_entry.avoidance.criminal": 0.5, "services.redirection.budget": 900_000.0,
}  # fmt: skip
BUSY_HEALTH: dict[str, float] = {
    "health.hiv.incidence": 2.0, "health.hepatitis_c.incidence": 3.0, "health.tuberculosis.incidence": 0.5, "health.hiv.prevalence": 0.3,
    "health.release_days": 40.0,
}  # fmt: skip
BUSY_KIND: dict[str, float] = {"places": 40.0, "first_free": 0.6, "duration": 9.0, "finish": 0.5, "use_reduction": 0.5, "share": 1.0}
"""Everybody seeks a service now and then, and places are short."""
ROLES = (
    {"social_supplier": 0.25, "user_dealer": 0.25, "commercial": 0.15},
    {"social_supplier": 0.0, "user_dealer": 0.5, "commercial": 0.5},
    {"social_supplier": 1.0, "user_dealer": 0.0, "commercial": 0.0},
    {"social_supplier": 0.0, "user_dealer": 0.0, "commercial": 0.0},
)
CARRYING = ({"dose_only": 0.3, "some": 0.3}, {"dose_only": 1.0, "some": 0.0}, {"dose_only": 0.0, "some": 1.0}, {"dose_only": 0.0, "some": 0.0})
RAID_RESPONSES = ({"buy_more": 0.4, "stop": 0.3}, {"buy_more": 1.0, "stop": 0.0}, {"buy_more": 0.0, "stop": 1.0})
CIRCLES: tuple[dict[str, float], ...] = ({"1": 0.2, "3": 0.3, "5": 0.5}, {"1": 1.0}, {"2": 1.0}, {"4": 0.5, "7": 0.5}, {"12": 1.0})
MORE_BUSY: dict[str, Any] = {
    "police.strategies": {
        "chosen": "odd",
        "known": {"odd": {
            "title": "for tests", "warrant": (0.8, "ratio"), "street": (0.8, "ratio"), "dog": (0.9, "ratio"), "trip": (0.9, "ratio"), "purchase": (0.9, "ratio"),
            "no_safe_home": (1.2, "ratio"), "discretion": (0.8, "ratio"), "stands_down": False,
        }},
    },
    "police.events": {"checks": {"urban": (10.0, "per person-year"), "remote": (6.0, "per person-year")}, "p_carry": 0.7, "supply_suspicion": 0.2, "search": 0.6, "search_cue": 0.9, "find": 0.8},
    "police.transport": {"checks": {"urban": (4.0, "per person-year"), "remote": (8.0, "per person-year")}, "p_carry": 0.5, "supply_suspicion": 0.3, "search": 0.5, "search_cue": 0.8, "find": 0.9},
    "police.hours": {
        "available": (8000.0, "hours"), "response": (0.7, "ratio"), "most": (1.3, "ratio"), "stop": (0.25, "hours"), "search": (0.5, "hours"),
        "warning": (0.5, "hours"), "caution": (1.0, "hours"), "notice": (1.0, "hours"), "panel": (1.5, "hours"), "summons": (9.0, "hours"), "arrest": (12.0, "hours"),
    },
    "practice.police.training": {"trained": 0.5, "belief_factor": (0.5, "ratio"), "disparity": (0.4, "ratio")},
    "practice.police.bribery": {"demanded": {"possession": 0.15, "supply": 0.3}, "paid": 0.5, "amount": (40.0, "money"), "drugs_kept": 0.5},
    "practice.police.holding": {"held": {"possession": 0.4, "supply": 0.7}, "days": (1.5, "days")},
    "practice.police.violence": {"stop": 0.05, "search": 0.1, "arrest": 0.3},
}  # fmt: skip
"""Mechanisms that a shipped world may leave out, described strongly; numbers are chances unless a unit stands beside them.

Guidelines and the factors of groups on violence follow the substances and axes of each world."""
_TIED = ("people.roles.", "people.raid_response.", "carrying.dose_only", "carrying.some", "costs.", "people.represents")
"""Parameters that are not drawn alone: some add up to at most 1, costs and the size of the real population change nothing in a run."""
AT_MOST_1 = ("use_evidence_factor", "belief_factor", "plead_factor", "disparity", "discretion", "hours.response")
_EXTREMES: dict[type, tuple[float, ...]] = {
    Probability: (0.0, 1.0, 0.5, 1e-9, 1 - 1e-9),
    Ratio: (0.0, 1.0, 0.4, 2.5, 7.0),
    Days: (0.0, 1.0, 0.4, 3.0, 40.0, 36_500.0),
    DaysPer28: (0.0, 28.0, 14.0, 1e-6),
    LogSd: (0.0, 0.3, 1.2),
    Exponent: (0.75, 1.0, 2.0),
    Minutes: (0.0, 1.0, 1440.0),
    Money: (0.01, 20.0, 500.0, 1e6),
    PerPersonYear: (0.0, 30.0, 300.0),
    PerThousandHours: (0.0, 60.0, 1e4),
    Hours: (0.0, 0.3, 12.0, 1e4),
    PerThousandPurchases: (0.0, 100.0, 1000.0),
}


def busy(scenario: Scenario, *, days: int = 40) -> Scenario:
    """Return a scenario with far more police, short delays, a lockdown and two raids, so that few people live through everything.

    scenario  stays as it is; it needs at least two bands of sentences for supply, as the shipped ones have
    days      for how long the lockdown and the raids are laid out
    """
    third = days // 3
    lockdown = {**_lockdown_numbers(scenario), "announced_day": third, "start_day": third + 2, "end_day": 2 * third}
    raids = [{"region": "urban", "start_day": 2, "end_day": 2 + third // 2}, {"region": "remote", "start_day": third, "end_day": 2 * third}]
    sections = {"market.lockdown": lockdown, "market.raids": raids, **_sections(ROLES[0], CARRYING[0], RAID_RESPONSES[0])}
    changed = _with_sections(with_more_mechanisms(scenario), sections | busy_market(scenario, days))
    also = {f"substances.{name}.also": 0.4 for name in scenario.substances}
    return vary(changed, {**BUSY, **also, **_busy_services(scenario)})


def _busy_services(scenario: Scenario) -> dict[str, float]:
    """Return the values for services, drop-out and health, where the scenario has them."""
    changes = {"practice.drop_out.returned": 0.8} if scenario.practice.drop_out is not None else {}
    if scenario.services is None:
        return changes
    changes |= BUSY_SERVICES
    if scenario.health is not None:
        changes |= BUSY_HEALTH | {f"health.harms.{name}.overdose": 0.3 for name in scenario.health.harms}
    return changes | {f"services.kinds.{kind}.{name}": value for kind in scenario.services.kinds for name, value in BUSY_KIND.items()}


def with_more_mechanisms(scenario: Scenario) -> Scenario:
    """Return a scenario in which every mechanism but the market's is on: described strongly, or as in New South Wales where its file says nothing of it."""
    here, there = (one.model_dump(mode="json", by_alias=True) for one in (scenario, load_scenario("nsw")))
    _narrow(there, list(scenario.substances))
    paths = [path for switch in SWITCHES.values() for path in switch.sections if not path.startswith(MARKET)]
    more = {path: _at(there, path) for path in paths if not _at(here, path) and _at(there, path)}
    more = {path: section for path, section in more.items() if not any(path.startswith(f"{other}.") for other in more)}
    more |= {path: _described(section) for path, section in MORE_BUSY.items()}
    more["practice.police.violence"]["group_factor"] = _group_factors(scenario)
    more["sources"] = {**there["sources"], **here["sources"]}
    return _with_sections(scenario, {**more, "practice.police.guidelines": _guidelines(scenario), "switches": {}})


MARKET = ("market.", "people.response")


def _at(data: Any, path: str) -> Any:
    """Return the section at a dotted path of plain data; None where it or what it stands in is not there."""
    for part in path.split("."):
        data = data[part] if data is not None else None
    return data


def _narrow(data: dict[str, Any], substances: list[str]) -> None:
    """Leave substances that are not in a world out of the sections that name them, in place."""
    guidelines = data["practice"]["police"]["guidelines"]
    if guidelines:
        guidelines["limits"] = {name: limit for name, limit in guidelines["limits"].items() if name in substances}
    if data["services"] is not None:
        kinds = data["services"]["kinds"].items()
        fitting = {name: kind for name, kind in kinds if not kind["substances"] or set(kind["substances"]) & set(substances)}
        narrowed = {name: {**kind, "substances": [s for s in kind["substances"] if s in substances]} for name, kind in fitting.items()}
        data["services"] = {**data["services"], "kinds": narrowed}
    if data["health"] is not None:
        data["health"] = {**data["health"], "harms": {name: harm for name, harm in data["health"]["harms"].items() if name in substances}}


@st.composite
def small_scenarios(draw: st.DrawFn, *, days: int = 30, base: str = "nsw", is_certain: bool = False) -> Scenario:
    """Return random busy worlds with few substances, odd circles, windows inside the days, and parameters pushed to extremes.

    days        horizon in which lockdown and raids are placed
    base        shipped scenario or file to start from
    is_certain  every probability that may be drawn alone is 0 or 1
    """
    start = _busy_base(base, max(days, 9))
    names = draw(st.lists(st.sampled_from(list(start.substances)), min_size=1, max_size=3, unique=True))
    axes = draw(st.lists(st.sampled_from(list(start.people.axes)), max_size=2, unique=True)) if start.people.axes else []
    sections = _sections(draw(st.sampled_from(ROLES)), draw(st.sampled_from(CARRYING)), draw(st.sampled_from(RAID_RESPONSES)))
    sections |= {"market.lockdown": draw(_lockdowns(start, days)), "market.raids": draw(st.lists(_raids(days), max_size=3))}
    for path in draw(st.sets(st.sampled_from(sorted(busy_market(start, days))), max_size=3)):
        sections[path] = () if path == "market.shortages" else None
    if "people.response" not in sections:
        sections["people.response"] = response(draw(st.sampled_from(RESPONSES)))
    sections["people.circle_size"] = {size: _share(share) for size, share in draw(st.sampled_from(CIRCLES)).items()}
    shaped = _with_sections(start, sections, substances=names, axes=axes)
    return draw(_pushed(shaped, is_certain))


@st.composite
def scenarios_with(draw: st.DrawFn, scenario: Scenario, values: Mapping[str, st.SearchStrategy[Any]]) -> Scenario:
    """Return random scenarios in which the parameters at some dotted paths are drawn and everything else stays.

    >>> scenarios_with(load_scenario("nsw"), {"police.street": st.floats(0, 100), "substances.mdma.dose": st.sampled_from(["0.1 g", "2 g"])})
    """
    return vary(scenario, {path: draw(strategy) for path, strategy in values.items()})


def extremes(path: str, parameter: Param | Amount) -> st.SearchStrategy[float | str]:
    """Return the values at which a parameter is most likely to find a mistake: nothing, everything, ends of the range.

    path       dotted path, since some parameters have bounds of their own
    parameter  as it stands in a scenario
    """
    if isinstance(parameter, Amount):
        return st.sampled_from(("low", "high"))
    values = _EXTREMES.get(type(parameter), parameter.range)
    if path.endswith(AT_MOST_1):
        values = tuple(value for value in values if value <= 1)
    if path.endswith("hours.most"):
        values = (1.0, 2.5, 7.0)
    if path.endswith(("concentration", "price.gram")):
        values = tuple(value for value in values if value > 0)
    return st.sampled_from(values)


@lru_cache(maxsize=8)
def _busy_base(base: str, days: int) -> Scenario:
    return busy(load_scenario(base), days=days)


@st.composite
def _pushed(draw: st.DrawFn, scenario: Scenario, is_certain: bool) -> Scenario:
    """Return a scenario with some parameters at extremes; all probabilities 0 or 1 if is_certain."""
    free = {path: p for path, p in free_parameters(scenario) if not path.startswith(_TIED)}
    changes: dict[str, float | str] = {}
    if is_certain:
        chances = [path for path, p in free.items() if isinstance(p, Probability)]
        bits = draw(st.integers(0, 2 ** len(chances) - 1))
        changes |= {path: float(bits >> i & 1) for i, path in enumerate(chances)}
    others = [path for path in free if path not in changes]
    for path in draw(st.lists(st.sampled_from(others), max_size=30, unique=True)):
        changes[path] = draw(extremes(path, free[path]))
    return vary(scenario, changes) if changes else scenario


def _share(value: float) -> dict[str, Any]:
    """Return a probability as it stands in a file."""
    return {"value": value, "range": [0.0, 1.0], "unit": "probability", "source": "assumption", "grade": "D", "note": "for tests"}


def _described(section: Any) -> Any:
    """Return a section of MORE_BUSY as it stands in a file."""
    if isinstance(section, str | bool):
        return section
    if isinstance(section, dict):
        return {name: _described(part) for name, part in section.items()}
    value, unit = section if isinstance(section, tuple) else (section, "probability")
    return {"value": value, "range": [0.0, max(1.0, value)], "unit": unit, "source": "assumption", "grade": "D", "note": "for tests"}


def _guidelines(scenario: Scenario) -> dict[str, Any]:
    """Return guidelines that speak of a usual purchase of every substance but the last."""
    amounts = {
        name: {"value": s.deal.value, "range": [s.deal.value, "1 kg"], "source": "assumption", "grade": "D", "note": "for tests"}
        for name, s in list(scenario.substances.items())[:-1]
    }
    return {"followed": _described(0.6), "evidence": _described((2.0, "ratio")), "limits": amounts}


def _group_factors(scenario: Scenario) -> dict[str, Any]:
    """Return factors for every category but the first of every axis, in turn three times and half as much."""
    axes = scenario.people.axes.items()
    return {axis: {name: _described(((3.0, 0.5)[(a + c) % 2], "ratio")) for c, name in enumerate(list(shares)[1:])} for a, (axis, shares) in enumerate(axes)}


def _sections(roles: Mapping[str, float], carrying: Mapping[str, float], raids: Mapping[str, float]) -> dict[str, Any]:
    found = {f"people.roles.{name}": _share(value) for name, value in roles.items()}
    found |= {f"carrying.{name}": _share(value) for name, value in carrying.items()}
    return found | {f"people.raid_response.{name}": _share(value) for name, value in raids.items()}


def _lockdown_numbers(scenario: Scenario) -> dict[str, Any]:
    """Return a lockdown's ratios: the scenario's own, or ones for tests."""
    if scenario.market.lockdown is not None:
        return scenario.market.lockdown.model_dump(mode="json")
    return {name: {**_share(value), "unit": "ratio", "range": [0.0, 10.0]} for name, value in (("stock_factor", 2.5), ("access", 0.6), ("public_time", 0.4))}


def _lockdowns(scenario: Scenario, days: int) -> st.SearchStrategy[dict[str, Any] | None]:
    """Return no lockdown, or one whose days lie in the horizon or just beyond."""
    some_days = st.lists(st.integers(0, days + 2), min_size=3, max_size=3).map(sorted)
    laid_out = some_days.map(lambda d: {**_lockdown_numbers(scenario), "announced_day": d[0], "start_day": d[1], "end_day": d[2]})
    return st.one_of(st.none(), laid_out)


def _raids(days: int) -> st.SearchStrategy[dict[str, Any]]:
    some_days = st.lists(st.integers(0, days + 2), min_size=2, max_size=2).map(sorted)
    return st.builds(lambda region, d: {"region": region, "start_day": d[0], "end_day": d[1]}, st.sampled_from(REGIONS), some_days)


def _with_sections(scenario: Scenario, sections: Mapping[str, Any], *, substances: list[str] | None = None, axes: list[str] | None = None) -> Scenario:
    """Return a scenario with other sections at dotted paths, some of its substances in equal shares, and some of its axes."""
    data = scenario.model_dump(mode="json", by_alias=True)
    for path, value in sections.items():
        node = data
        *parents, last = path.split(".")
        for part in parents:
            node = node[part]
        node[last] = value
    if substances is not None:
        data["substances"] = {name: {**data["substances"][name], "main": _share(1 / len(substances))} for name in substances}
        _narrow(data, substances)
    if axes is not None:
        practice = data["practice"]["police"]
        factors = [data["police"]["stop_factor"], practice["caution_factor"], practice["notice_factor"]]
        factors += [practice["violence"]["group_factor"]] if practice["violence"] else []
        for by_axis in (data["people"]["axes"], *factors):
            for axis in [axis for axis in by_axis if axis not in axes]:
                del by_axis[axis]
    keep_substances(data["market"], set(data["substances"]))
    return Scenario.model_validate_json(json.dumps(data))
