"""Luck: every draw of the model, one person (or habit, or circle) at a time, in plain Python.

A draw depends on the seed, the replicate, the name of the process, the day, a number k and who draws; on nothing else.
So two runs of one person under two laws meet the same luck.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim import chance

WHOLE = 65_536
"""Factors are whole numbers of 1/65536: `amount * factor // WHOLE`."""


def factor(number: float) -> int:
    """Return a factor in 1/65536."""
    return round(number * WHOLE)


def times(amount: int, factor_: int) -> int:
    """Return an amount times a factor in 1/65536, rounded down."""
    return amount * factor_ // WHOLE


@dataclass(frozen=True)
class Luck:
    """The draws of one replicate."""

    seed: int
    replicate: int

    def bits(self, process: str, who: int, day: int = chance.ALWAYS, k: int = 0) -> int:
        """Return 64 random bits."""
        return chance.raw_int(chance.key(self.seed, self.replicate, process, day, k), who)

    def number32(self, process: str, who: int, day: int = chance.ALWAYS, k: int = 0) -> int:
        """Return the low half of the bits: a whole number below 2**32, for chances that are whole numbers of 2**-32."""
        return self.bits(process, who, day, k) % 2**32

    def happens(self, p: float, process: str, who: int, day: int = chance.ALWAYS, k: int = 0) -> bool:
        """Tell whether something with chance p happens, p rounded to 2**-32."""
        return self.number32(process, who, day, k) < chance.chance32(p)

    def uniform(self, process: str, who: int, day: int, k: int = 0) -> float:
        """Return a draw between 0 and 1, for the rare decisions."""
        return chance.uniform_int(self.bits(process, who, day, k))

    def pick(self, shares: list[float], process: str, who: int, k: int = 0) -> int:
        """Return the index of the share into which the draw falls."""
        draw = self.number32(process, who, k=k)
        return sum(1 for bound in chance.cumulative32(shares) if draw >= bound)

    def quantile(self, process: str, who: int, day: int = chance.ALWAYS, k: int = 0) -> int:
        """Return the top 16 bits: which of the 65536 entries of a table of quantiles applies."""
        return self.bits(process, who, day, k) >> 48


def lognormal(log_sd: float, quantile: int) -> int:
    """Return the factor (in 1/65536) at a quantile of a lognormal distribution with median 1."""
    return int(chance.lognormal_table(log_sd)[quantile])


def beta32(mean: float, concentration: float, quantile: int) -> int:
    """Return the chance (in 2**-32) at a quantile of a beta distribution."""
    return int(chance.beta_table(mean, concentration)[quantile])


def weighing(relative_sd: float, quantile: int) -> int:
    """Return the factor (in 1/65536) by which scales are wrong, at a quantile."""
    return int(chance.error_table(relative_sd)[quantile])


def whole_steps(amount: int, step: int) -> int:
    """Return an amount rounded to whole steps, halves up, at least one step."""
    return max((amount + step // 2) // step, 1) * step
