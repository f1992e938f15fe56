"""The command line: compare, curve, check, classify, list, new.

Level 8. Uses the public names only. Results go to standard output, progress and errors to standard error.
Exit status: 0 · 1 a check found failing cases · 2 bad input · 130 interrupted.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

import decrimsim as ds
from decrimsim import alternatives_cli, law_cli, measures_cli, show_cli
from decrimsim.check import failing_cases
from decrimsim.cli_options import (
    ChangeOption,
    DaysOption,
    JsonOption,
    LawOption,
    ModeOption,
    OutOption,
    PeopleOption,
    PrecisionOption,
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
from decrimsim.cli_words import changes_of, facts_of, holdings_of, show
from decrimsim.law.explain import refuse_unweighed

app = typer.Typer(
    name="decrimsim",
    help="Simulate threshold laws for drugs: who is stopped, charged, convicted, detained and referred, on the same people and the same luck under every law.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

alternatives_cli.mount(app)
law_cli.mount(app)
measures_cli.mount(app)
show_cli.mount(app)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"decrimsim {ds.__version__}")
        raise typer.Exit


@app.callback()
def root(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")] = False) -> None:
    """Simulate threshold laws for drugs."""


@app.command()
def compare(
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
    response: ResponseOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
    precision: PrecisionOption = None,
) -> None:
    """Compare laws on the same people and the same luck."""
    world = world_of(scenario, switch, strategy, response)
    laws = candidates(world, law, change)
    options = run_options(people, days, replicates, seed, workers, mode)
    if out is not None:
        ds.refuse_other_run(out, world, laws, **{name: value for name, value in options.items() if name != "workers"})
    for name in law or ():
        _note_failing(name)
    until = None if precision is None else ds.Precision(precision)
    result = ds.compare(world, laws, **options, keep_tables=out is not None, until=until)
    if out is None:
        show(result, as_json)
        return
    report = ds.with_report_extras(result, workers=options["workers"], progress=ds.Stages(_say_stage))
    folder = report.save(out)
    show(result, as_json)
    _say(f"Wrote {folder / 'report.html'}: open it in a browser. Plots, tables and the manifest are beside it.")


@app.command()
def curve(
    scenario: ScenarioArgument,
    path: Annotated[str, typer.Argument(metavar="PATH", help="The limit that moves, for example tables.traffickable.mdma.")],
    low: Annotated[str, typer.Argument(metavar="FROM", help="First amount, for example 0.25g.")],
    high: Annotated[str, typer.Argument(metavar="TO", help="Last amount, for example 10g.")],
    points: Annotated[int, typer.Option("--points", help="How many amounts, at equal ratios.")] = 40,
    people: PeopleOption = None,
    days: DaysOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    mode: ModeOption = None,
    switch: SwitchOption = None,
    strategy: StrategyOption = None,
    response: ResponseOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
    law: Annotated[list[str] | None, typer.Option("--law", metavar="LAW", help="The law whose limit moves; the scenario's baseline when not given.")] = None,
    change: Annotated[list[str] | None, typer.Option("--change", metavar="PATH=VALUE", help="Change that law first. Repeat for more changes.")] = None,
) -> None:
    """Move one limit of a law along a line, all points in one pass, compared with the baseline."""
    world = world_of(scenario, switch, strategy, response)
    if law and len(law) > 1:
        raise ds.InputError("a curve moves a limit of one law.", where="--law", got=", ".join(law), wanted="--law at most once")
    moved = ds.load_law(law[0] if law else world.baseline)
    result = ds.curve(
        world, path, low, high, points, **run_options(people, days, replicates, seed, workers, mode), law=moved.patch(changes_of(change)) if change else moved
    )
    show(result, as_json)
    if out is not None:
        folder = result.save(out)
        _say(f"Wrote {folder / 'report.html'}: open it in a browser.")


@app.command()
def check(files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario or law files, or shipped names.")]) -> None:
    """Validate files, and run the cases in law files."""
    failing = unreadable = 0
    for name in files:
        try:
            found = failing_cases(name)
        except ds.DecrimsimError as error:
            unreadable += 1
            _say(str(error))
            continue
        failing += bool(found)
        n = sum(one.n for one in found)
        print("\n".join([f"{name}: {n} case{'s' if n > 1 else ''} failing", *(one.text for one in found)]) if found else f"{name}: fine")
    if unreadable or failing:
        raise typer.Exit(2 if unreadable else 1)


@app.command()
def classify(
    law: Annotated[str, typer.Argument(metavar="LAW", help="A shipped law, NAME@DATE or a file.")],
    holdings: Annotated[
        list[str],
        typer.Argument(metavar="SUBSTANCE=AMOUNT...", help="What was found, for example heroin=3g mdma=4pills,1g (four pills that weigh 1 g together)."),
    ],
    date: Annotated[str | None, typer.Option("--date", metavar="YEAR-MONTH-DAY", help="Day of the conduct; the newest version when not given.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="A fact of the case, such as age=17 or conditions.nuisance=true. Repeat for more.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a law makes of a find, rule by rule."""
    result = ds.load_law(law).classify(holdings_of(holdings), date, facts_of(fact))
    refuse_unweighed(result)
    if as_json:
        print(
            json.dumps(
                {name: getattr(result, name) for name in ("tier", "effect", "offence", "rules", "unknowns")}, ensure_ascii=False, allow_nan=False, default=list
            )
        )
    else:
        print(result)


