"""Which bounds of a law no case of its own holds in place, and the case that would.

Level 2. A bound is covered if for each way to get it wrong (one step up, one step down, operator turned round) some case of the
same version of the law fails. A way that no amount can tell from the law as it is needs no case, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

from decrimsim.errors import NotInForce
from decrimsim.law.bounds import Edge, edges
from decrimsim.law.cases import classify_case, flow, holds, said
from decrimsim.law.counts import CLEAN, count_edges
from decrimsim.law.dated import change_days
from decrimsim.law.facts import facts_that_meet
from decrimsim.law.measured import Measurement
from decrimsim.law.tables import PURE, UNITS, Alternative
from decrimsim.units import format_ug

if TYPE_CHECKING:
    from decrimsim.law.model import Law

Case = dict[str, Any]
EXPECTED = ("tier", "effect", "offence")
"""what a case that is proposed expects, with the routes where they differ; another answer only where nothing else differs"""


@dataclass(frozen=True)
class Uncovered:
    """A bound that can be got wrong without a case failing.

    path      the bound; version: the first day of the version it belongs to, or ""
    mistakes  what was done to it without a case failing
    cases     a case for each mistake, as lines to be pasted under ``cases`` after the expectation was held against the law's text
    """

    path: str
    version: str
    mistakes: tuple[str, ...]
    cases: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            [f"  {self.path}" + f" (from {self.version})" * bool(self.version) + f": {', '.join(self.mistakes)}", *(f"  {one}" for one in self.cases)]
        )


@dataclass(frozen=True)
class BoundCheck:
    """How many bounds a law has over all its versions, those without a case, and those that no single find can tell apart."""

    n: int
    uncovered: tuple[Uncovered, ...]
    idle: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.n} bound{'s' if self.n != 1 else ''}, {len(self.uncovered)} not covered by a case" + ":" * bool(self.uncovered)]
        lines += [str(one) for one in self.uncovered]
        lines += ["  Hold what each case expects against the words of the law before you paste it."] * bool(self.uncovered)
        return "\n".join([*lines, *(f"  no find that was tried can tell this one apart: {path}" for path in self.idle)])


def check_bounds(law: Law) -> BoundCheck:
    """Return which bounds of a law, in each of its versions, its own cases hold in place.

    A bound that stays as it is from one version to the next is one bound: to get it wrong in the file is to get it wrong in both.
    """
    written: dict[str, list[_Standing]] = {}
    for version, day, cases in _versions(law):
        good = [case for case in cases if "error" not in case["expect"] and holds(version, case)]
        for edge in (*edges(version), *count_edges(version)):
            written.setdefault(edge.path, []).append(_Standing(version, day, edge, good))
    uncovered, idle = [], []
    for path, standing in written.items():
        missed = [what for what, _ in standing[0].edge.moved if not any(_is_noticed(dict(one.edge.moved)[what], one.edge, one.cases) for one in standing)]
        found = {what: case for what in missed for case in _telling_in(standing, what)}
        if found:
            lines = tuple(dict.fromkeys(f"- {flow(case)}" for case in found.values()))
            uncovered.append(Uncovered(path, standing[0].day, tuple(found), lines))
        elif len(missed) == len(standing[0].edge.moved):
            idle.append(path)
    return BoundCheck(len(written), tuple(uncovered), tuple(idle))


@dataclass(frozen=True)
class _Standing:
    """A bound as it stands in one version of a law, with the first day of that version and the cases about it."""

    version: Law
    day: str
    edge: Edge
    cases: list[Case]


def _telling_in(standing: list[_Standing], what: str) -> Iterator[Case]:
    """Yield one case that tells a mistake apart, in the newest version where there is one."""
    for one in reversed(standing):
        case = _telling(one.version, dict(one.edge.moved)[what], one.edge, one.day)
        if case is not None:
            yield case
            return


def _versions(law: Law) -> Iterator[tuple[Law, str, list[Case]]]:
    """Yield each version of a law in force (a proposal: of each day on which it changes), its first day, and the cases that are about it."""
    plain = {key: value for key, value in law.raw.items() if key != "cases"}
    starts = {period["from"] for period in law.raw.get("force", [])}
    on_day = {day: _at(law, day) for day in sorted(change_days(plain) | starts | {case["date"] for case in law.raw["cases"] if "date" in case})}
    by_rules: dict[str, tuple[Law, str, list[Case]]] = {}
    for day in sorted(change_days(plain) | starts):
        version = on_day[day]
        if version is not None:
            by_rules.setdefault(version.hash, (version, day, []))
    if not by_rules:
        by_rules[law.hash] = (law, "", [])
    for case in law.raw["cases"]:
        version = on_day[case["date"]] if "date" in case else law
        if version is not None and version.hash in by_rules:
            by_rules[version.hash][2].append(case)
    yield from by_rules.values()


def _at(law: Law, day: str) -> Law | None:
    try:
        return law.at(day)
    except NotInForce:
        return None


def _is_noticed(other: Law, edge: Edge, cases: list[Case]) -> bool:
    """Tell whether a case fails under a law with one bound moved; cases about its substances are asked first, others only if they could."""
    about = [case for case in cases if not edge.substances or set(edge.substances) & set(case["holdings"])]
    assert other.rules is not None
    rest = [case for case in cases if case not in about] if any(rule.method != "max_tier" for rule in other.rules.several) else []
    return any(not holds(other, case) for case in (*about, *rest))


def _telling(law: Law, other: Law, edge: Edge, day: str) -> Case | None:
    """Return the first case on which two laws differ, or None if no find that is tried tells them apart."""
    for person in _persons(law, edge):
        for words, holdings in _finds(law, edge):
            case: Case = {"name": words, **({"date": day} if day else {}), "holdings": holdings, **({"person": person} if person else {})}
            here, there = said(classify_case(law, case)), said(classify_case(other, case))
            keys = [key for key in here if here[key] != there[key] and key != "unknown"]
            main = [key for key in (*EXPECTED, "routes") if key in keys]
            if keys:
                return {**case, "expect": {key: here[key] for key in dict.fromkeys((*EXPECTED, *(main or keys)))}}
    return None


def _persons(law: Law, edge: Edge) -> Iterator[dict[str, Any]]:
    """Yield facts about a person: those of a count, or none, a clean record (first for the limit of a route), and what each exception with tables of its own asks for."""
    if edge.persons:
        yield from edge.persons
        return
    yield from ({}, dict(CLEAN)) if not edge.path.startswith("routes.") else (dict(CLEAN), {})
    yield from (facts_that_meet(exception["when"]) for exception in law.data.get("exceptions", []) if "tables" in exception)


def _finds(law: Law, edge: Edge) -> Iterator[tuple[str, Case]]:
    """Yield finds just below, at and just above a bound, each with a name."""
    if edge.limit is None or law.rules is None:
        yield from _several(law)
        return
    substance, form = edge.substances[0], edge.forms[0]
    name = substance + ("" if form == "unspecified" else f" ({form})")
    lots = _counted(edge.limit) if edge.limit.measure == UNITS else _weighed(edge.limit, law.rules.measured)
    for words, lot in lots:
        whole = lot if form == "unspecified" else {"form": form, **lot}
        yield f"{name}, {words} {edge.limit}", {substance: whole["g"] if set(whole) == {"g"} else whole}


def _counted(limit: Alternative) -> Iterator[tuple[str, Case]]:
    """Yield one unit fewer, so many and one more, of next to no weight or about as heavy as they may be."""
    most = limit.amount or 0
    weights = [1] if limit.unit_at_most_ug is None else [most * limit.unit_at_most_ug + k for k in (-1, 0, 1)]
    for n, words in ((most - 1, "one unit below"), (most, "exactly"), (most + 1, "one unit above")):
        for ug in weights if n > 0 else ():
            yield words, {"units": n, "g": format_ug(max(1, ug))}


def _weighed(limit: Alternative, measured: Measurement) -> Iterator[tuple[str, Case]]:
    """Yield weights round a limit: as they are, as pure drug and diluted, so that the other weight of a bound with two is passed or not."""
    most = limit.amount or 0
    at = floor(most / measured.factor)  # the margin is taken off before a weight is compared
    for ug in (at - 1, at, at + 1, at + 2, at - measured.step_ug, at + measured.step_ug):
        counted = ug * measured.factor
        words = "exactly" if counted == most else "just below" if counted < most else "just above"
        for times in (1, 10, 100) if ug > 0 else ():
            if limit.measure == PURE:
                yield words, {"g": format_ug(ug * times), "purity": 1 if times == 1 else 1 / times}
            else:
                diluted: Case = {} if times == 1 else {"purity": 1 if times == 10 else 0.01}
                yield words, {"g": format_ug(ug), **({"dry": format_ug(ug)} if limit.basis == "dry" else {}), **diluted}


def _several(law: Law) -> Iterator[tuple[str, Case]]:
    """Yield finds for a bound without a number of its own: the limits of one, two, three, ... substances at once."""
    assert law.rules is not None
    limits: dict[str, str] = {}
    for table, rows in law.rules.tables.items():
        for substance, cell in rows.items():
            one = next(iter(cell.by_form.get("unspecified", ())), None)
            if one is not None and one.amount:
                amount = f"{one.amount} units" if one.measure == UNITS else format_ug(one.amount)
                yield f"{substance}, exactly its limit in {table}", {substance: amount}
                limits.setdefault(substance, amount)
    names = list(limits)
    for n in range(2, min(len(names), 6) + 1):
        yield f"{n} substances, each exactly at its limit", {name: limits[name] for name in names[:n]}
    yield "1 g of heroin", {"heroin": "1 g"}
