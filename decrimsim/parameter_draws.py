"""How unsure the assumptions make the answer: all free parameters drawn from their ranges at once, the same draws for every law.

Level 7. Two intervals, never merged: between draws (what we do not know, does not shrink with replicates) and within (luck).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.errors import DecrimsimError, InputError, printable
from decrimsim.law import Law
from decrimsim.measures.summary import law_keys
from decrimsim.measures.variance import Split, split_variance
from decrimsim.options import chosen_laws, process_count, settings_of, whole
from decrimsim.parameters import Amount, Money, Param
from decrimsim.progress import ProgressOption, shown
from decrimsim.report.text import aligned
from decrimsim.report.words import CUT_WORDS
from decrimsim.runners import run_all
from decrimsim.scenario import Scenario, load_scenario, vary
from decrimsim.scenario.model import Mode
from decrimsim.scenario.vary import free_parameters
from decrimsim.schema import CUTS
from decrimsim.statistics import NOT_SEEN, fixed, with_interval
from decrimsim.trials import Trial

if TYPE_CHECKING:
    import pandas as pd

F64 = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
DESIGNS = ("sobol", "latin")
DRAW_PEOPLE, DRAW_REPLICATES = 6_000, 4
"""Replicates tell luck from assumptions, so there are several."""
WIDE_RATIO = 10
"""From this ratio of high to low end on, a range is drawn on the log scale."""
TWO_INTERVALS = "Two intervals, never merged: 'assumptions' is the spread between draws of the parameters (95 % of draws), 'luck' is Monte Carlo error."


@dataclass(frozen=True, eq=False, repr=False)
class Uncertainty:
    """Net change in people with each cut, per 1,000, under draws of all free parameters.

    laws        keys, the baseline first
    parameters  paths that were drawn
    draws       (draws, parameters) the draws, 0..1
    changes     (draws, replicates, laws, cuts) net change in people per 1,000
    refused     why some draws could not be a scenario; they are left out of draws and changes
    """

    scenario: str
    laws: tuple[str, ...]
    parameters: tuple[str, ...]
    draws: F64
    changes: F64
    people: int
    days: int
    seed: int
    design: str
    refused: tuple[str, ...] = ()

    def split(self, law: str | int, cut: str = "supply") -> Split:
        """Return the net change with its two intervals and the split of its variance."""
        at = law if isinstance(law, int) else self._law(law)
        if cut not in CUTS:
            raise InputError(f"there is no cut {printable(cut)!r}.", where="cut", got=cut, wanted=f"one of {', '.join(CUTS)}")
        return split_variance(self.changes[:, :, at, CUTS.index(cut)])

    def _law(self, law: str) -> int:
        if law not in self.laws:
            raise InputError(f"there is no law {printable(law)!r} here.", where="law", got=law, wanted=f"one of {', '.join(self.laws)}")
        return self.laws.index(law)

    def __repr__(self) -> str:
        head = (
            f"{printable(self.scenario)}: {len(self.draws)} draws of {len(self.parameters)} parameters ({self.design}), {self.people:,} people, "
            f"{self.days:,} days, {self.changes.shape[1]} replicates each, seed {self.seed}"
        )
        rows = []
        for law in range(1, len(self.laws)):
            for cut in CUTS:
                one = self.split(law, cut)
                low, high = one.assumptions
                luck = with_interval(one.luck, signed=True)
                share = "–" if one.share_between is None else f"{100 * one.share_between:.0f} %"
                rows.append(
                    [
                        f"{printable(self.laws[law], 40)}: {CUT_WORDS[cut]}",
                        fixed(one.luck.mean, 2, signed=True),
                        NOT_SEEN if not one.is_seen else f"{fixed(low, 2, signed=True)} to {fixed(high, 2, signed=True)}",
                        luck,
                        share,
                    ]
                )
        left_out = (
            [f"{len(self.refused)} draws could not be a scenario and were left out; the first: {printable(self.refused[0], 300)}"] if self.refused else []
        )
        header = ["Net change in people, per 1,000", "mean", "assumptions", "luck", "variance from assumptions"]
        return "\n\n".join([f"{head}\nBaseline: {printable(self.laws[0])}. {TWO_INTERVALS}", aligned(header, rows), *left_out])

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each candidate law and cut."""
        return [{"law": key, "cut": cut, **self.split(law, cut).to_json()} for law, key in enumerate(self.laws) if law for cut in CUTS]

    def to_pandas(self) -> pd.DataFrame:
        """Return rows() as a frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def to_json(self) -> dict[str, object]:
        """Return plain data, without the draws themselves."""
        return {
            "scenario": self.scenario,
            "baseline": self.laws[0],
            "people": self.people,
            "days": self.days,
            "replicates": self.changes.shape[1],
            "seed": self.seed,
            "design": self.design,
            "draws": len(self.draws),
            "parameters": list(self.parameters),
            "refused": list(self.refused),
            "note": TWO_INTERVALS,
            "changes_per_1000": self.rows(),
        }


def uncertainty(
    scenario: Scenario | str | Path,
    laws: Sequence[Law | str] | None = None,
    *,
    draws: int = 32,
    people: int = DRAW_PEOPLE,
    days: int | None = None,
    replicates: int = DRAW_REPLICATES,
    seed: int | None = None,
    workers: int = 1,
    mode: Mode | None = None,
    design: str = "sobol",
    progress: ProgressOption = None,
) -> Uncertainty:
    """Draw all free parameters from their ranges and compare the laws under each draw, on the same people and luck as far as the draw allows.

    draws   how many sets of parameters, 2 to 4,096
    design  'sobol' (scrambled) or 'latin' (hypercube); a range whose ends differ tenfold or more is drawn on the log scale
    Every value in a range counts as equally likely: ranges say what is possible, not what is likely. Costs and shares that must
    add up to 1 stay as they are. Other options as in compare.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if design not in DESIGNS:
        raise InputError(f"the design {printable(design)!r} is not known.", where="design", got=design, wanted="'sobol' or 'latin'")
    n = whole("draws", draws, 2, 4_096)
    settings = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed, mode=mode, least=1)
    chosen = chosen_laws(scenario, laws)
    if len(chosen) < 2:
        raise InputError("there is no candidate law to compare.", where="laws", wanted="at least one law beside the baseline")
    trial = Trial(scenario, tuple(chosen), settings)
    free = [
        (path, parameter)
        for path, parameter in free_parameters(scenario)
        if not isinstance(parameter, Money) and parameter.number("low") < parameter.number("high")
    ]
    unit = drawn(n, len(free), settings.seed, design)
    moves = [{path: value_at(parameter, float(x)) for x, (path, parameter) in zip(row, free, strict=True)} for row in unit]
    answers: dict[int, F64 | str] = {}
    with shown(progress, "draws", n) as show:
        for i, answer in run_all(_changes, trial, moves, process_count(workers)):
            answers[i] = answer
            if show:
                show(len(answers), n)
    good = [i for i in range(n) if not isinstance(answers[i], str)]
    refused = tuple(str(answers[i]) for i in range(n) if isinstance(answers[i], str))
    if len(good) < 2:
        raise InputError("fewer than two draws could be a scenario.", where="draws", got=refused[:1], hint="Narrow the ranges that the message names")
    changes = np.stack([np.asarray(answers[i], np.float64) for i in good])
    paths = tuple(path for path, _ in free)
    return Uncertainty(scenario.id, law_keys(chosen), paths, unit[good], changes, settings.people, settings.days, settings.seed, design, refused)


