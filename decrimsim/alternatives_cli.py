"""Commands that run structural alternatives side by side: responses, strategies.

Level 8. Uses the public names only.
"""

from __future__ import annotations

import typer

import decrimsim as ds
from decrimsim.cli_options import (
    ChangeOption,
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
    candidates,
    run_options,
    world_of,
)
from decrimsim.cli_words import print_json


def mount(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (responses, strategies):
        app.command()(command)


def responses(
    scenario: ScenarioArgument,
    law: LawOption = None,
    change: ChangeOption = None,
    people: PeopleOption = None,
    days: DaysOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    mode: ModeOption = None,
    switch: SwitchOption = None,
    strategy: StrategyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the same laws under every answer that people might give to them, side by side."""
    world = world_of(scenario, switch, strategy)
    tables = ds.responses(world, candidates(world, law, change), **run_options(people, days, replicates, seed, workers, mode))
    _print(world, "responses", tables, as_json)


def strategies(
    scenario: ScenarioArgument,
    law: LawOption = None,
    change: ChangeOption = None,
    people: PeopleOption = None,
    days: DaysOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    mode: ModeOption = None,
    switch: SwitchOption = None,
    response: ResponseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the same laws under every strategy by which police might work, side by side."""
    world = world_of(scenario, switch, None, response)
    tables = ds.strategies(world, candidates(world, law, change), **run_options(people, days, replicates, seed, workers, mode))
    _print(world, "strategies", tables, as_json)


def _print(world: ds.Scenario, what: str, tables: tuple[ds.Responses, ...], as_json: bool) -> None:
    """Print a table for each cut, or all of them as JSON under the name of what they tell."""
    if as_json:
        print_json({"scenario": world.id, what: [table.to_json() for table in tables]})
    else:
        print("\n\n".join(map(str, tables)))
