"""Commands on measures that need runs of their own: exposure, uncertainty, swap.

Level 8. Uses the public names only.
"""

from __future__ import annotations

from typing import Annotated

import typer

import decrimsim as ds
from decrimsim.cli_options import (
    DaysOption,
    JsonOption,
    LawOption,
    ModeOption,
    PeopleOption,
    ReplicatesOption,
    ResponseOption,
    ScenarioArgument,
    SeedOption,
    StrategyOption,
    SwitchOption,
    WorkersOption,
    run_options,
    world_of,
)
from decrimsim.cli_words import show
from decrimsim.parameter_draws import DRAW_PEOPLE, DRAW_REPLICATES


def mount(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (exposure, uncertainty, swap):
        app.command()(command)


def exposure(
    scenario: ScenarioArgument,
    law: LawOption = None,
    people: PeopleOption = None,
    days: DaysOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    switch: SwitchOption = None,
    strategy: StrategyOption = None,
    response: ResponseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how often what people hold or buy is above each law's line when nobody is stopped."""
    options = run_options(people, days, replicates, seed, workers)
    del options["mode"]
    show(ds.exposure(world_of(scenario, switch, strategy, response), law or None, **options), as_json)


def uncertainty(
    scenario: ScenarioArgument,
    law: LawOption = None,
    draws: Annotated[int, typer.Option("--draws", help="Sets of parameters drawn from their ranges.")] = 32,
    design: Annotated[str, typer.Option("--design", metavar="sobol|latin", help="How the draws are spread.")] = "sobol",
    people: Annotated[int, typer.Option("--people", help="Simulated people in each replicate.")] = DRAW_PEOPLE,
    days: DaysOption = None,
    replicates: Annotated[int, typer.Option("--replicates", help="Replicates under each draw.")] = DRAW_REPLICATES,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    mode: ModeOption = None,
    switch: SwitchOption = None,
    strategy: StrategyOption = None,
    response: ResponseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw all free parameters from their ranges and say how unsure that makes the answer."""
    options = run_options(people, days, replicates, seed, workers, mode)
    show(ds.uncertainty(world_of(scenario, switch, strategy, response), law or None, draws=draws, design=design, **options), as_json)


def swap(
    scenario: ScenarioArgument,
    axis: Annotated[str, typer.Argument(metavar="AXIS", help="An equity axis of the scenario, such as 'indigenous'.")],
    reference: Annotated[str | None, typer.Option("--reference", help="The group whose rates all get; the first of the axis when not given.")] = None,
    law: LawOption = None,
    people: PeopleOption = None,
    days: DaysOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    mode: ModeOption = None,
    switch: SwitchOption = None,
    strategy: StrategyOption = None,
    response: ResponseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give every group of an axis the stop, caution and notice rates of one of them, and say what changes."""
    options = run_options(people, days, replicates, seed, workers, mode)
    show(ds.swap(world_of(scenario, switch, strategy, response), law or None, axis=axis, reference=reference, **options), as_json)
