"""All that one case rests on, as plain data, and the decisions that follow: the engine's own rules, asked about one case.

Level 7. Nothing here draws: the luck of the case is among its data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.justice import DELAYS, appeal_day, facts_of
from decrimsim.engine.places import service_numbers
from decrimsim.engine.policing import Finds, Holding
from decrimsim.engine.practice import guideline_limits, practice_numbers
from decrimsim.engine.records import RECORDS
from decrimsim.engine.standing import Standing
from decrimsim.engine.strikes import BIT
from decrimsim.kernels.decisions import decide
from decrimsim.law import FORMS, compile_laws
from decrimsim.law.model import build_law
from decrimsim.scenario.practice import Practice
from decrimsim.scenario.services import Services
from decrimsim.schema import CASES, PURPOSES, SERVICES, STAGES
from decrimsim.units import LARGEST_UG, format_ug, parse_date

I64 = npt.NDArray[np.int64]
RECORD_WORDS = {
    "cautions": "a caution",
    "notices": "a notice",
    "reports": "a report",
    "convictions": "a conviction",
    "supply_convictions": "a conviction for supply",
}


GIVEN = ("n_supply_evidence", "has_use_evidence")
"""columns of a case that are not decided"""


@dataclass(frozen=True)
class CaseInput:
    """What officials and the law had before them in one case, and the luck.

    law          {"rules": the law file's data, "date": the day of its version or None}
    practice     the scenario's section of that name
    substances   names, in the order of the scenario
    lots         what was found: substance, form, measured_ug, pure_ug, units, and own_ug, circle_ug, fund_own_use_ug, profit_ug, other_ug
    discretion   factor of the policing strategy on ignoring, warning and cautioning
    records      earlier cautions, notices, reports, convictions, supply_convictions, lost jobs and homes under this law
    repeats      what earlier cases add by the law's rules on repeats, where officials know of them
    prosecutor_queue_days  the wait in the prosecutors' queue on that day
    queue_days   the wait in the court's queue on that day
    draws        for every stage of the decision path a number from 0 to 1: yes if it is below the chance
    quantiles    for every delay a number from 0 to 65535
    """

    law: dict[str, Any]
    practice: dict[str, Any]
    substances: list[str]
    lots: list[dict[str, Any]]
    n_supply_evidence: int
    has_use_evidence: bool
    is_represented: bool
    caution_factor: float
    notice_factor: float
    violence_factor: float
    discretion: float
    records: dict[str, int]
    draws: dict[str, float]
    quantiles: dict[str, int]
    day: int
    repeats: list[str]
    prosecutor_queue_days: int
    queue_days: int
    is_dependent: bool
    keeps_job: bool
    keeps_home: bool
    services: dict[str, Any] | None = None
    """the scenario's section of that name, if it has one"""
    service: str = "none"
    """the kind of service that suits the person"""
    place_q16: int = chance.Q16
    """chance that it has a free place, in 1/65536"""


@dataclass(frozen=True)
class Decision:
    """One decision: the chance of yes, the draw, and whether it was yes."""

    stage: str
    is_yes: bool
    p: float
    u: float

    def __str__(self) -> str:
        return f"{'yes' if self.is_yes else 'no'} (chance {self.p:.4g}, draw {self.u:.4g})"


@dataclass(frozen=True)
class Decided:
    """The outcome, by the names and words of schema.CASES, and the decisions that were asked for, in order."""

    outcome: dict[str, Any]
    decisions: tuple[Decision, ...]


class Judge:
    """Decides cases that share a law and a practice."""

    def __init__(self, given: CaseInput) -> None:
        date = given.law["date"]
        self.law = build_law(given.law["rules"], date=parse_date(date) if date else None)
        self.laws = compile_laws([self.law.knowing(given.substances)], given.substances)
        practice = Practice.model_validate_json(json.dumps(given.practice))
        self.guideline_ug = guideline_limits(practice, given.substances)
        self.substances = list(given.substances)
        services = Services.model_validate_json(json.dumps(given.services)) if given.services is not None else None
        self.practice = practice_numbers(practice, discretion=given.discretion, services=service_numbers(services, self.substances))

    def decide(self, given: CaseInput) -> Decided:
        """Return what becomes of a case."""
        finds = self._finds(given)
        tier = self._tier(finds)
        records = np.array([[[given.records[name] for name in RECORDS]]], np.int16)
        people = {
            "records": records,
            "is_represented": np.array([given.is_represented]),
            "caution_factor": np.array([given.caution_factor]),
            "notice_factor": np.array([given.notice_factor]),
            "violence_factor": np.array([given.violence_factor]),
        }
        course = SimpleNamespace(laws=self.laws, place_q16=np.full((1, len(SERVICES)), given.place_q16, np.int64))
        block = cast(Block, SimpleNamespace(setup=SimpleNamespace(laws=self.laws, guideline_ug=self.guideline_ug), course=course, people=people))
        zero = np.zeros(1, np.int64)
        facts = facts_of(block, finds, zero, zero, tier, _standing(given), np.array([SERVICES.index(given.service)]))
        u = np.array([[given.draws[stage]] for stage in STAGES])
        quantile16 = {name: np.array([given.quantiles[name]]) for name in DELAYS}
        decided = decide(facts, self.practice, u, quantile16)
        columns = {
            "tier": tier,
            "effect": facts.effect,
            "n_supply_evidence": np.array([given.n_supply_evidence]),
            "has_use_evidence": facts.has_use_evidence,
            **decided.columns,
            "closed_day": given.day + decided.closed_after,
            "appeal_day": appeal_day(given.day, decided),
        }
        asked = [(i, stage) for i, stage in enumerate(STAGES) if decided.asked[i, 0]]
        decisions = tuple(Decision(stage, bool(u[i, 0] < decided.p[i, 0]), float(decided.p[i, 0]), float(u[i, 0])) for i, stage in asked)
        return Decided(_words(columns), decisions)

    def _finds(self, given: CaseInput) -> Finds:
        n = len(self.substances)
        numbers = {name: np.zeros((1, n), np.int64) for name in ("measured_ug", "pure_ug", "units", "form")}
        purposes = np.zeros((1, n, len(PURPOSES)), np.int64)
        for lot in given.lots:
            s = self.substances.index(lot["substance"])
            for name in ("measured_ug", "pure_ug", "units"):
                numbers[name][0, s] = lot[name]
            numbers["form"][0, s] = FORMS.index(lot["form"])
            purposes[0, s] = [lot[f"{purpose}_ug"] for purpose in PURPOSES]
        return Finds(
            people=np.zeros(1, np.int64), laws=np.ones((1, 1), bool), holding=Holding(purposes, np.full((1, n), -1, np.int64)),
            n_supply=np.array([given.n_supply_evidence]), has_use_evidence=np.array([given.has_use_evidence]), **numbers,
        )  # fmt: skip

    def _tier(self, finds: Finds) -> I64:
        return self.laws.classify(finds.measured_ug, finds.pure_ug, finds.units, finds.form.astype(np.int8))[:, 0].astype(np.int64)

    def is_regulated(self, given: CaseInput) -> bool:
        """Return whether the law covers something of what was found."""
        finds = self._finds(given)
        return bool(self.laws.any_regulated(finds.measured_ug, finds.units)[0, 0])

    def neighbours(self, given: CaseInput) -> Iterator[tuple[str, CaseInput]]:
        """Yield cases that differ in one thing, with what that is."""
        yield from self._other_amounts(given)
        for step, words in ((1, "more"), (-1, "fewer")):
            if 0 <= given.n_supply_evidence + step <= 5:
                yield f"one kind of evidence of supply {words}", replace(given, n_supply_evidence=given.n_supply_evidence + step)
        yield ("no evidence of own use" if given.has_use_evidence else "evidence of own use"), replace(given, has_use_evidence=not given.has_use_evidence)
        yield ("no lawyer of their own" if given.is_represented else "a lawyer of their own"), replace(given, is_represented=not given.is_represented)
        yield from _other_standing(given)
        for name, words in RECORD_WORDS.items():
            yield f"{words} more on record", replace(given, records=given.records | {name: given.records[name] + 1})
            if given.records[name]:
                yield f"{words} fewer on record", replace(given, records=given.records | {name: given.records[name] - 1})
        for decision in self.decide(given).decisions:
            luck = replace(given, draws=given.draws | {decision.stage: 1.0 if decision.is_yes else 0.0})
            yield f"{decision.stage} had been {'no' if decision.is_yes else 'yes'}", luck

    def _other_amounts(self, given: CaseInput) -> Iterator[tuple[str, CaseInput]]:
        """Yield each lot at the nearest weight below and above at which the case comes out otherwise, if there is one.

        Weights at which the tier or a route changes are tried outwards: a new tier need not change what is done.
        """
        outcome = self._done(given)
        for i, lot in enumerate(given.lots):
            now = lot["measured_ug"]
            points = sorted({*self._tier_edges(given, i), *self._route_edges(lot)} - {now})
            for outwards in ([point for point in reversed(points) if point < now], [point for point in points if point > now]):
                others = ((ug, replace(given, lots=_with_weight(given.lots, i, ug))) for ug in outwards)
                flip = next(((ug, other) for ug, other in others if self._done(other) != outcome), None)
                if flip is not None:
                    ug, other = flip
                    yield f"{format_ug(abs(now - ug))} {'less' if ug < now else 'more'} of {lot['substance']}", other

    def _done(self, given: CaseInput) -> dict[str, Any]:
        """Return what became of a case, without what it began with."""
        return {name: value for name, value in self.decide(given).outcome.items() if name not in (*GIVEN, "tier", "effect")}

    def _tier_edges(self, given: CaseInput, i: int) -> list[int]:
        """Return the largest weights of a lot with lower tiers, and the smallest with higher ones."""

        def tier(ug: int) -> int:
            return int(self._tier(self._finds(replace(given, lots=_with_weight(given.lots, i, ug))))[0])

        now = given.lots[i]["measured_ug"]
        edges: list[int] = []
        at = now
        while at > 0 and tier(0) < tier(at):
            here, low, high = tier(at), 0, at
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if tier(middle) < here else (low, middle)
            edges.append(low)
            at = low
        at = now
        while tier(LARGEST_UG) > tier(at):
            here, low, high = tier(at), at, LARGEST_UG
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if tier(middle) > here else (middle, high)
            edges.append(high)
            at = high
        return edges

    def _route_edges(self, lot: dict[str, Any]) -> list[int]:
        """Return the heaviest weight that a caution or notice allows, and a microgram more."""
        s = self.substances.index(lot["substance"])
        limits = (int(self.laws.caution_max_ug[0, s]), int(self.laws.notice_max_ug[0, s, FORMS.index(lot["form"])]))
        return [ug for limit in limits if 0 < limit < LARGEST_UG for ug in (limit, limit + 1)]


def _standing(given: CaseInput) -> Standing:
    return Standing(
        repeats=np.array([sum(BIT[effect] for effect in set(given.repeats))]),
        prosecutor_queue_days=np.array([given.prosecutor_queue_days]),
        queue_days=np.array([given.queue_days]),
        is_dependent=np.array([given.is_dependent]),
        keeps_job=np.array([given.keeps_job]),
        keeps_home=np.array([given.keeps_home]),
    )


def _other_standing(given: CaseInput) -> Iterator[tuple[str, CaseInput]]:
    """Yield the case without what earlier cases add, and without a wait before prosecutors or at court."""
    if given.repeats:
        yield "no earlier case that counts", replace(given, repeats=[])
    if given.prosecutor_queue_days:
        yield "no wait in the prosecutors' queue", replace(given, prosecutor_queue_days=0)
    if given.queue_days:
        yield "no wait in the court's queue", replace(given, queue_days=0)


def _with_weight(lots: list[dict[str, Any]], i: int, ug: int) -> list[dict[str, Any]]:
    """Return lots of which one has another weight; its pure content and its units go with it."""
    lot = lots[i]
    now = max(lot["measured_ug"], 1)
    other = lot | {"measured_ug": ug, "pure_ug": lot["pure_ug"] * ug // now, "units": lot["units"] * ug // now}
    return [other if j == i else one for j, one in enumerate(lots)]


def _words(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of one case by name: codes as words, the rest as whole numbers and yes or no."""
    done: dict[str, Any] = {}
    for column in CASES:
        if column.name in ("person", "day"):
            continue
        value = columns[column.name][0]
        done[column.name] = column.codes[int(value)] if column.codes else bool(value) if column.dtype == "bool" else int(value)
    return done
