"""Options that several commands share, and what they stand for.

Level 8. Uses the public names only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

import decrimsim as ds
from decrimsim.cli_words import changes_of, switches_of

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario ('nsw') or a file.")]
LawOption = Annotated[
    list[str] | None,
    typer.Option("--law", metavar="LAW", help="A candidate law: a shipped name, NAME@DATE or a file. Repeat for more. Replaces the scenario's candidates."),
]
CHANGE_HELP = "One more candidate: the baseline law with this change, such as tables.traffickable.mdma=1g. Repeat for more changes in that candidate."
ChangeOption = Annotated[list[str] | None, typer.Option("--change", metavar="PATH=VALUE", help=CHANGE_HELP)]
PeopleOption = Annotated[int | None, typer.Option("--people", help="Simulated people in each replicate.")]
DaysOption = Annotated[int | None, typer.Option("--days", help="Days in which encounters happen.")]
ReplicatesOption = Annotated[int | None, typer.Option("--replicates", help="How often the whole is repeated, with new people and new luck.")]
SeedOption = Annotated[int | None, typer.Option("--seed", help="The same seed gives the same results.")]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Processes; all processors when not given. The results are the same for any number.")]
ModeOption = Annotated[
    str | None, typer.Option("--mode", metavar="open|closed", help="closed: custody, seizure and services change what people do next; open: they do not.")
]
SwitchOption = Annotated[
    list[str] | None,
    typer.Option("--switch", metavar="NAME=on|off", help="Turn a mechanism on or off; 'decrimsim show SCENARIO' lists them. Repeat for more."),
]
StrategyOption = Annotated[list[str] | None, typer.Option("--strategy", metavar="NAME", help="Police work by this strategy of the scenario.")]
ResponseOption = Annotated[
    list[str] | None,
    typer.Option("--response", metavar="KIND", help=f"People who know the line of the law answer to it in this way: {', '.join(ds.RESPONSES)}."),
]
PrecisionOption = Annotated[
    float | None,
    typer.Option(
        "--precision",
        help="Go on, ten replicates at a time, until the 95 % interval of the net change charged with supply is at most this wide to each side, per 1,000 people; at most 1,000 replicates.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Also write report.html, plots, tables and a manifest into this folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output.")]


def world_of(scenario: str, switch: list[str] | None, strategy: list[str] | None = None, response: list[str] | None = None) -> ds.Scenario:
    """Return the scenario with the mechanisms turned on and off that --switch names, and with what --strategy and --response choose."""
    world = ds.load(scenario)
    one_strategy = _one(strategy, "--strategy", "decrimsim strategies SCENARIO")
    one_response = _one(response, "--response", "decrimsim responses SCENARIO")
    if one_strategy is not None:
        world = ds.with_strategy(world, one_strategy)
    if one_response is not None:
        world = ds.with_response(world, one_response)
    return ds.with_switches(world, switches_of(switch))


def _one(given: list[str] | None, option: str, all_of_them: str) -> str | None:
    """Return what an option was given, or None. Raises InputError where it was given more than once."""
    if given and len(given) > 1:
        raise ds.InputError(
            "one run has one of them.", where=option, got=", ".join(given), wanted=f"{option} at most once", hint=f"For all of them side by side: {all_of_them}"
        )
    return given[0] if given else None


def run_options(people: int | None, days: int | None, replicates: int | None, seed: int | None, workers: int | None, mode: str | None = None) -> dict[str, Any]:
    """Return options of a run by their names in Python; all processors where no number is given."""
    return {
        "people": people,
        "days": days,
        "replicates": replicates,
        "seed": seed,
        "workers": (os.cpu_count() or 1) if workers is None else workers,
        "mode": mode,
    }


def candidates(world: ds.Scenario, laws: list[str] | None, changes: list[str] | None) -> list[ds.Law | str]:
    """Return the candidate laws: those named, or the scenario's, and one more for --change."""
    chosen: list[ds.Law | str] = list(laws if laws else world.candidates)
    if changes:
        chosen.append(ds.load_law(world.baseline).patch(changes_of(changes)))
    return chosen
