"""Turning mechanisms on and off.

Level 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from decrimsim.errors import InputError, ScenarioError, nearest, printable
from decrimsim.parameters import Amount, Param
from decrimsim.scenario.adapting import RESPONSES
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.read import validated
from decrimsim.scenario.switches import SWITCHES

STATE_WORDS = {True: "on", False: "off", None: "not described"}
"""The states of switch_states in words."""


def switch_states(scenario: Scenario) -> dict[str, bool | None]:
    """Return for every switch, in order, whether its mechanism is on (True), off (False), or not described in this world (None)."""
    described = _described(scenario)
    return {name: scenario.switches.get(name, True) if name in described else None for name in SWITCHES}


def switch_words(scenario: Scenario) -> dict[str, str]:
    """Return the state of every switch in words; one that is on but does nothing says which other switches it needs."""
    words, states = {}, switch_states(scenario)
    for name, is_on in states.items():
        missing = _missing_needs(states, name) if is_on else ()
        words[name] = f"on, but needs {' and '.join(missing)}" if missing else STATE_WORDS[is_on]
    return words


def _missing_needs(states: Mapping[str, bool | None], name: str) -> tuple[str, ...]:
    """Return the switches that a mechanism needs and that are not on, those that come first in front."""
    return tuple(need for need in _all_needs(name) if not states[need])


def _all_needs(name: str) -> list[str]:
    needs = SWITCHES[name].needs
    return [*(deeper for need in needs for deeper in _all_needs(need)), *needs]


def working(scenario: Scenario) -> list[str]:
    """Return the switches that are on and have all that they need, in order."""
    states = switch_states(scenario)
    return [name for name, is_on in states.items() if is_on and not _missing_needs(states, name)]


def read_parameters(scenario: Scenario) -> list[tuple[str, Param | Amount]]:
    """Return the parameters that the simulated world reads, with their paths and ranges.

    Left out is what belongs to mechanisms that are off, to strategies that are not in force, and to answers to the law that people do not give.
    """
    simulated, works, idle = dict(effective(scenario).parameters()), set(working(scenario)), list[str]()
    for switch in SWITCHES.values():
        if switch.name not in works:
            idle += [*switch.inputs, *(path for path, _ in switch.neutral)]
    strategies, response = scenario.police.strategies, scenario.people.response
    if strategies is not None:
        idle += [f"police.strategies.known.{name}.*" for name in strategies.known if name != strategies.chosen]
    if response is not None and response.kind in ("fixed", "unaware"):
        someone_packs = response.kind == "fixed" and "packing" in works
        idle += ["people.response.aware"] if someone_packs else ["people.response.*", "market.packing.*"]
    return [(path, parameter) for path, parameter in scenario.parameters() if path in simulated and not any(_fits(path, pattern) for pattern in idle)]


def simulated_of(scenario: Scenario, sections: Iterable[str]) -> set[str]:
    """Return those of some sections, by dotted path, that the simulated world has: described, and not switched off."""
    world = effective(scenario)
    return {section for section in sections if section and _at(world, section)}


def with_switches(scenario: Scenario, states: Mapping[str, bool]) -> Scenario:
    """Return a scenario with some mechanisms turned on or off; the others as they are.

    states  by name of the switch
    Raises ScenarioError for an unknown name, and for turning on what the world says nothing about; InputError for turning on
    what does nothing without another that is off.
    """
    described = _described(scenario)
    for name, is_on in states.items():
        where = f"switch {printable(name)}"
        if name not in SWITCHES:
            raise ScenarioError("there is no such switch.", where=where, got=name, wanted="a name that 'decrimsim show' lists", hint=nearest(name, SWITCHES))
        if is_on and name not in described:
            wanted = [SWITCHES[one] for one in (*_all_needs(name), name)]
            missing = " and ".join(dict.fromkeys(path for switch in wanted for path in switch.sections if not _at(scenario, path)))
            raise ScenarioError(
                f"the scenario {scenario.id} says nothing about it.", where=where, got="on", wanted="off", hint=f"Add {missing} to the scenario file"
            )
    data = scenario.model_dump(mode="json", by_alias=True)
    data["switches"] = {**scenario.switches, **states}
    changed = validated(data, _where, {})
    on = [name for name, is_on in states.items() if is_on]
    now = switch_states(changed) if on else {}
    for name in on:
        off = _missing_needs(now, name)
        if off:
            typed = " ".join(f"--switch {one}=on" for one in (*off, name))
            raise InputError(
                f"it does nothing without {' and '.join(off)}, which {'is' if len(off) == 1 else 'are'} off.",
                where=f"switch {name}",
                got="on",
                hint=f"Type {typed}",
            )
    return changed


def with_strategy(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario in which another of its named policing strategies is in force.

    Raises ScenarioError for a name that it does not know, and where it describes no strategies.
    """
    strategies = scenario.police.strategies
    if strategies is None or name not in strategies.known:
        known = list(strategies.known) if strategies else []
        raise _unknown(scenario, "strategy", name, known, "police.strategies")
    police = scenario.police.model_copy(update={"strategies": strategies.model_copy(update={"chosen": name})})
    return scenario.model_copy(update={"police": police, "switches": {**scenario.switches, "strategy": True}})


