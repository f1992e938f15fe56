"""Encounters: which channel a draw falls into, and under which laws it is a stop.

Level 2. Kernel: pure arrays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def channel_of(u32: I64, ends: I64) -> tuple[I64, I64]:
    """Return the channel (rows,) into whose room a draw falls, and how far into it (rows,).

    u32   (rows,)            draws in 0 .. 2**32 - 1, below the end of the last room
    ends  (rows, channels)   where each channel's room ends
    """
    channel = (u32[:, None] >= ends).sum(axis=1)
    starts = np.where(channel > 0, np.take_along_axis(ends, np.maximum(channel - 1, 0)[:, None], axis=1)[:, 0], 0)
    return channel, u32 - starts


def is_stop(offset: I64, p32: I64, suspicion_q16: I64, stops_for_possession: Bool) -> Bool:
    """Return under which laws (rows, laws) a draw is a stop.

    offset                (rows,)  how far the draw lies into the channel's room
    p32                   (rows,) or (rows, laws)  chance of this channel today, in 2**-32; by law where police effort differs
    suspicion_q16         (rows,)  share of this channel that rests on suspicion of supply
    stops_for_possession  (laws,)  suspicion of use or possession is a ground to stop someone
    """
    by_law = p32 if p32.ndim == 2 else p32[:, None]
    any_ground = offset[:, None] < by_law
    if stops_for_possession.all():
        return np.broadcast_to(any_ground, (len(offset), len(stops_for_possession)))
    supply_only = offset[:, None] < (by_law * suspicion_q16[:, None] >> 16)
    return np.where(stops_for_possession[None, :], any_ground, supply_only)
