"""Switches: off means not there; on means that something happens; names and words are checked."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

import pytest
from twin.some_laws import law_of_sanctions
from worlds import ANSWERS, LEFT_OUT, OF_ENCOUNTERS, busy, coupled, first_difference, law, laws, of_law, run, without

from decrimsim.errors import InputError, ScenarioError
from decrimsim.law import Law
from decrimsim.measures.parts import MEASURES, part_values
from decrimsim.parameters import Amount, Param
from decrimsim.scenario import Scenario, effective, load_scenario, switch_states, vary, with_response, with_strategy, with_switches
from decrimsim.scenario.switched import switch_words, working
from decrimsim.scenario.switches import SWITCHES
from decrimsim.tables import ReplicateTables

PEOPLE, DAYS, LONGER = 220, 45, 85
"""The longer runs are for what works from one period of 28 days to the next."""
NEEDED = ("sanctions", "sentencing_ranges", "expungement")
"""Mechanisms that work on rules which no law of the busy world has."""


@cache
def rich() -> Scenario:
    """Return the coupled world with money that buys places."""
    return vary(coupled(), {"services.redirection.budget": 2_000_000.0, "services.redirection.share": 1.0})


@cache
def reviewed() -> Law:
    """Return a law that multiplies its amounts by 20 every month."""
    trigger = {"metric": "share_of_user_finds_above_threshold", "op": ">=", "value": 0.0, "action": "raise_thresholds"}
    return law("nsw-deemed-supply").patch({"review": {"months": 1, "triggers": [trigger], "raise_by": 20.0}})


def world_of(name: str) -> tuple[Callable[[], Scenario], tuple[Law, ...], int]:
    """Return the world, laws and days in which a mechanism must show."""
    if name == "redirection":
        return rich, (law("gold-standard"),), LONGER
    if name == "review":
        return coupled, (reviewed(),), LONGER
    needs_all = SWITCHES[name].couples or name in (*LEFT_OUT, "self_entry", "service_avoidance") or set(SWITCHES[name].sections) & set(ANSWERS)
    some = (law_of_sanctions(),) if name in NEEDED else tuple(laws("nsw-deemed-supply", "divert-and-convict", "portugal", "mexico"))
    return (coupled if needs_all else busy), some, DAYS


@cache
def lived(world: Callable[[], Scenario], some: tuple[Law, ...], days: int) -> ReplicateTables:
    """Return the tables of a world in which everything is on."""
    return run(world(), some, people=PEOPLE, days=days)


@pytest.mark.parametrize("name", [name for name, switch in SWITCHES.items() if switch.sections])
def test_a_mechanism_that_is_off_is_the_same_world_as_one_that_never_described_it(name: str) -> None:
    assert effective(with_switches(coupled(), {name: False})) == without(coupled(), *SWITCHES[name].sections)


def test_the_engine_runs_the_effective_scenario() -> None:
    """So what holds of scenarios above holds of every row: one run, with every mechanism off that has a section or a number."""
    off = with_switches(coupled(), dict.fromkeys(SWITCHES, False))
    a, b = (run(world, laws("nsw-deemed-supply", "portugal"), people=PEOPLE, days=30) for world in (off, effective(off)))
    assert off != effective(off)
    assert len(a.cases)
    for i in range(2):
        assert first_difference(of_law(a, i), of_law(b, i)) == ""


def inputs_of(world: Scenario, name: str) -> list[str]:
    """Return the parameters that belong to a mechanism: in its sections, set when it is off, and those that nothing else reads."""
    switch = SWITCHES[name]
    patterns = [*(path for path, _ in switch.neutral), *switch.inputs]
    inside = tuple(f"{section}." for section in switch.sections)
    return [path for path, _ in world.parameters() if path.startswith(inside) or any(fits(path, pattern) for pattern in patterns)]


def fits(path: str, pattern: str) -> bool:
    return path.count(".") == pattern.count(".") and all(fnmatchcase(*pair) for pair in zip(path.split("."), pattern.split("."), strict=True))


def half_way(parameter: Param | Amount, end: Literal["low", "high"]) -> float | str:
    """Return a value half-way to one end of the range, at most twice the value: the ends themselves may be no possible world."""
    value = parameter.number("value")
    to = (value + min(parameter.number(end), 3 * value + 1)) / 2
    return f"{round(to)} ug" if isinstance(parameter, Amount) else to


@pytest.mark.parametrize("name", SWITCHES)
def test_what_belongs_to_a_mechanism_changes_not_one_bit_when_it_is_off(name: str) -> None:
    ran: ReplicateTables | None = None
    off = with_switches(coupled(), {name: False})
    known = dict(off.parameters())
    together = ("people.raid_response.stop", "police.hours.most")  # bounded by another parameter, and by the model
    inputs = [path for path in inputs_of(off, name) if path not in together]
    ends: tuple[Literal["low", "high"], ...] = ("low", "high")
    moves = [vary(off, {path: half_way(known[path], end) for path in inputs}) for end in ends]
    assert not inputs or moves != [off, off]
    for moved in moves:
        if effective(off) == effective(moved):
            continue
        some = laws("nsw-deemed-supply", "divert-and-convict", "portugal")
        ran = ran or run(off, some, people=PEOPLE, days=DAYS)
        again = run(moved, some, people=PEOPLE, days=DAYS)
        assert [first_difference(of_law(ran, i), of_law(again, i)) for i in range(len(some))] == [""] * len(some)
        assert all((ran.behaviour[what] == again.behaviour[what]).all() for what in ran.behaviour)


@pytest.mark.parametrize(("name", "need"), [(name, need) for name, switch in SWITCHES.items() for need in switch.needs])
def test_a_mechanism_does_nothing_without_those_that_it_needs(name: str, need: str) -> None:
    without_need = with_switches(coupled(), {need: False})
    some = laws("nsw-deemed-supply", "divert-and-convict", "portugal")
    on, off = (run(world, some, people=PEOPLE, days=DAYS) for world in (without_need, with_switches(without_need, {name: False})))
    assert [first_difference(of_law(on, i), of_law(off, i)) for i in range(len(some))] == [""] * len(some)
    assert switch_words(without_need)[name] == f"on, but needs {need}"
    assert name not in working(without_need)
    typed = f"--switch {need}=on --switch {name}=on"
    with pytest.raises(InputError, match=f"{name}: it does nothing without {need}.*{typed}"):
        with_switches(without_need, {name: True})
    assert name in working(with_switches(without_need, {name: True, need: True}))


def test_a_mechanism_that_needs_one_that_needs_another_names_both() -> None:
    town = load_scenario("town")
    with pytest.raises(InputError, match=r"services and self_entry, which are off.*services=on --switch self_entry=on --switch service_avoidance=on"):
        with_switches(town, {"service_avoidance": True})


@pytest.mark.parametrize("name", SWITCHES)
def test_a_mechanism_that_is_on_changes_encounters_or_cases_and_what_it_is_said_to_work_on(name: str) -> None:
    """Not only tables of its own: what police and courts see differs under at least one law; where anything counted does, so does one of Switch.measures."""
    world, some, days = world_of(name)
    on, off = lived(world, some, days), run(with_switches(world(), {name: False}), some, people=PEOPLE, days=days)
    assert any(first_difference(of_law(on, i), of_law(off, i), OF_ENCOUNTERS) for i in range(len(some)))
    with_it, without_it = part_values(on, world(), days), part_values(off, world(), days)
    own = [MEASURES.index(measure) for measure in SWITCHES[name].measures]
    moves = (with_it != without_it).any(axis=(0, 1))
    assert moves[own].any() or not moves.any()  # with so few people some decisions move and nothing that is counted


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


def test_a_strategy_and_an_answer_are_chosen_by_name_and_unknown_ones_are_refused_with_the_known() -> None:
    nsw = load_scenario("nsw")
    assert effective(with_strategy(nsw, "hot_spot")).police.strategies == nsw.police.strategies.model_copy(update={"chosen": "hot_spot"})  # type: ignore[union-attr]
    answering = with_response(with_switches(nsw, {"response": False}), "buy_smaller")
    assert answering.people.response is not None
    assert answering.people.response.kind == "buy_smaller"
    assert switch_states(answering)["response"] is True
    with pytest.raises(ScenarioError, match="Did you mean 'hot_spot'"):
        with_strategy(nsw, "hotspot")
    with pytest.raises(ScenarioError, match="Did you mean 'carry_less'"):
        with_response(nsw, "carry_les")
    bare = nsw.model_copy(update={"people": nsw.people.model_copy(update={"response": None})})
    with pytest.raises(ScenarioError, match=r"describes none.*Add people\.response"):
        with_response(bare, "carry_less")
