"""Means, paired differences and ratios over replicates, with Monte Carlo error only.

Level 5. Sums are exact (``math.fsum``), so results do not depend on the order of replicates. The replicate is the
unit; with one replicate there is no error to state, and the error and the interval are None.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MONTE_CARLO_ONLY = "Intervals are Monte Carlo only: they show the luck of the simulation (95 %), not how unsure the assumptions are."

NOT_SEEN = "not seen at this size"
"""Of a difference that small runs did not show: it need not be none."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates.

    mcse  Monte Carlo standard error, or None for one replicate
    ci    95 % t interval (low, high), or None for one replicate
    """

    mean: float
    mcse: float | None = None
    ci: tuple[float, float] | None = None

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit; factor is positive."""
        ci = None if self.ci is None else (self.ci[0] * factor, self.ci[1] * factor)
        return Estimate(self.mean * factor, None if self.mcse is None else self.mcse * factor, ci)

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies wholly above or wholly below zero."""
        return self.ci is not None and (self.ci[0] > 0 or self.ci[1] < 0)

    def to_json(self) -> dict[str, object]:
        """Return plain data: mean, mcse and ci."""
        return {"mean": self.mean, "mcse": self.mcse, "ci": None if self.ci is None else list(self.ci)}


@lru_cache(maxsize=256)
def t_quantile(n: int) -> float:
    """Return the 97.5 % quantile of Student's t with n - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.975))


def _interval(mean: float, mcse: float, n: int) -> Estimate:
    half = t_quantile(n) * mcse
    return Estimate(mean, mcse, (mean - half, mean + half))


def mean_of(values: Sequence[float]) -> Estimate:
    """Return the mean over replicates of values (replicates,)."""
    n = len(values)
    if not n:
        raise ValueError("a mean needs at least one replicate")
    mean = math.fsum(values) / n
    if n == 1:
        return Estimate(mean)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return _interval(mean, math.sqrt(squares / (n - 1) / n), n)


def count_of(values: Sequence[float]) -> Estimate:
    """Return the mean over replicates of counts: nothing that is counted can be negative, so the interval ends at zero at the latest.

    The true mean is never below zero, so cutting there loses none of the interval's 95 %. Where no replicate counted anything the
    interval is (0, 0), which says only that it is too rare for this run.
    """
    return _from_zero(mean_of(values))


def _from_zero(estimate: Estimate) -> Estimate:
    return estimate if estimate.ci is None else Estimate(estimate.mean, estimate.mcse, (max(0.0, estimate.ci[0]), estimate.ci[1]))


def difference_of(new: Sequence[float], old: Sequence[float]) -> Estimate:
    """Return the mean of new - old within each replicate: same people, same chances."""
    return mean_of([a - b for a, b in zip(new, old, strict=True)])


def ratio_of(new: Sequence[float], old: Sequence[float]) -> Estimate | None:
    """Return the ratio of the means of two counts with a jackknife error, or None where it is not defined. Its interval ends at zero.

    The interval is None where leaving out one replicate leaves nothing to divide by.
    """
    n = len(new)
    above, below = math.fsum(new), math.fsum(old)
    if below == 0:
        return None
    ratio = above / below
    rest = [(above - a, below - b) for a, b in zip(new, old, strict=True)]
    if n == 1 or any(b == 0 for _, b in rest):
        return Estimate(ratio)
    left_out = [a / b for a, b in rest]
    centre = math.fsum(left_out) / n
    variance = (n - 1) / n * math.fsum((value - centre) ** 2 for value in left_out)
    return _from_zero(_interval(ratio, math.sqrt(variance), n))


def frechet(n_old: float, n_new: float, n_people: float) -> tuple[float, float]:
    """Return the least and the most people who can be new: in n_new and not in n_old, however the two worlds are coupled."""
    return max(0.0, n_new - n_old), min(n_new, n_people - n_old)


def figure_place(error: float) -> int:
    """Return the decimal place of the second figure of an error: 0.0123 -> 3, 45.6 -> 0, 1234 -> -2."""
    if error <= 0 or not math.isfinite(error):
        return 0
    return 1 - math.floor(math.log10(float(f"{error:.1e}")))


def rounded(value: float, error: float | None) -> str:
    """Return value as text, rounded to the second figure of its error; to three figures when the error is not known or zero."""
    if not error:
        if value == 0:
            return "0"
        place = 2 - math.floor(math.log10(abs(value))) if abs(value) < 100 else 0
        text = f"{value:,.{max(place, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    place = figure_place(error)
    number = round(value, place)
    return f"{number if number else 0.0:,.{max(place, 0)}f}"


def with_interval(estimate: Estimate | None, *, signed: bool = False) -> str:
    """Return an estimate with its interval as text: '12.3 (10.1 to 14.5)'; a dash when it is not defined."""
    if estimate is None:
        return "–"
    text = signed_text(estimate) if signed else rounded(estimate.mean, estimate.mcse)
    if estimate.ci is None or not estimate.mcse:
        return text
    low, high = (rounded(end, estimate.mcse) for end in estimate.ci)
    return f"{text} ({low} to {high})".replace("-", "−") if signed else f"{text} ({low} to {high})"


def signed_text(estimate: Estimate) -> str:
    """Return an estimate as text with its sign: '+1.2', '−3.4', '0'."""
    text = rounded(estimate.mean, estimate.mcse)
    if not text.strip("-0.,"):
        return "0"
    return f"+{text}" if estimate.mean > 0 else text.replace("-", "−")
