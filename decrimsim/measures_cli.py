"""Commands on measures that need runs of their own: exposure, uncertainty, swap.

Level 8.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

import decrimsim as ds
from decrimsim.cli_words import show

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario ('nsw') or a file.")]
LawOption = Annotated[list[str] | None, typer.Option("--law", metavar="LAW", help="A candidate law; repeat for more. Replaces the scenario's candidates.")]
PeopleOption = Annotated[int | None, typer.Option("--people", help="Simulated people in each replicate.")]
DaysOption = Annotated[int | None, typer.Option("--days", help="Days that are simulated.")]
ReplicatesOption = Annotated[int | None, typer.Option("--replicates", help="How often the whole is repeated.")]
SeedOption = Annotated[int | None, typer.Option("--seed", help="The same seed gives the same results.")]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Processes; all processors when not given.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output.")]


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
    as_json: JsonOption = False,
) -> None:
    """Say how often what people hold or buy is above each law's line when nobody is stopped."""
    show(ds.exposure(scenario, law or None, people=people, days=days, replicates=replicates, seed=seed, workers=_workers(workers)), as_json)


def uncertainty(
    scenario: ScenarioArgument,
    law: LawOption = None,
    draws: Annotated[int, typer.Option("--draws", help="Sets of parameters drawn from their ranges.")] = 32,
    design: Annotated[str, typer.Option("--design", metavar="sobol|latin", help="How the draws are spread.")] = "sobol",
    people: Annotated[int, typer.Option("--people", help="Simulated people in each replicate.")] = 6_000,
    days: DaysOption = None,
    replicates: Annotated[int, typer.Option("--replicates", help="Replicates under each draw.")] = 4,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw all free parameters from their ranges and say how unsure that makes the answer."""
    options = {"draws": draws, "design": design, "people": people, "replicates": replicates}
    show(ds.uncertainty(scenario, law or None, days=days, seed=seed, workers=_workers(workers), **options), as_json)  # type: ignore[arg-type]


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
    as_json: JsonOption = False,
) -> None:
    """Give every group of an axis the stop, caution and notice rates of one of them, and say what changes."""
    options = {"people": people, "days": days, "replicates": replicates, "seed": seed, "workers": _workers(workers)}
    show(ds.swap(scenario, law or None, axis=axis, reference=reference, **options), as_json)


def _workers(workers: int | None) -> int:
    return (os.cpu_count() or 1) if workers is None else workers
