"""Means, paired differences and ratios over replicates, with Monte Carlo error only.

Level 5. Sums are exact (``math.fsum``), so results do not depend on the order of replicates. The replicate is the
unit; with one replicate there is no error to state, and the error and the interval are None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

MONTE_CARLO_ONLY = "Intervals are Monte Carlo only: they show the luck of the simulation (95 %), not how unsure the assumptions are."
DUST = 1e-12
"""What is smaller than this share of the numbers it was computed from is what floats leave behind, and counts as nothing."""

NOT_SEEN = "not seen at this size"
"""Of a difference that small runs did not show: it need not be none."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates.

    mcse  Monte Carlo standard error, or None for one replicate
    ci    95 % t interval (low, high), or None for one replicate
    n     how many replicates it rests on
    """

    mean: float
    mcse: float | None = None
    ci: tuple[float, float] | None = None
    n: int = field(default=1, compare=False)

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit; factor is positive."""
        ci = None if self.ci is None else (self.ci[0] * factor, self.ci[1] * factor)
        return Estimate(self.mean * factor, None if self.mcse is None else self.mcse * factor, ci, self.n)

    @property
    def is_clear(self) -> bool:
        """Whether there is an interval and it lies wholly above or wholly below zero."""
        return self.ci is not None and self.has_width and (self.ci[0] > 0 or self.ci[1] < 0)

    @property
    def has_width(self) -> bool:
        """Whether replicates differ: where all say the same, luck has not shown itself and there is no interval to speak of."""
        return bool(self.mcse) and self.ci is not None

    @property
    def is_constant(self) -> bool:
        """Whether several replicates all gave the same number, and it is not zero."""
        return self.mcse == 0 and self.mean != 0

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
    return Estimate(mean, mcse, (mean - half, mean + half), n)


def _without_dust(value: float, size: float) -> float:
    return 0.0 if abs(value) <= DUST * size else value


def mean_of(values: Sequence[float]) -> Estimate:
    """Return the mean over replicates of values (replicates,)."""
    n = len(values)
    if not n:
        raise ValueError("a mean needs at least one replicate")
    mean = math.fsum(values) / n
    if n == 1:
        return Estimate(mean)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return _interval(mean, _without_dust(math.sqrt(squares / (n - 1) / n), max(map(abs, values))), n)


def count_of(values: Sequence[float]) -> Estimate:
    """Return the mean over replicates of counts: nothing that is counted can be negative, so the interval ends at zero at the latest.

    The true mean is never below zero, so cutting there loses none of the interval's 95 %. Where no replicate counted anything the
    interval is (0, 0), which says only that it is too rare for this run.
    """
    return _within(mean_of(values), 0.0, math.inf)


def _within(estimate: Estimate, least: float, most: float) -> Estimate:
    """Return the estimate with the interval cut to what the number can be at all."""
    ci = estimate.ci
    return estimate if ci is None else Estimate(estimate.mean, estimate.mcse, (max(least, ci[0]), min(most, ci[1])), estimate.n)


def difference_of(new: Sequence[float], old: Sequence[float]) -> Estimate:
    """Return the mean of new - old within each replicate: same people, same chances."""
    return mean_of([_without_dust(a - b, max(abs(a), abs(b))) for a, b in zip(new, old, strict=True)])


def pooled(counts: Sequence[Sequence[float]], tell: Callable[..., float | None]) -> Estimate | None:
    """Return a number told from counts that are added over replicates, with a jackknife error; None where it is not defined.

    counts  each count by replicate
    tell    takes the total of each count and returns the number, or None where it is not defined
    The interval is None where leaving out one replicate leaves the number undefined.
    """
    n, totals = len(counts[0]), [math.fsum(one) for one in counts]
    value = tell(*totals)
    if value is None:
        return None
    rest = [tell(*(total - one for total, one in zip(totals, each, strict=True))) for each in zip(*counts, strict=True)]
    left_out = [one for one in rest if one is not None]
    if n == 1 or len(left_out) < n:
        return Estimate(value, n=n)
    centre = math.fsum(left_out) / n
    variance = (n - 1) / n * math.fsum((one - centre) ** 2 for one in left_out)
    return _interval(value, _without_dust(math.sqrt(variance), max(map(abs, left_out))), n)


def _quotient(above: float, below: float) -> float | None:
    return above / below if below else None


def _gap(above: float, below: float, other_above: float, other_below: float) -> float | None:
    return above / below - other_above / other_below if below and other_below else None


