"""Varying scenarios: other values for some parameters, everything else the same.

Level 3.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from decrimsim.errors import DecrimsimError, ScenarioError, nearest, printable
from decrimsim.parameters import Amount, Days, Money, Param, PerPersonYear, Probability
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.order import keep_deals_whole, keep_tables_in_order
from decrimsim.scenario.read import validated
from decrimsim.scenario.switched import read_parameters
from decrimsim.units import parse_number, parse_ug

REMOVABLE: dict[str, object] = {"market.lockdown": None, "market.raids": ()}
"""Whole sections that may be left out, and what to give as their value."""
_SHARES = re.compile(r"people\.(axes|circle_size)\.|substances\.\w+\.(forms\.|main\Z|types\.\w+\.share\Z)")
_LEAST: dict[type, float] = {Probability: 0.01, PerPersonYear: 0.01, Days: 1.0}

Value = float | int | str | None | tuple[()]


def vary(scenario: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """Return a scenario with other values for the parameters named by their dotted paths.

    scenario  stays as it is
    changes   by path: a number in the parameter's unit, an amount as text such as '0.3 g', or 'low' or 'high' for the
              ends of the range. A value outside the range widens the range. {'market.lockdown': None} and
              {'market.raids': ()} leave the section out.
    Two things follow a change so that the scenario stays possible. In a table of belief, cells that were not named move
    just as far as needed for the chance of supply not to fall where it must not; among named cells the later gives way.
    And a deal keeps its number of units when the unit of a substance changes.
    Raises ScenarioError.

    >>> vary(load_scenario("nsw"), {"police.street": 0.5, "substances.mdma.dose": "0.3 g"}).police.street.value
    0.5
    """
    known = dict(scenario.parameters())
    data = scenario.model_dump(mode="json", by_alias=True)
    named: set[str] = set()
    for path, value in changes.items():
        if path in REMOVABLE and (value is None or value == ()):
            _put(data, path, REMOVABLE[path])
            known = {name: parameter for name, parameter in known.items() if not name.startswith(f"{path}.")}
    for path, value in changes.items():
        if not (path in REMOVABLE and (value is None or value == ())):
            _put(data, path, _changed(path, _parameter(path, known), value))
            named.add(path)
    keep_tables_in_order(data, named)
    keep_deals_whole(data, named, {name: substance.deal.ug // substance.unit.ug for name, substance in scenario.substances.items()})
    return validated(data, lambda path: f"vary: {'.'.join(map(str, path))}" if path else "vary", {})


def free_parameters(scenario: Scenario) -> list[tuple[str, Param | Amount]]:
    """Return the parameters that can be moved alone, with their paths: all but the shares that must add up to 1."""
    return [(path, parameter) for path, parameter in scenario.parameters() if not _SHARES.match(path)]


def widest(scenario: Scenario, n: int | None = 10) -> list[tuple[str, Param | Amount]]:
    """Return the n parameters (None: all) whose ranges are widest, widest first, among those that the simulated world reads.

    The width is ln(high / low): how many times over we do not know the number. The low end counts as at least a hundredth of
    the high end, and as at least 0.01 for chances, 0.01 for events a year and 1 for days, so that a range from 0 is not infinitely
    wide and what hardly ever happens does not come first. Costs are left out, since results are linear in them, and so are the
    shares that must add up to 1, which cannot be moved alone. Ties keep the order of the file.
    """
    free = {path for path, _ in free_parameters(scenario)}
    parameters = [(path, parameter) for path, parameter in read_parameters(scenario) if path in free and not isinstance(parameter, Money)]
    return sorted(parameters, key=lambda item: -_width(item[1]))[:n]


def _width(parameter: Param | Amount) -> float:
    low, high = parameter.number("low"), parameter.number("high")
    least = max(high / 100, _LEAST.get(type(parameter), 0.0))
    return max(0.0, math.log(high / max(low, least))) if high > 0 else 0.0


def _parameter(path: str, known: Mapping[str, Param | Amount]) -> Param | Amount:
    if path in known:
        return known[path]
    inside = [name for name in known if name.startswith(f"{path}.")]
    if path in REMOVABLE:
        raise ScenarioError(
            "this section can only be left out.",
            where=f"vary: {path}",
            wanted=repr(REMOVABLE[path]),
            hint=f"Its parameters: {', '.join(inside)}" if inside else "",
        )
    if inside:
        raise ScenarioError("this is a section, not a parameter.", where=f"vary: {path}", hint=f"Write for example {inside[0]!r}")
    raise ScenarioError(
        "there is no such parameter.", where=f"vary: {printable(path)}", got=path, wanted="the dotted path of a parameter", hint=nearest(path, known)
    )


def _changed(path: str, parameter: Param | Amount, value: Value) -> dict[str, Any]:
    try:
        return parameter.varied(_number(path, parameter, value)).model_dump(mode="json")
    except DecrimsimError:
        raise
    except ValueError as error:
        message = str(error).split("Value error, ")[-1].split(" [type=")[0]
        raise ScenarioError(f"{message}.", where=f"vary: {path}", got=value) from None


def _number(path: str, parameter: Param | Amount, value: Value) -> float:
    where = f"vary: {path}"
    if value == "low" or value == "high":
        return parameter.number("low" if value == "low" else "high")
    try:
        if isinstance(parameter, Amount) and isinstance(value, str):
            return float(parse_ug(value, where))
        if isinstance(parameter, Param) and isinstance(value, str):
            return parse_number(value, where)
    except DecrimsimError as error:
        message = str(error).removeprefix(f"{where}: ")
        raise ScenarioError(
            f"{message}{'' if message.endswith('.') else '.'}", where=where, got=value, hint="'low' and 'high' stand for the ends of the range"
        ) from None
    if isinstance(parameter, Amount):
        raise ScenarioError("this is an amount and needs a unit.", where=where, got=value, wanted=f"a text such as {parameter.value!r}, or 'low' or 'high'")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ScenarioError(
            f"{printable(repr(value))} is not a finite number.", where=where, got=value, wanted=f"a number such as {parameter.value:g}, or 'low' or 'high'"
        )
    return float(value)


def _put(data: Any, path: str, value: Any) -> None:
    """Set one entry of nested dictionaries and lists; the path is known to exist."""
    *parents, last = path.split(".")
    for part in parents:
        data = data[int(part)] if isinstance(data, list) else data[part]
    if isinstance(data, list):
        data[int(last)] = value
    else:
        data[last] = json.loads(json.dumps(value))
