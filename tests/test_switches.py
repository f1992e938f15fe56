"""Switches: off means not there, bit for bit; on means that something happens; names and words are checked."""

from __future__ import annotations

from typing import Any

import pytest
from twin.some_laws import law_of_sanctions
from worlds import ANSWERS, LEFT_OUT, TABLES, busy, coupled, first_difference, laws, of_law, plain, run, scenario_of

from decrimsim.errors import ScenarioError
from decrimsim.scenario import Scenario, effective, load_scenario, switch_states, with_response, with_strategy, with_switches
from decrimsim.scenario.switches import SWITCHES

FAST = "nsw-deemed-supply", "portugal"
NEEDED = ("sanctions", "sentencing_ranges")
"""Mechanisms that work on rules which no law of the busy world has."""


ELSEWHERE = ("self_entry", "service_avoidance", "redirection", "review")
"""Mechanisms that need months, money or a law that revises itself to change a find: tests/test_services.py and tests/test_review.py turn them off."""


def without_sections(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario whose file never had the sections of a switch."""
    data = plain(scenario)
    for path in SWITCHES[name].sections:
        *parents, last = path.split(".")
        node: dict[str, Any] = data
        for part in parents:
            node = node[part]
        node[last] = [] if isinstance(node[last], list) else None
    data["switches"].pop(name, None)
    return scenario_of(data)


@pytest.mark.parametrize("name", [name for name, switch in SWITCHES.items() if switch.sections])
def test_a_mechanism_that_is_off_is_a_mechanism_that_is_not_there(name: str) -> None:
    off, absent = run(with_switches(coupled(), {name: False}), laws(*FAST)), run(without_sections(coupled(), name), laws(*FAST))
    for i in range(len(FAST)):
        assert first_difference(of_law(off, i), of_law(absent, i)) == ""


@pytest.mark.parametrize("name", [name for name in SWITCHES if name not in ELSEWHERE])
def test_a_mechanism_that_is_on_changes_something(name: str) -> None:
    needs_all = SWITCHES[name].couples or name in LEFT_OUT or set(SWITCHES[name].sections) & set(ANSWERS)
    world, some = (coupled() if needs_all else busy()), [*laws(), *([law_of_sanctions()] if name in NEEDED else [])]
    on, off = run(world, some), run(with_switches(world, {name: False}), some)
    assert any(first_difference(of_law(on, i), of_law(off, i)) for i in range(len(some)))


def test_the_effective_scenario_has_no_switches_and_no_sections_that_are_off() -> None:
    off = effective(with_switches(load_scenario("nsw"), {"lockdown": False, "bulk_remote": False}))
    assert off.switches == {}
    assert off.market.lockdown is None
    assert off.market.remote_factor.value == 1.0
    assert effective(off) == off


def test_turning_a_switch_off_and_on_again_is_the_same_world() -> None:
    nsw = load_scenario("nsw")
    again = with_switches(with_switches(nsw, {"lockdown": False}), {"lockdown": True})
    assert effective(again) == effective(nsw)


def test_a_switch_whose_section_is_missing_is_not_described_and_cannot_be_turned_on() -> None:
    nsw = load_scenario("nsw")
    assert switch_states(nsw)["bribery"] is None
    with pytest.raises(ScenarioError, match=r"says nothing about it.*practice\.police\.bribery"):
        with_switches(nsw, {"bribery": True})


def test_an_unknown_switch_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="Did you mean 'lockdown'"):
        with_switches(load_scenario("nsw"), {"lokdown": False})


def test_every_switch_has_plain_words_and_something_to_take_out() -> None:
    for name, switch in SWITCHES.items():
        assert switch.sections or switch.neutral, name
        assert len(switch.title) > 15 and switch.title[0].islower(), name
    assert len(TABLES) >= 4


def test_a_strategy_and_an_answer_are_chosen_by_name_and_unknown_ones_are_refused_with_the_known() -> None:
    nsw = load_scenario("nsw")
    assert effective(with_strategy(nsw, "hot_spot")).police.strategies == nsw.police.strategies.model_copy(update={"chosen": "hot_spot"})  # type: ignore[union-attr]
    answering = with_response(with_switches(nsw, {"response": False}), "buy_smaller")
    assert answering.people.response is not None
    assert answering.people.response.kind == "buy_smaller"
    assert switch_states(answering)["response"] is True
    with pytest.raises(ScenarioError, match=r"one of random, hot_spot.*Did you mean 'hot_spot'"):
        with_strategy(nsw, "hotspot")
    with pytest.raises(ScenarioError, match="Did you mean 'carry_less'"):
        with_response(nsw, "carry_les")
    bare = nsw.model_copy(update={"people": nsw.people.model_copy(update={"response": None})})
    with pytest.raises(ScenarioError, match=r"describes none.*Add people\.response"):
        with_response(bare, "carry_less")
