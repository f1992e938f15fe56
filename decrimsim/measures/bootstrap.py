"""Bootstraps over replicates, never over people: intervals that hold along a whole curve, and how sure the best point is.

Level 5. The draws are fixed, so that the same results give the same intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.statistics import t_quantile

F64 = npt.NDArray[np.float64]
DRAWS, SEED = 2_000, 20_240_229


def resampled_means(values: F64) -> F64:
    """Return the means (draws, points) of values (replicates, points) over replicates drawn with replacement."""
    n = len(values)
    picked = chance.generator(SEED).integers(0, n, (DRAWS, n))
    counts = np.zeros((DRAWS, n))
    np.add.at(counts, (np.arange(DRAWS)[:, None], picked), 1.0)
    means: F64 = np.einsum("dn,np->dp", counts, values, optimize=False) / n
    return means


def simultaneous(values: F64) -> tuple[float, F64] | None:
    """Return the critical value and intervals (points, 2) that hold for all points at once with 95 %, by the largest |t|.

    values  (replicates, points)
    None for fewer than two replicates. Resampled means spread too little by (n - 1) / n, which is made up for, and the critical value is
    Student's t at the share of a normal distribution beyond it, since the error is estimated from few replicates. It is never below the
    t of a single interval. A point without spread has an interval without width.
    """
    from scipy.special import ndtr, stdtrit

    n = len(values)
    if n < 2 or not values.shape[1]:
        return None
    mean, error = values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(n)
    varies = error > 1e-12 * np.maximum(np.abs(mean), 1.0)
    t = t_quantile(n)
    critical = t
    if varies.any():
        largest = np.abs((resampled_means(values) - mean)[:, varies] / error[varies]).max(axis=1)
        beyond = ndtr(-float(np.quantile(largest, 0.95)) * np.sqrt(n / (n - 1)))
        critical = max(t, -float(stdtrit(n - 1, beyond)))
    half = np.where(varies, critical * error, 0.0)
    return critical, np.stack([mean - half, mean + half], axis=1)


@dataclass(frozen=True)
class Best:
    """The point with the lowest or the highest mean, and how sure that is.

    point     index of the best point
    shares    (points,) share of resamples of replicates in which each point is the best; ties go to the first
    likely    the fewest points that together are best in 95 % of resamples, in the order of the curve
    """

    point: int
    shares: tuple[float, ...]
    likely: tuple[int, ...]


def best_point(values: F64, *, lowest: bool = True) -> Best:
    """Return the best point of values (replicates, points) and the uncertainty of that choice. With one replicate nothing is uncertain, which says nothing."""
    signed = values if lowest else -values
    winners = resampled_means(signed).argmin(axis=1)
    shares = np.bincount(winners, minlength=values.shape[1]) / DRAWS
    order = np.argsort(-shares, kind="stable")
    enough = int(np.searchsorted(np.cumsum(shares[order]), 0.95 - 1e-12)) + 1
    return Best(int(signed.mean(axis=0).argmin()), tuple(shares.tolist()), tuple(sorted(order[:enough].tolist())))
