"""What officers bring to a find before the formal path: training, guidelines, bribes, cells, violence.

Level 2. Kernel: arrays over pairs of a find and a law. A part that the scenario leaves out asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.schema import BRIBE, EFFECTS, LINE

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Ask = Callable[[str, F64 | float, Bool], Bool]

CONCLUSIVE = EFFECTS.index("conclusive")
SUPPLY = LINE.index("supply")
REFUSED, PAID = BRIBE.index("refused"), BRIBE.index("paid")


@dataclass(frozen=True)
class StreetNumbers:
    """What officers bring, as numbers; None where the scenario says nothing. Pairs are for possession and supply."""

    trained: float | None = None
    trained_belief: float = 1.0
    disparity: float = 1.0
    guideline: float | None = None
    guideline_evidence: float = 0.0
    bribe: F64 | None = None
    pays: float = 0.0
    bribe_minor: int = 0
    keeps_drugs: float = 0.0
    held: F64 | None = None
    held_days: int = 0
    arrest_violence: float | None = None


@dataclass(frozen=True)
class Officer:
    """Who handles a find (pairs,): factors on the belief in supply and on what is left of a difference between groups."""

    belief_factor: F64
    disparity: F64


def officer(s: StreetNumbers, ask: Ask, *, effect: I64, n_supply: I64, is_within_guideline: Bool) -> Officer:
    """Return what training and guidelines make of an officer's view of each find; a conclusive amount leaves nothing to view.

    effect               (pairs,)  what the law lets the amount say
    n_supply             (pairs,)  kinds of evidence of supply, at most 3
    is_within_guideline  (pairs,)  nothing found weighs more than the guidelines allow
    """
    n = len(effect)
    belief, disparity = np.ones(n), np.ones(n)
    if s.trained is not None:
        trained = ask("police.trained", s.trained, np.ones(n, bool))
        belief = np.where(trained & (n_supply <= 1), belief * s.trained_belief, belief)
        disparity = np.where(trained, s.disparity, disparity)
    if s.guideline is not None:
        holds = is_within_guideline & (n_supply < s.guideline_evidence)
        followed = ask("police.guideline", s.guideline, holds)
        belief = np.where(followed, 0.0, belief)
    return Officer(np.where(effect == CONCLUSIVE, 1.0, belief), disparity)


def group_factor(factor: F64, who: Officer) -> F64:
    """Return what is left of the factor of a person's groups (pairs,) with this officer."""
    return 1.0 + (factor - 1.0) * who.disparity


def bribes(s: StreetNumbers, ask: Ask, *, line: I64) -> tuple[I64, Bool]:
    """Return whether a payment came up and was made (pairs,) by schema.BRIBE, and who kept the drugs after paying (pairs,).

    line  (pairs,)  what the officer takes the find for
    """
    n = len(line)
    if s.bribe is None:
        return np.zeros(n, np.int64), np.zeros(n, bool)
    demanded = ask("police.bribe", s.bribe[(line == SUPPLY) * 1], line > 0)
    paid = ask("police.pay", s.pays, demanded)
    kept = ask("police.keep_drugs", s.keeps_drugs, paid)
    return np.where(paid, PAID, np.where(demanded, REFUSED, 0)).astype(np.int64), kept


def cells(s: StreetNumbers, ask: Ask, *, line: I64, arrest: Bool) -> I64:
    """Return days held before charge (pairs,) of people who are arrested."""
    if s.held is None:
        return np.zeros(len(line), np.int64)
    held = ask("police.hold", s.held[(line == SUPPLY) * 1], arrest)
    return np.where(held, s.held_days, 0).astype(np.int64)


def violence(s: StreetNumbers, ask: Ask, *, factor: F64, arrest: Bool) -> Bool:
    """Return who meets violence or abuse at an arrest (pairs,); factor (pairs,) of the person's groups."""
    if s.arrest_violence is None:
        return np.zeros(len(arrest), bool)
    return ask("police.arrest_violence", s.arrest_violence * factor, arrest)
