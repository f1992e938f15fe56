"""Bounds of a law that are counts: ages, distances, hours, earlier incidents, days.

Level 2. Beside ``bounds``, which has amounts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from decrimsim.law.bounds import Edge
from decrimsim.law.facts import facts_that_meet
from decrimsim.law.simulated import ADULT

if TYPE_CHECKING:
    from decrimsim.law.model import Law

Facts = dict[str, Any]
CLEAN: Facts = {**ADULT, "cautions": 0, "notices": 0, "conviction": False, "supply_conviction": False}
_EARLIER = {"caution": "cautions", "notice": "notices"}


@dataclass(frozen=True)
class _Count:
    """A number at a path of the data, and the facts of a case in which it is about to decide, by what is counted."""

    path: tuple[str | int, ...]
    n: int
    facts: tuple[Facts, ...]


def count_edges(law: Law) -> Iterator[Edge]:
    """Yield the counts in the routes, the rules on repeats and the exceptions of one version of a law.

    Other numbers that a case is held against (the age of the scope, facts that a response asks for, the conditions of sharing, how many
    indicators are evidence) are not tried.
    """
    for count in (*_routes(law.data), *_repeats(law.data), *_exceptions(law.data)):
        steps = (("one step up", count.n + 1), ("one step down", count.n - 1))
        moved = tuple((what, _with(law, count.path, n)) for what, n in steps if n >= 0)
        yield Edge(f"{'.'.join(map(str, count.path))}: {count.n}", moved, persons=count.facts)


def _with(law: Law, path: tuple[str | int, ...], n: int) -> Law:
    """Return a law with another number at a path of its data."""
    data = _put(law.data, path, n)
    if path[0] == "repeats" and law.data["repeat"] == law.data["repeats"][path[1]]:  # the rule on repeats that is simulated is kept twice
        data = {**data, "repeat": data["repeats"][path[1]]}
    return dataclasses.replace(law, data=data)


def _put(node: Any, path: tuple[str | int, ...], n: int) -> Any:
    if not path:
        return n
    if isinstance(node, list):
        return [_put(item, path[1:], n) if k == path[0] else item for k, item in enumerate(node)]
    return {**node, path[0]: _put(node[path[0]], path[1:], n)}


def _near(n: int) -> Iterator[int]:
    yield from (k for k in (n - 2, n - 1, n, n + 1) if k >= 0)


def _routes(data: Facts) -> Iterator[_Count]:
    for name, route in data.get("routes", {}).items():
        if "at_most" in route:
            yield _Count(("routes", name, "at_most"), route["at_most"], tuple({**CLEAN, _EARLIER[name]: k} for k in _near(route["at_most"])))
        if "min_age" in route:
            yield _Count(("routes", name, "min_age"), route["min_age"], tuple({**CLEAN, "age": k} for k in _near(route["min_age"])))


def _repeats(data: Facts) -> Iterator[_Count]:
    for i, rule in enumerate(data["repeats"]):
        if "at" not in rule or rule["counter"] == "none":
            continue
        kind, days = rule["counter"], rule.get("within_days")
        plain = [{**CLEAN, kind: k} for k in _near(rule["at"])] if kind in ("reports", "cautions", "notices") else []
        dated = [{**CLEAN, **_previous(kind, k, 1)} for k in _near(rule["at"])]
        yield _Count(("repeats", i, "at"), rule["at"], (*plain, *dated))
        if days is not None:
            counted = [{**CLEAN, **_previous(kind, k, ago)} for k in _near(rule["at"]) if k for ago in _near(days)]
            yield _Count(("repeats", i, "within_days"), days, tuple(counted))


def _previous(kind: str, n: int, days_ago: int) -> Facts:
    return {"previous": [{"kind": kind, "days_ago": days_ago} for _ in range(n)]}


def _exceptions(data: Facts) -> Iterator[_Count]:
    """Yield the counts of exceptions; the other conditions of the exception are met."""
    for i, exception in enumerate(data.get("exceptions", [])):
        when = exception["when"]
        met = facts_that_meet(when)
        path: tuple[str | int, ...] = ("exceptions", i, "when")
        for key in ("min_age", "max_age"):
            if key in when:
                yield _Count((*path, key), when[key], tuple({**met, "age": k} for k in _near(when[key])))
        for place, metres in when.get("within_metres", {}).items():
            yield _Count((*path, "within_metres", place), metres, tuple({**met, "metres_to": {place: k}} for k in _near(metres)))
        for k, hour in enumerate(when.get("hours", [])):
            yield _Count((*path, "hours", k), hour, tuple({**met, "hour": h} for h in _near(hour) if h < 24))
        if "previous" in when:
            kind, least, days = when["previous"]["kind"], when["previous"]["at_least"], when["previous"].get("within_days")
            yield _Count((*path, "previous", "at_least"), least, tuple({**met, **_previous(kind, k, 1)} for k in _near(least)))
            if days is not None:
                yield _Count((*path, "previous", "within_days"), days, tuple({**met, **_previous(kind, least, ago)} for ago in _near(days)))
