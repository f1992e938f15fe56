"""Trials: small runs of a comparison with one thing changed, on the same people and luck: an input, or a mechanism.

Level 7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from decrimsim.comparison import Comparison
from decrimsim.engine import make_setup
from decrimsim.errors import InputError
from decrimsim.experiment import Job, run_experiment
from decrimsim.law import Law
from decrimsim.measures import ReplicateMeasures
from decrimsim.measures.contribution import Contribution, ContributionRow
from decrimsim.measures.responses import ResponseRow, Responses
from decrimsim.measures.sensitivity import Sensitivity, SensitivityRow
from decrimsim.measures.summary import Settings, known, law_keys
from decrimsim.options import chosen_laws, process_count, settings_of
from decrimsim.parameters import Amount, Param
from decrimsim.progress import ProgressOption, shown
from decrimsim.report.words import CUT_WORDS
from decrimsim.runners import run_all
from decrimsim.scenario import RESPONSES, Scenario, load_scenario, switch_states, vary, widest, with_response, with_switches
from decrimsim.scenario.model import Mode
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import CUTS
from decrimsim.units import format_ug, plain_number

SMALL_PEOPLE, SMALL_REPLICATES = 12_000, 1
"""Many worlds are tried and no interval is given, so one replicate of more people says more in the same time than several of fewer."""
Answer = list[list[float]]
"""By law: people with each cut per 1,000, then schema.BEHAVIOUR per person and year."""


def sensitivity(
    comparison: Comparison,
    *,
    n: int = 10,
    people: int = SMALL_PEOPLE,
    replicates: int = SMALL_REPLICATES,
    workers: int = 1,
    cuts: Sequence[str] = ("supply", "criminal", "custodial"),
    progress: ProgressOption = None,
) -> tuple[Sensitivity, ...]:
    """Return, for each cut, how the answer moves when each of the n widest inputs goes to the low and the high end of its range.

    The answer is the net change in people with the cut (per 1,000) against the baseline, under the candidate that changes it most; runs are
    small, on the same people and luck as far as the input allows.
    """
    _check(comparison, cuts)
    trial = _trial(comparison, people, replicates)
    inputs = widest(comparison.scenario, n)
    moves: list[Move] = [None, *(partial(vary, changes={path: end}) for path, _ in inputs for end in ("low", "high"))]
    answers = _answers(trial, moves, workers, progress, "widest inputs")
    tables = []
    for cut in cuts:
        c = CUTS.index(cut)
        change, law = _most_changed(answers, c)
        rows = [
            SensitivityRow(
                path=path,
                low=_text(parameter, "low"),
                value=_text(parameter, "value"),
                high=_text(parameter, "high"),
                grade=parameter.grade,
                at_low=change(1 + 2 * i, law),
                at_high=change(2 + 2 * i, law),
            )
            for i, (path, parameter) in enumerate(inputs)
        ]
        what = f"{CUT_WORDS[cut]}: net change in people, {_size(trial)}"
        tables.append(Sensitivity(law=comparison.laws[law].id, measure=what, base=change(0, law), rows=tuple(rows)))
    return tuple(tables)


def contributions(
    comparison: Comparison,
    *,
    people: int = SMALL_PEOPLE,
    replicates: int = SMALL_REPLICATES,
    workers: int = 1,
    cuts: Sequence[str] = ("supply", "criminal", "custodial"),
    progress: ProgressOption = None,
) -> tuple[Contribution, ...]:
    """Return, for each cut, what each mechanism that is on contributes: the answer with it, and with it alone turned off.

    The answers are people with the cut (per 1,000) under the baseline, and the net change under the candidate that changes it most; runs are
    small, on the same people and luck. Contributions do not add up: mechanisms work on each other.
    """
    _check(comparison, cuts)
    trial = _trial(comparison, people, replicates)
    on = [name for name, is_on in switch_states(comparison.scenario).items() if is_on]
    answers = _answers(trial, [None, *(partial(with_switches, states={name: False}) for name in on)], workers, progress, "mechanisms")
    tables = []
    for cut in cuts:
        c = CUTS.index(cut)
        change, law = _most_changed(answers, c)
        rows = [ContributionRow(name, SWITCHES[name].title, answers[1 + i][0][c], change(1 + i, law)) for i, name in enumerate(on)]
        what = f"{CUT_WORDS[cut]}, {_size(trial)}"
        tables.append(Contribution(law=comparison.laws[law].id, measure=what, base=answers[0][0][c], change=change(0, law), rows=tuple(rows)))
    return tuple(tables)


def responses(
    scenario: Scenario | str | Path,
    laws: Sequence[Law | str] | None = None,
    *,
    people: int | None = None,
    days: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    mode: Mode | None = None,
    cuts: Sequence[str] = ("supply", "criminal", "custodial"),
    progress: ProgressOption = None,
) -> tuple[Responses, ...]:
    """Return, for each cut, the same laws under every answer that people might give to their line, on the same people and luck.

    The alternatives stand side by side and are never averaged: nobody knows which is true. Options as in compare.
    Raises InputError where the scenario does not say how many people know the line.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    for cut in cuts:
        known(cut, CUTS, "cut")
    if scenario.people.response is None:
        raise InputError(
            f"the scenario {scenario.id} says nothing about what people make of the law.",
            where="responses",
            wanted="a scenario with the section people.response",
            hint="Copy that section from the shipped scenario nsw",
        )
    settings = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed, mode=mode, least=1)
    trial = Trial(scenario, tuple(chosen_laws(scenario, laws)), settings)
    answers = _answers(trial, [partial(with_response, kind=kind) for kind in RESPONSES], process_count(workers), progress, "answers to the law")
    tables = []
    for cut in cuts:
        c = CUTS.index(cut)
        rows = [
            ResponseRow(kind, tuple(law[c] for law in answers[i]), tuple(tuple(law[len(CUTS) :]) for law in answers[i])) for i, kind in enumerate(RESPONSES)
        ]
        what = f"{CUT_WORDS[cut]}, {_size(trial)}"
        tables.append(Responses(laws=law_keys(trial.laws), cut=cut, measure=what, rows=tuple(rows)))
    return tuple(tables)


