"""The course of a law through the periods: what couples everybody who lives under it.

Level 4. Within a period of PERIOD days a block depends on no other block. It reads what is in force under each law (police
effort) and counts, law by law, what it takes to say what is in force in the next period. At the end of the period the
counts of all blocks are added up and every law moves on by its own counts alone: so a law's course is the same in company as
alone, for any division into blocks. In open mode nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from decrimsim.chance import Q16, q16
from decrimsim.engine.in_force import InForce
from decrimsim.engine.places import taken
from decrimsim.engine.queue import Waiting
from decrimsim.kernels.couplings import next_effort, next_places, places_bought
from decrimsim.law import CompiledLaws
from decrimsim.law.lines import lines
from decrimsim.scenario.model import Scenario
from decrimsim.schema import PERIOD, POLICE, QUEUES, REVIEW_METRICS, SERVICES

if TYPE_CHECKING:
    from decrimsim.engine.block import Block, Setup
    from decrimsim.engine.places import ServiceNumbers

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class OfficerTime:
    """Officers' time in whole minutes."""

    available_per_1000: int
    """in a period, for every 1,000 people"""
    response_q16: int
    most_q16: int
    stop: int
    search: int
    case: I64
    """(police,) by what police did, in the order of schema.POLICE"""


def officer_time(scenario: Scenario) -> OfficerTime | None:
    """Return what the scenario says of officers' time, or None where it says nothing."""
    hours = scenario.police.hours
    if hours is None:
        return None
    by_procedure = {"no_action": hours.warning, **{name: getattr(hours, name) for name in POLICE[1:]}}
    return OfficerTime(
        available_per_1000=round(hours.available.value * 60),
        response_q16=q16(hours.response.value),
        most_q16=q16(hours.most.value),
        stop=round(hours.stop.value * 60),
        search=round(hours.search.value * 60),
        case=np.array([round(by_procedure[name].value * 60) for name in POLICE], np.int64),
    )


@dataclass
class Counts:
    """What a block counted in a period, law by law."""

    officer_minutes: I64
    """(laws,)"""
    work_q16: I64
    """(laws, queues) work that new cases ask of each of schema.QUEUES, in 1/65536"""
    asked: I64
    """(laws, services) people who newly asked for a place"""
    justice_minor: I64
    """(laws,) what cases cost police, prosecution, courts and prisons; counted where money is moved to services"""
    review: I64
    """(laws, metrics, 2) cases that met each of schema.REVIEW_METRICS, and of how many"""

    @staticmethod
    def zero(n_laws: int) -> Counts:
        """Return counts of nothing."""
        return Counts(
            np.zeros(n_laws, np.int64),
            np.zeros((n_laws, len(QUEUES)), np.int64),
            np.zeros((n_laws, len(SERVICES)), np.int64),
            np.zeros(n_laws, np.int64),
            np.zeros((n_laws, len(REVIEW_METRICS), 2), np.int64),
        )

    def add(self, other: Counts) -> None:
        """Add another block's counts to these."""
        for name, counted in vars(self).items():
            counted += getattr(other, name)


def by_law(laws: Bool, amount: I64 | int) -> I64:
    """Return the sum of an amount (rows,) over the rows true under each law (laws,).

    laws  (rows, laws)
    """
    total: I64 = np.broadcast_to(np.asarray(amount, np.int64), len(laws)) @ laws.astype(np.int64)
    return total


