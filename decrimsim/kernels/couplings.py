"""Couplings through everybody: what one period's counts under a law make of the next period under that law.

Level 2. Kernel: whole numbers by law, so that the result does not depend on how people were divided into blocks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


def next_effort(effort_q16: I64, *, used_minutes: I64, available_minutes: int, response_q16: int, most_q16: int) -> I64:
    """Return police effort (laws,) of the next period, in 1/65536 of the usual one.

    effort_q16         (laws,)     effort of the period that ends
    used_minutes       (laws,)     what its stops and cases took
    available_minutes  minutes     officers' time in a period
    response_q16       0..65536    how far effort follows: at 65536 the next period would use up the time, were it like this one
    most_q16           65536..     largest effort; its inverse is the smallest
    """
    least_q16 = (1 << 32) // most_q16
    target = np.where(used_minutes > 0, effort_q16 * available_minutes // np.maximum(used_minutes, 1), most_q16)
    moved = effort_q16 + ((np.clip(target, least_q16, most_q16) - effort_q16) * response_q16 >> 16)
    effort: I64 = np.clip(moved, least_q16, most_q16)
    return effort


def next_backlog(backlog_q16: I64, *, asked_q16: I64, capacity_q16: int) -> I64:
    """Return the hearings (laws,) that wait when a period ends, in 1/65536: what waited and came, less what was heard.

    backlog_q16   (laws,)  waiting when the period began
    asked_q16     (laws,)  asked for in the period
    capacity_q16  heard in a period
    """
    backlog: I64 = np.maximum(backlog_q16 + asked_q16 - capacity_q16, 0)
    return backlog


def queue_days(backlog_q16: I64, *, capacity_q16: int, period_days: int, longest_days: int) -> I64:
    """Return the days (laws,) that a new case waits behind the hearings before it, first come first served, at most longest_days."""
    days: I64 = np.minimum(backlog_q16 * period_days // capacity_q16, longest_days)
    return days