def drawn(n: int, n_parameters: int, seed: int, design: str) -> F64:
    """Return n draws of all parameters (n, parameters), 0..1."""
    from scipy.stats import qmc

    sampler: Any = (qmc.Sobol if design == "sobol" else qmc.LatinHypercube)(n_parameters, rng=chance.generator(seed))
    if design == "latin":
        return np.asarray(sampler.random(n), np.float64)
    points = sampler.random_base2(math.ceil(math.log2(n)))
    return np.asarray(points[:n], np.float64)


def value_at(parameter: Param | Amount, x: float) -> float | str:
    """Return the value at the share x of a parameter's range, on the log scale where the ends differ tenfold or more; amounts as text."""
    low, high = parameter.number("low"), parameter.number("high")
    value = low * (high / low) ** x if low > 0 and high >= WIDE_RATIO * low else low + (high - low) * x
    return f"{round(value)} ug" if isinstance(parameter, Amount) else value


def _changes(trial: Trial, move: dict[str, float | str]) -> F64 | str:
    """Return net changes per 1,000 (replicates, laws, cuts) under one draw, or why the draw cannot be a scenario."""
    try:
        world = vary(trial.scenario, move)
        measures = trial.run(world)
    except DecrimsimError as error:
        return str(error)
    n_flag = np.stack([m.widening.n_flag for m in measures])
    return np.asarray((n_flag - n_flag[:, [0]]) * 1000 / trial.settings.people, np.float64)
