"""The first morning of a period: deaths from overdose and new infections.

Level 4. A step of the day. Hazards follow from what is true of a row (custody, release, the service it is in), not from the
law itself; so all laws of a history see the same events, and no circle splits here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import NEVER_FREE, Block
from decrimsim.engine.market import refresh_use
from decrimsim.schema import HEALTH_EVENTS, PERIOD

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
DEATH, HIV, HEPATITIS_C, TUBERCULOSIS = range(len(HEALTH_EVENTS))
FIRST_STATE = 64
"""k of the draws of what people had before the first day; lower ones are of substances that they inject."""


@dataclass(frozen=True)
class _Risks:
    """What is true of all rows of people today, as far as health is concerned."""

    overdose32: I64
    injects: Bool


def live_on(block: Block) -> None:
    """Draw deaths and infections on the first day of each period, and log them."""
    health = block.setup.health
    if health is None or block.day % PERIOD:
        return
    people = block.people
    if block.day == 0:
        _first_state(block)
    risks = _risks(block)
    is_inside = ~block.is_free(np.arange(people.n))
    after = block.day - people["free_from"].astype(np.int64)
    is_fresh = (people["free_from"] > 0) & (after >= 0) & (after < health.release_days)
    death32 = np.where(is_fresh, risks.overdose32 * health.release_q16 >> 16, risks.overdose32)
    death32 = np.where(is_inside, 0, death32 * _left(block, health.overdose_left_q16) >> 16)
    alive = people["is_active"].astype(bool)
    draws = chance.low32(block.bits("health.death", people["scramble"])).astype(np.int64)
    dies = np.flatnonzero(alive & (draws < death32))
    p32 = {
        HIV: np.where(risks.injects, health.hiv32 * _left(block, health.infection_left_q16) >> 16, 0),
        HEPATITIS_C: np.where(risks.injects, health.hepatitis_c32 * _left(block, health.infection_left_q16) >> 16, 0),
        TUBERCULOSIS: np.where(is_inside, health.tuberculosis32 * health.custody_q16 >> 16, health.tuberculosis32),
    }
    alive[dies] = False
    for kind, chance32 in p32.items():
        has = people["infections"] >> kind & 1 > 0
        draw = chance.low32(block.bits("health.infection", people["scramble"], kind)).astype(np.int64)
        new = np.flatnonzero(alive & ~has & (draw < chance32))
        people["infections"][new] |= 1 << kind
        _log(block, new, kind)
    _log(block, dies, DEATH)
    people["is_active"][dies] = False
    people["free_from"][dies] = NEVER_FREE
    refresh_use(block, dies)


def _first_state(block: Block) -> None:
    """Say who had an infection before the first day: a draw of the person that belongs to no day."""
    health, people = block.setup.health, block.people
    assert health is not None
    injects = _risks(block).injects
    for kind, prevalence32 in ((HIV, health.had_hiv32), (HEPATITIS_C, health.had_hepatitis_c32)):
        had = injects & _has_state(block, FIRST_STATE + kind, prevalence32)
        people["infections"][:] |= (had << kind).astype(np.int8)


def _has_state(block: Block, k: int, p32: int) -> Bool:
    return chance.Draws(block.setup.seed, block.replicate).under("health.state", block.people["scramble"], p32, k)


def _risks(block: Block) -> _Risks:
    """Return chances of a death in a period, and who injects."""
    health, people, habits = block.setup.health, block.people, block.habits
    assert health is not None
    overdose32, injects = np.zeros(people.n, np.int64), np.zeros(people.n, bool)
    uses = habits["p_use32"] > 0
    for s, (death32, share32) in enumerate(zip(health.overdose32.tolist(), health.injects32.tolist(), strict=True)):
        owner = habits["owner"][uses & (habits["substance"] == s)]
        overdose32[owner] += death32
        injecting = np.zeros(people.n, bool)
        injecting[owner] = True
        injects |= injecting & _has_state(block, s, share32)
    return _Risks(np.minimum(overdose32, chance.ONE_32), injects)


def _left(block: Block, left_q16: I64) -> I64:
    """Return what is left of a hazard (people,) for people in a service, by its kind."""
    people = block.people
    is_in = people["service_until"] > block.day
    return np.where(is_in, left_q16[people["service_kind"].astype(np.int64)], chance.Q16)


def _log(block: Block, rows: I64, kind: int) -> None:
    if len(rows):
        people = block.people
        columns = {"person": people["person"][rows], "day": np.full(len(rows), block.day), "kind": np.full(len(rows), kind)}
        block.log["health"].append({**columns, "laws": block.circles["laws"][people["circle"][rows]]})