Move = Callable[[Scenario], Scenario] | None
"""What makes another world of a world, or nothing; it travels to other processes, so it is a partial of a function with a name."""


@dataclass(frozen=True)
class Trial:
    """A small run, to be repeated with one thing changed."""

    scenario: Scenario
    laws: tuple[Any, ...]
    settings: Settings

    def run(self, world: Scenario) -> list[ReplicateMeasures]:
        """Return the measures of every replicate in another world."""
        s = self.settings
        setup = make_setup(world, list(self.laws), days=s.days, seed=s.seed, mode=s.mode)
        return run_experiment(Job(setup, s.people, keep_tables=False), range(s.replicates))[0]


def _check(comparison: Comparison, cuts: Sequence[str]) -> None:
    if len(comparison.laws) < 2:
        raise InputError("there is no candidate law to compare.", where="comparison", wanted="a comparison of two laws or more")
    for cut in cuts:
        known(cut, CUTS, "cut")


def _trial(comparison: Comparison, people: int, replicates: int) -> Trial:
    people = max(1, min(people, comparison.people))
    return Trial(comparison.scenario, comparison.laws, replace(comparison.settings, people=people, replicates=replicates))


def _size(trial: Trial) -> str:
    s = trial.settings
    return f"per 1,000 ({s.people:,} people, {s.replicates} replicate{'s' if s.replicates != 1 else ''})"


def _answers(trial: Trial, moves: Sequence[Move], workers: int, progress: ProgressOption, what: str) -> dict[int, Answer]:
    """Return the answer after each move, by its position."""
    answers: dict[int, Answer] = {}
    with shown(progress, what) as show:
        for i, answer in run_all(answer_of, trial, moves, workers):
            answers[i] = answer
            if show:
                show(len(answers), len(moves))
    return answers


def answer_of(trial: Trial, move: Move) -> Answer:
    """Return people with each cut, per 1,000, by law and cut, after one move."""
    measures, s = trial.run(move(trial.scenario) if move else trial.scenario), trial.settings
    n_flag = np.sum([m.widening.n_flag for m in measures], axis=0)
    behaviour = np.sum([m.behaviour for m in measures], axis=0)
    n = s.people * s.replicates
    answer: Answer = np.concatenate([n_flag / n * 1000, behaviour / n * (365 / max(s.days, 1))], axis=1).tolist()
    return answer


def _most_changed(answers: dict[int, Answer], cut: int) -> tuple[Callable[[int, int], float], int]:
    """Return a function of (move, law) that says how many more people have a cut than under the baseline, and the law of most change before any move."""

    def change(move: int, law: int) -> float:
        return answers[move][law][cut] - answers[move][0][cut]

    return change, max(range(1, len(answers[0])), key=lambda law: abs(change(0, law)))


def _text(parameter: Param | Amount, at: Literal["low", "value", "high"]) -> str:
    number = parameter.number(at)
    return format_ug(round(number)) if isinstance(parameter, Amount) else plain_number(number)
