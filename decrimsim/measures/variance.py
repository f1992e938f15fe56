"""Variance in two parts: between draws of the parameters, which more replicates do not shrink, and within, which they do.

Level 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.statistics import Estimate, mean_of

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """A number under draws of the parameters.

    luck           mean over draws with its Monte Carlo error alone: these draws, other luck
    assumptions    interval that holds 95 % of the draws' means, made narrower by the luck in them
    between        variance between draws, luck taken out; not below 0
    within         variance of one replicate around its draw's mean; None with one replicate a draw
    share_between  between over between + within; None where there is no spread or one replicate a draw
    """

    luck: Estimate
    assumptions: tuple[float, float]
    between: float
    within: float | None
    share_between: float | None

    @property
    def is_seen(self) -> bool:
        """Whether draws differ by more than luck; where they do not, these runs say nothing of how unsure the assumptions make the number."""
        return self.assumptions[1] - self.assumptions[0] > 1e-9

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        luck = self.luck.to_json()
        return {
            "mean": self.luck.mean,
            "luck_mcse": luck["mcse"],
            "luck_ci": luck["ci"],
            "assumptions_interval": list(self.assumptions),
            "assumptions_seen": self.is_seen,
            "variance_between": self.between,
            "variance_within": self.within,
            "share_between": self.share_between,
        }


def split_variance(values: F64) -> Split:
    """Return the split of values (draws, replicates); replicate r has the same luck in every draw.

    What the draws share in a replicate moves all of them alike and is luck, not spread between draws; only what is left after
    draw and replicate (the residual) is taken out of the spread of the draws' means. They are then drawn together so that
    their variance is the variance between. With one replicate a draw nothing can be taken out, and the interval is too wide.
    """
    n_draws, n = values.shape
    means, per_replicate = values.mean(axis=1), values.mean(axis=0)
    spread = float(means.var(ddof=1))
    luck = mean_of(per_replicate.tolist())
    if n == 1:
        low, high = np.quantile(means, [0.025, 0.975]).tolist()
        return Split(luck, (low, high), spread, None, None)
    within = float(values.var(axis=1, ddof=1).mean())
    residual = values - means[:, None] - per_replicate[None, :] + values.mean()
    noise = float((residual**2).sum()) / ((n_draws - 1) * (n - 1))
    between = max(0.0, spread - noise / n)
    shrink = min(1.0, (between / spread) ** 0.5) if spread > 0 else 0.0
    low, high = np.quantile(means.mean() + shrink * (means - means.mean()), [0.025, 0.975]).tolist()
    total = between + within
    return Split(luck, (low, high), between, within, between / total if total > 0 else None)
