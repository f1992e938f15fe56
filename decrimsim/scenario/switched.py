"""Turning mechanisms on and off.

Level 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from decrimsim.errors import ScenarioError, nearest, printable
from decrimsim.scenario.adapting import RESPONSES
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.read import validated
from decrimsim.scenario.switches import SWITCHES, Switch

STATE_WORDS = {True: "on", False: "off", None: "not described"}
"""The states of switch_states in words."""


def switch_states(scenario: Scenario) -> dict[str, bool | None]:
    """Return for every switch, in order, whether its mechanism is on (True), off (False), or not described in this world (None)."""
    return {name: scenario.switches.get(name, True) if _is_described(scenario, switch) else None for name, switch in SWITCHES.items()}


def with_switches(scenario: Scenario, states: Mapping[str, bool]) -> Scenario:
    """Return a scenario with some mechanisms turned on or off; the others as they are.

    states  by name of the switch
    Raises ScenarioError for an unknown name, and for turning on what the world says nothing about.
    """
    for name, is_on in states.items():
        where = f"switch {printable(name)}"
        if name not in SWITCHES:
            raise ScenarioError("there is no such switch.", where=where, got=name, wanted="a name that 'decrimsim show' lists", hint=nearest(name, SWITCHES))
        if is_on and not _is_described(scenario, SWITCHES[name]):
            missing = " and ".join(path for path in SWITCHES[name].sections if not _at(scenario, path))
            raise ScenarioError(
                f"the scenario {scenario.id} says nothing about it.", where=where, got="on", wanted="off", hint=f"Add {missing} to the scenario file"
            )
    data = scenario.model_dump(mode="json", by_alias=True)
    data["switches"] = {**scenario.switches, **states}
    return validated(data, _where, {})


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


def _is_described(scenario: Scenario, switch: Switch) -> bool:
    """Tell whether a world has what a mechanism needs: all its sections, and a parameter for at least one of its patterns."""
    has_sections = all(_at(scenario, path) for path in switch.sections)
    has_numbers = not switch.neutral or any(_fits(path, pattern) for path, _ in scenario.parameters() for pattern, _ in switch.neutral)
    return has_sections and has_numbers


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