def with_response(scenario: Scenario, kind: str) -> Scenario:
    """Return a scenario in which people who know the line of the law answer to it in another way, whatever its switches say.

    kind  one of decrimsim.scenario.adapting.RESPONSES
    Raises ScenarioError for another kind, and where the scenario does not describe how people answer.
    """
    response = scenario.people.response
    if response is None or kind not in RESPONSES:
        raise _unknown(scenario, "response", kind, list(RESPONSES) if response else [], "people.response")
    people = scenario.people.model_copy(update={"response": response.model_copy(update={"kind": kind})})
    return scenario.model_copy(update={"people": people, "switches": {**scenario.switches, "response": True}})


def _unknown(scenario: Scenario, what: str, name: str, known: list[str], section: str) -> ScenarioError:
    if known:
        return ScenarioError(f"there is no such {what}.", where=what, got=name, hint=nearest(name, known))
    return ScenarioError(f"the scenario {scenario.id} describes none.", where=what, got=name, hint=f"Add {section} to the scenario file")


def effective(scenario: Scenario) -> Scenario:
    """Return the scenario that is simulated: without the sections that are off, with neutral numbers where a mechanism is off.

    What is left has no switch set, so the same world written without a section is the same scenario.
    """
    off = [SWITCHES[name] for name, is_on in scenario.switches.items() if not is_on]
    if not scenario.switches:
        return scenario
    data: dict[str, Any] = scenario.model_dump(mode="json", by_alias=True)
    for switch in off:
        for path in switch.sections:
            _take_out(data, path.split("."))
    known = dict(scenario.parameters())
    for switch in off:
        for pattern, number in switch.neutral:
            for path in known:
                if _fits(path, pattern):
                    _set(data, path.split("."), known[path].varied(number).model_dump(mode="json"))
    data["switches"] = {}
    return validated(data, _where, {})


def _described(scenario: Scenario) -> set[str]:
    """Return the switches of which a world has what they need: all sections, a parameter for at least one pattern, and the switches that they need."""
    paths, found = [path for path, _ in scenario.parameters()], set[str]()
    for name, switch in SWITCHES.items():  # what a switch needs stands before it
        has_numbers = not switch.neutral or any(_fits(path, pattern) for pattern, _ in switch.neutral for path in paths)
        if has_numbers and found.issuperset(switch.needs) and all(_at(scenario, path) for path in switch.sections):
            found.add(name)
    return found


def _fits(path: str, pattern: str) -> bool:
    parts, wanted = path.split("."), pattern.split(".")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _at(scenario: Scenario, path: str) -> Any:
    node: Any = scenario
    for part in path.split("."):
        node = node.get(part) if isinstance(node, dict) else getattr(node, part)
        if node is None:
            return None
    return node


def _take_out(data: dict[str, Any], path: list[str]) -> None:
    *parents, last = path
    node = data
    for part in parents:
        node = node[part]
        if node is None:
            return
    node[last] = [] if isinstance(node[last], list) else None


def _set(data: Any, path: list[str], value: Any) -> None:
    """Set a parameter, unless its section was taken out."""
    *parents, last = path
    for part in parents:
        data = data[int(part)] if isinstance(data, list) else data[part]
        if not data:
            return
    data[last] = value


def _where(path: tuple[str | int, ...]) -> str:
    return f"switches: {'.'.join(map(str, path))}" if path else "switches"