@dataclass
class Course:
    """What is in force in this period under each law of one replicate."""

    setup: Setup = field(repr=False)
    n_people: int
    effort_q16: I64 = field(init=False)
    """(laws,) police effort against usual"""
    efforts: list[I64] = field(init=False, repr=False)
    """effort_q16 of each period so far, where officers' hours are described and lost freedom feeds back"""
    waiting: Waiting = field(init=False)
    """cases before prosecutors and courts"""
    place_q16: I64 = field(init=False)
    """(laws, services) chance that who asks for a place gets one"""
    bought: I64 = field(init=False)
    """(laws, services) places bought for this period with money moved from justice"""
    log: list[dict[str, Any]] = field(init=False, repr=False)
    """rows of schema.PERIODS"""
    in_force: InForce = field(init=False, repr=False)
    """the laws in force"""
    lines: I64 | None = field(init=False, repr=False)
    """(laws, substances, forms) weights from which the laws in force say more, where people answer to them"""
    is_revised: Bool = field(init=False)
    """(laws,) laws whose amounts a review changed at the end of the last period"""

    def __post_init__(self) -> None:
        n_laws, services = self.setup.n_laws, self.setup.services
        self.effort_q16 = np.full(n_laws, Q16, np.int64)
        self.efforts = [self.effort_q16] if self.setup.officer_time is not None and self.setup.mode == "closed" else []
        first = services.first_free_q16 if services else np.full(len(SERVICES), Q16, np.int64)
        self.place_q16 = np.tile(first, (n_laws, 1))
        self.bought = np.zeros((n_laws, len(SERVICES)), np.int64)
        self.log = []
        self.waiting = Waiting(self.setup.offices, self.n_people, n_laws)
        self.in_force = InForce(self.setup.law_files, self.setup.laws, self.setup.reviews)
        self.lines = self._lines()
        self.is_revised = np.zeros(n_laws, bool)

    @property
    def laws(self) -> CompiledLaws:
        """The laws in force in this period, as arrays."""
        return self.in_force.compiled

    def close(self, blocks: Sequence[Block]) -> None:
        """End a period: add up what all blocks counted, and say what is in force in the next."""
        total = Counts.zero(self.setup.n_laws)
        for block in blocks:
            total.add(block.counts)
            block.counts = Counts.zero(self.setup.n_laws)
        if self.setup.mode == "open":
            return
        time = self.setup.officer_time
        if time is not None:
            self.effort_q16 = next_effort(
                self.effort_q16,
                used_minutes=total.officer_minutes,
                available_minutes=time.available_per_1000 * self.n_people // 1000,
                response_q16=time.response_q16,
                most_q16=time.most_q16,
            )
            self.efforts.append(self.effort_q16)
        self.waiting.close(total.work_q16)
        if self.setup.services is not None:
            self._close_services(self.setup.services, blocks, total)
        if self.setup.reviews.has_any:
            self.is_revised = self.in_force.review(total.review, blocks[0].day, PERIOD)
            if self.is_revised.any():
                self.lines = self._lines()

    def _lines(self) -> I64 | None:
        world = self.setup.world
        if world.market.response is None:
            return None
        unit_ug = np.array([s.unit_ug for s in world.substances], np.int64)
        return lines(self.laws, purity_q16=world.purity_q16, unit_ug=unit_ug, is_counted=world.counted)

    def _close_services(self, services: ServiceNumbers, blocks: Sequence[Block], total: Counts) -> None:
        """Log the places of the period that ends, and say what is free in the next."""
        now: dict[str, I64] = {}
        for block in blocks:
            now = {name: counted + now.get(name, 0) for name, counted in taken(block).items()}
        places = services.places_per_million * self.n_people // 1_000_000
        had, bought = places + self.bought, self.bought
        if services.budget_minor_per_1000 is not None:
            self.bought = places_bought(
                spent_minor=total.justice_minor,
                budget_minor=services.budget_minor_per_1000 * self.n_people // 1000,
                share_q16=services.share_q16,
                weight=services.weight,
                price_minor=services.place_day_minor * PERIOD,
            )
        self.place_q16 = next_places(places + self.bought, **now, asked=total.asked)
        told = {
            "places": had,
            "bought": bought,
            "in_use": now["in_use"],
            "waiting": now["waiting"],
            "asked": total.asked,
            "spent_minor": had * services.place_day_minor * PERIOD,
            "next_free_q16": self.place_q16,
        }
        law, kind = np.nonzero(np.broadcast_to(services.is_there, had.shape))
        columns = {name: counted[law, kind] for name, counted in told.items()}
        self.log.append({"day": np.full(len(law), blocks[0].day - 1), "kind": kind - 1, **columns, "laws": law[:, None] == np.arange(len(had))})
