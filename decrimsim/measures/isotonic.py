"""A share that never falls as the amount grows: the rising step function nearest to what was counted.

Level 5. Nothing is assumed of the shape but that it does not fall: no logistic curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def rising_shares(with_flag: Sequence[int], of: Sequence[int]) -> list[Fraction | None]:
    """Return the fitted share (bins,) of each bin, never falling, by pooling adjacent violators; None in bins with no cases.

    with_flag  (bins,)  cases with the flag, bins in rising order of the amount
    of         (bins,)  cases
    The fit is weighted least squares, in whole numbers: exact.
    """
    pools: list[list[int]] = []
    for i, (yes, n) in enumerate(zip(with_flag, of, strict=True)):
        if not n:
            continue
        pools.append([yes, n, i])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            yes, n, last = pools.pop()
            pools[-1] = [pools[-1][0] + yes, pools[-1][1] + n, last]
    fitted: list[Fraction | None] = [None] * len(of)
    at = 0
    for yes, n, last in pools:
        for i in range(at, last + 1):
            if of[i]:
                fitted[i] = Fraction(yes, n)
        at = last + 1
    return fitted


def first_even(fitted: Sequence[Fraction | None]) -> int | None:
    """Return the first bin whose fitted share is one half or more, or None."""
    return next((i for i, share in enumerate(fitted) if share is not None and share >= Fraction(1, 2)), None)
