"""Use, buying and carrying.

Level 2. Kernel: pure arrays of habits, amounts in micrograms, factors in 1/65536.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.chance import ONE_32

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def dose(*, factor_q16: I64, usual_ug: I64, is_binge: Bool, binge_q16: I64, unit_ug: I64) -> I64:
    """Return what is wanted on a day of use (habits,) in ug: whole units, at least one.

    factor_q16  (habits,)  the day's factor, drawn
    usual_ug    (habits,)  the person's usual amount
    is_binge    (habits,)  a day on which far more is used
    binge_q16   (habits,)  how much more
    unit_ug     (habits,)  smallest amount
    """
    usually = np.right_shift(factor_q16 * usual_ug, 16)
    wanted = np.where(is_binge, np.right_shift(usually * binge_q16, 16), usually)
    return to_steps(wanted, unit_ug)


def to_steps(amount_ug: I64, step_ug: I64 | int) -> I64:
    """Return amounts (n,) rounded to whole steps, at least one step."""
    step: I64 = np.asarray(step_ug, np.int64)
    steps: I64 = np.maximum((amount_ug + (step >> 1)) // step, 1) * step
    return steps


def purchase(*, usual_ug: I64, factors_q16: list[tuple[Bool, int]], missing_ug: I64, afford_ug: I64, deal_ug: I64) -> I64:
    """Return the size of a purchase (habits,) in ug: whole deals, at least one, no more than the purse allows unless today's dose needs it.

    usual_ug     (habits,)  usual purchase
    factors_q16  reasons to buy another amount: (for whom (habits,), factor), applied in order
    missing_ug   (habits,)  what today's dose is short of: doses are amounts that people did use, so the purse does not stop them
    afford_ug    (habits,)  the most that the purse allows, in whole deals
    deal_ug      (habits,)  step in which the substance is sold
    """
    size = usual_ug
    for applies, factor_q16 in factors_q16:
        size = np.where(applies, size * factor_q16 >> 16, size)
    covering = (np.maximum(missing_ug, 0) + deal_ug - 1) // deal_ug * deal_ug
    bought: I64 = np.maximum(np.minimum(to_steps(size, deal_ug), afford_ug), covering)
    return bought


def on_weekday(*, p32: I64, factor_q16: I64, is_weekend: bool, n_weekend: int) -> I64:
    """Return the chance of use today (habits,) in 2**-32, of which the mean over seven days is p32, rounded down.

    p32         (habits,)  mean chance of use
    factor_q16  (habits,)  chance on a day of the weekend against the mean; moved where a chance would be below 0 or above 1 on some day
    is_weekend  today is one of the n_weekend days of the weekend
    """
    most, least = np.minimum(7 * p32 // n_weekend, ONE_32), -(((7 - n_weekend) * ONE_32 - 7 * p32) // n_weekend)
    high: I64 = np.minimum(np.maximum(p32 * factor_q16 >> 16, least), most)
    return high if is_weekend else (7 * p32 - n_weekend * high) // (7 - n_weekend)
