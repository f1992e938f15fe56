"""The command line for laws: law show, lint, diff, test, explain, schema; and explain, the case file of one person of a run.

Level 8. Uses the public names only. ``mount`` adds the commands to the program.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import decrimsim as ds
from decrimsim.cli_words import changes_of, facts_of, holdings_of, print_json, show
from decrimsim.law.cases import failures
from decrimsim.law.show import law_text, to_json

law_app = typer.Typer(
    name="law",
    help="Read, check and compare law files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
LawArgument = Annotated[str, typer.Argument(metavar="LAW", help="A shipped law, NAME@DATE or a file.")]
DateOption = Annotated[str | None, typer.Option("--date", metavar="YEAR-MONTH-DAY", help="The version of that day; the newest when not given.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output.")]


def mount(app: typer.Typer) -> None:
    """Add the commands on laws and case files to the program."""
    app.add_typer(law_app)
    app.command("explain")(explain_case)


@law_app.command("show")
def show_law(law: LawArgument, as_json: JsonOption = False) -> None:
    """Show what stands in a law: tiers, tables with the paths to type, numbers, open questions, dates."""
    read = ds.load_law(law)
    if as_json:
        print_json(to_json(read))
    else:
        print(law_text(read))


@law_app.command()
def lint(
    law: LawArgument,
    world: Annotated[str | None, typer.Option("--world", metavar="SCENARIO", help="Hold lines against what people buy and use in this scenario.")] = None,
    off: Annotated[list[str] | None, typer.Option("--off", metavar="RULE", help="Leave a rule out. Repeat for more.")] = None,
    days: Annotated[int, typer.Option("--days", help="Hold lines against so many days' use of the heaviest tenth.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Say what evidence and the guide say about a draft, before any simulation."""
    found = ds.law_lint(law, world, tuple(off or ()), days=days)
    if as_json:
        print_json({"law": law, "world": world, "findings": [vars(one) for one in found]})
        return
    if not found:
        print(f"{law}: nothing to say")
    rules = dict.fromkeys(one.rule for one in found)
    for rule in rules:
        mine = [one for one in found if one.rule == rule]
        print(f"{rule}  (leave it out: --off {rule})")
        for one in mine:
            print(f"  {one.severity}: {one.path}: {one.message}")
        print(f"  source: {mine[0].source}")
        if mine[0].counter:
            print(f"  counter-view: {mine[0].counter}")


@law_app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A shipped law, NAME@DATE or a file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The law to compare it with.")],
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which rules differ between two laws, and from which day."""
    found = ds.law_diff(ds.load_law(first), ds.load_law(second), date)
    show(found, as_json)


@law_app.command()
def test(law: LawArgument) -> None:
    """Run the legal cases in a law file, and name the bounds that none of them holds in place; a failing case is exit status 1."""
    read = ds.load_law(law)
    failing, n = failures(read), len(read.raw["cases"])
    inherited = sum("from_law" in case for case in read.raw["cases"])
    for one in failing:
        print(one.text)
    print(f"{law}: {n} case{'s' if n != 1 else ''}{f' ({inherited} of the law it is based on)' if inherited else ''}, {sum(one.n for one in failing)} failing")
    print(read.check_bounds())
    if failing:
        raise typer.Exit(1)


@law_app.command()
def explain(
    law: LawArgument,
    holdings: Annotated[
        list[str],
        typer.Argument(metavar="SUBSTANCE=AMOUNT...", help="What was found, for example heroin=3g mdma=4pills,1g (four pills that weigh 1 g together)."),
    ],
    date: DateOption = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", metavar="NAME", help="Evidence that was found, such as scales. Repeat for more.")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="A fact about the person, such as cautions=2. Repeat for more.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a law makes of a find and why, with sources, and the nearest change that flips it."""
    facts = facts_of(fact)
    if indicator:
        facts["indicators"] = list(indicator)
    found = ds.explain_law(ds.load_law(law), holdings_of(holdings), date, facts)
    show(found, as_json)


@law_app.command()
def schema() -> None:
    """Print the JSON Schema of law files, for editors that check while you write."""
    print_json(ds.law_schema())


def explain_case(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder written by 'decrimsim compare --out'.")],
    case: Annotated[list[str] | None, typer.Argument(metavar="CASE", help="'0-12-34' or 'person:12 day:34 replicate:0'; without it cases are listed.")] = None,
    law: Annotated[str | None, typer.Option("--law", metavar="LAW", help="The law of the run to tell it under; the baseline when not given.")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--change", metavar="PATH=VALUE", help="Changes to that law, as they were given to compare; a changed law of the run can also be named by its key."
        ),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="FILE", help="The scenario of a run of an older version; newer ones hold their own.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell one person's case from a run: what was found, what the law said, each decision, and what would have flipped it."""
    chosen: ds.Law | str | None = law
    if change:
        if law is None:
            raise ds.InputError("--change needs the law that it changes.", where="--change", got=", ".join(change), wanted="--law LAW beside it")
        chosen = ds.load_law(law).patch(changes_of(change))
    if not case:
        names = ds.list_cases(run, chosen)
        print("\n".join(names) if names else "no cases under this law")
        return
    show(ds.case_file(run, " ".join(case), chosen, scenario), as_json)
