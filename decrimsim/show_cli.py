"""The command line: show, which tells what is in a scenario.

Level 8.
"""

from __future__ import annotations

from typing import Annotated

import typer

import decrimsim as ds
from decrimsim.cli_words import print_json
from decrimsim.scenario.describe import grade_counts
from decrimsim.scenario.switched import switch_words
from decrimsim.scenario.switches import SWITCHES


def mount(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(show)


def show(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario ('nsw') or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output.")] = False,
) -> None:
    """Show what is in a scenario: its question, laws, settings, and every mechanism with its switch."""
    world = ds.load(scenario)
    states = switch_words(world)
    if as_json:
        facts = {"id": world.id, "title": world.title, "baseline": world.baseline, "candidates": list(world.candidates), "grades": grade_counts(world)}
        print_json(facts | {"switches": states})
        return
    counts = ", ".join(f"{n} {grade}" for grade, n in grade_counts(world).items())
    print(f"{world.title} ({world.id})\n{world.question}\n\n{world.summary}\n")
    print(f"Period      {world.period}\nBaseline    {world.baseline}\nCandidates  {', '.join(world.candidates)}")
    print(f"Settings    {world.run.people:,} people, {world.run.days} days, {world.run.replicates} replicates, seed {world.run.seed}, {world.run.mode} mode")
    print(f"Parameters  {len(world.parameters())} by evidence grade: {counts}\n")
    print("Switches (--switch NAME=on or NAME=off with the commands that simulate)")
    width = max(map(len, states.values()))
    for name, words in states.items():
        print(f"  {name:20} {words:{width}} {SWITCHES[name].title}")
    if world.limits:
        print("\nWhat this world leaves out")
        for limit in world.limits:
            print(f"  - {limit}")
