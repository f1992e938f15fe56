"""Structural alternatives side by side: the answers that people might give to the law, and the strategies by which police might work.

Level 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from decrimsim.errors import InputError
from decrimsim.law import Law
from decrimsim.measures.parts import MEASURES
from decrimsim.measures.responses import ResponseRow, Responses
from decrimsim.measures.summary import Settings, known, law_keys
from decrimsim.options import chosen_laws, process_count, settings_of
from decrimsim.progress import ProgressOption
from decrimsim.report.words import CUT_WORDS
from decrimsim.scenario import RESPONSES, Scenario, load_scenario, with_response, with_strategy
from decrimsim.scenario.model import Mode
from decrimsim.schema import BEHAVIOUR, CUTS
from decrimsim.trials import TRIAL_CUTS, Move, Trial, answers_of, size_of


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
    cuts: Sequence[str] = TRIAL_CUTS,
    progress: ProgressOption = None,
) -> tuple[Responses, ...]:
    """Return, for each cut, the same laws under every answer that people might give to their line, on the same people and luck.

    The alternatives stand side by side and are never averaged: nobody knows which is true. Options as in compare.
    Raises InputError where the scenario does not say how many people know the line.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if scenario.people.response is None:
        raise _says_nothing(scenario, "responses", "what people make of the law", "people.response")
    moves: dict[str, Move] = {kind: partial(with_response, kind=kind) for kind in RESPONSES}
    settings = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed, mode=mode, least=1)
    return _side_by_side(scenario, laws, settings, moves, cuts, workers, progress, "answers to the law")


def strategies(
    scenario: Scenario | str | Path,
    laws: Sequence[Law | str] | None = None,
    *,
    people: int | None = None,
    days: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    mode: Mode | None = None,
    cuts: Sequence[str] = TRIAL_CUTS,
    progress: ProgressOption = None,
) -> tuple[Responses, ...]:
    """Return, for each cut, the same laws under every strategy by which police might work, on the same people and luck.

    As responses, with the strategies that the scenario describes. Raises InputError where it describes none.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    described = scenario.police.strategies
    if described is None:
        raise _says_nothing(scenario, "strategies", "strategies of policing", "police.strategies")
    moves: dict[str, Move] = {name: partial(with_strategy, name=name) for name in described.known}
    settings = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed, mode=mode, least=1)
    return _side_by_side(scenario, laws, settings, moves, cuts, workers, progress, "police strategies")


def _says_nothing(scenario: Scenario, where: str, about: str, section: str) -> InputError:
    return InputError(
        f"the scenario {scenario.id} says nothing about {about}.",
        where=where,
        wanted=f"a scenario with the section {section}",
        hint="Copy that section from the shipped scenario nsw",
    )


def _side_by_side(
    scenario: Scenario,
    laws: Sequence[Law | str] | None,
    settings: Settings,
    moves: dict[str, Move],
    cuts: Sequence[str],
    workers: int,
    progress: ProgressOption,
    what: str,
) -> tuple[Responses, ...]:
    """Return a table for each cut: each law under each alternative."""
    for cut in cuts:
        known(cut, CUTS, "cut")
    trial = Trial(scenario, tuple(chosen_laws(scenario, laws)), settings)
    answers = answers_of(trial, list(moves.values()), process_count(workers), progress, what)
    first = MEASURES.index(BEHAVIOUR[0])
    tables = []
    for cut in cuts:
        rows = []
        for i, name in enumerate(moves):
            mean = answers[i].mean(axis=0)
            done = tuple(tuple(map(float, law[first : first + len(BEHAVIOUR)])) for law in mean)
            rows.append(ResponseRow(name, tuple(map(float, mean[:, CUTS.index(cut)])), done))
        tables.append(Responses(laws=law_keys(trial.laws), cut=cut, measure=f"{CUT_WORDS[cut]}, {size_of(trial)}", rows=tuple(rows)))
    return tuple(tables)
