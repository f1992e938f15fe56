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


def next_places(places: I64, *, in_use: I64, leaving: I64, waiting: I64, asked: I64) -> I64:
    """Return the chance (laws, kinds) that who asks for a place in the next period gets one, in 1/65536.

    places   (laws, kinds)  places in the next period
    in_use   (laws, kinds)  taken at the end of the period
    leaving  (laws, kinds)  of those, taken by people who leave in the next period
    waiting  (laws, kinds)  people on the waiting list, who all ask again
    asked    (laws, kinds)  people who newly asked in the period: as many are expected in the next
    """
    free = np.maximum(places - in_use + leaving, 0)
    demand = waiting + asked
    chance: I64 = np.where(free >= demand, np.where(free > 0, 1 << 16, 0), (free << 16) // np.maximum(demand, 1))
    return chance


def places_bought(*, spent_minor: I64, budget_minor: int, share_q16: int, weight: I64, price_minor: I64) -> I64:
    """Return the places (laws, kinds) that money saved in a period buys for the next, in whole places.

    spent_minor   (laws,)   what justice spent on the law's own cases
    budget_minor            what it may spend
    share_q16     0..65536  of what is left, moved to services
    weight        (kinds,)  how the money is divided among the kinds; nothing where the price is 0
    price_minor   (kinds,)  of one place for a period
    """
    weight = np.where(price_minor > 0, weight, 0)
    moved = np.maximum(budget_minor - spent_minor, 0) * share_q16 >> 16
    total = max(int(weight.sum()), 1)
    whole, rest = (moved // total)[:, None], (moved % total)[:, None]
    bought: I64 = (whole * weight + rest * weight // total) // np.maximum(price_minor, 1)
    return bought