def _against(above: float, below: float, other_above: float, other_below: float) -> float | None:
    return above * other_below / (below * other_above) if below and other_above else None


def ratio_of(new: Sequence[float], old: Sequence[float]) -> Estimate | None:
    """Return the ratio of the means of two counts with a jackknife error, or None where it is not defined. Its interval ends at zero.

    The interval is None where leaving out one replicate leaves nothing to divide by.
    """
    ratio = pooled((new, old), _quotient)
    return None if ratio is None else _within(ratio, 0.0, math.inf)


def share_of(part: Sequence[float], whole: Sequence[float]) -> Estimate | None:
    """Return the share that a part has of a whole, as a ratio of means: its interval lies between zero and one."""
    share = pooled((part, whole), _quotient)
    return None if share is None else _within(share, 0.0, 1.0)


def rate_ratio_of(above: Sequence[float], below: Sequence[float], other_above: Sequence[float], other_below: Sequence[float]) -> Estimate | None:
    """Return a ratio of means over another one of the same replicates; None where it is not defined. Its interval ends at zero."""
    ratio = pooled((above, below, other_above, other_below), _against)
    return None if ratio is None else _within(ratio, 0.0, math.inf)


def share_gap_of(part: Sequence[float], whole: Sequence[float], other_part: Sequence[float], other_whole: Sequence[float]) -> Estimate | None:
    """Return a share less another one of the same replicates, each a ratio of means; None where one of them is not defined."""
    return pooled((part, whole, other_part, other_whole), _gap)


def frechet(n_old: float, n_new: float, n_people: float) -> tuple[float, float]:
    """Return the least and the most people who can be new: in n_new and not in n_old, however the two worlds are coupled."""
    return max(0.0, n_new - n_old), min(n_new, n_people - n_old)


def figure_place(error: float) -> int:
    """Return the decimal place of the second figure of an error: 0.0123 -> 3, 45.6 -> 0, 1234 -> -2."""
    if error <= 0 or not math.isfinite(error):
        return 0
    return 1 - math.floor(math.log10(float(f"{error:.1e}")))


def rounded(value: float, error: float | None) -> str:
    """Return value as text, rounded to the second figure of its error; to three figures when the error is not known, zero or dust."""
    if not error or error <= DUST * abs(value):
        if value == 0:
            return "0"
        place = 2 - math.floor(math.log10(abs(value))) if abs(value) < 100 else 0
        text = fixed(value, max(place, 0))
        return text.rstrip("0").rstrip(".") if "." in text else text
    place = figure_place(error)
    return fixed(_round(value, place), max(place, 0))


def fixed(value: float, places: int, *, signed: bool = False) -> str:
    """Return value as text with so many decimals: '1,234.50', '−0.30', with a plus where signed; what rounds to zero has no sign."""
    number = _round(value, places)
    return (f"{number or 0.0:{'+' if signed and number else ''},.{places}f}").replace("-", "−")


def _round(value: float, places: int) -> float:
    """Return value rounded as a person would round what is printed of it: 0.2525 per 1,000 and 252.5 in a million both to the even figure, whatever floats make of them."""
    return float(round(Decimal(f"{value:.14g}"), places)) if abs(value) < 1e12 else round(value, places)


def interval_text(estimate: Estimate) -> str:
    """Return an interval as text: '10.1 to 14.5', or that all replicates said the same; empty where there is none."""
    if estimate.is_constant:
        return f"the same in {'both' if estimate.n == 2 else f'all {estimate.n}'} replicates"
    if estimate.ci is None or not estimate.has_width:
        return ""
    return " to ".join(rounded(end, estimate.mcse) for end in estimate.ci)


def with_interval(estimate: Estimate | None, *, signed: bool = False) -> str:
    """Return an estimate with its interval as text: '12.3 (10.1 to 14.5)'; a dash when it is not defined."""
    if estimate is None:
        return "–"
    text = signed_text(estimate) if signed else rounded(estimate.mean, estimate.mcse)
    interval = interval_text(estimate)
    return f"{text} ({interval})" if interval else text


def signed_text(estimate: Estimate) -> str:
    """Return an estimate as text with its sign: '+1.2', '−3.4', '0'."""
    text = rounded(estimate.mean, estimate.mcse)
    if not text.strip("−0.,"):
        return "0"
    return f"+{text}" if estimate.mean > 0 else text
