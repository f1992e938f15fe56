"""Every bound of one version of a law, and the law with one of them moved by one step or turned round.

Level 2. A bound is one number of a table in one place where it is compared: the edge of a tier, the limit of a caution or a notice,
a table that an exception puts in place of another, or what a rule on several substances asks for. Weights are whole micrograms, so
for one number "less than 3 g" in place of "not more than 3 g" is the same as moving it by one step; the operator of a whole place
is turned round as well.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from decrimsim.law.rules import Bound, Rules
from decrimsim.law.tables import UNITS, Alternative, Cell

if TYPE_CHECKING:
    from decrimsim.law.model import Law

FLIPPED = {"<=": "<", "<": "<=", ">=": ">", ">": ">="}
_SMALL = Fraction(1, 10**6)
_CLONE = " (moved)"


@dataclass(frozen=True)
class Edge:
    """One bound, and the laws that it could be mistaken for.

    path        where it stands, for people: 'tiers.small.upper: small.heroin <= 1 g'
    moved       (what was done, the law with it done) for one step up, one step down or the operator turned round
    substances  that the number is for; none: any
    forms       forms of the substance that the number is for
    limit       the number itself, or None where the bound is not one
    persons     facts of a case that are about to make a difference; none: the usual ones
    """

    path: str
    moved: tuple[tuple[str, Law], ...]
    substances: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    limit: Alternative | None = None
    persons: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class _Place:
    """Where a table is compared: its path, the table and operators, and how to compare another table there instead."""

    path: str
    table: str
    ops: str
    with_table: Callable[[str, Rules], Law]
    flipped: Law | None = None


def edges(law: Law) -> Iterator[Edge]:
    """Yield every bound of one version of a law that is an amount, or a number of kinds; ``counts`` has the others."""
    assert law.rules is not None
    for place in (*_tier_places(law, law.rules), *_route_places(law, law.rules), *_exception_places(law)):
        if place.flipped is not None:
            yield Edge(place.path, (("with its operator turned round", place.flipped),))
        yield from _cells(law.rules, place)
    yield from _sums(law, law.rules)


def _tier_places(law: Law, rules: Rules) -> Iterator[_Place]:
    """Yield the table, or the two tables, between every two tiers; one table on both sides is one place."""
    for t in range(1, len(rules.tiers)):
        upper, lower = rules.boundary(t)
        sides = {f"tiers.{rules.tiers[t - 1].id}.upper": upper, f"tiers.{rules.tiers[t].id}.lower": lower}
        bounds = {path: bound for path, bound in sides.items() if bound is not None}
        for table in dict.fromkeys(bound.table for bound in bounds.values()):
            mine = {path: bound.op for path, bound in bounds.items() if bound.table == table}
            turned = _with_tier_table(law, t, table, FLIPPED, table, rules)
            yield _Place(" and ".join(mine), table, " and ".join(mine.values()), partial(_with_tier_table, law, t, table, {}), turned)


def _with_tier_table(law: Law, t: int, table: str, ops: dict[str, str], other: str, rules: Rules) -> Law:
    """Return a law that compares another table, or with other operators, between the tiers t-1 and t."""

    def put(bound: Bound | None) -> Bound | None:
        return bound if bound is None or bound.table != table else Bound(other, ops.get(bound.op, bound.op))

    tiers = list(rules.tiers)
    tiers[t - 1] = dataclasses.replace(tiers[t - 1], upper=put(tiers[t - 1].upper))
    tiers[t] = dataclasses.replace(tiers[t], lower=put(tiers[t].lower))
    data = law.data
    if other != table and "exceptions" in data:  # an exception still puts its own table in this place
        data = {**data, "exceptions": [_also(one, table, other) for one in data["exceptions"]]}
    return dataclasses.replace(law, rules=dataclasses.replace(rules, tiers=tuple(tiers)), data=data)


def _also(exception: dict[str, Any], table: str, other: str) -> dict[str, Any]:
    tables = exception.get("tables", {})
    return {**exception, "tables": {**tables, other: tables[table]}} if table in tables else exception


def _route_places(law: Law, rules: Rules) -> Iterator[_Place]:
    """Yield the limits of a caution and of a notice."""
    for name, route in law.data.get("routes", {}).items():
        if "limit" in route:
            table, op = route["limit"]["table"], route["limit"]["op"]
            yield _Place(f"routes.{name}.limit", table, op, partial(_with_route_table, law, name, op), _with_route_table(law, name, FLIPPED[op], table, rules))


def _with_route_table(law: Law, name: str, op: str, other: str, rules: Rules) -> Law:
    """Return a law whose caution or notice has another limit."""
    routes = law.data["routes"]
    route = {**routes[name], "limit": {"table": other, "op": op}}
    return dataclasses.replace(law, rules=rules, data={**law.data, "routes": {**routes, name: route}})


def _exception_places(law: Law) -> Iterator[_Place]:
    """Yield the tables that exceptions put in the place of others; their operators are those of the tiers."""
    for i, exception in enumerate(law.data.get("exceptions", [])):
        for name, table in exception.get("tables", {}).items():
            yield _Place(f"exceptions.{exception['id']}.tables.{name}", table, "", partial(_with_exception_table, law, i, name))


def _with_exception_table(law: Law, i: int, name: str, other: str, rules: Rules) -> Law:
    """Return a law whose exception number i puts another table in the place of a table."""
    found = list(law.data["exceptions"])
    found[i] = {**found[i], "tables": {**found[i]["tables"], name: other}}
    return dataclasses.replace(law, rules=rules, data={**law.data, "exceptions": found})


def _cells(rules: Rules, place: _Place) -> Iterator[Edge]:
    """Yield the numbers of the table of one place; a row that many substances share is one."""
    table = rules.tables[place.table]
    sharing: list[tuple[Cell, list[str]]] = []
    for substance, cell in table.items():
        same = next((names for other, names in sharing if other is cell), None)
        if same is None:
            sharing.append((cell, [substance]))
        else:
            same.append(substance)
    for cell, substances in sharing:
        groups: dict[tuple[Alternative, ...], list[str]] = {}
        for form, alternatives in cell.by_form.items():
            groups.setdefault(alternatives, []).append(form)
        for alternatives, forms in groups.items():
            for k, one in enumerate(alternatives):
                yield from _numbers(rules, place, substances, forms, k, one, of_many=len(groups) > 1)


def _numbers(rules: Rules, place: _Place, substances: list[str], forms: list[str], k: int, one: Alternative, *, of_many: bool) -> Iterator[Edge]:
    if one.amount is None:
        return
    step = 1 if one.measure == UNITS else max(1, rules.measured.step_ug)
    name = substances[0] if len(substances) == 1 else f"other ({len(substances)} substances)"
    path = f"{place.path}: {place.table}.{name}{f' ({forms[0]})' if of_many else ''} {place.ops} {one}".replace("  ", " ")

    def moved(other: Alternative) -> Law:
        def put(cell: Cell) -> Cell:
            new = {form: (*both[:k], other, *both[k + 1 :]) if form in forms else both for form, both in cell.by_form.items()}
            return dataclasses.replace(cell, by_form=new)

        table = {s: put(cell) if s in substances else cell for s, cell in rules.tables[place.table].items()}
        return place.with_table(place.table + _CLONE, dataclasses.replace(rules, tables={**rules.tables, place.table + _CLONE: table}))

    steps = [("one step up", one.amount + step)] + [("one step down", one.amount - step)] * (one.amount >= step)
    yield Edge(path, tuple((what, moved(dataclasses.replace(one, amount=n))) for what, n in steps), tuple(substances), tuple(forms), one)
    if one.unit_at_most_ug is not None and "<" in place.ops:
        heaviest = [("one step up", one.unit_at_most_ug + 1), ("one step down", one.unit_at_most_ug - 1)]
        laws = tuple((what, moved(dataclasses.replace(one, unit_at_most_ug=n))) for what, n in heaviest)
        yield Edge(f"{path}, the heaviest unit", laws, tuple(substances), tuple(forms), one)


def _sums(law: Law, rules: Rules) -> Iterator[Edge]:
    """Yield what the rules on several substances ask for: how many kinds, how much of a limit."""
    for i, rule in enumerate(rules.several):

        def changed(i: int = i, **new: Any) -> Law:
            several = list(rules.several)
            several[i] = dataclasses.replace(several[i], **new)
            return dataclasses.replace(law, rules=dataclasses.replace(rules, several=tuple(several)))

        if rule.at_least:
            counts = (("one step up", changed(at_least=rule.at_least + 1)), ("one step down", changed(at_least=rule.at_least - 1)))
            yield Edge(f"aggregate {rule.method}: at least {rule.at_least} kinds", counts)
        if rule.table:
            laws = [("one step up", changed(limit=rule.limit + _SMALL)), ("one step down", changed(limit=rule.limit - _SMALL))]
            laws += [("with its operator turned round", changed(op=FLIPPED[rule.op]))]
            yield Edge(f"aggregate {rule.method}: {rule.table} {rule.op} {rule.limit}", tuple(laws))
            kinds = [("one step up", changed(kinds=rule.kinds + 1))] + [("one step down", changed(kinds=rule.kinds - 1))] * (rule.kinds > 1)
            yield Edge(f"aggregate {rule.method}: at least {rule.kinds} kinds", tuple(kinds))