@app.command("list")
def list_() -> None:
    """List the shipped scenarios and laws."""
    print("Scenarios")
    for name, title in ds.describe_shipped_scenarios().items():
        print(f"  {name:24} {title}")
    print("Laws")
    for name, (title, kind) in ds.describe_shipped_laws().items():
        print(f"  {name:24} {title} ({kind})")


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of your scenario; NAME.yaml is written in the current folder.")],
    source: Annotated[str, typer.Option("--from", metavar="SCENARIO", help="Shipped scenario or file to copy.")] = "nsw",
) -> None:
    """Write a commented copy of a scenario, to edit."""
    path = ds.new_scenario(name, source)
    print(f"Wrote {path.name}. Edit it, then: decrimsim check {path.name} && decrimsim compare {path.name}")


def _say_stage(what: str, count: int) -> None:
    _say(f"For the report: {what}, {count:,} {'run' if count == 1 else 'runs'} …")


def _note_failing(name: str) -> None:
    """Say whether cases in a law's file do not come out: its own, and those of the law that it is based on."""
    failing = failing_cases(name) if Path(name).suffix else []
    own = sum(one.n for one in failing if not one.from_law)
    inherited = {one.from_law: sum(other.n for other in failing if other.from_law == one.from_law) for one in failing if one.from_law}
    if own:
        _say(f"Note: {own} of the cases in {name} do{'es' * (own == 1)} not come out as its author expected; see: decrimsim check {name}")
    for base, n in inherited.items():
        _say(
            f"Note: {n} case{'s' * (n > 1)} of the law {base}, on which {name} is based, come{'s' * (n == 1)} out otherwise here. If the change is meant to do that, "
            f"all is well: 'decrimsim check {name}' prints the lines to paste into the file to say so. Results do not depend on it."
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr)


class _Interrupted(BaseException):
    """Ctrl-C or a request to end, kept away from the command parser, which has a message of its own for KeyboardInterrupt."""

    def __init__(self, number: int) -> None:
        self.number = number


def _interrupt(number: int, _: object) -> None:
    raise _Interrupted(number)


def main() -> None:
    """Run the command line and turn errors into messages and exit statuses."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except ds.DecrimsimError as error:
        _say(f"decrimsim: {error}")
        sys.exit(2)
    except _Interrupted as stop:
        _say("decrimsim: interrupted. Results are written only when a run is complete, so nothing is half done.")
        sys.exit(128 + stop.number)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    main()
