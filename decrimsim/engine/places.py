"""Services as numbers, who they suit, and which of their places are taken.

Level 4. Arrays over kinds have the order of schema.SERVICES; the first, 'none', is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.chance import Q16, q16
from decrimsim.engine.rows import ranges
from decrimsim.engine.schedule import SERVICE
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.services import Services
from decrimsim.schema import PERIOD, SERVICES
from decrimsim.units import minor

if TYPE_CHECKING:
    from decrimsim.engine.block import Block

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
KIND_BITS = 4
"""A stay is kept as one whole number, first day out * 16 + kind of service, so that the later end wins."""
assert len(SERVICES) <= 1 << KIND_BITS


@dataclass(frozen=True)
class ServiceNumbers:
    """What the scenario says of services."""

    is_there: Bool
    """(kinds,)"""
    places_per_million: I64
    first_free_q16: I64
    duration: I64
    finish: F64
    place_day_minor: I64
    use_left_q16: I64
    """(kinds, substances) use while in it against usual"""
    overdose_left_q16: I64
    """(kinds,) deaths while in it against usual; likewise infections"""
    infection_left_q16: I64
    weight: I64
    is_for_substance: Bool
    """(kinds, substances)"""
    only_dependent: Bool
    start: float
    seek32: tuple[int, int] | None
    """chance in a period, of people who are not dependent and who are"""
    avoid32: I64
    """(offences,) chance of staying away, by what the law makes of a small amount: none, administrative, possession"""
    budget_minor_per_1000: int | None
    share_q16: int


def service_numbers(services: Services | None, substances: Sequence[str]) -> ServiceNumbers | None:
    """Return services as numbers, or None where the scenario has no section on them.

    substances  names, in the order of the scenario
    """
    if services is None:
        return None
    kinds = [services.kinds.get(name) for name in SERVICES]
    is_for = [[kind is not None and (not kind.substances or s in kind.substances) for s in substances] for kind in kinds]
    use_left = [[Q16 - (q16(kind.use_reduction.value) if kind and mine else 0) for mine in row] for kind, row in zip(kinds, is_for, strict=True)]
    entry, money = services.self_entry, services.redirection
    fear = entry.avoidance if entry else None

    def numbers(name: str, factor: float = 1.0) -> I64:
        return np.array([round(getattr(kind, name).value * factor) if kind else 0 for kind in kinds], np.int64)

    return ServiceNumbers(
        is_there=np.array([kind is not None for kind in kinds]),
        places_per_million=numbers("places", 1000),
        first_free_q16=numbers("first_free", Q16),
        duration=numbers("duration"),
        finish=np.array([kind.finish.value if kind else 0.0 for kind in kinds]),
        place_day_minor=np.array([minor(kind.place_day.value) if kind else 0 for kind in kinds], np.int64),
        use_left_q16=np.array(use_left, np.int64),
        overdose_left_q16=Q16 - numbers("overdose_reduction", Q16),
        infection_left_q16=Q16 - numbers("infection_reduction", Q16),
        weight=numbers("share", 1024),
        is_for_substance=np.array(is_for, bool),
        only_dependent=np.array([kind is not None and kind.only_dependent for kind in kinds]),
        start=services.start.value,
        seek32=(chance.chance32(entry.other.value), chance.chance32(entry.dependent.value)) if entry else None,
        avoid32=np.array([chance.chance32(p.value) for p in (fear.none, fear.administrative, fear.criminal)] if fear else [0, 0, 0], np.int64),
        budget_minor_per_1000=minor(money.budget.value) if money else None,
        share_q16=q16(money.share.value) if money else 0,
    )


def use_left_q16(scenario: Scenario, services: ServiceNumbers | None) -> I64:
    """Return use in a service against usual (kinds, substances); without a section on services all are alike."""
    if services is not None:
        return services.use_left_q16
    left = Q16 - q16(scenario.practice.referral.use_reduction.value)
    return np.full((len(SERVICES), len(scenario.substances)), left, np.int64)


def suitable(block: Block, rows: I64, k: int = 0) -> I64:
    """Return the kind of service (n,) that a person is referred to or seeks today: one that suits, by weight; 0 where none does.

    k  0 for a referral, 1 for people who seek it themselves
    """
    services, people, habits = block.setup.services, block.people, block.habits
    if services is None:
        return np.zeros(len(rows), np.int64)
    at, which = ranges(people["first_habit"][rows], people["n_habits"][rows])
    uses = np.zeros((len(rows), services.is_for_substance.shape[1]), np.int64)
    uses[which, habits["substance"][at].astype(np.int64)] = habits["p_use32"][at] > 0
    suits = (uses @ services.is_for_substance.T.astype(np.int64) > 0) & (people["is_dependent"][rows].astype(bool)[:, None] | ~services.only_dependent)
    ends = np.cumsum(suits * services.weight, axis=1)
    draw = chance.low32(block.bits("service.kind", people["scramble"][rows], k)).astype(np.int64) * ends[:, -1] >> 32
    kind: I64 = (ends <= draw[:, None]).sum(axis=1)
    return np.where(ends[:, -1] > 0, kind, 0)


def taken(block: Block) -> dict[str, I64]:
    """Return places in use, places that fall free in the next period, and people waiting, each (laws, kinds), on a period's first morning."""
    people, schedule = block.people, block.schedule
    laws = block.circles["laws"]
    inside = np.flatnonzero((people["service_until"] > block.day) & people["is_active"])
    begins_row, begins_value = schedule.upcoming(SERVICE, block.day)
    alive = people["is_active"][begins_row]
    begins_row, begins_value = begins_row[alive], begins_value[alive]
    rows = np.concatenate([inside, begins_row])
    until = np.concatenate([people["service_until"][inside].astype(np.int64), begins_value >> KIND_BITS])
    kind = np.concatenate([people["service_kind"][inside].astype(np.int64), begins_value & ((1 << KIND_BITS) - 1)])
    of_laws, soon = laws[people["circle"][rows]], until <= block.day + PERIOD
    some = np.flatnonzero(people["waiting"].any(axis=1) & people["is_active"])
    listed = np.where(laws[people["circle"][some]], people["waiting"][some], 0)
    waiting = np.stack([(listed == k).sum(axis=0) if k else np.zeros(block.setup.n_laws, np.int64) for k in range(len(SERVICES))], axis=1)
    return {"in_use": by_kind(of_laws, kind), "leaving": by_kind(of_laws[soon], kind[soon]), "waiting": waiting}


def by_kind(laws: Bool, kind: I64) -> I64:
    """Return how many rows of each kind of service are true under each law (laws, services).

    laws  (rows, laws); kind: (rows,)
    """
    is_kind = kind[:, None] == np.arange(len(SERVICES))
    counted: I64 = (laws.T.astype(np.float64) @ is_kind.astype(np.float64)).astype(np.int64)
    return counted
