"""The points of a curve: what a limit, or a number that limits are made from, becomes along the way.

Level 7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from decrimsim.errors import InputError, printable
from decrimsim.law import Law, load_law
from decrimsim.law.paths import numbers_of
from decrimsim.options import whole
from decrimsim.scenario import Scenario
from decrimsim.units import Quantity, parse_quantity

MAX_POINTS = 1_000
_NUMBER = re.compile(r"\s*(\d+)\s*([a-z]*)\s*")


@dataclass(frozen=True)
class Point:
    """One place on a curve.

    text    the limit as a person writes it
    amount  micrograms, dose units, or the number itself
    value   what the law file holds there
    """

    text: str
    amount: int
    value: str | int


def curve_points(law: Law, path: str, low: str, high: str, points: int) -> list[Point]:
    """Return the points from low to high at equal ratios, rising, each once.

    path  an amount ('tables.small.heroin'), or a whole number that a law makes its limits from ('parameters.days.value')
    Raises InputError where the path leads to neither, or the ends are of another kind than what stands there.
    """
    points = whole("points", points, 2, MAX_POINTS)
    if path in numbers_of(law.data):
        return _numbers(law.data["parameters"][path.split(".")[1]], path, low, high, points)
    return _amounts(law.limits(path), path, low, high, points)


def check_curve(scenario: Scenario) -> None:
    """Raise InputError if the curve that a scenario's report draws does not fit the baseline's file."""
    if scenario.curve is not None:
        one = scenario.curve
        curve_points(load_law(scenario.baseline), one.path, one.low, one.high, one.points)


def _spread(start: int, stop: int, points: int) -> set[int]:
    return {round(start * (stop / start) ** (i / (points - 1))) for i in range(points)} | {start, stop}


def _amounts(now: Quantity, path: str, low: str, high: str, points: int) -> list[Point]:
    first, last = parse_quantity(low, "FROM"), parse_quantity(high, "TO")
    is_units = first.units is not None
    start, stop = (first.units, last.units) if is_units else (first.ug, last.ug)
    if start is None or stop is None or start <= 0 or stop <= start:
        raise InputError(
            f"the curve goes from {first} to {last}.",
            where="FROM TO",
            wanted="two amounts of one kind, the second larger, the first above 0",
            hint="Write for example 0.25g 10g",
        )
    if (now.units is not None) != is_units and not now.is_unlimited:
        raise InputError(
            f"{path} is {now}, and the curve goes from {first} to {last}.", where="FROM TO", wanted="amounts of the same kind: weights, or dose units"
        )
    amounts = _spread(start, stop, points) if is_units else {_tidy(ug) for ug in _spread(start, stop, points)} | {start, stop}
    texts = {amount: str(Quantity(units=amount) if is_units else Quantity(ug=amount)) for amount in amounts}
    return [Point(texts[amount], amount, texts[amount]) for amount in sorted(amounts)]


def _tidy(ug: int) -> int:
    """Return an amount rounded to three figures: limits are written by people."""
    step = 10 ** max(0, len(str(ug)) - 3)
    tidy: int = max(step, (ug + step // 2) // step * step)
    return tidy


def _numbers(parameter: dict[str, Any], path: str, low: str, high: str, points: int) -> list[Point]:
    unit = str(parameter.get("unit", ""))
    start, stop = (_number(text, unit, path, end) for text, end in ((low, "FROM"), (high, "TO")))
    least, most = parameter.get("least", 0), parameter.get("most", 10**6)
    if not (0 < start < stop and least <= start and stop <= most):
        raise InputError(
            f"the curve goes from {start} to {stop}.", where="FROM TO", wanted=f"two whole numbers from {max(1, least)} to {most}, the second larger"
        )
    return [Point(f"{number} {unit}{'s' if unit and number != 1 else ''}".strip(), number, number) for number in sorted(_spread(start, stop, points))]


def _number(text: str, unit: str, path: str, where: str) -> int:
    found = _NUMBER.fullmatch(text)
    if not found or found[2] not in ("", unit, f"{unit}s"):
        kind = f"{unit}s" if unit else "a number"
        raise InputError(
            f"{path} is in {kind}, and {printable(text)!r} is not.",
            where=where,
            got=text,
            wanted=f"a whole number such as '10 {kind}'" if unit else "a whole number",
        )
    return int(found[1])
