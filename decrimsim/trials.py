"""Trials: small runs of a comparison with one thing changed, on the same people and luck: an input, or a mechanism.

Level 7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from decrimsim.comparison import Comparison
from decrimsim.engine import Setup, make_setup, run_replicate
from decrimsim.errors import DecrimsimError, InputError
from decrimsim.experiment import Job, run_experiment
from decrimsim.measures import ReplicateMeasures
from decrimsim.measures.contribution import Contribution, ContributionRow
from decrimsim.measures.parts import CUT_MEASURES, MEASURES, estimate_of, part_values
from decrimsim.measures.sensitivity import Sensitivity, SensitivityRow
from decrimsim.measures.summary import Settings, known
from decrimsim.parameters import Amount, Param
from decrimsim.progress import ProgressOption, shown
from decrimsim.report.words import CUT_WORDS
from decrimsim.runners import run_all
from decrimsim.scenario import Scenario, switch_states, vary, widest, with_switches
from decrimsim.scenario.switched import working
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import CUTS
from decrimsim.units import format_ug, plain_number

SMALL_PEOPLE, SMALL_REPLICATES = 12_000, 1
"""Errors come from the parts of the circles within a replicate, so one replicate of more people says more in the same time than several of fewer."""
SCREENED, SCREEN_PEOPLE, SCREEN_DAYS = 4, 1_500, 120
"""So many times as many inputs as are wanted are first tried in runs of so few people and days, for those that act."""
F64 = npt.NDArray[np.float64]
TRIAL_CUTS = ("supply", "criminal", "custodial")


def sensitivity(
    comparison: Comparison,
    *,
    n: int = 10,
    people: int = SMALL_PEOPLE,
    replicates: int = SMALL_REPLICATES,
    workers: int = 1,
    cuts: Sequence[str] = TRIAL_CUTS,
    progress: ProgressOption = None,
) -> tuple[Sensitivity, ...]:
    """Return, for each cut, how the answer moves when each of n inputs goes to the low and the high end of its range.

    The answer is the net change in people with the cut (per 1,000) against the baseline, under one and the same candidate for all cuts: that
    which changes the first cut most. The inputs are the widest that the simulated world reads: those that change people with some
    cut most clearly (against the error) in a still smaller trial, then those that change anything. Runs are small, on the same people and luck as far as the input allows.
    """
    _check(comparison, cuts)
    trial = trial_of(comparison, people, replicates)
    base = values_of(trial, None)
    at = [CUTS.index(cut) for cut in cuts]
    law = max(range(1, len(comparison.laws)), key=lambda i: [abs(float((base[:, i, c] - base[:, 0, c]).mean())) for c in at])
    pair = replace(trial, laws=(trial.laws[0], trial.laws[law]))
    inputs = _that_act(pair, n, workers, progress)
    moves: list[Move] = [partial(vary, changes={path: end}) for path, _ in inputs for end in ("low", "high")]
    values = answers_of(pair, moves, workers, progress, "widest inputs")
    changes = [values[i][:, 1] - values[i][:, 0] for i in range(len(moves))]
    tables = []
    for cut, c in zip(cuts, at, strict=True):
        rows = [
            SensitivityRow(
                path=path,
                low=_text(parameter, "low"),
                value=_text(parameter, "value"),
                high=_text(parameter, "high"),
                grade=parameter.grade,
                at_low=float(changes[2 * i][:, c].mean()),
                at_high=float(changes[2 * i + 1][:, c].mean()),
                change=estimate_of(changes[2 * i + 1][:, c] - changes[2 * i][:, c]),
            )
            for i, (path, parameter) in enumerate(inputs)
        ]
        what = f"{CUT_WORDS[cut]}: net change in people, {size_of(trial)}"
        answer = float((base[:, law, c] - base[:, 0, c]).mean())
        tables.append(Sensitivity(law=_dated(comparison, law), measure=what, base=answer, rows=tuple(rows), baseline=_dated(comparison, 0)))
    return tuple(tables)


def _that_act(pair: Trial, n: int, workers: int, progress: ProgressOption) -> list[tuple[str, Param | Amount]]:
    """Return n of the widest inputs, widest first: those that change people with some cut most clearly in a small trial, then those that change anything."""
    some = _of_every_part(widest(pair.scenario, None), SCREENED * n)
    s = pair.settings
    small = replace(pair, settings=replace(s, people=min(s.people, SCREEN_PEOPLE), days=min(s.days, SCREEN_DAYS), replicates=1))
    values = answers_of(small, [None, *some], workers, progress, "inputs that act", of=_screened)
    base, order = values[0], []
    for i in range(len(some)):
        tried = values[i + 1]
        if len(tried):  # else an end of its range is no possible world
            added = (tried - base)[:, :, : len(CUTS)]
            error = added.std(axis=0, ddof=1) / len(added) ** 0.5
            clearness = np.divide(np.abs(added.mean(axis=0)), error, out=np.zeros_like(error), where=error > 0).max()
            order.append((-float(clearness), not (tried != base).any(), i))
    return [some[i] for i in sorted(i for _, _, i in sorted(order)[:n])]


def _of_every_part(inputs: list[tuple[str, Param | Amount]], n: int) -> list[tuple[str, Param | Amount]]:
    """Return n inputs, widest first: the widest of each part of the world, then the second of each, since a part with many wide guesses hides the others."""
    seen: Counter[str] = Counter()
    ranks = []
    for at, (path, _) in enumerate(inputs):
        part = ".".join(path.split(".")[:2])
        ranks.append((seen[part], at))
        seen[part] += 1
    return [inputs[at] for at in sorted(at for _, at in sorted(ranks)[:n])]


def _screened(trial: Trial, one: tuple[str, Param | Amount] | None) -> F64:
    """Return the values with an input at the end of its range that is further away; no parts where one of its ends is no possible world."""
    if one is None:
        return trial.parts(trial.scenario)
    path, parameter = one
    far = _far_end(parameter)
    try:
        trial.setup(vary(trial.scenario, {path: "high" if far == "low" else "low"}))
        return trial.parts(vary(trial.scenario, {path: far}))
    except DecrimsimError:
        return np.zeros((0, len(trial.laws), len(MEASURES)))


def _far_end(parameter: Param | Amount) -> Literal["low", "high"]:
    low, value, high = (parameter.number(at) for at in ("low", "value", "high"))
    return "low" if value - low > high - value else "high"


def contributions(
    comparison: Comparison,
    *,
    people: int = SMALL_PEOPLE,
    replicates: int = SMALL_REPLICATES,
    workers: int = 1,
    cuts: Sequence[str] = TRIAL_CUTS,
    progress: ProgressOption = None,
) -> Contribution:
    """Return what each mechanism that works contributes: the world with it, less the world with it alone turned off.

    For each, what it works on first (Switch.measures) and people with each cut: under the baseline, and under that candidate under which it
    moves the number most. Runs are small, on the same people and luck. Contributions do not add up: mechanisms work on each other.
    """
    _check(comparison, cuts)
    trial = trial_of(comparison, people, replicates)
    names = working(comparison.scenario)
    moves: list[Move] = [None, *(partial(with_switches, states={name: False}) for name in names)]
    values = answers_of(trial, moves, workers, progress, "mechanisms")
    rows = []
    for i, name in enumerate(names):
        for measure in (*SWITCHES[name].measures, *(f"people_{cut}" for cut in cuts)):
            m = MEASURES.index(measure)
            rows.append(_contribution(comparison, name, measure, values[0][:, :, m], values[1 + i][:, :, m]))
    states = switch_states(comparison.scenario)
    off = tuple(name for name, is_on in states.items() if is_on is False)
    idle = tuple(name for name, is_on in states.items() if is_on and name not in names)
    return Contribution(baseline=_dated(comparison, 0), size=size_of(trial), rows=tuple(rows), off=off, idle=idle)


def _contribution(comparison: Comparison, name: str, measure: str, on: F64, off: F64) -> ContributionRow:
    """Return what a mechanism adds to a measure; on and off are its values (parts, laws) with the mechanism and without."""
    added = on - off
    law = max(range(1, added.shape[1]), key=lambda i: abs(float(added[:, i].mean())))
    before, after = (float((values[:, law] - values[:, 0]).mean()) for values in (off, on))
    return ContributionRow(
        name=name,
        title=SWITCHES[name].title,
        measure=measure,
        base=estimate_of(added[:, 0]),
        law=_dated(comparison, law),
        under=estimate_of(added[:, law]),
        change=estimate_of(added[:, law] - added[:, 0]),
        flips=measure in CUT_MEASURES and before * after < 0,
    )


Move = Callable[[Scenario], Scenario] | None
"""What makes another world of a world, or nothing; it travels to other processes, so it is a partial of a function with a name."""


@dataclass(frozen=True)
class Trial:
    """A small run, to be repeated with one thing changed."""

    scenario: Scenario
    laws: tuple[Any, ...]
    settings: Settings

    def setup(self, world: Scenario) -> Setup:
        """Return what a run in another world needs. Raises DecrimsimError where that is no possible world."""
        s = self.settings
        return make_setup(world, list(self.laws), days=s.days, seed=s.seed, mode=s.mode)

    def run(self, world: Scenario) -> list[ReplicateMeasures]:
        """Return the measures of every replicate in another world."""
        s = self.settings
        return run_experiment(Job(self.setup(world), s.people, keep_tables=False), range(s.replicates))[0]

    def parts(self, world: Scenario) -> F64:
        """Return measures.parts.MEASURES in another world (parts of all replicates, laws, measures)."""
        s, setup = self.settings, self.setup(world)
        return np.concatenate([part_values(run_replicate(setup, s.people, i), setup.scenario, s.days) for i in range(s.replicates)])


def _check(comparison: Comparison, cuts: Sequence[str]) -> None:
    if len(comparison.laws) < 2:
        raise InputError("there is no candidate law to compare.", where="comparison", wanted="a comparison of two laws or more")
    for cut in cuts:
        known(cut, CUTS, "cut")


def trial_of(comparison: Comparison, people: int, replicates: int) -> Trial:
    """Return the comparison as a trial of at most so many people."""
    people = max(1, min(people, comparison.people))
    return Trial(comparison.scenario, comparison.laws, replace(comparison.settings, people=people, replicates=replicates))


def size_of(trial: Trial) -> str:
    """Return how much a trial simulates, as text."""
    s = trial.settings
    return f"per 1,000 ({s.people:,} people, {s.replicates} replicate{'s' if s.replicates != 1 else ''})"


def _dated(comparison: Comparison, law: int) -> str:
    """Return a law's label, with its date where the label does not say it."""
    label, date = comparison.summary.labels[law], comparison.laws[law].date
    return label if date is None or str(date) in label else f"{label}, as on {date}"


def answers_of(
    trial: Trial, moves: Sequence[Any], workers: int, progress: ProgressOption, what: str, of: Callable[[Trial, Any], F64] | None = None
) -> dict[int, F64]:
    """Return the values after each move, by its position; of is values_of where it is not given."""
    answers: dict[int, F64] = {}
    with shown(progress, what, len(moves)) as show:
        for i, answer in run_all(of or values_of, trial, moves, workers):
            answers[i] = answer
            if show:
                show(len(answers), len(moves))
    return answers


def values_of(trial: Trial, move: Move) -> F64:
    """Return the values (parts, laws, measures) after one move."""
    return trial.parts(move(trial.scenario) if move else trial.scenario)


def _text(parameter: Param | Amount, at: Literal["low", "value", "high"]) -> str:
    number = parameter.number(at)
    return format_ug(round(number)) if isinstance(parameter, Amount) else plain_number(number)
