"""The first morning of a period: people seek a service of their own accord, and those who wait ask again.

Level 4. A step of the day. Whether someone stays away out of fear, or finds a place, depends on the law; so circles may split
here as they do at the day's end, but only those in which somebody seeks or waits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.consequences import rows_in
from decrimsim.engine.demand import count_asked
from decrimsim.engine.places import KIND_BITS, suitable
from decrimsim.engine.rows import equal_rows
from decrimsim.engine.schedule import SERVICE
from decrimsim.engine.splitting import split
from decrimsim.kernels.decisions import stay_days
from decrimsim.schema import ENTRY_ENDS, ENTRY_WAYS, PERIOD

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
SELF, FROM_LIST = range(len(ENTRY_WAYS))
AVOIDED, WAITING, NO_SHOW, DROPPED_OUT, FINISHED = range(len(ENTRY_ENDS))


@dataclass(frozen=True)
class Asking:
    """People who seek or wait (n,), and what becomes of it under each law (n, laws); kind 0 where they do neither."""

    rows: I64
    kind: I64
    way: I64
    end: I64
    until: I64
    """first day out of the service; 0 where none begins"""


def seek(block: Block) -> None:
    """Let people seek services and ask from the waiting list, on the first day of each period."""
    if block.setup.services is None or block.day % PERIOD:
        return
    people = block.people
    inside = people["service_until"] > block.day
    people["waiting"][inside] = 0
    can_ask = block.is_free(np.arange(people.n)) & ~inside
    seeks = _seeks(block)
    rows = np.flatnonzero(can_ask & (seeks | people["waiting"].any(axis=1)))
    own_laws = block.circles["laws"][people["circle"][rows]]
    asks = seeks[rows] | ((people["waiting"][rows] > 0) & own_laws).any(axis=1)
    rows, own_laws = rows[asks], own_laws[asks]
    if not len(rows):
        return
    asking = _asking(block, rows, seeks[rows], own_laws)
    row, law = np.nonzero(asking.kind)
    end = asking.end[row, law]
    people["waiting"][rows[row], law] = np.where(end == WAITING, asking.kind[row, law], 0)
    _log_and_count(block, asking, row, law)
    if block.setup.mode == "closed":
        _begin(block, asking)


def _seeks(block: Block) -> Bool:
    """Return who seeks a service of their own accord in this period."""
    services, people = block.setup.services, block.people
    assert services is not None
    if services.seek32 is None:
        return np.zeros(people.n, bool)
    p32 = np.array(services.seek32, np.int64)[people["is_dependent"].astype(np.int64)]
    answer: Bool = chance.low32(block.bits("service.seek", people["scramble"])).astype(np.int64) < p32
    return answer


def _asking(block: Block, rows: I64, seeks: Bool, own_laws: Bool) -> Asking:
    """Return what becomes of those who ask, under each of their laws."""
    services, people, course = block.setup.services, block.people, block.course
    assert services is not None
    listed = people["waiting"][rows].astype(np.int64)
    own = np.where(seeks, suitable(block, rows, 1), 0)
    kind = np.where(listed > 0, listed, own[:, None]) * own_laws
    way = np.where(listed > 0, FROM_LIST, SELF)
    who = people["scramble"][rows]
    fear32 = services.avoid32[block.setup.laws.own_use_offence[:, 0].astype(np.int64)]
    avoids = (chance.low32(block.bits("service.avoid", who)).astype(np.int64)[:, None] < fear32) & (way == SELF)
    draws, _ = block.uniforms([("service.place", 0), ("service.start", 0), ("service.finish", 0)], who)
    place = draws[0][:, None] < course.place_q16[np.arange(kind.shape[1]), kind] / chance.Q16
    starts, finishes = (draws[1] < services.start)[:, None], draws[2][:, None] < services.finish[kind]
    end = np.where(finishes, FINISHED, DROPPED_OUT)
    end = np.where(starts, end, NO_SHOW)
    end = np.where(place, end, WAITING)
    end = np.where(avoids, AVOIDED, end)
    quantile = chance.index16(block.bits("service.stay", who, 1))[:, None]
    begins = block.day + block.setup.practice.wait
    until = np.where(end >= DROPPED_OUT, begins + stay_days(services.duration[kind], end == FINISHED, np.broadcast_to(quantile, kind.shape)), 0)
    return Asking(rows, kind, way, end, until)


def _log_and_count(block: Block, asking: Asking, row: I64, law: I64) -> None:
    """Log one entry for each person and what becomes of them, with the laws under which it does, and count those who newly ask."""
    at = (row, law)
    told = np.column_stack([row, asking.kind[at], asking.way[at], asking.end[at], asking.until[at]]).astype(np.int64)
    first, which = equal_rows(told)
    laws = np.zeros((len(first), block.setup.n_laws), bool)
    laws[which, law] = True
    who, kind, way, end, until = told[first].T
    columns = {
        "person": block.people["person"][asking.rows[who]],
        "day": np.full(len(first), block.day),
        "kind": kind - 1,
        "way": way,
        "end": end,
        "until_day": until,
    }
    block.log["entries"].append({**columns, "laws": laws})
    new = (way == SELF) & (end != AVOIDED)
    count_asked(block, laws[new], kind[new])


def _begin(block: Block, asking: Asking) -> None:
    """Split circles whose laws answered differently, and plan the services that begin."""
    stay = np.where((asking.kind > 0) & (asking.until > 0), asking.until << KIND_BITS | asking.kind, 0)
    which, circle = split(block, block.people["circle"][asking.rows], stay)
    law = block.circles["laws"][circle].argmax(axis=1)
    stays = stay[which, law]
    some = stays > 0
    rows = rows_in(block, asking.rows[which[some]], circle[some])
    begins = np.full(len(rows), block.day + block.setup.practice.wait)
    block.schedule.add(begins, rows, SERVICE, stays[some])
